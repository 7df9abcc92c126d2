"""A body that a thread reads piece by piece while the event loop receives it."""

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable
from typing import Any, Self

from kms_teach.s3.errors import S3Error

PATIENCE = 60  # seconds that a client may send nothing
STALLED = (
    "Your socket connection to the server was not read from or written to within the timeout period. Idle connections "
    "will be closed."
)


class Incoming:
    """The pieces of a body, as ASGI's `receive` gives them. It is read in another thread than the loop's."""

    def __init__(self, receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        self._loop, self._receive = asyncio.get_running_loop(), receive
        self._waiting: concurrent.futures.Future[dict[str, Any]] | None = None
        self.begun = self.ended = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        """S3Error RequestTimeout when the client sends nothing, or has gone."""
        if self.ended:
            raise StopIteration
        self.begun = True
        self._waiting = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
        try:
            message = self._waiting.result(PATIENCE)
        except (TimeoutError, concurrent.futures.CancelledError):
            self._waiting.cancel()
            self.ended = True
            raise S3Error("RequestTimeout", STALLED) from None
        return self._piece(message)

    def _piece(self, message: dict[str, Any]) -> bytes:
        self.ended = not message.get("more_body", False)
        if message["type"] == "http.disconnect":
            raise S3Error("RequestTimeout", STALLED)
        piece: bytes = message.get("body", b"")
        return piece

    async def _next(self) -> dict[str, Any]:
        return await self._receive()

    async def drain(self) -> None:
        """Receive what nobody wants any more, so that the client, which is sending it, reads the answer."""
        async with asyncio.timeout(PATIENCE):
            while not self.ended:
                message = await self._receive()
                self.ended = not message.get("more_body", False)

    def give_up(self) -> None:
        """Let the thread that waits for the next piece go on, with an error."""
        self.ended = True
        if self._waiting:
            self._waiting.cancel()
