"""docs/clients.md names what is pinned and run, and nothing else."""

import json
import re
from pathlib import Path

import pytest

from tests.clients.terraform import RESOURCES
from tests.clients.terraform_iam import ROLE_LIFE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = (ROOT / "docs" / "clients.md").read_text()
PACKAGES = json.loads((HERE / "js" / "package.json").read_text())["dependencies"]
PINS = {
    *re.findall(r"^\S+==[^\s\\;]+", (ROOT / "requirements.txt").read_text(), re.MULTILINE),
    *re.findall(r"^\S+==[^\s\\;]+", (HERE / "requirements.txt").read_text(), re.MULTILINE),
    *re.findall(r"^\S+==[^\s\\;]+", (HERE / "python" / "requirements.txt").read_text(), re.MULTILINE),
    *(f"{name}@{version}" for name, version in PACKAGES.items()),
}
NAMED = re.findall(r"`(@?[\w/-]+(?:==|@)[\w.]+)`", PAGE)


@pytest.mark.parametrize("version", NAMED)
def test_a_version_that_it_names_is_pinned(version):
    assert version in PINS, f"pinned are {sorted(pin for pin in PINS if pin.startswith(version.split('=')[0]))}"


def test_it_names_every_package_of_javascript():
    assert {f"{name}@{version}" for name, version in PACKAGES.items()} <= set(NAMED)


def test_it_names_every_test_of_a_client_and_each_is_there():
    assert set(re.findall(r"`(test_\w+\.py)`", PAGE)) == {path.name for path in HERE.glob("test_*.py")} - {
        "test_page.py"
    }


def test_it_names_the_resources_of_terraform_that_are_replayed():
    assert set(re.findall(r"`(aws_\w+)`", PAGE)) == {resource.kind for resource in (*RESOURCES, ROLE_LIFE)}
