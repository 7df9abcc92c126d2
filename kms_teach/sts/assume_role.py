"""AssumeRole: a session of a role, for whom its trust policy and the caller's own policies let in.

STS API Reference, AssumeRole; IAM User Guide, "IAM and AWS STS condition context keys", "Monitor and control actions
taken with assumed roles".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kms_teach.access.policy import read
from kms_teach.access.principals import Principal
from kms_teach.access.statement import Document
from kms_teach.directory.identities import Identity, by_arn, standing
from kms_teach.errors import AccessDenied, AccessDeniedException, InvalidParameterValue, ValidationException
from kms_teach.operations.call import Call
from kms_teach.operations.permission import ask_of, note
from kms_teach.sts.credentials import issue, shown
from kms_teach.sts.mfa import check_device
from kms_teach.sts.session_policies import packed_size, session_policies
from kms_teach.sts.session_tags import SessionTags, session_tags

DURATION_DEFAULT = 3600  # seconds
CHAINED_MAX = 3600  # seconds; IAM User Guide, "Role chaining"
IAM_ARN = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>[0-9]{12}):\S+", re.ASCII)
NOBODY = Document("trust policy", "trust policy", "{}", ())  # of a role that is not there, or lets nobody in

ROOT = "Roles may not be assumed by root accounts."
TOO_LONG = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
CHAINED_TOO_LONG = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
IDENTITY_IS_SET = "The source identity is already set for this assume role session"
NOT_HERE = ("ProvidedContexts", "MinimumSessionTokenSize")


def assume_role(call: Call, params: Mapping[str, Any]) -> dict[str, Any]:
    """Credentials for a session of a role.

    Raises ValidationException for an ARN that is none, AccessDenied for the root user, InvalidParameterValue for tags,
    PackedPolicyTooLarge, AccessDenied for an MFA device, ValidationException for a chain's session of over an hour,
    AccessDenied for whoever may not, ValidationException for a session longer than the role allows.
    """
    caller, arn = call.request.principal, params["RoleArn"]
    form = IAM_ARN.fullmatch(arn)
    if form is None:
        raise ValidationException(f"{arn} is invalid")
    call.audit.roles.append((arn, form["account"]))
    if caller.kind == "root":
        raise AccessDenied(ROOT)
    for name in NOT_HERE:
        if name in params:
            raise ValidationException(f"this simulator does not know {name}: leave it out")
    tags = session_tags(caller, params)
    policies = session_policies(call.store, form["account"], params)
    size = packed_size(params)
    check_device(params)
    duration = params.get("DurationSeconds", DURATION_DEFAULT)
    if caller.kind == "role" and duration > CHAINED_MAX:
        raise ValidationException(CHAINED_TOO_LONG)
    identity = _source_identity(caller, params)
    role = _admitted(call, arn, form["account"], tags, identity)
    if duration > role.session_max:
        raise ValidationException(TOO_LONG)
    standing_role = standing(call.store, role)
    session = issue(
        call, standing_role, duration, session=params["RoleSessionName"], session_policies=policies,
        tags=tags.over(role.tags), transitive=tags.transitive, source_identity=identity,
    )  # fmt: skip
    return {
        "Credentials": shown(session),
        "AssumedRoleUser": {"AssumedRoleId": f"{role.id}:{session.session}", "Arn": session.caller_arn},
        **size,
        **({"SourceIdentity": identity} if identity else {}),
    }


def _source_identity(caller: Principal, params: Mapping[str, Any]) -> str:
    """The one that the session will have: once set it stays, from role to role."""
    asked: str = params.get("SourceIdentity", "")
    if caller.source_identity and asked and asked != caller.source_identity:
        raise InvalidParameterValue(IDENTITY_IS_SET)
    return caller.source_identity or asked


def _admitted(call: Call, arn: str, account: str, tags: SessionTags, identity: str) -> Identity:
    """The role, if the caller may assume it so. AWS does not say whether a role exists."""
    found = by_arn(call.store, arn)
    role = found if found and found.kind == "role" else None
    trust = read(role.trust, "trust policy") if role and role.trust else NOBODY
    keys = dict(_condition_keys(call.request.params, role, identity))
    asked = {
        "sts:AssumeRole": True,
        "sts:SetSourceIdentity": bool(identity),
        "sts:TagSession": bool(tags.requested or tags.inherited),
    }
    for action in (name for name, needed in asked.items() if needed):
        try:
            note(call, ask_of(call, action, arn, trust, account, keys))
        except AccessDeniedException as denied:
            caller = call.request.principal.caller_arn
            says = f"User: {caller} is not authorized to perform: {action} on resource: {arn}"
            raise AccessDenied(says, denied.decision) from None
    assert role is not None, "nobody is admitted to a role that is not there"
    return role


def _condition_keys(params: Mapping[str, Any], role: Identity | None, identity: str) -> Iterator[tuple[str, Any]]:
    """The keys that only a request for a session carries; all of its permissions carry the same."""
    single = {
        "sts:ExternalId": params.get("ExternalId"),
        "sts:RoleSessionName": params["RoleSessionName"],
        "sts:SourceIdentity": identity or None,
    }
    yield from ((name, (value,)) for name, value in single.items() if value is not None)
    if transitive := tuple(params.get("TransitiveTagKeys") or ()):
        yield "sts:TransitiveTagKeys", transitive
    for key, value in role.tags if role else ():
        yield f"aws:ResourceTag/{key}", (value,)
        yield f"iam:ResourceTag/{key}", (value,)
