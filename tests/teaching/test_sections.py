import re

import nbformat
import pytest

from kms_teach.course import NOTEBOOKS
from kms_teach.teaching import exam
from kms_teach.teaching.catalog import chapter
from kms_teach.teaching.sections import SECTIONS, chapter_linked, linked, section


@pytest.mark.parametrize(("room", "subject"), SECTIONS)
def test_every_section_is_a_heading_of_its_chapter(room, subject):
    (path,) = NOTEBOOKS.glob(f"{chapter(room).number}_*.ipynb")
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    headings = re.findall(r"^#+ (.*)$", "\n".join(cells), re.MULTILINE)
    assert SECTIONS[room, subject] in [heading.replace("`", "") for heading in headings]


def test_most_questions_lead_to_a_section_and_all_to_a_chapter():
    known = exam.families()
    assert sum((family.chapter, family.subject) in SECTIONS for family in known) > 0.9 * len(known)
    assert all(re.match(r"\d\d ", section(family)) for family in known)


def test_a_section_is_a_link_where_the_notebook_lies(tmp_path):
    family = exam.family("too-short-a-period")
    assert linked(family, tmp_path) == "05 Rotation, “A backup, and a year”"
    assert linked(family, NOTEBOOKS) == (
        '<a href="05_rotation.ipynb#A-backup%2C-and-a-year" target="_blank" rel="noopener">'
        "05 Rotation, “A backup, and a year”</a>"
    )
    assert chapter_linked("rotation", NOTEBOOKS).startswith('<a href="05_rotation.ipynb" ')
