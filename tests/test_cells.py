"""Any cell may be run twice, and alone after a restart."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kms_teach.kernel import ABOVE
from tests.cells import code, stored

ROOT = Path(__file__).resolve().parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TRULY = {  # id of a cell: what it shows after all cells ran once, and what is as true after all ran twice
    "c3414041": ("3 on demand 2027-04-12;", "3 on demand 2027-04-12, 4 on demand 2027-04-12;"),  # KMS was asked twice
}

pytestmark = pytest.mark.slow  # some 12 s: every cell of every chapter, twice


@pytest.fixture(scope="module")
def told():
    """What `tests.cells` tells of all notebooks."""
    command = [sys.executable, "-m", "tests.cells", *map(str, BOOKS)]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def expected(cell) -> str:
    return stored(cell).replace(*TRULY.get(cell.id, ("", "")))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_cell_shows_the_same_when_it_is_run_twice_in_a_row(told, path):
    cells = {cell.id: cell for cell in code(path)}
    assert [one["id"] for one in told[path.name]] == list(cells)
    for one in told[path.name]:
        for run in one["runs"]:
            assert (run["error"], run["shows"]) == ("", expected(cells[one["id"]])), one["id"]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_cell_alone_after_a_restart_works_or_says_in_one_sentence_what_to_do(told, path):
    for one in told[path.name]:
        seen = one["alone"]["error"]
        assert not seen or (ABOVE in seen and "\n" not in seen), one["id"]
