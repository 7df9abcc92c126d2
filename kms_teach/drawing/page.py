"""A chapter on one page: panels, each with a message, a small drawing of it, and the evidence of the run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from kms_teach.drawing import scene
from kms_teach.drawing.layout import Box, Column, Row, Text, card, grid, render, sketch
from kms_teach.drawing.look import HEADING, NARROW, SECOND, WIDE
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing

SECOND_LINE = "The chapter on one page, from the calls you ran"
GAP = 20  # px between panels
BADGE, PLACE = 26, 80  # px: a panel's number, the place for its drawing


@dataclass(frozen=True, slots=True)
class Panel:
    """`draw` is called with the drawing and the middle of the place for it, 300 wide and 72 high."""

    message: str
    evidence: str
    draw: Callable[[Drawing, float, float], None]


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
