"""A result as XML, member by member as the model's shapes say."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from botocore.model import Shape

from kms_teach.wire.protocols.form import place_of

# XML 1.0, section 2.2, is a list of what may stand in it; what may not compiles in a tenth of the time
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DOCUMENT = "policyDocumentType"  # leaves IAM URL-encoded, RFC 3986: IAM API Reference, GetRolePolicy


def element(name: str, inner: str, **attributes: str) -> str:
    given = "".join(f' {key}="{text(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{inner}</{name}>"


def text(value: str) -> str:
    """A string as XML; what XML has no letter for becomes the replacement character."""
    return escape(NO_XML.sub("\ufffd", value), {"\r": "&#13;", '"': "&quot;"})


def members(shape: Shape, value: Mapping[str, Any]) -> str:
    """The members of a structure, in the order of the model."""
    given = ((name, inner) for name, inner in shape.members.items() if value.get(name) is not None)
    return "".join(_member(place_of(name, inner), inner, value[name]) for name, inner in given)


def _member(name: str, shape: Shape, value: Any) -> str:
    if shape.serialization.get("flattened"):
        return "".join(element(name, each) for each in ELEMENTS[shape.type_name](shape, value))
    return element(name, _inner(shape, value))


def _inner(shape: Shape, value: Any) -> str:
    return ENCODERS[shape.type_name](shape, value)


def _list(shape: Shape, value: Any) -> str:
    name = shape.member.serialization.get("name", "member")
    return "".join(element(name, each) for each in _elements(shape, value))


def _elements(shape: Shape, value: Any) -> Iterator[str]:
    return (_inner(shape.member, each) for each in value)


def _map(shape: Shape, value: Any) -> str:
    return "".join(element("entry", each) for each in _entries(shape, value))


def _entries(shape: Shape, value: Any) -> Iterator[str]:
    name, inner = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
    for key, each in value.items():
        yield element(name, _inner(shape.key, key)) + element(inner, _inner(shape.value, each))


def _string(shape: Shape, value: str) -> str:
    return text(quote(value, safe="") if shape.name == DOCUMENT else value)


ELEMENTS: dict[str, Callable[[Shape, Any], Iterator[str]]] = {"list": _elements, "map": _entries}
ENCODERS: dict[str, Callable[[Shape, Any], str]] = {
    "structure": members,
    "list": _list,
    "map": _map,
    "blob": lambda _, value: base64.b64encode(value).decode(),
    "string": _string,
    "integer": lambda _, value: str(value),
    "long": lambda _, value: str(value),
    "float": lambda _, value: repr(value),
    "double": lambda _, value: repr(value),
    "timestamp": lambda _, value: f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    "boolean": lambda _, value: "true" if value else "false",
}
