"""A learner pastes the last hint of a task, runs on, and every later cell of the chapter still has its names."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from tests.cells import code

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SAME = {"kms", "sim"}  # a hint names again what the chapter has by that name
DO = re.compile(r"Do\(tasks\.(\w+), sim\)")


def tasks() -> Iterator[tuple[str, str, list[nbformat.NotebookNode]]]:
    """(notebook, last hint, the code cells below the task), for each task of each notebook."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = code(path)
        room = re.search(r"kms_teach\.chapters\.(\w+)", "\n".join(cell.source for cell in cells))
        for place, cell in enumerate(cells):
            for name in DO.findall(cell.source):
                assert room
                task = getattr(importlib.import_module(f"kms_teach.chapters.{room[1]}.tasks"), name)
                yield f"{path.stem} {name}", task.hints[-1], cells[place + 1 :]


def named(source: str, how: type[ast.expr_context]) -> set[str]:
    """The names that code reads (`ast.Load`) or gives (`ast.Store`)."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name) and isinstance(node.ctx, how)}


@pytest.mark.parametrize(("hint", "below"), [pytest.param(*rest, id=name) for name, *rest in tasks()])
def test_the_last_hint_takes_no_name_that_a_cell_below_reads(hint: str, below: list[nbformat.NotebookNode]) -> None:
    read = set().union(*(named(cell.source, ast.Load) for cell in below))
    assert named(hint, ast.Store) & read - SAME == set()
