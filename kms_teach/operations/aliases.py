"""This is aliases: names for keys, one key at a time, in one account and Region.

What an alias named before is kept in it while others may still go by that.
"""

from dataclasses import replace
from typing import Any

from kms_teach.errors import AlreadyExistsException, LimitExceededException, ValidationException
from kms_teach.keys.delays import remembering
from kms_teach.keys.key import Alias, Key
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import Role, marked, operation, page

ALIASES_PER_KEY = 50  # KMS Developer Guide, "Resource quotas"
TARGET = Role("TargetKeyId", aliases=False)
NAMED = Role("AliasName", via_alias=True)


@operation(TARGET, changes=True, alias="AliasName")
def create_alias(call: Call, key: Key, alias_name: str) -> None:
    known = call.store.get(Alias, call.scope, alias_name)
    alias = Alias(
        account=call.account, region=call.region, name=alias_name, target="", created=call.now, updated=call.now,
        earlier=known.earlier if known else (),
    )  # fmt: skip
    if known and known.target:
        raise AlreadyExistsException(f"An alias with the name {alias.arn} already exists")
    _within_quota(call, key)
    call.store.put(_naming(call, alias, key.id))


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
    call.store.put(_naming(call, alias, new.id))


@operation(NAMED, changes=True, alias="AliasName")
def delete_alias(call: Call, key: Key, alias_name: str) -> None:
    alias = call.store.get(Alias, call.scope, alias_name)
    assert alias is not None
    gone = _naming(call, alias, "")
    if gone.earlier:
        call.save(gone)
    else:
        call.store.delete(alias)


@operation()
def list_aliases(call: Call, key_id: str | None = None, limit: int = 50, marker: str | None = None) -> dict[str, Any]:
    parent = None
    if key_id is not None:
        parent = call.find(key_id, aliases=False).id
    found, more = page(call.store.page(Alias, call.scope, parent, marked(marker), limit + 1), limit)
    return {"Aliases": [_entry(alias) for alias in found if alias.target], **more}


def _naming(call: Call, alias: Alias, target: str) -> Alias:
    """The alias with another target; "" is none. Policies are the last to learn of it."""
    earlier = remembering(alias.earlier, alias.target, call.now, call.takes("an alias in a policy"))
    return replace(alias, target=target, updated=call.now, earlier=earlier)


def _within_quota(call: Call, key: Key) -> None:
    if call.store.count(Alias, key.scope, key.id) >= ALIASES_PER_KEY:
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
