"""Signatures and MACs: proof, with a key pair or a shared secret, that a message is intact and who it is from."""

from collections.abc import Callable
from typing import Any

from kms_teach.errors import UnsupportedOperationException, ValidationException
from kms_teach.keys.key import Key
from kms_teach.keys.specs import MESSAGE_TYPES, MISSING_ALGORITHMS, SPECS
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation

SIGNING_KEY = KeyParameter("KeyId", algorithm="SigningAlgorithm")
MAC_KEY = KeyParameter("KeyId", algorithm="MacAlgorithm")


@operation(SIGNING_KEY, usage="SIGN_VERIFY")
def sign(
    call: Call, key: Key, message: bytes, signing_algorithm: str, message_type: str = "RAW"
) -> Callable[[], dict[str, Any]]:  # fmt: skip
    """Sign a message, or its digest, with the private half of a key pair.

    KMS API Reference, "Sign". Errors, in the order they are checked: InvalidGrantTokenException, NotFoundException,
    AccessDeniedException, InvalidKeyUsageException, DisabledException, KMSInvalidStateException, ValidationException,
    UnsupportedOperationException, DryRunOperationException.
    """
    _check_message(call, key, message, signing_algorithm, message_type)
    made = call.hsm.signing(call.use(key, key.current, "signs"), signing_algorithm, message_type, message)
    return lambda: {"KeyId": key.arn, "Signature": made(), "SigningAlgorithm": signing_algorithm}


@operation(SIGNING_KEY, usage="SIGN_VERIFY")
def verify(
    call: Call, key: Key, message: bytes, signature: bytes, signing_algorithm: str, message_type: str = "RAW"
) -> dict[str, Any]:
    """Verify a signature; a wrong one is an error, never a false answer.

    KMS API Reference, "Verify". Errors, in the order they are checked: InvalidGrantTokenException, NotFoundException,
    AccessDeniedException, InvalidKeyUsageException, DisabledException, KMSInvalidStateException, ValidationException,
    UnsupportedOperationException, KMSInvalidSignatureException, DryRunOperationException.
    """
    _check_message(call, key, message, signing_algorithm, message_type)
    sealed = call.use(key, key.current, "verifies")
    call.hsm.verify(sealed, signing_algorithm, message_type, message, signature)
    return {"KeyId": key.arn, "SignatureValid": True, "SigningAlgorithm": signing_algorithm}


@operation(MAC_KEY, usage="GENERATE_VERIFY_MAC")
def generate_mac(call: Call, key: Key, message: bytes, mac_algorithm: str) -> dict[str, Any]:
    """Authenticate a message with an HMAC key.

    KMS API Reference, "GenerateMac". Errors, in the order they are checked: InvalidGrantTokenException,
    NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException, KMSInvalidStateException,
    DryRunOperationException.
    """
    sealed = call.use(key, key.current, "authenticates")
    return {"Mac": call.hsm.mac(sealed, mac_algorithm, message), "MacAlgorithm": mac_algorithm, "KeyId": key.arn}


@operation(MAC_KEY, usage="GENERATE_VERIFY_MAC")
def verify_mac(call: Call, key: Key, message: bytes, mac_algorithm: str, mac: bytes) -> dict[str, Any]:
    """Verify a MAC; a wrong one is an error, never a false answer.

    KMS API Reference, "VerifyMac". Errors, in the order they are checked: InvalidGrantTokenException,
    NotFoundException, AccessDeniedException, InvalidKeyUsageException, DisabledException, KMSInvalidStateException,
    KMSInvalidMacException, DryRunOperationException.
    """
    sealed = call.use(key, key.current, "verifies")
    call.hsm.verify_mac(sealed, mac_algorithm, message, mac)
    return {"KeyId": key.arn, "MacValid": True, "MacAlgorithm": mac_algorithm}


def _check_message(call: Call, key: Key, message: bytes, algorithm: str, message_type: str) -> None:
    """The message has a type that the algorithm takes, and the size of that type."""
    call.audit.parameters["MessageType"] = message_type
    types = MESSAGE_TYPES[algorithm]
    if message_type not in types:
        other = any(message_type in MESSAGE_TYPES[each] for each in SPECS[key.spec].algorithms[key.usage])
        what = f"algorithm {algorithm}" if other else f"key spec {key.spec}"
        raise ValidationException(f"Message type {message_type} is incompatible with {what}.")
    if types[message_type] not in (None, len(message)):
        raise ValidationException(f"Digest is invalid length for algorithm {algorithm}.")
    if algorithm not in MISSING_ALGORITHMS and not call.hsm.signs(algorithm, message_type):
        raise UnsupportedOperationException(
            f"the installed `cryptography` does not sign a {message_type} with {algorithm}: install a newer one"
        )
    if algorithm in MISSING_ALGORITHMS:
        raise UnsupportedOperationException(MISSING_ALGORITHMS[algorithm])
