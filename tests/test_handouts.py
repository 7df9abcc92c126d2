"""A chapter on a sheet of paper: all of it is there, and it is one page."""

import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from kms_teach.teaching.catalog import CHAPTERS, Chapter
from kms_teach.teaching.glossary import TERMS
from scripts import handouts, look

BOOKS = {path.name[:2]: path for path in (Path(__file__).parents[1] / "notebooks").glob("[0-9]*.ipynb")}
HERE = [chapter for chapter in CHAPTERS if chapter.number in BOOKS]
A4 = 1016  # px of height between the margins: 297 mm less 28


@pytest.fixture(scope="module")
def pages() -> list:
    return BeautifulSoup(handouts.page(), "html.parser").find_all("section")


@pytest.mark.parametrize(("at", "chapter"), list(enumerate(HERE)), ids=[chapter.room for chapter in HERE])
def test_a_page_has_the_question_the_goals_the_picture_and_the_words(pages, at: int, chapter: Chapter) -> None:
    page, text = pages[at], " ".join(pages[at].get_text(" ").split())
    assert page.h1.get_text() == f"{chapter.number} {chapter.name}"
    assert chapter.question in text
    assert len(page.find_all("li")) >= 3
    assert page.img["src"].startswith("data:image/svg+xml")
    assert len(page.img["alt"]) > 100
    for term in TERMS:
        assert (term.means in text) == (term.room == chapter.room)


def test_every_chapter_has_its_page_in_the_order_of_the_course(pages) -> None:
    assert len(pages) == len(HERE)


def test_a_chapter_that_was_never_run_is_named() -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 05\n\n- one goal")])
    with pytest.raises(ValueError, match="05 has no"):
        handouts.handout(CHAPTERS[5], book)


@pytest.mark.slow
def test_each_is_one_sheet_of_paper(tmp_path) -> None:
    source, to, heights = tmp_path / "all.html", tmp_path / "all.pdf", []
    source.write_text(handouts.page(), encoding="utf-8")

    def look_at(page) -> None:
        page.emulate_media(media="print")
        heights.extend(section.bounding_box()["height"] for section in page.query_selector_all("section"))
        page.pdf(path=to, prefer_css_page_size=True)

    assert handouts.show(source, handouts.WIDTH, look_at), "there is no Chromium: apt-get install chromium"
    assert len(heights) == len(HERE)
    assert max(heights) < A4
    assert len(re.findall(rb"/Type\s*/Page\b", to.read_bytes())) == len(HERE)


def test_the_sheet_of_all_pictures_has_each_one_wide_and_narrow() -> None:
    book = nbformat.read(BOOKS["01"], as_version=4)
    shown = look.pictures(book)
    assert len(shown) >= 5
    assert any(len(addresses) == 2 for addresses in shown)
    assert all(address in look.sheet() for addresses in shown for address in addresses)
