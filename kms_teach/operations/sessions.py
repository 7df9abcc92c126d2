"""The two operations of STS that clients of KMS need: who am I, and a session of a role.

IAM User Guide, "Temporary security credentials"; STS API Reference, AssumeRole.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kms_teach.access.context import about_caller
from kms_teach.access.decision import Documents, Request, decide
from kms_teach.access.policy import read
from kms_teach.access.principals import Principal, letters
from kms_teach.errors import AccessDenied, MalformedPolicyDocument, MalformedPolicyDocumentException
from kms_teach.store import Store

DURATION_DEFAULT = 3600  # seconds


def get_caller_identity(caller: Principal) -> dict[str, Any]:
    user_id = f"{caller.id}:{caller.session}" if caller.kind == "role" else caller.id
    return {"UserId": user_id, "Account": caller.account, "Arn": caller.caller_arn}


def assume_role(store: Store, now: datetime, caller: Principal, params: Mapping[str, Any]) -> dict[str, Any]:
    """Credentials for a session of a role, if its trust policy and the caller's policies allow."""
    session, duration = params["RoleSessionName"], params.get("DurationSeconds", DURATION_DEFAULT)
    role = _role(store, caller, params["RoleArn"])
    assumed = replace(
        role, session=session, session_policies=_session_policies(params), access_key=f"ASIA{letters()}",
        secret=secrets.token_urlsafe(30), token=secrets.token_urlsafe(60), issued=now,
        expires=now + timedelta(seconds=duration),
        tags=tuple((dict(role.tags) | _tags(params)).items()),
    )  # fmt: skip
    with store.transaction():
        store.put(assumed)
    return {
        "Credentials": {
            "AccessKeyId": assumed.access_key,
            "SecretAccessKey": assumed.secret,
            "SessionToken": assumed.token,
            "Expiration": assumed.expires,
        },
        "AssumedRoleUser": {"AssumedRoleId": f"{role.id}:{session}", "Arn": assumed.caller_arn},
    }


def _role(store: Store, caller: Principal, arn: str) -> Principal:
    """The role, if the caller may assume it. AWS does not say whether a role exists."""
    role = next(iter(store.page(Principal, "principal", parent=arn, limit=1)), None)
    refused = AccessDenied(f"User: {caller.caller_arn} is not authorized to perform: sts:AssumeRole on resource: {arn}")
    if role is None or role.kind != "role" or not role.trust or caller.kind == "root":
        raise refused
    trust = read(role.trust[0][1], "trust policy")
    request = Request(caller, "sts:AssumeRole", arn, role.account, about_caller(caller))
    identity = tuple(read(text, "IAM policy", name) for name, text in caller.policies)
    if not decide(request, Documents(trust, identity)).allowed:
        raise refused
    return role


def _session_policies(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    text = params.get("Policy")
    if text is None:
        return ()
    try:
        read(text, "session policy")
    except MalformedPolicyDocumentException as error:
        raise MalformedPolicyDocument(error.message) from None
    return (("session policy", json.dumps(json.loads(text), indent=2)),)


def _tags(params: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in params.get("Tags", ())}
