"""An XML document as parameters: the model says what stands where; what it does not know is passed over."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat

from botocore.model import Shape

from kms_teach.wire.protocols.form import place_of

DEEPEST = 64  # elements in one another; no document of AWS's comes near


class Element:
    """An element: its text, and the elements in it by name, without prefixes."""

    __slots__ = ("below", "text")

    def __init__(self) -> None:
        self.text = ""
        self.below: dict[str, list[Element]] = {}


def parse(data: bytes) -> Element:
    """The root of a document. ValueError for what is none, or has a document type."""
    root = Element()
    open_ = [root]

    def start(name: str, _: dict[str, str]) -> None:
        element = Element()
        open_[-1].below.setdefault(name.rpartition(":")[2], []).append(element)
        open_.append(element)
        if len(open_) > DEEPEST:
            raise ValueError("nested too deeply")

    def end(_: str) -> None:
        open_.pop()

    def text(data: str) -> None:
        open_[-1].text += data

    def refuse(*_: object) -> None:
        raise ValueError("a document type")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = refuse  # entities grow, or fetch files: there are none without it
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    (only,) = (element for elements in root.below.values() for element in elements)
    return only


def decode(shape: Shape, element: Element) -> dict[str, Any]:
    """The members of a structure. ValueError for what is not of the member's type."""
    decoded = {}
    for name, member in shape.members.items():
        flat = member.type_name == "list" and member.serialization.get("flattened")
        if found := element.below.get(place_of(name, member)):
            decoded[name] = [_decode(member.member, each) for each in found] if flat else _decode(member, found[-1])
    return decoded


def _list(shape: Shape, element: Element) -> list[Any]:
    inner = shape.member.serialization.get("name", "member")
    return [_decode(shape.member, each) for each in element.below.get(inner, [])]


def _boolean(_: Shape, element: Element) -> bool:
    return {"true": True, "false": False}[element.text.strip()]


def _timestamp(_: Shape, element: Element) -> datetime:
    at = datetime.fromisoformat(element.text.strip())
    return at if at.tzinfo else at.replace(tzinfo=UTC)


DECODERS: dict[str, Callable[[Shape, Element], Any]] = {
    "structure": decode,
    "list": _list,
    "string": lambda _, element: element.text,
    "blob": lambda _, element: base64.b64decode(element.text, validate=True),
    "integer": lambda _, element: int(element.text),
    "long": lambda _, element: int(element.text),
    "boolean": _boolean,
    "timestamp": _timestamp,
}


def _decode(shape: Shape, element: Element) -> Any:
    try:
        return DECODERS[shape.type_name](shape, element)
    except KeyError:
        raise ValueError(element.text) from None
