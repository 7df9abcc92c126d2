"""The same endpoint behind a loopback server, so that the `aws` command and other languages reach it.

Why uvicorn: connections, chunks and time-outs are its business, and with httptools it takes less time than the call.
What takes long, such as making an RSA key, runs in a thread, so that nobody else waits for it; who reads a long
document does not wait for those who make keys, either.
"""

import asyncio
import contextlib
import functools
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kms_teach.errors import KmsError
from kms_teach.operations.request import Origin
from kms_teach.service import Service
from kms_teach.wire import hosts
from kms_teach.wire.endpoint import answer, streams, turn_away, work
from kms_teach.wire.exchange import Exchange, Reply
from kms_teach.wire.incoming import Incoming

HEAD_MAX = 65_536  # bytes before a body, between its chunks and after it; AWS's own limit is not known
BODY_MAX = 1_048_576  # bytes; no KMS request comes near
IDLE = 60  # seconds that a connection may stay silent between two requests, and that a head or a body may take to come
STOPPING = 5  # seconds that a call may still take once the server is told to stop
LAST = {"content-length": "0", "connection": "close"}
TOO_SLOW, TOO_LARGE = Reply(408, LAST, b""), Reply(413, LAST, b"")

SWITCH = 0.0002  # seconds until a thread that works lets one that answers have its turn; Python's own are 25 times that
THREADS = {  # one processor is left for those who only ask
    "making keys": ThreadPoolExecutor(max((os.cpu_count() or 2) - 1, 1), "kms-teach making keys"),
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
        functools.partial(_respond, service, frozenset(names), pages), interface="asgi3", loop="asyncio",
        http=Connection, ws="none", lifespan="off", log_config=None, log_level="error", access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=IDLE, timeout_graceful_shutdown=STOPPING,
        callback_notify=each_second, timeout_notify=1,
    )  # fmt: skip
    return uvicorn.Server(config)


class Connection(HttpToolsProtocol):
    """uvicorn's, which reads a head without end for ever: with an end, in bytes and in time."""

    _unread = 0  # bytes that came since the last of them that were a head, a piece of a body or the end of one
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        super().data_received(data)
        if self._unread > HEAD_MAX:
            self._hang_up(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        self._unread = 0
        self._wait_no_longer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        super().on_message_complete()

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(IDLE, self._hang_up, b"408 Request Timeout")

    def _wait_no_longer(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _hang_up(self, status: bytes) -> None:
        self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket at host:port (0 takes a free one). OSError when the port is taken."""
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else head and body of a reply wait 40 ms apart
    return listening


async def _respond(
    service: Service, names: frozenset[str], pages: Pages | None, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer one request, as ASGI hands it over."""
    reply = await _reply(service, names, pages, scope, receive)
    headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    try:
        for piece in reply.pieces or ():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)  # also where a client that has gone takes everything at once
    except KmsError:  # too late to say so: the client sees that bytes are missing
        return
    await send({"type": "http.response.body", "body": reply.body})


async def _reply(service: Service, names: frozenset[str], pages: Pages | None, scope: Scope, receive: Receive) -> Reply:
    unread = _exchange(scope)
    page = pages is not None and pages.has(unread.path)
    if not page and streams(unread):
        return await _streamed(service, names, unread, receive)
    try:
        async with asyncio.timeout(IDLE):
            body = await _body(receive)
    except TimeoutError:
        return TOO_SLOW
    if body is None:
        return TOO_LARGE
    exchange = replace(unread, body=body)
    if words := hosts.objection(exchange.headers, names):
        return turn_away(exchange, words)
    loop = asyncio.get_running_loop()
    if pages is not None and page:
        return await loop.run_in_executor(THREADS["showing pages"], pages.answer, exchange)
    threads = THREADS.get(work(exchange))
    if threads is None:
        return answer(service, exchange)
    return await loop.run_in_executor(threads, answer, service, exchange)


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


def _exchange(scope: Scope) -> Exchange:
    """A request whose body is still to be read."""
    headers: dict[str, str] = {}
    for raw_name, raw in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    query = scope["query_string"]
    target = (scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1")
    origin, bucket = Origin(source_ip=scope["client"][0]), hosts.in_front(headers.get("host", ""))
    return Exchange(scope["method"], target, headers, b"", origin, bucket=bucket)
