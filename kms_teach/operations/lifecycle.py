"""This is a key's life: made, described, listed, switched off and on, deleted after a wait."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from kms_teach.access.grants import Grant
from kms_teach.access.policy import DEFAULT_KEY_POLICY
from kms_teach.errors import (
    UnsupportedOperationException,
    ValidationException,
    XksKeyAlreadyInUseException,
    XksKeyNotFoundException,
)
from kms_teach.hsm.boundary import Hsm
from kms_teach.hsm.sealed import SealedKey
from kms_teach.keys.calendar import DELETION_WINDOW_DEFAULT, DELETION_WINDOW_MAX, DELETION_WINDOW_MIN
from kms_teach.keys.key import Alias, Family, Key, Material, MaterialHome
from kms_teach.keys.names import arn, new_key_id
from kms_teach.keys.specs import ALGORITHM_LISTS, SPECS, SYMMETRIC, Spec
from kms_teach.keys.states import follow_material
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL, Outside, connection
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import Role, marked, operation, page
from kms_teach.operations.grants import remove
from kms_teach.operations.key_stores import find
from kms_teach.operations.policies import accept
from kms_teach.operations.tags import tagged

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
    spec, usage = _kind(key_spec, customer_master_key_spec, key_usage)
    call.notes |= {
        "Description": description, "Origin": origin, "KeyUsage": usage, "KeySpec": spec.name,
        "CustomerMasterKeySpec": spec.name, "MultiRegion": multi_region,
        "BypassPolicyLockoutSafetyCheck": bypass_policy_lockout_safety_check,
    }  # fmt: skip
    key_id, made = call.prepared
    key = Key(
        account=call.account, region=call.region, id=key_id, created=call.now, spec=spec.name, usage=usage,
        origin=origin, description=description, policy=policy or DEFAULT_KEY_POLICY.format(account=call.account),
        primary_region=call.region if multi_region else "", key_store=custom_key_store_id, xks_key=xks_key_id,
    )  # fmt: skip
    key = tagged(call, key, tags)
    if policy:
        accept(call, key, policy, bypass_policy_lockout_safety_check)
    if multi_region:
        call.store.put(Family(key.account, key.id, (key.region,)))
    key = call.save(BEGINNINGS[origin](call, key, made))
    call.keys.append(key)
    return {"KeyMetadata": metadata(call, key)}


def _kind(key_spec: str | None, older_name: str | None, key_usage: str | None) -> tuple[Spec, str]:
    """What kind of key is asked for, if there is such a kind."""
    if key_spec and older_name:
        raise ValidationException(SPEC_TWICE)
    spec = SPECS[key_spec or older_name or SYMMETRIC]
    if key_usage is None and spec.name != SYMMETRIC:
        raise ValidationException(USAGE_NEEDED)
    usage = key_usage or "ENCRYPT_DECRYPT"
    if usage not in spec.algorithms:
        raise ValidationException(f"KeyUsage {usage} is not compatible with KeySpec {spec.name}")
    if not spec.available:
        raise UnsupportedOperationException(spec.missing)
    return spec, usage


def _with_material(call: Call, key: Key, made: SealedKey) -> Key:
    if key.key_store or key.xks_key:
        raise ValidationException("CustomKeyStoreId and XksKeyId need an Origin of AWS_CLOUDHSM or EXTERNAL_KEY_STORE")
    return call.with_material(key, Material(made, call.now))


def _awaiting_import(call: Call, key: Key, made: None) -> Key:
    return replace(key, state="PendingImport")


def _in_key_store(call: Call, key: Key, made: None) -> Key:
    """A key whose material lives in a custom key store: made there in a cluster, found there in an external manager."""
    if key.spec != SYMMETRIC or key.multi_region:
        raise UnsupportedOperationException("a custom key store holds single-Region symmetric encryption keys only")
    if not key.key_store or bool(key.xks_key) != (key.origin == EXTERNAL):
        raise ValidationException(f"a key of Origin {key.origin} needs {NEEDED[key.origin]}")
    store = find(call, key.key_store)
    if store.kind != key.origin:
        raise UnsupportedOperationException(f"the custom key store {store.id} is of type {store.kind}")
    connection("CreateKey", store)
    if key.xks_key:
        outside = call.store.get(Outside, store.kind, store.outside)
        if outside is None or key.xks_key not in outside.keys:
            raise XksKeyNotFoundException
        if any(key.xks_key == other.xks_key for other in call.store.page(Key, call.scope)):
            raise XksKeyAlreadyInUseException
    return call.with_material(key, Material(call.hsm.generate(key.spec, key.id), call.now))


NEEDED = {CLOUDHSM: "a CustomKeyStoreId", EXTERNAL: "a CustomKeyStoreId and an XksKeyId"}

# What CreateKey does for each Origin: who makes the material, and the state the key begins in.
BEGINNINGS: dict[str, Callable[[Call, Key, Any], Key]] = {
    "AWS_KMS": _with_material,
    "EXTERNAL": _awaiting_import,
    CLOUDHSM: _in_key_store,
    EXTERNAL: _in_key_store,
}


@operation(ANY_KEY)
def describe_key(call: Call, key: Key) -> dict[str, Any]:
    return {"KeyMetadata": metadata(call, key)}


@operation()
def list_keys(
    call: Call, limit: int = 100, marker: str | None = None, resource_owners: Sequence[str] = ("SELF",)
) -> dict[str, Any]:
    if "SELF" not in resource_owners:  # nobody shares keys through AWS RAM here
        return {"Keys": [], "Truncated": False}
    keys, more = page(call.store.page(Key, call.scope, after=marked(marker), limit=limit + 1), limit)
    return {"Keys": [{"KeyId": key.id, "KeyArn": key.arn} for key in keys], **more}


@operation(ONE_KEY, changes=True)
def enable_key(call: Call, key: Key) -> None:
    _when_available(call, key, "Enabled")


@operation(ONE_KEY, changes=True)
def disable_key(call: Call, key: Key) -> None:
    _when_available(call, key, "Disabled")


def _when_available(call: Call, key: Key, state: str) -> None:
    """A key of a disconnected key store is switched when the store is connected again; the table did all others."""
    if key.state == "Unavailable":
        call.save(replace(key, next_state=state))


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
    key = replace(key, ready=None, next_state="")
    if call.related(key) and not key.is_replica:  # its days begin when the last replica is gone
        key = call.save(replace(key, state="PendingReplicaDeletion", deletion_window=pending_window_in_days))
    else:
        key = call.save(replace(key, deletion=call.now + timedelta(days=pending_window_in_days)))
    return {
        "KeyId": key.arn,
        **({"DeletionDate": key.deletion} if key.deletion else {}),
        "KeyState": key.state,
        "PendingWindowInDays": pending_window_in_days,
    }


@operation(ONE_KEY, changes=True)
def cancel_key_deletion(call: Call, key: Key) -> dict[str, Any]:
    call.save(follow_material(replace(key, deletion=None, deletion_window=None)))
    return {"KeyId": key.arn}


def delete_key(call: Call, key: Key) -> None:
    """What happens on the day: the key, its material and its aliases are gone. AWS may take 24 hours longer."""
    for alias in call.store.page(Alias, key.scope, parent=key.id):
        call.store.delete(alias)
    for grant in call.store.page(Grant, key.arn):
        remove(call, grant)
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
    if key.spec == SYMMETRIC and not key.key_store and key.established and key.state != "Creating":
        described["CurrentKeyMaterialId"] = key.current.id
    if key.origin == "EXTERNAL" and key.established and key.current.present:
        expires = min((m.valid_to for m in key.established if m.valid_to), default=None)
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
