"""This is the trail: a record of every call, shaped like CloudTrail's, and beside it what CloudTrail does not tell.

KMS Developer Guide, "Logging AWS KMS API calls with AWS CloudTrail". Plaintext, ciphertext and grant tokens are never
in an event, here as there; the record keeps their sizes.
"""

import contextlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, overload

import msgspec

from kms_teach.access.decision import Decision
from kms_teach.access.principals import Principal
from kms_teach.errors import KMSInternalException
from kms_teach.keys.key import Key, Usage
from kms_teach.store import Store

BATCH = 256  # records held back before they are written; AWS delivers its own with a delay of minutes
UNSAID = {"GrantTokens", "GrantToken", "DryRun", "Recipient"}  # members that CloudTrail leaves out, besides all bytes
WITHOUT_PARAMETERS = {"RetireGrant"}  # operations whose requestParameters are null


@dataclass(frozen=True, slots=True)
class Used:
    """The key material that worked in a call: number `number` of the `of` that its KMS key has."""

    key_arn: str
    material_id: str
    number: int
    of: int
    role: str  # encrypts, decrypts, signs, verifies, authenticates, agrees, encapsulates or decapsulates


@dataclass(frozen=True, slots=True)
class Record:
    """One call, or one act of AWS's own. `event` is CloudTrail's, the rest is the glass."""

    event: dict[str, Any]
    decisions: tuple[Decision, ...] = ()
    sent: dict[str, int] = field(default_factory=dict)  # parameter -> bytes that went to KMS
    returned: dict[str, int] = field(default_factory=dict)  # member -> bytes that came back
    used: tuple[Used, ...] = ()
    caller: str = "AWS"  # the caller's name for a person

    @property
    def decision(self) -> Decision | None:
        """The one that mattered: the denial, or the last."""
        return next((d for d in self.decisions if not d.allowed), self.decisions[-1] if self.decisions else None)

    def __repr__(self) -> str:
        outcome = self.event.get("errorCode", "ok")
        return f"<{self.event['eventName']} by {self.caller}: {outcome}>"


