"""An error in every protocol that AWS has, for the services that do not answer here: their clients understand it."""

from collections.abc import Callable, Mapping

from kms_teach.wire.exchange import Exchange, Refusal, Reply, reply
from kms_teach.wire.protocols import json
from kms_teach.wire.protocols.xml import element, text

Write = Callable[[str, Refusal, str], Reply]  # signing name, refusal, request id


def protocol(exchange: Exchange, spoken: tuple[str, ...]) -> str:
    """Which of the protocols that a service speaks a request is in; by its looks, when nothing is known of them."""
    headers = exchange.headers
    if "smithy-protocol" in headers:
        return "smithy-rpc-v2-cbor"
    if "x-amz-target" in headers:
        return "json"
    if exchange.is_form:
        return "ec2" if "ec2" in spoken else "query"
    return next((name for name in spoken if name.startswith("rest-")), "rest-json")


def refuse(name: str, spoken: tuple[str, ...], exchange: Exchange, words: str, request_id: str) -> Reply:
    """Say in its own protocol that a service does not answer. name: as it signs. spoken: its protocols, if known."""
    code, write = PROTOCOLS[protocol(exchange, spoken)]
    return write(name, Refusal(code, words, 400), request_id)


def _json(_: str, refusal: Refusal, request_id: str) -> Reply:
    said = {"__type": refusal.code, "message": refusal.message}
    return reply(refusal.status, request_id, json.encode(said), "application/x-amz-json-1.1")


def _rest_json(_: str, refusal: Refusal, request_id: str) -> Reply:
    body = json.encode({"message": refusal.message})
    return reply(refusal.status, request_id, body, "application/json", x_amzn_errortype=refusal.code)


def _cbor(_: str, refusal: Refusal, request_id: str) -> Reply:
    import cbor2

    body = cbor2.dumps({"__type": refusal.code, "message": refusal.message})
    return reply(refusal.status, request_id, body, "application/cbor", smithy_protocol="rpc-v2-cbor")


def _query(_: str, refusal: Refusal, request_id: str) -> Reply:
    return _xml(refusal, request_id, element("ErrorResponse", _error(refusal, "<Type>Sender</Type>") + _id(request_id)))


def _ec2(_: str, refusal: Refusal, request_id: str) -> Reply:
    errors = element("Errors", _error(refusal))
    return _xml(refusal, request_id, element("Response", errors + element("RequestID", request_id)))


def _rest_xml(name: str, refusal: Refusal, request_id: str) -> Reply:
    """S3's error is the whole body; the others wrap it."""
    if name.startswith("s3"):
        return _xml(refusal, request_id, _error(refusal, _id(request_id)))
    return _query(name, refusal, request_id)


def _error(refusal: Refusal, more: str = "") -> str:
    return element("Error", element("Code", refusal.code) + element("Message", text(refusal.message or "")) + more)


def _id(request_id: str) -> str:
    return element("RequestId", request_id)


def _xml(refusal: Refusal, request_id: str, body: str) -> Reply:
    return reply(refusal.status, request_id, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode(), "text/xml")


# Its name -> the code of what it does not do, and how it writes an error.
PROTOCOLS: Mapping[str, tuple[str, Write]] = {
    "json":               ("UnknownOperationException", _json),
    "rest-json":          ("UnknownOperationException", _rest_json),
    "smithy-rpc-v2-cbor": ("UnknownOperationException", _cbor),
    "query":              ("InvalidAction", _query),
    "ec2":                ("InvalidAction", _ec2),
    "rest-xml":           ("NotImplemented", _rest_xml),
}  # fmt: skip
