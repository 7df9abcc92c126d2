"""This is the endpoint: one HTTP exchange as a function. Every transport calls `answer` and nothing else."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from kms_teach.access.principals import Principal
from kms_teach.errors import (
    KmsError,
    MissingAuthenticationTokenException,
    UnknownOperationException,
    UnrecognizedClientException,
)
from kms_teach.operations.catalog import HERE, Origin
from kms_teach.service import Service
from kms_teach.wire import codec, signature
from kms_teach.wire.model import operation_model, service_model

TARGET = "TrentService."
JSON = "application/x-amz-json-1.1"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it came. Header names are lower-case. `trusted`: from this process, its signature needs no check."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    origin: Origin = HERE
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


def answer(service: Service, exchange: Exchange) -> Reply:
    """Answer one request. Any request has an answer: AWS's error where it is AWS's to give."""
    request_id = str(uuid.uuid4())
    try:
        principal, region = _caller(service, exchange)
        target = exchange.headers.get("x-amz-target", "")
        if not target and exchange.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return _sts(principal, exchange.body, request_id)
        name = target.removeprefix(TARGET)
        if not target.startswith(TARGET) or name not in service_model().operation_names:
            raise UnknownOperationException
        params = codec.decode(operation_model(name).input_shape, exchange.body)
        agent = exchange.headers.get("user-agent", "")
        origin = replace(exchange.origin, user_agent=agent, request_id=request_id)
        result = service.perform(principal, region, name, params, origin)
    except KmsError as error:
        key = "Message" if error.code == "AccessDeniedException" else "message"  # recorded from AWS
        said = {"__type": error.code} | ({key: error.message} if error.message else {})
        return _reply(error.status, request_id, codec.encode(said))
    return _reply(200, request_id, codec.encode(result))


def _caller(service: Service, exchange: Exchange) -> tuple[Principal, str]:
    header = exchange.headers.get("authorization")
    if not header:
        raise MissingAuthenticationTokenException("Missing Authentication Token")
    credential = signature.credential(header)
    principal = service.principal(credential.access_key)
    if principal is None:
        raise UnrecognizedClientException("The security token included in the request is invalid.")
    if not exchange.trusted:
        signature.verify(principal.secret, credential, exchange.method, exchange.path, exchange.headers, exchange.body)
    return principal, credential.region


def _reply(status: int, request_id: str, body: bytes, type_: str = JSON) -> Reply:
    return Reply(
        status, {"content-type": type_, "x-amzn-RequestId": request_id, "content-length": str(len(body))}, body
    )


def _sts(principal: Principal, body: bytes, request_id: str) -> Reply:
    """STS GetCallerIdentity, which many clients ask first. STS speaks XML."""
    action = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
    if action != "GetCallerIdentity":
        said = f"this simulator does not answer {escape(action) or 'that'}"
        text = f"<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>{said}</Message></Error>"
        return _reply(400, request_id, _xml("ErrorResponse", text + f"<RequestId>{request_id}</RequestId>"), "text/xml")
    user_id = f"{principal.id}:{principal.session}" if principal.kind == "role" else principal.id
    result = (
        f"<Arn>{escape(principal.caller_arn)}</Arn><UserId>{user_id}</UserId><Account>{principal.account}</Account>"
    )
    metadata = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
    inner = f"<{action}Result>{result}</{action}Result>{metadata}"
    return _reply(200, request_id, _xml(f"{action}Response", inner), "text/xml")


def _xml(name: str, inner: str) -> bytes:
    return f'<{name} xmlns="https://sts.amazonaws.com/doc/2011-06-15/">{inner}</{name}>'.encode()
