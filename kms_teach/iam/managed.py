"""Managed policies of an account, and their versions."""

from typing import Any

from msgspec.structs import replace

from kms_teach.access.policy import read
from kms_teach.directory import identities
from kms_teach.directory.identities import Identity
from kms_teach.directory.policies import OF_AWS, VERSIONS_MAX, ManagedPolicy, Version
from kms_teach.errors import (
    AccessDeniedException,
    DeleteConflictException,
    EntityAlreadyExistsException,
    LimitExceededException,
    NoSuchEntityException,
)
from kms_teach.iam import shapes
from kms_teach.iam.catalog import KINDS, Params, below, operation, paged, path
from kms_teach.operations.call import Call

SIZE_MAX = 6144  # characters without white space
TOO_MANY = (
    "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."
)
VERSIONS_LEFT = (
    "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
    "The default version is deleted with the policy."
)


def checked(text: str) -> str:
    """A document that a managed policy may have."""
    read(text, "IAM policy", managed=True)
    if len("".join(text.split())) > SIZE_MAX:
        raise LimitExceededException(f"Cannot exceed quota for PolicySize: {SIZE_MAX}")
    return text


def _own(policy: ManagedPolicy) -> ManagedPolicy:
    """The policy, unless it is AWS's."""
    if policy.account == "aws":
        raise AccessDeniedException(f"{policy.arn} is an AWS managed policy: nobody but AWS changes it")
    return policy


def _save(call: Call, policy: ManagedPolicy) -> ManagedPolicy:
    """Keep a policy, and make those whom it is attached to what they are now."""
    call.store.put(policy)
    for one in call.store.every(Identity):
        if policy.arn in (*one.attached, one.boundary):
            identities.save(call.store, one)
    return policy


def _users(call: Call, policy: ManagedPolicy) -> list[Identity]:
    return [one for one in call.store.every(Identity) if policy.arn in (*one.attached, one.boundary)]


@operation("new policy", changes=True)
def create_policy(call: Call, params: Params) -> dict[str, Any]:
    name = params["PolicyName"]
    if call.store.get(ManagedPolicy, f"policy {call.account}", name.lower()):
        raise EntityAlreadyExistsException(f"A policy called {name} already exists. Duplicate names are not allowed.")
    policy = ManagedPolicy(
        account=call.account, name=name, path=path(params), created=call.now, updated=call.now,
        description=params.get("Description", ""), default="v1",
        versions=(Version("v1", checked(params["PolicyDocument"]), call.now),),
        tags=tuple((tag["Key"], tag["Value"]) for tag in params.get("Tags", ())),
    )  # fmt: skip
    call.store.put(policy)
    shown = shapes.managed(call.store, policy)
    return {"Policy": shown | ({"Tags": shapes.tags(policy.tags)} if policy.tags else {})}


@operation("policy")
def get_policy(call: Call, policy: ManagedPolicy, params: Params) -> dict[str, Any]:
    description = {"Description": policy.description} if policy.description else {}
    return {"Policy": shapes.managed(call.store, policy) | description | {"Tags": shapes.tags(policy.tags)}}


@operation("*")
def list_policies(call: Call, params: Params) -> dict[str, Any]:
    scope, own = params.get("Scope", "All"), call.store.page(ManagedPolicy, f"policy {call.account}")
    listed = [*(own if scope != "AWS" else ()), *(OF_AWS.values() if scope != "Local" else ())]
    if params.get("OnlyAttached"):
        listed = [policy for policy in listed if _users(call, policy)]
    return paged("Policies", [shapes.managed(call.store, policy) for policy in below(listed, params)], params)


@operation("policy", changes=True)
def delete_policy(call: Call, policy: ManagedPolicy, params: Params) -> None:
    if _users(call, _own(policy)):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflictException(VERSIONS_LEFT)
    call.store.delete(policy)


@operation("policy", changes=True)
def create_policy_version(call: Call, policy: ManagedPolicy, params: Params) -> dict[str, Any]:
    if len(_own(policy).versions) >= VERSIONS_MAX:
        raise LimitExceededException(TOO_MANY)
    new = Version(f"v{policy.newest + 1}", checked(params["PolicyDocument"]), call.now)
    changed = replace(
        policy, versions=(*policy.versions, new), newest=policy.newest + 1, updated=call.now,
        default=new.id if params.get("SetAsDefault") else policy.default,
    )  # fmt: skip
    return {"PolicyVersion": shapes.version(_save(call, changed), new)}


def _version(policy: ManagedPolicy, params: Params) -> Version:
    version = policy.version(params["VersionId"])
    if version is None:
        raise NoSuchEntityException(f"Policy {policy.arn} version {params['VersionId']} does not exist.")
    return version


@operation("policy")
def get_policy_version(call: Call, policy: ManagedPolicy, params: Params) -> dict[str, Any]:
    return {"PolicyVersion": shapes.version(policy, _version(policy, params), whole=True)}


@operation("policy")
def list_policy_versions(call: Call, policy: ManagedPolicy, params: Params) -> dict[str, Any]:
    return paged("Versions", [shapes.version(policy, each) for each in reversed(policy.versions)], params)


@operation("policy", changes=True)
def set_default_policy_version(call: Call, policy: ManagedPolicy, params: Params) -> None:
    _save(call, replace(_own(policy), default=_version(policy, params).id, updated=call.now))


@operation("policy", changes=True)
def delete_policy_version(call: Call, policy: ManagedPolicy, params: Params) -> None:
    gone = _version(_own(policy), params)
    if gone.id == policy.default:
        raise DeleteConflictException("Cannot delete the default version of a policy.")
    _save(call, replace(policy, versions=tuple(each for each in policy.versions if each != gone)))


@operation("policy")
def list_entities_for_policy(call: Call, policy: ManagedPolicy, params: Params) -> dict[str, Any]:
    wanted = params.get("EntityFilter", "")
    entities = [
        one
        for one in below([one for one in call.store.every(Identity) if one.account == call.account], params)
        if policy.arn in (one.attached if params.get("PolicyUsageFilter") != "PermissionsBoundary" else (one.boundary,))
        and wanted in ("", one.kind.title())
    ]
    page = paged("", entities, params)
    members = {
        f"Policy{kind.title()}s": [
            {f"{kind.title()}Name": one.name, f"{kind.title()}Id": one.id} for one in page[""] if one.kind == kind
        ]
        for kind in KINDS
    }
    return {**members, **{name: value for name, value in page.items() if name}}
