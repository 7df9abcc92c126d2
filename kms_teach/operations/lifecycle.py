"""This is a key's life: made, described, listed, switched off and on, deleted after a wait."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from kms_teach.access.policy import DEFAULT_KEY_POLICY
from kms_teach.errors import UnsupportedOperationException, ValidationException
from kms_teach.keys.calendar import DELETION_WINDOW_DEFAULT, DELETION_WINDOW_MAX, DELETION_WINDOW_MIN
from kms_teach.keys.key import Alias, Key, Material, MaterialHome
from kms_teach.keys.names import new_key_id
from kms_teach.keys.specs import ALGORITHM_LISTS, SPECS, SYMMETRIC
from kms_teach.operations.catalog import Call, Role, marked, operation, page
from kms_teach.operations.policies import accept

ONE_KEY = Role("KeyId", aliases=False)
ANY_KEY = Role("KeyId")


@operation(changes=True)
def create_key(
    call: Call, policy: str | None = None, description: str = "", key_usage: str | None = None,
    customer_master_key_spec: str | None = None, key_spec: str | None = None, origin: str = "AWS_KMS",
    custom_key_store_id: str | None = None, bypass_policy_lockout_safety_check: bool = False,
    tags: Any = None, multi_region: bool = False, xks_key_id: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    if key_spec and customer_master_key_spec:
        raise ValidationException(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated."
        )
    spec = SPECS[key_spec or customer_master_key_spec or SYMMETRIC]
    if key_usage is None and spec.name != SYMMETRIC:
        raise ValidationException("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
    usage = key_usage or "ENCRYPT_DECRYPT"
    if usage not in spec.algorithms:
        raise ValidationException(f"KeyUsage {usage} is not compatible with KeySpec {spec.name}")
    if not spec.available or origin != "AWS_KMS" or custom_key_store_id or xks_key_id or multi_region or tags:
        raise UnsupportedOperationException(
            "this simulator makes symmetric single-Region keys with material of its own, without tags, so far: leave the other parameters out"
        )
    call.notes |= {
        "Description": description, "Origin": origin, "KeyUsage": usage, "KeySpec": spec.name,
        "CustomerMasterKeySpec": spec.name, "BypassPolicyLockoutSafetyCheck": bypass_policy_lockout_safety_check, "MultiRegion": False,
    }  # fmt: skip
    key = Key(
        account=call.account, region=call.region, id=new_key_id(), created=call.now, spec=spec.name, usage=usage,
        description=description, policy=policy or DEFAULT_KEY_POLICY.format(account=call.account),
    )  # fmt: skip
    if policy:
        accept(call, key, policy, bypass_policy_lockout_safety_check)
    material = Material(call.hsm.generate(spec.name, key.id), call.now)
    call.add_material(key, material)
    key = call.save(replace(key, materials=(material,)))
    call.keys.append(key)
    return {"KeyMetadata": metadata(key)}


@operation(ANY_KEY, across_accounts=True)
def describe_key(call: Call, key: Key) -> dict[str, Any]:
    return {"KeyMetadata": metadata(key)}


@operation()
def list_keys(call: Call, limit: int = 100, marker: str | None = None) -> dict[str, Any]:
    keys, more = page(call.store.page(Key, call.scope, after=marked(marker), limit=limit + 1), limit)
    return {"Keys": [{"KeyId": key.id, "KeyArn": key.arn} for key in keys], **more}


@operation(ONE_KEY, changes=True)
def enable_key(call: Call, key: Key) -> None: ...


@operation(ONE_KEY, changes=True)
def disable_key(call: Call, key: Key) -> None: ...


@operation(ONE_KEY, changes=True)
def update_key_description(call: Call, key: Key, description: str) -> None:
    call.save(replace(key, description=description))


@operation(ONE_KEY, changes=True)
def schedule_key_deletion(call: Call, key: Key, pending_window_in_days: int = DELETION_WINDOW_DEFAULT) -> dict[str, Any]:
    if not DELETION_WINDOW_MIN <= pending_window_in_days <= DELETION_WINDOW_MAX:
        raise ValidationException(f"PendingWindowInDays must be between {DELETION_WINDOW_MIN} and {DELETION_WINDOW_MAX}")
    key = call.save(replace(key, deletion=call.now + timedelta(days=pending_window_in_days)))
    return {"KeyId": key.arn, "DeletionDate": key.deletion, "KeyState": key.state, "PendingWindowInDays": pending_window_in_days}


@operation(ONE_KEY, changes=True)
def cancel_key_deletion(call: Call, key: Key) -> dict[str, Any]:
    call.save(replace(key, deletion=None))
    return {"KeyId": key.arn}


def delete_key(call: Call, key: Key) -> None:
    """What happens on the day: the key, its material and its aliases are gone. AWS may take 24 hours longer."""
    for alias in call.store.page(Alias, key.scope, parent=key.id):
        call.store.delete(alias)
    for material in key.materials:
        call.store.delete(MaterialHome(key.region, material.sealed.id, key.account, key.id))
    call.store.delete(key)
    call.own.append((key, "DeleteKey", {}))


def metadata(key: Key) -> dict[str, Any]:
    """KeyMetadata, with the members AWS gives for such a key and no others."""
    described: dict[str, Any] = {
        "AWSAccountId": key.account,
        "KeyId": key.id,
        "Arn": key.arn,
        "CreationDate": key.created,
        "Enabled": key.state == "Enabled",
        "Description": key.description,
        "KeyUsage": key.usage,
        "KeyState": key.state,
        "Origin": key.origin,
        "KeyManager": key.manager,
        "CustomerMasterKeySpec": key.spec,
        "KeySpec": key.spec,
        ALGORITHM_LISTS[key.usage]: list(SPECS[key.spec].algorithms[key.usage]),
        "MultiRegion": False,
        "CurrentKeyMaterialId": key.current.sealed.id,
    }
    return described | ({"DeletionDate": key.deletion} if key.deletion else {})
