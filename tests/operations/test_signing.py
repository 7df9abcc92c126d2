"""Sign and Verify, GenerateMac and VerifyMac: every algorithm with every kind of key and message."""

import hashlib
import hmac

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, mldsa, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kms_teach import Simulator
from kms_teach.wire.model import service_model

MESSAGE = b"ten pounds to Bob"
RSA = [f"RSASSA_{scheme}_SHA_{bits}" for scheme in ("PKCS1_V1_5", "PSS") for bits in (256, 384, 512)]
FITS = {
    "RSA_2048": RSA, "RSA_3072": RSA, "RSA_4096": RSA,
    "ECC_NIST_P256": ["ECDSA_SHA_256"], "ECC_NIST_P384": ["ECDSA_SHA_384"], "ECC_NIST_P521": ["ECDSA_SHA_512"],
    "ECC_SECG_P256K1": ["ECDSA_SHA_256"], "ECC_NIST_EDWARDS25519": ["ED25519_SHA_512", "ED25519_PH_SHA_512"],
    "ML_DSA_44": ["ML_DSA_SHAKE_256"], "ML_DSA_65": ["ML_DSA_SHAKE_256"], "ML_DSA_87": ["ML_DSA_SHAKE_256"],
}  # fmt: skip
SIGNATURE_SIZES = {
    "RSA_2048": 256, "RSA_3072": 384, "RSA_4096": 512, "ECC_NIST_EDWARDS25519": 64,
    "ML_DSA_44": 2420, "ML_DSA_65": 3309, "ML_DSA_87": 4627,
}  # fmt: skip
ALGORITHMS = service_model().shape_for("SigningAlgorithmSpec").metadata["enum"]
TYPES = service_model().shape_for("MessageType").metadata["enum"]
HASH = {256: hashes.SHA256(), 384: hashes.SHA384(), 512: hashes.SHA512()}
INVALID_SIGNATURE = ("KMSInvalidSignatureException", "")
INVALID_MAC = ("KMSInvalidMacException", "")


@pytest.fixture(scope="module")
def shared():
    with Simulator(start="2026-01-01T00:00:00Z") as simulator:
        yield simulator.client("kms")


@pytest.fixture(scope="module")
def signing_key(shared):
    """The ARN of the key of a spec, made when it is first asked for."""
    made = {}

    def key(spec):
        if spec not in made:
            made[spec] = shared.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        return made[spec]

    return key


def bits(algorithm):
    return int(algorithm[-3:])


def mu(public, message):
    """ML-DSA's message representative, made outside of KMS."""
    hasher = mldsa.MLDSAMuHasher(public)
    hasher.update(message)
    return hasher.finalize()


def payload(algorithm, message_type, public):
    """What the caller sends: the message, or what was made of it."""
    if message_type == "DIGEST":
        return hashlib.new(f"sha{bits(algorithm)}", MESSAGE).digest()
    return mu(public, MESSAGE) if message_type == "EXTERNAL_MU" else MESSAGE


def check_outside(public, signature, algorithm, message):
    """Verify with plain pyca, as anyone can who has the public key. Raises InvalidSignature."""
    if algorithm.startswith("RSASSA"):
        hash_ = HASH[bits(algorithm)]
        pss = padding.PSS(padding.MGF1(hash_), salt_length=hash_.digest_size)
        public.verify(signature, message, pss if "PSS" in algorithm else padding.PKCS1v15(), hash_)
    elif algorithm.startswith("ECDSA"):
        public.verify(signature, message, ec.ECDSA(HASH[bits(algorithm)]))
    else:
        public.verify(signature, message)


def allowed_types(algorithm):
    if algorithm.startswith(("RSASSA", "ECDSA")):
        return ["RAW", "DIGEST"]
    return {"ED25519_SHA_512": ["RAW"], "ML_DSA_SHAKE_256": ["RAW", "EXTERNAL_MU"], "ED25519_PH_SHA_512": ["DIGEST"]}[
        algorithm
    ]


