"""Users and groups, and what roles have in common with them: made, shown, listed, changed, deleted.

Quotas: IAM User Guide, "IAM and AWS STS quotas". Messages as recorded from AWS.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from kms_teach.directory import identities, policies
from kms_teach.directory.access_keys import AccessKey
from kms_teach.directory.identities import Identity, named
from kms_teach.errors import (
    DeleteConflictException,
    EntityAlreadyExistsException,
    InvalidInputException,
    LimitExceededException,
    NoSuchEntityException,
    UnmodifiableEntityException,
)
from kms_teach.iam import shapes
from kms_teach.iam.catalog import Params, below, operation, paged, path
from kms_teach.operations.call import Call

QUOTAS = {"user": ("UsersPerAccount", 5000), "role": ("RolesPerAccount", 1000), "group": ("GroupsPerAccount", 300)}
GROUPS_PER_USER = 10
DUPLICATE_TAGS = "Duplicate tag keys found. Please note that Tag keys are case insensitive."


def conflict(what: str) -> DeleteConflictException:
    return DeleteConflictException(f"Cannot delete entity, must {what} first.")


def modifiable(one: Identity) -> Identity:
    """The role, unless it belongs to a service."""
    if one.service_linked:
        raise UnmodifiableEntityException(
            f"Cannot perform the operation on the protected role '{one.name}' - this role is only modifiable by AWS"
        )
    return one


def given_tags(params: Params) -> tuple[tuple[str, str], ...]:
    """The tags of a request; keys of users and roles are one, whatever their case."""
    pairs = tuple((tag["Key"], tag["Value"]) for tag in params.get("Tags", ()))
    if len({key.lower() for key, _ in pairs}) < len(pairs):
        raise InvalidInputException(DUPLICATE_TAGS)
    return pairs


def given_boundary(call: Call, params: Params) -> str:
    arn: str = params.get("PermissionsBoundary", "")
    if arn and policies.known(call.store, call.account, arn) is None:
        raise NoSuchEntityException(f"Scope ARN: {arn} does not exist or is not attachable.")
    return arn


def new(call: Call, kind: str, params: Params, **more: Any) -> Identity:
    """Make a user, role or group. more: what only a role has."""
    name = params[f"{kind.title()}Name"]
    if named(call.store, kind, call.account, name):
        raise EntityAlreadyExistsException(f"{kind.title()} with name {name} already exists.")
    quota, most = QUOTAS[kind]
    if len(identities.every(call.store, kind, call.account)) >= most:
        raise LimitExceededException(f"Cannot exceed quota for {quota}: {most}")
    return identities.save(
        call.store,
        Identity(
            kind=kind, account=call.account, name=name, path=path(params), id=identities.new_id(kind),
            created=call.now, tags=given_tags(params), boundary=given_boundary(call, params), **more,
        ),
    )  # fmt: skip


@operation("new user", changes=True)
def create_user(call: Call, params: Params) -> dict[str, Any]:
    return {"User": shapes.identity(new(call, "user", params))}


@operation("new group", changes=True)
def create_group(call: Call, params: Params) -> dict[str, Any]:
    return {"Group": shapes.identity(new(call, "group", params))}


@operation("user")
def get_user(call: Call, user: Identity, params: Params) -> dict[str, Any]:
    return {"User": shapes.identity(user)}


@operation("group")
def get_group(call: Call, group: Identity, params: Params) -> dict[str, Any]:
    users = [one for one in identities.every(call.store, "user", call.account) if group.name in one.groups]
    return {"Group": shapes.identity(group), **paged("Users", _short(users), params)}


def _short(entities: Sequence[Identity]) -> list[dict[str, Any]]:
    most = ({"MaxSessionDuration": one.session_max} if one.kind == "role" else {} for one in entities)
    return [shapes.identity(one, whole=False) | more for one, more in zip(entities, most, strict=True)]


def _listing(kind: str) -> None:
    @operation("*", name=f"List{kind.title()}s")
    def listing(call: Call, params: Params) -> dict[str, Any]:
        entities = below(identities.every(call.store, kind, call.account), params)
        return paged(f"{kind.title()}s", _short(entities), params)


def _renaming(kind: str) -> None:
    @operation(kind, name=f"Update{kind.title()}", changes=True)
    def update(call: Call, one: Identity, params: Params) -> None:
        name = params.get(f"New{kind.title()}Name", one.name)
        if name.lower() != one.name.lower() and named(call.store, kind, call.account, name):
            raise EntityAlreadyExistsException(f"{kind.title()} with name {name} already exists.")
        identities.rename(call.store, one, name, params.get("NewPath", one.path))


for _kind in ("user", "role", "group"):
    _listing(_kind)
for _kind in ("user", "group"):
    _renaming(_kind)


@operation("user", changes=True)
def delete_user(call: Call, user: Identity, params: Params) -> None:
    if user.groups:
        raise conflict("remove users from group")
    if call.store.page(AccessKey, "access key", parent=user.id):
        raise conflict("delete access keys")
    delete(call, user)


@operation("group", changes=True)
def delete_group(call: Call, group: Identity, params: Params) -> None:
    if any(group.name in one.groups for one in identities.every(call.store, "user", call.account)):
        raise conflict("remove users from group")
    delete(call, group)


def delete(call: Call, one: Identity) -> None:
    if one.attached:
        raise conflict("detach all policies")
    if one.inline:
        raise conflict("delete policies")
    identities.delete(call.store, one)


def _bounded(kind: str) -> None:
    @operation(kind, name=f"Put{kind.title()}PermissionsBoundary", changes=True)
    def put(call: Call, one: Identity, params: Params) -> None:
        identities.save(call.store, replace(modifiable(one), boundary=given_boundary(call, params)))

    @operation(kind, name=f"Delete{kind.title()}PermissionsBoundary", changes=True)
    def delete(call: Call, one: Identity, params: Params) -> None:
        if not one.boundary:
            raise NoSuchEntityException(f"{kind.title()} {one.name} has no permissions boundary")
        identities.save(call.store, replace(modifiable(one), boundary=""))


for _kind in ("user", "role"):
    _bounded(_kind)


@operation("group", changes=True)
def add_user_to_group(call: Call, group: Identity, params: Params) -> None:
    user = _member(call, params)
    if group.name not in user.groups and len(user.groups) >= GROUPS_PER_USER:
        raise LimitExceededException(f"Cannot exceed quota for GroupsPerUser: {GROUPS_PER_USER}")
    identities.save(call.store, replace(user, groups=tuple(dict.fromkeys((*user.groups, group.name)))))


@operation("group", changes=True)
def remove_user_from_group(call: Call, group: Identity, params: Params) -> None:
    user = _member(call, params)
    if group.name not in user.groups:
        raise NoSuchEntityException(f"The user with name {user.name} is not in group {group.name}.")
    identities.save(call.store, replace(user, groups=tuple(name for name in user.groups if name != group.name)))


def _member(call: Call, params: Params) -> Identity:
    user = named(call.store, "user", call.account, params["UserName"])
    if user is None:
        raise NoSuchEntityException(f"The user with name {params['UserName']} cannot be found.")
    return user


@operation("user")
def list_groups_for_user(call: Call, user: Identity, params: Params) -> dict[str, Any]:
    groups = [group for name in user.groups if (group := named(call.store, "group", call.account, name))]
    return paged("Groups", _short(groups), params)
