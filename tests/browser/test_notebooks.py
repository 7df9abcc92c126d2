"""Every notebook, opened, run, looked at and used by keyboard in a real browser."""

import contextlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from scripts.notebooks import VIEW
from tests.browser.jupyter import ROOT, Book, Control, Lab

BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DRAWN = """count => {
    const images = [...document.querySelectorAll(".jp-OutputArea-output img")];
    return images.length >= count && images.every(image => image.complete);
}"""
FOLDED = re.compile(r"<details\b.*</details>", re.DOTALL)  # an output has one, or one in another
COLOURS = ("color-contrast", "link-in-text-block")  # what else axe looks at is the same in every theme
TYPES_TEXT = {"textbox", "searchbox", "spinbutton"}


class Visit(NamedTuple):
    """A notebook after a run, and the pictures it showed before."""

    path: Path
    book: Book
    before: list[dict[str, Any]]


@pytest.fixture(scope="module")
def page(lab: Lab) -> Iterator[Page]:
    """JupyterLab, with an empty notebook's place."""
    book = lab.scratch()
    book.leave()
    yield book.page
    book.page.close()


@pytest.fixture(scope="module", params=BOOKS, ids=lambda path: path.stem)
def visit(lab: Lab, page: Page, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A notebook opened and run once for all its tests."""
    book = lab.next(page, request.param.name)
    with contextlib.suppress(PlaywrightTimeout):  # a test tells which of them are missing
        book.page.wait_for_function(DRAWN, arg=len(alts(request.param)), polling=100)
    before = book.pictures()
    book.run_all()
    yield Visit(request.param, book, before)
    book.leave()


@pytest.fixture(scope="module")
def controls(visit: Visit) -> list[list[Control]]:
    """What the keyboard can reach in each output after the run: to ask for all names takes longer than to go there."""
    return visit.book.controls()


def alts(path: Path) -> set[str]:
    """The alt texts of the pictures committed in a notebook's outputs, but for those that are folded away."""
    cells = nbformat.read(path, as_version=4).cells
    pages = [output.data.get("text/html", "") for c in cells for output in c.get("outputs", []) if "data" in output]
    return {
        html.unescape(alt).strip()
        for page in pages
        for alt in re.findall(r'<img\b[^>]*?\balt="([^"]*)"', FOLDED.sub("", "".join(page)))
    }


def nothing(found: list[str]) -> None:
    """Fail with every line of what was found, uncut."""
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_a_reader_who_has_not_run_it_sees_its_pictures(visit: Visit) -> None:
    seen = {picture["name"] for picture in visit.before if picture["tag"] == "img" and picture["shown"]}
    nothing([f"not shown: {alt}" for alt in alts(visit.path) - seen])
    nothing([picture["start"] for picture in visit.before if not picture["name"]])


def test_all_run_at_once_a_prediction_that_is_open_is_not_answered(visit: Visit) -> None:
    cells = nbformat.read(visit.path, as_version=4).cells
    text = visit.book.text()
    assert text.count("Your prediction is still open.") == sum(".compare(" in cell.source for cell in cells)
    assert "The answer is" not in text


def test_it_runs_without_errors(visit: Visit) -> None:
    nothing(visit.book.errors())


def test_every_picture_has_a_name_for_those_who_cannot_see_it(visit: Visit) -> None:
    nothing([picture["start"] for picture in visit.book.pictures() if not picture["name"]])


def test_axe_finds_nothing_wrong(visit: Visit) -> None:
    visit.book.theme("dark")
    dark = visit.book.axe(*COLOURS)
    visit.book.theme("light")
    nothing([f"dark: {found}" for found in dark] + visit.book.axe())


def test_prose_is_no_wider_than_the_pictures(visit: Visit) -> None:
    widths = visit.book.page.locator(".jp-MarkdownOutput").evaluate_all("all => all.map(e => e.offsetWidth)")
    assert 0 < max(widths) <= 760


def test_nothing_sticks_out_of_a_narrow_window(visit: Visit) -> None:
    visit.book.width(800)
    sticking_out = visit.book.overflow()
    visit.book.width(1280)
    nothing(sticking_out)


def test_every_control_has_a_name(controls: list[list[Control]]) -> None:
    nameless = [str(control) for area in controls for control in area if not control.name]
    nothing(nameless)


def test_tab_reaches_every_control(visit: Visit, controls: list[list[Control]]) -> None:
    """Tab from the first control of an output goes through all its others, and Shift+Tab comes back."""
    missed = []
    for area in controls:
        area[0].element.focus()
        if not visit.book.has_focus(area[0]):
            missed.append(str(area[0]))
        for control in area[1:]:
            visit.book.page.keyboard.press("Tab")
            if not visit.book.has_focus(control):
                missed.append(str(control))
                control.element.focus()
        for control in reversed(area[:-1]):
            visit.book.page.keyboard.press("Shift+Tab")
            if not visit.book.has_focus(control):
                missed.append(f"backwards: {control}")
                control.element.focus()
    nothing(missed)


def test_keys_pressed_on_a_control_stay_with_it(visit: Visit, controls: list[list[Control]]) -> None:
    """JupyterLab takes arrows and letters for commands (`a` inserts a cell) unless the control asks it not to."""
    changed, book = [], visit.book
    before_all = len(book.taken())
    for area in controls:
        book.focus(area[0])
        book.settle()  # the cell that holds the control becomes the active one a moment after the focus
        before = book.cells()
        for control in area:
            if book.focus(control):
                for key in ("a",) if control.role in TYPES_TEXT else ("a", "ArrowRight"):
                    book.page.keyboard.press(key)
        book.settle()
        if book.cells() != before and all(map(book.there, area)):
            changed.append(f"the cells were changed, from one of {[str(control) for control in area]}")
    nothing(book.taken()[before_all:] + changed)


def test_what_a_learner_saves_is_small_and_has_pictures_where_widgets_were(visit: Visit) -> None:
    text = visit.book.save()
    kinds = [kind for c in json.loads(text)["cells"] for o in c.get("outputs", []) for kind in o.get("data", ())]
    assert len(text) < 5_000_000
    assert VIEW not in kinds
    assert kinds.count("text/html") >= visit.book.page.locator(".kms-teach").count() > 0
