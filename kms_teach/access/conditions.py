"""Conditions: every operator of IAM's policy language, as a table.

IAM User Guide, "Condition operators" and "Set operators for multivalued context keys". A value that an operator
cannot compare is refused when the policy is put.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from kms_teach.access.patterns import Keys, Literal, Text, characters, heard, matcher, text
from kms_teach.access.remembered import remembered

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SETS = ("ForAllValues", "ForAnyValue")
IF_EXISTS = "IfExists"


class Operator(Struct, frozen=True):
    """One row: `test(had, needed)` for one value each; `negated` turns the answer round.

    reads: what both values are made into first, None where that fails. variables: whether `${…}` may stand in it.
    """

    reads: Callable[[str], Any]
    test: Callable[[Any, Any], bool]
    negated: bool = False
    variables: bool = False
    kind: str = "String"
    like: bool = False  # `test` takes a pattern: wildcards count


def _string(value: str) -> str:
    return value


def _number(value: str) -> Decimal | None:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


SHORT_DATE = re.compile(r"[0-9]{4}(-[0-9]{2})?")  # W3C's shortest forms, which `fromisoformat` does not take
EPOCH = re.compile(r"[0-9]{5,}(\.[0-9]+)?")  # seconds; four digits are a year


@remembered(1024)
def _date(value: str) -> datetime | None:
    try:
        if EPOCH.fullmatch(value):
            return datetime.fromtimestamp(float(value), UTC)
        if SHORT_DATE.fullmatch(value):
            value += "-01-01"[len(value) - 4 :]
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _truth(value: str) -> bool | None:
    return {"true": True, "false": False}.get(value.lower())


def _bytes(value: str) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


@remembered(1024)
def _network(value: str) -> Network | None:
    try:
        return ipaddress.ip_network(value, strict=False)
    except ValueError:
        return None


def _inside(had: Network, needed: Network) -> bool:
    return had.version == needed.version and needed.supernet_of(had)  # type: ignore[arg-type]  # same version


def _arn(value: str) -> tuple[str, ...] | None:
    """Six parts; `*` alone stands for any ARN."""
    parts = ("*",) * 6 if value == "*" else tuple(value.split(":", 5))
    return parts if len(parts) == 6 else None


def _same(had: Any, needed: Any) -> bool:
    return bool(had == needed)


def _like(had: str, needed: re.Pattern[str]) -> bool:
    return needed.fullmatch(had) is not None


def _arn_like(had: tuple[str, ...], needed: tuple[re.Pattern[str], ...]) -> bool:
    return all(pattern.fullmatch(part) for part, pattern in zip(had, needed, strict=True))


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "LessThan": lambda had, needed: bool(had < needed),
    "LessThanEquals": lambda had, needed: bool(had <= needed),
    "GreaterThan": lambda had, needed: bool(had > needed),
    "GreaterThanEquals": lambda had, needed: bool(had >= needed),
}

OPERATORS: dict[str, Operator] = {
    "StringEquals":              Operator(_string, _same, variables=True),
    "StringNotEquals":           Operator(_string, _same, variables=True, negated=True),
    "StringEqualsIgnoreCase":    Operator(str.lower, _same, variables=True),
    "StringNotEqualsIgnoreCase": Operator(str.lower, _same, variables=True, negated=True),
    "StringLike":                Operator(_string, _like, variables=True, like=True),
    "StringNotLike":             Operator(_string, _like, variables=True, like=True, negated=True),
    "NumericEquals":             Operator(_number, _same, kind="Numeric"),
    "NumericNotEquals":          Operator(_number, _same, kind="Numeric", negated=True),
    "DateEquals":                Operator(_date, _same, kind="Date"),
    "DateNotEquals":             Operator(_date, _same, kind="Date", negated=True),
    "Bool":                      Operator(_truth, _same, variables=True, kind="Bool"),
    "BinaryEquals":              Operator(_bytes, _same, kind="Binary"),
    "IpAddress":                 Operator(_network, _inside, kind="IP"),
    "NotIpAddress":              Operator(_network, _inside, kind="IP", negated=True),
    "ArnEquals":                 Operator(_arn, _arn_like, variables=True, kind="ARN", like=True),
    "ArnLike":                   Operator(_arn, _arn_like, variables=True, kind="ARN", like=True),
    "ArnNotEquals":              Operator(_arn, _arn_like, variables=True, kind="ARN", like=True, negated=True),
    "ArnNotLike":                Operator(_arn, _arn_like, variables=True, kind="ARN", like=True, negated=True),
    "Null":                      Operator(_truth, _same, kind="Null"),
    **{f"Numeric{how}": Operator(_number, test, kind="Numeric") for how, test in COMPARE.items()},
    **{f"Date{how}": Operator(_date, test, kind="Date") for how, test in COMPARE.items()},
}  # fmt: skip


class Condition(Struct, frozen=True):
    """One key under one operator, with the values it is compared with: any of them will do."""

    name: str  # the operator as written
    key: str  # as written
    needed: tuple[Text, ...]
    operator: Operator
    over: str = ""  # ForAllValues, ForAnyValue or ""
    if_exists: bool = False
    lowered: str = ""  # the key as `heard`: names are compared in any case
    ready: tuple[Any, ...] = ()  # the values as compared, where no variable stands in them

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(text.source for text in self.needed)

    def holds(self, keys: Keys) -> bool:
        """Whether the request's keys meet it."""
        had, operator = keys.get(self.lowered, ()), self.operator
        if operator.kind == "Null":
            return any(missing is not bool(had) for missing in self.ready)
        if not had:  # ForAnyValue looks for a value and finds none, IfExists or not
            return self.over != "ForAnyValue" and (self.if_exists or operator.negated or self.over == "ForAllValues")
        needed = self.ready or [_needed(operator, text, keys) for text in self.needed]
        if operator.negated and None in needed:
            return False  # a variable without a value: the statement counts for nothing
        matches = [self._matches(operator.reads(value), needed) for value in had]
        if self.over == "ForAllValues":
            return all(match is not operator.negated for match in matches)
        if self.over == "ForAnyValue":
            return any(match is not operator.negated for match in matches)
        return any(matches) is not operator.negated

    def _matches(self, had: Any, needed: Sequence[Any]) -> bool:
        return had is not None and any(n is not None and self.operator.test(had, n) for n in needed)


