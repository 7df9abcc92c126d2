"""The policies of users, roles and groups: written into them (inline), or attached to them (managed)."""

from typing import Any

from msgspec.structs import replace

from kms_teach.access.policy import read
from kms_teach.directory import identities, policies
from kms_teach.directory.identities import Identity
from kms_teach.errors import (
    LimitExceededException,
    NoSuchEntityException,
    PolicyNotAttachableException,
    ValidationException,
)
from kms_teach.iam import shapes
from kms_teach.iam.catalog import KINDS, Params, operation, paged
from kms_teach.iam.entities import modifiable
from kms_teach.operations.call import Call

INLINE_MAX = {"user": 2048, "role": 10240, "group": 5120}  # characters of all inline policies, without white space
ATTACHED_MAX = 10


def iam_name(name: str) -> str:
    """An inline policy's name as IAM may have it: `policy 1`, given in Python, is `policy-1`."""
    return name.replace(" ", "-")


def _inline(one: Identity, name: str) -> tuple[str, str]:
    found = next((pair for pair in one.inline if iam_name(pair[0]) == name), None)
    if found is None:
        raise NoSuchEntityException(f"The {one.kind} policy with name {name} cannot be found.")
    return found


def _for(kind: str) -> None:
    called = kind.title()

    @operation(kind, name=f"Put{called}Policy", changes=True)
    def put(call: Call, one: Identity, params: Params) -> None:
        name, text = params["PolicyName"], params["PolicyDocument"]
        read(text, "IAM policy", name)
        others = tuple(pair for pair in one.inline if iam_name(pair[0]) != name)
        if sum(len("".join(each.split())) for _, each in (*others, (name, text))) > INLINE_MAX[kind]:
            most = INLINE_MAX[kind]
            raise LimitExceededException(f"Maximum policy size of {most} bytes exceeded for {kind} {one.name}")
        identities.save(call.store, replace(modifiable(one), inline=(*others, (name, text))))

    @operation(kind, name=f"Get{called}Policy")
    def get(call: Call, one: Identity, params: Params) -> dict[str, Any]:
        name, text = _inline(one, params["PolicyName"])
        return {f"{called}Name": one.name, "PolicyName": iam_name(name), "PolicyDocument": text}

    @operation(kind, name=f"List{called}Policies")
    def names(call: Call, one: Identity, params: Params) -> dict[str, Any]:
        return paged("PolicyNames", sorted(iam_name(name) for name, _ in one.inline), params)

    @operation(kind, name=f"Delete{called}Policy", changes=True)
    def delete(call: Call, one: Identity, params: Params) -> None:
        gone = _inline(modifiable(one), params["PolicyName"])
        identities.save(call.store, replace(one, inline=tuple(pair for pair in one.inline if pair != gone)))

    @operation(kind, name=f"Attach{called}Policy", changes=True)
    def attach(call: Call, one: Identity, params: Params) -> None:
        arn = params["PolicyArn"]
        if not arn.startswith("arn:"):
            raise ValidationException("Invalid ARN:  Could not be parsed!")
        if arn in policies.SERVICE_ROLES.values():
            raise PolicyNotAttachableException("Cannot attach a Service Role Policy to a Customer Role.")
        if policies.known(call.store, call.account, arn) is None:
            raise NoSuchEntityException(f"Policy {arn} does not exist or is not attachable.")
        if arn not in one.attached and len(one.attached) >= ATTACHED_MAX:
            raise LimitExceededException(f"Cannot exceed quota for PoliciesPer{called}: {ATTACHED_MAX}")
        together = tuple(dict.fromkeys((*one.attached, arn)))
        identities.save(call.store, replace(modifiable(one), attached=together))

    @operation(kind, name=f"Detach{called}Policy", changes=True)
    def detach(call: Call, one: Identity, params: Params) -> None:
        arn = params["PolicyArn"]
        if arn not in one.attached:
            raise NoSuchEntityException(f"Policy {arn} was not found.")
        others = tuple(each for each in one.attached if each != arn)
        identities.save(call.store, replace(modifiable(one), attached=others))

    @operation(kind, name=f"ListAttached{called}Policies")
    def attached(call: Call, one: Identity, params: Params) -> dict[str, Any]:
        return paged("AttachedPolicies", [shapes.attached(call.store, arn) for arn in one.attached], params)


for _kind in KINDS:
    _for(_kind)
