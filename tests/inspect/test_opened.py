import re
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from kms_teach import Simulator
from kms_teach.access.decision import Decision, Step
from kms_teach.drawing import lettering
from kms_teach.drawing.look import NOTE
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.opened import opened, opened_text
from kms_teach.inspect.opened_drawing import ARROW, FURTHER, Arrow
from kms_teach.inspect.opened_facts import MARKS, path
from kms_teach.keys.names import KEY_ID
from kms_teach.trail import Record

START = "2026-01-01T00:00:00Z"
LONG = "a-very-long-user-name-that-nobody-would-type-but-iam-allows-0123"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
NO_ENCRYPT = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "kms:Encrypt", "Resource": "*"}]}


@pytest.fixture(scope="module")
def world():
    """A simulator in which much has happened, and its records by name."""
    with Simulator(start=START) as sim:
        kms, found = sim.client("kms"), {}

        def do(name, operation, **parameters):
            try:
                answer = operation(**parameters)
            except ClientError:
                answer = {}
            found[name] = sim.trail[-1]
            return answer

        arn = do("create", kms.create_key)["KeyMetadata"]["Arn"]
        do("alias", kms.create_alias, AliasName="alias/orders", TargetKeyId=arn)
        context = {"tenant": "blue"}
        blob = do("encrypt", kms.encrypt, KeyId="alias/orders", Plaintext=b"hello", EncryptionContext=context)
        blob = blob["CiphertextBlob"]
        do("rotate", kms.rotate_key_on_demand, KeyId=arn)
        found["own"] = sim.trail.named("RotateKey")[-1]
        do("decrypt", kms.decrypt, CiphertextBlob=blob, EncryptionContext=context)
        do("wrong context", kms.decrypt, CiphertextBlob=blob)
        do("re-encrypt", kms.re_encrypt, CiphertextBlob=blob, SourceEncryptionContext=context, DestinationKeyId=arn)
        do("data key", kms.generate_data_key, KeyId="alias/orders", KeySpec="AES_256")
        do("sealed data key", kms.generate_data_key_without_plaintext, KeyId="alias/orders", KeySpec="AES_256")
        do("random", kms.generate_random, NumberOfBytes=16)
        do("list", kms.list_keys)
        do("too large", kms.encrypt, KeyId="alias/orders", Plaintext=bytes(4097))
        do("no blob", kms.decrypt, CiphertextBlob=b"not a ciphertext")
        do("dry run", kms.encrypt, KeyId="alias/orders", Plaintext=b"x", DryRun=True)
        do("no policy", sim.user("alice").client("kms").decrypt, CiphertextBlob=blob)
        long = sim.user(LONG, path="/a/path/that/is/long/as/well/")
        do("long names", long.client("kms").encrypt, KeyId=arn, Plaintext=b"x")
        bob = sim.user("bob", account="444455556666", policies=[ALL]).client("kms")
        do("other account", bob.encrypt, KeyId=arn, Plaintext=b"x")
        do("Deny", sim.user("carl", policies=[ALL, NO_ENCRYPT]).client("kms").encrypt, KeyId=arn, Plaintext=b"x")
        for name, operation, asked in (
            ("for an enclave", kms.generate_data_key, {"KeyId": arn, "KeySpec": "AES_256"}),
            ("random for an enclave", kms.generate_random, {"NumberOfBytes": 8}),
        ):
            document = sim.enclave(b"an image").document()
            proof = {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": document}
            do(name, operation, **asked, Recipient=proof)
        grant = kms.create_grant(KeyId=arn, GranteePrincipal=sim.user("alice").arn, Operations=["Encrypt"])
        do("retired", kms.retire_grant, GrantToken=grant["GrantToken"])
        do("role", sim.role("app", policies=[ALL]).client("kms").encrypt, KeyId=arn, Plaintext=b"x")
        yield found


def words(picture):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", picture.svg.partition("</desc>")[2]))


TITLES = {
    "create": "Allowed: the root user of 111122223333 called CreateKey",
    "encrypt": "Allowed: only ciphertext came back",
    "own": "Nobody called: RotateKey is an act of AWS's own",
    "decrypt": "Allowed: key material 1 of 2 opened it",
    "wrong context": "The root user of 111122223333 may, but KMS refuses: InvalidCiphertextException",
    "re-encrypt": "Allowed twice: the plaintext never left KMS",
    "data key": "Allowed: one data key, plain and encrypted",
    "sealed data key": "Allowed: a data key, encrypted only",
    "random": "Allowed: random bytes, and no KMS key took part",
    "for an enclave": "Allowed: only the enclave that proved itself can open the answer",
    "random for an enclave": "Allowed: only the enclave that proved itself can open the answer",
    "too large": "Refused before anyone asked who may: ValidationException",
    "no blob": "Refused before anyone asked who may: InvalidCiphertextException",
    "dry run": "A dry run: Encrypt would have succeeded, and nothing was done",
}


@pytest.mark.parametrize(("name", "title"), TITLES.items())
def test_the_title_says_what_came_of_it(world, name, title):
    assert opened(world[name]).title == title


@pytest.mark.parametrize(("words", "room"), [("UnsupportedOperationException", 166), ("Encrypt", 166)])
def test_a_long_name_stays_between_the_ends_of_its_arrow(words, room):
    d, arrow = Drawing("x", "", ""), Arrow(words, to_kms=False)
    arrow.draw(d, 40, 10, room)
    lines = re.findall(r"<tspan[^>]*>([^<]+)<|<text[^>]*>([^<]+)<", d.svg())
    written = ["".join(line) for line in lines]
    assert "".join(written) == words
    assert all(lettering.width(line, NOTE) <= room for line in written)
    assert arrow.height(room) == ARROW + FURTHER * (len(written) - 1)


@pytest.mark.parametrize("name", ["no policy", "other account", "Deny", "long names"])
def test_a_denial_is_titled_by_what_the_deciding_step_read(world, name):
    record = world[name]
    assert opened(record).title.startswith(f"Denied: {record.decision.decisive.read}")


@pytest.mark.parametrize("name", ["no policy", "other account", "Deny", "too large"])
def test_an_error_stands_there_in_the_words_of_aws(world, name):
    record = world[name]
    message = re.sub(KEY_ID.pattern, "…", record.event["errorMessage"])
    assert message in opened(record).alt
    drawn = re.sub(r"\W", "", words(opened(record)).replace("&#x27;", "'"))
    assert re.sub(r"\W", "", message) in drawn


def test_an_error_without_a_message_says_so(world):
    assert "no message" in opened(world["no blob"]).alt
    assert "sends no message" in words(opened(world["no blob"]))


def test_only_the_step_that_decided_is_marked(world):
    for name, number in (("encrypt", 1), ("re-encrypt", 2), ("no policy", 1), ("too large", 0), ("own", 0)):
        assert words(opened(world[name])).count("This step decided.") == number, name


def test_steps_after_the_decision_are_left_out_unless_they_tempt():
    steps = (
        Step("First?", False, "a"),
        Step("Second?", False, "b", decided=True),
        Step("Third?", True, "c", counts=False),
        Step("Fourth?", False, "d"),
    )
    decision = Decision(False, "arn", "alice", "kms:Encrypt", "arn", "because", steps)
    assert [number for number, _ in path(decision)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("encrypt", ["sent Plaintext, 5 bytes, readable", "returned CiphertextBlob, 86 bytes, unreadable"]),
        ("data key", ["returned CiphertextBlob, 113 bytes, an encrypted key", "returned Plaintext, 32 bytes, a key in plaintext"]),
        ("decrypt", ["sent CiphertextBlob, 86 bytes, unreadable", "returned Plaintext, 5 bytes, readable"]),
    ],
)  # fmt: skip
def test_bytes_are_told_with_their_size_and_what_they_are(world, name, lines):
    assert all(line in repr(opened(world[name])) for line in lines)