def _needed(operator: Operator, item: Text, keys: Keys) -> Any:
    """The policy's value as the operator compares it; None when it cannot be had."""
    if operator.like and operator.kind == "ARN":
        return _arn_patterns(item.filled(keys))
    if operator.like:
        filled = item.filled(keys)
        return None if filled is None else matcher(filled)
    plain = item.plain(keys)
    return None if plain is None else operator.reads(plain)


@remembered(1024, size=characters)
def _arn_patterns(filled: tuple[str | Literal, ...] | None) -> tuple[re.Pattern[str], ...] | None:
    """An ARN's six parts, each a pattern. A colon in a value that was filled in ends no part."""
    if filled is None:
        return None
    if filled == ("*",):
        return (matcher(("*",)),) * 6
    parts: list[list[str | Literal]] = [[]]
    for piece in filled:
        if not isinstance(piece, str):
            parts[-1].append(piece)
            continue
        first, *rest = piece.split(":", 6 - len(parts))
        parts[-1].append(first)
        parts.extend([p] for p in rest)
    return tuple(matcher(tuple(part)) for part in parts) if len(parts) == 6 else None


def condition(
    name: str, key: str, values: list[str], *, variables: bool, unheard: tuple[str, ...] = ()
) -> Condition:  # fmt: skip
    """Read one key of a Condition. Raises ValueError, with a sentence, for what cannot be evaluated.

    unheard: how the names of the keys begin that have no effect in such a document.
    """
    over, base = name.split(":", 1) if ":" in name else ("", name)
    if_exists = base.endswith(IF_EXISTS)
    base = base.removesuffix(IF_EXISTS)
    operator = OPERATORS.get(base)
    if operator is None or (over and over not in SETS):
        near = next((known for known in OPERATORS if known.lower() == base.lower()), "")
        raise ValueError(
            f"there is no condition operator `{name}`: "
            + (f"write {near}" if near else "write one such as StringEquals")
        )
    if base == "Null" and (over or if_exists):
        raise ValueError(f"`{name}` is no operator, since Null asks whether the key is there: write Null")
    if ":" not in key:
        raise ValueError(f"the condition key `{key}` names no service: write aws:{key} or kms:{key}")
    needed = tuple(text(value, variables=variables and operator.variables, unheard=unheard) for value in values)
    ready = [_needed(operator, item, {}) for item in needed if not item.varies]
    if None in ready:
        wrong = next(item.source for item in needed if not item.varies and _needed(operator, item, {}) is None)
        raise ValueError(f"`{name}` cannot compare `{key}` with `{wrong}`: give {A_VALUE[operator.kind]}")
    varies = any(item.varies for item in needed)
    return Condition(name, key, needed, operator, over, if_exists, heard(key, unheard), () if varies else tuple(ready))


A_VALUE = {
    "Numeric": "a number",
    "Date": "a date such as 2026-01-01T00:00:00Z",
    "Bool": "true or false",
    "Null": "true (the key must be missing) or false (it must be there)",
    "Binary": "base64",
    "IP": "an address or range such as 192.0.2.0/24",
    "ARN": "an ARN, all six parts of it",
}
