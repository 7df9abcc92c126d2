"""Write notebooks as pages that print: what is folded away on the screen stands at the chapter's end.

    python scripts/print.py [NOTEBOOK…]

A page goes to build/print/NAME.html, with its pictures inside; any browser prints it.
"""

import argparse
import sys
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from kms_teach.teaching.lab import ANSWER

ROOT = Path(__file__).resolve().parent.parent
TO = ROOT / "build" / "print"
SMALL = "<style>@media print { .jp-Cell, svg, img { break-inside: avoid; } }</style>"


def printable(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with a number in the place of each answer, and a last cell that has them all."""
    book, answers = nbformat.from_dict(book), []
    for cell in book.cells:
        for output in cell.get("outputs", []):
            page = output.get("data", {}).get("text/html", "")
            if ANSWER not in page:
                continue
            soup = BeautifulSoup(page, "html.parser")
            for details in soup.select(f"details.{ANSWER}"):
                details.summary.decompose()
                answers.append(details.decode_contents())
                place = soup.new_tag("p")
                place.string = f"Answer {len(answers)} stands at the end."
                details.replace_with(place)
            output.data["text/html"] = str(soup)
    told = [f"<h3>Answer {number}</h3>{answer}" for number, answer in enumerate(answers, 1)]
    if told:
        book.cells.append(nbformat.v4.new_markdown_cell("\n\n".join(["## Answers", SMALL, *told])))
    return book


def main(arguments: list[str] | None = None) -> int:
    """Write them all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    chosen = parser.parse_args(arguments)
    TO.mkdir(parents=True, exist_ok=True)
    for path in chosen.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb")):
        page, _ = HTMLExporter(embed_images=True).from_notebook_node(printable(nbformat.read(path, as_version=4)))
        written = TO / f"{path.stem}.html"
        written.write_text(page, encoding="utf-8")
        print(written.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
