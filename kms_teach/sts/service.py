"""STS's one path: a call is checked, decided, done in one transaction, and stands in the trail of its Region."""

from collections.abc import Callable, Mapping
from typing import Any

from kms_teach.access.principals import Principal
from kms_teach.operations.call import Call
from kms_teach.operations.request import ApiRequest, Origin
from kms_teach.service import Service
from kms_teach.sts.assume_role import assume_role
from kms_teach.sts.own import get_access_key_info, get_caller_identity, get_session_token

OPERATIONS: Mapping[str, Callable[[Call, Mapping[str, Any]], dict[str, Any]]] = {
    "AssumeRole": assume_role,
    "GetAccessKeyInfo": get_access_key_info,
    "GetCallerIdentity": get_caller_identity,
    "GetSessionToken": get_session_token,
}


def perform(
    service: Service, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin
) -> Mapping[str, Any] | None:
    """Answer one call, or raise its KmsError. CloudTrail calls them all read-only."""
    operation = OPERATIONS.get(name)
    request = ApiRequest(principal, region, service.clock.now, params, origin)
    act = (lambda call: operation(call, params)) if operation else None
    result: Mapping[str, Any] | None = service.elsewhere("sts", request, name, act, changes=False)
    return result
