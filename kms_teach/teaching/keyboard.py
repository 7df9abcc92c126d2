"""The one piece of JavaScript of the course: it names controls, keeps their keys, tells where a picture is pressed, and
puts code into the learner's own cell.

Why one invisible widget, not a subclass of every control: the controls stay ipywidgets' own, and one observer serves
all labs of a page.
"""

import uuid
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class Keyboard(anywidget.AnyWidget):
    """Shows nothing; while it is on a page, every control inside a `.kms-teach` is named and keeps its keys.

    `pointed` is the place in the panel's picture that was pointed at: a control's name, its value, how many so far.
    `write` puts code into the next cell; `written` says whether a page could, and which code it was.
    """

    pointed: Any = traitlets.List().tag(sync=True)
    writing: Any = traitlets.List().tag(sync=True)
    written: Any = traitlets.List().tag(sync=True)

    _esm = (HERE / "keyboard.js").read_text(encoding="utf-8")  # of a path, anywidget would keep every instance
    _css = (HERE / "keyboard.css").read_text(encoding="utf-8")

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.layout.display = "none"

    def write(self, code: str) -> None:
        """Ask the page to put code into the cell below the panel."""
        self.writing = [code, uuid.uuid4().hex]
