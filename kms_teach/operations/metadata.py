"""KeyMetadata: what CreateKey, DescribeKey and ReplicateKey tell of a key."""

from typing import Any

from kms_teach.keys.key import Key, RelatedKeys
from kms_teach.keys.names import arn
from kms_teach.keys.specs import ALGORITHM_LISTS, SPECS, SYMMETRIC
from kms_teach.keys.stores import CLOUDHSM, KeyStore
from kms_teach.operations.call import Call


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
        store = call.store.get(KeyStore, key.scope, key.key_store)
        if store and store.kind == CLOUDHSM:
            described["CloudHsmClusterId"] = store.backend
    if key.xks_key:
        described["XksKeyConfiguration"] = {"Id": key.xks_key}
    return described | ({"MultiRegionConfiguration": _multi_region(call, key)} if key.multi_region else {})


def _multi_region(call: Call, key: Key) -> dict[str, Any]:
    related = call.store.get(RelatedKeys, key.account, key.id)
    assert related is not None
    primary, *replicas = ({"Arn": arn(r, key.account, f"key/{key.id}"), "Region": r} for r in related.regions)
    return {
        "MultiRegionKeyType": "PRIMARY" if key.region == key.primary_region else "REPLICA",
        "PrimaryKey": primary,
        "ReplicaKeys": replicas,
    }
