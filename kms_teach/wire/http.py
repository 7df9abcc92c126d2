"""The same endpoint behind a loopback server, so that the `aws` command and other languages reach it.

Why uvicorn: connections, chunks and time-outs are its business, and with httptools it takes less time than the call.
What takes long, such as making an RSA key, runs in a thread, so that nobody else waits for it; who reads a long
document does not wait for those who make keys, either.
"""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import uvicorn
from msgspec import Struct
from msgspec.structs import replace

from kms_teach.errors import KmsError
from kms_teach.operations.request import Origin
from kms_teach.service import Service
from kms_teach.wire import connection, hosts
from kms_teach.wire.endpoint import LONG_BODY, answer, streams, turn_away, work
from kms_teach.wire.exchange import Exchange, Reply
from kms_teach.wire.incoming import Incoming

BODY_MAX = 1_048_576  # bytes; no KMS request comes near
STOPPING = 5  # seconds that a call may still take once the server is told to stop
LAST = {"content-length": "0", "connection": "close"}
TOO_SLOW, TOO_LARGE = Reply(408, LAST, b""), Reply(413, LAST, b"")

SWITCH = 0.0002  # seconds until a thread that works lets one that answers have its turn; Python's own are 25 times that
THREADS = {  # one processor is left for those who only ask
    "making keys": ThreadPoolExecutor(max((os.cpu_count() or 2) - 1, 1), "kms-teach making keys"),
    "using private keys": ThreadPoolExecutor(1, "kms-teach using private keys"),
    "reading documents": ThreadPoolExecutor(1, "kms-teach reading documents"),
    "moving objects": ThreadPoolExecutor(32, "kms-teach moving objects"),  # most of them wait for their clients
    "showing pages": ThreadPoolExecutor(1, "kms-teach showing pages"),
}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Pages(Protocol):
    """What else a server has, at paths that are no service's."""

    def has(self, path: str, /) -> bool: ...
    def answer(self, exchange: Exchange, /) -> Reply: ...


def server(
    service: Service, each_second: Callable[[], Awaitable[None]] | None = None, names: Collection[str] = (),
    pages: Pages | None = None,
) -> uvicorn.Server:  # fmt: skip
    """A server around one service; its `run` and `serve` take the socket of `listen`. It logs nothing of a request.

    names: by which it may be called, besides those of this machine (`hosts`). pages: asked one at a time, in a thread.
    """
    sys.setswitchinterval(min(SWITCH, sys.getswitchinterval()))
    config = uvicorn.Config(
        Application(service, frozenset(names), pages), interface="asgi3", loop="asyncio",
        http=connection.Connection, ws="none", lifespan="off", log_config=None, log_level="error", access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=connection.IDLE,
        timeout_graceful_shutdown=STOPPING, callback_notify=each_second, timeout_notify=1,
    )  # fmt: skip
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A socket at host:port (0 takes a free one). OSError when the port is taken."""
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else head and body of a reply wait 40 ms apart
    return listening


class Application(Struct, frozen=True):
    """What uvicorn calls for each request; names: by which the server may be called, besides those of this machine."""

    service: Service
    names: frozenset[str]
    pages: Pages | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI hands it over."""
        reply = await self._reply(scope, receive)
        headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        try:
            for piece in reply.pieces or ():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                await asyncio.sleep(0)  # also where a client that has gone takes everything at once
        except KmsError:  # too late to say so: the client sees that bytes are missing
            return
        await send({"type": "http.response.body", "body": reply.body})

    def at_once(self, scope: Scope, body: bytes) -> Reply | None:
        """The reply to a whole request that takes no time; None for any other."""
        if scope["method"] != "POST" or len(body) > LONG_BODY:
            return None
        exchange = _exchange(scope, body)
        if (self.pages is not None and self.pages.has(exchange.path)) or streams(exchange) or work(exchange):
            return None
        if words := hosts.objection(exchange.headers, self.names):
            return turn_away(exchange, words)
        return answer(self.service, exchange)

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        unread = _exchange(scope)
        page = self.pages is not None and self.pages.has(unread.path)
        if not page and streams(unread):
            return await _streamed(self.service, self.names, unread, receive)
        try:
            async with asyncio.timeout(connection.IDLE):
                body = await _body(receive)
        except TimeoutError:
            return TOO_SLOW
        if body is None:
            return TOO_LARGE
        exchange = replace(unread, body=body)
        if words := hosts.objection(exchange.headers, self.names):
            return turn_away(exchange, words)
        loop = asyncio.get_running_loop()
        if self.pages is not None and page:
            return await loop.run_in_executor(THREADS["showing pages"], self.pages.answer, exchange)
        threads = THREADS.get(work(exchange))
        if threads is None:
            return answer(self.service, exchange)
        return await loop.run_in_executor(threads, answer, self.service, exchange)


async def _streamed(service: Service, names: frozenset[str], exchange: Exchange, receive: Receive) -> Reply:
    """Answer a request whose body is read as it comes, in a thread."""
    body = Incoming(receive)
    if words := hosts.objection(exchange.headers, names):
        reply = turn_away(exchange, words)
    else:
        try:
            whole, threads = replace(exchange, pieces=body), THREADS["moving objects"]
            reply = await asyncio.get_running_loop().run_in_executor(threads, answer, service, whole)
        except asyncio.CancelledError:  # the server stops, and the thread need not wait for a client
            body.give_up()
            return TOO_SLOW
    if body.ended or ("content-length" not in exchange.headers and "transfer-encoding" not in exchange.headers):
        return reply
    if "expect" in exchange.headers and not body.begun:  # the client was never told to send it, and will not
        return replace(reply, headers={**reply.headers, "connection": "close"})
    with contextlib.suppress(TimeoutError):
        await body.drain()
    return reply


async def _body(receive: Receive) -> bytes | None:
    """The request's body; None when it has more than BODY_MAX bytes."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_MAX:
            return None
    return bytes(body)


def _exchange(scope: Scope, body: bytes = b"") -> Exchange:
    """A request whose body is still to be read, or is at hand."""
    lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    headers = dict(lines)
    if len(headers) < len(lines):  # one that comes again goes on
        headers = {}
        for name, value in lines:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    query = scope["query_string"]
    target = (scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1")
    origin, bucket = Origin(source_ip=scope["client"][0]), hosts.in_front(headers.get("host", ""))
    return Exchange(scope["method"], target, headers, body, origin, bucket=bucket)
