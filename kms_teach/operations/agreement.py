"""Shared secrets: by key agreement (ECDH), or by encapsulation (ML-KEM)."""

from typing import Any

from kms_teach.keys.key import Key
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation
from kms_teach.operations.recipients import secret_member

KEM_KEY = KeyParameter("KeyId", algorithm="EncapsulationAlgorithm")


@operation(KeyParameter("KeyId", algorithm="KeyAgreementAlgorithm"), usage="KEY_AGREEMENT")
def derive_shared_secret(call: Call, key: Key, key_agreement_algorithm: str, public_key: bytes) -> dict[str, Any]:
    """Agree on a secret with whoever holds the private half of `public_key`.

    KMS API Reference, "DeriveSharedSecret". Errors, in the order they are checked: InvalidGrantTokenException,
    ValidationException, NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException,
    KMSInvalidStateException, DryRunOperationException.
    """
    sealed = call.use(key, key.current, "agrees")
    return {
        "KeyId": key.arn,
        **secret_member(call, "SharedSecret", call.hsm.agree(sealed, public_key)),
        "KeyAgreementAlgorithm": key_agreement_algorithm,
        "KeyOrigin": key.origin,
    }


@operation(KEM_KEY, usage="ENCAPSULATE_DECAPSULATE")
def encapsulate(call: Call, key: Key, encapsulation_algorithm: str) -> dict[str, Any]:
    """Make a shared secret, plain and encapsulated under the key's public half.

    KMS API Reference, "Encapsulate". Errors, in the order they are checked: InvalidGrantTokenException,
    NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException, KMSInvalidStateException,
    DryRunOperationException.
    """
    secret, encapsulated = call.hsm.encapsulate(call.use(key, key.current, "encapsulates"))
    return {
        "KeyId": key.arn,
        "SharedSecret": secret,
        "SharedSecretCiphertextBlob": encapsulated,
        "EncapsulationAlgorithm": encapsulation_algorithm,
    }


@operation(KEM_KEY, usage="ENCAPSULATE_DECAPSULATE")
def decapsulate(
    call: Call, key: Key, shared_secret_ciphertext_blob: bytes, encapsulation_algorithm: str
) -> dict[str, Any]:
    """Open an encapsulation; a wrong one of the right length gives 32 other bytes.

    KMS API Reference, "Decapsulate". Errors, in the order they are checked: InvalidGrantTokenException,
    NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException, KMSInvalidStateException,
    InvalidCiphertextException, DryRunOperationException.
    """
    sealed = call.use(key, key.current, "decapsulates")
    secret = call.hsm.decapsulate(sealed, shared_secret_ciphertext_blob)
    return {"KeyId": key.arn, "SharedSecret": secret, "EncapsulationAlgorithm": encapsulation_algorithm}
