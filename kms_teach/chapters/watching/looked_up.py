"""What LookupEvents answered, as rows: when, what, who, from where, with which encryption context."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from kms_teach.trail import IN_API

ANYTHING = ("", "")


class Seen(Struct, frozen=True):
    """One event of the history. `key`: the name of the key that it is about, "" for none; `error`: "" for none."""

    id: str
    at: datetime
    operation: str
    who: str
    source: str
    key: str
    context: tuple[tuple[str, str], ...]
    error: str
    access_key: str
    read_only: bool
    service: str  # that sent the call for the caller, such as fas.s3.amazonaws.com

    @property
    def pairs(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.context)


class LookedUp(Struct, frozen=True):
    """A page of the event history. `attribute`: what was asked for, ("", "") for everything; `opened`: a row's index.

    `more`: whether a NextToken came with it. `page`: its number, from 1.
    """

    attribute: tuple[str, str]
    rows: tuple[Seen, ...]
    opened: int | None = None
    more: bool = False
    page: int = 1

    @property
    def row(self) -> Seen | None:
        return self.rows[self.opened] if self.opened is not None and self.opened < len(self.rows) else None

    @classmethod
    def of(
        cls, answer: Mapping[str, Any], names: Mapping[str, str], attribute: tuple[str, str] = ANYTHING,
        opened: int | None = None, page: int = 1,
    ) -> "LookedUp":  # fmt: skip
        """Read an answer of LookupEvents; `names` are those of keys by ARN."""
        rows = tuple(seen(event, names) for event in answer["Events"])
        return cls(attribute, rows, opened, "NextToken" in answer, page)


def seen(entry: Mapping[str, Any], names: Mapping[str, str]) -> Seen:
    """One entry of LookupEvents' answer."""
    event = json.loads(entry["CloudTrailEvent"])
    caller, parameters = event["userIdentity"], event.get("requestParameters") or {}
    issuer = caller.get("sessionContext", {}).get("sessionIssuer", {})
    who = issuer.get("userName") or caller.get("userName") or ("root" if caller.get("type") == "Root" else "AWS")
    context = parameters.get("encryptionContext") or {}
    code = str(event.get("errorCode") or "")
    return Seen(
        entry["EventId"], entry["EventTime"].astimezone(UTC), entry["EventName"], who, event["sourceIPAddress"],
        next((_named(each["ARN"], names) for each in event.get("resources", ())), ""), tuple(sorted(context.items())),
        IN_API.get(code, code), str(caller.get("accessKeyId", "")), bool(event["readOnly"]),
        str(caller.get("invokedBy", "")),
    )  # fmt: skip


def who_from_where(rows: Iterable[Seen]) -> dict[tuple[str, str], int]:
    """How many events there are of each caller from each address, the most first."""
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        counts[row.who, row.source] = counts.get((row.who, row.source), 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _named(arn: str, names: Mapping[str, str]) -> str:
    return names.get(arn) or f"{arn.rpartition('/')[2][:8]}…"
