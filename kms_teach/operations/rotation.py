"""This is rotation: new material for the same key, by the calendar or on demand. Nothing that was encrypted is touched."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from kms_teach.errors import LimitExceededException
from kms_teach.keys.calendar import ON_DEMAND_MAX, ROTATION_PERIOD_DEFAULT, following
from kms_teach.keys.key import Key, Material
from kms_teach.operations.catalog import Call, Role, operation

ONE_KEY = Role("KeyId", aliases=False)


@operation(ONE_KEY, changes=True, symmetric=True, own_material=True)
def enable_key_rotation(call: Call, key: Key, rotation_period_in_days: int | None = None) -> None:
    period = rotation_period_in_days or key.rotation_period or ROTATION_PERIOD_DEFAULT
    call.save(replace(key, rotation_period=period, next_rotation=call.now + timedelta(days=period)))


@operation(ONE_KEY, changes=True, symmetric=True, own_material=True)
def disable_key_rotation(call: Call, key: Key) -> None:
    call.save(replace(key, rotation_period=None, next_rotation=None))


@operation(ONE_KEY, symmetric=True, own_material=True)
def get_key_rotation_status(call: Call, key: Key) -> dict[str, Any]:
    # KMS Developer Guide, "Rotate AWS KMS keys": a key that waits for its deletion reports false
    if key.rotation_period is None or key.deletion:
        return {"KeyId": key.arn, "KeyRotationEnabled": False}
    return {
        "KeyId": key.arn,
        "KeyRotationEnabled": True,
        "RotationPeriodInDays": key.rotation_period,
        "NextRotationDate": key.next_rotation,
    }


@operation(ONE_KEY, changes=True, symmetric=True)
def rotate_key_on_demand(call: Call, key: Key) -> dict[str, Any]:
    if sum(material.cause == "ON_DEMAND" for material in key.materials) >= ON_DEMAND_MAX:
        raise LimitExceededException(
            "The on-demand rotations limit has been reached for the given keyId. "
            f"No more on-demand rotations can be performed for this key: {key.arn}"
        )
    rotate(call, key, "ON_DEMAND")
    return {"KeyId": key.arn}


@operation(ONE_KEY, symmetric=True)
def list_key_rotations(
    call: Call, key: Key, include_key_material: str = "ROTATIONS_ONLY", limit: int = 100, marker: str | None = None
) -> dict[str, Any]:
    shown = [m for m in key.materials if m.cause or include_key_material == "ALL_KEY_MATERIAL"]
    entries, more = cut(shown, limit, marker)
    return {"Rotations": [_entry(key, m) for m in entries], **more}


def rotate(call: Call, key: Key, cause: str) -> Key:
    """Add material; from now on it encrypts. A key that rotates by the calendar keeps its dates through one on demand."""
    material = Material(call.hsm.generate(key.spec, key.id), call.now, cause)
    details = {
        "rotationType": cause,
        "keyOrigin": key.origin,
        "previousKeyMaterialId": key.current.id,
        "currentKeyMaterialId": material.id,
    }
    call.own.append((key, "RotateKey", details))
    return call.save(call.with_material(key, material))


def rotate_on_schedule(call: Call, key: Key) -> None:
    """What happens on the day a rotation is due."""
    rotate(call, replace(key, next_rotation=following(key, call.now)), "AUTOMATIC")


def _entry(key: Key, material: Material) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "KeyId": key.id,
        "KeyMaterialId": material.id,
        "KeyMaterialState": "CURRENT" if material is key.current else "NON_CURRENT",
    }
    return entry | ({"RotationDate": material.since, "RotationType": material.cause} if material.cause else {})
