"""Data keys, the half of envelope encryption that KMS does: a new key, plain and encrypted, of which it keeps none."""

from collections.abc import Mapping
from typing import Any

from kms_teach.errors import InvalidKeyUsageException, UnsupportedOperationException, ValidationException
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.key import Key
from kms_teach.keys.specs import DATA_KEY_SIZES, NOT_HERE, SPECS, SYMMETRIC
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation
from kms_teach.operations.cryptographic import NO_CONTEXT, Context, seal
from kms_teach.operations.recipients import secret_member


@operation(KeyParameter("KeyId"), usage="ENCRYPT_DECRYPT")
def generate_data_key(
    call: Call, key: Key, encryption_context: Context = NO_CONTEXT, number_of_bytes: int | None = None,
    key_spec: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Make a symmetric data key, plain and encrypted.

    KMS API Reference, "GenerateDataKey". Errors, in the order they are checked: InvalidGrantTokenException,
    ValidationException, NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException,
    KMSInvalidStateException, DryRunOperationException.
    """
    if (number_of_bytes is None) == (key_spec is None):
        raise ValidationException("Please specify either number of bytes or key spec.")
    _check_symmetric(key)
    plaintext = call.hsm.random(number_of_bytes or DATA_KEY_SIZES[key_spec or ""])
    blob = seal(call, key, plaintext, encryption_context)
    secret = secret_member(call, "Plaintext", plaintext)
    return {"CiphertextBlob": blob, **secret, "KeyId": key.arn, "KeyMaterialId": key.current.id}


@operation(KeyParameter("KeyId"), usage="ENCRYPT_DECRYPT")
def generate_data_key_without_plaintext(
    call: Call,
    key: Key,
    encryption_context: Context = NO_CONTEXT,
    key_spec: str | None = None,
    number_of_bytes: int | None = None,
) -> dict[str, Any]:
    """Make a symmetric data key, encrypted only.

    KMS API Reference, "GenerateDataKeyWithoutPlaintext". Errors, in the order they are checked:
    InvalidGrantTokenException, NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException,
    KMSInvalidStateException, ValidationException, DryRunOperationException.
    """
    answer: dict[str, Any] = generate_data_key(call, key, encryption_context, number_of_bytes, key_spec)
    del answer["Plaintext"]
    return answer


def fresh_pair(hsm: Hsm, params: Mapping[str, Any]) -> tuple[bytes, bytes] | None:
    """The data key pair, where the HSM can make it: done ahead, since an RSA key takes its time."""
    spec = SPECS[params["KeyPairSpec"]]
    return hsm.pair(spec.name) if spec.available and hsm.makes(spec.name) else None


@operation(KeyParameter("KeyId"), usage="ENCRYPT_DECRYPT", before=fresh_pair)
def generate_data_key_pair(
    call: Call, key: Key, key_pair_spec: str, encryption_context: Context = NO_CONTEXT
) -> dict[str, Any]:
    """Make a data key pair, its private half plain and encrypted.

    KMS API Reference, "GenerateDataKeyPair". Errors, in the order they are checked: InvalidGrantTokenException,
    ValidationException, NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException,
    KMSInvalidStateException, UnsupportedOperationException, DryRunOperationException.
    """
    _check_symmetric(key)
    if key.key_store:
        raise UnsupportedOperationException
    if not SPECS[key_pair_spec].available:
        raise UnsupportedOperationException(SPECS[key_pair_spec].missing)
    if not call.hsm.makes(key_pair_spec):
        raise UnsupportedOperationException(NOT_HERE.format(spec=key_pair_spec))
    private, public = call.prepared
    return {
        "PrivateKeyCiphertextBlob": seal(call, key, private, encryption_context),
        **secret_member(call, "PrivateKeyPlaintext", private),
        "PublicKey": public,
        "KeyId": key.arn,
        "KeyPairSpec": key_pair_spec,
        "KeyMaterialId": key.current.id,
    }


@operation(KeyParameter("KeyId"), usage="ENCRYPT_DECRYPT", before=fresh_pair)
def generate_data_key_pair_without_plaintext(
    call: Call, key: Key, key_pair_spec: str, encryption_context: Context = NO_CONTEXT
) -> dict[str, Any]:
    """Make a data key pair, its private half encrypted only.

    KMS API Reference, "GenerateDataKeyPairWithoutPlaintext". Errors, in the order they are checked:
    InvalidGrantTokenException, NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException,
    KMSInvalidStateException, UnsupportedOperationException, DryRunOperationException.
    """
    answer: dict[str, Any] = generate_data_key_pair(call, key, key_pair_spec, encryption_context)
    del answer["PrivateKeyPlaintext"]
    return answer


def _check_symmetric(key: Key) -> None:
    if key.spec != SYMMETRIC:
        raise InvalidKeyUsageException("You cannot generate a data key with an asymmetric CMK")
