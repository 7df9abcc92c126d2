"""This is a chapter on one page: panels, each with a message, a small drawing of it, and the evidence of the run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kms_teach.drawing import scene
from kms_teach.drawing.lettering import wrap
from kms_teach.drawing.look import HEADING, NARROW, SECOND, WIDE
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing

SECOND_LINE = "The chapter on one page, from the calls you ran"
GAP, EDGE = 20, 16  # px between panels, and inside one
MIDDLE, EVIDENCE = 86, 144  # px from a panel's upper edge: the middle of its drawing, the first line of evidence
LINE = 17


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
    return Picture(title, alt, _draw(wide, panels, 2), _draw(narrow, panels, 1), facts=facts)


def _draw(d: Drawing, panels: Sequence[Panel], columns: int) -> str:
    y = d.top + 12
    w = (d.room - GAP * (columns - 1)) / columns
    for first in range(0, len(panels), columns):
        row = panels[first : first + columns]
        tall = EVIDENCE + LINE * max(len(wrap(panel.evidence, w - 2 * EDGE)) for panel in row)
        for at, panel in enumerate(row):
            x = d.left + (w + GAP) * at
            scene.card(d, x, y, w, tall)
            scene.badge(d, x + 26, y + 28, str(first + at + 1))
            d.text(x + 48, y + 33, panel.message, HEADING, weight=700)
            panel.draw(d, x + w / 2, y + MIDDLE)
            d.text(x + EDGE, y + EVIDENCE, panel.evidence, fill=SECOND, room=w - 2 * EDGE, step=LINE)
        y += tall + GAP
    d.height = y
    return d.svg()
