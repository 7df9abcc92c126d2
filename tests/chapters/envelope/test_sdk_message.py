import base64
import struct
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach import Simulator
from kms_teach.chapters.envelope.sdk_message import TITLE, sdk_message
from kms_teach.chapters.envelope.sdk_message_facts import CONTEXT, KEYS, NOTES, Message
from tests.drawing.drawn import quarrels, texts

SHIPPED = (files("kms_teach.chapters.envelope") / "sdk_message.bin").read_bytes()
PHOTO = (files("kms_teach.chapters.envelope") / "lake.jpg").read_bytes()


@pytest.fixture(scope="module")
def sdk():
    """The real AWS Encryption SDK with a KMS key of a simulator: (client, its keys, simulator, key ARN)."""
    import aws_encryption_sdk
    from aws_encryption_sdk.identifiers import CommitmentPolicy
    from aws_encryption_sdk.key_providers.kms import KMSMasterKey

    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        kms = sim.client("kms")
        arn = kms.create_key()["KeyMetadata"]["Arn"]
        client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
        default = aws_encryption_sdk.EncryptionSDKClient()
        yield default, client, KMSMasterKey(key_id=arn, client=kms), sim, arn


def made(sdk, data, **more):
    default, older, keys, _, _ = sdk
    client = older if more.pop("older", False) else default
    return client.encrypt(source=data, key_provider=keys, encryption_context={"album": "lakes"}, **more)[0]


def layout(message):
    """Every part's name and size, without the signature, whose DER form varies by a byte or two."""
    return [(part.field, part.name, part.size) for part in message.parts if part.field != "signature"]


def test_every_byte_of_a_real_message_belongs_to_a_part(sdk):
    data = made(sdk, PHOTO[:9000])
    message = Message.of(data)
    assert b"".join(part.value for part in message.parts) == data
    assert message.size == sum(message.fields.values()) == len(data)


def test_what_is_read_is_what_the_sdk_was_given_and_the_sdk_opens_it(sdk):
    default, _, keys, sim, arn = sdk
    data = made(sdk, PHOTO[:9000])
    message = Message.of(data)
    assert (message.version, message.plaintext, message.frames) == (2, 9000, 3)
    assert message.suite == "0x0578: AES-256-GCM, key commitment, signed"
    assert message.keys == (("aws-kms", arn, sim.trail[-1].returned["CiphertextBlob"]),)
    context = dict(message.context)
    assert context.pop("aws-crypto-public-key")
    assert context == {"album": "lakes"}
    assert default.decrypt(source=data, key_provider=keys)[0] == PHOTO[:9000]


def test_the_encrypted_data_key_in_it_opens_by_kms_alone_and_kms_cannot_open_the_message(sdk):
    _, _, _, sim, _ = sdk
    kms = sim.client("kms")
    data = made(sdk, PHOTO)
    message = Message.of(data)
    (key,) = message.values(KEYS, "encrypted data key")
    assert len(kms.decrypt(CiphertextBlob=key, EncryptionContext=dict(message.context))["Plaintext"]) == 32
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=data[:6144])


def test_the_shipped_message_has_the_layout_of_one_made_now(sdk):
    shipped, now = Message.of(SHIPPED), Message.of(made(sdk, PHOTO[:9000]))
    assert layout(shipped) == layout(now)
    assert list(shipped.fields) == list(now.fields)
    assert base64.b64encode(SHIPPED).startswith(b"AgV4")


def test_other_kinds_of_message_are_taken_apart_too(sdk):
    from aws_encryption_sdk.identifiers import AlgorithmSuite

    kinds = {
        "unsigned": made(sdk, PHOTO, algorithm=AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY),
        "one piece": made(sdk, PHOTO, frame_length=0),
        "format 1": made(sdk, PHOTO, older=True),
        "empty": made(sdk, b""),
        "a whole last frame": made(sdk, PHOTO[:8192]),
    }
    messages = {kind: Message.of(data) for kind, data in kinds.items()}
    assert all(m.size == len(kinds[kind]) for kind, m in messages.items())
    assert [kind for kind, m in messages.items() if "signature" not in m.fields] == ["unsigned"]
    assert [kind for kind, m in messages.items() if m.version == 1] == ["format 1"]
    assert [messages[kind].plaintext for kind in ("one piece", "format 1", "empty")] == [len(PHOTO), len(PHOTO), 0]
    for kind, data in kinds.items():
        picture = sdk_message(data)
        assert quarrels(picture.svg) == quarrels(picture.narrow) == [], kind


@given(st.integers(0, len(SHIPPED) - 1))
def test_a_message_cut_off_is_refused(end):
    with pytest.raises(ValueError, match=r"cut off|no message"):
        Message.of(SHIPPED[:end])


def test_bytes_too_many_are_refused():
    with pytest.raises(ValueError, match="3 bytes too many"):
        Message.of(SHIPPED + b"abc")


@pytest.mark.parametrize("other", [b"", b"\x03", PHOTO, bytes.fromhex("0102020078") + bytes(100)])
def test_what_is_no_message_is_refused(other):
    with pytest.raises(ValueError, match="no message of the AWS Encryption SDK"):
        sdk_message(other)


def test_the_picture_says_the_same_wide_narrow_in_words_and_as_a_table():
    picture, message = sdk_message(SHIPPED), Message.of(SHIPPED)
    assert picture.title == TITLE
    assert [row[0] for row in picture.table.rows] == list(message.fields)
    for svg in (picture.svg, picture.narrow):
        assert quarrels(svg) == []
        shown = texts(svg)
        assert all(any(name in line for line in shown) for name in message.fields)
    assert all(f"{name}, " in picture.alt for name in message.fields)
    assert "album=lakes" in picture.alt


def test_a_second_data_key_is_seen(sdk):
    message = bytearray(SHIPPED)
    at = Message.of(SHIPPED).head  # the data keys' count stands behind the context
    for part in reversed(Message.of(SHIPPED).parts[:]):
        at -= part.size if part.field not in ("body", "signature") else 0
        if part.field == KEYS and part.name == "count":
            break
    message[at : at + 2] = struct.pack(">H", 2)
    one = b"".join(part.value for part in Message.of(SHIPPED).parts if part.field == KEYS and part.name != "count")
    message[at + 2 : at + 2] = one
    assert len(Message.of(bytes(message)).keys) == 2


def test_there_is_a_note_for_every_field():
    fields = {part.field for data in (SHIPPED,) for part in Message.of(data).parts}
    assert fields <= set(NOTES)
    assert CONTEXT in fields
