import json
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from kms_teach.teaching.cell import cell_id, remember

IMPORTS = """
import functools, gc, json
from ipywidgets.widgets.widget import _instances
from kms_teach import Simulator
from kms_teach.chapters.rotation.lab import RotationLab
from kms_teach.chapters.start import predictions, tasks
from kms_teach.teaching import CallOpened, Do, Predict, Quiz
sim = Simulator()
key = sim.client("kms").create_key()
"""
COUNT = """
def answers(o):  # what is remembered of decisions has an end of its own
    return isinstance(o, functools._lru_cache_wrapper) and o.__module__.startswith("kms_teach.access")
any(o.cache_clear() for o in gc.get_objects() if answers(o))
gc.collect()
simulators = sum(isinstance(o, Simulator) for o in gc.get_objects())
print(json.dumps([len(_instances), simulators, len(gc.get_objects())]))
"""
CELLS = {  # what a notebook's cells make: assigned and shown, shown only, two in one cell
    "a lab with a simulator of its own": "lab = RotationLab()\nlab.time.index = 12\nlab.time.index = 6\nlab",
    "a prediction": "guess = Predict(predictions.ALICE)\nguess.choose.index = 0\nguess.commit.click()\nguess",
    "an answer": "guess.compare('the plaintext')",
    "a quiz": 'Quiz("two-users")',
    "two panels": "display(Do(tasks.LET_ALICE_READ, sim))\nCallOpened(sim)",
}


class Panel:
    closed = False

    def close(self):
        self.closed = True


class Shell(SimpleNamespace):
    """IPython's shell as far as it matters; `run` runs a cell that ends in a panel, and gives all it has made."""

    def begin(self, text, cell_id):
        self.execution_count += 1
        self.user_ns["In"].append(text)
        self.request = {"metadata": {"cellId": cell_id} if cell_id else {}}

    def run(self, text, cell_id=None, panels=1):
        self.begin(text, cell_id)
        made = [Panel() for _ in range(panels)]
        for panel in made:
            remember(panel, lambda: self)
        self.user_ns["Out"][self.execution_count] = self.displayhook._ = made[-1]
        for names in (self.user_ns, self.user_ns_hidden):
            names[f"_{self.execution_count}"] = names["_"] = made[-1]
        return made


@pytest.fixture
def shell():
    """A kernel's shell, which knows the request that it answers."""
    names = {"user_ns": {"In": [""], "Out": {}}, "user_ns_hidden": {}}
    one = Shell(execution_count=0, request={}, displayhook=SimpleNamespace(_="", __="", ___=""), **names)
    one.get_parent = lambda: one.request
    one.custom_exceptions, one.set_custom_exc = (), lambda kinds, _: setattr(one, "custom_exceptions", kinds)
    return one


def test_a_cell_that_runs_again_closes_all_it_made_before_and_nothing_else(shell):
    first, other = shell.run("Lab()", "a", panels=2), shell.run("Lab()", "b")
    again = shell.run("Lab(2)", "a", panels=2)
    assert [panel.closed for panel in (*first, *other, *again)] == [True, True, False, False, False]


def test_where_no_id_is_sent_the_same_text_is_the_same_cell(shell):
    del shell.get_parent
    (first,), (other,), (again,) = shell.run("Lab()"), shell.run("Lab(2)"), shell.run("Lab()")
    assert (first.closed, other.closed, again.closed) == (True, False, False)


def test_where_the_kernel_and_not_the_shell_has_the_request_the_cell_is_found_all_the_same(shell):
    shell.kernel = SimpleNamespace(get_parent=shell.get_parent)
    del shell.get_parent
    shell.begin("Lab()", "a")
    assert cell_id(shell) == "a"
    shell.request = None  # before the first one
    assert cell_id(shell) == ""


def test_what_is_closed_leaves_the_outputs_that_ipython_keeps(shell):
    (first,) = shell.run("Lab()", "a")
    shell.user_ns["mine"] = first
    shell.begin("Lab()", "a")
    remember(Panel(), lambda: shell)
    for names in (shell.user_ns, shell.user_ns_hidden):
        assert (names["_"], "_1" in names) == ("", False)
    assert (shell.user_ns["Out"], shell.displayhook._) == ({}, "")
    assert shell.user_ns["mine"] is first


def test_from_the_first_panel_on_an_unknown_name_is_answered_by_a_sentence(shell):
    shell.run("Lab()", "a")
    assert shell.custom_exceptions == (NameError,)


def test_without_ipython_nothing_is_closed():
    first, again = Panel(), Panel()
    for panel in (first, again):
        remember(panel, lambda: None)
    assert not first.closed


# It starts a kernel, as only a real one keeps outputs and tells cells apart as kernels do: some 10 s.
@pytest.mark.slow
def test_a_notebook_whose_cells_run_twenty_times_holds_what_it_held_after_two():
    sources = [IMPORTS, *CELLS.values(), COUNT]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    client = NotebookClient(book, kernel_name="python3", timeout=120, store_widget_state=False)

    def run(place):
        return client.execute_cell(book.cells[place], place)

    def run_all(times):
        for _ in range(times):
            for place in range(1, len(sources) - 1):
                run(place)
        return json.loads(run(len(sources) - 1).outputs[0].text)

    with client.setup_kernel():
        run(0)
        widgets, simulators, objects = run_all(2)
        after = run_all(18)
    assert after[:2] == [widgets, simulators]
    assert after[2] < objects * 1.01  # a lab has some 3 % of all objects
