"""DeriveSharedSecret, Encapsulate, Decapsulate: two parties come to share a secret."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from kms_teach.hsm.algorithms import CURVES

CURVE_SIZES = {"ECC_NIST_P256": 32, "ECC_NIST_P384": 48, "ECC_NIST_P521": 66}  # bytes of an x-coordinate
BLOB_SIZES = {"ML_KEM_768": 1088, "ML_KEM_1024": 1568}  # bytes, as AWS's page of Encapsulate lists them
NO_SUCH_PEER = ("ValidationException", "")


def spki(private):
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def agreeing(kms):
    """The ARN of a new key of a spec for KEY_AGREEMENT."""
    return lambda spec: kms.create_key(KeySpec=spec, KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["Arn"]


@pytest.fixture
def kem(kms):
    """The ARN of a new ML-KEM key."""
    return lambda spec: kms.create_key(KeySpec=spec, KeyUsage="ENCAPSULATE_DECAPSULATE")["KeyMetadata"]["Arn"]


@pytest.mark.parametrize(("spec", "size"), CURVE_SIZES.items())
def test_kms_and_somebody_outside_derive_the_same_secret(kms, agreeing, spec, size):
    arn, bob = agreeing(spec), ec.generate_private_key(CURVES[spec]())
    answer = kms.derive_shared_secret(KeyId=arn, KeyAgreementAlgorithm="ECDH", PublicKey=spki(bob))
    del answer["ResponseMetadata"]
    alice = load_der_public_key(kms.get_public_key(KeyId=arn)["PublicKey"])
    assert answer == {
        "KeyId": arn, "SharedSecret": bob.exchange(ec.ECDH(), alice), "KeyAgreementAlgorithm": "ECDH",
        "KeyOrigin": "AWS_KMS",
    }  # fmt: skip
    assert len(answer["SharedSecret"]) == size


def test_two_kms_keys_agree(kms, agreeing):
    one, other = agreeing("ECC_NIST_P256"), agreeing("ECC_NIST_P256")
    secrets = [
        kms.derive_shared_secret(
            KeyId=mine, KeyAgreementAlgorithm="ECDH", PublicKey=kms.get_public_key(KeyId=theirs)["PublicKey"]
        )["SharedSecret"]
        for mine, theirs in ((one, other), (other, one))
    ]
    assert secrets[0] == secrets[1]


def other_last_bit(data):
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize(
    "peer",
    [
        pytest.param(b"not DER", id="no DER"),
        pytest.param(spki(ec.generate_private_key(ec.SECP384R1())), id="another curve"),
        pytest.param(spki(ec.generate_private_key(ec.SECP256K1())), id="a curve of the same size"),
        pytest.param(spki(rsa.generate_private_key(65537, 2048)), id="RSA"),
        pytest.param(spki(x25519.X25519PrivateKey.generate()), id="X25519"),
        pytest.param(other_last_bit(spki(ec.generate_private_key(ec.SECP256R1()))), id="a point off the curve"),
        pytest.param(spki(ec.generate_private_key(ec.SECP256R1())) + b"\0", id="a byte too many"),
        pytest.param(bytes.fromhex("300a300506032a0304030100"), id="an unknown kind of key"),
    ],
)
def test_a_public_key_that_is_none_on_the_curve_is_refused(kms, agreeing, refused, peer):
    call = {"KeyId": agreeing("ECC_NIST_P256"), "KeyAgreementAlgorithm": "ECDH"}
    assert refused(kms.derive_shared_secret, **call, PublicKey=peer) == NO_SUCH_PEER


@pytest.mark.parametrize("spec", ["ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519", "RSA_2048"])
def test_only_nist_curves_agree(kms, refused, spec):
    words = f"KeyUsage KEY_AGREEMENT is not compatible with KeySpec {spec}"
    assert refused(kms.create_key, KeySpec=spec, KeyUsage="KEY_AGREEMENT") == ("ValidationException", words)


def test_a_signing_key_does_not_agree(kms, refused):
    arn = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    peer = spki(ec.generate_private_key(ec.SECP256R1()))
    refusal = refused(kms.derive_shared_secret, KeyId=arn, KeyAgreementAlgorithm="ECDH", PublicKey=peer)
    words = f"{arn} key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret."
    assert refusal == ("InvalidKeyUsageException", words)


@pytest.mark.parametrize(("spec", "size"), BLOB_SIZES.items())
def test_what_is_encapsulated_in_kms_or_outside_is_recovered_in_kms(kms, kem, spec, size):
    call = {"KeyId": kem(spec), "EncapsulationAlgorithm": "ML_KEM"}
    made = kms.encapsulate(**call)
    assert made["SharedSecret"] != kms.encapsulate(**call)["SharedSecret"]
    assert set(made) == {
        "KeyId", "SharedSecret", "SharedSecretCiphertextBlob", "EncapsulationAlgorithm", "ResponseMetadata",
    }  # fmt: skip
    outside = load_der_public_key(kms.get_public_key(KeyId=call["KeyId"])["PublicKey"]).encapsulate()
    for secret, blob in ((made["SharedSecret"], made["SharedSecretCiphertextBlob"]), outside):
        assert (len(secret), len(blob)) == (32, size)
        recovered = kms.decapsulate(**call, SharedSecretCiphertextBlob=blob)
        del recovered["ResponseMetadata"]
        assert recovered == {**call, "SharedSecret": secret}


@pytest.mark.parametrize("spec", BLOB_SIZES)
def test_a_blob_that_is_wrong_gives_32_other_bytes_and_no_error(kms, kem, spec):
    one, other = ({"KeyId": kem(spec), "EncapsulationAlgorithm": "ML_KEM"} for _ in range(2))
    made = kms.encapsulate(**one)
    blob = made["SharedSecretCiphertextBlob"]
    spoiled = blob[:-1] + bytes([blob[-1] ^ 1])
    answers = [
        kms.decapsulate(**call, SharedSecretCiphertextBlob=shown)["SharedSecret"]
        for call, shown in ((one, spoiled), (one, spoiled), (one, bytes(len(blob))), (other, blob))
    ]
    assert {len(secret) for secret in answers} == {32}
    assert answers[0] == answers[1]  # pseudo-random: the same for the same blob
    assert len({*answers, made["SharedSecret"]}) == 4


@pytest.mark.parametrize("spec", BLOB_SIZES)
def test_a_blob_of_the_wrong_length_is_refused(kms, kem, refused, spec):
    call = {"KeyId": kem(spec), "EncapsulationAlgorithm": "ML_KEM"}
    for size in {1, 768, 1088, 1568, BLOB_SIZES[spec] - 1, BLOB_SIZES[spec] + 1} - {BLOB_SIZES[spec]}:
        refusal = refused(kms.decapsulate, **call, SharedSecretCiphertextBlob=bytes(size))
        assert refusal == ("InvalidCiphertextException", "")


def test_the_trail_notes_who_agreed_and_who_encapsulated(sim, kms, agreeing, kem):
    peer = spki(ec.generate_private_key(ec.SECP256R1()))
    kms.derive_shared_secret(KeyId=agreeing("ECC_NIST_P256"), KeyAgreementAlgorithm="ECDH", PublicKey=peer)
    assert (sim.trail[-1].sent, sim.trail[-1].returned) == ({"PublicKey": len(peer)}, {"SharedSecret": 32})
    call = {"KeyId": kem("ML_KEM_768"), "EncapsulationAlgorithm": "ML_KEM"}
    kms.decapsulate(**call, SharedSecretCiphertextBlob=kms.encapsulate(**call)["SharedSecretCiphertextBlob"])
    roles = [used.role for name in ("DeriveSharedSecret", "Encapsulate", "Decapsulate")
             for record in sim.trail.named(name) for used in record.used]  # fmt: skip
    assert roles == ["agrees", "encapsulates", "decapsulates"]
    assert all(record.event["responseElements"] is None for record in sim.trail.named("Encapsulate", "Decapsulate"))
