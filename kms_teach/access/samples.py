"""Samples: a principal for a name in a policy, and a request that meets or escapes a statement's conditions."""

from collections.abc import Iterable, Mapping

from kms_teach.access.conditions import Condition
from kms_teach.access.context import Context
from kms_teach.access.principals import EVERYONE, Principal, service


def somebody(name: str, account: str) -> Principal:
    """The principal that a policy names so; for a name that means many, one of them, in `account` if in any."""
    if name == EVERYONE or name.endswith(":root"):
        owner = name.split(":")[4] if ":" in name else account
        return Principal(account=owner, kind="user", name="somebody", id="AIDASOMEBODY")
    if not name.startswith("arn:"):
        return service(name)
    owner, resource = name.split(":")[4:6]
    kind, _, rest = resource.partition("/")
    if kind == "assumed-role":
        role, _, session = rest.partition("/")
        return Principal(account=owner, kind="role", name=role, session=session, id="AROASOMEBODY")
    path, _, last = rest.rpartition("/")
    kind = "federated" if kind == "federated-user" else kind
    return Principal(account=owner, kind=kind, name=last, path=f"/{path}/" if path else "/", id="AIDASOMEBODY")


def meeting(conditions: Iterable[Condition], carried: Mapping[str, tuple[str, ...]]) -> Context:
    """What a request carries, changed so that the conditions hold, as far as one value each can do that."""
    keys = dict(carried)
    for condition in conditions:
        _set(keys, condition, _meets(condition))
    return keys


def escaping(conditions: Iterable[Condition], carried: Mapping[str, tuple[str, ...]]) -> Context:
    """The same, so that none of them holds."""
    keys = dict(carried)
    for condition in conditions:
        _set(keys, condition, _escapes(condition))
    return keys


def _set(keys: Context, condition: Condition, value: str) -> None:
    """Give the key this value; "" takes it away."""
    for name in [name for name in keys if name.lower() == condition.lowered]:
        del keys[name]
    if value:
        keys[condition.key] = (value,)


def _meets(condition: Condition) -> str:
    if condition.operator.kind == "Null":
        return "" if "true" in condition.sources else "x"
    return "" if condition.operator.negated else _plain(condition)


def _escapes(condition: Condition) -> str:
    if condition.operator.kind == "Null":
        return "x" if "true" in condition.sources else ""
    if condition.operator.kind == "Bool":
        return "false" if "true" in condition.sources else "true"
    return _plain(condition) if condition.operator.negated else ""


def _plain(condition: Condition) -> str:
    """A value that its first pattern matches; "" where that depends on the request."""
    wanted = condition.needed[0].source if condition.needed else ""
    return "" if "${" in wanted else wanted.replace("*", "x").replace("?", "x")
