"""Data keys and data key pairs: made, given out plain and encrypted, and forgotten."""

import threading

import pytest
from botocore import xform_name
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from kms_teach.access.principals import root
from kms_teach.hsm.algorithms import GENERATE
from kms_teach.wire.model import service_model

PAIRS = {  # KeyPairSpec -> bytes of the private key where they are always the same
    "RSA_2048": None, "RSA_3072": None, "RSA_4096": None, "ECC_NIST_P256": 138, "ECC_NIST_P384": 185,
    "ECC_NIST_P521": 241, "ECC_SECG_P256K1": 135, "ECC_NIST_EDWARDS25519": 48, "ML_KEM_768": 86, "ML_KEM_1024": 86,
}  # fmt: skip
MISSING = {
    "SM2": "KeySpec SM2 is available only in China Regions",
    "ML_KEM_512": "this simulator makes no ML_KEM_512 keys, for its cryptographic library has none: use ML_KEM_768",
}
ASYMMETRIC = ("InvalidKeyUsageException", "You cannot generate a data key with an asymmetric CMK")
SIZE_TWICE = ("ValidationException", "Please specify either number of bytes or key spec.")


def spki(public):
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(("asked", "size"), [
    ({"KeySpec": "AES_128"}, 16), ({"KeySpec": "AES_256"}, 32),
    ({"NumberOfBytes": 1}, 1), ({"NumberOfBytes": 1024}, 1024),
])  # fmt: skip
def test_a_data_key_comes_plain_and_encrypted(kms, key, asked, size):
    described = kms.describe_key(KeyId=key)["KeyMetadata"]
    answer = kms.generate_data_key(KeyId=key, EncryptionContext={"a": "b"}, **asked)
    assert set(answer) == {"CiphertextBlob", "Plaintext", "KeyId", "KeyMaterialId", "ResponseMetadata"}
    assert (answer["KeyId"], answer["KeyMaterialId"]) == (described["Arn"], described["CurrentKeyMaterialId"])
    assert len(answer["Plaintext"]) == size
    opened = kms.decrypt(CiphertextBlob=answer["CiphertextBlob"], EncryptionContext={"a": "b"})
    assert opened["Plaintext"] == answer["Plaintext"]
    closed = kms.generate_data_key_without_plaintext(KeyId=key, **asked)
    assert set(closed) == {"CiphertextBlob", "KeyId", "KeyMaterialId", "ResponseMetadata"}
    assert len(kms.decrypt(CiphertextBlob=closed["CiphertextBlob"])["Plaintext"]) == size


@pytest.mark.parametrize("asked", [{}, {"KeySpec": "AES_256", "NumberOfBytes": 32}])
def test_a_data_key_needs_one_size(kms, key, refused, asked):
    assert refused(kms.generate_data_key, KeyId=key, **asked) == SIZE_TWICE
    assert refused(kms.generate_data_key_without_plaintext, KeyId=key, **asked) == SIZE_TWICE


def test_the_pair_specs_are_those_of_the_api():
    assert {*PAIRS, *MISSING} == set(service_model().shape_for("DataKeyPairSpec").metadata["enum"])


@pytest.mark.parametrize("spec", PAIRS)
def test_a_pair_comes_with_its_public_key_and_its_private_key_plain_and_encrypted(kms, key, spec):
    described = kms.describe_key(KeyId=key)["KeyMetadata"]
    answer = kms.generate_data_key_pair(KeyId=key, KeyPairSpec=spec, EncryptionContext={"a": "b"})
    private, public = answer["PrivateKeyPlaintext"], answer["PublicKey"]
    assert set(answer) == {
        "PrivateKeyCiphertextBlob", "PrivateKeyPlaintext", "PublicKey", "KeyId", "KeyPairSpec", "KeyMaterialId",
        "ResponseMetadata",
    }  # fmt: skip
    assert (answer["KeyId"], answer["KeyPairSpec"]) == (described["Arn"], spec)
    assert answer["KeyMaterialId"] == described["CurrentKeyMaterialId"]
    assert len(private) == (PAIRS[spec] or len(private))
    assert spki(load_der_private_key(private, None).public_key()) == public == spki(load_der_public_key(public))
    opened = kms.decrypt(CiphertextBlob=answer["PrivateKeyCiphertextBlob"], EncryptionContext={"a": "b"})
    assert opened["Plaintext"] == private


