"""A server in a thread: the same simulator over HTTP, from the process that made it."""

import os
import sys
import threading
from types import ModuleType, TracebackType
from typing import Self

from kms_teach.service import Service

HOST = "127.0.0.1"


class Serving:
    """Answers at `url` until it is closed; as a context manager, until the block ends.

    A daemon thread: a notebook's kernel, or a program, ends without waiting for it. Raises RuntimeError, with what to
    do, where nothing can be served.
    """

    def __init__(self, service: Service, port: int = 0) -> None:
        http = _server()
        if not 0 <= port <= 65535:
            raise RuntimeError("a port is a number from 0 to 65535")
        try:
            self._listening = http.listen(HOST, port)
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise RuntimeError(f"cannot serve at port {port} ({why}): choose another, or 0") from None
        self._server = http.server(service)
        self.url = f"http://{HOST}:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(
            target=self._server.run, args=[[self._listening]], name=f"kms-teach at {self.url}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening; what is being answered is answered first. Closing twice is no mistake."""
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<kms-teach at {self.url}{'' if self._thread.is_alive() else ', closed'}>"


def _server() -> ModuleType:
    """What serves HTTP, which is an extra of the package."""
    if sys.platform == "emscripten":
        raise RuntimeError("a browser lets nobody listen: run this on a computer, or use sim.client() here")
    try:
        from kms_teach.wire import http
    except ModuleNotFoundError as error:
        raise RuntimeError(f'serving needs {error.name}: pip install "kms-teach[serve]"') from None
    return http
