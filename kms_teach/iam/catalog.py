"""The catalog of IAM's operations: each a function of a call, with what its permission is asked about.

IAM API Reference; Service Authorization Reference, "AWS Identity and Access Management". A caller that may not is told
so before it is told whether such an entity exists.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from kms_teach.directory import identities, policies
from kms_teach.directory.identities import Identity
from kms_teach.directory.policies import ManagedPolicy
from kms_teach.errors import AccessDeniedException, NoSuchEntityException, ValidationException
from kms_teach.iam.condition_keys import condition_keys
from kms_teach.operations.call import Call
from kms_teach.operations.permission import authorize

PAGE = 100  # entries, unless MaxItems says otherwise
KINDS = ("user", "role", "group")
EVERYTHING = "*"

LINKED = {  # service -> the name of its role; KMS Developer Guide, "Using service-linked roles"
    "mrk.kms.amazonaws.com": "AWSServiceRoleForKeyManagementServiceMultiRegionKeys",
    "cks.kms.amazonaws.com": "AWSServiceRoleForKeyManagementServiceCustomKeyStores",
}

Params = Mapping[str, Any]


class Operation(Struct, frozen=True):
    """An operation. on: whose ARN its permission is about.

    A user, role, group or policy, which must exist; `new …`, a linked role, *; `source`, whose policies are simulated.
    """

    name: str
    function: Callable[..., Any]
    on: str
    changes: bool


CATALOG: dict[str, Operation] = {}


def operation(on: str, *, changes: bool = False, name: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function of (call, entity, params) into the catalog; of (call, params) where it is on no entity."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        called = name or function.__name__.title().replace("_", "")
        CATALOG[called] = Operation(called, function, on, changes)
        return function

    return enter


def answer(call: Call, operation: Operation) -> Any:
    """Ask for the permission, find the entity, do it."""
    params = call.request.params
    if operation.on not in (*KINDS, "policy"):
        _ask(call, operation, _resource(call, operation.on, params), "", None)
        return operation.function(call, params)
    entity: Identity | ManagedPolicy | None
    if operation.on == "policy":
        resource, entity = params["PolicyArn"], policies.known(call.store, call.account, params["PolicyArn"])
        shown, missing = f"policy {resource}", f"Policy {resource} was not found."
    else:
        kind, name = operation.on, _name(call, operation.on, params)
        entity = identities.named(call.store, kind, call.account, name)
        resource = entity.arn if entity else identities.arn(kind, call.account, "/", name)
        shown, missing = f"{kind} {name}", f"The {kind} with name {name} cannot be found."
    _ask(call, operation, resource, shown, entity)
    if entity is None:
        raise NoSuchEntityException(missing)
    return operation.function(call, entity, params)


def _name(call: Call, kind: str, params: Params) -> str:
    """The name that the request gives; without one, the user that calls."""
    name = params.get(f"{kind.title()}Name")
    if name is None and call.request.principal.kind != "user":
        raise ValidationException("Must specify userName when calling with non-User credentials")
    return name if name is not None else call.request.principal.name


def _resource(call: Call, on: str, params: Params) -> str:
    """The ARN of what is to be made, or whose policies are simulated; `*` for the rest."""
    if on == "source":
        return str(params["PolicySourceArn"])
    if on == "linked role":
        service = params["AWSServiceName"]
        name = LINKED.get(service, EVERYTHING)
        return identities.arn("role", call.account, f"/aws-service-role/{service}/", name)
    _, _, kind = on.partition(" ")
    if not kind:
        return EVERYTHING
    return identities.arn(kind, call.account, path(params), params.get(f"{kind.title()}Name", ""))


def _ask(call: Call, operation: Operation, resource: str, shown: str, entity: Identity | ManagedPolicy | None) -> None:
    keys = condition_keys(operation.name, call.request.params, entity)
    try:
        authorize(call, f"iam:{operation.name}", resource, others=keys)
    except AccessDeniedException as denied:
        words = denied.message or ""
        raise AccessDeniedException(
            words.replace(f"resource: {resource}", f"resource: {shown}", 1) if shown else words, denied.decision
        ) from None


PATH_WORDS = (
    "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters "
    "and/or / characters."
)


PATHS = ("Path", "NewPath")


def check_paths(params: Params) -> None:
    """A path that is none has words of its own, before whatever else is wrong."""
    for given in (params[member] for member in PATHS if isinstance(params.get(member), str)):
        if not (given.startswith("/") and given.endswith("/")):
            raise ValidationException(PATH_WORDS)


def path(params: Params) -> str:
    """The path that the request gives, `/` without one."""
    given: str = params.get("Path", "/")
    return given


def paged(member: str, entries: Sequence[Any], params: Params) -> dict[str, Any]:
    """The page of a list that begins at the request's Marker."""
    marker = params.get("Marker", "")
    start = int(marker) if marker.isascii() and marker.isdigit() else 0
    if marker and (str(start) != marker or start > len(entries)):
        raise ValidationException("Invalid Marker.")
    stop = start + params.get("MaxItems", PAGE)
    more = {"IsTruncated": True, "Marker": str(stop)} if stop < len(entries) else {"IsTruncated": False}
    return {member: list(entries[start:stop]), **more}


def below(entries: Sequence[Any], params: Params) -> list[Any]:
    """Those whose path begins with the request's PathPrefix."""
    return [each for each in entries if each.path.startswith(params.get("PathPrefix", "/"))]
