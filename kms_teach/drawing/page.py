"""A chapter on one page: panels, each with a message, a small drawing of it, and the evidence of the run."""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct

from kms_teach.drawing import scene
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Box, Column, Part, Row, Scene, Text, card, grid, render, sketch
from kms_teach.drawing.look import HEADING, LABEL, NARROW, SECOND, WIDE
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing

SECOND_LINE = "The chapter on one page, from the calls you ran"
GAP = 20  # px between panels
BADGE, PLACE = 26, 80  # px: a panel's number, the place for its drawing
STEP = 20  # px from line to line in such a drawing
PAIR, BETWEEN = (98, 56, 94), 10  # px of width: what was done, an arrow, the answer; between them


class Panel(Struct, frozen=True):
    """`draw` is called with the drawing and the middle of the place for it, 300 wide and 72 high."""

    message: str
    evidence: str
    draw: Callable[[Drawing, float, float], None]


class Shown(Struct, frozen=True):
    """One message, the calls that prove it (what was done, and whether it was allowed), a sentence about them."""

    message: str
    marks: tuple[tuple[str, bool], ...]
    evidence: str

    @property
    def panel(self) -> Panel:
        return Panel(self.message, self.evidence, partial(_calls, self.marks))

    @property
    def line(self) -> str:
        return ", ".join(f"{words}: {'allowed' if allowed else 'denied'}" for words, allowed in self.marks)


def page(prefix: str, title: str, panels: Sequence[Panel], facts: str) -> Picture:
    """Draw the panels two in a row, or one below the other where it is narrow."""
    alt = " ".join(f"{at}. {panel.message}: {panel.evidence}" for at, panel in enumerate(panels, 1))
    wide, narrow = (
        Drawing(f"{prefix}{ending}", title, alt, second=SECOND_LINE, width=canvas)
        for ending, canvas in (("", WIDE), ("-narrow", NARROW))
    )
    return Picture(title, alt, render(wide, _laid(panels, 2)), render(narrow, _laid(panels, 1)), facts=facts)


def _laid(panels: Sequence[Panel], columns: int) -> Column:
    cells = [_panel(number, panel) for number, panel in enumerate(panels, 1)]
    return grid([cells[at : at + columns] for at in range(0, len(cells), columns)], gap=GAP, apart=GAP)


def _panel(number: int, panel: Panel) -> Box:
    badge = sketch(BADGE, partial(scene.badge, words=str(number)))
    head = Row([badge, Text(panel.message, HEADING, 700, leading=BADGE)], [BADGE, None], gap=8)
    return card(Column([head, sketch(PLACE, panel.draw), Text(panel.evidence, fill=SECOND)], gap=6))


def _calls(marks: Sequence[tuple[str, bool]], d: Drawing, x: float, y: float) -> None:
    """Calls, and whether each was allowed."""
    told = [(words, allowed, "allowed" if allowed else "denied") for words, allowed in marks]
    outcomes(told, PAIR, BETWEEN, d, x, y)


def outcomes(
    told: Sequence[tuple[str, bool, str]], columns: tuple[int, int, int], gap: int, d: Drawing, x: float, y: float
) -> None:
    """What was done, an arrow, and in a word how it went, one above the other; widths and gap in px."""
    arrow = Scene(STEP, lambda d, x, y, width: d.arrow(x, y + STEP / 2, x + width, y + STEP / 2))
    rows: list[list[Part]] = [
        [Text(done, leading=STEP), arrow, outcome(well, word, LABEL, leading=STEP)] for done, well, word in told
    ]
    centred(d, x, y, grid(rows, columns, gap=gap), sum(columns) + 2 * gap)


def centred(d: Drawing, x: float, y: float, part: Part, width: float) -> None:
    """Draw a part of this width round the middle of a panel's place."""
    part.draw(d, x - width / 2, y - part.height(width) / 2, width)
