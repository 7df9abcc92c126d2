"""Encrypt, Decrypt, ReEncrypt, GetPublicKey and GenerateRandom: symmetric and RSA."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kms_teach import Simulator

SYMMETRIC = "SYMMETRIC_DEFAULT"
LIMITS = {  # bytes, as AWS's page of Encrypt lists them
    ("RSA_2048", "RSAES_OAEP_SHA_1"): 214, ("RSA_2048", "RSAES_OAEP_SHA_256"): 190,
    ("RSA_3072", "RSAES_OAEP_SHA_1"): 342, ("RSA_3072", "RSAES_OAEP_SHA_256"): 318,
    ("RSA_4096", "RSAES_OAEP_SHA_1"): 470, ("RSA_4096", "RSAES_OAEP_SHA_256"): 446,
}  # fmt: skip
PADDING = {
    f"RSAES_OAEP_SHA_{name}": OAEP(MGF1(hash_), hash_, None)
    for name, hash_ in (("1", hashes.SHA1()), ("256", hashes.SHA256()))
}
INVALID = ("InvalidCiphertextException", "")
INCORRECT = (
    "IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.",
)  # fmt: skip
NO_CONTEXT = (
    "ValidationException", "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.",
)  # fmt: skip


@pytest.fixture(scope="module")
def shared():
    with Simulator(start="2026-01-01T00:00:00Z") as simulator:
        yield simulator.client("kms")


@pytest.fixture(scope="module")
def rsa_key(shared):
    """The ARN of an RSA encryption key of a spec, made when it is first asked for."""
    made = {}

    def key(spec):
        if spec not in made:
            made[spec] = shared.create_key(KeySpec=spec, KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
        return made[spec]

    return key


def members(answer):
    return set(answer) - {"ResponseMetadata"}


@pytest.mark.parametrize(("spec", "algorithm"), LIMITS)
def test_rsa_goes_both_ways_between_kms_and_pyca_up_to_the_limit(shared, rsa_key, refused, spec, algorithm):
    arn, limit = rsa_key(spec), LIMITS[spec, algorithm]
    public = load_der_public_key(shared.get_public_key(KeyId=arn)["PublicKey"])
    call = {"KeyId": arn, "EncryptionAlgorithm": algorithm}
    longest = b"x" * limit
    encrypted = shared.encrypt(**call, Plaintext=longest)
    assert members(encrypted) == {"CiphertextBlob", "KeyId", "EncryptionAlgorithm"}
    assert len(encrypted["CiphertextBlob"]) == public.key_size // 8
    for blob in (encrypted["CiphertextBlob"], public.encrypt(longest, PADDING[algorithm])):
        decrypted = shared.decrypt(**call, CiphertextBlob=blob)
        assert members(decrypted) == {"KeyId", "Plaintext", "EncryptionAlgorithm"}
        assert (decrypted["KeyId"], decrypted["Plaintext"], decrypted["EncryptionAlgorithm"]) == (
            arn,
            longest,
            algorithm,
        )
    words = f"Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {limit} bytes."
    assert refused(shared.encrypt, **call, Plaintext=longest + b"x") == ("ValidationException", words)


def test_rsa_ciphertexts_of_the_same_plaintext_differ(shared, rsa_key):
    call = {"KeyId": rsa_key("RSA_2048"), "Plaintext": b"x", "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    assert shared.encrypt(**call)["CiphertextBlob"] != shared.encrypt(**call)["CiphertextBlob"]


def test_a_spoiled_rsa_ciphertext_or_the_other_algorithm_does_not_open(shared, rsa_key, refused):
    call = {"KeyId": rsa_key("RSA_2048"), "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    blob = shared.encrypt(**call, Plaintext=b"x")["CiphertextBlob"]
    for spoiled in (blob[:-1], blob[:-1] + bytes([blob[-1] ^ 1]), blob + b"x", b"x", bytes(256), b"\xff" * 256):
        assert refused(shared.decrypt, **call, CiphertextBlob=spoiled) == INVALID
    assert refused(shared.decrypt, **call | {"EncryptionAlgorithm": "RSAES_OAEP_SHA_1"}, CiphertextBlob=blob) == INVALID


@pytest.mark.parametrize("algorithm", [None, SYMMETRIC])
def test_encrypt_with_rsa_needs_the_algorithm(shared, rsa_key, refused, algorithm):
    chosen = {"EncryptionAlgorithm": algorithm} if algorithm else {}
    words = "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."
    assert refused(shared.encrypt, KeyId=rsa_key("RSA_2048"), Plaintext=b"x", **chosen) == (
        "InvalidKeyUsageException", words,
    )  # fmt: skip


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"])
def test_a_symmetric_key_knows_its_own_algorithm_alone(kms, key, refused, algorithm):
    words = f"Algorithm {algorithm} is incompatible with key spec SYMMETRIC_DEFAULT."
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    call = {"KeyId": key, "EncryptionAlgorithm": algorithm}
    assert refused(kms.encrypt, **call, Plaintext=b"x") == ("InvalidKeyUsageException", words)
    assert refused(kms.decrypt, **call, CiphertextBlob=blob) == ("InvalidKeyUsageException", words)
    assert refused(
        kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=key, DestinationEncryptionAlgorithm=algorithm
    ) == ("InvalidKeyUsageException", words)


def test_decrypt_with_rsa_needs_the_key_and_the_algorithm(shared, rsa_key, refused):
    arn, algorithm = rsa_key("RSA_2048"), "RSAES_OAEP_SHA_256"
    blob = shared.encrypt(KeyId=arn, Plaintext=b"x", EncryptionAlgorithm=algorithm)["CiphertextBlob"]
    assert refused(shared.decrypt, CiphertextBlob=blob, KeyId=arn) == INVALID  # it names nothing, so it is no blob
    assert refused(shared.decrypt, CiphertextBlob=blob) == INVALID
    assert refused(shared.decrypt, CiphertextBlob=blob, EncryptionAlgorithm=algorithm) == (
        "ValidationException", "KeyId must not be null",
    )  # fmt: skip


def test_a_symmetric_blob_is_not_for_an_rsa_key(shared, rsa_key, refused):
    key = shared.create_key()["KeyMetadata"]["KeyId"]
    blob = shared.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert refused(shared.decrypt, CiphertextBlob=blob, KeyId=rsa_key("RSA_2048")) == INCORRECT


def test_rsa_takes_no_encryption_context(shared, rsa_key, refused):
    call = {"KeyId": rsa_key("RSA_2048"), "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    blob = shared.encrypt(**call, Plaintext=b"x")["CiphertextBlob"]
    assert refused(shared.encrypt, **call, Plaintext=b"x", EncryptionContext={"a": "b"}) == NO_CONTEXT
    assert refused(shared.decrypt, **call, CiphertextBlob=blob, EncryptionContext={"a": "b"}) == NO_CONTEXT
    assert shared.decrypt(**call, CiphertextBlob=blob, EncryptionContext={})["Plaintext"] == b"x"


def test_re_encrypt_goes_between_symmetric_and_rsa_either_way(shared, rsa_key):
    rsa_arn, algorithm = rsa_key("RSA_2048"), "RSAES_OAEP_SHA_256"
    described = shared.create_key()["KeyMetadata"]
    arn, material = described["Arn"], described["CurrentKeyMaterialId"]
    blob = shared.encrypt(KeyId=arn, Plaintext=b"x", EncryptionContext={"a": "b"})["CiphertextBlob"]

    out = shared.re_encrypt(
        CiphertextBlob=blob, SourceEncryptionContext={"a": "b"}, DestinationKeyId=rsa_arn,
        DestinationEncryptionAlgorithm=algorithm,
    )  # fmt: skip
    del out["ResponseMetadata"]
    rsa_blob = out.pop("CiphertextBlob")
    assert len(rsa_blob) == 256
    assert out == {
        "SourceKeyId": arn, "KeyId": rsa_arn, "SourceKeyMaterialId": material,
        "SourceEncryptionAlgorithm": SYMMETRIC, "DestinationEncryptionAlgorithm": algorithm,
    }  # fmt: skip

    back = shared.re_encrypt(
        CiphertextBlob=rsa_blob, SourceKeyId=rsa_arn, SourceEncryptionAlgorithm=algorithm, DestinationKeyId=arn
    )
    del back["ResponseMetadata"]
    assert shared.decrypt(CiphertextBlob=back.pop("CiphertextBlob"))["Plaintext"] == b"x"
    assert back == {
        "SourceKeyId": rsa_arn, "KeyId": arn, "DestinationKeyMaterialId": material,
        "SourceEncryptionAlgorithm": algorithm, "DestinationEncryptionAlgorithm": SYMMETRIC,
    }  # fmt: skip


def test_re_encrypt_asks_of_rsa_what_encrypt_asks(shared, rsa_key, refused):
    rsa_arn, algorithm = rsa_key("RSA_2048"), "RSAES_OAEP_SHA_256"
    key = shared.create_key()["KeyMetadata"]["KeyId"]
    blob = shared.encrypt(KeyId=key, Plaintext=b"x" * 191)["CiphertextBlob"]
    call = {"CiphertextBlob": blob, "DestinationKeyId": rsa_arn}
    assert refused(shared.re_encrypt, **call) == (
        "InvalidKeyUsageException", "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.",
    )  # fmt: skip
    call["DestinationEncryptionAlgorithm"] = algorithm
    assert refused(shared.re_encrypt, **call, DestinationEncryptionContext={"a": "b"}) == NO_CONTEXT
    assert refused(shared.re_encrypt, **call) == (
        "ValidationException",
        "Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.",
    )
    rsa_blob = shared.encrypt(KeyId=rsa_arn, Plaintext=b"x", EncryptionAlgorithm=algorithm)["CiphertextBlob"]
    call = {"CiphertextBlob": rsa_blob, "DestinationKeyId": key, "SourceEncryptionAlgorithm": algorithm}
    assert refused(shared.re_encrypt, **call) == ("ValidationException", "SourceKeyId must not be null")


def test_a_symmetric_blob_names_its_key_and_opens_with_its_context_alone(kms, key, refused):
    described = kms.describe_key(KeyId=key)["KeyMetadata"]
    call = {"EncryptionContext": {"a": "b"}}
    encrypted = kms.encrypt(KeyId=key, Plaintext=b"hello", **call)
    assert members(encrypted) == {"CiphertextBlob", "KeyId", "EncryptionAlgorithm"}
    decrypted = kms.decrypt(CiphertextBlob=encrypted["CiphertextBlob"], **call)
    del decrypted["ResponseMetadata"]
    assert decrypted == {
        "KeyId": described["Arn"], "Plaintext": b"hello", "EncryptionAlgorithm": SYMMETRIC,
        "KeyMaterialId": described["CurrentKeyMaterialId"],
    }  # fmt: skip
    assert refused(kms.decrypt, CiphertextBlob=encrypted["CiphertextBlob"]) == INVALID
    assert refused(kms.decrypt, CiphertextBlob=b"no blob", **call) == INVALID
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    assert refused(kms.decrypt, CiphertextBlob=encrypted["CiphertextBlob"], KeyId=other, **call) == INCORRECT


@pytest.mark.parametrize(("name", "more"), [("decrypt", {}), ("re_encrypt", {"DestinationKeyId": "alias/d"})])
def test_the_ciphertext_may_be_left_out_only_to_ask_who_may(sim, kms, key, refused, name, more):
    kms.create_alias(AliasName="alias/d", TargetKeyId=key)
    source = {"KeyId" if name == "decrypt" else "SourceKeyId": key}
    words = "Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null"
    refusal = refused(getattr(kms, name), **source, **more)
    assert refusal == ("ValidationException", f"1 validation error detected: {words}")
    asked = {"DryRun": True, "DryRunModifiers": ["IGNORE_CIPHERTEXT"]}
    for blob in ({}, {"CiphertextBlob": b"not looked at"}):
        refusal = refused(getattr(kms, name), **source, **more, **blob, **asked)
        assert refusal == (
            "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.",
        )  # fmt: skip
    refusal = refused(getattr(kms, name), **more, **asked)
    assert refusal == ("ValidationException", f"{next(iter(source))} must not be null")
    stranger = sim.user("alice").client("kms")
    assert (
        refused(getattr(stranger, name), **source, **dict.fromkeys(more, key), **asked).code == "AccessDeniedException"
    )
    assert sim.trail[-1].used == ()


@pytest.mark.parametrize(
    ("spec", "usage", "listed", "kind"),
    [
        ("RSA_3072", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", rsa.RSAPublicKey),
        ("RSA_2048", "SIGN_VERIFY", "SigningAlgorithms", rsa.RSAPublicKey),
        ("ECC_NIST_P384", "KEY_AGREEMENT", "KeyAgreementAlgorithms", ec.EllipticCurvePublicKey),
        ("ECC_SECG_P256K1", "SIGN_VERIFY", "SigningAlgorithms", ec.EllipticCurvePublicKey),
        ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY", "SigningAlgorithms", ed25519.Ed25519PublicKey),
        ("ML_DSA_65", "SIGN_VERIFY", "SigningAlgorithms", mldsa.MLDSA65PublicKey),
        ("ML_KEM_768", "ENCAPSULATE_DECAPSULATE", "EncapsulationAlgorithms", mlkem.MLKEM768PublicKey),
    ],
)
def test_get_public_key_tells_what_it_is_and_what_it_is_for(kms, spec, usage, listed, kind):
    described = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]
    answer = kms.get_public_key(KeyId=described["KeyId"])
    del answer["ResponseMetadata"]
    public = load_der_public_key(answer.pop("PublicKey"))
    assert isinstance(public, kind)
    assert answer == {
        "KeyId": described["Arn"], "CustomerMasterKeySpec": spec, "KeySpec": spec, "KeyUsage": usage,
        listed: described[listed],
    }  # fmt: skip


@pytest.mark.parametrize(("spec", "usage"), [(SYMMETRIC, "ENCRYPT_DECRYPT"), ("HMAC_256", "GENERATE_VERIFY_MAC")])
def test_a_secret_has_no_public_key(kms, refused, spec, usage):
    arn = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["Arn"]
    words = f"{arn} has key spec {spec}, which has no public key."
    assert refused(kms.get_public_key, KeyId=arn) == ("UnsupportedOperationException", words)


@pytest.mark.parametrize(("spec", "words"), [
    ("SM2", "KeySpec SM2 is available only in China Regions"),
    ("ML_KEM_512", "this simulator makes no ML_KEM_512 keys, for its cryptographic library has none: use ML_KEM_768"),
])  # fmt: skip
def test_keys_that_cannot_be_made_are_refused_in_one_sentence(kms, refused, spec, words):
    usage = "SIGN_VERIFY" if spec == "SM2" else "ENCAPSULATE_DECAPSULATE"
    assert refused(kms.create_key, KeySpec=spec, KeyUsage=usage) == ("UnsupportedOperationException", words)


def test_random_bytes_are_as_many_as_asked_and_never_the_same(kms, refused):
    assert len(kms.generate_random(NumberOfBytes=1024)["Plaintext"]) == 1024
    assert kms.generate_random(NumberOfBytes=32)["Plaintext"] != kms.generate_random(NumberOfBytes=32)["Plaintext"]
    assert refused(kms.generate_random) == ("ValidationException", "NumberOfBytes is required.")


def test_the_trail_shows_the_algorithm_and_the_material_of_symmetric_keys_alone(sim, kms, key):
    material = kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]
    kms.encrypt(KeyId=key, Plaintext=b"x")
    event = sim.trail[-1].event
    assert event["requestParameters"] == {"keyId": key, "encryptionAlgorithm": SYMMETRIC}
    assert event["additionalEventData"] == {"keyMaterialId": material}
    rsa_id = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=rsa_id, Plaintext=b"x", EncryptionAlgorithm="RSAES_OAEP_SHA_1")
    event = sim.trail[-1].event
    assert event["requestParameters"] == {"keyId": rsa_id, "encryptionAlgorithm": "RSAES_OAEP_SHA_1"}
    assert "additionalEventData" not in event


def test_re_encrypt_tells_the_material_that_opened_and_the_one_that_sealed(kms, key):
    sealed = kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    kms.rotate_key_on_demand(KeyId=key)
    answer = kms.re_encrypt(CiphertextBlob=sealed["CiphertextBlob"], DestinationKeyId=key)
    newest = kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]
    assert answer["SourceKeyMaterialId"] == sealed["KeyMaterialId"] != newest
    assert answer["DestinationKeyMaterialId"] == newest
