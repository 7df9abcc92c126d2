"""A copy of the project with one rule bent, and a process that runs some tests in it.

The process is forked from one that has imported everything but kms_teach already, as an interpreter that starts afresh and
imports pytest, botocore and ipywidgets would take three times as long.
"""

import compileall
import contextlib
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = (
    "kms_teach",
    "tests",
    "notebooks",
    "scripts",
    "docs",
    "binder",
    "site",
    "pyproject.toml",
    "README.md",
    "CONTRIBUTING.md",
)
PASSED_OVER = shutil.ignore_patterns("__pycache__", "node_modules", ".*", "browser", "mutations")
IMPORTED = (
    "pytest", "hypothesis", "hypothesis.strategies", "boto3", "botocore.session", "msgspec", "cbor2", "ipywidgets",
    "anywidget", "cryptography.x509", "cryptography.hazmat.primitives.ciphers.aead",
)  # fmt: skip
ENDED = 100  # and pytest's exit code: the process's, if pytest has run
PROCESSES = multiprocessing.get_context("forkserver")


def copied(folder: Path) -> Path:
    """All that a test may look at, in a new folder, and kms_teach's bytecode with it."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=PASSED_OVER)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    with _bytecode_beside_the_source():
        compileall.compile_dir(folder / "kms_teach", quiet=2)
    return folder


@contextlib.contextmanager
def _bytecode_beside_the_source() -> Iterator[None]:
    """Where a link to a file finds it: it is good for whatever has the size and the time of what was compiled."""
    kept, sys.pycache_prefix = sys.pycache_prefix, None
    try:
        yield
    finally:
        sys.pycache_prefix = kept


def bent(copy: Path, patch: Path, folder: Path) -> Path:
    """The copy once more with the patch applied. Files are linked: git replaces those that it changes."""
    shutil.copytree(copy, folder, copy_function=os.link)
    _apply(folder, patch)
    return folder


def fitting(copy: Path, patch: Path) -> None:
    """See that the patch could be applied to the copy."""
    _apply(copy, patch, "--check")


def _apply(folder: Path, patch: Path, *options: str) -> None:
    command = [
        "git",
        "apply",
        "-C1",
        *options,
        str(patch),
    ]  # one line of context will do: the tests tell whether it hit
    applied = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert applied.returncode == 0, f"{patch.name} no longer fits: make it anew\n{applied.stderr}"


def run(folder: Path, tests: list[str]) -> tuple[int, str]:
    """(pytest's exit code, what it printed) of these tests in a copy."""
    PROCESSES.set_forkserver_preload(list(IMPORTED))
    said = folder / "said.txt"
    process = PROCESSES.Process(target=_run, args=(folder, said, tests))
    process.start()
    process.join()
    words = said.read_text()
    assert process.exitcode is not None
    assert process.exitcode >= ENDED, f"pytest did not run: {process.exitcode}\n{words}"
    return process.exitcode - ENDED, words


def _run(folder: Path, said: Path, tests: list[str]) -> None:
    with said.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(folder)
    sys.path[:] = [str(folder), *(path for path in sys.path if Path(path).resolve() != ROOT)]
    sys.dont_write_bytecode, sys.pycache_prefix = True, None
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    os.environ.update(ours)  # for programs that a test starts
    assert "kms_teach" not in sys.modules
    options = ["-x", "-q", "--tb=native", "-p", "no:cacheprovider", f"--basetemp={folder / 'tmp'}"]
    code = pytest.main([*options, *tests])
    sys.exit(ENDED + code)
