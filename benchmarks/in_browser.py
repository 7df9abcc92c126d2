"""From a key press on a slider to the new picture, in JupyterLab in headless Chromium, beside a bare slider that writes a number."""

import statistics
import sys
import tempfile
from pathlib import Path

from measure import shown

sys.path.insert(0, str(Path(__file__).parents[1]))

BARE = """
import ipywidgets as W
bare, out = W.IntSlider(value=50, min=0, max=10000, description="bare", readout=False), W.HTML("0")
bare.observe(lambda change: setattr(out, "value", str(change["new"])), "value")
W.VBox([bare, out]).add_class("bench-bare")
"""
OURS = """
from kms_teach import Simulator
from kms_teach.chapters.encrypt.limit_lab import LimitLab
LimitLab(Simulator(start="2026-01-01T00:00:00Z")).add_class("bench-ours")
"""
WATCH = """
([name]) => { const box = document.querySelector(name); window.changed = new Promise(done => {
  const seen = new MutationObserver(() => { seen.disconnect(); done(performance.now()) });
  seen.observe(box, {childList: true, subtree: true, attributes: true, attributeFilter: ["src"], characterData: true}) });
  window.pressed = new Promise(done => document.addEventListener("keydown", () => done(performance.now()), {once: true, capture: true})) }
"""


def moves(page, root, target, times=25):
    """Median milliseconds from the key press to the change."""
    handle = page.locator(f"{root} [role=slider]").first
    handle.focus()
    taken = []
    for _ in range(times):
        page.evaluate(WATCH, [f"{root} {target}"])
        page.keyboard.press("ArrowRight")
        taken.append(page.evaluate("async () => (await window.changed) - (await window.pressed)"))
        page.wait_for_timeout(80)
    return statistics.median(taken[3:])


def slider():
    from playwright.sync_api import sync_playwright

    from tests.browser.jupyter import Lab, chromium, server

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "work").mkdir()
        with server(Path(folder)) as (url, token), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            book = Lab(browser, url, token, Path(folder) / "work").scratch(BARE, OURS)
            book.run_all()
            bare = moves(book.page, ".bench-bare", ".widget-html")
            ours = moves(book.page, ".bench-ours", ".widget-html")
            browser.close()
    yield (
        "slider to picture",
        shown(ours / 1000),
        f"{shown(bare / 1000)} (a bare slider that writes its number)",
        ours / bare,
    )
