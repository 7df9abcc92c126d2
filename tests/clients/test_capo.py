"""A client that shares no code with botocore: its own HTTP stack, its own signer, generated from AWS's Smithy models."""

import pytest
from capo_kms import KMSClient, errors

pytestmark = pytest.mark.slow


@pytest.fixture
def kms(address):
    with KMSClient(
        region="us-east-1", endpoint=address, credentials={"access_key": "test", "secret_key": "test"}
    ) as client:
        yield client


@pytest.fixture
def key(kms):
    return kms.create_key(description="made by another client")["key_metadata"]["key_id"]


def test_it_encrypts_and_decrypts(kms, key):
    sealed = kms.encrypt(key_id=key, plaintext=b"hello", encryption_context={"a": "b"})
    assert (
        kms.decrypt(ciphertext_blob=sealed["ciphertext_blob"], encryption_context={"a": "b"})["plaintext"] == b"hello"
    )


def test_it_reads_times_lists_and_pages(kms, key):
    metadata = kms.describe_key(key_id=key)["key_metadata"]
    assert metadata["creation_date"].year >= 2026
    assert metadata["encryption_algorithms"] == ["SYMMETRIC_DEFAULT"]
    assert key in {entry["key_id"] for entry in kms.iter_list_keys(limit=1)}


def test_it_signs_and_verifies(kms):
    key = kms.create_key(key_spec="ECC_NIST_P256", key_usage="SIGN_VERIFY")["key_metadata"]["key_id"]
    how = {"key_id": key, "message": b"hello", "signing_algorithm": "ECDSA_SHA_256"}
    assert kms.verify(**how, signature=kms.sign(**how)["signature"])["signature_valid"]


def test_it_knows_our_errors(kms, key):
    sealed = kms.encrypt(key_id=key, plaintext=b"hello", encryption_context={"a": "b"})["ciphertext_blob"]
    with pytest.raises(errors.InvalidCiphertextException):
        kms.decrypt(ciphertext_blob=sealed)
    with pytest.raises(errors.NotFoundException, match="is not found"):
        kms.describe_key(key_id="alias/none")


def test_a_wrong_secret_is_noticed(address):
    with (
        KMSClient(
            region="us-east-1", endpoint=address, credentials={"access_key": "test", "secret_key": "wrong"}
        ) as client,
        pytest.raises(Exception, match="signature"),
    ):
        client.list_keys()
