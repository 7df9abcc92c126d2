"""The one piece of JavaScript of the course: it names controls, keeps their keys, and tells where a picture is pressed.

Why one invisible widget, not a subclass of every control: the controls stay ipywidgets' own, and one observer serves
all labs of a page.
"""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class Keyboard(anywidget.AnyWidget):
    """Shows nothing; while it is on a page, every control inside a `.kms-teach` is named and keeps its keys.

    `pointed` is the place in the panel's picture that was pointed at: a control's name, its value, how many so far.
    """

    pointed: Any = traitlets.List().tag(sync=True)

    _esm = (HERE / "keyboard.js").read_text(encoding="utf-8")  # of a path, anywidget would keep every instance
    _css = (HERE / "keyboard.css").read_text(encoding="utf-8")

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.layout.display = "none"
