"""The AWS Encryption SDK for Python, which makes its own clients and its own envelopes."""

import io

import aws_encryption_sdk
import boto3
import botocore.session
import pytest
from aws_encryption_sdk import CommitmentPolicy, StrictAwsKmsMasterKeyProvider
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError, DecryptKeyError
from aws_encryption_sdk.internal.formatting.deserialize import deserialize_header
from cryptography.exceptions import InvalidSignature, InvalidTag

pytestmark = pytest.mark.slow

CONTEXT = {"purpose": "test"}
SDK = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)


@pytest.fixture
def kms(address, monkeypatch):
    """The SDK makes clients from botocore's session, which reads the endpoint from the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    return boto3.session.Session(region_name="us-east-1").client("kms")


def provider(*arns):
    return StrictAwsKmsMasterKeyProvider(key_ids=arns, botocore_session=botocore.session.Session())


@pytest.fixture
def arn(kms):
    return kms.create_key()["KeyMetadata"]["Arn"]


def test_what_it_encrypts_it_decrypts(kms, arn):
    message, _ = SDK.encrypt(source=b"hello" * 5000, key_provider=provider(arn), encryption_context=CONTEXT)
    plaintext, header = SDK.decrypt(source=message, key_provider=provider(arn))
    assert plaintext == b"hello" * 5000
    assert header.encryption_context.items() >= CONTEXT.items()


def test_with_two_keys_either_of_them_decrypts(kms, arn):
    other = kms.create_key()["KeyMetadata"]["Arn"]
    message, _ = SDK.encrypt(source=b"hello", key_provider=provider(arn, other), encryption_context=CONTEXT)
    kms.disable_key(KeyId=arn)
    plaintext, _ = SDK.decrypt(source=message, key_provider=provider(arn, other))
    assert plaintext == b"hello"
    with pytest.raises(DecryptKeyError):
        SDK.decrypt(source=message, key_provider=provider(arn))


def test_kms_opens_the_data_key_only_with_its_context(kms, arn):
    """The message carries the wrapped key; KMS itself cannot decrypt the message, and asks for the context."""
    message, _ = SDK.encrypt(source=b"hello", key_provider=provider(arn), encryption_context=CONTEXT)
    header, _ = deserialize_header(io.BytesIO(message))
    (wrapped,) = header.encrypted_data_keys
    full = header.encryption_context
    assert len(kms.decrypt(CiphertextBlob=wrapped.encrypted_data_key, EncryptionContext=full)["Plaintext"]) == 32
    for context in ({}, CONTEXT, full | {"purpose": "other"}):
        with pytest.raises(kms.exceptions.InvalidCiphertextException):
            kms.decrypt(CiphertextBlob=wrapped.encrypted_data_key, EncryptionContext=context)
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=message[:6000], EncryptionContext=full)


@pytest.mark.parametrize("at", [-1, -200, 80])
def test_a_message_that_was_touched_is_refused(kms, arn, at):
    """The signature in the footer, the body, and the encrypted data key's part of the header."""
    message, _ = SDK.encrypt(source=b"hello" * 100, key_provider=provider(arn), encryption_context=CONTEXT)
    touched = bytearray(message)
    touched[at] ^= 1
    with pytest.raises((AWSEncryptionSDKClientError, InvalidSignature, InvalidTag)):
        SDK.decrypt(source=bytes(touched), key_provider=provider(arn))
