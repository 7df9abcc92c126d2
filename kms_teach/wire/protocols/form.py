"""A form as parameters: a field's name is its place, as in `Tags.member.2.Key`; the model says what stands there."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import Shape

INTEGER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)


class Field:
    """What a form says at one place: a value, fields below it, or both."""

    __slots__ = ("below", "value")

    def __init__(self) -> None:
        self.value: str | None = None
        self.below: dict[str, Field] = {}

    def text(self, name: str) -> str:
        return self.below[name].value or "" if name in self.below else ""


def parse(text: str) -> Field:
    """The fields of a form. ValueError for what is not one."""
    fields = Field()
    for name, value in parse_qsl(text, keep_blank_values=True, errors="strict"):
        field = fields
        for part in name.split("."):
            field = field.below.setdefault(part, Field())
        field.value = value
    return fields


def decode(shape: Shape, field: Field) -> dict[str, Any]:
    """The members of a structure, blobs as bytes, times as datetime; fields that the model lacks are dropped.

    Raises ValueError for what is not of the member's type.
    """
    if field.value:
        raise ValueError(field.value)
    named = ((name, member, place_of(name, member)) for name, member in shape.members.items())
    return {name: _decode(member, field.below[place]) for name, member, place in named if place in field.below}


def place_of(name: str, member: Shape) -> str:
    """The name of a member on the wire: that of a flattened list's elements, if they have one."""
    own: str = member.serialization.get("name", name)
    flat_list = member.type_name == "list" and member.serialization.get("flattened")
    return str(member.member.serialization.get("name", own)) if flat_list else own


def _list(shape: Shape, field: Field) -> list[Any]:
    inner = shape.member.serialization.get("name", "member")
    return [_decode(shape.member, element) for element in _numbered(shape, field, inner)]


def _map(shape: Shape, field: Field) -> dict[str, Any]:
    key, value = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
    pairs = ((_child(pair, key), _child(pair, value)) for pair in _numbered(shape, field, "entry"))
    return {_decode(shape.key, first): _decode(shape.value, second) for first, second in pairs}


def _numbered(shape: Shape, field: Field, inner: str) -> list[Field]:
    """The elements of a list or map, by their number; an empty one is a field with an empty value."""
    if not field.below:
        _text(field, "")
        return []
    holder = field if shape.serialization.get("flattened") else _child(field, inner)
    return [holder.below[number] for number in sorted(holder.below, key=_count)]


def _count(number: str) -> int:
    if not (number.isascii() and number.isdigit()):
        raise ValueError(number)
    return int(number)


def _child(field: Field, name: str) -> Field:
    if name not in field.below:
        raise ValueError(name)
    return field.below[name]


def _text(field: Field, *allowed: str) -> str:
    if field.below or field.value is None or (allowed and field.value not in allowed):
        raise ValueError(field.value)
    return field.value


def _integer(_: Shape, field: Field) -> int:
    text = _text(field)
    if not INTEGER.fullmatch(text) or abs(int(text)) >= 2**63:
        raise ValueError(text)
    return int(text)


def _timestamp(_: Shape, field: Field) -> datetime:
    at = datetime.fromisoformat(_text(field))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


DECODERS: dict[str, Callable[[Shape, Field], Any]] = {
    "structure": decode,
    "list": _list,
    "map": _map,
    "blob": lambda _, field: base64.b64decode(_text(field), validate=True),
    "string": lambda _, field: _text(field),
    "integer": _integer,
    "long": _integer,
    "float": lambda _, field: float(_text(field)),
    "double": lambda _, field: float(_text(field)),
    "timestamp": _timestamp,
    "boolean": lambda _, field: _text(field, "true", "false") == "true",
}


def _decode(shape: Shape, field: Field) -> Any:
    return DECODERS[shape.type_name](shape, field)
