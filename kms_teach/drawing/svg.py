"""The pencil: a Drawing collects text and lines on the course's card, and gives SVG.

Why methods that append strings, not an element tree: a picture reads from top to bottom like the SVG it becomes, and
the order of the calls is the order of painting.
"""

import re
from collections.abc import Sequence

from kms_teach.drawing import look
from kms_teach.drawing.lettering import wrap
from kms_teach.drawing.look import CARD, DOTTED, INK, LABEL, RULE, SECOND
from kms_teach.drawing.marks import MARKS, definitions
from kms_teach.drawing.markup import escaped, number, stroked, written

HEADS = {  # canvas width: margin, title's size and baseline
    look.WIDE: (28, look.TITLE, 46),
    look.LAB: (28, 18, 40),
    look.NARROW: (20, 20, 40),
}


class Drawing:
    """A card with its title and second line; draw below `top`, between `left` and `right`.

    Set `height` whenever it is known, before `svg()`. `lines` reserves that many lines for the title, so that steps
    with titles of different length keep everything else in its place.
    """

    def __init__(
        self,
        prefix: str,
        title: str,
        desc: str,
        *,
        second: str = "",
        height: float = 0,
        width: int = look.WIDE,
        lines: int = 1,
    ) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", prefix):
            raise ValueError(f"a prefix is lower case letters, digits and -, not `{prefix}`")
        self.prefix, self.title, self.desc = prefix, title, desc
        self.width, self.height = width, height
        self._used: set[str] = set()
        self._body: list[str] = []
        margin, size, baseline = HEADS[width]
        self.left, self.right = margin, width - margin
        words = wrap(title, self.right - self.left, size, bold=True)
        self.text(margin, baseline, words, size, weight=700, step=27)
        below: float = baseline + 27 * (len(words) - 1) + 25
        if second:
            below = self.text(margin, below, second, look.SUBTITLE, fill=SECOND, room=self.right - self.left) + 4
        self.top = below - 5 + 27 * max(lines - len(words), 0)

    @property
    def room(self) -> int:
        """Give the width between the margins."""
        return self.right - self.left

    def points(
        self, x: float, y: float, w: float, h: float, control: str, value: int | None = None, *,
        span: tuple[float, float] = (0, 0),
    ) -> None:  # fmt: skip
        """Make a place in a lab's picture do what a control of this name does.

        It sets `value` or, without one, what lies under the pointer: rounded down, of a span from left to right.
        """
        what = f'data-value="{value}"' if value is not None else f'data-from="{span[0]:g}" data-to="{span[1]:g}"'
        corners = f"M{number(x)} {number(y)}h{number(w)}v{number(h)}h{number(-w)}z"
        self.add(f'<path d="{corners}" fill="{INK}" fill-opacity="0" data-points="{escaped(control)}" {what}/>')

    def add(self, markup: str) -> None:
        """Append SVG as it is; words in it must have gone through `escaped`."""
        self._body.append(markup)

    def text(
        self,
        x: float,
        y: float,
        words: str | Sequence[str],
        size: float = LABEL,
        *,
        weight: int = 400,
        fill: str = INK,
        anchor: str = "start",
        mono: bool = False,
        halo: str | None = None,
        halo_width: float = 4,
        room: float | None = None,
        step: float | None = None,
    ) -> float:
        """Write one line, or several from the first baseline `y` down; give the baseline of the line that would follow.

        `words` is a line, or a sequence of lines; with `room` each is wrapped into it. `halo` is the ground's colour.
        """
        lines = [words] if isinstance(words, str) else list(words)
        if room is not None:
            lines = [part for line in lines for part in wrap(line, room, size, bold=weight >= 600, mono=mono)]
        step = step or round(size * 1.3)
        parts = [escaped(line) for line in lines]
        rows = parts[0] if len(parts) == 1 else "".join(
            f'<tspan x="{number(x)}"' + (f' dy="{number(step)}"' if at else "") + f">{part}</tspan>"
            for at, part in enumerate(parts)
        )  # fmt: skip
        placed = written(
            x=x,
            y=y,
            font_size=None if size == LABEL else size,
            fill=None if fill == INK else fill,
            font_weight=None if weight == 400 else str(weight),
            text_anchor=None if anchor == "start" else anchor,
            font_family=look.MONO if mono else None,
            paint_order="stroke" if halo else None,
            stroke=halo,
            stroke_width=halo_width if halo else None,
            stroke_linejoin="round" if halo else None,
            xml_space="preserve" if mono else None,
        )
        if parts:
            self.add(f"<text{placed}>{rows}</text>")
        return y + step * len(parts)

    def path(
        self,
        *parts: str | float,
        stroke: str | None = INK,
        thick: float = 1.5,
        fill: str = "none",
        dash: str | None = None,
        head: str | None = None,
    ) -> None:
        """Draw a path of commands and numbers: path("M", x, y, "H", x2). `head` is "arrow" or "arrow-ink"."""
        if head:
            self._used.add(head)
        self._shape(
            "path",
            d=" ".join(part if isinstance(part, str) else number(part) for part in parts),
            fill=fill,
            **stroked(stroke, thick, dash),
            stroke_linejoin="round" if stroke else None,
            marker_end=f"url(#{self.prefix}-{head})" if head else None,
        )

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        r: float = 0,
        *,
        fill: str = "none",
        stroke: str | None = None,
        thick: float = 1.5,
        dash: str | None = None,
    ) -> None:
        """Draw a rectangle with corners of radius `r`."""
        self._shape("rect", x=x, y=y, width=w, height=h, rx=r or None, fill=fill, **stroked(stroke, thick, dash))

    def hatched(self, x: float, y: float, w: float, h: float) -> None:
        """Draw a rectangle of what nobody can read."""
        self._used.add("hatch")
        self.rect(x, y, w, h, fill=look.WHITE)
        self.rect(x, y, w, h, fill=f"url(#{self.prefix}-hatch)", stroke=INK)

    def circle(
        self,
        x: float,
        y: float,
        r: float,
        *,
        fill: str = "none",
        stroke: str | None = None,
        thick: float = 1.5,
        dash: str | None = None,
    ) -> None:
        """Draw a circle about x, y."""
        self._shape("circle", cx=x, cy=y, r=r, fill=fill, **stroked(stroke, thick, dash))

    def line(self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = INK, thick: float = 1.5) -> None:
        """Draw a straight line."""
        self.path("M", x1, y1, "L", x2, y2, stroke=stroke, thick=thick)

    def rule(self, y: float, x1: float | None = None, x2: float | None = None) -> None:
        """Draw a pale horizontal rule, from margin to margin when no ends are given."""
        self.line(self.left if x1 is None else x1, y, self.right if x2 is None else x2, y, stroke=RULE, thick=1)

    def dotted(self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = SECOND, thick: float = 2.2) -> None:
        """Draw a line that is still to come."""
        self.path("M", x1, y1, "L", x2, y2, stroke=stroke, thick=thick, dash=DOTTED)

    def arrow(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        above: str | Sequence[str] = "",
        below: str | Sequence[str] = "",
        to_come: bool = False,
    ) -> None:
        """Draw an arrow from sender to receiver: the operation's name above, the remark below, in their middle."""
        ends: tuple[str | float, ...] = ("M", x1, y1, "L", x2, y2)
        if to_come:
            self.path(*ends, stroke=SECOND, thick=2.2, dash=DOTTED, head="arrow")
        else:
            self.path(*ends, stroke=SECOND, head="arrow")
        over = [above] if isinstance(above, str) else list(above)
        middle, up, down = (x1 + x2) / 2, (y1 + y2) / 2 - 8, (y1 + y2) / 2 + 17
        if any(over):
            self.text(middle, up - 15 * (len(over) - 1), over, look.NOTE, fill=SECOND, anchor="middle", step=15)
        if below:
            self.text(middle, down, below, look.NOTE, fill=SECOND, anchor="middle", step=15)

    def use(
        self,
        mark: str,
        x: float,
        y: float,
        scale: float = 1,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        thick: float | None = None,
    ) -> None:
        """Place a mark of `marks.MARKS` with its origin at x, y; only the key takes colours."""
        if mark not in MARKS:
            raise KeyError(mark)
        self._used.add(mark)
        place = f"translate({number(x)} {number(y)})" + (f" scale({number(scale, 2)})" if scale != 1 else "")
        self._shape("use", href=f"#{self.prefix}-{mark}", transform=place, fill=fill, stroke=stroke, stroke_width=thick)

    def svg(self) -> str:
        """Give the drawing as an SVG document, the same bytes each time."""
        w, h, p = number(self.width), number(self.height), self.prefix
        marks = definitions(self._used, p)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}"'
            f' style="max-width:100%;height:auto" role="img" aria-labelledby="{p}-t" aria-describedby="{p}-d"'
            f' font-family="{look.SANS}" font-size="{LABEL}" fill="{INK}">'
        )
        words = f'<title id="{p}-t">{escaped(self.title)}</title>\n<desc id="{p}-d">{escaped(self.desc)}</desc>'
        defs = [f"<defs>\n{marks}\n</defs>"] if marks else []
        inside = f'width="{number(self.width - 1)}" height="{number(self.height - 1)}"'
        ground = f'<rect x="0.5" y="0.5" {inside} rx="12" fill="{CARD}" stroke="{RULE}"/>'
        return "\n".join([head, words, *defs, ground, *self._body, "</svg>\n"])

    def _shape(self, tag: str, **attributes: str | float | None) -> None:
        self.add(f"<{tag}{written(**attributes)}/>")
