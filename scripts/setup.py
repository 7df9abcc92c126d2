"""Bring .venv up to date with requirements.txt, or say in a sentence what is missing.

Standard library only, and written so that an old Python can run it too: it has to be able to say "too old".
Why not a tool that does this (uv, hatch, tox): the machine it runs on has nothing yet.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
STAMP = VENV / "installed-from"
PINS = ROOT / "requirements.txt"


def say(*lines):
    """Print at once, so that what follows comes after it."""
    print("\n".join(lines))
    sys.stdout.flush()


def run(*command):
    """Run it in sight of the reader; True if it went well."""
    return subprocess.call([str(word) for word in command], cwd=str(ROOT)) == 0


def output(*command):
    """What it prints, or None if it fails or does not exist."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode().strip()


def version(python):
    """(major, minor) of an interpreter, or None if it does not start."""
    words = output(python, "-c", "import sys; print(sys.version_info[0], sys.version_info[1])")
    return tuple(int(word) for word in words.split()) if words else None


def python():
    """The first Python that is new enough: the one that runs this, then python3.14 down to python3.11."""
    if sys.version_info[:2] >= OLDEST:
        return sys.executable
    for minor in (14, 13, 12, 11):
        found = shutil.which("python3.%d" % minor)
        if found and version(found):
            say(
                "%s is Python %d.%d, too old for this course; %s is used instead"
                % (sys.executable, *sys.version_info[:2], found)
            )
            return found
    return sys.exit(
        "This course needs Python 3.11 or newer; %s is Python %d.%d, and no newer one is on the PATH.\n"
        "Type: apt-get install python3.11 python3.11-venv   (or install one from python.org), "
        "then: make lab PYTHON=python3.11" % (sys.executable, *sys.version_info[:2])
    )


def create(chosen):
    """Make .venv, by the quickest way this machine has."""
    say("creating .venv with Python %d.%d" % version(chosen))
    if shutil.which("uv") and run("uv", "venv", "--quiet", "--clear", "--python", chosen, VENV):
        return
    if output(chosen, "-c", "import ensurepip") is not None and run(chosen, "-m", "venv", "--clear", VENV):
        return
    if output(chosen, "-m", "pip", "--version") and run(chosen, "-m", "venv", "--clear", "--without-pip", VENV):
        return  # Debian without python3-venv, but with a pip that can install into .venv from outside
    sys.exit("This Python cannot create a virtual environment. Type: apt-get install python3-venv   (then this again)")


def pip():
    """The command of a pip that installs into .venv, or None."""
    if output(PYTHON, "-m", "pip", "--version"):
        return [PYTHON, "-m", "pip"]
    if output(sys.executable, "-m", "pip", "--python", PYTHON, "--version"):
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    return None


def pinned(name):
    """The lines of requirements.txt that pin one package."""
    return re.search(r"^%s==.*?(?=^\S|\Z)" % name, PINS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL).group()


def uv():
    """The command of a uv (it installs in seconds what takes pip a minute), or None if it can't be had."""
    if shutil.which("uv"):
        return ["uv"]
    if output(PYTHON, "-m", "uv", "--version"):
        return [PYTHON, "-m", "uv"]
    if pip():
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(pinned("uv"))
            file.flush()
            if run(*pip(), "install", "--quiet", "--require-hashes", "-r", file.name):
                return [PYTHON, "-m", "uv"]
    return None


def install():
    """Install the pins, each checked against its hashes, and the package itself."""
    found = uv()
    if found:
        command = [*found, "pip", "install", "--quiet", "--python", PYTHON]
    elif pip():
        say("uv cannot be had here; pip takes a minute or two")
        command = [*pip(), "install", "--quiet"]
    else:
        sys.exit("There is neither pip nor uv to install with. Type: apt-get install python3-venv   (then this again)")
    say("installing what requirements.txt pins")
    pins = run(*command, "--require-hashes", "-r", PINS)
    if not (pins and run(*command, "--no-deps", "--no-build-isolation", "-e", ROOT)):
        sys.exit("The packages could not be installed; the lines above say why. Is the network reachable?")


def state():
    """What .venv was, or would be, installed from."""
    digest = hashlib.sha256(PINS.read_bytes() + (ROOT / "pyproject.toml").read_bytes())
    return "%s %s" % (digest.hexdigest(), version(PYTHON))


def stamp():
    """What .venv says it was installed from."""
    return STAMP.read_text(encoding="utf-8") if STAMP.exists() else None


def main():
    """Do only what is not done yet."""
    present = version(PYTHON)
    if present is None or present < OLDEST:
        create(python())
    if stamp() != state():
        install()
        STAMP.write_text(state(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