@pytest.mark.parametrize(("spec", "algorithm"), [(s, a) for s, its in FITS.items() for a in its if "PH" not in a])
def test_what_kms_signs_verifies_in_kms_and_outside(shared, signing_key, spec, algorithm):
    arn = signing_key(spec)
    public = load_der_public_key(shared.get_public_key(KeyId=arn)["PublicKey"])
    for message_type in allowed_types(algorithm):
        sent = {"KeyId": arn, "Message": payload(algorithm, message_type, public), "MessageType": message_type}
        signed = shared.sign(**sent, SigningAlgorithm=algorithm)
        signature = signed["Signature"]
        assert signed.items() >= {"KeyId": arn, "SigningAlgorithm": algorithm}.items()
        assert set(signed) == {"KeyId", "Signature", "SigningAlgorithm", "ResponseMetadata"}
        assert len(signature) == SIGNATURE_SIZES.get(spec, len(signature))
        check_outside(public, signature, algorithm, MESSAGE)
        for verifying_type in allowed_types(algorithm):  # the message and its digest are the same message
            message = payload(algorithm, verifying_type, public)
            verified = shared.verify(
                KeyId=arn, Message=message, MessageType=verifying_type, Signature=signature, SigningAlgorithm=algorithm
            )
            del verified["ResponseMetadata"]
            assert verified == {"KeyId": arn, "SignatureValid": True, "SigningAlgorithm": algorithm}


@pytest.mark.parametrize(("spec", "algorithm"), [(s, a) for s, its in FITS.items() for a in its if "PH" not in a])
def test_verify_refuses_another_message_another_signature_and_another_key(
    shared, signing_key, refused, spec, algorithm
):
    arn = signing_key(spec)
    signature = shared.sign(KeyId=arn, Message=MESSAGE, SigningAlgorithm=algorithm)["Signature"]
    spoiled = signature[:-1] + bytes([signature[-1] ^ 1])
    for message, shown in ((b"one pound", signature), (MESSAGE, spoiled), (MESSAGE, signature[:-1]), (MESSAGE, b"x")):
        call = {"KeyId": arn, "Message": message, "Signature": shown, "SigningAlgorithm": algorithm}
        assert refused(shared.verify, **call) == INVALID_SIGNATURE
    other = shared.create_key(KeySpec=spec if "RSA" not in spec else "RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"][
        "Arn"
    ]
    call = {"KeyId": other, "Message": MESSAGE, "Signature": signature, "SigningAlgorithm": algorithm}
    assert refused(shared.verify, **call) == INVALID_SIGNATURE


@pytest.mark.parametrize("spec", FITS)
def test_an_algorithm_of_another_kind_of_key_is_refused(shared, signing_key, refused, spec):
    for algorithm in set(ALGORITHMS) - set(FITS[spec]):
        words = ("InvalidKeyUsageException", f"Algorithm {algorithm} is incompatible with key spec {spec}.")
        call = {"KeyId": signing_key(spec), "Message": MESSAGE, "SigningAlgorithm": algorithm}
        for message_type in TYPES:
            assert refused(shared.sign, **call, MessageType=message_type) == words
            assert refused(shared.verify, **call, MessageType=message_type, Signature=b"x") == words


@pytest.mark.parametrize(
    ("spec", "algorithm", "message_type", "what"),
    [
        *(("RSA_2048", algorithm, "EXTERNAL_MU", "key spec RSA_2048") for algorithm in RSA),
        ("ECC_NIST_P256", "ECDSA_SHA_256", "EXTERNAL_MU", "key spec ECC_NIST_P256"),
        ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512", "DIGEST", "algorithm ED25519_SHA_512"),
        ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512", "EXTERNAL_MU", "key spec ECC_NIST_EDWARDS25519"),
        ("ECC_NIST_EDWARDS25519", "ED25519_PH_SHA_512", "RAW", "algorithm ED25519_PH_SHA_512"),
        ("ML_DSA_44", "ML_DSA_SHAKE_256", "DIGEST", "key spec ML_DSA_44"),
        ("ML_DSA_87", "ML_DSA_SHAKE_256", "DIGEST", "key spec ML_DSA_87"),
    ],
)
def test_a_message_type_that_the_algorithm_does_not_take_is_refused(
    shared, signing_key, refused, spec, algorithm, message_type, what
):
    call = {
        "KeyId": signing_key(spec),
        "Message": bytes(64),
        "MessageType": message_type,
        "SigningAlgorithm": algorithm,
    }
    words = ("ValidationException", f"Message type {message_type} is incompatible with {what}.")
    assert refused(shared.sign, **call) == words
    assert refused(shared.verify, **call, Signature=b"x") == words


