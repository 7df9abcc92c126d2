"""Run notebooks in fresh kernels and store them clean: the same cells give the same bytes.

    python scripts/notebooks.py [--check] [NOTEBOOK…]

With --check nothing is written, and the exit code is 1 if a run would change a file. Widget state and widget views are
left out: their ids are random, and a reader who has not run the notebook would see "Loading widget" instead of the
picture beside them.
"""

import argparse
import difflib
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
VIEW = "application/vnd.jupyter.widget-view+json"
KEPT = ("editable", "jupyter", "slideshow", "tags")  # metadata a person wrote; the rest is traces of a run
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TIMEOUT = 120  # seconds for a cell


def cleaned(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without what differs from run to run; cleaning twice changes nothing."""
    book = nbformat.from_dict(book)
    book.metadata = nbformat.from_dict(METADATA)
    book.nbformat, book.nbformat_minor = 4, 5
    seen: set[str] = set()
    for cell in book.cells:
        cell.id = _id(cell, seen)
        seen.add(cell.id)
        cell.metadata = nbformat.from_dict({key: cell.metadata[key] for key in KEPT if key in cell.metadata})
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data.pop(VIEW, None)
                output.metadata.pop(VIEW, None)
    return book


def _id(cell: nbformat.NotebookNode, seen: set[str]) -> str:
    """The id the cell has, or one made from its text if it has none or shares it."""
    if cell.get("id") and cell.id not in seen:
        return cell.id
    copies = (hashlib.sha256(f"{cell.source}{n}".encode()).hexdigest()[:8] for n in range(len(seen) + 1))
    return next(name for name in copies if name not in seen)


def text(book: nbformat.NotebookNode) -> str:
    """The file's content."""
    return nbformat.writes(cleaned(book)) + "\n"


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook after a run in a fresh kernel, in its own folder.

    Raises:
        CellExecutionError: a cell failed.
    """
    book = cleaned(nbformat.read(path, as_version=4))
    os.environ["KMS_TEACH_PROGRESS"] = tempfile.mkdtemp()  # a stored notebook is as for one who has done nothing yet
    client = NotebookClient(
        book,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # no word about kernels listening on loopback
    )
    return client.execute()


def main(arguments: list[str] | None = None) -> int:
    """Run them all; a failing one stops no other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a run would change a file")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    chosen = parser.parse_args(arguments)
    books = chosen.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb"))
    if not books:
        print("there is no notebook in notebooks/")
        return 1
    bad = 0
    for path in books:
        start = time.monotonic()
        old = path.read_text(encoding="utf-8")
        try:
            new = text(executed(path))
        except CellExecutionError as error:
            print(f"{path.name}: a cell failed\n{error}", flush=True)
            bad += 1
            continue
        word = "unchanged" if new == old else "would change" if chosen.check else "written"
        print(f"{path.name}: {word}, {time.monotonic() - start:.1f} s", flush=True)
        if new != old and chosen.check:
            bad += 1
            sys.stdout.writelines(list(difflib.unified_diff(old.splitlines(True), new.splitlines(True), n=1))[:40])
        elif new != old:
            path.write_text(new, encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
