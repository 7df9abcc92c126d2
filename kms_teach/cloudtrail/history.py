"""The event history: which records of the trail are in it, and what LookupEvents shows of one.

CloudTrail User Guide, "Working with CloudTrail event history". It has the management events of 90 days, those that only
read among them; what was done to objects in a bucket is a data event, and never in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

KEPT = timedelta(days=90)
# what events may be looked up by: CloudTrail API Reference, "LookupAttribute"
OF_EVENTS = ("EventId", "EventName", "ReadOnly", "Username", "EventSource", "AccessKeyId")
OF_RESOURCES = ("ResourceType", "ResourceName")
ATTRIBUTES = (*OF_EVENTS, *OF_RESOURCES)


class _Record(Struct, frozen=True):
    """Of a record of the trail, what CloudTrail has."""

    event: msgspec.Raw


_decode = msgspec.json.Decoder(_Record).decode


class Question(Struct, frozen=True):
    """Which events are looked up: of one account, in one Region, from `start` on, up to `end`.

    attribute: which of ATTRIBUTES, and its value, which is compared as it stands; or none.
    """

    account: str
    region: str
    start: datetime
    end: datetime | None
    attribute: tuple[str, str] | None

    def answers(self, records: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Of each record its index, and what LookupEvents shows of it if it was asked for."""
        asked = (self.account, self.region, *(self.attribute or ())[1:])
        marks = [msgspec.json.encode(text)[1:-1] for text in asked]  # in the text of all that are asked for
        for index, encoded in records:  # reading each record would take ten times as long
            yield index, self._answer(encoded) if all(mark in encoded for mark in marks) else None

    def _answer(self, encoded: bytes) -> dict[str, Any] | None:
        text = bytes(_decode(encoded).event)
        event = msgspec.json.decode(text)
        shown = shown_of(event, text.decode())
        here = event["recipientAccountId"] == self.account and event["awsRegion"] == self.region
        then = self.start <= shown["EventTime"] and (self.end is None or shown["EventTime"] <= self.end)
        return shown if here and then and event["managementEvent"] and self._fits(shown) else None

    def _fits(self, shown: Mapping[str, Any]) -> bool:
        if self.attribute is None:
            return True
        name, value = self.attribute
        if name in OF_RESOURCES:
            return any(resource[name] == value for resource in shown["Resources"])
        return bool(shown.get(name) == value)


def shown_of(event: Mapping[str, Any], text: str) -> dict[str, Any]:
    """An event as LookupEvents shows it; what it does not have is left out."""
    caller, resources = event["userIdentity"], event.get("resources", ())
    shown = {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "ReadOnly": "true" if event["readOnly"] else "false",
        "AccessKeyId": caller.get("accessKeyId"),
        "EventTime": datetime.fromisoformat(event["eventTime"]),
        "EventSource": event["eventSource"],
        "Username": _username(caller),
        "Resources": [{"ResourceType": each["type"], "ResourceName": each["ARN"]} for each in resources],
        "CloudTrailEvent": text,
    }
    return {name: value for name, value in shown.items() if value or name == "Resources"}


def _username(caller: Mapping[str, Any]) -> str | None:
    """A user's name, `root`, or the name of a role's session. AWS, and who is of another account, has none."""
    match caller.get("type"):
        case "Root":
            return "root"
        case "AssumedRole":
            return str(caller["arn"]).rpartition("/")[2]
        case _:
            return caller.get("userName")
