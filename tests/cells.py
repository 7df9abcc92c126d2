"""Runs the cells of notebooks as a learner may, and tells what each shows: python -m tests.cells NOTEBOOK…

Each notebook is run from top to bottom, every cell twice before the next; then each of its cells alone, as after a
restart. All in one process without a kernel: to start one takes longer than to run most chapters.
"""

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from kms_teach import kernel


def code(path: Path) -> list[nbformat.NotebookNode]:
    """The cells that do something."""
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code" and c.source.strip()]


def stored(cell: nbformat.NotebookNode) -> str:
    """What the cell shows in the committed notebook, as words."""
    return _joined(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def run(shell: Any, source: str) -> dict[str, str]:
    """Run one cell: what it `shows`, and what is seen of the `error` it ends in ("" without)."""
    error: list[str] = []
    last: list[str] = []  # what the cell ends in
    shell._showtraceback = lambda _, __, lines: error.extend(lines)
    shell.displayhook.write_format_data = lambda data, _: last.append(data["text/plain"])
    with capture_output() as captured:
        shell.run_cell(source, store_history=True)
    shown = [output.data.get("text/plain", "") for output in captured.outputs]
    return {"shows": _joined([captured.stdout, *shown, *last]), "error": "\n".join(error)}


def _joined(parts: Any) -> str:
    return "\n".join(filter(None, (part.strip() for part in parts)))


def main(paths: list[Path]) -> None:
    """Write, by notebook: the id of each cell, and what came of its runs."""
    quiet = Config({"HistoryManager": {"enabled": False}})
    shell = InteractiveShell.instance(config=quiet)
    shell.displayhook.write_output_prompt = lambda: None
    shell.run_line_magic("load_ext", kernel.__name__)
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
