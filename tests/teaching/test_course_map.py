import re

import pytest

from kms_teach.chapters.rotation import tasks
from kms_teach.teaching import exam
from kms_teach.teaching.course_map import STOPS, course_map, finished
from kms_teach.teaching.progress import Progress
from tests.teaching import sat


def rings(svg):
    """How many discs are dotted."""
    return len(re.findall(r'<circle[^>]*r="14"[^>]*stroke-dasharray="0.1 5"', svg))


@pytest.mark.parametrize(
    ("notebooks", "missing"),
    [
        (["00_start_here.ipynb", "01_key.ipynb"], 14),
        (["00_a.ipynb", "05_b.ipynb", "exam.ipynb", "repairs.ipynb", "notes.ipynb"], 12),
        ([f"{chapter.number}_x.ipynb" for chapter in STOPS], 0),
    ],
)
def test_a_chapter_without_a_notebook_is_dotted(notebooks, missing):
    picture = course_map(notebooks)
    assert rings(picture.svg) == rings(picture.narrow) == missing
    assert sum(row[-1] == "to come" for row in picture.table.rows) == missing
    assert ("still to come" in picture.svg) == bool(missing)
    assert f"{missing or 'none'} to come" in repr(picture)


@pytest.mark.parametrize("notebooks", [[], ["00_start_here.ipynb"], ["00_start_here.ipynb", "Untitled.ipynb"]])
def test_a_notebook_that_is_alone_in_its_folder_finds_no_chapter_missing(notebooks):
    picture = course_map(notebooks)
    assert rings(picture.svg) == 0
    assert "to come" not in picture.alt and "none to come" in repr(picture)


def test_every_chapter_is_told_in_words_with_its_question():
    picture = course_map([])
    for chapter in STOPS:
        assert f"{chapter.number} {chapter.name}: {chapter.question}" in picture.alt
    assert [chapter.number for chapter in STOPS] == [f"{n:02}" for n in range(14)] + ["repairs", "exam"]


def test_the_way_is_solid_only_between_chapters_that_are_there():
    def solid(svg):
        return len(re.findall(r'<path[^>]*stroke-width="2"[^>]*/>', svg.partition("</defs>")[2]))

    some = ["00_a.ipynb", "01_b.ipynb", "02_c.ipynb", "04_d.ipynb"]
    assert solid(course_map(some).narrow) - solid(course_map(["00_a.ipynb", "05_b.ipynb"]).narrow) == 2


def test_what_a_learner_has_done_has_a_tick_and_says_so_in_the_table(tmp_path):
    kept = Progress(tmp_path, sat.Clock())
    families = [family for family in exam.families() if family.chapter == "rotation"][:3]
    for family in families:
        kept.answered(family.question(1), (0,), True, "quiz")
    assert finished(kept) == frozenset()
    kept.done(tasks.RETIRE_THE_KEY)
    assert finished(kept) == {"rotation"}
    books = [f"{chapter.number}_x.ipynb" for chapter in STOPS]
    plain, ticked = course_map(books, done=()), course_map(books, finished(kept))
    assert ticked.svg.count("#map-allowed") == plain.svg.count("#map-allowed") + 1
    assert [row[0] for row in ticked.table.rows if row[-1] == "done"] == ["05"]
    assert repr(ticked) == repr(plain)
