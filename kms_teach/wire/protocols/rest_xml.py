"""REST with XML, as S3 speaks it: parameters in path, query, headers and document; the bytes of objects as they are."""

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from botocore.model import OperationModel, ServiceModel, Shape

from kms_teach.errors import SerializationException, UnknownOperationException, ValidationException
from kms_teach.s3.errors import S3Error, argument
from kms_teach.wire.exchange import Exchange, Refusal, Reply
from kms_teach.wire.model import operation_model
from kms_teach.wire.protocols import document
from kms_teach.wire.protocols.routes import route
from kms_teach.wire.protocols.xml import element, members, text
from kms_teach.wire.uploads import body_of, whole

XML = "application/xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
ENCRYPTION = "x-amz-server-side-encryption"  # said when an object is written, and never when it is read
NO_BODY = (204, 304)  # statuses; RFC 9110, section 6.4.1
ROOTS = {  # the names that S3 gives to its answers; others are called as their shapes
    "ListBucketsOutput": "ListAllMyBucketsResult", "ListObjectsOutput": "ListBucketResult",
    "ListObjectsV2Output": "ListBucketResult", "DeleteObjectsOutput": "DeleteResult",
    "CreateMultipartUploadOutput": "InitiateMultipartUploadResult", "ListPartsOutput": "ListPartsResult",
    "CompleteMultipartUploadOutput": "CompleteMultipartUploadResult", "GetBucketLocationOutput": "LocationConstraint",
    "ListMultipartUploadsOutput": "ListMultipartUploadsResult", "GetBucketVersioningOutput": "VersioningConfiguration",
    "CreateBucketOutput": "CreateBucketResult",
}  # fmt: skip


def read(model: ServiceModel, exchange: Exchange) -> tuple[OperationModel, dict[str, Any]]:
    """The operation that a request names, and its parameters; of an object's bytes a body that is still to be read."""
    bucket, key, query = place(exchange)
    level = 2 if key else 1 if bucket else 0
    name = route(model, exchange.method, level, query, exchange.headers)
    if not name:
        raise UnknownOperationException
    operation = operation_model(name, model.service_name)
    if ENCRYPTION in exchange.headers and exchange.method in ("GET", "HEAD"):
        value = exchange.headers[ENCRYPTION]
        raise argument(f"{ENCRYPTION} header is not supported for this operation.", ENCRYPTION, value)
    try:
        return operation, _parameters(operation, exchange, bucket, key, query)
    except ValidationException:
        raise
    except (ValueError, OverflowError, RecursionError):
        raise SerializationException from None


def place(exchange: Exchange) -> tuple[str, str, dict[str, str]]:
    """Bucket and key of a request, "" for none, and its query. The bucket may stand in front of the host's name."""
    path, _, query = exchange.path.partition("?")
    try:
        named = unquote(path.removeprefix("/"), errors="strict")
        pairs = dict(parse_qsl(query, keep_blank_values=True, errors="strict"))
    except ValueError:
        raise S3Error("InvalidArgument", "the path or the query is no UTF-8, URL-encoded") from None
    if exchange.bucket:
        return exchange.bucket, named, pairs
    bucket, _, key = named.partition("/")
    return bucket, key, pairs


def _parameters(
    operation: OperationModel, exchange: Exchange, bucket: str, key: str, query: Mapping[str, str]
) -> dict[str, Any]:  # fmt: skip
    shape = operation.input_shape
    if shape is None:
        return {}
    params: dict[str, Any] = {}
    for name, member in shape.members.items():
        where, wire = member.serialization.get("location"), member.serialization.get("name", name)
        given = {"uri": {"Bucket": bucket, "Key": key}, "querystring": query, "header": exchange.headers}.get(where, {})
        at = wire.lower() if where == "header" else wire
        if where == "headers":
            params[name] = {k[len(wire) :]: v for k, v in exchange.headers.items() if k.startswith(wire.lower())}
        elif at in given:
            params[name] = _decoded(member, at, given[at])
    payload = shape.serialization.get("payload")
    if payload:
        params |= _payload(payload, shape.members[payload], exchange)
    elif operation.http["method"] in ("PUT", "POST"):
        whole(exchange)  # nothing is expected; what is there is read, and checked, all the same
    return {name: value for name, value in params.items() if value not in ({}, None)}


def _decoded(member: Shape, name: str, value: str) -> Any:
    try:
        return DECODERS[member.type_name](member, value)
    except (ValueError, KeyError, OverflowError):
        raise argument("Invalid Argument", name, value) from None


