"""Aliases: names for keys, for one key at a time, in one account and Region.

What an alias named before is kept in it while others may still go by that.
"""

from typing import Any

from msgspec.structs import replace

from kms_teach.errors import AlreadyExistsException, LimitExceededException, ValidationException
from kms_teach.keys.delays import remembering
from kms_teach.keys.key import Alias, Key
from kms_teach.keys.specs import SYMMETRIC
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation, page, start_after
from kms_teach.operations.repository import save

ALIASES_PER_KEY = 50  # KMS Developer Guide, "Resource quotas"
TARGET = KeyParameter("TargetKeyId", aliases=False)
NAMED = KeyParameter("AliasName", via_alias=True)


@operation(TARGET, changes=True, alias="AliasName")
def create_alias(call: Call, key: Key, alias_name: str) -> None:
    """Name a key.

    KMS API Reference, "CreateAlias". Errors, in the order they are checked: ValidationException,
    NotAuthorizedException, InvalidArnException, NotFoundException, AccessDeniedException, KMSInvalidStateException,
    AlreadyExistsException, LimitExceededException.
    """
    existing = call.store.get(Alias, call.scope, alias_name)
    alias = Alias(
        account=call.account, region=call.region, name=alias_name, target="", created=call.now, updated=call.now,
        earlier=existing.earlier if existing else (),
    )  # fmt: skip
    if existing and existing.target:
        raise AlreadyExistsException(f"An alias with the name {alias.arn} already exists")
    _within_quota(call, key)
    call.store.put(_with_target(call, alias, key.id))


@operation(NAMED, TARGET, changes=True, alias="AliasName")
def update_alias(call: Call, old: Key, new: Key, alias_name: str) -> None:
    """Let an alias name another key of the same kind.

    KMS API Reference, "UpdateAlias". Errors, in the order they are checked: ValidationException,
    NotAuthorizedException, InvalidArnException, NotFoundException, AccessDeniedException, KMSInvalidStateException,
    LimitExceededException.
    """
    alias = call.store.get(Alias, call.scope, alias_name)
    assert alias is not None
    if old.usage == new.usage and (old.spec == SYMMETRIC) != (new.spec == SYMMETRIC):
        kinds = tuple("symmetric" if key.spec == SYMMETRIC else "asymmetric" for key in (old, new))
        raise ValidationException(
            f"Alias {alias.arn} cannot be changed from a CMK of key type {kinds[0]} to a CMK of key type {kinds[1]}. "
            "The key type of the current CMK and the new CMK must be the same."
        )
    if old.usage != new.usage:
        raise ValidationException(
            f"Alias {alias.arn} cannot be changed from a CMK with key usage {old.usage} "
            f"to a CMK with key usage {new.usage}. "
            "The key usage of the current CMK and the new CMK must be the same."
        )
    if old.id != new.id:
        _within_quota(call, new)
    call.store.put(_with_target(call, alias, new.id))


@operation(NAMED, changes=True, alias="AliasName")
def delete_alias(call: Call, key: Key, alias_name: str) -> None:
    """Take a name away; the key stays.

    KMS API Reference, "DeleteAlias". Errors, in the order they are checked: ValidationException,
    NotAuthorizedException, NotFoundException, AccessDeniedException.
    """
    alias = call.store.get(Alias, call.scope, alias_name)
    assert alias is not None
    deleted = _with_target(call, alias, "")
    if deleted.earlier:
        save(call.store, deleted)
    else:
        call.store.delete(alias)


@operation()
def list_aliases(call: Call, key_id: str | None = None, limit: int = 50, marker: str | None = None) -> dict[str, Any]:
    """List the aliases of an account and Region, or those of one key.

    KMS API Reference, "ListAliases". Errors, in the order they are checked: AccessDeniedException, InvalidArnException,
    NotFoundException, InvalidMarkerException.
    """
    parent = None
    if key_id is not None:
        parent = call.keys.find(key_id, aliases=False).id
    aliases, more = page(call.store.page(Alias, call.scope, parent, start_after(marker), limit + 1), limit)
    return {"Aliases": [_entry(alias) for alias in aliases if alias.target], **more}


def _with_target(call: Call, alias: Alias, target: str) -> Alias:
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
