import re

import pytest

from kms_teach.chapters.aliases.facts import KeyFacts, RegionMap, Tried
from kms_teach.chapters.aliases.regions import regions
from kms_teach.chapters.aliases.world import key_with, regions_of
from kms_teach.drawing.look import LAB
from tests.drawing.drawn import quarrels, texts, words

HOME, ABROAD = "us-east-1", "eu-west-1"
REFUSED = (
    "User: arn:aws:iam::111122223333:root is not authorized to perform: kms:Decrypt on this resource because the "
    "resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy "
    "explicitly denies access"
)


@pytest.fixture
def eu(sim):
    return sim.client("kms", region=ABROAD)


@pytest.fixture
def album(kms):
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/album", TargetKeyId=key)
    return key


@pytest.fixture
def files(kms, eu, album):
    for client in (kms, eu):
        client.create_alias(AliasName="alias/diary", TargetKeyId=client.create_key()["KeyMetadata"]["KeyId"])
    names = {"lake.jpg": "alias/album", "diary.txt": "alias/diary"}
    return {file: kms.encrypt(KeyId=name, Plaintext=b"x") for file, name in names.items()}


def seen(sim, files):
    return regions_of(sim, files, ["alias/album", "alias/diary"])


def test_without_a_replica_nothing_crosses(sim, files):
    facts = seen(sim, files)
    assert [(k.letter, k.region, k.role) for k in facts.keys] == [
        ("A", HOME, "primary"), ("B", HOME, "single-Region"), ("C", ABROAD, "single-Region")
    ]  # fmt: skip
    assert not facts.pair
    assert regions(facts).title == "Nothing made in us-east-1 opens in eu-west-1"
    assert "no key of its id here" in texts(regions(facts).svg)


def test_a_replica_opens_its_file_and_brings_no_name_no_policy_and_no_grant(sim, kms, eu, album, files):
    everything = (
        '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}'
    )
    kms.put_key_policy(KeyId=album, Policy=f'{{"Version":"2012-10-17","Statement":[{everything},{everything}]}}')
    kms.create_grant(KeyId=album, GranteePrincipal=sim.user("ana").arn, Operations=["Decrypt"])
    kms.replicate_key(KeyId=album, ReplicaRegion=ABROAD)
    facts = seen(sim, files)
    primary, replica = facts.pair
    assert (primary.named, primary.statements, primary.grants) == (("alias/album",), 2, 1)
    assert (replica.named, replica.statements, replica.grants) == ((), 1, 0)
    assert (primary.letter, primary.id) == (replica.letter, replica.id)
    assert [tried.outcome for tried in facts.tries] == [
        "opens", "refused: AccessDeniedException", "refused: NotFoundException", "names another key, C"
    ]  # fmt: skip
    assert facts.tries[1].message == REFUSED
    picture = regions(facts)
    assert picture.title == "The replica is in eu-west-1, and its alias is not"
    assert "Alias arn:aws:kms:eu-west-1:111122223333:alias/album is not found." in texts(picture.svg)


def test_with_its_name_there_too_the_message_is_what_opens(sim, kms, eu, album, files):
    kms.replicate_key(KeyId=album, ReplicaRegion=ABROAD)
    eu.create_alias(AliasName="alias/album", TargetKeyId=album)
    facts = seen(sim, files)
    assert facts.tries[2].outcome == "names the same key"
    picture = regions(facts)
    assert picture.title == "Only a multi-Region key opens its data in both Regions"
    assert REFUSED in re.sub(r"\s+", " ", " ".join(texts(picture.svg)))


def test_the_state_of_each_is_its_own(sim, kms, eu, album, files):
    kms.replicate_key(KeyId=album, ReplicaRegion=ABROAD)
    kms.disable_key(KeyId=album)
    assert regions(seen(sim, files)).title == "The primary is Disabled, and its replica opens the file"
    eu.disable_key(KeyId=album)
    assert regions(seen(sim, files)).title == "The replica in eu-west-1 is Disabled, and opens nothing"
    kms.schedule_key_deletion(KeyId=album)
    eu.enable_key(KeyId=album)
    assert regions(seen(sim, files)).title == "The primary is pending replica deletion, and its replica opens the file"


