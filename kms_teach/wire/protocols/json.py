"""AWS JSON: the operation in X-Amz-Target, parameters and answers as JSON, member by member as the shapes say."""

import base64
import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from botocore.model import OperationModel, ServiceModel, Shape

from kms_teach.errors import SerializationException, UnknownOperationException
from kms_teach.wire.exchange import Exchange, Refusal, Reply, reply


def read(model: ServiceModel, exchange: Exchange) -> tuple[OperationModel, dict[str, Any]]:
    """The operation that a request names, and its parameters."""
    prefix, _, name = exchange.headers.get("x-amz-target", "").rpartition(".")
    if prefix != model.metadata["targetPrefix"] or name not in model.operation_names:
        raise UnknownOperationException
    operation = model.operation_model(name)
    return operation, decode(operation.input_shape, exchange.body)


def answer(operation: OperationModel, result: Mapping[str, Any] | None, _: Exchange, request_id: str) -> Reply:
    body = encode(result, operation.output_shape)
    return reply(200, request_id, body, _content_type(operation.service_model))


def refuse(model: ServiceModel, refusal: Refusal, _: Exchange, request_id: str) -> Reply:
    key = "Message" if refusal.code == "AccessDeniedException" else "message"  # recorded from AWS
    said = {"__type": refusal.code} | ({key: refusal.message} if refusal.message else {})
    return reply(refusal.status, request_id, encode(said), _content_type(model))


def _content_type(model: ServiceModel) -> str:
    return f"application/x-amz-json-{model.metadata['jsonVersion']}"


def decode(shape: Shape | None, body: bytes) -> dict[str, Any]:
    """The parameters in a request's body, blobs as bytes, times as datetime.

    Members that the model lacks are dropped, as AWS does. Raises SerializationException for what is not JSON, or not of
    the member's type.
    """
    try:
        value = msgspec.json.decode(body or b"{}")
        return _structure(shape, value) if shape else {}
    except (ValueError, RecursionError, OverflowError, OSError):
        raise SerializationException from None


def _structure(shape: Shape, value: Any) -> dict[str, Any]:
    members = shape.members
    given = _of(dict, value).items()
    return {name: _decode(members[name], inner) for name, inner in given if name in members and inner is not None}


def _list(shape: Shape, value: Any) -> list[Any]:
    return [_decode(shape.member, element) for element in _of(list, value) if element is not None]


def _map(shape: Shape, value: Any) -> dict[str, Any]:
    given = _of(dict, value).items()
    return {_string(shape.key, key): _decode(shape.value, inner) for key, inner in given if inner is not None}


def _blob(_: Shape, value: Any) -> bytes:
    return base64.b64decode(_of(str, value), validate=True)


def _string(_: Shape, value: Any) -> str:
    _of(str, value).encode()  # half a surrogate pair is no text
    return str(value)


def _integer(_: Shape, value: Any) -> int:
    number = _of((int, float), value)
    if number != int(number) or abs(number) >= 2**63:
        raise ValueError(value)
    return int(number)


def _timestamp(_: Shape, value: Any) -> datetime:
    return datetime.fromtimestamp(_of((int, float), value), UTC)


def _boolean(_: Shape, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


DECODERS: dict[str, Callable[[Shape, Any], Any]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "blob": _blob,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "timestamp": _timestamp,
    "boolean": _boolean,
}


def _decode(shape: Shape, value: Any) -> Any:
    return DECODERS[shape.type_name](shape, value)


def _of(kind: type | tuple[type, ...], value: Any) -> Any:
    """The value, if it is of that type; to JSON, true is no number."""
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(value)
    return value


def encode(value: Mapping[str, Any] | None, shape: Shape | None = None) -> bytes:
    """An answer's body, blobs in Base64, times as seconds since 1970; empty for an operation without output.

    shape: the answer's, which tells whether it has times.
    """
    if value is None:
        return b""
    return msgspec.json.encode(value if shape and not _tells_times(shape) else _in_seconds(value))


@functools.cache
def _tells_times(shape: Shape) -> bool:
    """Whether there is a time anywhere in it: most answers have none."""
    return "timestamp" in _types(shape, frozenset())


def _types(shape: Shape, around: frozenset[str]) -> Iterator[str]:
    """The types of a shape and of all in it; some stand in themselves."""
    yield shape.type_name
    inner = {"structure": "members", "list": "member", "map": "value"}.get(shape.type_name)
    if inner and shape.name not in around:
        held = getattr(shape, inner)
        for each in held.values() if inner == "members" else [held]:
            yield from _types(each, around | {shape.name})


def _in_seconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _in_seconds(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_in_seconds(inner) for inner in value]
    return value.timestamp() if isinstance(value, datetime) else value
