"""This is where data becomes a chart: matplotlib draws the axes, our card holds them.

Why a Figure of our own, not pyplot: pyplot remembers figures for the whole process, and picks a backend.
"""

import io
import re
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from kms_teach.drawing import look
from kms_teach.drawing.picture import Picture, Table
from kms_teach.drawing.svg import Drawing

if TYPE_CHECKING:  # matplotlib is heavy: it is imported only when a chart is made
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.typing import RcKeyType

STYLE: "dict[RcKeyType, Any]" = {
    "svg.fonttype": "none",  # text stays text
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # measured in the widest font of our list, shown in the reader's own
    "font.size": look.NOTE,
    "text.color": look.INK,
    "axes.edgecolor": look.LINE,
    "axes.labelcolor": look.SECOND,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": look.LINE,
    "ytick.color": look.LINE,
    "xtick.labelcolor": look.SECOND,
    "ytick.labelcolor": look.SECOND,
}


def style() -> AbstractContextManager[None]:
    """Give a context in which all that is drawn takes the course's look: with style(): figure, plot = axes(260); …"""
    import matplotlib as mpl

    return mpl.rc_context(STYLE)


def axes(height: float, width: float = 704) -> "tuple[Figure, Axes]":
    """Make a figure in the course's look; its sizes, type included, are px of the picture."""
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, layout="constrained")
        figure.patch.set_alpha(0)
        plot = figure.add_subplot()
        plot.patch.set_alpha(0)
        return figure, plot


def chart(
    figure: "Figure",
    prefix: str,
    title: str,
    alt: str,
    *,
    second: str = "",
    table: Table | None = None,
    facts: str = "",
) -> Picture:
    """Put a figure on the card under its title, as a Picture."""
    drawing = Drawing(prefix, title, alt, second=second)
    markup, height = _svg(figure, prefix, drawing.left, drawing.top)
    drawing.add(markup)
    drawing.height = drawing.top + height + 16
    return Picture(title, alt, drawing.svg(), table=table, facts=facts)


def _svg(figure: "Figure", prefix: str, x: float, y: float) -> tuple[str, float]:
    # matplotlib's document, made fit to stand inside ours: no header, no <style> that leaks, ids with our prefix.
    import matplotlib as mpl

    out = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context({**STYLE, "svg.hashsalt": prefix}):
        figure.savefig(out, format="svg", metadata=nothing)
    svg = out.getvalue()
    inner = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    inner = re.sub(r"<style.*?</style>|<metadata.*?</metadata>|<!--.*?-->", "", inner, flags=re.DOTALL)
    inner = re.sub(r'\bid="', f'id="{prefix}-', inner)
    inner = re.sub(r"url\(#", f"url(#{prefix}-", inner).replace('xlink:href="#', f'href="#{prefix}-')
    inner = re.sub(r"'DejaVu Sans'(, [^;\"]*)?", look.SANS, inner)
    w, h = (inches * 72 for inches in figure.get_size_inches())
    box = f'x="{x:.0f}" y="{y:.0f}" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}"'
    return f'<svg {box} stroke-linejoin="round" stroke-linecap="butt">{inner.strip()}</svg>', h
