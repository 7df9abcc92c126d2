"""Open the course in JupyterLab and print the address of its first chapter, token included.

Why not `jupyter lab` alone: the address it prints is not that of the notebook, and it changes port without a word.
"""

import itertools
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHAPTER = "notebooks/00_start_here.ipynb"
PATIENCE = 60  # seconds until the server must answer


def taken(port: int) -> bool:
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


def free_port(first: int) -> int:
    """The first port from `first` on where nobody listens."""
    port = next(port for port in itertools.count(first) if not taken(port))
    if port != first:
        print(f"Port {first} is taken, so this uses {port}.", flush=True)
    return port


def has_browser() -> bool:
    """True if a window can open: a browser in this terminal would take the terminal away."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


def answers(port: int, token: str) -> bool:
    """True once the server accepts calls."""
    request = urllib.request.Request(f"http://localhost:{port}/api/status", headers={"Authorization": f"token {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5):
            return True
    except OSError:
        return False


def command(port: int) -> list[str]:
    """JupyterLab on the first chapter, at this port or not at all."""
    words = [sys.executable, "-m", "jupyterlab", CHAPTER, f"--ServerApp.root_dir={ROOT}"]
    words += [f"--port={port}", "--ServerApp.port_retries=0", "--log-level=WARN"]
    if not has_browser():
        words.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")
    return words


def main() -> int | str:
    """Start, wait, say where, and stay until the learner stops it."""
    if not (ROOT / CHAPTER).exists():
        return f"{CHAPTER} is missing: this is not a full copy of the course"
    port = free_port(int(os.environ.get("PORT", "8888")))
    token = secrets.token_hex(24)
    config = os.pathsep.join(filter(None, [str(ROOT / "binder/jupyter"), os.environ.get("JUPYTER_CONFIG_PATH")]))
    bin_first = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    data = os.pathsep.join(filter(None, [str(ROOT / "binder/jupyter"), os.environ.get("JUPYTER_PATH")]))
    environment = {**os.environ, "JUPYTER_TOKEN": token, "PATH": bin_first}
    environment |= {"JUPYTER_CONFIG_PATH": config, "JUPYTER_PATH": data}
    server = subprocess.Popen(command(port), cwd=ROOT, env=environment)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server must not outlive this, however it ends
    try:
        deadline = time.monotonic() + PATIENCE
        while server.poll() is None and not answers(port, token) and time.monotonic() < deadline:
            time.sleep(0.2)
        if server.poll() is None:
            print(f"The course is at  http://localhost:{port}/lab/tree/{CHAPTER}?token={token}", flush=True)
            print("Stop it with Ctrl+C.", flush=True)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
