"""The maker of clients in this process: botocore's own, which does once what it otherwise does for each client.

A simulator of a question or a lab lives for a dozen calls, and making its clients would be most of its time. A service
has one model here, one class and the handlers that its events can meet; what a client knows of itself, its handlers and
its retries stays its own. Where a later botocore names its steps otherwise, they are made for each client again.
"""

import functools
import os
from typing import Any

import botocore.retryhandler
import botocore.session
import botocore.translate
from botocore.client import ClientCreator
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConstantProvider
from botocore.errorfactory import ClientExceptionsFactory
from botocore.exceptions import UnknownServiceError
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.model import ServiceModel
from botocore.regions import EndpointResolver

from kms_teach.wire.loader import loader
from kms_teach.wire.model import service_model

RULED = ("s3",)  # services whose address is not the one that we give: a bucket comes into it


@functools.cache
def isolated_session(handlers: bool = True) -> botocore.session.Session:
    """A botocore session that knows only botocore's defaults: no environment, profiles or configuration files.

    One for the whole process: it holds botocore's models and defaults, nothing of a simulator, and each client takes a
    copy of its handlers. botocore's own, not boto3's: what it adds to clients, to those of S3 alone, is added here.
    handlers: without botocore's, which take half of the time, it makes no clients and is asked for its parts.
    """
    session = botocore.session.Session(include_builtin_handlers=handlers)
    session.register_component("data_loader", loader())
    settings = session.get_component("config_store")
    for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items():
        settings.set_config_provider(name, ConstantProvider(default))
    for name in ("config_file", "credentials_file"):
        settings.set_config_provider(name, ConstantProvider(os.devnull))
    session.get_component("event_emitter").register_last("creating-client-class.s3", _with_transfer)
    return session


def _with_transfer(class_attributes: dict[str, Any], **_: Any) -> None:
    """Give a client of S3 what boto3 adds to it (`upload_file` …), unless a session of boto3's around ours has."""
    if "upload_file" not in class_attributes:
        from boto3.s3.inject import inject_s3_transfer_methods

        inject_s3_transfer_methods(class_attributes)


@functools.cache
def maker(name: str) -> "Maker":
    """The maker of a service's clients: one for the process."""
    return Maker(name)


class Maker(ClientCreator):  # type: ignore[misc] # botocore ships no types
    """Makes the clients of one service."""

    def __init__(self, name: str) -> None:
        session = isolated_session(handlers=False)
        super().__init__(
            loader=loader(),
            endpoint_resolver=_resolver(),
            user_agent=session.user_agent(),
            event_emitter=_emitter(name),
            retry_handler_factory=botocore.retryhandler,
            retry_config_translator=botocore.translate,
            response_parser_factory=session.get_component("response_parser_factory"),
            exceptions_factory=_exceptions(),
            config_store=session.get_component("config_store"),
            user_agent_creator=session.get_component("user_agent_creator"),
        )
        self._class: type | None = None

    def _load_service_model(self, service_name: str, api_version: str | None = None) -> ServiceModel:
        return service_model(service_name)

    def _create_client_class(self, service_name: str, service_model: ServiceModel) -> type:
        if self._class is None:
            self._class = super()._create_client_class(service_name, service_model)
        return self._class

    def _load_service_endpoints_ruleset(self, service_name: str, api_version: str | None = None) -> Any:
        """The rules by which a service's address is found; none where all requests go to the address that we give."""
        if service_name not in RULED:
            raise UnknownServiceError(service_name=service_name, known_service_names=", ".join(RULED))
        return super()._load_service_endpoints_ruleset(service_name, api_version)


@functools.cache
def _resolver() -> EndpointResolver:
    return EndpointResolver(loader().load_data("endpoints"), uses_builtin_data=True)


@functools.cache
def _exceptions() -> ClientExceptionsFactory:
    return ClientExceptionsFactory()


def _emitter(name: str) -> EventAliaser:
    """botocore's handlers of any service and of this one; no aliases, since none of ours has had another name."""
    emitter = EventAliaser(HierarchicalEmitter(), {})
    register = {REGISTER_FIRST: emitter.register_first, REGISTER_LAST: emitter.register_last}
    for event, handler, *order in BUILTIN_HANDLERS:
        if _service(event) in ("", "*", name):
            register.get(order[0] if order else None, emitter.register)(event, handler)
    emitter.register_last("creating-client-class.s3", _with_transfer)
    return emitter


def _service(event: str) -> str:
    """The service that an event is of, as `before-call.s3.DeleteObjects` and `docs.*.s3.CopyObject`; "" for all."""
    kind, *rest = event.split(".")
    return next(iter(rest[1:] if kind == "docs" else rest), "")