def test_marks_are_those_of_the_legend(world):
    def marks(name):
        svg = opened(world[name]).svg
        return set(re.findall(r'<use href="#opened-(\w+)"', svg)) - {"allowed", "denied", "sees", "blind"}

    assert marks("encrypt") == {"sheet", "cipher", "key"}
    assert marks("data key") == {"envelope", "key"}
    assert marks("sealed data key") == {"envelope", "key"}
    assert marks("re-encrypt") == {"cipher", "key"}
    assert marks("list") == set()


def test_a_plaintext_data_key_is_orange_and_never_on_the_plate(world):
    svg = opened(world["data key"]).svg
    keys = re.findall(r'<use href="#opened-key" transform="translate\(([\d.]+) [^>]*fill="(#\w+)"', svg)
    assert sorted(fill for _, fill in keys) == ["#CC79A7", "#E69F00"]
    assert all(float(x) < 510 for x, fill in keys if fill == "#E69F00")


def test_the_key_material_that_worked_is_told_by_number(world):
    assert "alias/orders: key material 1 of 1 encrypts" in opened(world["encrypt"]).alt
    assert "key material 1 of 2 decrypts and key material 2 of 2 encrypts" in opened(world["re-encrypt"]).alt
    assert "key material 1 of 2 was tried" in opened(world["wrong context"]).alt
    assert "no key material was used" in opened(world["no policy"]).alt
    assert "no KMS key took part" in words(opened(world["list"]))


def test_a_key_is_called_by_the_alias_in_the_call_or_by_a_given_name(world):
    record = world["decrypt"]
    arn = record.event["resources"][0]["ARN"]
    assert "KMS key" in words(opened(record))
    assert "alias/mine" in words(opened(record, names={arn: "alias/mine"}))
    assert arn.rpartition("/")[2][:8] in words(opened(record, ids=True))


def test_a_key_of_another_account_is_marked_so(world):
    assert "of account 111122223333" in words(opened(world["other account"]))
    assert "of account" not in words(opened(world["encrypt"]))


