"""Runs the cells of notebooks as a learner may, and tells what each shows: python -m tests.cells NOTEBOOK…

Each notebook is run from top to bottom, every cell twice before the next; then each of its cells alone, as after a
restart. All in one process without a kernel: to start one takes longer than to run most chapters.
"""

import gc
import json
import os
import sys
from pathlib import Path

import nbformat

from tests.shown import joined, run
from tests.shown import shell as made


def code(path: Path) -> list[nbformat.NotebookNode]:
    """The cells that do something."""
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code" and c.source.strip()]


def stored(cell: nbformat.NotebookNode) -> str:
    """What the cell shows in the committed notebook, as words."""
    return joined(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def main(paths: list[Path]) -> None:
    """Write, by notebook: the id of each cell, and what came of its runs."""
    shell = made()
    told = {}
    for path in paths:
        os.chdir(path.parent)
        cells = code(path)
        shell.reset()
        twice = [[run(shell, cell.source), run(shell, cell.source)] for cell in cells]
        gc.freeze()  # a reset collects garbage, and there is a reset before each cell
        alone = [shell.reset() or run(shell, cell.source) for cell in cells]
        told[path.name] = [
            {"id": cell.id, "runs": runs, "alone": lonely}
            for cell, runs, lonely in zip(cells, twice, alone, strict=True)
        ]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main([Path(name).resolve() for name in sys.argv[1:]])
