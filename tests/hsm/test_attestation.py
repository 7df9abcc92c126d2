"""Attestation documents: AWS's own is read, and none is believed that is wrong in one thing."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.errors import ValidationException
from kms_teach.hsm.attestation import conditions, recipient, verified
from tests.hsm import nitro
from tests.hsm.nitro import CHAIN, ENCLAVE, HOUR, KEYS, NOW, P384, PCRS, ROOT, chain, payload, sign1, spki

GOOD = sign1(payload())
BODY, SIGNATURE = cbor2.loads(GOOD)[2:]
P256 = ec.generate_private_key(ec.SECP256R1())
SECOND = timedelta(seconds=1)


def aws_root():
    """The root in AWS's document, which is the one that AWS publishes."""
    der = cbor2.loads(cbor2.loads(nitro.AWS_DOCUMENT)[2])["cabundle"][0]
    assert hashlib.sha256(der).hexdigest() == nitro.AWS_ROOT
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode()


def believed(data, root=ROOT, now=NOW):
    try:
        document = verified(data, root, now)
        recipient(document)
    except ValidationException as error:
        assert error.message is None
        return False
    assert len(conditions(document)) >= len(document.pcrs)
    return True


def test_a_document_of_aws_is_read_under_aws_root():
    document = verified(nitro.AWS_DOCUMENT, aws_root(), datetime(2021, 4, 26, 5, tzinfo=UTC))
    assert (document.module_id, document.timestamp) == ("i-0fd25f30661854f2b-enc01790c5d9eab829d", 1619410153100)
    assert (len(document.cabundle), document.public_key, document.nonce) == (4, None, None)
    proven = conditions(document)
    assert set(proven) == {"ImageSha384", *(f"PCR{index}" for index in range(16))}
    assert proven["ImageSha384"] == proven["PCR0"] == "00" * 48  # the enclave ran in debug mode
    assert proven["PCR4"].startswith("abf3ca502")


@pytest.mark.parametrize("now", ["2021-04-26T04:09:12+00:00", "2021-04-26T07:09:14+00:00", "2026-01-01T00:00:00+00:00"])
def test_a_document_of_aws_is_good_for_three_hours(now):
    with pytest.raises(ValidationException):
        verified(nitro.AWS_DOCUMENT, aws_root(), datetime.fromisoformat(now))


def test_a_document_of_aws_is_not_believed_under_the_test_root():
    with pytest.raises(ValidationException):
        verified(nitro.AWS_DOCUMENT, ROOT, datetime(2021, 4, 26, 5, tzinfo=UTC))


def test_a_document_without_a_public_key_has_no_recipient():
    document = verified(nitro.AWS_DOCUMENT, aws_root(), datetime(2021, 4, 26, 5, tzinfo=UTC))
    with pytest.raises(ValidationException):
        recipient(document)


def test_a_document_that_is_right_is_believed_and_proves_its_registers():
    assert believed(GOOD)
    assert recipient(verified(GOOD, ROOT, NOW)) == spki(ENCLAVE)
    assert conditions(verified(GOOD, ROOT, NOW)) == {
        "ImageSha384": PCRS[0].hex(), **{f"PCR{index}": pcr.hex() for index, pcr in PCRS.items()}
    }  # fmt: skip


RIGHT = {
    "without what an enclave need not give": payload(user_data=..., nonce=...),
    "with all that it may give": payload(user_data=b"u" * 1024, nonce=b""),
    "with one register": payload(pcrs={31: b"\x01" * 48}),
    "with a chain of four": payload((*CHAIN[:2], nitro.certificate("h2", KEYS["other"], "host", KEYS["host"], ca=True), nitro.certificate("leaf", KEYS["signer"], "h2", KEYS["other"], ca=False))),
    "with a leaf that the root signed": payload(chain(leaf={"issuer": "root", "by": KEYS["root"]})),
    "with its bundle in another order": payload((*CHAIN[1::-1], CHAIN[2])),
}  # fmt: skip


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT)
def test_what_may_be_otherwise_is_believed(body):
    assert believed(sign1(body))


def other_pair(**what):
    """A chain whose leaf differs, signed by the leaf's own key."""
    return sign1(payload(chain(leaf=what)), signer=what.get("key", KEYS["signer"]))


