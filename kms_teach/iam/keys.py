"""Access keys of users: two at most, each active or not; a secret is shown once, when it is made."""

from typing import Any

from msgspec.structs import replace

from kms_teach.access.principals import letters, new_secret
from kms_teach.directory import identities
from kms_teach.directory.access_keys import PER_USER, AccessKey
from kms_teach.directory.identities import Identity
from kms_teach.errors import LimitExceededException, NoSuchEntityException
from kms_teach.iam.catalog import Params, operation, paged
from kms_teach.operations.call import Call


def _keys(call: Call, user: Identity) -> list[AccessKey]:
    return call.store.page(AccessKey, "access key", parent=user.id)


def _key(call: Call, user: Identity, params: Params) -> AccessKey:
    key_id = params["AccessKeyId"]
    key = next((each for each in _keys(call, user) if each.id == key_id), None)
    if key is None:
        raise NoSuchEntityException(f"The Access Key with id {key_id} cannot be found.")
    return key


@operation("user", changes=True)
def create_access_key(call: Call, user: Identity, params: Params) -> dict[str, Any]:
    if len(_keys(call, user)) >= PER_USER:
        raise LimitExceededException(f"Cannot exceed quota for AccessKeysPerUser: {PER_USER}")
    key = AccessKey(id=f"AKIA{letters()}", secret=new_secret(), account=user.account, user=user.id, created=call.now)
    identities.give_key(call.store, user, key)
    return {"AccessKey": _shown(user, key) | {"SecretAccessKey": key.secret}}


def _shown(user: Identity, key: AccessKey) -> dict[str, Any]:
    return {"UserName": user.name, "AccessKeyId": key.id, "Status": key.status, "CreateDate": key.created}


@operation("user")
def list_access_keys(call: Call, user: Identity, params: Params) -> dict[str, Any]:
    return paged("AccessKeyMetadata", [_shown(user, key) for key in _keys(call, user)], params)


@operation("user", changes=True)
def update_access_key(call: Call, user: Identity, params: Params) -> None:
    key = replace(_key(call, user, params), status=params["Status"])
    if key.status == "Active":
        identities.give_key(call.store, user, key)
    else:
        identities.take_key(call.store, user, key)
        call.store.put(key)


@operation("user", changes=True)
def delete_access_key(call: Call, user: Identity, params: Params) -> None:
    key = _key(call, user, params)
    identities.take_key(call.store, user, key)
    call.store.delete(key)


@operation("*")
def get_access_key_last_used(call: Call, params: Params) -> dict[str, Any]:
    key = call.store.get(AccessKey, "access key", params["AccessKeyId"])
    user = next((one for one in call.store.every(Identity) if key and one.id == key.user), None)
    if key is None or user is None or key.account != call.account:
        raise NoSuchEntityException(f"The Access Key with id {params['AccessKeyId']} cannot be found.")
    return {"UserName": user.name, "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}
