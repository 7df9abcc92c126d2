"""Tags of users, roles and managed policies. Keys are one whatever their case, but for policies."""

from typing import Any

from msgspec.structs import replace

from kms_teach.directory import identities
from kms_teach.directory.identities import Identity
from kms_teach.directory.policies import ManagedPolicy
from kms_teach.errors import LimitExceededException
from kms_teach.iam import shapes
from kms_teach.iam.catalog import Params, operation, paged
from kms_teach.iam.entities import given_tags
from kms_teach.operations.call import Call

TAGS_MAX = 50


def _for(kind: str) -> None:
    def folded(key: str) -> str:
        return key if kind == "policy" else key.lower()

    def keep(call: Call, one: Any, tags: tuple[tuple[str, str], ...]) -> None:
        if len(tags) > TAGS_MAX:
            raise LimitExceededException(f"Cannot exceed quota for TagsPer{kind.title()}: {TAGS_MAX}")
        changed = replace(one, tags=tags)
        if isinstance(changed, Identity):
            identities.save(call.store, changed)
        else:
            call.store.put(changed)

    @operation(kind, name=f"Tag{kind.title()}", changes=True)
    def tag(call: Call, one: Identity | ManagedPolicy, params: Params) -> None:
        new = given_tags(params)
        names = {folded(key) for key, _ in new}
        keep(call, one, (*(pair for pair in one.tags if folded(pair[0]) not in names), *new))

    @operation(kind, name=f"Untag{kind.title()}", changes=True)
    def untag(call: Call, one: Identity | ManagedPolicy, params: Params) -> None:
        names = {folded(key) for key in params["TagKeys"]}
        keep(call, one, tuple(pair for pair in one.tags if folded(pair[0]) not in names))

    @operation(kind, name=f"List{kind.title()}Tags")
    def listing(call: Call, one: Identity | ManagedPolicy, params: Params) -> dict[str, Any]:
        return paged("Tags", shapes.tags(one.tags), params)


for _kind in ("user", "role", "policy"):
    _for(_kind)
