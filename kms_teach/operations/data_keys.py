"""This is the half of envelope encryption that KMS does: a fresh key, plain and encrypted. It keeps neither."""

from typing import Any

from kms_teach.errors import ValidationException
from kms_teach.keys.key import Key
from kms_teach.keys.specs import DATA_KEY_SIZES
from kms_teach.operations.catalog import Call, Role, operation
from kms_teach.operations.cryptographic import NO_CONTEXT, Context, seal


@operation(Role("KeyId"), usage="ENCRYPT_DECRYPT", across_accounts=True, symmetric=True)
def generate_data_key(
    call: Call,
    key: Key,
    encryption_context: Context = NO_CONTEXT,
    number_of_bytes: int | None = None,
    key_spec: str | None = None,
) -> dict[str, Any]:
    if (number_of_bytes is None) == (key_spec is None):
        raise ValidationException("Please specify either number of bytes or key spec.")
    plaintext = call.hsm.random(number_of_bytes or DATA_KEY_SIZES[key_spec or ""])
    blob = seal(call, key, plaintext, encryption_context)
    return {"CiphertextBlob": blob, "Plaintext": plaintext, "KeyId": key.arn, "KeyMaterialId": key.current.id}


@operation(Role("KeyId"), usage="ENCRYPT_DECRYPT", across_accounts=True, symmetric=True)
def generate_data_key_without_plaintext(
    call: Call,
    key: Key,
    encryption_context: Context = NO_CONTEXT,
    key_spec: str | None = None,
    number_of_bytes: int | None = None,
) -> dict[str, Any]:
    answer: dict[str, Any] = generate_data_key(call, key, encryption_context, number_of_bytes, key_spec)
    del answer["Plaintext"]
    return answer
