"""Where a panel stands in a notebook: in front of a static picture, which is what the notebook stores.

A widget's own output holds nothing but the widget's id. Opened again with a new kernel it says that there is no such
widget, whatever is stored beside it. So in JupyterLab a panel's output is its static HTML, and `place.js` puts the
panel in front of it while there is one.
Why not JupyterLab's *Save Widget State*: it is a setting of whoever saves, and shows controls that do nothing.
"""

import re
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import anywidget
from IPython import get_ipython
from IPython.display import display, update_display

from kms_teach.teaching.cell import cell_id

HERE = Path(__file__).parent
ATTRIBUTE = "_kms_teach_places"  # of IPython's shell: one for each kernel
JUPYTERLAB = re.compile(r"[A-Za-z0-9_-]{1,64}")  # a cell's id as nbformat has it; Visual Studio Code sends an address

Bundle = dict[str, str]


class Placed(Protocol):
    """A panel, as far as its place needs one."""

    model_id: str

    def stored(self, now: bool) -> Bundle: ...


class Places(anywidget.AnyWidget):
    """Shows nothing itself; on every page of its kernel it puts panels in their places, and hears when they changed."""

    _esm = (HERE / "place.js").read_text(encoding="utf-8")

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.stored: WeakKeyDictionary[Placed, int] = WeakKeyDictionary()  # a hash, as a picture may be large
        self.on_msg(self._heard)

    def show(self, panel: Placed) -> None:
        """Give the cell that runs an output with the panel's place in it."""
        shown = _bundle(panel)
        self.stored[panel] = _hash(shown)
        display(shown, raw=True, display_id=panel.model_id)  # type: ignore[no-untyped-call]

    def _heard(self, _: Any, message: dict[str, str], __: Any) -> None:
        """Store what a panel shows now, if that is not what is stored already."""
        name = message.get("changed")
        panel = next((panel for panel in self.stored if name and panel.model_id == name), None)
        if panel and _hash(now := _bundle(panel)) != self.stored[panel]:
            self.stored[panel] = _hash(now)
            update_display(now, raw=True, display_id=name)  # type: ignore[no-untyped-call]


def show(panel: Placed) -> None:
    """Show a panel in its place. Raises NotImplementedError where it has none: then IPython shows the widget itself."""
    shell = get_ipython()
    if shell is None or not JUPYTERLAB.fullmatch(cell_id(shell)):
        raise NotImplementedError
    places: Places | None = getattr(shell, ATTRIBUTE, None)
    if places is None or places.comm is None:  # somebody may have closed all widgets
        places = shell.__dict__[ATTRIBUTE] = Places()
    places.show(panel)


def _bundle(panel: Placed) -> Bundle:
    stored = panel.stored(now=True)
    return stored | {"text/html": f'<div class="kms-place kms-place-{panel.model_id}">{stored["text/html"]}</div>'}


def _hash(bundle: Bundle) -> int:
    return hash(tuple(bundle.values()))
