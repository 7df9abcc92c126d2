"""A lock that is handed on in the order in which it was asked for.

Why not threading.RLock: who lets go of that one and takes it again at once, as `advance` does between two events, gets
it again and again, and whoever waits for it waits until the last.
"""

import threading
from collections import deque
from types import TracebackType


class Turns:
    """One thread at a time; the same thread may enter again."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[tuple[int, threading.Lock]] = deque()
        self._owner = 0  # a thread's id; 0 is nobody
        self._depth = 0

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._mutex:
            if self._owner in (0, me):
                self._owner, self._depth = me, self._depth + 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append((me, turn))
        try:
            turn.acquire()  # until it is handed on
        except BaseException:  # interrupted: this turn is let go, or never comes
            self._leave(me, turn)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._mutex:
            self._depth -= 1
            if not self._depth:
                self._hand_on()

    def _hand_on(self) -> None:
        self._owner, self._depth = 0, 0
        if self._waiting:
            self._owner, turn = self._waiting.popleft()
            self._depth = 1
            turn.release()

    def _leave(self, me: int, turn: threading.Lock) -> None:
        with self._mutex:
            if (me, turn) in self._waiting:
                self._waiting.remove((me, turn))
            else:
                self._hand_on()
