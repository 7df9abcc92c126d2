"""Put every picture of the stored notebooks on one sheet, wide and narrow, to be looked at.

    python scripts/look.py

The sheet goes to build/look/look.html, and to look.png beside it where there is a Chromium.
"""

import sys
from functools import partial
from html import escape
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from playwright.sync_api import Page

from scripts.handouts import write

ROOT = Path(__file__).resolve().parent.parent
TO = ROOT / "build" / "look"
WIDTH = 2400  # px: of the sheet
STYLE = """
body { margin: 16px; background: white; font: 15px system-ui, sans-serif; color: #16202A; width: 2368px; }
h2 { font-size: 20px; margin: 18px 0 8px; break-after: avoid; }
main { columns: 5; column-gap: 14px; }
figure { display: flex; gap: 6px; align-items: flex-start; margin: 0 0 12px; break-inside: avoid; }
img.wide { width: 66%; } img.narrow { width: 33%; } img:only-child { width: 100%; }
"""


def pictures(book: nbformat.NotebookNode) -> list[tuple[str, ...]]:
    """The pictures that are stored in a notebook: the address of each, and of its narrow form where it has one."""
    found = []
    for cell in book.cells:
        for output in cell.get("outputs", []):
            soup = BeautifulSoup(output.get("data", {}).get("text/html", ""), "html.parser")
            for image in soup.find_all("img"):
                narrow = image.parent.find("source") if image.parent.name == "picture" else None
                found.append((image["src"], narrow["srcset"]) if narrow else (image["src"],))
    return found


def sheet() -> str:
    """All of them, chapter by chapter, as one page of HTML."""
    parts = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        parts.append(f"<h2>{escape(path.stem)}</h2>")
        for addresses in pictures(nbformat.read(path, as_version=4)):
            images = zip(("wide", "narrow"), addresses, strict=False)
            shown = "".join(f'<img class="{form}" alt="" src="{escape(address)}">' for form, address in images)
            parts.append(f"<figure>{shown}</figure>")
    head = f'<meta charset="utf-8"><title>Every picture</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body><main>{"".join(parts)}</main></body></html>'


def main() -> int:
    """Write the sheet."""
    to = TO / "look.png"
    return write(sheet(), to, WIDTH, partial(Page.screenshot, path=to, full_page=True), "no picture was taken of it.")


if __name__ == "__main__":
    sys.exit(main())
