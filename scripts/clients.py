"""Install the programs of other people that tests run, in environments of their own: .venv/clients, .venv/graders.

Why not among the packages of .venv: they are 600 MB, who only takes the course needs none of them, and some want other
versions of what .venv has. Node.js and npm are among them, so that nothing depends on the machine's.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from scripts import environment, site

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "tests" / "clients" / "requirements.txt"
NEWER = ROOT / "tests" / "clients" / "python" / "requirements.txt"
PYODIDE = ROOT / "tests" / "site" / "requirements.txt"
JS = ROOT / "tests" / "clients" / "js"
PLACE = ROOT / ".venv" / "clients"
STAMP = PLACE / "installed-from"
GRADERS, GRADER_PINS = ROOT / ".venv" / "graders", ROOT / "tests" / "graders" / "requirements.txt"


def state() -> str:
    """What they were, or would be, installed from."""
    listed = [PINS, NEWER, GRADER_PINS, PYODIDE, JS / "package.json"]
    pinned = b"".join(path.read_bytes() for path in listed)
    return f"{hashlib.sha256(pinned).hexdigest()} {sys.version_info[:2]}"


def install() -> None:
    """Install the pins, each checked against its hashes, those for Pyodide too, then npm's packages with their npm."""
    environment.make(PLACE, PINS)
    environment.make(GRADERS, GRADER_PINS)
    subprocess.run(
        [*environment.UV, "pip", "install", "--quiet", "--target", PLACE / "python", "--python-version", "3.14",
         "--only-binary", ":all:", *environment.PINNED, NEWER], check=True,
    )  # fmt: skip
    fetch = [sys.executable, "-m", "pip", "download", "-qqq", "--disable-pip-version-check", "-d", PLACE / "pyodide"]
    pure = ["--python-version", "3.14", "--platform", "any", "--only-binary", ":all:", "--no-deps", "--require-hashes"]
    subprocess.run([*fetch, *pure, "-r", PYODIDE], check=True)
    npm = [PLACE / "bin" / "npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel", "error"]
    subprocess.run([*npm, "--prefix", JS], check=True)


def main() -> int | str:
    """Do only what is not done yet; a sentence if it cannot be done."""
    installed = STAMP.exists() and STAMP.read_text() == state() and (JS / "node_modules").exists()
    if not installed:
        print("installing the clients that the tests run", flush=True)
        try:
            install()
        except subprocess.CalledProcessError as error:
            return f"{error.cmd[-1]} could not be installed; the lines above say why. Is the network reachable?"
        STAMP.write_text(state())
    site.prepare()  # what builds the site, which two kinds of tests do at the same time
    return 0


if __name__ == "__main__":
    sys.exit(main())
