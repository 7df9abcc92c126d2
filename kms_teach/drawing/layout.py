"""Layout: words, marks and boxes in columns, rows and grids that know their height, so that no place is computed twice.

A part is asked for its `height(width)`, and drawn with its upper left corner at x, y. `tall` is the room that a part
gets beside a taller neighbour: a box fills it, `Middle` stands in its middle, everything else stays at the top.

Why not a library: svgwrite is no longer developed, drawsvg and svg.py measure no text, and bindings to a flexbox engine
need a native wheel.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from kms_teach.drawing.lettering import shorten, wrap
from kms_teach.drawing.look import DATA_KEY, INK, LABEL, RULE, WHITE, Tone
from kms_teach.drawing.marks import EXTENTS
from kms_teach.drawing.svg import Drawing

Anchor = Literal["start", "middle", "end"]
SHARES = {"start": 0.0, "middle": 0.5, "end": 1.0}
BOLD = 600  # weights from here on are measured as bold
# px from a line's middle to its baseline: half a capital's height. One value for all our type sizes, so that words of
# two sizes stand on one line when their leading is the same.
BELOW_MIDDLE = 4.6


class Part(Protocol):
    """What can be laid out."""

    def height(self, width: float) -> float: ...
    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None: ...


class Gap(Struct, frozen=True):
    """Free room in a column, or an empty cell of a row."""

    tall: float = 0

    def height(self, width: float) -> float:
        return self.tall

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        pass


class Text(Struct, frozen=True):
    """Words, wrapped into the width; several lines are wrapped each for itself, and no words take no room.

    `leading` is the height of a line (1.3 of the size when 0); `cut` keeps one line and leaves out its middle.
    """

    words: str | Sequence[str]
    size: float = LABEL
    weight: int = 400
    fill: str = INK
    anchor: Anchor = "start"
    mono: bool = False
    leading: float = 0
    cut: bool = False

    @property
    def step(self) -> float:
        return self.leading or round(self.size * 1.3)

    def lines(self, width: float) -> list[str]:
        given, bold = [self.words] if isinstance(self.words, str) else self.words, self.weight >= BOLD
        if self.cut:
            return [shorten(line, width, self.size, bold=bold, mono=self.mono) for line in given]
        return [part for line in given for part in wrap(line, width, self.size, bold=bold, mono=self.mono)]

    def height(self, width: float) -> float:
        return self.step * len(self.lines(width))

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        place, baseline = x + SHARES[self.anchor] * width, y + self.step / 2 + BELOW_MIDDLE
        d.text(place, baseline, self.lines(width), self.size, weight=self.weight, fill=self.fill,
               anchor=self.anchor, mono=self.mono, step=self.step)  # fmt: skip


class Scene(Struct, frozen=True):
    """What has coordinates of its own, in a place `tall` high: `scene` is called with its corner and its width."""

    tall: float
    scene: Callable[[Drawing, float, float, float], None]

    def height(self, width: float) -> float:
        return self.tall

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        self.scene(d, x, y, width)


class Middle(Struct, frozen=True):
    """A part in the middle of the room beside its neighbours, or at their foot with a share of 1."""

    part: Part
    share: float = 0.5

    def height(self, width: float) -> float:
        return self.part.height(width)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        free = max(tall - self.height(width), 0)
        self.part.draw(d, x, y + free * self.share, width)


class Fitted(Struct, frozen=True):
    """A part that is made for the width it gets."""

    make: Callable[[float], Part]

    def height(self, width: float) -> float:
        return self.make(width).height(width)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        self.make(width).draw(d, x, y, width, tall)


class Box(Struct, frozen=True):
    """A part with free room around it, on a ground with an edge where it has them; never lower than `least`.

    `frame` is drawn instead of a rectangle: scene.region with its name, say.
    """

    part: Part
    sides: float = 16
    above: float = 12
    below: float = 12
    least: float = 0
    fill: str = "none"
    stroke: str | None = None
    thick: float = 1.5
    r: float = 8
    frame: Callable[[Drawing, float, float, float, float], None] | None = None

    def height(self, width: float) -> float:
        return max(self.above + self.part.height(width - 2 * self.sides) + self.below, self.least)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        high = max(self.height(width), tall)
        if self.frame:
            self.frame(d, x, y, width, high)
        elif self.fill != "none" or self.stroke:
            d.rect(x, y, width, high, self.r, fill=self.fill, stroke=self.stroke, thick=self.thick)
        inside = high - self.above - self.below
        self.part.draw(d, x + self.sides, y + self.above, width - 2 * self.sides, inside)


class Column(Struct, frozen=True):
    """Parts one below the other; one that takes no room takes no gap, and the last one gets what room is left."""

    parts: Sequence[Part]
    gap: float = 0

    def height(self, width: float) -> float:
        highs = [high for part in self.parts if (high := part.height(width))]
        return sum(highs) + self.gap * max(len(highs) - 1, 0)

    def places(self, y: float, width: float) -> Iterator[tuple[Part, float, float]]:
        """Give each part that takes room with its upper edge and its height, for a line that runs past them."""
        for part in self.parts:
            if high := part.height(width):
                yield part, y, high
                y += high + self.gap

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        foot = y + tall
        placed = list(self.places(y, width))
        for at, (part, top, high) in enumerate(placed, 1):
            part.draw(d, x, top, width, max(high, foot - top) if at == len(placed) else high)


class Row(Struct, frozen=True):
    """Cells beside each other, as tall as the tallest; `widths` in px, None for an equal share of what they leave."""

    cells: Sequence[Part]
    widths: Sequence[float | None] = ()
    gap: float = 0

    def places(self, x: float, width: float) -> Iterator[tuple[Part, float, float]]:
        """Give each cell with its left edge and its width."""
        widths = self.widths or [None] * len(self.cells)
        free = width - self.gap * (len(widths) - 1) - sum(known for known in widths if known is not None)
        share = free / max(sum(known is None for known in widths), 1)
        for cell, known in zip(self.cells, widths, strict=True):
            room = share if known is None else known
            yield cell, x, room
            x += room + self.gap

    def height(self, width: float) -> float:
        return max((cell.height(room) for cell, _, room in self.places(0, width)), default=0)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        high = max(self.height(width), tall)
        for cell, left, room in self.places(x, width):
            cell.draw(d, left, y, room, high)


def grid(
    rows: Sequence[Sequence[Part]],
    widths: Sequence[float | None] = (),
    *,
    gap: float = 16,
    apart: float = 8,
    ruled: bool = False,
) -> Column:
    """Rows of the same columns, `gap` between the columns, `apart` between the rows, with a rule there if `ruled`."""
    lines: list[Part] = [Row(cells, widths, gap) for cells in rows]
    if ruled:
        lines = [part for line in lines for part in (rule(), line)][1:]
    return Column(lines, apart)


def rule() -> Scene:
    """A pale line from side to side."""
    return Scene(1, lambda d, x, y, width: d.rule(y, x, x + width))


def sketch(tall: float, draw: Callable[[Drawing, float, float], None]) -> Scene:
    """What is drawn about a point: `draw` is called with the middle of a place `tall` high."""
    return Scene(tall, lambda d, x, y, width: draw(d, x + width / 2, y + tall / 2))


def mark(name: str, scale: float = 1, *, tall: float = 0, anchor: Anchor = "middle", fill: str | None = None) -> Scene:
    """A mark of `marks.MARKS`, in the middle of a place `tall` high (as high as itself when 0)."""
    box = EXTENTS[name]
    high = tall or box.height * scale

    def draw(d: Drawing, x: float, y: float, width: float) -> None:
        left = x + SHARES[anchor] * (width - box.width * scale)
        d.use(name, left - box.left * scale, y + (high - box.height * scale) / 2 - box.top * scale, scale, fill=fill)

    return Scene(high, draw)


def card(part: Part, tone: Tone | None = None, *, sides: float = 16, above: float = 12, below: float = 12) -> Box:
    """A box for words: white with a pale edge, or with a tone's wash and edge for the one that matters."""
    edge = RULE if tone is None else tone.text if tone is DATA_KEY else tone.mark
    return Box(part, sides, above, below, fill=tone.wash if tone else WHITE, stroke=edge, thick=1.75 if tone else 1.5)


def render(d: Drawing, part: Part, *, above: float = 12, below: float = 16, least: float = 0) -> str:
    """Draw a part under the title, from margin to margin, and give the drawing as SVG, never lower than `least`."""
    part.draw(d, d.left, d.top + above, d.room)
    d.height = max(d.top + above + part.height(d.room) + below, least)
    return d.svg()
