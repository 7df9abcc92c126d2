"""LookupEvents: what is asked is checked, and the trail gone through from its end, a page at a time.

Why a page ends after so many records that were looked at, found or not: a file keeps years of them, and nobody else
should wait for who looks for a needle.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from kms_teach.cloudtrail.history import ATTRIBUTES, KEPT, Question
from kms_teach.errors import (
    AccessDeniedException,
    InvalidEventCategoryException,
    InvalidLookupAttributesException,
    InvalidMaxResultsException,
    InvalidNextTokenException,
    InvalidTimeRangeException,
)
from kms_teach.operations.call import Call
from kms_teach.operations.permission import authorize
from kms_teach.operations.request import ApiRequest
from kms_teach.trail import Trail

PAGE = 50  # events, at most and unless MaxResults says otherwise
LOOKED_AT = 10_000  # records that are looked at for one page
INSIGHT = "insight"  # the one EventCategory; there are no Insights here
VALUE_MAX = 2000  # characters, in which some count twice
TWICE = "_ ,\n"
NOWHERE = " on resource: *"  # which CloudTrail does not say: recorded 2020 and 2024

Params = Mapping[str, Any]


def check(params: Params) -> None:
    """Raise what has an error of its own, where the model has only a constraint for it, or none.

    CloudTrail API Reference, "LookupEvents". Codes as documented; the words are ours.
    """
    for attribute in params.get("LookupAttributes", ()):
        _check_attribute(attribute.get("AttributeKey"), attribute.get("AttributeValue"))
    start, end = params.get("StartTime"), params.get("EndTime")
    if start and end and start > end:
        raise InvalidTimeRangeException("StartTime is after EndTime: give the earlier one as StartTime")
    if not 1 <= params.get("MaxResults", PAGE) <= PAGE:
        raise InvalidMaxResultsException(f"MaxResults is a number from 1 to {PAGE}")
    if params.get("EventCategory", INSIGHT) != INSIGHT:
        raise InvalidEventCategoryException(f"the one EventCategory is `{INSIGHT}`: leave it out for management events")


def _check_attribute(name: str | None, value: str | None) -> None:
    if name is not None and name not in ATTRIBUTES:
        raise InvalidLookupAttributesException(f"`{name}` is no AttributeKey: give one of {', '.join(ATTRIBUTES)}")
    if value is not None and len(value) + sum(map(value.count, TWICE)) > VALUE_MAX:
        raise InvalidLookupAttributesException(
            f"an AttributeValue has {VALUE_MAX} characters at most; each `_`, blank, comma and line's end counts two"
        )


def allowed(call: Call) -> None:
    """Raise AccessDeniedException, in CloudTrail's words."""
    try:
        authorize(call, "cloudtrail:LookupEvents", "*")
    except AccessDeniedException as denied:
        raise AccessDeniedException((denied.message or "").replace(NOWHERE, "", 1), denied.decision) from None


def lookup_events(request: ApiRequest, trail: Trail) -> dict[str, Any]:
    """The events of the account in this Region, the newest first.

    Raises InvalidNextTokenException; before it what `check` and `allowed` raise.
    """
    params, question, same = request.params, _question(request), _same(request)
    stop = _position(params["NextToken"], same) if "NextToken" in params else None
    if params.get("EventCategory") == INSIGHT:
        return {"Events": []}
    if question.end is not None:
        end = trail.until(question.end)
        stop = end if stop is None else min(stop, end)
    return _page(trail, question, stop, params.get("MaxResults", PAGE), same)


def _question(request: ApiRequest) -> Question:
    params, oldest = request.params, request.now - KEPT
    # of several attributes AWS takes the first and passes over the rest in silence: seen by a caller in Sep 2026
    attributes = [(each["AttributeKey"], each["AttributeValue"]) for each in params.get("LookupAttributes", ())]
    start = max(params.get("StartTime", oldest), oldest)
    return Question(request.account, request.region, start, params.get("EndTime"), next(iter(attributes), None))


def _page(trail: Trail, question: Question, stop: int | None, most: int, same: str) -> dict[str, Any]:
    begin, events = trail.until(question.start - timedelta.resolution), list[dict[str, Any]]()
    for looked, (index, shown) in enumerate(question.answers(trail.backwards(stop))):
        if index < begin:
            break
        if (shown and len(events) == most) or looked == LOOKED_AT:
            return {"Events": events, "NextToken": _token(index + 1, same)}
        if shown:
            events.append(shown)
    return {"Events": events}


def _same(request: ApiRequest) -> str:
    """What the parameters of all pages have in common, in a few letters."""
    told = {name: value for name, value in request.params.items() if name != "NextToken"}
    whole = msgspec.json.encode((request.account, request.region, told), order="sorted")
    return hashlib.sha256(whole).hexdigest()[:32]


def _token(stop: int, same: str) -> str:
    return base64.urlsafe_b64encode(f"{stop}:{same}".encode()).decode()


def _position(token: str, same: str) -> int:
    """Before which record the next page begins."""
    try:
        number, _, told = base64.b64decode(token, altchars=b"-_", validate=True).decode("ascii").partition(":")
        position = int(number)
    except ValueError:
        position, told = 0, ""
    if told != same:
        raise InvalidNextTokenException(
            "this NextToken is none, or of a call with other parameters: repeat those, or begin without a token"
        )
    return position