def test_a_promotion_changes_the_roles_alone(sim, kms, album, files):
    kms.replicate_key(KeyId=album, ReplicaRegion=ABROAD)
    before = seen(sim, files)
    kms.update_primary_region(KeyId=album, PrimaryRegion=ABROAD)
    after = seen(sim, files)
    assert [key.role for key in after.pair] == ["replica", "primary"]
    assert after.tries == before.tries
    assert regions(after).title == "eu-west-1 has the primary now, and the old file opens as before"


def test_a_file_of_the_second_region_is_tried_in_the_first(sim, eu, album, files):
    files["sea.jpg"] = eu.encrypt(KeyId="alias/diary", Plaintext=b"x")
    sea = seen(sim, files).tries[2]
    assert (sea.name, sea.letter, sea.made, sea.region, sea.code) == (
        "sea.jpg",
        "C",
        ABROAD,
        HOME,
        "AccessDeniedException",
    )


def test_a_file_is_drawn_where_it_was_made(sim, eu, album, files):
    files["sea.jpg"] = eu.encrypt(KeyId="alias/diary", Plaintext=b"x")
    for picture in (regions(seen(sim, files)), regions(seen(sim, files), canvas=LAB)):
        left = {line.text: line.left for line in words(picture.svg)}
        assert left["lake.jpg"] == left["diary.txt"] < left["eu-west-1"] < left["sea.jpg"]


def test_the_same_bytes_in_two_regions_are_two_keys(kms, eu, refused):
    mine, twin = (key_with(client, bytes(range(32))) for client in (kms, eu))
    blob = kms.encrypt(KeyId=mine, Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    assert refused(eu.decrypt, CiphertextBlob=blob).code == "AccessDeniedException"
    assert refused(eu.decrypt, CiphertextBlob=blob, KeyId=twin).code == "IncorrectKeyException"


def test_keys_without_a_name_or_a_file_are_left_out_and_letters_have_no_gaps(sim, kms, files):
    kms.create_key()
    kms.create_alias(AliasName="alias/last", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    assert [key.letter for key in seen(sim, files).at(HOME)] == ["A", "B", "D"]


def test_a_name_that_is_nowhere_is_told(sim, files):
    with pytest.raises(ValueError, match="`alias/none` names no key in us-east-1: create it there first"):
        regions_of(sim, files, ["alias/none"])


def test_the_stored_picture_is_the_same_in_every_run(sim, files):
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|mrk-[0-9a-f]{8}", regions(seen(sim, files)).spoken)


LONG = "alias/a-name-that-is-longer-than-any-column-of-any-picture-of-this-course"


def crowded(role: str) -> RegionMap:
    def key(letter: str, region: str, role: str) -> KeyFacts:
        return KeyFacts(
            letter, letter, region, role, "SYMMETRIC_DEFAULT", "PendingReplicaDeletion", (LONG, LONG), (), 12, 345
        )

    shared = (key("A", HOME, "primary"), key("A", ABROAD, "replica")) if role else ()
    alone = (*tuple(key(letter, HOME, "single-Region") for letter in "BCDEF"), key("G", ABROAD, "single-Region"))
    tries = tuple(
        Tried(name, "ABG"[at], HOME if at < 2 else ABROAD, ABROAD if at < 2 else HOME, code="KMSInvalidStateException",
              message=REFUSED, why="its key is pending deletion here")
        for at, name in enumerate(("a-long-name-of-a-file.jpg", LONG, "b.txt"))
    )  # fmt: skip
    return RegionMap("111122223333", (HOME, ABROAD), (*shared, *alone), tries)


@pytest.mark.parametrize("facts", [crowded("shared"), crowded(""), RegionMap("111122223333", (HOME, ABROAD), ())])
def test_words_get_along_whatever_the_names_are(facts):
    for picture in (regions(facts), regions(facts, canvas=LAB, lines=2)):
        assert quarrels(picture.svg) == quarrels(picture.narrow) == []


def test_what_has_no_room_is_said_to_be_there():
    assert "and 2 more keys, in the table" in texts(regions(crowded("shared")).svg)
    assert len(regions(crowded("shared")).table.rows) == 11
