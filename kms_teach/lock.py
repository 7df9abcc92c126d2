"""The lock of a store: a file beside it that one simulator at a time holds, `<store>.lock`.

Why not sqlite's own lock alone: POSIX takes a process's locks on a file away when any part of it closes that file, so
that reading or copying the store in a notebook would let a second simulator in.
"""

import os
import sys
from pathlib import Path

from kms_teach.errors import StoreError

if sys.platform == "win32":
    import msvcrt
elif sys.platform != "emscripten":  # in a browser sqlite's lock must do; JupyterLite has an empty module of this name
    import fcntl

FAR = 1024  # where Windows locks a byte: nobody reads what is locked, and the number of the process stands before it


class Lock:
    """Held from now on until `release`, or until the process ends. StoreError for a store that somebody has open."""

    def __init__(self, store: Path) -> None:
        self._descriptor = os.open(store.with_name(store.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _hold(self._descriptor)
            holder, mine = self._read(), str(os.getpid()).encode()
            if holder != mine:
                os.ftruncate(self._descriptor, 0)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
                os.write(self._descriptor, mine)
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
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        return os.read(self._descriptor, 32)


def _hold(descriptor: int) -> None:
    """Lock an open file. BlockingIOError when another has it."""
    if sys.platform == "win32":
        os.lseek(descriptor, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(error.errno, error.strerror) from None
    elif sys.platform != "emscripten":
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _taken(store: Path, *, here: bool) -> str:
    if here:
        return f"`{store}` is open already, in this very program: call `close()` on that simulator first"
    return f"`{store}` is open in another process: close it there first, or use another file"
