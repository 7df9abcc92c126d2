"""What callers ask about themselves and their keys: who am I, a session of my own, whose key is this."""

from collections.abc import Mapping
from typing import Any

from kms_teach.access.principals import Principal
from kms_teach.directory.access_keys import AccessKey
from kms_teach.errors import AccessDenied, ValidationException
from kms_teach.keys.names import ACCOUNT
from kms_teach.operations.call import Call
from kms_teach.operations.permission import authorize
from kms_teach.sts.credentials import issue, shown
from kms_teach.sts.mfa import check_device

SESSION_DEFAULT = 43_200  # seconds
SESSION_MAX_OF_ROOT = 3600  # seconds; a longer one is cut to it: STS API Reference, GetSessionToken
TEMPORARY = "Cannot call GetSessionToken with session credentials"


def get_caller_identity(call: Call, _: Mapping[str, Any]) -> dict[str, Any]:
    """Needs no permission, and answers even under a Deny."""
    caller = call.request.principal
    user_id = f"{caller.id}:{caller.session}" if caller.kind == "role" else caller.id
    return {"UserId": user_id, "Account": caller.account, "Arn": caller.caller_arn}


def get_session_token(call: Call, params: Mapping[str, Any]) -> dict[str, Any]:
    """Needs no permission. Raises AccessDenied with temporary credentials, and for an MFA device."""
    caller = call.request.principal
    if caller.token or caller.kind not in ("user", "root"):
        raise AccessDenied(TEMPORARY)
    if "MinimumSessionTokenSize" in params:
        raise ValidationException("this simulator does not know MinimumSessionTokenSize: leave it out")
    check_device(params)
    seconds = params.get("DurationSeconds", SESSION_DEFAULT)
    if caller.kind == "root":
        seconds = min(seconds, SESSION_MAX_OF_ROOT)
    return {"Credentials": shown(issue(call, caller, seconds))}


def get_access_key_info(call: Call, params: Mapping[str, Any]) -> dict[str, Any]:
    """The account of anybody's access key, active or not. Raises AccessDenied, ValidationException."""
    authorize(call, "sts:GetAccessKeyInfo", "*")
    key = params["AccessKeyId"]
    held = call.store.get(Principal, "principal", key) or call.store.get(AccessKey, "access key", key)
    if held is None and not ACCOUNT.fullmatch(key):
        raise ValidationException(f"this simulator gave out no access key `{key}`")
    return {"Account": held.account if held else key}
