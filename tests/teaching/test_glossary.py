"""Words are explained before they are used: the course is read from 00 on, as a learner reads it."""

import re
from pathlib import Path

import nbformat
import pytest

from kms_teach.teaching.catalog import chapter
from kms_teach.teaching.glossary import TERMS, Term
from scripts import glossary

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NO_TEXT = re.compile(r"<small>.*?</small>|^#.*$", re.MULTILINE | re.DOTALL)  # sources; headings, which are titles


def one_line(text: str) -> str:
    return " ".join(text.split())


def read() -> list[tuple[str, bool, str]]:
    """(chapter's number, whether it is its first or last, text) of each cell of text, as the course is read.

    The first says what will be learnt, the last what comes next, in words that are to come.
    """
    cells = []
    for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        texts = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
        outside = (0, len(texts) - 1)
        cells += [(path.name[:2], place in outside, text) for place, text in enumerate(texts)]
    return cells


CELLS = read()


def used_before(term: Term, cells: list[tuple[str, bool, str]]) -> list[str]:
    """Where a word is used before its chapter explains it, and no chapter is named to look for it."""
    number = chapter(term.room).number
    explained = [at for at, cell in enumerate(cells) if cell[0] == number and term.explained in one_line(cell[2])]
    assert explained, f"chapter {number} does not say: {term.explained}"
    used = re.compile("|".join(rf"(?<![\w-]){re.escape(form)}" for form in term.uses or (term.word,)))
    texts = [(where, one_line(NO_TEXT.sub("", text))) for where, edge, text in cells[: explained[0]] if not edge]
    return [f"{where}: {text}" for where, text in texts if used.search(text) and f"chapter {number}" not in text]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.word)
def test_a_word_is_explained_before_it_is_used(term: Term) -> None:
    assert used_before(term, CELLS) == []


def test_a_word_that_came_too_early_would_be_seen() -> None:
    term = next(term for term in TERMS if term.word == "grant token")
    early = ("07", False, "Now show the\ngrant token.")
    assert used_before(term, [early, *CELLS]) == ["07: Now show the grant token."]
    assert used_before(term, [("07", False, "A grant token is for chapter 08."), *CELLS]) == []


def test_the_page_is_written_from_the_table_and_each_word_stands_once() -> None:
    assert glossary.PAGE.read_text() == glossary.page()
    words = [term.word.lower() for term in TERMS]
    assert len(set(words)) == len(words)
    for term in TERMS:
        assert term.means.endswith(".")
        assert term.means[0].isupper()
