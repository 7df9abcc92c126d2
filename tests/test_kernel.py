"""What a notebook's kernel says of names it does not know."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from kms_teach.kernel import ABOVE, load_ipython_extension, sentence

ROOT = Path(__file__).resolve().parents[1]

SHELL = """
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}), colors="nocolor")
shell.run_line_magic("load_ext", "kms_teach.kernel")
shell._showtraceback = lambda kind, error, lines: print(kind.__name__, "|", " / ".join(lines))
"""


def test_an_unknown_name_is_told_with_what_to_do_and_a_name_that_is_nearly_so():
    assert sentence("sim", []) == f"`sim` is not known here yet. {ABOVE}"
    assert sentence("questons", ["questions", "lab"]) == (
        f"`questons` is not known here yet. {ABOVE} Or did you mean `questions`?"
    )
    assert "mean" not in sentence("ims", ["_ims"])


def test_who_answers_errors_already_goes_on_answering_them():
    taken = SimpleNamespace(custom_exceptions=(KeyError,), set_custom_exc=None)
    load_ipython_extension(taken)
    assert taken.set_custom_exc is None


# It starts a program, as IPython has one shell in a process: some 1 s.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "lines", "said"),
    [
        ("lab.LimitLab(sim)", 1, "NameError | `lab` is not known here yet."),
        ("[sim for _ in 'a']", 1, "NameError | `sim` is not known here yet."),
        ("def mine():\n    return sim\nmine()", 5, "sim"),  # where in a function it was helps, and so it is told
        ("import json.decoder as d\nd.scanstring = None\nd.JSONDecoder.decode('', '')", 5, "Error"),
        ("def one():\n    print(two)\n    two = 1\none()", 5, "UnboundLocalError"),
        ("1 / 0", 5, "ZeroDivisionError"),
    ],
)
def test_only_a_name_that_the_cell_itself_says_is_answered_by_the_sentence(cell, lines, said):
    program = f"{SHELL}shell.run_cell({cell!r})"
    seen = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said in seen
    assert (ABOVE in seen, len(seen.splitlines()) == 1) == (lines == 1, lines == 1)


# It starts a kernel, as only a real one shows that JupyterLab of this course loads the extension: some 2 s.
@pytest.mark.slow
def test_the_kernels_of_this_course_know_it_before_anything_is_imported(monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(ROOT / "binder/jupyter"))
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("lab.LimitLab(sim)")])
    NotebookClient(book, kernel_name="python3", allow_errors=True).execute()
    (output,) = book.cells[0].outputs
    assert (output.ename, output.traceback) == ("NameError", [sentence("lab", [])])