@pytest.mark.parametrize(
    ("spec", "algorithm"), [(s, a) for s, its in FITS.items() for a in its if a != "ED25519_SHA_512"]
)
def test_a_digest_of_the_wrong_length_is_refused(shared, signing_key, refused, spec, algorithm):
    kind, right = ("EXTERNAL_MU", 64) if spec.startswith("ML") else ("DIGEST", bits(algorithm) // 8)
    for size in {20, 32, 48, 64, right - 1, right + 1} - {right}:
        call = {"KeyId": signing_key(spec), "Message": bytes(size), "MessageType": kind, "SigningAlgorithm": algorithm}
        words = ("ValidationException", f"Digest is invalid length for algorithm {algorithm}.")
        assert refused(shared.sign, **call) == words
        assert refused(shared.verify, **call, Signature=b"x") == words


def test_ed25519ph_is_refused_in_one_sentence_that_says_what_to_use(shared, signing_key, refused):
    call = {"KeyId": signing_key("ECC_NIST_EDWARDS25519"), "Message": bytes(64), "MessageType": "DIGEST"}
    words = "this simulator has no Ed25519ph, for its cryptographic library has none: use ED25519_SHA_512"
    for operation, more in ((shared.sign, {}), (shared.verify, {"Signature": b"x"})):
        assert refused(operation, **call, **more, SigningAlgorithm="ED25519_PH_SHA_512") == (
            "UnsupportedOperationException", words,
        )  # fmt: skip


def test_a_message_has_up_to_4096_bytes(shared, signing_key, refused):
    call = {"KeyId": signing_key("ECC_NIST_P256"), "SigningAlgorithm": "ECDSA_SHA_256"}
    assert shared.sign(**call, Message=bytes(4096))
    refusal = refused(shared.sign, **call, Message=bytes(4097))
    assert refusal.code == "ValidationException"
    assert refusal.message == (
        "1 validation error detected: Value at 'message' failed to satisfy constraint: "
        "Member must have length less than or equal to 4096"
    )


def test_pss_salts_differ_so_the_same_message_never_has_the_same_signature(shared, signing_key):
    call = {"KeyId": signing_key("RSA_2048"), "Message": MESSAGE}
    sign = lambda algorithm: shared.sign(**call, SigningAlgorithm=algorithm)["Signature"]  # noqa: E731
    assert sign("RSASSA_PSS_SHA_256") != sign("RSASSA_PSS_SHA_256")
    assert sign("RSASSA_PKCS1_V1_5_SHA_256") == sign("RSASSA_PKCS1_V1_5_SHA_256")


def test_a_signature_does_not_verify_outside_when_the_message_was_changed(shared, signing_key):
    arn = signing_key("ECC_NIST_P256")
    signature = shared.sign(KeyId=arn, Message=MESSAGE, SigningAlgorithm="ECDSA_SHA_256")["Signature"]
    public = load_der_public_key(shared.get_public_key(KeyId=arn)["PublicKey"])
    with pytest.raises(InvalidSignature):
        check_outside(public, signature, "ECDSA_SHA_256", MESSAGE + b"!")


def test_pyca_signatures_verify_in_kms_only_by_the_key_that_made_them(shared, signing_key, refused):
    private = ec.generate_private_key(ec.SECP256R1())
    signature = private.sign(MESSAGE, ec.ECDSA(hashes.SHA256()))
    private.public_key().verify(signature, hashlib.sha256(MESSAGE).digest(), ec.ECDSA(Prehashed(hashes.SHA256())))
    call = {"KeyId": signing_key("ECC_NIST_P256"), "Message": MESSAGE, "SigningAlgorithm": "ECDSA_SHA_256"}
    assert refused(shared.verify, **call, Signature=signature) == INVALID_SIGNATURE


def test_the_trail_knows_how_but_not_what_was_signed(sim, kms):
    arn = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    signature = kms.sign(KeyId=arn, Message=MESSAGE, SigningAlgorithm="ECDSA_SHA_256")["Signature"]
    record = sim.trail[-1]
    assert record.event["requestParameters"] == {
        "keyId": arn, "signingAlgorithm": "ECDSA_SHA_256", "messageType": "RAW",
    }  # fmt: skip
    assert record.event["responseElements"] is None
    assert "additionalEventData" not in record.event
    assert (record.sent, record.returned) == ({"Message": len(MESSAGE)}, {"Signature": len(signature)})
    assert [(used.key_arn, used.number, used.role) for used in record.used] == [(arn, 1, "signs")]


@pytest.mark.parametrize("size", [224, 256, 384, 512])
def test_a_mac_is_hmac_over_the_message_and_its_own_key_alone_verifies_it(kms, refused, size):
    key, other = (
        kms.create_key(KeySpec=f"HMAC_{size}", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"] for _ in range(2)
    )
    algorithm = f"HMAC_SHA_{size}"
    call = {"KeyId": key, "MacAlgorithm": algorithm}
    made = kms.generate_mac(**call, Message=MESSAGE)
    mac = made["Mac"]
    assert set(made) == {"Mac", "MacAlgorithm", "KeyId", "ResponseMetadata"}
    assert (len(mac), made["MacAlgorithm"], made["KeyId"]) == (size // 8, algorithm, key)
    verified = kms.verify_mac(**call, Message=MESSAGE, Mac=mac)
    del verified["ResponseMetadata"]
    assert verified == {"KeyId": key, "MacValid": True, "MacAlgorithm": algorithm}
    for message, shown in ((b"another", mac), (MESSAGE, mac[:-1]), (MESSAGE, bytes(len(mac))), (MESSAGE, mac + b"x")):
        assert refused(kms.verify_mac, **call, Message=message, Mac=shown) == INVALID_MAC
    assert refused(kms.verify_mac, KeyId=other, MacAlgorithm=algorithm, Message=MESSAGE, Mac=mac) == INVALID_MAC
    for wrong in {224, 256, 384, 512} - {size}:
        words = f"Algorithm HMAC_SHA_{wrong} is incompatible with key spec HMAC_{size}."
        wrong_call = {"KeyId": key, "MacAlgorithm": f"HMAC_SHA_{wrong}", "Message": MESSAGE}
        assert refused(kms.generate_mac, **wrong_call) == ("InvalidKeyUsageException", words)
        assert refused(kms.verify_mac, **wrong_call, Mac=mac) == ("InvalidKeyUsageException", words)


def test_pythons_own_hmac_agrees(sim, kms):
    key_id = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    mac = kms.generate_mac(KeyId=key_id, Message=MESSAGE, MacAlgorithm="HMAC_SHA_256")["Mac"]
    (sealed,) = sim.service.hsm._Hsm__open  # by force: nothing in the API tells an HMAC key
    assert hmac.new(sim.service.hsm._Hsm__open[sealed], MESSAGE, "sha256").digest() == mac


@pytest.mark.parametrize(
    ("spec", "usage"),
    [("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"), ("ECC_NIST_P256", "KEY_AGREEMENT"), ("HMAC_256", "GENERATE_VERIFY_MAC")],
)
def test_a_key_of_another_usage_does_not_sign(kms, refused, spec, usage):
    arn = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]
    for name, more in (("Sign", {}), ("Verify", {"Signature": b"x"})):
        call = {"KeyId": arn, "Message": MESSAGE, "SigningAlgorithm": "ECDSA_SHA_256", **more}
        assert refused(getattr(kms, name.lower()), **call) == (
            "InvalidKeyUsageException", f"{arn} key usage is {usage} which is not valid for {name}.",
        )  # fmt: skip


def test_the_state_of_a_key_is_looked_at_before_the_algorithm(kms, refused):
    arn = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    kms.disable_key(KeyId=arn)
    call = {"KeyId": arn, "Message": MESSAGE, "SigningAlgorithm": "ECDSA_SHA_384"}
    assert refused(kms.sign, **call) == ("DisabledException", f"{arn} is disabled.")
