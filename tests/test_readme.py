"""What the README says is tried: its code, its commands, its links, its picture."""

import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

from scripts.picture import PLACE, picture

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BIN = Path(sys.executable).parent


def blocks(heading):
    """The indented blocks of one section."""
    section = README.split(f"## {heading}")[1].split("\n## ")[0]
    return [textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n)+", section, re.MULTILINE)]


def test_its_python_runs_as_it_stands():
    code = "\n".join(blocks("In your own Python"))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "b'hello'\n"), ran.stderr


def test_its_shell_lines_run_as_they_stand(tmp_path):
    server = subprocess.Popen([BIN / "kms-teach", "serve"], stdout=subprocess.PIPE, text=True)
    address = server.stdout.readline().split()[-1]
    (lines,) = blocks("Use your own tools")
    assert "http://127.0.0.1:8080" in lines
    environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    ran = subprocess.run(
        ["bash", "-ec", lines.replace("http://127.0.0.1:8080", address)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    server.terminate()
    server.communicate()
    assert ran.returncode == 0, ran.stderr
    made, listed = (json.loads(text) for text in re.split(r"(?<=\})\n(?=\{)", ran.stdout.strip()))
    assert made["KeyMetadata"]["Description"] == "my first key"
    assert [key["KeyId"] for key in listed["Keys"]] == [made["KeyMetadata"]["KeyId"]]


def test_its_make_targets_exist():
    targets = re.findall(r"^    make (\w+)", README, re.MULTILINE)
    assert targets == ["lab", "test"]
    assert all(re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE) for target in targets)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!http)([^)]+)\)", README))))
def test_its_links_lead_somewhere(link):
    assert (ROOT / link).exists()


def test_it_names_every_chapter_that_is_there():
    there = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert set(re.findall(r"notebooks/(\w+\.ipynb)\)", README)) == there


def test_its_picture_is_drawn_from_a_run():
    assert PLACE.read_text() == picture().svg


def test_its_extras_are_those_that_can_be_installed():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(re.findall(r"`pip install \"kms-teach\[(\w+)\]\"`", README)) == set(extras) - {"dev"}
