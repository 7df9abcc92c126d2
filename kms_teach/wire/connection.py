"""A connection of the HTTP server: uvicorn's, whose heads have an end, and which answers at once what takes no time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kms_teach.wire.exchange import Reply

HEAD_MAX = 65_536  # bytes before a body, between its chunks and after it; AWS's own limit is not known
IDLE = 60  # seconds that a connection may stay silent between two requests, and that a head or a body may take to come


class Connection(HttpToolsProtocol):
    """uvicorn's, which reads a head without end for ever: with an end, in bytes and in time.

    A request that has come whole is answered at once, where that takes no time: the task that ASGI wants for each, and
    its messages there and back, take as long as half the answer.
    """

    _unread = 0  # bytes that came since the last of them that were a head, a piece of a body or the end of one
    _in_head = False
    _reading = False
    _held: RequestResponseCycle | None = None  # the first request in what is being read, until all of that is read
    _waiting: asyncio.TimerHandle | None = None
    _silent_since: float | None = None  # None while a request is being read or answered

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        super()._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unread += len(data)
        self._reading = True
        super().data_received(data)
        self._reading = False
        if self._held:
            cycle, self._held = self._held, None
            self._answer(cycle)
        if self._unread > HEAD_MAX:
            self._hang_up(b"431 Request Header Fields Too Large")
        elif self._in_head:
            self._wait()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        self._unread, self._in_head = 0, False
        self._wait_no_longer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if self._reading and not self._held:
            self._held = cycle
        else:  # others have their turn before the next of a connection that sends many at once
            super()._start_asgi_task(cycle, app)

    def _answer(self, cycle: RequestResponseCycle) -> None:
        """Answer a request at once if it is whole and nothing has to be waited for, else by a task."""
        app = self.app
        waits = cycle.more_body or cycle.waiting_for_100_continue or self.flow.write_paused
        try:
            reply = None if waits or self.transport.is_closing() else app.at_once(cycle.scope, bytes(cycle.body))
            head = lines(reply) if reply else b""
        except Exception as fault:  # noqa: BLE001  (ours: uvicorn notes it and answers 500, as for a task)
            reply, app = None, failing(fault)
        if reply is None:
            super()._start_asgi_task(cycle, app)
        else:
            self._send(cycle, reply, head)

    def _send(self, cycle: RequestResponseCycle, reply: Reply, head: bytes) -> None:
        """Send head and body as one, and go on as after any other reply."""
        always = b"".join([name + b": " + value + b"\r\n" for name, value in cycle.default_headers])
        ends = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join([STATUS_LINE[reply.status], always, head, ends, reply.body]))
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def on_response_complete(self) -> None:
        if self.timeout_keep_alive_task is None or self.pipeline or self.transport.is_closing():
            super().on_response_complete()
        else:
            self.server_state.total_requests += 1
            self.flow.resume_reading()
        self._silent_since = self.loop.time()

    def _unset_keepalive_if_required(self) -> None:
        """Let the timer go on: when it goes off, it looks how long nothing came. A new one each time costs more."""
        self._silent_since = None

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None  # one who is being answered gets the next when that is done
        if self._silent_since is not None:
            left = self._silent_since + self.timeout_keep_alive - self.loop.time()
            if left > 0:
                self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
            else:
                super().timeout_keep_alive_handler()

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


def lines(reply: Reply) -> bytes:
    """A reply's headers, one on each line. Raises ValueError for one that would make another line, as uvicorn does."""
    text = "".join([f"{name.lower()}: {value}\r\n" for name, value in reply.headers.items()])
    if text.count("\r") + text.count("\n") != 2 * len(reply.headers):
        raise ValueError("a header has a line break")
    return text.encode()


def failing(fault: Exception) -> Callable[..., Awaitable[None]]:
    """An application that fails in this way."""

    async def fail(*_: object) -> None:
        raise fault

    return fail
