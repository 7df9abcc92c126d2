from pathlib import Path

import nbformat
import pytest

from scripts.notebooks import VIEW, cleaned, text

ROOT = Path(__file__).resolve().parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_make_notebooks_leaves_it(path: Path) -> None:
    assert text(nbformat.read(path, as_version=4)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_with_every_cell_run_once_in_order(path: Path) -> None:
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code" and c.source.strip()]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@pytest.fixture
def used() -> nbformat.NotebookNode:
    """A notebook as a run in JupyterLab may leave it."""
    data = {VIEW: {"model_id": "abc"}, "text/plain": "Lab(n=0)"}
    output = nbformat.v4.new_output("execute_result", data=data, metadata={}, execution_count=1)
    metadata = {"execution": {"iopub.status.busy": "2026-01-01"}, "tags": ["raises-exception"]}
    cell = nbformat.v4.new_code_cell("Lab()", outputs=[output], execution_count=1, metadata=metadata)
    book = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_code_cell("Lab()")])
    book.metadata = {"widgets": {"state": {}}, "kernelspec": {"name": "mine"}}
    for each in book.cells:
        del each["id"]
    return book


def test_cleaning_drops_traces_of_a_run_and_keeps_what_a_person_wrote(used: nbformat.NotebookNode) -> None:
    book = cleaned(used)
    assert book.cells[0].outputs[0].data == {"text/plain": "Lab(n=0)"}
    assert book.cells[0].metadata == {"tags": ["raises-exception"]}
    assert set(book.metadata) == {"kernelspec", "language_info"}
    assert book.metadata.kernelspec.name == "python3"


def test_cleaning_twice_changes_nothing(used: nbformat.NotebookNode) -> None:
    assert text(cleaned(used)) == text(used)


def test_cells_with_the_same_text_get_different_ids_and_always_the_same_ones(used: nbformat.NotebookNode) -> None:
    ids = [cell.id for cell in cleaned(used).cells]
    assert len(set(ids)) == len(ids)
    assert ids == [cell.id for cell in cleaned(used).cells]
