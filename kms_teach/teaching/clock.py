"""A clock beside a mock exam: it counts in the browser, so that the kernel has nothing to do meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class Clock(anywidget.AnyWidget):
    """Shows how much time is left while it is `running`. `left`: seconds, asked of `ask` whenever a page shows it."""

    left: Any = traitlets.Float(0.0).tag(sync=True)
    running: Any = traitlets.Bool(False).tag(sync=True)

    _esm = (HERE / "clock.js").read_text(encoding="utf-8")

    def __init__(self, ask: Callable[[], float]) -> None:
        super().__init__()
        self.ask = ask
        self.on_msg(lambda *_: self.set())

    def set(self) -> None:
        """Put it right."""
        self.left = self.ask()
