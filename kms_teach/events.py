"""What a call leaves in the trail: events as CloudTrail writes them, in a record with what it does not tell.

KMS Developer Guide, "Logging AWS KMS API calls with AWS CloudTrail". Plaintext, ciphertext and grant tokens are never
in an event, here as there; the record keeps their sizes.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from kms_teach.access.principals import Principal
from kms_teach.errors import KmsError
from kms_teach.keys.key import Key
from kms_teach.keys.names import new_id
from kms_teach.keys.specs import SYMMETRIC
from kms_teach.operations.audit import Audit
from kms_teach.operations.request import ApiRequest
from kms_teach.trail import IN_EVENTS, Record

# members that CloudTrail leaves out, besides all bytes
UNSAID = {"GrantTokens", "GrantToken", "DryRun", "Recipient", "SecretAccessKey", "SessionToken", "TokenCode"}
QUERY_CODES = {"ValidationException": "ValidationError"}  # as services of the Query protocol say it
SPEAK_JSON = ("kms", "cloudtrail")  # and call an error as KMS does
TLS = {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_256_GCM_SHA384"}  # of a handshake, as AWS's example has it
CREDENTIALS = "Credentials"  # an answer that has them is shown, though the call is called read-only
WITHOUT_PARAMETERS = {"RetireGrant"}  # operations whose requestParameters are null


def answered(
    request: ApiRequest, audit: Audit, name: str, changes: bool, result: Mapping[str, Any] | None,
    error: KmsError | None, service: str = "kms",
) -> tuple[list[Record], Record, list[Record]]:  # fmt: skip
    """The record of a call, between those in other accounts' trails and those of what followed from it."""
    request_id = request.origin.request_id or new_id()
    parameters = {**request.params, **audit.parameters}
    event = _event(request, name, request.region, request_id, parameters, audit.resources, not changes)
    if service != "kms":
        host = f"{service}.amazonaws.com"
        event |= {"eventSource": host, "tlsDetails": _tls(request, host)}
        del event["resources"]
    if audit.buckets:
        event["resources"] = [{"accountId": of, "type": kind, "ARN": arn} for kind, arn, of in audit.buckets]
    if audit.data_event:
        event |= {"managementEvent": False, "eventCategory": "Data"}
    if audit.roles:
        event["resources"] = [{"accountId": of, "type": "AWS::IAM::Role", "ARN": arn} for arn, of in audit.roles]
    if error:
        code = error.code if service in SPEAK_JSON else QUERY_CODES.get(error.code, error.code)
        event |= {"errorCode": IN_EVENTS.get(code, code)} | ({"errorMessage": error.message} if error.message else {})
    else:
        event["responseElements"] = (
            _elements(result, audit.resources) if changes or CREDENTIALS in (result or {}) else None
        )
        event |= _additional(audit)
    owners = [key.account for key in audit.resources if key.account != request.account]
    owners += [account for *_, account in (*audit.roles, *audit.buckets) if account != request.account]
    others = [Record(copy, caller=f"account {request.account}") for copy in _owners(event, owners)] if owners else []
    sent, returned = _sizes(request.params), _sizes(result or {})
    used = tuple(used for _, used in audit.used)
    record = Record(event, tuple(audit.decisions), sent, returned, used, request.principal.label)
    return others, record, [] if error else [*_echoes(request, audit, request_id), *own(audit, request.now)]


def _additional(audit: Audit) -> dict[str, Any]:
    key, used = audit.used[0] if audit.used else (None, None)
    material = {"keyMaterialId": used.material_id} if key and used and key.spec == SYMMETRIC else {}
    data = {**audit.event_data, **material}
    return {"additionalEventData": data} if data else {}


def own(audit: Audit, now: datetime) -> Iterator[Record]:
    """The records of what AWS does of its own accord, such as RotateKey.

    Without details the event is shaped like a call's, as SynchronizeMultiRegionKey's is.
    """
    for each in audit.own_events:
        key, details = each.key, each.details
        event = _frame(now, key.region, each.name) | {
            "userIdentity": {"accountId": key.account, "invokedBy": "AWS Internal"},
            "sourceIPAddress": "AWS Internal",
            "userAgent": "AWS Internal",
            "requestParameters": None,
            "responseElements": None,
            "readOnly": False,
            "resources": _resources((key,)),
            "recipientAccountId": key.account,
        }
        if details is None:
            answer = {"keyId": key.arn}
            event |= {"responseElements": answer, "requestID": new_id(), "eventType": "AwsApiCall"}
        else:
            event |= {"eventType": "AwsServiceEvent", "serviceEventDetails": {"keyId": key.id, **details}}
        yield Record(event)


def _echoes(request: ApiRequest, audit: Audit, request_id: str) -> Iterator[Record]:
    """The call as another Region logs it, where AWS makes it again."""
    for echo in audit.echoes:
        key = echo.key
        event = _event(request, echo.name, key.region, request_id, echo.parameters, (key,), read_only=False)
        event["userIdentity"]["invokedBy"] = "kms.amazonaws.com"
        event["responseElements"] = _elements(echo.answer, (key,))
        yield Record(event, caller=request.principal.label)


