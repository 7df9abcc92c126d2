"""This is JSON 1.1 to Python and back, member by member as the model's shapes say."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from botocore.model import Shape

from kms_teach.errors import SerializationException


def decode(shape: Shape | None, body: bytes) -> dict[str, Any]:
    """The parameters in a request's body, blobs as bytes, times as datetime. Members that the model lacks are dropped, as AWS does.

    Raises SerializationException for what is not JSON, or not of the member's type.
    """
    try:
        value = json.loads(body or b"{}", parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise SerializationException from None
    if not isinstance(value, dict):
        raise SerializationException
    return _structure(shape, value) if shape else {}


def _structure(shape: Shape, value: Mapping[str, Any]) -> dict[str, Any]:
    members = shape.members
    return {
        name: _decode(members[name], inner) for name, inner in value.items() if name in members and inner is not None
    }


def _decode(shape: Shape, value: Any) -> Any:
    match shape.type_name, value:
        case "structure", dict():
            return _structure(shape, value)
        case "list", list():
            return [_decode(shape.member, element) for element in value if element is not None]
        case "map", dict():
            return {key: _decode(shape.value, element) for key, element in value.items() if element is not None}
        case "blob", str():
            try:
                return base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                raise SerializationException from None
        case "string", str():
            try:
                value.encode()
            except UnicodeEncodeError:  # half a surrogate pair
                raise SerializationException from None
            return value
        case "boolean", bool():
            return value
        case (("integer" | "long"), int()) if not isinstance(value, bool) and abs(value) < 2**63:
            return value
        case (("integer" | "long"), float()) if value.is_integer() and abs(value) < 2**63:
            return int(value)
        case "timestamp", int() | float() if not isinstance(value, bool):
            try:
                return datetime.fromtimestamp(value, UTC)
            except (OverflowError, ValueError, OSError):
                raise SerializationException from None
    raise SerializationException


def encode(value: Mapping[str, Any] | None) -> bytes:
    """An answer's body; empty for an operation without output."""
    return b"" if value is None else json.dumps(value, default=_encode, separators=(",", ":")).encode()


def _encode(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    assert isinstance(value, datetime)
    return value.timestamp()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity are not JSON
