"""Imported key material: made elsewhere, wrapped for the journey, deleted or expired, and reimported."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from kms_teach.errors import (
    ExpiredImportTokenException,
    IncorrectKeyMaterialException,
    InvalidImportTokenException,
    KMSInvalidStateException,
    NotFoundException,
    UnsupportedOperationException,
    ValidationException,
)
from kms_teach.hsm.boundary import Hsm
from kms_teach.hsm.sealed import SealedKey
from kms_teach.hsm.wrapping import WRAPPING_SPECS, Token, fits
from kms_teach.keys.calendar import MATERIAL_VALID_MAX
from kms_teach.keys.key import Key, Material, MaterialOwner
from kms_teach.keys.specs import SYMMETRIC
from kms_teach.keys.states import follow_material
from kms_teach.operations.audit import OwnEvent
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation
from kms_teach.operations.regions import primary_only, synchronize

ONE_KEY = KeyParameter("KeyId", aliases=False)
EXPIRES, STAYS = "KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"
NEW, EXISTING = "NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"


def wrapping_pair(hsm: Hsm, params: Mapping[str, Any]) -> tuple[bytes, bytes] | None:
    """A wrapping key, made ahead, since an RSA key takes its time."""
    spec = params["WrappingKeySpec"]
    return hsm.wrapping_key(spec) if spec in WRAPPING_SPECS else None


@operation(ONE_KEY, origins=("EXTERNAL",), before=wrapping_pair)
def get_parameters_for_import(call: Call, key: Key, wrapping_algorithm: str, wrapping_key_spec: str) -> dict[str, Any]:
    """Give a wrapping key and a token, to send key material in with.

    KMS API Reference, "GetParametersForImport". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, KMSInvalidStateException, UnsupportedOperationException.
    """
    if not fits(key.spec, wrapping_algorithm, wrapping_key_spec):
        raise UnsupportedOperationException(
            f"key material of {key.spec} cannot be wrapped with {wrapping_algorithm} under {wrapping_key_spec}"
        )
    sealed, public = call.prepared
    valid_to = call.now + call.takes("an import token")
    return {
        "KeyId": key.arn,
        "ImportToken": call.hsm.issue(Token(key.arn, wrapping_algorithm, valid_to, sealed)),
        "PublicKey": public,
        "ParametersValidTo": valid_to,
    }


@operation(ONE_KEY, changes=True, origins=("EXTERNAL",))
def import_key_material(
    call: Call, key: Key, import_token: bytes, encrypted_key_material: bytes, valid_to: datetime | None = None,
    expiration_model: str = EXPIRES, import_type: str | None = None, key_material_description: str | None = None,
    key_material_id: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Take in key material that was made elsewhere and wrapped.

    KMS API Reference, "ImportKeyMaterial". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, KMSInvalidStateException, UnsupportedOperationException,
    ValidationException, InvalidImportTokenException, ExpiredImportTokenException, InvalidCiphertextException,
    IncorrectKeyMaterialException.
    """
    _check_expiry(call, expiration_model, valid_to)
    if key.spec != SYMMETRIC and (import_type or key_material_description or key_material_id):
        raise ValidationException(
            "ImportType, KeyMaterialDescription and KeyMaterialId are for symmetric encryption keys only"
        )
    import_type = import_type or (EXISTING if key.materials else NEW)
    call.audit.parameters |= {"ExpirationModel": expiration_model, "ImportType": import_type}
    if import_type == NEW and key_material_id:
        raise ValidationException(f"KeyMaterialId cannot be given with an ImportType of {NEW}")
    token = call.hsm.token(import_token)
    if token.key_arn != key.arn:
        raise InvalidImportTokenException
    if call.now >= token.valid_to:
        raise ExpiredImportTokenException
    sealed = call.hsm.unwrap(token, encrypted_key_material, key.spec, key.id)
    if import_type == NEW:
        key = _add(call, key, sealed)
    elif key.material(sealed.id) is None or (key_material_id or sealed.id) != sealed.id:
        raise IncorrectKeyMaterialException
    material = key.material(sealed.id)
    assert material is not None
    description = material.description if key_material_description is None else key_material_description
    key = call.keys.save(
        follow_material(key.with_changed(replace(material, sealed=sealed, valid_to=valid_to, description=description)))
    )
    if material.pending:
        synchronize(call, call.keys.related(key)[0] if key.is_replica else key)
    return {"KeyId": key.arn, "KeyMaterialId": sealed.id}


@operation(ONE_KEY, changes=True, origins=("EXTERNAL",))
def delete_imported_key_material(call: Call, key: Key, key_material_id: str | None = None) -> dict[str, Any]:
    """Delete imported key material; the same bytes can come back.

    KMS API Reference, "DeleteImportedKeyMaterial". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, KMSInvalidStateException, UnsupportedOperationException.
    """
    if key_material_id is None and not key.established:
        return {"KeyId": key.arn, "KeyMaterialId": ""}  # nothing was ever imported, and nothing happens
    material = key.current if key_material_id is None else key.material(key_material_id)
    if material is None:
        raise NotFoundException(f"Key material '{key_material_id}' of key '{key.arn}' does not exist")
    _remove(call, key, material)
    return {"KeyId": key.arn, "KeyMaterialId": material.id}


def expire_material(call: Call, key: Key) -> None:
    """What happens when imported material reaches its ValidTo."""
    for material in key.materials:
        if material.present and material.valid_to is not None and material.valid_to <= call.now:
            key = _remove(call, key, material)
            call.audit.own_events.append(OwnEvent(key, "DeleteExpiredKeyMaterial", {"keyMaterialId": material.id}))


def _check_expiry(call: Call, model: str, valid_to: datetime | None) -> None:
    if model == STAYS:
        if valid_to is not None:
            raise ValidationException(f"ValidTo cannot be given with an ExpirationModel of {STAYS}")
        return
    if valid_to is None:
        raise ValidationException(f"A validTo date must be set if the ExpirationModel is {EXPIRES}")
    if valid_to <= call.now:
        raise ValidationException("ValidTo must be in the future")
    if valid_to > call.now + MATERIAL_VALID_MAX:
        raise ValidationException(f"ValidTo must be within {MATERIAL_VALID_MAX.days} days")


def _add(call: Call, key: Key, sealed: SealedKey) -> Key:
    """The key with new material: its first, or one that waits for the rotation that makes it the current one."""
    if key.is_replica:
        primary_only(key)
    if key.material(sealed.id):
        raise IncorrectKeyMaterialException
    waiting = next((m for m in key.materials if m.pending), None)
    if waiting:
        raise KMSInvalidStateException(
            f"New key material (id: {sealed.id}) cannot be imported into KMS key {key.arn}, "
            f"because another key material (id: {waiting.id}) is pending rotation."
        )
    return call.keys.with_material(key, Material(sealed, call.now, pending="PENDING_ROTATION" if key.materials else ""))


def _remove(call: Call, key: Key, material: Material) -> Key:
    """Delete material. What only waited for its rotation is gone; what the key has used keeps its place, empty."""
    call.hsm.forget(material.sealed)
    if not material.pending or key.is_replica:
        return call.keys.save(follow_material(key.with_changed(material.emptied)))
    call.store.delete(MaterialOwner(key.region, material.id, key.account, key.id))
    others = tuple(m for m in key.materials if m.id != material.id)
    return synchronize(call, replace(key, materials=others))