def test_a_pair_without_plaintext_has_its_private_key_encrypted_alone(kms, key):
    answer = kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec="ECC_NIST_P256")
    assert set(answer) == {
        "PrivateKeyCiphertextBlob", "PublicKey", "KeyId", "KeyPairSpec", "KeyMaterialId", "ResponseMetadata",
    }  # fmt: skip
    private = kms.decrypt(CiphertextBlob=answer["PrivateKeyCiphertextBlob"])["Plaintext"]
    assert spki(load_der_private_key(private, None).public_key()) == answer["PublicKey"]


@pytest.mark.parametrize(("spec", "words"), MISSING.items())
def test_a_pair_that_cannot_be_made_is_refused_in_one_sentence(kms, key, refused, spec, words):
    for generate in (kms.generate_data_key_pair, kms.generate_data_key_pair_without_plaintext):
        assert refused(generate, KeyId=key, KeyPairSpec=spec) == ("UnsupportedOperationException", words)


def test_an_rsa_key_makes_no_data_keys(kms, refused):
    arn = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    for generate in (kms.generate_data_key, kms.generate_data_key_without_plaintext):
        assert refused(generate, KeyId=arn, KeySpec="AES_256") == ASYMMETRIC
    for generate in (kms.generate_data_key_pair, kms.generate_data_key_pair_without_plaintext):
        assert refused(generate, KeyId=arn, KeyPairSpec="ECC_NIST_P256") == ASYMMETRIC


def test_a_key_of_another_usage_is_named_with_the_operation(kms, refused):
    arn = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    refusal = refused(kms.generate_data_key_without_plaintext, KeyId=arn, KeySpec="AES_256")
    words = f"{arn} key usage is SIGN_VERIFY which is not valid for GenerateDataKeyWithoutPlaintext."
    assert refusal == ("InvalidKeyUsageException", words)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("GenerateDataKeyPair", {"KeyPairSpec": "RSA_2048"}),
        ("GenerateDataKeyPairWithoutPlaintext", {"KeyPairSpec": "RSA_2048"}),
        ("CreateKey", {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}),
        ("CreateKey", {"KeySpec": "ML_DSA_87", "KeyUsage": "SIGN_VERIFY"}),
    ],
)
def test_a_slow_key_is_made_while_other_callers_are_served(monkeypatch, sim, kms, key, name, parameters):
    """The generator waits until another caller was answered: it would wait in vain if it held the simulator."""
    served, begun, answers = threading.Event(), threading.Event(), []
    spec = parameters.get("KeySpec") or parameters["KeyPairSpec"]

    def slow():
        begun.set()
        assert served.wait(10)
        return make()

    make = GENERATE[spec]
    monkeypatch.setitem(GENERATE, spec, slow)
    target = {} if name == "CreateKey" else {"KeyId": key}
    call = threading.Thread(target=lambda: answers.append(getattr(kms, xform_name(name))(**target, **parameters)))
    call.start()
    assert begun.wait(10)
    assert sim.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    assert not answers
    served.set()
    call.join(10)
    assert answers


@pytest.mark.parametrize(
    ("name", "how", "secret"),
    [
        ("GenerateDataKeyWithoutPlaintext", {"KeySpec": "AES_256"}, "Plaintext"),
        ("GenerateDataKeyPairWithoutPlaintext", {"KeyPairSpec": "ECC_NIST_P256"}, "PrivateKeyPlaintext"),
    ],
)
def test_what_is_asked_for_without_plaintext_leaves_kms_without_it(sim, key, name, how, secret):
    """Seen before the client, which would drop a member that the model does not list."""
    answer = sim.service.perform(root("111122223333"), "us-east-1", name, {"KeyId": key, **how})
    assert answer
    assert secret not in answer
