import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.errors import InvalidCiphertextException
from kms_teach.hsm.blob import MAGIC, OVERHEAD, additional_data, fields, parse
from kms_teach.hsm.boundary import Hsm

CONTEXTS = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4)
HSM = Hsm()
KEY = HSM.generate("SYMMETRIC_DEFAULT", "a-key")


@given(CONTEXTS, CONTEXTS)
def test_different_contexts_give_different_bytes(one, other):
    assert (additional_data(one) == additional_data(other)) == (one == other)


@given(CONTEXTS)
def test_the_order_of_pairs_does_not_matter(context):
    assert additional_data(context) == additional_data(dict(reversed(context.items())))


def test_a_blob_holds_at_least_a_byte_of_ciphertext():
    assert parse(MAGIC + bytes(OVERHEAD - len(MAGIC))) is None
    assert parse(MAGIC + bytes(OVERHEAD - len(MAGIC) + 1))


def test_the_ciphertext_is_as_long_as_the_plaintext_and_the_parts_are_the_whole():
    sizes = dict(fields(HSM.encrypt(KEY, bytes(16), {})))
    assert sizes["ciphertext"] == 16  # GCM pads nothing
    assert sum(sizes.values()) == 16 + OVERHEAD


def test_strings_cannot_be_shifted_between_key_and_value():
    assert additional_data({"a": "bc"}) != additional_data({"ab": "c"})


@given(st.binary(min_size=1, max_size=300), CONTEXTS)
def test_what_was_encrypted_comes_back(plaintext, context):
    blob = HSM.encrypt(KEY, plaintext, context)
    assert len(blob) == len(plaintext) + OVERHEAD
    assert HSM.decrypt(KEY, parse(blob), context) == plaintext


def test_every_flipped_bit_is_refused():
    blob = HSM.encrypt(KEY, b"hi", {"a": "b"})
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        parsed = parse(bytes(flipped))
        if parsed is None:  # the magic no longer says that it is a blob
            assert bit < len(MAGIC) * 8
            continue
        with pytest.raises(InvalidCiphertextException):
            HSM.decrypt(KEY, parsed, {"a": "b"})


@given(st.binary(max_size=200))
def test_any_bytes_are_a_blob_or_are_not(data):
    parsed = parse(data)
    assert parsed is None or bytes(parsed) == data
    assert sum(size for _, size in fields(data)) == (len(data) if parsed else 0)


def test_plain_pyca_opens_a_blob():
    """The other direction, without our code: SP 800-108 and AES-256-GCM as the layout says."""
    blob = HSM.encrypt(KEY, b"hello", {"b": "2", "a": "1"})
    header, salt, nonce, body = blob[:37], blob[37:53], blob[53:65], blob[65:]
    material = HSM._Hsm__unseal(KEY)
    key = KBKDFHMAC(hashes.SHA256(), Mode.CounterMode, 32, 4, 4, CounterLocation.BeforeFixed, b"kms_teach", salt, None)
    aad = bytes.fromhex("000000020000000161000000013100000001620000000132")
    assert AESGCM(key.derive(material)).decrypt(nonce, body, header + aad) == b"hello"


def test_two_calls_never_give_the_same_blob():
    assert len({HSM.encrypt(KEY, b"same", {}) for _ in range(200)}) == 200


def test_the_blob_begins_as_those_of_aws_do():
    import base64

    assert base64.b64encode(HSM.encrypt(KEY, b"x", {})).startswith(b"AQICAHg"[:6])
    assert parse(HSM.encrypt(KEY, b"x", {})).material_id == KEY.id


def test_material_of_another_key_does_not_open_it():
    other = HSM.generate("SYMMETRIC_DEFAULT", "a-key")
    with pytest.raises(InvalidCiphertextException):
        HSM.decrypt(other, parse(HSM.encrypt(KEY, b"x", {})), {})