def _event(
    request: ApiRequest, name: str, region: str, request_id: str, parameters: Mapping[str, Any],
    keys: Sequence[Key], read_only: bool,
) -> dict[str, Any]:  # fmt: skip
    """The event of a call, without its outcome."""
    members = {} if name in WITHOUT_PARAMETERS else _members(parameters)
    invoked_by = request.origin.invoked_by
    return _frame(request.now, region, name) | {
        "userIdentity": _identity(request.principal) | ({"invokedBy": invoked_by} if invoked_by else {}),
        "sourceIPAddress": invoked_by or request.origin.source_ip,
        "userAgent": invoked_by or request.origin.user_agent,
        "requestParameters": members or None,
        "responseElements": None,
        "requestID": request_id,
        "readOnly": read_only,
        "resources": _resources(keys),
        "eventType": "AwsApiCall",
        "recipientAccountId": request.account,
        "tlsDetails": _tls(request, f"kms.{region}.amazonaws.com"),
    }


def _tls(request: ApiRequest, host: str) -> dict[str, str]:
    """How the call travelled. Nothing is made up: the handshake is told only where the client was given one."""
    agreed = {"keyExchange": request.origin.key_exchange} if request.origin.key_exchange else {}
    return (TLS if agreed else {}) | {"clientProvidedHostHeader": host} | agreed


def _resources(keys: Sequence[Key]) -> list[dict[str, str]]:
    return [{"accountId": key.account, "type": "AWS::KMS::Key", "ARN": key.arn} for key in keys]


def _sizes(members: Mapping[str, Any]) -> dict[str, int]:
    return {name: len(value) for name, value in members.items() if isinstance(value, bytes)}


def _owners(event: dict[str, Any], accounts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """A call on another account's key or role stands in that account's trail too.

    The caller there is no more than an account. The two share a sharedEventID, which is put into `event`. What was
    denied is told to the caller's account alone.
    """
    caller = event["userIdentity"]
    if not caller.get("accountId") or event.get("errorCode") == IN_EVENTS["AccessDeniedException"]:
        return
    for account in dict.fromkeys(accounts):
        shared = event.setdefault("sharedEventID", new_id())
        who = {"type": "AWSAccount", "principalId": caller["principalId"], "accountId": caller["accountId"]}
        own = {
            "userIdentity": who,
            "recipientAccountId": account,
            "eventID": new_id(),
            "sharedEventID": shared,
        }
        yield event | own


def _elements(result: Mapping[str, Any] | None, keys: Sequence[Key]) -> dict[str, Any] | None:
    """What the event of a changing call says of its answer; an empty one is logged as the key's ARN (since 12/2022)."""
    if result is None:
        return {"keyId": keys[0].arn} if keys else None
    role = result.get("Role")
    if role:  # IAM answers a document URL-encoded, and so it is logged
        role = {**role, "AssumeRolePolicyDocument": quote(role["AssumeRolePolicyDocument"], safe="")}
    return _members({**result, "Role": role} if role else result)


def _frame(now: datetime, region: str, name: str) -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "eventTime": f"{now.isoformat(timespec='seconds')[:19]}Z",
        "eventSource": "kms.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "eventID": new_id(),
        "managementEvent": True,
        "eventCategory": "Management",
    }


def _identity(principal: Principal) -> dict[str, Any]:
    identity = {
        "arn": principal.caller_arn,
        "accountId": principal.account,
        "accessKeyId": principal.access_key,
        "principalId": principal.id,
    }
    match principal.kind:
        case "root":
            return {"type": "Root", **identity, **_session(principal)}
        case "role":
            issuer = {
                "type": "Role",
                "arn": principal.arn,
                "accountId": principal.account,
                "userName": principal.name,
                "principalId": principal.id,
            }
            identity |= {"principalId": f"{principal.id}:{principal.session}"}
            return {"type": "AssumedRole", **identity, **_session(principal, sessionIssuer=issuer)}
        case _:
            return {"type": "IAMUser", **identity, "userName": principal.name, **_session(principal)}


def _session(principal: Principal, **of: Any) -> dict[str, Any]:
    """What is said of temporary credentials; nothing of an access key that lasts."""
    if principal.source_identity:
        of["sourceIdentity"] = principal.source_identity
    if principal.issued:
        created = f"{principal.issued.isoformat(timespec='seconds')[:19]}Z"
        of["attributes"] = {"creationDate": created, "mfaAuthenticated": "true" if principal.mfa else "false"}
    return {"sessionContext": of} if of else {}


@functools.lru_cache(maxsize=1024)
def _camel(name: str) -> str:
    """CloudTrail's spelling of a member: keyId, but AWSAccountId as it is."""
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def _members(value: Mapping[str, Any]) -> dict[str, Any]:
    """A structure in CloudTrail's spelling, without bytes. An encryption context's pairs are the caller's own words."""
    return {
        _camel(k): dict(v) if "EncryptionContext" in k else _shown(v)
        for k, v in value.items()
        if not isinstance(v, bytes) and k not in UNSAID
    }


def _shown(value: Any) -> Any:
    match value:
        case str() | int():
            return value
        case datetime():
            # as CloudTrail writes it: Aug 10, 2022, 10:38:27 PM
            return f"{value:%b} {value.day}, {value:%Y}, {value.hour % 12 or 12}:{value:%M:%S %p}"
        case dict():
            return _members(value)
        case list() | tuple():
            return [_shown(v) for v in value]
        case _:
            return value
