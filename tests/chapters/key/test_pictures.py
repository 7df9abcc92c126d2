"""The pictures of chapter 01: what they say is read off the calls, in each canvas, and no words overlap."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from kms_teach.chapters.key.anatomy import anatomy
from kms_teach.chapters.key.facts import KeyFacts, Request
from kms_teach.chapters.key.kinds import KindsFacts, kinds
from kms_teach.chapters.key.page import KeyPage, key_page
from kms_teach.chapters.key.places import Places, places
from kms_teach.drawing.look import LAB
from kms_teach.keys.ownership import KINDS
from kms_teach.keys.specs import SPECS
from tests.drawing.drawn import quarrels, texts

EUROPE, NEIGHBOUR = "eu-west-1", "444455556666"


@pytest.fixture
def described(kms):
    return kms.create_key()["KeyMetadata"]


@pytest.fixture
def asked(sim, kms):
    """Make a call, refused or not, and give its record."""

    def call(function, **parameters):
        with suppress(kms.exceptions.ClientError):
            function(**parameters)
        return sim.trail[-1]

    return call


@pytest.fixture
def tries(sim, kms, described, asked):
    """Decrypt of the same bytes in two Regions and by two accounts, at home first."""
    blob = kms.encrypt(KeyId=described["KeyId"], Plaintext=b"Meet me at noon.")["CiphertextBlob"]
    clients = [
        sim.client("kms", region=region, account=account)
        for region in ("us-east-1", EUROPE)
        for account in ("111122223333", NEIGHBOUR)
    ]
    return [asked(client.decrypt, CiphertextBlob=blob) for client in clients]


@pytest.fixture
def three(kms, described, asked):
    managed = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
    policy = kms.get_key_policy(KeyId=described["Arn"])["Policy"]
    return {
        manager: (asked(kms.describe_key, KeyId=arn), asked(kms.put_key_policy, KeyId=arn, Policy=policy))
        for manager, arn in (("CUSTOMER", described["Arn"]), ("AWS", managed))
    }


def test_a_refusal_is_told_in_awss_words_without_the_random_id(kms, described, asked):
    facts = KeyFacts.of(described, asked=asked(kms.get_public_key, KeyId=described["KeyId"]))
    assert facts.title == "Refused: the secret key stays in the HSM"
    assert facts.asked.message.endswith(":key/… has key spec SYMMETRIC_DEFAULT, which has no public key.")
    assert described["KeyId"] not in anatomy(facts).svg


def test_a_data_key_is_told_as_a_new_key_and_not_as_this_one(kms, described, asked):
    facts = KeyFacts.of(described, asked=asked(kms.generate_data_key, KeyId=described["KeyId"], KeySpec="AES_256"))
    assert facts.title == "A new key came back; yours stays in the HSM"
    assert facts.asked.told == "GenerateDataKey gave a new key, 32 bytes: not this one."
    assert [item.mark for item in facts.asked.returned] == ["envelope", "key"]


def test_of_a_key_pair_the_public_half_leaves_and_the_private_key_stays(kms, asked):
    pair = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    facts = KeyFacts.of(pair, asked=asked(kms.get_public_key, KeyId=pair["KeyId"]))
    assert (facts.title, facts.secret) == ("Only the public half leaves the HSM", "private key")
    assert facts.asked.told == "GetPublicKey gave the public half, 91 bytes: no secret."


def test_what_prepares_an_import_is_told_as_a_way_in(kms, asked):
    empty = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]
    record = asked(kms.get_parameters_for_import, KeyId=empty["KeyId"], WrappingAlgorithm="RSAES_OAEP_SHA_256",
                   WrappingKeySpec="RSA_2048")  # fmt: skip
    facts = KeyFacts.of(empty, asked=record)
    assert facts.title == "That is a way in; the key has none out"
    assert Request.of(record).told.endswith("for a key that goes in.")


@pytest.mark.parametrize("opened", [True, False])
def test_the_key_is_drawn_on_the_plate_when_it_is_open_and_nowhere_when_it_is_closed(described, opened):
    picture = anatomy(KeyFacts.of(described, opened=opened))
    assert ("#anatomy-key" in picture.svg) is opened
    assert ("closed" in texts(picture.svg)) is not opened
    assert "account 111122223333" in texts(picture.svg)


@pytest.mark.parametrize("spec", [name for name, spec in SPECS.items() if spec.available])
def test_no_words_of_a_key_overlap_and_beside_the_controls_it_is_always_as_high(spec):
    usages = SPECS[spec].algorithms
    day = datetime(2026, 1, 1, tzinfo=UTC)
    refused = Request("GetPublicKey", "UnsupportedOperationException", f"arn:…:key/… has key spec {spec}.", ())
    for usage in usages:
        facts = KeyFacts("key/…", "111122223333", "us-east-1", spec, usage, "AWS_KMS", "Enabled", "CUSTOMER", day,
                         60, True, refused)  # fmt: skip
        pictures = anatomy(facts), anatomy(facts, canvas=LAB)
        for picture in pictures:
            assert quarrels(picture.svg) == quarrels(picture.narrow) == []
        assert 'viewBox="0 0 560 496"' in pictures[1].svg


def test_the_places_tell_who_opened_the_bytes_and_where_they_stay_closed(described, tries):
    facts = Places.of(described["Arn"], tries, "alias/letters")
    assert [t.words for t in facts.tried] == ["opened", *["AccessDeniedException"] * 3]
    assert facts.title == "Of four places, the key opens its bytes in one"
    assert (facts.region, facts.account) == ("us-east-1", "111122223333")
    picture = places(facts)
    assert "Account 444455556666 in us-east-1: AccessDeniedException." in picture.alt
    assert texts(picture.svg).count("no such key here") == 3
    assert "HSMs of eu-west-1: not it" in texts(picture.svg)


def test_one_place_is_no_comparison(described, tries):
    assert Places.of(described["Arn"], tries[:1], "a").title == "In its own place the key opens its bytes"
    assert Places.of(described["Arn"], tries[1:], "a").title == "Outside its own place the bytes stay closed"


def test_the_newest_try_of_a_place_counts(described, tries):
    facts = Places.of(described["Arn"], [*tries, tries[0]], "alias/letters")
    assert len(facts.tried) == 4
    assert facts.last.words == "opened"


def test_places_that_are_not_drawn_are_refused(described, tries):
    with pytest.raises(ValueError, match="give records of Decrypt"):
        Places.of(described["Arn"], tries, "alias/letters", regions=["us-east-1"])
    with pytest.raises(ValueError, match="give records of Decrypt"):
        Places.of(described["Arn"], [], "alias/letters")


@pytest.mark.parametrize("count", [1, 2, 4])
def test_no_words_of_the_places_overlap_and_beside_the_controls_they_are_as_high(described, tries, count):
    where = (["us-east-1", EUROPE], ["111122223333", NEIGHBOUR])
    facts = Places.of(described["Arn"], tries[:count], "alias/letters", *where)
    for picture in (places(facts), places(facts, canvas=LAB)):
        assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert 'viewBox="0 0 560 500"' in places(facts, canvas=LAB).svg


def test_the_table_of_kinds_says_what_aws_documents_and_what_the_calls_showed(three):
    picture = kinds(KindsFacts.of(**three))
    rows = {row[0]: row[1:] for row in picture.table.rows}
    assert rows["Customer managed"][:3] == ("yes", "yes", "yes")
    assert rows["AWS managed"][:3] == ("yes", "no", "yes")
    assert rows["AWS owned"][:3] == ("no", "no", "no")
    assert rows["AWS managed"][-1] == "DescribeKey: answered, PutKeyPolicy: AccessDeniedException"
    assert rows["AWS owned"][-1] == "no call can name it"
    assert [row[0] for row in picture.table.rows] == [kind.name for kind in KINDS]
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []


def test_calls_that_contradict_the_table_are_not_drawn(three):
    with pytest.raises(ValueError, match="AWS managed"):
        KindsFacts.of(AWS=three["CUSTOMER"])


def test_the_page_is_made_of_the_calls(sim, kms, asked, tries, three, described):
    made = sim.trail.named("CreateKey")[0]
    refused = asked(kms.get_public_key, KeyId=described["KeyId"])
    where = Places.of(described["Arn"], tries, "alias/letters")
    picture = key_page(KeyPage.of(made, (refused,), where, KindsFacts.of(**three)))
    assert repr(picture) == "A key on one page: 15 fields; refused: 1; opened in 1 of 4 places; 2 kinds asked"
    assert "KMS answered UnsupportedOperationException. No operation gives it out." in picture.alt
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    with pytest.raises(ValueError, match="give a CreateKey"):
        KeyPage.of(refused, (refused,), where, KindsFacts.of(**three))
    with pytest.raises(ValueError, match="give a CreateKey"):
        KeyPage.of(made, (tries[0],), where, KindsFacts.of(**three))
