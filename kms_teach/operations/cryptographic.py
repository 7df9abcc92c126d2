"""Encrypt, Decrypt and ReEncrypt, the public half of a key pair, and random bytes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from kms_teach.errors import InvalidCiphertextException, UnsupportedOperationException, ValidationException
from kms_teach.hsm.blob import parse
from kms_teach.keys.key import Key
from kms_teach.keys.specs import ALGORITHM_LISTS, ENCRYPT_MAX, SPECS, SYMMETRIC
from kms_teach.keys.stores import CLOUDHSM, connection
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation
from kms_teach.operations.key_stores import find_store
from kms_teach.operations.recipients import secret_member

Context = Mapping[str, str]
NO_CONTEXT: Context = MappingProxyType({})
SYMMETRIC_ONLY = "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs."


@operation(KeyParameter("KeyId", algorithm="EncryptionAlgorithm"), usage="ENCRYPT_DECRYPT")
def encrypt(
    call: Call,
    key: Key,
    plaintext: bytes,
    encryption_context: Context = NO_CONTEXT,
    encryption_algorithm: str = SYMMETRIC,
) -> dict[str, Any]:
    """Encrypt up to 4096 bytes, fewer with RSA, under the key's current material.

    KMS API Reference, "Encrypt". Errors, in the order they are checked: InvalidGrantTokenException, NotFoundException,
    AccessDeniedException, InvalidKeyUsageException, DisabledException, KMSInvalidStateException, ValidationException,
    DryRunOperationException.
    """
    call.audit.parameters["EncryptionAlgorithm"] = encryption_algorithm
    return {
        "CiphertextBlob": seal(call, key, plaintext, encryption_context, encryption_algorithm),
        "KeyId": key.arn,
        "EncryptionAlgorithm": encryption_algorithm,
    }


@operation(KeyParameter("KeyId", blob="CiphertextBlob", algorithm="EncryptionAlgorithm"), usage="ENCRYPT_DECRYPT")
def decrypt(
    call: Call, key: Key, ciphertext_blob: bytes, encryption_context: Context = NO_CONTEXT,
    encryption_algorithm: str = SYMMETRIC,
) -> dict[str, Any] | Callable[[], dict[str, Any]]:  # fmt: skip
    """Decrypt with the very material that a symmetric ciphertext names; it names its key too.

    KMS API Reference, "Decrypt". Errors, in the order they are checked: InvalidGrantTokenException,
    ValidationException, NotFoundException, InvalidCiphertextException, AccessDeniedException, IncorrectKeyException,
    InvalidKeyUsageException, DisabledException, KMSInvalidStateException, DryRunOperationException.
    """
    call.audit.parameters["EncryptionAlgorithm"] = encryption_algorithm

    def answer(plaintext: bytes, **more: str) -> dict[str, Any]:
        secret = secret_member(call, "Plaintext", plaintext)
        return {"KeyId": key.arn, **secret, "EncryptionAlgorithm": encryption_algorithm, **more}

    if encryption_algorithm != SYMMETRIC:
        opened = _unsealing_rsa(call, key, ciphertext_blob, encryption_context, encryption_algorithm)
        return lambda: answer(opened())
    plaintext, material_id = unseal(call, key, ciphertext_blob, encryption_context)
    return answer(plaintext, KeyMaterialId=material_id)


@operation(
    KeyParameter("SourceKeyId", "kms:ReEncryptFrom", blob="CiphertextBlob", algorithm="SourceEncryptionAlgorithm"),
    KeyParameter("DestinationKeyId", "kms:ReEncryptTo", algorithm="DestinationEncryptionAlgorithm"),
    usage="ENCRYPT_DECRYPT",
)  # fmt: skip
def re_encrypt(
    call: Call, source: Key, destination: Key, ciphertext_blob: bytes,
    source_encryption_context: Context = NO_CONTEXT, destination_encryption_context: Context = NO_CONTEXT,
    source_encryption_algorithm: str = SYMMETRIC, destination_encryption_algorithm: str = SYMMETRIC,
) -> dict[str, Any] | Callable[[], dict[str, Any]]:  # fmt: skip
    """Decrypt under one key and encrypt under another, and let no plaintext out.

    KMS API Reference, "ReEncrypt". Errors, in the order they are checked: InvalidGrantTokenException,
    ValidationException, NotFoundException, InvalidCiphertextException, AccessDeniedException, IncorrectKeyException,
    InvalidKeyUsageException, DisabledException, KMSInvalidStateException, DryRunOperationException.
    """
    algorithms = {
        "SourceEncryptionAlgorithm": source_encryption_algorithm,
        "DestinationEncryptionAlgorithm": destination_encryption_algorithm,
    }
    call.audit.parameters |= algorithms
    # Both keys are opened in the call's turn: what becomes of them while the source decrypts comes after this call, as
    # if the call had been done at once. Its answer is under the material that was the destination's current one then.
    sealed = _sealing(call, destination, destination_encryption_context, destination_encryption_algorithm)

    def answer(plaintext: bytes, material_id: str) -> dict[str, Any]:
        blob = sealed(plaintext)
        answer = {"CiphertextBlob": blob, "SourceKeyId": source.arn, "KeyId": destination.arn, **algorithms}
        if source.spec == SYMMETRIC:
            answer["SourceKeyMaterialId"] = material_id
        if destination.spec == SYMMETRIC:
            answer["DestinationKeyMaterialId"] = destination.current.id
        return answer

    if source_encryption_algorithm != SYMMETRIC:
        opened = _unsealing_rsa(call, source, ciphertext_blob, source_encryption_context, source_encryption_algorithm)
        return lambda: answer(opened(), source.current.id)
    return answer(*unseal(call, source, ciphertext_blob, source_encryption_context))


@operation(KeyParameter("KeyId"))
def get_public_key(call: Call, key: Key) -> dict[str, Any]:
    """Give the public half of a key pair.

    KMS API Reference, "GetPublicKey". Errors, in the order they are checked: InvalidGrantTokenException,
    NotFoundException, AccessDeniedException, DisabledException, KMSInvalidStateException,
    UnsupportedOperationException.
    """
    if not SPECS[key.spec].key_pair:
        raise UnsupportedOperationException(f"{key.arn} has key spec {key.spec}, which has no public key.")
    return {
        "KeyId": key.arn,
        "PublicKey": call.hsm.public_key(key.current.sealed),
        "CustomerMasterKeySpec": key.spec,
        "KeySpec": key.spec,
        "KeyUsage": key.usage,
        ALGORITHM_LISTS[key.usage]: list(SPECS[key.spec].algorithms[key.usage]),
    }


@operation()
def generate_random(call: Call, number_of_bytes: int | None = None, custom_key_store_id: str = "") -> dict[str, Any]:
    """Make random bytes that are nobody's key.

    KMS API Reference, "GenerateRandom". Errors, in the order they are checked: ValidationException,
    AccessDeniedException, CustomKeyStoreNotFoundException, UnsupportedOperationException,
    CustomKeyStoreInvalidStateException.
    """
    if number_of_bytes is None:
        raise ValidationException("NumberOfBytes is required.")
    if custom_key_store_id:
        store = find_store(call, custom_key_store_id)
        if store.kind != CLOUDHSM:
            raise UnsupportedOperationException("only the HSMs of a CloudHSM key store make random bytes")
        connection("GenerateRandom", store)
    return secret_member(call, "Plaintext", call.hsm.random(number_of_bytes))


def seal(call: Call, key: Key, plaintext: bytes, context: Context, algorithm: str = SYMMETRIC) -> bytes:
    """Encrypt with the key's current material."""
    return _sealing(call, key, context, algorithm)(plaintext)


