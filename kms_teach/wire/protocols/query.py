"""AWS Query: the operation and its parameters as a form, answers and errors as XML.

All of it follows botocore's model, so that a service which speaks it needs nothing here.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import OperationModel, ServiceModel

from kms_teach.errors import InvalidAction, SerializationException
from kms_teach.wire.exchange import Exchange, Refusal, Reply, reply
from kms_teach.wire.protocols import form, json
from kms_teach.wire.protocols.xml import element, members, text

XML, JSON = "text/xml", "application/json"


def read(model: ServiceModel, exchange: Exchange) -> tuple[OperationModel, dict[str, Any]]:
    """The operation that a request names, and its parameters."""
    try:
        fields = form.parse(_text(exchange))
        name, version = fields.text("Action"), fields.text("Version")
        if name not in model.operation_names or version != model.api_version:
            raise InvalidAction(f"Could not find operation {name} for version {version or 'NO_VERSION_SPECIFIED'}")
        operation = model.operation_model(name)
        return operation, form.decode(operation.input_shape, fields) if operation.input_shape else {}
    except (ValueError, OverflowError):
        raise SerializationException from None


def version(exchange: Exchange) -> str:
    """The version of an API that a request asks for; "" if it names none."""
    try:
        return dict(parse_qsl(_text(exchange))).get("Version", "")
    except ValueError:
        return ""


def _text(exchange: Exchange) -> str:
    return exchange.path.partition("?")[2] if exchange.method == "GET" else exchange.body.decode()


def answer(operation: OperationModel, result: Mapping[str, Any] | None, exchange: Exchange, request_id: str) -> Reply:
    model, shape, result = operation.service_model, operation.output_shape, result or {}
    name, wrapper = f"{operation.name}Response", f"{operation.name}Result"
    if _wants_json(exchange):
        inner: dict[str, Any] = {wrapper: result} if shape else {}
        said = {name: inner | {"ResponseMetadata": {"RequestId": request_id}}}
        return reply(200, request_id, json.encode(said), JSON)
    body = element(wrapper, members(shape, result)) if shape else ""
    return _xml(200, model, name, body + element("ResponseMetadata", element("RequestId", request_id)), request_id)


def refuse(model: ServiceModel, refusal: Refusal, exchange: Exchange, request_id: str) -> Reply:
    error = {"Type": "Sender", "Code": refusal.code, "Message": refusal.message or ""}
    if _wants_json(exchange):
        return reply(refusal.status, request_id, json.encode({"Error": error, "RequestId": request_id}), JSON)
    body = element("Error", "".join(element(name, text(said)) for name, said in error.items()))
    return _xml(refusal.status, model, "ErrorResponse", body + element("RequestId", request_id), request_id)


def _wants_json(exchange: Exchange) -> bool:
    """STS answers so; its API Reference does not say it, but programs rely on it."""
    return exchange.headers.get("accept", "") == JSON


def _xml(status: int, model: ServiceModel, name: str, inner: str, request_id: str) -> Reply:
    body = element(name, inner, xmlns=model.metadata["xmlNamespace"])
    return reply(status, request_id, body.encode(), XML)
