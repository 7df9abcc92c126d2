"""An environment of its own for other people's programs, from pins, each checked against its hashes."""

import subprocess
import sys
from pathlib import Path

UV = [sys.executable, "-m", "uv"]
PINNED = ["--no-deps", "--require-hashes", "-r"]


def make(place: Path, pins: Path) -> None:
    """Make it anew, with what the pins list and nothing else. Raises CalledProcessError when it cannot be had."""
    subprocess.run([*UV, "venv", "--quiet", "--clear", "--python", sys.executable, place], check=True)
    subprocess.run([*UV, "pip", "install", "--quiet", "--python", place, *PINNED, pins], check=True)
