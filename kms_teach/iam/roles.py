"""Roles: who may assume them, how long a session may be, and those that belong to a service."""

from typing import Any

from msgspec.structs import replace

from kms_teach.access.policy import read
from kms_teach.access.principals import UNIQUE_ID
from kms_teach.directory import identities
from kms_teach.directory.identities import Identity, named
from kms_teach.directory.policies import SERVICE_ROLES
from kms_teach.errors import InvalidInputException, LimitExceededException, MalformedPolicyDocumentException
from kms_teach.iam import shapes
from kms_teach.iam.catalog import LINKED, Params, operation
from kms_teach.iam.entities import delete, modifiable, new
from kms_teach.operations.call import Call

TRUST_MAX = 2048  # characters without white space


def check_trust(call: Call, text: str) -> str:
    """A trust policy that can be read and names somebody who exists."""
    document = read(text, "trust policy")
    for statement in document.statements:
        for principal in statement.principals or ():
            named_so = principal.startswith("arn:") or UNIQUE_ID.fullmatch(principal)
            if named_so and not identities.exists(call.store, principal):
                raise MalformedPolicyDocumentException(f'Invalid principal in policy: "AWS":"{principal}"')
    if len("".join(text.split())) > TRUST_MAX:
        raise LimitExceededException(f"Cannot exceed quota for ACLSizePerRole: {TRUST_MAX}")
    return text


@operation("new role", changes=True)
def create_role(call: Call, params: Params) -> dict[str, Any]:
    trust = check_trust(call, params["AssumeRolePolicyDocument"])
    more = {"description": params.get("Description", ""), "session_max": params.get("MaxSessionDuration", 3600)}
    return {"Role": shapes.identity(new(call, "role", params, trust=trust, **more))}


@operation("linked role", changes=True)
def create_service_linked_role(call: Call, params: Params) -> dict[str, Any]:
    service = params["AWSServiceName"]
    if service not in LINKED:
        raise InvalidInputException(f"Service {service} has no service-linked role in this simulator")
    if named(call.store, "role", call.account, LINKED[service]):
        raise InvalidInputException(
            f"Service role name {LINKED[service]} has been taken in this account, please try a different suffix."
        )
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
        f'"Principal": {{"Service": "{service}"}}}}]}}'
    )
    role = Identity(
        kind="role", account=call.account, name=LINKED[service], path=f"/aws-service-role/{service}/",
        id=identities.new_id("role"), created=call.now, trust=trust, description=params.get("Description", ""),
        service_linked=True, attached=(SERVICE_ROLES[service],),
    )  # fmt: skip
    return {"Role": shapes.identity(identities.save(call.store, role))}


@operation("role", changes=True)
def delete_service_linked_role(call: Call, role: Identity, params: Params) -> dict[str, Any]:
    if not role.service_linked:
        raise InvalidInputException(f"{role.name} is not a service-linked role: delete it by DeleteRole")
    identities.delete(call.store, role)
    return {"DeletionTaskId": f"task{role.path}{role.name}/{role.id}"}


@operation("*")
def get_service_linked_role_deletion_status(call: Call, params: Params) -> dict[str, Any]:
    return {"Status": "SUCCEEDED"}


@operation("role")
def get_role(call: Call, role: Identity, params: Params) -> dict[str, Any]:
    more = {"MaxSessionDuration": role.session_max, "RoleLastUsed": {}}
    return {"Role": shapes.identity(role) | more}


@operation("role", changes=True)
def update_role(call: Call, role: Identity, params: Params) -> dict[str, Any]:
    changed = replace(
        modifiable(role),
        description=params.get("Description", role.description),
        session_max=params.get("MaxSessionDuration", role.session_max),
    )
    identities.save(call.store, changed)
    return {}


@operation("role", changes=True)
def update_role_description(call: Call, role: Identity, params: Params) -> dict[str, Any]:
    changed = identities.save(call.store, replace(modifiable(role), description=params["Description"]))
    return {"Role": shapes.identity(changed)}


@operation("role", changes=True)
def update_assume_role_policy(call: Call, role: Identity, params: Params) -> None:
    modifiable(role)
    identities.save(call.store, replace(role, trust=check_trust(call, params["PolicyDocument"])))


@operation("role", changes=True)
def delete_role(call: Call, role: Identity, params: Params) -> None:
    delete(call, modifiable(role))