def unseal(call: Call, key: Key, blob: bytes, context: Context) -> tuple[bytes, str]:
    """The plaintext, and the id of the material that opened it: the one that a symmetric blob names."""
    parsed = parse(blob)
    named = call.keys.material(key, parsed.material_id) if parsed else None
    if parsed is None or named is None:
        raise InvalidCiphertextException
    call.use(key, named.material, "decrypts")
    return call.hsm.decrypt(named.material.sealed, parsed, context), named.material.id


def _sealing(call: Call, key: Key, context: Context, algorithm: str) -> Callable[[bytes], bytes]:
    """What encrypts with the material that is current now; it notes the use, and says what is wrong, when it does.

    So ReEncrypt tells of a ciphertext that does not open before it tells what is wrong with its destination.
    """
    material = key.current.sealed
    rsa = algorithm != SYMMETRIC
    encrypt = call.hsm.encrypting_rsa(material, algorithm) if rsa else call.hsm.encrypting(material, context)

    def seal(plaintext: bytes) -> bytes:
        _check_context(context, algorithm)
        limit = ENCRYPT_MAX[key.spec, algorithm]
        if len(plaintext) > limit:
            raise ValidationException(
                f"Algorithm {algorithm} and key spec {key.spec} cannot encrypt data larger than {limit} bytes."
            )
        call.use(key, key.current, "encrypts")
        return encrypt(plaintext)

    return seal


def _unsealing_rsa(call: Call, key: Key, blob: bytes, context: Context, algorithm: str) -> Callable[[], bytes]:
    """What decrypts it with the private half of the key."""
    _check_context(context, algorithm)
    return call.hsm.decrypting_rsa(call.use(key, key.current, "decrypts"), algorithm, blob)


def _check_context(context: Context, algorithm: str) -> None:
    if context and algorithm != SYMMETRIC:
        raise ValidationException(SYMMETRIC_ONLY)
