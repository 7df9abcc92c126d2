"""The course in JupyterLite, on a site that is built already, in headless Chromium with nothing cached.

python benchmarks/on_the_site.py [SITE]       build/site/html, made with a Pyodide of its own (tests/site/pyodide.py)

From the address to the notebook, to a Python that answers, to the chapter's first picture; then from a key press on the
slider of the limit lab to the new picture.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import nbformat
from in_browser import WATCH
from playwright.sync_api import sync_playwright

from tests.browser import jupyter
from tests.site.static import served

NAME, ROUNDS = "08_grants.ipynb", 3
LAB = """
from kms_teach import Simulator
from kms_teach.chapters.encrypt.limit_lab import LimitLab
LimitLab(Simulator(start="2026-01-01T00:00:00Z")).add_class("bench-ours")
"""


def once(browser, address):
    """Seconds from the address to each thing, and ms of each press."""
    with browser.new_context(viewport={"width": 1280, "height": jupyter.TALL}) as context:
        page = context.new_page()
        page.set_default_timeout(100_000)
        start = time.perf_counter()
        page.goto(f"{address}run/lab/index.html?path={NAME}")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        seen = time.perf_counter() - start
        page.wait_for_function(jupyter.CONNECTED)
        answers = time.perf_counter() - start
        page.evaluate(jupyter.RUN_ALL)
        page.locator(f"{jupyter.OUTPUT} :is(img, svg[role=img]):visible").first.wait_for()
        drawn = time.perf_counter() - start
        book = jupyter.Book(page, None, NAME)
        book.settle()
        book.replace(
            next(c.source for c in nbformat.read(FOLDER / "run/files" / NAME, 4).cells if c.id == "install"), LAB
        )
        page.wait_for_selector(".bench-ours [role=slider]")
        handle = page.locator(".bench-ours [role=slider]").first
        handle.focus()
        taken = []
        for _ in range(25):
            page.evaluate(WATCH, [".bench-ours .widget-html"])
            page.keyboard.press("ArrowRight")
            taken.append(page.evaluate("async () => (await window.changed) - (await window.pressed)"))
            page.wait_for_timeout(80)
        return seen, answers, drawn, taken[3:]


def main():
    print(f"load: {os.getloadavg()[0]:.1f}")
    with served(FOLDER) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=jupyter.chromium(), args=["--no-sandbox"])
        rounds = [once(browser, address) for _ in range(ROUNDS)]
        browser.close()
    for what, column in (("the notebook", 0), ("Python", 1), ("the first picture", 2)):
        each = sorted(row[column] for row in rounds)
        print(f"| from the address to {what}, nothing cached | {each[len(each) // 2]:.1f} s | best {each[0]:.1f} s |")
    taken = sorted(each for row in rounds for each in row[3])
    print(
        f"| slider to picture, median | {taken[len(taken) // 2]:.0f} ms | p95 {taken[int(len(taken) * 0.95)]:.0f} ms |"
    )
    print(f"load: {os.getloadavg()[0]:.1f}")


FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "build/site/html"
if __name__ == "__main__":
    main()
