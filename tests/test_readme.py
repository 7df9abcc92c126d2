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


SOMEBODY = 'eval "$(kms-teach env)"'
SHELL = re.split(rf"(?=^{re.escape(SOMEBODY)}$)", "\n".join(blocks("Use your own tools")), flags=re.MULTILINE)


def test_its_python_runs_as_it_stands():
    code = "\n".join(blocks("In your own Python"))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "b'hello'\n"), ran.stderr


@pytest.fixture
def typed(tmp_path):
    """Run lines as they stand, beside a server; gives what they print, as JSON documents."""
    server = subprocess.Popen([BIN / "kms-teach", "serve"], stdout=subprocess.PIPE, text=True)
    address = server.stdout.readline().split()[-1]

    def run(lines):
        environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(tmp_path)}
        environment["XDG_STATE_HOME"] = os.environ["XDG_STATE_HOME"]
        lines = lines.replace("http://127.0.0.1:8080", address).replace(
            "$(kms-teach env)", f"$(kms-teach env --url {address})"
        )
        ran = subprocess.run(
            ["bash", "-euc", lines], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        printed = re.sub(
            r"^(Completed|make_bucket:|upload:|download:).*\n", "", ran.stdout.replace("\r", "\n"), flags=re.MULTILINE
        )
        return [json.loads(text) for text in re.split(r"(?<=\})\n(?=\{)", printed.strip())]

    yield run
    server.terminate()
    server.communicate()


def test_its_shell_lines_run_as_they_stand(typed):
    lines, _ = SHELL
    assert "http://127.0.0.1:8080" in lines
    made, listed = typed(lines)
    assert made["KeyMetadata"]["Description"] == "my first key"
    assert [key["KeyId"] for key in listed["Keys"]] == [made["KeyMetadata"]["KeyId"]]


def test_its_way_to_become_somebody_is_the_way(typed):
    _, lines = SHELL
    user, role, sealed, history, who, refused = typed(
        lines + "cmp plain back\naws sts get-caller-identity --profile app\n"
        "aws kms list-keys --profile app 2> refused || echo '{}'\ngrep -q 'no identity-based policy allows' refused\n"
    )
    assert [event["EventSource"] for event in history["Events"]] == ["kms.amazonaws.com"]
    assert (user["User"]["UserName"], role["Role"]["RoleName"], refused) == ("alice", "app", {})
    assert sealed["CiphertextBlob"] and ":assumed-role/app/" in who["Arn"]


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
