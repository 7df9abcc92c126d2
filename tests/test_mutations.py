"""A rule worth having is worth a patch that breaks it: each is applied to a copy, and the tests it names must fail."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATCHES = sorted((ROOT / "tests" / "mutations" / "access").glob("*.patch"))
CHANGED = r"^\+\+\+ b/kms_teach/access/(\w+)\.py"
COPIED = ("kms_teach/access", "kms_teach/errors.py", "kms_teach/clock.py", "tests/access")
pytestmark = pytest.mark.mutations


def copy_to(folder: Path) -> Path:
    """The part of the package that the tests of access need, and those tests."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (folder / "kms_teach" / "__init__.py").touch()
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider --import-mode=importlib\n")
    return folder


def run_tests(folder: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    own = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment = {**os.environ, **own}
    command = [sys.executable, "-m", "pytest", "-x", "-q", *tests]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def named_tests(patch: Path) -> list[str]:
    found = re.search(r"^Seen by: (.+)$", patch.read_text(), re.MULTILINE)
    assert found, f"{patch.name} does not say which tests see it"
    return found[1].split()


def test_the_copy_passes_without_a_patch(tmp_path: Path) -> None:
    ran = run_tests(
        copy_to(tmp_path), *sorted({name.split("::")[0] for patch in PATCHES for name in named_tests(patch)})
    )
    assert ran.returncode == 0, ran.stdout


def test_there_are_enough_patches_for_every_module() -> None:
    assert len(PATCHES) >= 25
    changed = {name for patch in PATCHES for name in re.findall(CHANGED, patch.read_text(), re.MULTILINE)}
    modules = {path.stem for path in (ROOT / "kms_teach" / "access").glob("*.py")}
    assert (
        {"conditions", "patterns", "statement", "policy", "principals", "evaluation", "grants", "context"}
        <= changed
        <= modules
    )


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)
def test_a_bent_rule_is_seen(patch: Path, tmp_path: Path) -> None:
    folder = copy_to(tmp_path)
    applied = subprocess.run(["git", "apply", str(patch)], cwd=folder, capture_output=True, text=True, check=False)
    assert applied.returncode == 0, f"{patch.name} no longer fits: make it anew\n{applied.stderr}"
    ran = run_tests(folder, *named_tests(patch))
    assert ran.returncode == 1, f"nobody sees that {patch.stem[5:].replace('-', ' ')}\n{ran.stdout[-2000:]}"
