"""Chapters on paper: no answer stands beside its question, and none is lost."""

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from kms_teach.teaching.lab import ANSWER
from scripts.print import printable

BOOKS = sorted(
    (Path(__file__).parents[1] / "notebooks").glob("[0-9]*.ipynb")
)  # the exam has no answer before it is sat


def pages(book):
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    return [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_printed_the_answers_stand_at_the_end_and_nowhere_else(path):
    book = nbformat.read(path, as_version=4)
    folded = [BeautifulSoup(page, "html.parser").select(f"details.{ANSWER}") for page in pages(book)]
    answers = [details for each in folded for details in each]
    printed = printable(book)
    assert len(answers) >= 1
    assert not any(ANSWER in page or "The answer is" in page for page in pages(printed))
    assert sum(page.count("stands at the end.") for page in pages(printed)) == len(answers)
    end = printed.cells[-1].source
    assert end.count("<h3>Answer ") == len(answers)
    for details in answers:
        assert (
            details.get_text().removeprefix(details.summary.get_text()).strip()
            in BeautifulSoup(end, "html.parser").get_text()
        )
    assert book.cells == nbformat.read(path, as_version=4).cells


def test_the_notebook_of_a_learner_without_answers_is_printed_as_it_is():
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Nothing.")])
    assert printable(book).cells == book.cells
