"""What CONTRIBUTING.md says is tried: its paths, its table of folders, the way of a call, its examples."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from kms_teach.drawing.look import LAB, NARROW, WIDE
from tests.drawing.drawn import quarrels, texts

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kms_teach"
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def rows(heading):
    """The rows of the table of a section, as lists of cells."""
    section = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?|\w+\.(?:py|md|toml|txt))`", PAGE))))
def test_its_paths_lead_somewhere(path):
    assert (PACKAGE / path).exists() or (ROOT / path).exists() or ("/" not in path and any(PACKAGE.rglob(path)))


def test_its_table_has_every_folder_in_the_order_of_the_layers():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["id"] == "layers")
    floor = {name: at for at, line in enumerate(layers) for name in re.findall(r"\w+", line)}
    told = [name for row in rows("Where things live") for name in re.findall(r"`(\w+)", row[0])]
    assert set(told) == set(floor) - {"__main__"}
    assert [floor[name] for name in told] == sorted(floor[name] for name in told)


def test_a_call_takes_the_way_that_is_told(sim, kms, key):
    told = [(file.strip("`"), function.strip("`")) for _, file, function, _ in rows("The way of one call")]
    stops = []

    def note(frame, event, _):
        if event == "call" and "kms_teach" in frame.f_code.co_filename:
            stop = frame.f_code.co_filename.rpartition("kms_teach/")[2], frame.f_code.co_name
            if stop in told:
                stops.append(stop)

    sys.setprofile(note)
    try:
        kms.encrypt(KeyId=key, Plaintext=b"hello")
    finally:
        sys.setprofile(None)
    assert list(dict.fromkeys(stops)) == told


def example():
    """The names that its two examples define, one after the other as in a chapter."""
    names = {"__name__": "chapter"}
    for code in EXAMPLES:
        exec(code, names)
    return names


def test_its_picture_is_drawn_on_three_canvases(sim, kms, key):
    kms.encrypt(KeyId=key, Plaintext=b"hello")
    kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"hello")["CiphertextBlob"])
    names = example()
    facts = names["Uses"].of(sim.trail, kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"])
    assert facts.rows == (("Encrypt", 2), ("Decrypt", 1))
    page, lab = names["uses"](facts), names["uses"](facts, canvas=LAB)
    for svg, width in ((page.svg, WIDE), (lab.svg, LAB), (page.narrow, NARROW)):
        assert f'viewBox="0 0 {width} ' in svg
        assert quarrels(svg) == []
        assert texts(svg) == ["One key worked 3 times", "Encrypt", "2", "Decrypt", "1"]
    assert repr(page) == "Uses of a key: Encrypt 2, Decrypt 1"
    assert page.table.rows == (("Encrypt", "2"), ("Decrypt", "1"))


def test_its_lab_shows_what_came_of_a_call(sim, kms, key):
    lab = example()["UsesLab"](sim, kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"])
    for uses in (1, 2):
        lab.encrypt.click()
        assert repr(lab.picture) == f"Uses of a key: Encrypt {uses}"
    kms.disable_key(KeyId=key)
    lab.encrypt.click()
    assert "DisabledException" in lab.status


def test_an_example_is_about_thirty_lines():
    assert all(len([line for line in code.splitlines() if line.strip()]) <= 34 for code in EXAMPLES)


def test_its_make_targets_exist():
    targets = set(re.findall(r"(?:`|^    )make (\w+)", PAGE, re.MULTILINE))
    assert {
        target for target in targets if re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    } == targets
