import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOLD = (ROOT / "SECURITY.md").read_text()


def test_what_is_said_to_see_it_is_there():
    named = re.findall(r"`((?:tests|kms_teach)/[\w/.]+)`", TOLD)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_readme_leads_there():
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("pins", ["requirements.txt", "tests/clients/requirements.txt"])
def test_every_pin_has_hashes(pins):
    text = (ROOT / pins).read_text()
    entries = re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_licences_are_those_of_the_pins():
    """If this fails after `make pins`: `make release` writes the page anew."""
    page = (ROOT / "docs" / "licences.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    told = {part.lower().replace("_", "-") for row in rows for part in row.split(" | ")[1].strip(" |").split(", ")}
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert len(told) > 50
    assert told <= {name.lower().replace("_", "-") for name in pinned}
