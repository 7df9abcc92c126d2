"""Write one page for each chapter, to print: what you can do, the chapter's summary picture, its words.

    python scripts/handouts.py

All pages go to build/print/handouts.html, and to handouts.pdf beside it where there is a Chromium.
"""

import re
import shutil
import sys
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from nbconvert.filters import markdown2html
from playwright.sync_api import Page, sync_playwright

from kms_teach.teaching.catalog import CHAPTERS, Chapter
from kms_teach.teaching.glossary import TERMS, Term

ROOT = Path(__file__).resolve().parent.parent
TO = ROOT / "build" / "print"
SUMMARY = re.compile(r"picture\.(\w+_page|\w+_summary|legend)\(")  # 00 has no summary: its legend is for all chapters
WIDTH = 673  # px: what A4 has between its margins
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FOOT = "kms_teach. The picture was read off calls that were run; what is said of AWS was read in November 2026."
STYLE = """
@page { size: A4; margin: 14mm 16mm; }
* { box-sizing: border-box; }
body { font: 12.5px/1.42 system-ui, sans-serif; color: #16202A; margin: 0 auto; max-width: 178mm; }
section { break-after: page; break-inside: avoid; }
section:last-child { break-after: auto; }
h1 { font-size: 24px; line-height: 1.2; margin: 0; }
h2 { font-size: 13px; margin: 12px 0 2px; }
p.question { font-size: 16px; color: #4A5560; margin: 2px 0 10px; }
ul { margin: 0; padding-left: 18px; }
img { display: block; width: 100%; max-height: 158mm; object-fit: contain; object-position: left; margin: 12px 0 0; }
dl { columns: 2; column-gap: 20px; margin: 0; font-size: 11.5px; line-height: 1.35; }
dl div { break-inside: avoid; margin: 0 0 4px; }
dt { font-weight: 700; display: inline; }
dd { display: inline; margin: 0; }
footer { color: #4A5560; font-size: 11px; margin-top: 10px; }
"""


def handout(chapter: Chapter, book: nbformat.NotebookNode) -> str:
    """A chapter's page, as an HTML section.

    Raises ValueError for a notebook without a list of what you can do, or without a stored summary picture.
    """
    goals = BeautifulSoup(markdown2html(book.cells[0].source), "html.parser").ul
    shown = [cell for cell in book.cells if cell.cell_type == "code" and SUMMARY.search(cell.source)]
    pages = [output.data["text/html"] for cell in shown[-1:] for output in cell.outputs if "data" in output]
    if goals is None or not pages:
        raise ValueError(f"{chapter.number} has no list of what you can do, or no summary: run it with make notebooks")
    picture = BeautifulSoup(pages[-1], "html.parser").img
    picture.attrs = {"alt": picture["alt"], "src": picture["src"]}
    words = [f"<div><dt>{escape(term.word)}</dt> <dd>{escape(term.means)}</dd></div>" for term in _terms(chapter)]
    parts = [
        f"<h1>{chapter.number} {escape(chapter.name)}</h1>",
        f'<p class="question">{escape(chapter.question)}</p>',
        f"<h2>After this chapter you can</h2>{goals}",
        str(picture),
        f"<h2>Its words</h2><dl>{''.join(words)}</dl>" if words else "",
        f"<footer>{FOOT}</footer>",
    ]
    return f"<section>{''.join(parts)}</section>"


def _terms(chapter: Chapter) -> list[Term]:
    return sorted((term for term in TERMS if term.room == chapter.room), key=lambda term: term.word.lower())


def page() -> str:
    """All handouts, in the order of the course, as one page of HTML."""
    books = {path.name[:2]: path for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    sections = [
        handout(chapter, nbformat.read(books[chapter.number], as_version=4))
        for chapter in CHAPTERS
        if chapter.number in books
    ]
    head = f'<meta charset="utf-8"><title>kms_teach: the chapters, one page each</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(sections)}</body></html>'


def chromium() -> str | None:
    """Where the browser is, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def show(source: Path, width: int, do: Callable[[Page], object]) -> bool:
    """Open an HTML file in Chromium and do something with it; gives False where there is no Chromium."""
    path = chromium()
    if path is None:
        return False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 1000})
        page.goto(source.as_uri())
        do(page)
        browser.close()
    return True


def write(html: str, to: Path, width: int, take: Callable[[Page], object], without: str) -> int:
    """Write a page, and beside it what Chromium takes of it; `without` is said where there is no Chromium."""
    source = to.with_suffix(".html")
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(html, encoding="utf-8")
    print(source.relative_to(ROOT))
    print(to.relative_to(ROOT) if show(source, width, take) else f"There is no Chromium here, so {without}")
    return 0


def main() -> int:
    """Write them."""
    to = TO / "handouts.pdf"
    take = partial(Page.pdf, path=to, prefer_css_page_size=True)
    return write(page(), to, WIDTH, take, "no PDF was made: any browser prints the page.")


if __name__ == "__main__":
    sys.exit(main())