WRONG = {
    # signature
    "signed by another key": sign1(payload(), signer=KEYS["other"]),
    "signed by the host": sign1(payload(), signer=KEYS["host"]),
    "signed as another structure": sign1(payload(), context="Signature"),
    "signed over SHA-512": sign1(payload(), hash_=hashes.SHA512()),
    "another algorithm is named": sign1(payload(), algorithm=-36),
    "ES256 is named and used": sign1(payload(chain(leaf={"key": P256})), signer=P256, algorithm=-7, hash_=hashes.SHA256(), half=32),
    "a key on P-256 for ES384": other_pair(key=P256),
    "the signature is of another body": cbor2.dumps([*cbor2.loads(GOOD)[:3], cbor2.loads(sign1(payload(timestamp=1)))[3]]),
    "no signature": cbor2.dumps([*cbor2.loads(GOOD)[:3], b""]),
    "a signature that is longer": cbor2.dumps([*cbor2.loads(GOOD)[:3], SIGNATURE[:48] + b"\0" + SIGNATURE[48:]]),
    "a signature of zeros": cbor2.dumps([*cbor2.loads(GOOD)[:3], bytes(96)]),
    "the leaf has an Ed25519 key": sign1(payload(chain(leaf={"key": ed25519.Ed25519PrivateKey.generate()}))),
    # chain
    "another root of the same name": sign1(payload(chain({"key": KEYS["other"], "by": KEYS["other"]}, {"by": KEYS["other"]}))),
    "a host that the root did not sign": sign1(payload(chain(host={"by": KEYS["other"]}))),
    "a leaf that the host did not sign": other_pair(by=KEYS["other"]),
    "a leaf that signed itself": other_pair(issuer="leaf", by=KEYS["signer"]),
    "the host is missing": sign1(payload((CHAIN[0], CHAIN[2]))),
    "a host that is no authority": sign1(payload(chain(host={"ca": False, "key_usage": ("key_cert_sign",)}))),
    "a host that may not sign certificates": sign1(payload(chain(host={"key_usage": ("digital_signature", "crl_sign")}))),
    "a path that is longer than allowed": sign1(payload((CHAIN[0], nitro.certificate("host", KEYS["host"], "root", KEYS["root"], ca=True, length=0), nitro.certificate("h2", KEYS["other"], "host", KEYS["host"], ca=True), nitro.certificate("leaf", KEYS["signer"], "h2", KEYS["other"], ca=False)))),
    "a leaf that is an authority": other_pair(ca=True, key_usage=("digital_signature",)),
    "a leaf that may not sign": other_pair(key_usage=("key_encipherment", "key_cert_sign")),
    "a host that has expired": sign1(payload(chain(host={"start": NOW - 2 * HOUR, "end": NOW - SECOND}))),
    "a leaf that has expired": other_pair(start=NOW - 2 * HOUR, end=NOW - SECOND),
    "a leaf of the future": other_pair(start=NOW + SECOND),
    "a certificate that is none": sign1(payload(certificate=b"0")),
    "a bundle that is none": sign1(payload(cabundle=[b"0"])),
    # members
    "no module id": sign1(payload(module_id="")),
    "a module id of bytes": sign1(payload(module_id=b"i-0")),
    "another digest": sign1(payload(digest="SHA512")),
    "no time": sign1(payload(timestamp=0)),
    "a time that is no number": sign1(payload(timestamp="now")),
    "no registers": sign1(payload(pcrs={})),
    "register 32": sign1(payload(pcrs={32: bytes(48)})),
    "register -1": sign1(payload(pcrs={-1: bytes(48)})),
    "a register by name": sign1(payload(pcrs={"0": bytes(48)})),
    "a register of 32 bytes": sign1(payload(pcrs={0: bytes(32)})),
    "a register of 64 bytes": sign1(payload(pcrs={0: bytes(64)})),
    "a register of text": sign1(payload(pcrs={0: "A" * 64})),
    "the registers of a NitroTPM": sign1(payload(pcrs=..., nitrotpm_pcrs={4: bytes(48)})),
    "no bundle": sign1(payload(chain(leaf={"issuer": "root", "by": KEYS["root"]}), cabundle=[])),
    "user data too long": sign1(payload(user_data=bytes(1025))),
    "a nonce too long": sign1(payload(nonce=bytes(1025))),
    "a nonce of text": sign1(payload(nonce="AAAA")),
    "a member twice": sign1(cbor2.dumps(payload())[:1] .replace(b"\xa9", b"\xaa") + cbor2.dumps(payload())[1:] + cbor2.dumps("module_id") + cbor2.dumps("i-1")),
    "something after the body": sign1(cbor2.dumps(payload()) + b"\0"),
    "a body that is a list": sign1([1]),
    "a body that is nothing": sign1(b""),
    **{f"{name} is missing": sign1(payload(**{name: ...})) for name in ("module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle")},
    **{f"{name} is null": sign1(payload(**{name: None})) for name in ("module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle")},
    # public key
    "no public key": sign1(payload(public_key=None)),
    "the public key is missing": sign1(payload(public_key=...)),
    "an empty public key": sign1(payload(public_key=b"")),
    "a public key that is none": sign1(payload(public_key=b"public")),
    "a public key of an unknown kind": sign1(payload(public_key=bytes.fromhex("300a300506032a0304030100"))),
    "a public key on a curve": sign1(payload(public_key=spki(P256))),
    "an RSA key of 1024 bits": sign1(payload(public_key=spki(rsa.generate_private_key(65537, 1024)))),
    # COSE
    "something after the end": GOOD + b"\0",
    "the end is missing": GOOD[:-1],
    "three parts": cbor2.dumps(cbor2.loads(GOOD)[:3]),
    "five parts": cbor2.dumps([*cbor2.loads(GOOD), b""]),
    "a tag": cbor2.dumps(cbor2.CBORTag(18, cbor2.loads(GOOD))),
    "unprotected is a list": cbor2.dumps([cbor2.loads(GOOD)[0], [], *cbor2.loads(GOOD)[2:]]),
    "the body is text": cbor2.dumps([*cbor2.loads(GOOD)[:2], base64.b64encode(BODY).decode(), SIGNATURE]),
    "nested too deep": b"\x81" * 100_000 + b"\0",
    "within itself": bytes.fromhex("8444a1013822d81ca100d81d0041005860") + bytes(96),
    "nothing": b"",
    "words": b"an attestation document",
}  # fmt: skip


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_a_document_that_is_wrong_in_one_thing_is_not_believed(data):
    assert not believed(data)


