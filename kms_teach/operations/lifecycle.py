"""A key's life: created, described, listed, disabled and enabled, deleted after a wait."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

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
from kms_teach.keys.key import Alias, Key, Material, MaterialOwner, RelatedKeys
from kms_teach.keys.names import new_key_id
from kms_teach.keys.specs import NOT_HERE, SPECS, SYMMETRIC, Spec
from kms_teach.keys.states import follow_material
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL, Backend, connection
from kms_teach.operations.audit import OwnEvent
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation
from kms_teach.operations.grants import remove
from kms_teach.operations.key_stores import find_store
from kms_teach.operations.metadata import metadata
from kms_teach.operations.policies import accept
from kms_teach.operations.sharing import OTHERS, OWN, end_sharing, own_keys, with_shared
from kms_teach.operations.tags import with_tags

ONE_KEY = KeyParameter("KeyId", aliases=False)
ANY_KEY = KeyParameter("KeyId")
SPEC_TWICE = (
    "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated."
)
USAGE_NEEDED = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."


def fresh(hsm: Hsm, params: Mapping[str, Any]) -> tuple[str, SealedKey | None]:
    """A key id, and material for it where KMS makes it: done ahead, since an RSA key takes its time."""
    key_id = new_key_id(multi_region=params.get("MultiRegion", False))
    spec = SPECS[params.get("KeySpec") or params.get("CustomerMasterKeySpec") or SYMMETRIC]
    makes = spec.available and hsm.makes(spec.name) and params.get("Origin", "AWS_KMS") == "AWS_KMS"
    return key_id, hsm.generate(spec.name, key_id) if makes else None


@operation(changes=True, before=fresh)
def create_key(
    call: Call, policy: str | None = None, description: str = "", key_usage: str | None = None,
    customer_master_key_spec: str | None = None, key_spec: str | None = None, origin: str = "AWS_KMS",
    custom_key_store_id: str = "", bypass_policy_lockout_safety_check: bool = False,
    tags: Sequence[Mapping[str, str]] = (), multi_region: bool = False, xks_key_id: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Make a key, with material of KMS's own, of a key store's, or none yet.

    KMS API Reference, "CreateKey". Errors, in the order they are checked: AccessDeniedException, ValidationException,
    UnsupportedOperationException, TagException, LimitExceededException, MalformedPolicyDocumentException,
    InvalidArnException, CustomKeyStoreNotFoundException, CustomKeyStoreInvalidStateException,
    XksKeyNotFoundException, XksKeyAlreadyInUseException.
    """
    spec, usage = _kind(key_spec, customer_master_key_spec, key_usage)
    if not call.hsm.makes(spec.name):
        raise UnsupportedOperationException(NOT_HERE.format(spec=spec.name))
    call.audit.parameters |= {
        "Description": description, "Origin": origin, "KeyUsage": usage, "KeySpec": spec.name,
        "CustomerMasterKeySpec": spec.name, "MultiRegion": multi_region,
        "BypassPolicyLockoutSafetyCheck": bypass_policy_lockout_safety_check,
    }  # fmt: skip
    key_id, sealed = call.prepared
    key = Key(
        account=call.account, region=call.region, id=key_id, created=call.now, spec=spec.name, usage=usage,
        origin=origin, description=description, policy=policy or DEFAULT_KEY_POLICY.format(account=call.account),
        primary_region=call.region if multi_region else "", key_store=custom_key_store_id, xks_key=xks_key_id,
    )  # fmt: skip
    key = with_tags(call, key, tags)
    if policy:
        accept(call, key, policy, bypass_policy_lockout_safety_check)
    if multi_region:
        call.store.put(RelatedKeys(key.account, key.id, (key.region,)))
    key = call.keys.save(BEGINNINGS[origin](call, key, sealed))
    call.audit.resources.append(key)
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


def _with_material(call: Call, key: Key, sealed: SealedKey) -> Key:
    if key.key_store or key.xks_key:
        raise ValidationException("CustomKeyStoreId and XksKeyId need an Origin of AWS_CLOUDHSM or EXTERNAL_KEY_STORE")
    return call.keys.with_material(key, Material(sealed, call.now))


def _awaiting_import(call: Call, key: Key, sealed: None) -> Key:
    if key.spec.startswith(("ML_DSA", "ML_KEM")):
        raise ValidationException(f"KeySpec {key.spec} is not supported for Origin EXTERNAL")
    return replace(key, state="PendingImport")


