"""This is a secret that two parties come to share: by agreement (ECDH), or by encapsulation (ML-KEM)."""

from typing import Any

from kms_teach.keys.key import Key
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import Role, operation
from kms_teach.operations.recipients import handed

KEM_KEY = Role("KeyId", algorithm="EncapsulationAlgorithm")


@operation(Role("KeyId", algorithm="KeyAgreementAlgorithm"), usage="KEY_AGREEMENT")
def derive_shared_secret(call: Call, key: Key, key_agreement_algorithm: str, public_key: bytes) -> dict[str, Any]:
    sealed = call.uses(key, key.current, "agrees").sealed
    return {
        "KeyId": key.arn,
        **handed(call, "SharedSecret", call.hsm.agree(sealed, public_key)),
        "KeyAgreementAlgorithm": key_agreement_algorithm,
        "KeyOrigin": key.origin,
    }


@operation(KEM_KEY, usage="ENCAPSULATE_DECAPSULATE")
def encapsulate(call: Call, key: Key, encapsulation_algorithm: str) -> dict[str, Any]:
    secret, encapsulated = call.hsm.encapsulate(call.uses(key, key.current, "encapsulates").sealed)
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
    sealed = call.uses(key, key.current, "decapsulates").sealed
    secret = call.hsm.decapsulate(sealed, shared_secret_ciphertext_blob)
    return {"KeyId": key.arn, "SharedSecret": secret, "EncapsulationAlgorithm": encapsulation_algorithm}
