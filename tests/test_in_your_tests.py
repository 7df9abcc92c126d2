"""docs/in-your-tests.md: its tests are run as they stand, and fail when what they test is broken."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parents[1] / "docs" / "in-your-tests.md").read_text(encoding="utf-8")
CODE = "\n\n".join(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))


def run(code: str, folder: Path) -> str:
    (folder / "test_mine.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_its_tests_pass(tmp_path: Path) -> None:
    assert "5 passed" in run(CODE, tmp_path)


def test_and_fail_for_a_program_that_forgets_the_context(tmp_path: Path) -> None:
    forgets = CODE.replace(', EncryptionContext={"tenant": "Blue"})["Plaintext"]', ')["Plaintext"]')
    assert forgets != CODE
    assert "2 failed" in run(forgets, tmp_path)
