from types import SimpleNamespace

import pytest

from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.teaching import Lab, button, place

JUPYTERLAB, LITE, CODE = "3f9723f0-1b", "", "vscode-notebook-cell:/home/me/00_start_here.ipynb#X10sZmlsZQ"


def picture(title):
    return Picture(title, "What it shows.", Drawing("p", title, "What it shows.", height=100).svg())


@pytest.fixture
def lab():
    made = Lab([button("Do it")], "A lab")
    made.show(picture("First"), "One.")
    return made


@pytest.fixture
def shell(monkeypatch):
    """IPython's shell in a kernel that JupyterLab has asked to run a cell."""
    one = SimpleNamespace(cell=JUPYTERLAB)
    one.get_parent = lambda: {"metadata": {"cellId": one.cell}}
    monkeypatch.setattr(place, "get_ipython", lambda: one)
    return one


@pytest.fixture
def outputs(monkeypatch):
    """All that was displayed, and what became of it: (display id, bundle)."""
    shown = []
    for name in ("display", "update_display"):
        monkeypatch.setattr(place, name, lambda bundle, raw, display_id: raw and shown.append((display_id, bundle)))
    return shown


def test_in_jupyterlab_its_output_is_what_is_stored_and_says_which_widget_belongs_there(lab, shell, outputs):
    lab._ipython_display_()
    ((name, bundle),) = outputs
    assert name == lab.model_id
    assert bundle.keys() == {"text/plain", "text/html"}
    assert bundle["text/plain"] == lab._repr_mimebundle_()["text/plain"]
    html = bundle["text/html"]
    assert html.startswith(f'<div class="kms-place kms-place-{lab.model_id}">{lab.picture.html()}<p>One.</p>')
    assert "<script" not in html  # it is taken out where nobody trusts it


@pytest.mark.parametrize("cell", [LITE, CODE])
def test_elsewhere_ipython_shows_the_widget(lab, shell, outputs, cell):
    shell.cell = cell
    with pytest.raises(NotImplementedError):
        lab._ipython_display_()
    assert not outputs
    assert "application/vnd.jupyter.widget-view+json" in lab._repr_mimebundle_()


def test_without_ipython_there_is_no_place(lab, monkeypatch):
    monkeypatch.setattr(place, "get_ipython", lambda: None)
    with pytest.raises(NotImplementedError):
        place.show(lab)


def test_only_where_somebody_works_with_it_the_status_line_is_stored(lab):
    assert "One." in lab.stored(now=True)["text/html"]
    assert "One." not in lab._repr_mimebundle_()["text/html"]


def changed(shell, model_id):
    """What the page says of a panel that has changed, and is quiet again."""
    shell.__dict__[place.ATTRIBUTE]._handle_custom_msg({"changed": model_id}, [])


def test_what_a_learner_has_made_of_it_is_stored_in_the_same_output(lab, shell, outputs):
    lab._ipython_display_()
    lab.show(picture("Second"), "Two.")
    changed(shell, lab.model_id)
    _, (name, bundle) = outputs
    assert (name, bundle["text/plain"]) == (lab.model_id, "A lab: Second")
    assert "<p>Two.</p>" in bundle["text/html"]


def test_nothing_is_stored_of_what_is_as_it_was_or_closed_or_unknown(lab, shell, outputs):
    lab._ipython_display_()
    model_id = lab.model_id
    changed(shell, model_id)
    lab.say("Two.")
    lab.close()
    for name in (model_id, "another", None):
        changed(shell, name)
    assert len(outputs) == 1


def test_one_widget_puts_all_panels_of_a_kernel_in_their_places_and_is_made_anew_when_closed(lab, shell, outputs):
    lab._ipython_display_()
    first = shell.__dict__[place.ATTRIBUTE]
    Lab([], "Another")._ipython_display_()
    assert shell.__dict__[place.ATTRIBUTE] is first
    first.close()
    lab._ipython_display_()
    assert shell.__dict__[place.ATTRIBUTE].comm is not None
