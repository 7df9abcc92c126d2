"""The index leads to sections whose cells really try what it says, and the notebook has the index as it is."""

from pathlib import Path

import nbformat
import pytest

from kms_teach.chapters.notes.index import BELIEFS, table
from kms_teach.chapters.notes.note import NEWER, NOTE
from kms_teach.chapters.notes.pasted import claim
from kms_teach.teaching import catalog

BOOKS = {path.name: path for path in (Path(__file__).parents[3] / "notebooks").glob("*.ipynb")}


def cells_of(room):
    number = catalog.chapter(room).number
    (path,) = (path for name, path in BOOKS.items() if name.startswith(number))
    return nbformat.read(path, as_version=4).cells


def sections(cells):
    """The code of each section, by its heading."""
    found, heading = {}, ""
    for cell in cells:
        if cell.cell_type == "markdown":
            headings = [line.removeprefix("## ") for line in cell.source.splitlines() if line.startswith("## ")]
            heading = headings[-1] if headings else heading
        else:
            found[heading] = found.get(heading, "") + cell.source
    return found


def test_thirty_beliefs_are_thirty_claims():
    assert len({belief.claim for belief in BELIEFS}) == len(BELIEFS) == 30
    assert all(claim(belief.claim) for belief in BELIEFS)


@pytest.mark.parametrize("belief", BELIEFS, ids=lambda belief: belief.claim)
def test_a_belief_is_tried_by_a_cell_of_the_section_that_the_index_names(belief):
    code = [code for heading, code in sections(cells_of(belief.room)).items() if heading.startswith(belief.section)]
    assert len(code) == 1
    assert belief.cell in code[0]


def test_the_notebook_has_the_index_as_it_is():
    assert table(BOOKS) in [cell.source for cell in cells_of("notes")]


def test_every_line_of_the_note_is_a_claim_that_stands_there_once():
    assert len(NOTE) == 19
    assert len({*NOTE, *NEWER}) == len(NOTE) + len(NEWER)
    assert all(claim(name) for name in (*NOTE, *NEWER))