def test_what_the_trail_says_is_what_the_event_holds(world):
    record = world["encrypt"]
    alt = opened(record).alt
    for field in ("eventTime", "eventName", "awsRegion"):
        assert f"the trail says {field}: {record.event[field]}" in alt
    assert "the trail says encryptionContext: tenant: blue" in alt
    assert "the trail never says: Plaintext: not one byte" in alt
    assert "serviceEventDetails" in world["own"].event
    assert "the trail says rotationType: ON_DEMAND" in opened(world["own"]).alt


def test_what_an_enclave_proved_is_told_and_its_module_id_is_not(world):
    for name in ("for an enclave", "random for an enclave"):
        recipient = world[name].event["additionalEventData"]["recipient"]
        alt = opened(world[name]).alt
        assert f"recipient: an enclave, image digest {recipient['attestationDocumentEnclaveImageDigest']}" in alt
        assert recipient["attestationDocumentModuleId"] not in alt
        assert "CiphertextForRecipient, 4" in alt and "unreadable" in alt
        assert "readable" not in alt.replace("unreadable", "")
    assert "the trail says keyMaterialId: (a random id)" in opened(world["for an enclave"]).alt
    assert "the trail says grantId: (a random id)" in opened(world["retired"]).alt


def test_a_role_is_named_by_its_session(world):
    assert "arn:aws:sts::111122223333:assumed-role/app/" in opened(world["role"]).alt


def test_random_ids_are_left_out_unless_asked_for(world):
    for name, record in world.items():
        for text in (opened(record).html(), opened(record).svg, opened_text(record), repr(opened(record))):
            assert not KEY_ID.search(text), name
            assert not re.search(r"\b[0-9a-f]{64}\b", text), name
    assert KEY_ID.search(opened(world["encrypt"], ids=True).alt)


def test_drawing_text_and_table_tell_the_same(world):
    for record in world.values():
        picture = opened(record)
        for part, value in picture.table.rows:
            assert f"{part.ljust(4)}" in opened_text(record)
            assert value in opened_text(record)
            assert value.rstrip(".") in picture.alt


def test_everything_stays_on_the_card(world):
    """Each text begins inside, and the card is as high as what stands lowest in it."""
    for name, record in world.items():
        for svg, wide in ((opened(record).svg, 760), (opened(record).narrow, 380)):
            height = float(re.search(r'viewBox="0 0 \d+ ([\d.]+)"', svg)[1])
            places = re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)"', svg)
            assert all(14 <= float(x) <= wide - 14 and 0 < float(y) <= height - 10 for x, y in places), name


def test_marks_know_every_member_of_bytes_in_the_service_model():
    model = get_session().get_service_model("kms")
    operations = [model.operation_model(name) for name in model.operation_names]
    members = {
        member
        for operation in operations
        for shape in (operation.input_shape, operation.output_shape)
        if shape
        for member, kind in shape.members.items()
        if kind.type_name == "blob"
    }
    assert members == set(MARKS)


@given(caller=st.text(min_size=1, max_size=80), message=st.text(max_size=300), alias=st.text(max_size=80))
def test_any_names_and_words_can_be_drawn(caller, message, alias):
    event = {
        "eventName": "Encrypt", "eventType": "AwsApiCall", "awsRegion": "us-east-1", "eventTime": START,
        "userIdentity": {"arn": caller}, "errorCode": "DisabledException", "errorMessage": message,
        "requestParameters": {"keyId": f"alias/{alias}"}, "recipientAccountId": "111122223333",
        "resources": [{"ARN": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}],
    }  # fmt: skip
    picture = opened(Record(event, caller=caller))
    assert picture.svg.endswith("</svg>\n")
    assert picture.narrow.endswith("</svg>\n")


def test_the_material_that_create_key_makes_is_shown_as_made_and_none_for_a_key_without(world, sim):
    assert "key material 1 of 1 was made" in opened(world["create"]).alt
    sim.client("kms").create_key(Origin="EXTERNAL")
    assert "was made" not in opened(sim.trail[-1]).alt


def test_the_trail_says_the_message_of_a_denial_and_never_the_steps(sim):
    key = sim.client("kms").create_key()["KeyMetadata"]["KeyId"]
    with suppress(ClientError):
        sim.user("alice").client("kms").describe_key(KeyId=key)
    told = opened(sim.trail[-1]).alt
    assert "the trail says errorMessage: AWS's words, whole" in told
    assert "the trail never says: how it was decided: no step of it" in told


def test_a_key_policy_names_the_account_and_never_its_root_user(world):
    told = opened(world["encrypt"]).alt
    assert "Does the key policy allow account 111122223333, which is its root user?" in told
    assert "root user of 111122223333 by name" not in told


def test_a_bucket_is_no_kms_key(sim):
    sim.client("s3").create_bucket(Bucket="letters")
    sim.client("s3").put_object(Bucket="letters", Key="one", Body=b"as it is")
    picture = opened(sim.trail[-1])
    assert "no KMS key took part" in picture.svg
    assert "KMS key 1" not in picture.svg
