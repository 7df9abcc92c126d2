"""From each chapter to its neighbours, to the map and to the words: every link of the course leads somewhere."""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from kms_teach.teaching.catalog import CHAPTERS

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
BOOKS = {path.stem: path for path in NOTEBOOKS.glob("*.ipynb")}
OF = {chapter.number: path for chapter in CHAPTERS for path in BOOKS.values() if path.name.startswith(chapter.number)}
LINK = re.compile(r"\]\(([^)\s]+)\)")


def texts(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]


def headings(path: Path) -> set[str]:
    """The anchors that JupyterLab gives the headings of a notebook or a page."""
    whole = "\n\n".join(texts(path)) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
    return {re.sub(r"\s", "-", line) for line in re.findall(r"^#+ (.+)$", whole, re.MULTILINE)}


def test_every_chapter_has_its_notebook() -> None:
    assert list(OF) == [chapter.number for chapter in CHAPTERS]
    assert {"exam", "repairs"} <= set(BOOKS)


@pytest.mark.parametrize("name", sorted(BOOKS))
def test_no_link_leads_nowhere(name: str) -> None:
    links = [urlsplit(link) for text in texts(BOOKS[name]) for link in LINK.findall(text)]
    local = [link for link in links if not link.scheme]
    assert local
    for link in local:
        to = NOTEBOOKS / unquote(link.path) if link.path else BOOKS[name]
        assert to.exists(), link.geturl()
        assert not link.fragment or unquote(link.fragment) in headings(to), link.geturl()


@pytest.mark.parametrize(("before", "after"), list(pairwise(CHAPTERS)), ids=lambda chapter: chapter.number)
def test_a_chapter_leads_on_with_the_question_of_the_next_and_back(before, after) -> None:
    on, back = texts(OF[before.number])[-1], texts(OF[after.number])[-1]
    assert f"Next: [{after.number} {after.name}]({OF[after.number].name}). {after.question}" in on
    assert f"Before: [{before.number} {before.name}]({OF[before.number].name})" in back


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.number)
def test_the_map_and_the_words_are_one_step_away(chapter) -> None:
    last = texts(OF[chapter.number])[-1]
    assert "(glossary.md)" in last
    assert chapter.number == "00" or "(00_start_here.ipynb)" in last


def test_the_last_chapter_leads_to_the_exam() -> None:
    assert "](exam.ipynb)" in texts(OF[CHAPTERS[-1].number])[-1]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.number)
def test_each_has_a_page_for_the_teacher(chapter) -> None:
    page = NOTEBOOKS.parent / "docs" / "teaching" / f"{OF[chapter.number].stem}.md"
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {chapter.number} {chapter.name}")
    assert "minutes" in text and "hat to ask" in text