def _in_key_store(call: Call, key: Key, sealed: None) -> Key:
    """A key whose material lives in a custom key store: made there in a cluster, found there in an external manager."""
    if key.spec != SYMMETRIC or key.multi_region:
        raise UnsupportedOperationException("a custom key store holds single-Region symmetric encryption keys only")
    if not key.key_store or bool(key.xks_key) != (key.origin == EXTERNAL):
        raise ValidationException(f"a key of Origin {key.origin} needs {NEEDED[key.origin]}")
    store = find_store(call, key.key_store)
    if store.kind != key.origin:
        raise UnsupportedOperationException(f"the custom key store {store.id} is of type {store.kind}")
    connection("CreateKey", store)
    if key.xks_key:
        backend = call.store.get(Backend, store.kind, store.backend)
        if backend is None or key.xks_key not in backend.keys:
            raise XksKeyNotFoundException
        if any(key.xks_key == other.xks_key for other in call.store.page(Key, call.scope)):
            raise XksKeyAlreadyInUseException
    return call.keys.with_material(key, Material(call.hsm.generate(key.spec, key.id), call.now))


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
    """Tell all that is known of a key but its policy, tags and material.

    KMS API Reference, "DescribeKey". Errors, in the order they are checked: InvalidGrantTokenException,
    NotFoundException, AccessDeniedException.
    """
    return {"KeyMetadata": metadata(call, key)}


@operation()
def list_keys(
    call: Call, limit: int = 100, marker: str | None = None, resource_owners: Sequence[str] = (OWN,)
) -> dict[str, Any]:
    """List the keys of an account and Region, and those that others share with it.

    KMS API Reference, "ListKeys". Errors, in the order they are checked: AccessDeniedException, InvalidMarkerException.
    """
    if OTHERS in resource_owners:
        return with_shared(call, limit, marker, own=OWN in resource_owners)
    return own_keys(call, limit, marker)


@operation(ONE_KEY, changes=True)
def enable_key(call: Call, key: Key) -> None:
    """Let a key be used. The table of states does it.

    KMS API Reference, "EnableKey". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, KMSInvalidStateException.
    """
    _when_available(call, key, "Enabled")


@operation(ONE_KEY, changes=True)
def disable_key(call: Call, key: Key) -> None:
    """Let a key not be used. The table of states does it.

    KMS API Reference, "DisableKey". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, KMSInvalidStateException.
    """
    _when_available(call, key, "Disabled")


def _when_available(call: Call, key: Key, state: str) -> None:
    """A key of a disconnected key store is switched when the store is connected again; the table did all others."""
    if key.state == "Unavailable":
        call.keys.save(replace(key, next_state=state))


@operation(ONE_KEY, changes=True)
def update_key_description(call: Call, key: Key, description: str) -> None:
    """Describe a key anew.

    KMS API Reference, "UpdateKeyDescription". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, KMSInvalidStateException.
    """
    call.keys.save(replace(key, description=description))


@operation(ONE_KEY, changes=True)
def schedule_key_deletion(
    call: Call, key: Key, pending_window_in_days: int = DELETION_WINDOW_DEFAULT
) -> dict[str, Any]:
    """Delete a key after a wait of 7 to 30 days, in which it cannot be used.

    KMS API Reference, "ScheduleKeyDeletion". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, KMSInvalidStateException, ValidationException.
    """
    if not DELETION_WINDOW_MIN <= pending_window_in_days <= DELETION_WINDOW_MAX:
        raise ValidationException(
            f"PendingWindowInDays must be between {DELETION_WINDOW_MIN} and {DELETION_WINDOW_MAX}"
        )
    key = replace(key, ready=None, next_state="")
    if call.keys.related(key) and not key.is_replica:  # its days begin when the last replica is gone
        key = call.keys.save(replace(key, state="PendingReplicaDeletion", deletion_window=pending_window_in_days))
    else:
        key = call.keys.save(replace(key, deletion=call.now + timedelta(days=pending_window_in_days)))
    return {
        "KeyId": key.arn,
        **({"DeletionDate": key.deletion} if key.deletion else {}),
        "KeyState": key.state,
        "PendingWindowInDays": pending_window_in_days,
    }


@operation(ONE_KEY, changes=True)
def cancel_key_deletion(call: Call, key: Key) -> dict[str, Any]:
    """Keep a key that waits for its deletion. It is Disabled then.

    KMS API Reference, "CancelKeyDeletion". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, KMSInvalidStateException.
    """
    call.keys.save(follow_material(replace(key, deletion=None, deletion_window=None)))
    return {"KeyId": key.arn}


def delete_key(call: Call, key: Key) -> None:
    """What happens on the day: the key, its material and its aliases are gone. AWS may take 24 hours longer."""
    for alias in call.store.page(Alias, key.scope, parent=key.id):
        call.store.delete(alias)
    for grant in call.store.page(Grant, key.arn):
        remove(call, grant)
    end_sharing(call.store, key)
    for each in call.keys.materials(key):
        call.hsm.forget(each.material.sealed)
        call.store.delete(MaterialOwner(key.region, each.material.id, key.account, key.id))
        call.store.delete(each)
    call.store.delete(key)
    call.audit.own_events.append(OwnEvent(key, "DeleteKey", {}))
