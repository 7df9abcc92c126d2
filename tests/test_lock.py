"""The lock as Windows has it, tried with a module in the place of Windows' own: what it locks, and what it says."""

import errno
import os
import runpy
import subprocess
import sys
import types
from pathlib import Path

import pytest

from kms_teach import lock
from kms_teach.errors import StoreError


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> dict[int, tuple[int, int]]:
    """Pretend to be Windows; gives what is locked: (where, how many bytes), by the descriptor."""
    locked: dict[int, tuple[int, int]] = {}

    def locking(descriptor: int, mode: int, size: int) -> None:
        if locked:
            raise OSError(errno.EACCES, "Permission denied")
        locked[descriptor] = (os.lseek(descriptor, 0, os.SEEK_CUR), size)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(lock, "msvcrt", types.SimpleNamespace(LK_NBLCK=2, locking=locking), raising=False)
    return locked


def test_on_windows_a_byte_is_locked_that_nobody_reads(tmp_path: Path, windows: dict) -> None:
    held = lock.Lock(tmp_path / "class.db")
    assert list(windows.values()) == [(lock.FAR, 1)]
    assert (tmp_path / "class.db.lock").read_text() == str(os.getpid())
    with pytest.raises(StoreError, match="open already, in this very program"):
        lock.Lock(tmp_path / "class.db")
    held.release()


def test_a_lock_is_of_one_process_and_says_of_which(tmp_path: Path) -> None:
    store = tmp_path / "class.db"
    held = lock.Lock(store)
    with pytest.raises(StoreError, match="in this very program"):
        lock.Lock(store)
    try_it = f"from pathlib import Path; from kms_teach.lock import Lock; Lock(Path({str(store)!r}))"
    other = subprocess.run([sys.executable, "-c", try_it], capture_output=True, text=True, check=False)
    assert "is open in another process" in other.stderr
    held.release()
    assert subprocess.run([sys.executable, "-c", try_it], check=False).returncode == 0


def test_in_a_browser_it_asks_nothing_of_the_empty_module_that_jupyterlite_puts_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setitem(sys.modules, "fcntl", types.ModuleType("fcntl"))  # without a spec, too
    there = runpy.run_path(lock.__file__)
    there["Lock"](tmp_path / "class.db").release()
    assert (tmp_path / "class.db.lock").read_text() == str(os.getpid())
