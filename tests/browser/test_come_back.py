"""A chapter that a learner saves, leaves and comes back to, with and without the kernel it had.

The tests tell one story, in this order: one page for all, as to open and run a chapter takes longer than the rest.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import PATIENCE, ROOT, Book, Lab

CHAPTER = "02_encrypt_4kb.ipynb"  # predictions, quizzes, labs, a task
PANELS, PLACES, CONTROL = ".kms-teach", ".kms-place", "Size in bytes"
# Counts over all frames that the browser paints how many stored pictures are seen
WATCH = """() => {
    window.seen = 0;
    const look = () => {
        const stored = [...document.querySelectorAll(".kms-place")];
        window.seen += stored.filter(e => e.checkVisibility({visibilityProperty: true})).length;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"


@pytest.fixture(scope="module")
def name(lab: Lab) -> str:
    """A copy of the chapter, as it is going to be saved."""
    shutil.copy(ROOT / "notebooks" / CHAPTER, lab.folder / "mine.ipynb")
    return "mine.ipynb"


@pytest.fixture(scope="module")
def book(lab: Lab, name: str) -> Iterator[Book]:
    opened = lab.open(name)
    yield opened
    opened.close()


def lives(book: Book) -> None:
    """Wait until every panel is there to be used, and nothing of what is stored is seen; there is no error."""
    expect(book.page.locator(f"{PLACES}:visible")).to_have_count(0, timeout=PATIENCE)
    expect(book.page.locator(PANELS)).to_have_count(book.page.locator(PLACES).count(), timeout=PATIENCE)
    assert book.page.locator(PANELS).count() >= 9
    assert book.errors() == []


def rests(book: Book) -> None:
    """Wait until no panel is there, and of each is seen what is stored; there is no error."""
    expect(book.page.locator(PANELS)).to_have_count(0, timeout=PATIENCE)
    expect(book.page.locator(f"{PLACES}:visible")).to_have_count(book.page.locator(PLACES).count(), timeout=PATIENCE)
    assert book.page.locator(PLACES).count() >= 9
    assert book.errors() == []


def test_a_panel_is_seen_at_once_and_in_no_frame_what_is_stored_of_it(book):
    book.page.evaluate(WATCH)
    book.run_all()
    lives(book)
    assert book.page.evaluate("() => window.seen") == 0


def test_what_the_learner_did_is_stored_without_taking_the_focus_away(book):
    area = book.outputs.filter(has_text=CONTROL)
    book.use(CONTROL, "ArrowLeft", area=area)
    book.says("Encrypted: 4,095 bytes", area)
    stored = book.page.locator(".kms-place", has_text="Encrypted: 4,095 bytes")
    expect(stored).to_have_count(1, timeout=PATIENCE)
    expect(stored).to_be_hidden()
    book.press("ArrowLeft")
    book.says("Encrypted: 4,094 bytes", area)


def test_the_page_loaded_again_finds_the_panels_of_its_kernel_as_they_are(book):
    book.save()
    book.reload()
    lives(book)
    area = book.outputs.filter(has_text=CONTROL)
    book.says("Encrypted: 4,094 bytes", area)
    book.use(CONTROL, "ArrowRight", area=area)
    book.says("Encrypted: 4,095 bytes", area)


def test_a_kernel_that_starts_afresh_leaves_what_is_stored(book):
    book.page.evaluate(RESTART)
    rests(book)
    expect(book.outputs.filter(has_text=CONTROL)).to_contain_text("Run the notebook to use the controls")
    book.run_all()
    lives(book)


def test_opened_again_the_next_day_it_shows_what_was_there_and_lives_again_once_it_is_run(lab, book, name):
    area = book.outputs.filter(has_text=CONTROL)
    book.use(CONTROL, "ArrowLeft", area=area)
    expect(book.page.locator(".kms-place", has_text="Encrypted: 4,095 bytes")).to_have_count(1, timeout=PATIENCE)
    book.save()
    book.close()
    tomorrow = lab.open(name)
    rests(tomorrow)
    assert "Loading widget" not in tomorrow.text()
    assert "Encrypted: 4,095 bytes" in tomorrow.text()
    images = tomorrow.page.locator(f"{PLACES} img")
    assert images.count() >= 3  # two labs and the call opened
    assert all(image.evaluate("e => e.complete && e.naturalWidth > 0") for image in images.all())
    tomorrow.run_all()
    lives(tomorrow)
    tomorrow.close()
