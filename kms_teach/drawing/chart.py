"""Charts: matplotlib draws the data, our card holds them; without matplotlib the card holds them as a table.

Why a Figure of our own, not pyplot: pyplot remembers figures for the whole process, and picks a backend.
Why text as text, not as paths: it is as sharp, can be found, and takes the reader's font. It is measured in DejaVu
Sans, which ships with matplotlib and is the widest of our list, so what has room there has room in all.
"""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from kms_teach.drawing import look
from kms_teach.drawing.layout import Column, Part, Text, grid, render
from kms_teach.drawing.picture import Picture, Table
from kms_teach.drawing.svg import Drawing

if TYPE_CHECKING:  # matplotlib is heavy: it is imported only when a chart is drawn
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.typing import RcKeyType

STYLE: "dict[RcKeyType, Any]" = {
    "svg.fonttype": "none",  # text stays text
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
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
INCH = 72  # px: a figure's sizes, type included, are px of the picture
INSTEAD = "matplotlib cannot be imported here, so the chart is not drawn. These are its data."


class Plot(Struct, frozen=True):
    """Axes across the width, `tall` px high, that `plot` fills; a part of a layout, one in a drawing."""

    tall: float
    plot: "Callable[[Axes], None]"

    def height(self, width: float) -> float:
        return self.tall

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        from matplotlib.figure import Figure
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        with _style(d.prefix):
            figure = Figure(figsize=(width / INCH, self.tall / INCH), dpi=INCH)
            figure.set_layout_engine(ConstrainedLayoutEngine(w_pad=0, h_pad=0))
            figure.patch.set_alpha(0)
            axes = figure.add_subplot()
            axes.patch.set_alpha(0)
            self.plot(axes)
            d.add(_svg(figure, d.prefix, x, y))


def chart(
    prefix: str,
    title: str,
    alt: str,
    laid: Callable[[bool], Part],
    data: Table,
    *,
    second: str = "",
    facts: str = "",
) -> Picture:
    """Draw a chart: `laid(wide)` gives what stands on the card, a Plot with the words around it.

    Where matplotlib cannot be imported the card shows the data as a table; all that is not drawn stays the same.
    """
    shown = laid if drawable() else lambda _: _tabled(data)
    wide = Drawing(prefix, title, alt, second=second)
    narrow = Drawing(f"{prefix}-narrow", title, alt, second=second, width=look.NARROW)
    return Picture(title, alt, render(wide, shown(True)), render(narrow, shown(False)), data, facts)


def drawable() -> bool:
    """Whether matplotlib can be imported."""
    try:
        import matplotlib.figure  # noqa: F401 -- whether it can be is what is asked
    except ImportError:
        return False
    return True


def _tabled(data: Table) -> Column:
    header = [Text(name, look.NOTE, fill=look.SECOND) for name in data.header]
    rows = [[Text(cell) for cell in row] for row in data.rows]
    return Column([Text(INSTEAD), grid([header, *rows], ruled=True)], gap=16)


def _style(prefix: str) -> AbstractContextManager[None]:
    import matplotlib as mpl

    return mpl.rc_context({**STYLE, "svg.hashsalt": prefix})


def _svg(figure: "Figure", prefix: str, x: float, y: float) -> str:
    # matplotlib's document, made fit to stand inside ours: no header, no <style> that leaks, ids with our prefix.
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    svg = out.getvalue()
    inner = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    inner = re.sub(r"<style.*?</style>|<metadata.*?</metadata>|<!--.*?-->", "", inner, flags=re.DOTALL)
    inner = re.sub(r'\bid="', f'id="{prefix}-', inner)
    inner = re.sub(r"url\(#", f"url(#{prefix}-", inner).replace('xlink:href="#', f'href="#{prefix}-')
    inner = re.sub(r"'DejaVu Sans'(, [^;\"]*)?", look.SANS, inner)
    w, h = (inches * INCH for inches in figure.get_size_inches())
    box = f'x="{x:.0f}" y="{y:.0f}" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}"'
    return f'<svg {box} stroke-linejoin="round" stroke-linecap="butt">{inner.strip()}</svg>'
