"""This is what keys are for: Encrypt, Decrypt, ReEncrypt, and random bytes."""

from collections.abc import Mapping
from typing import Any

from kms_teach.errors import InvalidCiphertextException, ValidationException
from kms_teach.hsm.blob import parse
from kms_teach.keys.key import Key
from kms_teach.keys.specs import SYMMETRIC
from kms_teach.operations.catalog import Call, Role, operation

Context = Mapping[str, str]
NO_CONTEXT: Context = {}


@operation(Role("KeyId"), usage="ENCRYPT_DECRYPT", across_accounts=True)
def encrypt(
    call: Call,
    key: Key,
    plaintext: bytes,
    encryption_context: Context = NO_CONTEXT,
    encryption_algorithm: str = SYMMETRIC,
) -> dict[str, Any]:
    call.notes["EncryptionAlgorithm"] = encryption_algorithm
    return {
        "CiphertextBlob": seal(call, key, plaintext, encryption_context),
        "KeyId": key.arn,
        "EncryptionAlgorithm": encryption_algorithm,
    }


@operation(Role("KeyId", blob="CiphertextBlob"), usage="ENCRYPT_DECRYPT", across_accounts=True)
def decrypt(
    call: Call, key: Key, ciphertext_blob: bytes | None = None, encryption_context: Context = NO_CONTEXT,
    encryption_algorithm: str = SYMMETRIC,
) -> dict[str, Any]:  # fmt: skip
    call.notes["EncryptionAlgorithm"] = encryption_algorithm
    plaintext, material_id = unseal(call, key, ciphertext_blob, encryption_context)
    return {
        "KeyId": key.arn,
        "Plaintext": plaintext,
        "EncryptionAlgorithm": encryption_algorithm,
        "KeyMaterialId": material_id,
    }


@operation(
    Role("SourceKeyId", "kms:ReEncryptFrom", blob="CiphertextBlob"), Role("DestinationKeyId", "kms:ReEncryptTo"),
    usage="ENCRYPT_DECRYPT", across_accounts=True,
)  # fmt: skip
def re_encrypt(
    call: Call, source: Key, destination: Key, ciphertext_blob: bytes | None = None,
    source_encryption_context: Context = NO_CONTEXT, destination_encryption_context: Context = NO_CONTEXT,
    source_encryption_algorithm: str = SYMMETRIC, destination_encryption_algorithm: str = SYMMETRIC,
) -> dict[str, Any]:  # fmt: skip
    plaintext, material_id = unseal(call, source, ciphertext_blob, source_encryption_context)
    return {
        "CiphertextBlob": seal(call, destination, plaintext, destination_encryption_context),
        "SourceKeyId": source.arn,
        "KeyId": destination.arn,
        "SourceEncryptionAlgorithm": source_encryption_algorithm,
        "DestinationEncryptionAlgorithm": destination_encryption_algorithm,
        "SourceKeyMaterialId": material_id,
        "DestinationKeyMaterialId": destination.current.id,
    }


@operation()
def generate_random(call: Call, number_of_bytes: int | None = None) -> dict[str, Any]:
    if number_of_bytes is None:
        raise ValidationException("NumberOfBytes is required.")
    return {"Plaintext": call.hsm.random(number_of_bytes)}


def seal(call: Call, key: Key, plaintext: bytes, context: Context) -> bytes:
    """Encrypt with the key's current material."""
    material = call.uses(key, key.current, "encrypts")
    return call.hsm.encrypt(material.sealed, plaintext, context)


def unseal(call: Call, key: Key, blob: bytes | None, context: Context) -> tuple[bytes, str]:
    """The plaintext, and the id of the one material that the blob names."""
    parsed = parse(blob or b"")
    material = next((m for m in key.materials if parsed and m.id == parsed.material_id), None)
    if parsed is None or material is None:
        raise InvalidCiphertextException
    call.uses(key, material, "decrypts")
    return call.hsm.decrypt(material.sealed, parsed, context), material.id
