"""What `make lab` says on a machine that lacks something."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup

ROOT = Path(__file__).resolve().parents[1]


def test_an_old_python_is_named_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(SystemExit, match=r"(?s)is Python 3\.9.*make lab PYTHON="):
        setup.python()


def test_a_newer_python_on_the_path_is_used_instead(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(shutil, "which", lambda name: sys.executable if name == "python3.11" else None)
    assert setup.python() == sys.executable
    assert "is used instead" in capsys.readouterr().out


def test_without_any_way_to_make_an_environment_it_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(setup, "version", lambda _: (3, 11))
    monkeypatch.setattr(setup, "output", lambda *_: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        setup.create("python3")


def test_the_pin_of_uv_can_be_read_alone() -> None:
    lines = setup.pinned("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert all("--hash=sha256:" in line for line in lines[1:])
    assert len(lines) > 1


def test_setup_can_be_read_by_an_old_python() -> None:
    """So that it can say that it is too old, instead of a SyntaxError."""
    ast.parse((ROOT / "scripts/setup.py").read_text(), feature_version=(3, 6))


@pytest.mark.parametrize(
    "name", ["lab", "clients", "test", "quick", "check", "bench", "notebooks", "release", "handouts", "look"]
)
def test_make_help_lists_it(name: str) -> None:
    environment = {**os.environ, "MAKEFLAGS": ""}
    done = subprocess.run(["make", "help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert f"make {name} " in done.stdout