@pytest.mark.parametrize(("root", "moment"), [
    ({"end": NOW + HOUR}, NOW + HOUR + SECOND),
    ({"start": NOW + HOUR}, NOW),
    ({"key_usage": ("digital_signature",)}, NOW),
])  # fmt: skip
def test_a_root_is_checked_too(root, moment):
    certificates = chain(root)
    assert not believed(sign1(payload(certificates)), certificates[0].public_bytes(Encoding.PEM).decode(), moment)


def test_it_is_believed_from_the_first_second_to_the_last():
    moments = (NOW - SECOND, NOW, NOW + 3 * HOUR, NOW + 3 * HOUR + SECOND)
    assert [believed(GOOD, now=now) for now in moments] == [False, True, True, False]


def test_an_rsa_key_in_the_older_format_is_the_same_recipient():
    older = ENCLAVE.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    assert recipient(verified(sign1(payload(public_key=older)), ROOT, NOW)) == spki(ENCLAVE)


@pytest.mark.parametrize("size", [3072, 4096])
def test_a_recipient_may_have_a_longer_key(size):
    public = spki(rsa.generate_private_key(65537, size))
    assert recipient(verified(sign1(payload(public_key=public)), ROOT, NOW)) == public


def test_the_wrong_ones_are_wrong_in_one_thing_alone():
    """Each is refused for its one fault: without it, the same making gives a document that is believed."""
    assert believed(sign1(payload(chain(leaf={"key_usage": ("digital_signature", "key_encipherment")}))))
    assert believed(sign1(payload(chain(host={"length": 0}))))
    assert believed(other_pair(key=ec.generate_private_key(P384)))
    assert len(WRONG) == len(set(WRONG.values()))


@given(st.binary(max_size=200))
def test_random_bytes_are_never_believed(data):
    assert not believed(data)


def turned(data, bit):
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


@given(st.integers(0, len(GOOD) * 8 - 1))
def test_a_document_with_one_bit_turned_is_never_believed(bit):
    assert not believed(turned(GOOD, bit))


def test_no_bit_of_what_frames_a_document_can_be_turned():
    signature = len(GOOD) - 96
    frame = [*range(16), *range(signature - 4, signature + 4)]
    assert not any(believed(turned(GOOD, 8 * byte + bit)) for byte in frame for bit in range(8))


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8) | st.binary(max_size=99),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers() | st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(ANY)
def test_whatever_is_not_a_document_is_never_believed(value):
    assert not believed(cbor2.dumps(value))
    assert not believed(sign1(cbor2.dumps(value)))


@given(st.sampled_from(sorted(payload())), ANY)
def test_whatever_stands_in_a_member_ends_in_a_yes_or_a_refusal(name, value):
    assert believed(sign1(payload(**{name: value}))) in (
        False,
        name in ("timestamp", "module_id", "user_data", "nonce"),
    )


@given(st.sampled_from(["host", "leaf"]), st.data())
def test_a_certificate_with_one_bit_turned_is_never_believed_though_it_is_signed_for(which, data):
    root, *ders = (one.public_bytes(Encoding.DER) for one in CHAIN)
    at = ("host", "leaf").index(which)
    bit = data.draw(st.integers(0, len(ders[at]) * 8 - 1))
    ders[at] = turned(ders[at], bit)
    assert not believed(sign1(payload(cabundle=[root, ders[0]], certificate=ders[1])))
