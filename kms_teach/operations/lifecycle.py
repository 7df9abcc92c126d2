"""This is a key's life: made, described, listed, switched off and on, deleted after a wait."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kms_teach.access.policy import DEFAULT_KEY_POLICY
from kms_teach.errors import UnsupportedOperationException, ValidationException
from kms_teach.hsm.boundary import Hsm, SealedKey
from kms_teach.keys.calendar import DELETION_WINDOW_DEFAULT, DELETION_WINDOW_MAX, DELETION_WINDOW_MIN
from kms_teach.keys.key import Alias, Family, Key, Material, MaterialHome
from kms_teach.keys.names import arn, new_key_id
from kms_teach.keys.specs import ALGORITHM_LISTS, SPECS, SYMMETRIC
from kms_teach.operations.catalog import Call, Role, marked, operation, page
from kms_teach.operations.policies import accept
from kms_teach.operations.tags import checked_tags

ONE_KEY = Role("KeyId", aliases=False)
ANY_KEY = Role("KeyId")
SPEC_TWICE = (
    "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated."
)
USAGE_NEEDED = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."


def fresh(hsm: Hsm, params: Mapping[str, Any]) -> tuple[str, SealedKey | None]:
    """A key id, and material for it where KMS makes it: done ahead, since an RSA key takes its time."""
    key_id = new_key_id(multi_region=params.get("MultiRegion", False))
    spec = SPECS[params.get("KeySpec") or params.get("CustomerMasterKeySpec") or SYMMETRIC]
    makes = spec.available and params.get("Origin", "AWS_KMS") == "AWS_KMS"
    return key_id, hsm.generate(spec.name, key_id) if makes else None


@operation(changes=True, before=fresh)
def create_key(
    call: Call, policy: str | None = None, description: str = "", key_usage: str | None = None,
    customer_master_key_spec: str | None = None, key_spec: str | None = None, origin: str = "AWS_KMS",
    custom_key_store_id: str = "", bypass_policy_lockout_safety_check: bool = False,
    tags: Sequence[Mapping[str, str]] = (), multi_region: bool = False, xks_key_id: str = "",
) -> dict[str, Any]:  # fmt: skip
    if key_spec and customer_master_key_spec:
        raise ValidationException(SPEC_TWICE)
    spec = SPECS[key_spec or customer_master_key_spec or SYMMETRIC]
    if key_usage is None and spec.name != SYMMETRIC:
        raise ValidationException(USAGE_NEEDED)
    usage = key_usage or "ENCRYPT_DECRYPT"
    if usage not in spec.algorithms:
        raise ValidationException(f"KeyUsage {usage} is not compatible with KeySpec {spec.name}")
    if not spec.available:
        raise UnsupportedOperationException(f"this Region does not make keys of KeySpec {spec.name}")
    call.notes |= {
        "Description": description, "Origin": origin, "KeyUsage": usage, "KeySpec": spec.name,
        "CustomerMasterKeySpec": spec.name, "MultiRegion": multi_region,
        "BypassPolicyLockoutSafetyCheck": bypass_policy_lockout_safety_check,
    }  # fmt: skip
    key_id, made = call.prepared
    key = Key(
        account=call.account, region=call.region, id=key_id, created=call.now, spec=spec.name, usage=usage,
        origin=origin, description=description, policy=policy or DEFAULT_KEY_POLICY.format(account=call.account),
        tags=checked_tags(call, tags), primary_region=call.region if multi_region else "",
        key_store=custom_key_store_id, xks_key=xks_key_id,
    )  # fmt: skip
    if policy:
        accept(call, key, policy, bypass_policy_lockout_safety_check)
    if multi_region:
        call.store.put(Family(key.account, key.id, (key.region,)))
    key = call.save(BEGINNINGS[origin](call, key, made))
    call.keys.append(key)
    return {"KeyMetadata": metadata(call, key)}


def _with_material(call: Call, key: Key, made: SealedKey) -> Key:
    if key.key_store or key.xks_key:
        raise ValidationException("CustomKeyStoreId and XksKeyId need an Origin of AWS_CLOUDHSM or EXTERNAL_KEY_STORE")
    return call.with_material(key, Material(made, call.now))


def _awaiting_import(call: Call, key: Key, made: None) -> Key:  # noqa: ARG001
    return replace(key, state="PendingImport")


# What CreateKey does for each Origin: who makes the material, and the state the key begins in.
BEGINNINGS: dict[str, Callable[[Call, Key, Any], Key]] = {"AWS_KMS": _with_material, "EXTERNAL": _awaiting_import}


@operation(ANY_KEY, across_accounts=True)
def describe_key(call: Call, key: Key) -> dict[str, Any]:
    return {"KeyMetadata": metadata(call, key)}


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
def schedule_key_deletion(
    call: Call, key: Key, pending_window_in_days: int = DELETION_WINDOW_DEFAULT
) -> dict[str, Any]:
    if not DELETION_WINDOW_MIN <= pending_window_in_days <= DELETION_WINDOW_MAX:
        raise ValidationException(
            f"PendingWindowInDays must be between {DELETION_WINDOW_MIN} and {DELETION_WINDOW_MAX}"
        )
    key = call.save(replace(key, deletion=call.now + timedelta(days=pending_window_in_days)))
    return {
        "KeyId": key.arn,
        "DeletionDate": key.deletion,
        "KeyState": key.state,
        "PendingWindowInDays": pending_window_in_days,
    }


@operation(ONE_KEY, changes=True)
def cancel_key_deletion(call: Call, key: Key) -> dict[str, Any]:
    call.save(replace(key, deletion=None))
    return {"KeyId": key.arn}


def delete_key(call: Call, key: Key) -> None:
    """What happens on the day: the key, its material and its aliases are gone. AWS may take 24 hours longer."""
    for alias in call.store.page(Alias, key.scope, parent=key.id):
        call.store.delete(alias)
    for material in key.materials:
        call.store.delete(MaterialHome(key.region, material.id, key.account, key.id))
    call.store.delete(key)
    call.own.append((key, "DeleteKey", {}))


def metadata(call: Call, key: Key) -> dict[str, Any]:
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
        "MultiRegion": key.multi_region,
    }
    if key.spec == SYMMETRIC and key.established and key.state != "Creating":
        described["CurrentKeyMaterialId"] = key.current.id
    if key.origin == "EXTERNAL" and key.established and key.current.present:
        expires = key.current.valid_to
        described["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if expires else "KEY_MATERIAL_DOES_NOT_EXPIRE"
        described |= {"ValidTo": expires} if expires else {}
    if key.state == "PendingReplicaDeletion":
        described["PendingDeletionWindowInDays"] = key.deletion_window
    elif key.deletion:
        described["DeletionDate"] = key.deletion
    if key.key_store:
        described["CustomKeyStoreId"] = key.key_store
    if key.xks_key:
        described["XksKeyConfiguration"] = {"Id": key.xks_key}
    return described | ({"MultiRegionConfiguration": _family(call, key)} if key.multi_region else {})


def _family(call: Call, key: Key) -> dict[str, Any]:
    family = call.store.get(Family, key.account, key.id)
    assert family is not None
    primary, *replicas = ({"Arn": arn(r, key.account, f"key/{key.id}"), "Region": r} for r in family.regions)
    return {
        "MultiRegionKeyType": "PRIMARY" if key.region == key.primary_region else "REPLICA",
        "PrimaryKey": primary,
        "ReplicaKeys": replicas,
    }
