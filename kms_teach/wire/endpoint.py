"""The endpoint: one HTTP exchange as a function. Every transport calls `answer` and nothing else."""

import functools
from collections.abc import Mapping
from typing import Any, Protocol

from botocore.model import OperationModel, ServiceModel
from msgspec.structs import replace

from kms_teach.access.principals import Principal
from kms_teach.errors import (
    AccessDeniedException,
    ExpiredTokenException,
    KmsError,
    MissingAuthenticationTokenException,
    UnrecognizedClientException,
    shortened,
)
from kms_teach.keys.names import new_id
from kms_teach.operations.catalog import CATALOG
from kms_teach.service import Service
from kms_teach.wire import s3_signature, signature
from kms_teach.wire.exchange import Exchange, Refusal, Reply
from kms_teach.wire.loader import metadata
from kms_teach.wire.model import error_codes, service_model
from kms_teach.wire.protocols import json, others, query, rest_xml
from kms_teach.wire.services import APIS, Api

LONG_BODY = 2048  # bytes; an attestation document has more, and a policy that takes a while
PRIVATE, SLOW_FAMILIES = ("Sign", "Decrypt", "ReEncrypt"), (b'"RSA', b'"ML_DSA')
LOOKUP = "LookupEvents"  # which reads up to 10,000 events
UNKNOWN_CALLER = "The security token included in the request is invalid."


class Speaks(Protocol):
    """What a protocol is, as a module."""

    def read(self, model: ServiceModel, exchange: Exchange, /) -> tuple[OperationModel, dict[str, Any]]: ...
    def answer(
        self, operation: OperationModel, result: Mapping[str, Any] | None, exchange: Exchange, request_id: str, /
    ) -> Reply: ...
    def refuse(self, model: ServiceModel, refusal: Refusal, exchange: Exchange, request_id: str, /) -> Reply: ...


PROTOCOLS: Mapping[str, Speaks] = {"json": json, "query": query, "rest-xml": rest_xml}


def answer(service: Service, exchange: Exchange) -> Reply:
    """Answer one request. Any request has an answer: AWS's error where it is AWS's to give."""
    request_id = new_id()
    name = exchange.api or asked(exchange)
    if name not in APIS:
        words = f"this simulator has no `{name}`: it answers {', '.join(APIS)}"
        return _elsewhere(name, exchange, request_id, words)
    api, model, protocol = _spoken(name)
    try:
        principal, region = _caller(service, api, exchange)
        operation, params = protocol.read(model, exchange)
        agent = exchange.headers.get("user-agent", "")
        origin = replace(exchange.origin, user_agent=agent, request_id=request_id, signed=s3_signature.form(exchange))
        result = api.perform(service, principal, region, operation.name, params, origin)
    except KmsError as error:
        return protocol.refuse(model, worded(api, error), exchange, request_id)
    return protocol.answer(operation, result, exchange, request_id)


def turn_away(exchange: Exchange, words: str) -> Reply:
    """Refuse a request unread, in the protocol it is in."""
    request_id, name = new_id(), asked(exchange)
    if name not in APIS:
        return _elsewhere(name, exchange, request_id, words)
    api, model, protocol = _spoken(name)
    return protocol.refuse(model, worded(api, AccessDeniedException(words)), exchange, request_id)


def _spoken(name: str) -> tuple[Api, ServiceModel, Speaks]:
    model = service_model(name)
    return APIS[name], model, PROTOCOLS[model.protocol]


def asked(exchange: Exchange) -> str:
    """Which service a request is for: what it names itself, else what it is signed for; it may be one that is not here.

    AWS tells them apart by their addresses; here they share one.
    """
    target = exchange.headers.get("x-amz-target", "").rpartition(".")[0]
    if target in _names():
        return _names()[target]
    signed_for = signature.service(exchange.headers.get("authorization", ""))
    if not target and (signed_for == "s3" or _looks_like_s3(exchange, signed_for)):
        return "s3control" if "x-amz-account-id" in exchange.headers else "s3"
    version = query.version(exchange) if exchange.is_form and not target else ""
    named = _names().get(target or version)
    if named:
        return named
    return signed_for or ("sts" if exchange.is_form else "kms")


