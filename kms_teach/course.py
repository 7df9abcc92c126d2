"""The course as files: its notebooks laid into a learner's folder, and opened in JupyterLab."""

import hashlib
import importlib.util
import itertools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

HERE = Path(__file__).resolve().parent
SHIPPED = HERE / "course_files"  # in a wheel; in the repository they lie beside the package
NOTEBOOKS = SHIPPED / "notebooks" if SHIPPED.exists() else HERE.parent / "notebooks"
SETTINGS = SHIPPED / "jupyter" if SHIPPED.exists() else HERE.parent / "binder" / "jupyter"
KINDS = (".ipynb", ".md")
FIRST = "00_start_here.ipynb"
RECORD = ".kms-teach.json"  # what was laid into a folder: the SHA-256 of each file, by its name
PATIENCE = 60  # seconds until JupyterLab must answer


class CourseError(Exception):
    """The course cannot be laid there, or opened; the message says what to do."""


class Laid(Struct, frozen=True):
    """What became of a file of the course. `beside` is a newer edition, next to what the learner changed."""

    name: str
    how: Literal["new", "brought up to date", "beside"]


def lay(folder: Path, edition: str, source: Path = NOTEBOOKS) -> list[Laid]:
    """Copy the course into a folder, never over a learner's work; gives what was written.

    A file that is as it was laid is brought up to date. One that the learner changed stays, and where the course has
    a newer one, that is laid beside it, with `edition` in its name.

    Raises:
        CourseError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        record, written = _recorded(folder), []
        for path in sorted(source.iterdir()):
            if path.suffix in KINDS:
                written += _lay(path, folder, edition, record)
        if written:
            (folder / RECORD).write_text(json.dumps(record, indent=1, sort_keys=True), encoding="utf-8")
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise CourseError(
            f"cannot write to {folder} ({why}): name another folder, as in `kms-teach lab ~/kms`"
        ) from None
    return written


def _lay(path: Path, folder: Path, edition: str, record: dict[str, str]) -> list[Laid]:
    shipped = path.read_bytes()
    digest = _digest(shipped)
    for name in _names(path, edition):
        to = folder / name
        there = _digest(to.read_bytes()) if to.exists() else None
        if there == digest or (there is not None and record.get(name) == digest):
            return []  # the same, or the learner's work on the same
        if there is None or there == record.get(name):
            to.write_bytes(shipped)
            record[name] = digest
            how: Literal["new", "brought up to date", "beside"] = "new" if there is None else "brought up to date"
            return [Laid(name, how if name == path.name else "beside")]
    raise AssertionError("there is always another name")


def _names(path: Path, edition: str) -> Iterator[str]:
    yield path.name
    yield f"{path.stem}_{edition}{path.suffix}"
    for number in itertools.count(2):
        yield f"{path.stem}_{edition}_{number}{path.suffix}"


def _recorded(folder: Path) -> dict[str, str]:
    """What was laid there before; nothing where that cannot be read, so that every file counts as the learner's."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(digest) for name, digest in record.items()} if isinstance(record, dict) else {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def free_port(first: int) -> int:
    """The first port from `first` on where nobody listens; says so where that is another one."""
    port = next(port for port in itertools.count(first) if not _taken(port))
    if port != first:
        print(f"Port {first} is taken, so this uses {port}.", flush=True)
    return port


def _taken(port: int) -> bool:
    """True if somebody listens there on either loopback, since `localhost` may mean both."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.settimeout(1)
                if probe.connect_ex((host, port)) == 0:
                    return True
        except OSError:  # no such family on this machine
            continue
    return False


def has_browser() -> bool:
    """True if a window can open: a browser in this terminal would take the terminal away."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


def command(folder: Path, port: int) -> list[str]:
    """JupyterLab on the first chapter, at this port or not at all."""
    words = [sys.executable, "-m", "jupyterlab", str(folder / FIRST), f"--ServerApp.root_dir={folder}"]
    words += [f"--port={port}", "--ServerApp.port_retries=0", "--log-level=WARN"]
    if not has_browser():
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")
    if sys.platform != "win32":
        # JupyterLab would make it a login shell where it has no terminal itself, and that forgets where `kms-teach` is
        words.append(f"--ServerApp.terminado_settings=shell_command={os.environ.get('SHELL') or 'sh'}")
    return words


def environment(token: str) -> dict[str, str]:
    """What JupyterLab starts with: this Python first, and the settings and the kernel of the course."""
    first = {
        "PATH": str(Path(sys.executable).parent),
        "JUPYTER_CONFIG_PATH": str(SETTINGS),
        "JUPYTER_PATH": str(SETTINGS),
    }
    was = {"PATH": os.defpath, **os.environ}
    joined = {name: os.pathsep.join(filter(None, [path, was.get(name)])) for name, path in first.items()}
    return {**os.environ, "JUPYTER_TOKEN": token, **joined}


def show(folder: Path, port: int = 8888) -> int:
    """Open a folder of the course in JupyterLab, say where, and stay until the learner stops it; gives its exit code.

    Why not `jupyter lab` alone: the address it prints is not that of the notebook, and it changes port without a word.

    Raises:
        ModuleNotFoundError: JupyterLab is not installed.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise ModuleNotFoundError("No module named 'jupyterlab'", name="jupyterlab")
    folder, port, token = folder.resolve(), free_port(port), secrets.token_hex(24)
    server = subprocess.Popen(command(folder, port), cwd=folder, env=environment(token))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server must not outlive this, however it ends
    try:
        deadline = time.monotonic() + PATIENCE
        while server.poll() is None and not _answers(port, token) and time.monotonic() < deadline:
            time.sleep(0.2)
        if server.poll() is None:
            print(f"The course is at  http://localhost:{port}/lab/tree/{FIRST}?token={token}", flush=True)
            print("Stop it with Ctrl+C.", flush=True)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def _answers(port: int, token: str) -> bool:
    """True once the server accepts calls."""
    request = urllib.request.Request(f"http://localhost:{port}/api/status", headers={"Authorization": f"token {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5):
            return True
    except OSError:
        return False