class Trail(Sequence[Record]):
    """All records, oldest first. Reads like a list; `about(key)` and `named(operation)` answer the usual questions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending: list[bytes] = []
        self._usages: dict[tuple[str, str, str], Usage] = {}
        self._decode = msgspec.json.Decoder(Record).decode

    def add(self, record: Record) -> None:
        """Remember a record; every 256th time, write what was held back. A full disk holds it back longer."""
        self._pending.append(msgspec.json.encode(record))
        if len(self._pending) % BATCH == 0:
            with contextlib.suppress(KMSInternalException):
                self.write()

    def used(self, usage: Usage) -> None:
        """Remember the last use of a key; written with the records."""
        self._usages[usage.place] = usage

    def last_usage(self, key: Key) -> Usage | None:
        return self._usages.get((key.scope, key.id, "")) or self._store.get(Usage, key.scope, key.id)

    def write(self) -> None:
        """Write what was held back. KMSInternalException, and nothing is lost, when it cannot be written."""
        if self._pending:
            self._store.append(self._pending, self._usages.values())
            self._pending, self._usages = [], {}

    def __len__(self) -> int:
        self.write()
        return self._store.length()

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        length = len(self)
        if isinstance(index, slice):
            start, stop, step = index.indices(length)
            if step != 1:
                return [self[i] for i in range(start, stop, step)]
            return [self._decode(record) for record in self._store.recorded(start, stop)]
        at = index + length if index < 0 else index
        if not 0 <= at < length:
            raise IndexError("the trail has no such record")
        return self._decode(self._store.recorded(at, at + 1)[0])

    def __iter__(self) -> Iterator[Record]:
        return iter(self[:])

    def named(self, *operations: str) -> list[Record]:
        """The records of these operations."""
        return [record for record in self if record.event["eventName"] in operations]

    def about(self, key_arn: str) -> list[Record]:
        """The records that touch this key."""
        return [record for record in self if any(r["ARN"] == key_arn for r in record.event.get("resources", ()))]

    def __repr__(self) -> str:
        return f"<trail of {len(self)} records>"


def call_event(
    principal: Principal, name: str, region: str, now: datetime, request_id: str, parameters: Mapping[str, Any],
    read_only: bool, keys: Sequence[Key], source_ip: str, user_agent: str,
) -> dict[str, Any]:  # fmt: skip
    """The event of one call, without its outcome."""
    shown = {} if name in WITHOUT_PARAMETERS else _members(parameters)
    return _frame(now, region, name) | {
        "userIdentity": _identity(principal),
        "sourceIPAddress": source_ip,
        "userAgent": user_agent,
        "requestParameters": shown or None,
        "responseElements": None,
        "requestID": request_id,
        "readOnly": read_only,
        "resources": [{"accountId": k.account, "type": "AWS::KMS::Key", "ARN": k.arn} for k in keys],
        "eventType": "AwsApiCall",
        "recipientAccountId": principal.account,
        "tlsDetails": {"clientProvidedHostHeader": f"kms.{region}.amazonaws.com"},
    }


def owners_events(event: dict[str, Any], keys: Sequence[Key]) -> Iterator[dict[str, Any]]:
    """A call on another account's key stands in that account's trail too: the caller there is no more than an account.

    The two share a sharedEventID, which is put into `event`. What was denied is told to the caller's account alone.
    """
    caller = event["userIdentity"]
    others = dict.fromkeys(key.account for key in keys if key.account != event["recipientAccountId"])
    if not caller.get("accountId") or event.get("errorCode") == "AccessDeniedException":
        return
    for account in others:
        shared = event.setdefault("sharedEventID", str(uuid.uuid4()))
        who = {"type": "AWSAccount", "principalId": caller["principalId"], "accountId": caller["accountId"]}
        own = {
            "userIdentity": who,
            "recipientAccountId": account,
            "eventID": str(uuid.uuid4()),
            "sharedEventID": shared,
        }
        yield event | own


def own_event(key: Key, name: str, now: datetime, details: Mapping[str, Any] | None) -> dict[str, Any]:
    """The event of something that AWS does of its own accord, such as RotateKey.

    Without details it is shaped like a call, as SynchronizeMultiRegionKey is.
    """
    event = _frame(now, key.region, name) | {
        "userIdentity": {"accountId": key.account, "invokedBy": "AWS Internal"},
        "sourceIPAddress": "AWS Internal",
        "userAgent": "AWS Internal",
        "requestParameters": None,
        "responseElements": None,
        "readOnly": False,
        "resources": [{"accountId": key.account, "type": "AWS::KMS::Key", "ARN": key.arn}],
        "recipientAccountId": key.account,
    }
    if details is None:
        answer = {"keyId": key.arn}
        return event | {"responseElements": answer, "requestID": str(uuid.uuid4()), "eventType": "AwsApiCall"}
    return event | {"eventType": "AwsServiceEvent", "serviceEventDetails": {"keyId": key.id, **details}}


def response_elements(result: Mapping[str, Any] | None, keys: Sequence[Key]) -> dict[str, Any] | None:
    """What the event of a changing call says of its answer; an empty one is logged as the key's ARN (since 12/2022)."""
    if result is None:
        return {"keyId": keys[0].arn} if keys else None
    return _members(result)


def _frame(now: datetime, region: str, name: str) -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "eventTime": f"{now.isoformat(timespec='seconds')[:19]}Z",
        "eventSource": "kms.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "eventID": str(uuid.uuid4()),
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
            return {"type": "Root", **identity}
        case "role":
            issuer = {
                "type": "Role",
                "arn": principal.arn,
                "accountId": principal.account,
                "userName": principal.name,
                "principalId": principal.id,
            }
            identity |= {"principalId": f"{principal.id}:{principal.session}"}
            return {"type": "AssumedRole", **identity, "sessionContext": {"sessionIssuer": issuer}}
        case _:
            return {"type": "IAMUser", **identity, "userName": principal.name}


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
        case datetime():
            # as CloudTrail writes it: Aug 10, 2022, 10:38:27 PM
            return f"{value:%b} {value.day}, {value:%Y}, {value.hour % 12 or 12}:{value:%M:%S %p}"
        case dict():
            return _members(value)
        case list() | tuple():
            return [_shown(v) for v in value]
        case _:
            return value