def _looks_like_s3(exchange: Exchange, signed_for: str) -> bool:
    """Whether it is presigned, or names a bucket and nobody who has signed it: other services are called by POST /."""
    names_bucket = exchange.bucket or exchange.path.partition("?")[0] != "/"
    unsigned = not signed_for and exchange.method != "POST" and names_bucket
    return bool(unsigned) or s3_signature.is_presigned(exchange)


@functools.cache
def _names() -> Mapping[str, str]:
    """The service of each prefix of X-Amz-Target, or version of a form."""
    models = {name: service_model(name).metadata for name in APIS}
    named = {name: told for name, told in models.items() if told["protocol"] in ("json", "query")}
    return {told["targetPrefix" if told["protocol"] == "json" else "apiVersion"]: name for name, told in named.items()}


def worded(api: Api, error: KmsError) -> Refusal:
    """An error in the words of a service: as its model says, or as services of its kind do."""
    told = api.errors.get(error.code)
    if told:
        return Refusal(told.code, told.message or error.message, told.status, error.extras)
    code, status = error_codes(api.name).get(error.code, (error.code, error.status))
    return Refusal(code, error.message, status, error.extras)


def streams(exchange: Exchange) -> bool:
    """Whether its body is passed on unread: it may be a file, and S3 takes it piece by piece."""
    return asked(exchange) == "s3"


def work(exchange: Exchange) -> str:
    """The long work it asks for, that need not hold up other callers; "" for none.

    It is `making keys`, `using private keys` (of algorithms that take a millisecond and more) or `reading documents`.
    """
    name = exchange.headers.get("x-amz-target", "").rpartition(".")[2]
    if name in PRIVATE and any(family in exchange.body for family in SLOW_FAMILIES):
        return "using private keys"
    operation = CATALOG.get(name)
    if operation is not None and operation.before is not None and b"RSA_" in exchange.body:
        return "making keys"
    return "reading documents" if len(exchange.body) > LONG_BODY or name == LOOKUP else ""


def _elsewhere(name: str, exchange: Exchange, request_id: str, words: str) -> Reply:
    return others.refuse(name, tuple(metadata(name).get("protocols", ())), exchange, shortened(words), request_id)


def _caller(service: Service, api: Api, exchange: Exchange) -> tuple[Principal, str]:
    if exchange.caller:  # as its policies are today
        principal, region = _now(service, exchange.caller), exchange.region
    else:
        principal, region = _signer(service, api, exchange)
    if principal.expires and principal.expires <= service.clock.now:
        raise ExpiredTokenException("The security token included in the request is expired")
    return principal, region


def _now(service: Service, caller: Principal) -> Principal:
    """A caller of this process as it is now; an AWS service has no access key, and does not change."""
    if not caller.access_key:
        return caller
    found = service.principal(caller.access_key)
    if found is None:  # deleted since
        raise UnrecognizedClientException(UNKNOWN_CALLER)
    return found


def _signer(service: Service, api: Api, exchange: Exchange) -> tuple[Principal, str]:
    """Who signed the request, once the signature has been checked."""
    header = exchange.headers.get("authorization")
    if not header and not (api.name == "s3" and s3_signature.is_presigned(exchange)):
        raise MissingAuthenticationTokenException("Missing Authentication Token")
    if api.name == "s3":
        return _signer_of_s3(service, exchange)
    assert header
    credential = signature.credential(header)
    signing_name = service_model(api.name).signing_name
    signature.check(credential, exchange.headers, signing_name, skew=api.skew, regional=api.regional)
    principal = service.signer(credential.access_key)
    if principal is None or principal.token != exchange.headers.get("x-amz-security-token", ""):
        raise UnrecognizedClientException(UNKNOWN_CALLER)
    signature.verify(principal.secret, credential, exchange.method, exchange.path, exchange.headers, exchange.body)
    return principal, credential.region


def _signer_of_s3(service: Service, exchange: Exchange) -> tuple[Principal, str]:
    signed = s3_signature.signed(exchange)
    principal = service.signer(signed.access_key)
    if principal is None or principal.token != signed.token:
        raise UnrecognizedClientException(UNKNOWN_CALLER)
    signed.verify(principal.secret)
    return principal, signed.region
