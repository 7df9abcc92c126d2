"""This is the endpoint: one HTTP exchange as a function. Every transport calls `answer` and nothing else."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kms_teach.access.principals import Principal
from kms_teach.errors import (
    ExpiredTokenException,
    KmsError,
    MissingAuthenticationTokenException,
    UnknownOperationException,
    UnrecognizedClientException,
)
from kms_teach.operations.catalog import CATALOG
from kms_teach.operations.request import HERE, Origin
from kms_teach.service import Service
from kms_teach.wire import codec, signature, sts
from kms_teach.wire.model import operation_model, service_model

TARGET = "TrentService."
UNKNOWN_CALLER = "The security token included in the request is invalid."
JSON = "application/x-amz-json-1.1"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it came; header names are lower-case.

    caller, region: for whom this process vouches, where no signature has crossed a wire.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    origin: Origin = HERE
    caller: Principal | None = None
    region: str = ""


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
            status, body = sts.respond(service, principal, exchange.body, request_id)
            return _reply(status, request_id, body, "text/xml")
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


def takes_long(exchange: Exchange) -> bool:
    """Whether it asks for work, such as making an RSA key, that need not hold up other callers."""
    operation = CATALOG.get(exchange.headers.get("x-amz-target", "").removeprefix(TARGET))
    return operation is not None and operation.before is not None


def _caller(service: Service, exchange: Exchange) -> tuple[Principal, str]:
    if exchange.caller:  # as its policies are today
        principal, region = service.principal(exchange.caller.access_key) or exchange.caller, exchange.region
    else:
        principal, region = _signer(service, exchange)
    if principal.expires and principal.expires <= service.clock.now:
        raise ExpiredTokenException("The security token included in the request is expired")
    return principal, region


def _signer(service: Service, exchange: Exchange) -> tuple[Principal, str]:
    """Who signed the request, once the signature has been checked."""
    header = exchange.headers.get("authorization")
    if not header:
        raise MissingAuthenticationTokenException("Missing Authentication Token")
    credential = signature.credential(header)
    form = exchange.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    signature.check(credential, exchange.headers, "sts" if form else "kms", skew=5, regional=True)
    principal = service.principal(credential.access_key)
    if principal is None or principal.token != exchange.headers.get("x-amz-security-token", ""):
        raise UnrecognizedClientException(UNKNOWN_CALLER)
    signature.verify(principal.secret, credential, exchange.method, exchange.path, exchange.headers, exchange.body)
    return principal, credential.region


def _reply(status: int, request_id: str, body: bytes, type_: str = JSON) -> Reply:
    return Reply(
        status, {"content-type": type_, "x-amzn-RequestId": request_id, "content-length": str(len(body))}, body
    )
