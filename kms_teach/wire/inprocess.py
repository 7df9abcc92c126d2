"""A boto3 client answered in this process: botocore's `before-send` hook, and no socket.

The clients read nothing from the environment or from ~/.aws, and their address ends in `.invalid`, a name that no
resolver knows (RFC 2606): a call that slipped past the hook would reach nobody.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import botocore.config
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from kms_teach.access.principals import Principal
from kms_teach.errors import cut
from kms_teach.operations.request import Origin
from kms_teach.service import Service
from kms_teach.wire.backoff import waiting
from kms_teach.wire.endpoint import answer
from kms_teach.wire.exchange import Exchange
from kms_teach.wire.maker import maker
from kms_teach.wire.services import APIS

NOWHERE = "kms-teach.invalid"
PIECE = 1 << 18  # bytes of a file that are read at once
AGENT = "boto3 kms-teach"  # of all clients that are answered in this process
READ = ("x-amz-target", "content-type", "user-agent")  # the headers that matter where nothing is signed


class Clients:
    """Makes boto3 clients of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def client(
        self, name: str, principal: Principal, region: str, origin: Origin, retries: Mapping[str, Any] | None = None
    ) -> Any:
        """A boto3 client of a service that calls as `principal`. retries: as botocore's Config takes them."""
        if name not in APIS:
            *others, last = APIS
            raise ValueError(f"this simulator has no `{cut(name)}`: ask for {', '.join(others)} or {last}")
        # A fixed user agent and no signature spare half of each call's time; nothing leaves this process to be signed
        config = botocore.config.Config(
            user_agent=AGENT, signature_version=UNSIGNED, proxies={}, retries=dict(retries or {})
        )
        address = f"http://{name}.{region}.{NOWHERE}"
        client = maker(name).create_client(name, region, endpoint_url=address, client_config=config, scoped_config={})
        if self._service.quota:
            wait = waiting(self._service, client.meta.config.retries)
            client.meta.events.register_first(f"needs-retry.{name}", wait)
        client.meta.events.register_first(f"before-send.{name}", _hook(self._service, name, principal, region, origin))
        return client


def _hook(service: Service, api: str, caller: Principal, region: str, origin: Origin) -> Callable[..., AWSResponse]:
    def respond(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        headers = {name: _text(request.headers.get(name, "")) for name in READ}
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        reply = answer(service, Exchange(request.method, "/", headers, body, origin, caller, region, api))
        return AWSResponse(request.url, reply.status, reply.headers, _Raw(reply.body))

    def respond_with_bytes(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """The same of S3, whose requests are told by path, query and headers, and carry files."""
        url = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        target = f"{url.path}?{url.query}" if url.query else url.path
        bucket = (url.hostname or "").removesuffix(f"{api}.{region}.{NOWHERE}").removesuffix(".")
        exchange = Exchange(
            request.method, target, headers, b"", origin, caller, region, api, _pieces(request.body), bucket
        )
        reply = answer(service, exchange)
        raw = _Stream(reply.pieces) if reply.pieces is not None else _Raw(reply.body)
        return AWSResponse(request.url, reply.status, reply.headers, raw)

    return respond_with_bytes if api == "s3" else respond


def _pieces(body: Any) -> Iterator[bytes]:
    """A body as botocore has it: bytes, text, a file, or something that gives bytes."""
    if body is None:
        return
    if isinstance(body, bytes | bytearray | str):
        yield body.encode() if isinstance(body, str) else bytes(body)
    elif hasattr(body, "read"):
        while piece := body.read(PIECE):
            yield piece
    else:
        yield from body


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class _Raw(io.BytesIO):
    """A response body as botocore reads it."""

    def stream(self, *_: Any, **__: Any) -> list[bytes]:
        return [self.read()]


class _Stream(io.RawIOBase):
    """The bytes of an object as botocore reads them, which come when they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, amt: int | None = None) -> bytes:  # as urllib3 calls it
        if amt is None or amt < 0:
            held, self._held = self._held, b""
            return held + b"".join(self._pieces)
        while len(self._held) < amt and (piece := next(self._pieces, None)) is not None:
            self._held += piece
        given, self._held = self._held[:amt], self._held[amt:]
        return given

    def readinto(self, buffer: Any) -> int:
        given = self.read(len(buffer))
        buffer[: len(given)] = given
        return len(given)

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._held
        yield from self._pieces
