"""A boto3 client answered in this process: botocore's `before-send` hook, and no socket.

The clients read nothing from the environment or from ~/.aws, and their address ends in `.invalid`, a name that no
resolver knows (RFC 2606): a call that slipped past the hook would reach nobody.
"""

import functools
import io
import os
from collections.abc import Callable
from typing import Any

import botocore.config
import botocore.session
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConstantProvider

from kms_teach.access.principals import Principal
from kms_teach.operations.request import Origin
from kms_teach.service import Service
from kms_teach.wire.endpoint import answer
from kms_teach.wire.exchange import Exchange
from kms_teach.wire.loader import loader
from kms_teach.wire.services import APIS

READ = ("x-amz-target", "content-type", "user-agent")  # the headers that matter where nothing is signed


@functools.cache
def isolated_session() -> botocore.session.Session:
    """A botocore session that knows only botocore's defaults: no environment, profiles or configuration files.

    One for the whole process: it holds botocore's models and defaults, nothing of a simulator, and each client takes a
    copy of its handlers. botocore's own, not boto3's: of the clients, boto3 adds methods only to those of S3.
    """
    session = botocore.session.Session()
    session.register_component("data_loader", loader())
    settings = session.get_component("config_store")
    for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items():
        settings.set_config_provider(name, ConstantProvider(default))
    for name in ("config_file", "credentials_file"):
        settings.set_config_provider(name, ConstantProvider(os.devnull))
    return session


class Clients:
    """Makes boto3 clients of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def client(self, name: str, principal: Principal, region: str, origin: Origin) -> Any:
        """A boto3 client of a service that calls as `principal`."""
        if name not in APIS:
            *others, last = APIS
            raise ValueError(f"this simulator has no `{name}`: ask for {', '.join(others)} or {last}")
        # A fixed user agent and no signature spare half of each call's time; nothing leaves this process to be signed
        config = botocore.config.Config(user_agent="boto3 kms-teach", signature_version=UNSIGNED, proxies={})
        client = isolated_session().create_client(
            name, region_name=region, config=config, endpoint_url=f"http://{name}.{region}.kms-teach.invalid",
            aws_access_key_id=principal.access_key or principal.name, aws_secret_access_key=principal.secret or "none",
            aws_session_token=principal.token or None,
        )  # fmt: skip
        client.meta.events.register_first(f"before-send.{name}", _hook(self._service, name, principal, region, origin))
        return client


def _hook(service: Service, api: str, caller: Principal, region: str, origin: Origin) -> Callable[..., AWSResponse]:
    def respond(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        headers = {name: _text(request.headers.get(name, "")) for name in READ}
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        reply = answer(service, Exchange(request.method, "/", headers, body, origin, caller, region, api))
        return AWSResponse(request.url, reply.status, reply.headers, _Raw(reply.body))

    return respond


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class _Raw(io.BytesIO):
    """A response body as botocore reads it."""

    def stream(self, *_: Any, **__: Any) -> list[bytes]:
        return [self.read()]