def _payload(name: str, shape: Shape, exchange: Exchange) -> dict[str, Any]:
    if shape.type_name == "blob":
        return {name: body_of(exchange)}
    data = whole(exchange)
    if shape.type_name == "string":
        return {name: data.decode()} if data else {}
    return {name: document.decode(shape, document.parse(data))} if data else {}


def _boolean(_: Shape, value: str) -> bool:
    return {"true": True, "false": False}[value.lower()]


def _timestamp(_: Shape, value: str) -> datetime:
    at = datetime.fromisoformat(value) if value[:1].isdigit() else parsedate_to_datetime(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _string(shape: Shape, value: str) -> str:
    return base64.b64decode(value, validate=True).decode() if shape.serialization.get("jsonvalue") else _utf8(value)


def _utf8(value: str) -> str:
    """A header's value: bytes on the wire, which a client may have meant as UTF-8."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


DECODERS: Mapping[str, Callable[[Shape, str], Any]] = {
    "string": _string,
    "integer": lambda _, value: int(value),
    "long": lambda _, value: int(value),
    "boolean": _boolean,
    "timestamp": _timestamp,
    "list": lambda shape, value: [_string(shape.member, each.strip()) for each in value.split(",")],
}


def answer(operation: OperationModel, result: Mapping[str, Any] | None, exchange: Exchange, request_id: str) -> Reply:
    shape, result = operation.output_shape, result or {}
    status = 206 if "ContentRange" in result else operation.http.get("responseCode", 200)
    headers = _always(request_id)
    body, pieces = b"", None
    if shape:
        headers |= _headers(shape, result)
        body, pieces = _body(operation, shape, result)
    if body:
        headers.setdefault("Content-Type", XML)
    if exchange.method != "HEAD" and pieces is None and status not in NO_BODY:
        headers["Content-Length"] = str(len(body))
    return Reply(status, headers, body, pieces)


def _body(operation: OperationModel, shape: Shape, result: Mapping[str, Any]) -> tuple[bytes, Iterator[bytes] | None]:
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name == "blob":
        return b"", result.get(payload)
    if payload and shape.members[payload].type_name == "string":
        return str(result.get(payload, "")).encode(), None
    inner = shape.members[payload] if payload else shape
    told = result.get(payload) if payload else result
    in_body = {name: member for name, member in inner.members.items() if not member.serialization.get("location")}
    if not in_body or told is None:
        return b"", None
    namespace = operation.service_model.metadata.get("xmlNamespace", "http://s3.amazonaws.com/doc/2006-03-01/")
    name = ROOTS.get(inner.name, inner.serialization.get("name", inner.name))
    if inner.name == "GetBucketLocationOutput":  # the one answer that is a word and no structure
        said = text(told["LocationConstraint"])
    else:
        said = members(inner, {member: told[member] for member in in_body if member in told})
    return f"{DECLARATION}{element(name, said, xmlns=namespace)}".encode(), None


def _headers(shape: Shape, result: Mapping[str, Any]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, member in shape.members.items():
        where, value = member.serialization.get("location"), result.get(name)
        if value is None or where not in ("header", "headers"):
            continue
        wire = member.serialization["name"]
        if where == "headers":
            headers |= {f"{wire}{key}": _latin(each) for key, each in value.items()}
        else:
            headers[wire] = ENCODERS.get(member.type_name, _latin)(value)
    return headers


def _latin(value: str) -> str:
    """A header's value, whose bytes are its UTF-8."""
    return value.encode().decode("latin-1")


ENCODERS: Mapping[str, Callable[[Any], str]] = {
    "integer": str,
    "long": str,
    "boolean": lambda value: "true" if value else "false",
    "timestamp": lambda value: value if isinstance(value, str) else format_datetime(value.astimezone(UTC), usegmt=True),
}


def refuse(_: ServiceModel, refusal: Refusal, exchange: Exchange, request_id: str) -> Reply:
    said = {"Code": refusal.code, "Message": refusal.message or "", **refusal.extras, "RequestId": request_id}
    inner = "".join(element(name, text(value)) for name, value in {**said, "HostId": HOST_ID}.items())
    body = f"{DECLARATION}{element('Error', inner)}".encode()
    headers = _always(request_id) | {"Content-Type": XML}
    if exchange.method == "HEAD" or refusal.status in NO_BODY:
        return Reply(refusal.status, headers, b"")
    return Reply(refusal.status, headers | {"Content-Length": str(len(body))}, body)


HOST_ID = "kms-teach"  # AWS names a machine here


def _always(request_id: str) -> dict[str, str]:
    return {"x-amz-request-id": request_id, "x-amz-id-2": HOST_ID, "Server": "AmazonS3"}
