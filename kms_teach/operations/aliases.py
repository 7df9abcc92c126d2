"""This is aliases: names for keys, one key at a time, in one account and Region."""

from dataclasses import replace
from typing import Any

from kms_teach.errors import AlreadyExistsException, LimitExceededException, ValidationException
from kms_teach.keys.key import Alias, Key
from kms_teach.operations.catalog import Call, Role, marked, operation, page

ALIASES_PER_KEY = 50  # KMS Developer Guide, "Resource quotas"
TARGET = Role("TargetKeyId", aliases=False)
NAMED = Role("AliasName", via_alias=True)


@operation(TARGET, changes=True, alias="AliasName")
def create_alias(call: Call, key: Key, alias_name: str) -> None:
    alias = Alias(
        account=call.account, region=call.region, name=alias_name, target=key.id, created=call.now, updated=call.now
    )
    if call.store.get(Alias, call.scope, alias_name):
        raise AlreadyExistsException(f"An alias with the name {alias.arn} already exists")
    _within_quota(call, key)
    call.store.put(alias)


@operation(NAMED, TARGET, changes=True, alias="AliasName")
def update_alias(call: Call, old: Key, new: Key, alias_name: str) -> None:
    alias = call.store.get(Alias, call.scope, alias_name)
    assert alias is not None
    if (old.usage, old.spec == "SYMMETRIC_DEFAULT") != (new.usage, new.spec == "SYMMETRIC_DEFAULT"):
        raise ValidationException(
            f"Alias {alias.arn} cannot be changed from a CMK with key usage {old.usage} "
            f"to a CMK with key usage {new.usage}. "
            "The key usage of the current CMK and the new CMK must be the same."
        )
    if old.id != new.id:
        _within_quota(call, new)
    call.store.put(replace(alias, target=new.id, updated=call.now))


@operation(NAMED, changes=True, alias="AliasName")
def delete_alias(call: Call, key: Key, alias_name: str) -> None:
    alias = call.store.get(Alias, call.scope, alias_name)
    assert alias is not None
    call.store.delete(alias)


@operation()
def list_aliases(call: Call, key_id: str | None = None, limit: int = 50, marker: str | None = None) -> dict[str, Any]:
    parent = None
    if key_id is not None:
        parent = call.find(key_id, aliases=False).id
    found, more = page(call.store.page(Alias, call.scope, parent, marked(marker), limit + 1), limit)
    return {"Aliases": [_entry(alias) for alias in found], **more}


def _within_quota(call: Call, key: Key) -> None:
    if len(call.store.page(Alias, key.scope, key.id, limit=ALIASES_PER_KEY)) >= ALIASES_PER_KEY:
        raise LimitExceededException(
            f"the key has {ALIASES_PER_KEY} aliases, and no more are possible: delete one first"
        )


def _entry(alias: Alias) -> dict[str, Any]:
    return {
        "AliasName": alias.name,
        "AliasArn": alias.arn,
        "TargetKeyId": alias.target,
        "CreationDate": alias.created,
        "LastUpdatedDate": alias.updated,
    }
