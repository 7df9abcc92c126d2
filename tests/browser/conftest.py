"""The fixtures of the browser tests: `lab` for all of them, `book` and `scratch` for one notebook.

def test_the_slider_crosses_the_limit(scratch):
    book = scratch("from kms_teach import Simulator", "from kms_teach.chapters.encrypt.limit_lab import LimitLab; LimitLab(Simulator())")
    book.use("Size in bytes", "End")
    book.says("ValidationException")
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.jupyter import ROOT, TALL, Book, Lab, Theme, chromium, server

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: playwright keeps an event loop running in this thread, and other tests start their own."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One server and one browser for all tests; the server shows a copy of notebooks/."""
    path = chromium()
    if path is None:
        pytest.fail("there is no Chromium on this machine; type: apt-get install chromium", pytrace=False)
    folder = tmp_path_factory.mktemp("lab")
    (folder / "work").mkdir()
    if (ROOT / "notebooks").exists():
        shutil.copytree(ROOT / "notebooks", folder / "work", dirs_exist_ok=True)
    with server(folder) as (url, token), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with contextlib.closing(browser):
            yield Lab(browser, url, token, folder / "work")


class Bench:
    """The notebook that the tests of a module use in turn: to load JupyterLab takes longer than most of them."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.book = lab, None

    def run(self, *sources: str, theme: Theme = "light", width: int = 1280) -> Book:
        """The notebook, with these cells alone, already run."""
        if self.book is None:
            self.book = self.lab.scratch()
        self.book.page.set_viewport_size({"width": width, "height": TALL})
        self.book.theme(theme)
        self.book.replace(*sources)
        return self.book

    def close(self) -> None:
        """Close it; the next test gets another."""
        if self.book is not None:
            self.book.close()
        self.book = None


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Iterator[Bench]:
    """One for each module."""
    with contextlib.closing(Bench(lab)) as made:
        yield made


@pytest.fixture
def scratch(bench: Bench, request: pytest.FixtureRequest) -> Iterator[Callable[..., Book]]:
    """`scratch(source, …)`: a notebook of these cells, already run."""
    failed = request.session.testsfailed
    yield bench.run
    if request.session.testsfailed > failed:  # who knows what is left of it
        bench.close()
