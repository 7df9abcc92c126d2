"""Rotation: new material for the same key, on schedule or on demand. No ciphertext is touched."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from kms_teach.errors import ConflictException, KMSInvalidStateException, LimitExceededException
from kms_teach.keys.calendar import CONFLICT, ON_DEMAND_MAX, ROTATION_PERIOD_DEFAULT, following
from kms_teach.keys.key import Key, Material
from kms_teach.operations.audit import OwnEvent
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation, position
from kms_teach.operations.regions import primary_only, synchronize

ONE_KEY = KeyParameter("KeyId", aliases=False)
WITHOUT_CAUSE = 2  # materials of a key that no rotation brought, at most: its first, and one that waits


@operation(ONE_KEY, changes=True, symmetric=True, origins=("AWS_KMS",))
def enable_key_rotation(call: Call, key: Key, rotation_period_in_days: int = ROTATION_PERIOD_DEFAULT) -> None:
    """Rotate a key by the calendar, every 90 to 2560 days.

    KMS API Reference, "EnableKeyRotation". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, DisabledException, KMSInvalidStateException,
    UnsupportedOperationException.
    """
    _primary_of_any(key)
    next_rotation = call.now + timedelta(days=rotation_period_in_days)
    synchronize(call, replace(key, rotation_period=rotation_period_in_days, next_rotation=next_rotation))


@operation(ONE_KEY, changes=True, symmetric=True, origins=("AWS_KMS",))
def disable_key_rotation(call: Call, key: Key) -> None:
    """Rotate a key by the calendar no more.

    KMS API Reference, "DisableKeyRotation". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, DisabledException, KMSInvalidStateException,
    UnsupportedOperationException.
    """
    _primary_of_any(key)
    synchronize(call, replace(key, rotation_period=None, next_rotation=None))


@operation(ONE_KEY)
def get_key_rotation_status(call: Call, key: Key) -> dict[str, Any]:
    """Tell whether, how often and when next a key rotates. Of a key that cannot rotate, it says that it does not.

    KMS API Reference, "GetKeyRotationStatus". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, KMSInvalidStateException.
    """
    # API Reference, GetKeyRotationStatus: a key that waits for its deletion reports false
    enabled = key.rotation_period is not None and key.state not in ("PendingDeletion", "PendingReplicaDeletion")
    schedule = {"RotationPeriodInDays": key.rotation_period, "NextRotationDate": key.next_rotation}
    in_progress = {"OnDemandRotationStartDate": key.on_demand_since} if key.on_demand_since else {}
    return {"KeyId": key.arn, "KeyRotationEnabled": enabled, **(schedule if enabled else {}), **in_progress}


@operation(ONE_KEY, changes=True, symmetric=True, origins=("AWS_KMS", "EXTERNAL"))
def rotate_key_on_demand(call: Call, key: Key) -> dict[str, Any]:
    """Bring in other material now; the calendar keeps its dates.

    KMS API Reference, "RotateKeyOnDemand". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, DisabledException, KMSInvalidStateException,
    UnsupportedOperationException, LimitExceededException, ConflictException.
    """
    _primary_of_any(key)
    if key.earlier_on_demand + sum(material.cause == "ON_DEMAND" for material in key.materials) >= ON_DEMAND_MAX:
        raise LimitExceededException(
            "The on-demand rotations limit has been reached for the given keyId. "
            f"No more on-demand rotations can be performed for this key: {key.arn}"
        )
    if key.next_rotation and key.next_rotation - call.now <= CONFLICT:
        raise ConflictException(
            f"{key.arn} is about to rotate automatically, within {CONFLICT.seconds // 60} minutes: wait until it has"
        )
    if key.on_demand_since:
        raise ConflictException(f"{key.arn} is rotating on demand already: wait until it has")
    if key.origin == "EXTERNAL" and _imported_for_rotation(key) is None:
        raise KMSInvalidStateException(f"No available key material pending rotation for the key: {key.arn}.")
    if call.takes("a rotation on demand"):
        synchronize(call, replace(key, on_demand_since=call.now))
    else:
        rotate(call, key, "ON_DEMAND")
    return {"KeyId": key.arn}


@operation(ONE_KEY, symmetric=True)
def list_key_rotations(
    call: Call, key: Key, include_key_material: str = "ROTATIONS_ONLY", limit: int = 100, marker: str | None = None
) -> dict[str, Any]:
    """List the rotations of a key, with its other material if asked.

    KMS API Reference, "ListKeyRotations". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, UnsupportedOperationException, InvalidMarkerException.
    """
    after = position(marker, key.material_count)
    everything = include_key_material == "ALL_KEY_MATERIAL"
    numbered = call.keys.materials(key, after, limit + 1 + WITHOUT_CAUSE)
    listed = [each for each in numbered if each.material.cause or everything]
    entries = [_entry(key, each.material) for each in listed[:limit]]
    more = {"NextMarker": str(listed[limit - 1].number)} if len(listed) > limit else {}
    return {"Rotations": entries, "Truncated": bool(more), **more}


def rotate(call: Call, key: Key, cause: str) -> None:
    """Bring in other material; from now on it encrypts. A rotation on demand leaves the dates of the calendar alone."""
    previous = key.current
    if key.origin == "EXTERNAL":
        imported = _imported_for_rotation(key)
        assert imported is not None
        key = key.with_changed(replace(imported, pending="", since=call.now, cause=cause))
    else:
        key = call.keys.with_material(key, Material(call.hsm.generate(key.spec, key.id), call.now, cause))
        key = call.keys.with_fewer_at_hand(key)
    details = {
        "rotationType": cause,
        "keyOrigin": key.origin,
        "previousKeyMaterialId": previous.id,
        "currentKeyMaterialId": key.current.id,
    }
    call.audit.own_events.append(OwnEvent(key, "RotateKey", details))
    synchronize(call, key)


def rotate_on_schedule(call: Call, key: Key) -> None:
    """What happens on the day a rotation is due."""
    rotate(call, replace(key, next_rotation=following(key, call.now)), "AUTOMATIC")


def complete_on_demand(call: Call, key: Key) -> None:
    """What happens when a rotation on demand is done. Without the imported material it was begun with, nothing does."""
    key = replace(key, on_demand_since=None)
    if key.origin == "EXTERNAL" and _imported_for_rotation(key) is None:
        synchronize(call, key)
    else:
        rotate(call, key, "ON_DEMAND")


def _primary_of_any(key: Key) -> None:
    """Rotation belongs to single-Region keys and to primaries; replicas follow."""
    if key.multi_region:
        primary_only(key)


def _imported_for_rotation(key: Key) -> Material | None:
    return next((m for m in key.materials if m.pending == "PENDING_ROTATION" and m.present), None)


def _entry(key: Key, material: Material) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "KeyId": key.id,
        "KeyMaterialId": material.id,
        "KeyMaterialState": material.pending or ("CURRENT" if material.id == key.current.id else "NON_CURRENT"),
    }
    if key.origin == "EXTERNAL":
        entry["ImportState"] = "IMPORTED" if material.present else "PENDING_IMPORT"
        if material.description:
            entry["KeyMaterialDescription"] = material.description
        if material.present:
            entry["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if material.valid_to else "KEY_MATERIAL_DOES_NOT_EXPIRE"
        if material.valid_to:
            entry["ValidTo"] = material.valid_to
    return entry | ({"RotationDate": material.since, "RotationType": material.cause} if material.cause else {})
