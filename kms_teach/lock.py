"""The lock of a store: a file beside it that one simulator at a time holds, `<store>.lock`.

Why not sqlite's own lock alone: POSIX takes a process's locks on a file away when any part of it closes that file, so
that reading or copying the store in a notebook would let a second simulator in.
"""

import importlib.util
import os
from pathlib import Path

from kms_teach.errors import StoreError

FCNTL = importlib.util.find_spec("fcntl")  # not on Windows, nor in a browser: there sqlite's lock must do
if FCNTL:
    import fcntl


class Lock:
    """Held from now on until `release`, or until the process ends. StoreError for a store that somebody has open."""

    def __init__(self, store: Path) -> None:
        self._descriptor = os.open(store.with_name(store.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if FCNTL:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            holder, mine = self._read(), str(os.getpid()).encode()
            if holder != mine:
                os.ftruncate(self._descriptor, 0)
                os.pwrite(self._descriptor, mine, 0)
        except BlockingIOError:
            here = self._read() == str(os.getpid()).encode()
            self.release()
            raise StoreError(_taken(store, here=here)) from None
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let the next one in; in a forked child, the parent keeps it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _read(self) -> bytes:
        """Which process holds it, or held it last."""
        return os.pread(self._descriptor, 32, 0)


def _taken(store: Path, *, here: bool) -> str:
    if here:
        return f"`{store}` is open already, in this very program: call `close()` on that simulator first"
    return f"`{store}` is open in another process: close it there first, or use another file"
