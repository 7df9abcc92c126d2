"""A message on a scale with its limit, and the bytes about the limit through a lens."""

from msgspec import Struct

from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import CARD, DENIED, INK, LAB, NOTE, RULE, SECOND, SUBTITLE, WASH
from kms_teach.drawing.svg import Drawing

SHEET = "#DCE3E9"  # the plaintext sheet's fill
STEP = 1024  # bytes from mark to mark
MARK, BASELINE, CAPITALS = 7, 13, 24  # px above the scale: its marks, the baseline and the top of its words
BAR, BELOW = 40, 10  # px: the bar's height, from the scale to it
HALF, AROUND = 8, 4  # px: half the lens's window, and how far it stands out above and below the bar
LINE = 14  # px of the limit's line above the lens
GRIP = 8  # px: width of what a bar's end is dragged by
THIN = 1.6  # px: a byte is drawn no thinner
OUTLINED = 3  # px: what is thinner has no room for an edge
INSET, BESIDE = 14, 12  # px: from the bar's edge to words in it, to words beside it
BREAKS, SLANT = (24, 14), 4  # px from the right end: the two cuts of a broken bar; half their width
UNIT, CLEAR = 48, 30  # px that keep the scale's words apart: "bytes" at its end, on each side of the limit


class Lens(Struct, frozen=True):
    """How many bytes up to the limit and beyond it are drawn large, and their cells in px, `away` from the bar."""

    before: int
    after: int
    cell: float
    high: float
    size: float
    line: float  # of the limit, below the cells
    away: float = 56


class Ruler(Struct, frozen=True):
    """The message's bar under its scale, and the lens; a part of a layout. `end` is the scale's, in bytes.

    It is the same for every limit: 214 bytes never look like 4,096. `every` mark of the scale is drawn; `words` stand
    in the bar or beside it, `broken` beyond the limit when the bar is cut.
    """

    size: int
    limit: int
    end: float
    lens: Lens
    every: int = 1
    words: str = ""
    broken: tuple[str, ...] = ()

    def height(self, width: float) -> float:
        return CAPITALS + BELOW + BAR + self.lens.away + self.lens.high

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        axis, scale = y + CAPITALS, width / self.end
        at_limit, bar = x + self.limit * scale, axis + BELOW
        self._axis(d, x, axis, width)
        self._bar(d, x, bar, width)
        d.line(at_limit, axis, at_limit, bar + BAR + AROUND, thick=2)
        if self.words:
            self._words(d, x, bar, width)
        if d.width == LAB:  # the bar's end can be taken hold of
            end = x + min(self.size, self.end) * scale
            d.rect(end - GRIP / 2, bar + BAR / 4, GRIP, BAR / 2, GRIP / 2, fill=CARD, stroke=INK, thick=2)
            d.points(x, bar - AROUND, width, BAR + 2 * AROUND, "Size in bytes", span=(0.5, self.end + 0.5))
        self._lens(d, at_limit, bar, x + width / 2)

    def _axis(self, d: Drawing, x: float, y: float, room: float) -> None:
        at_limit, words = x + self.limit * room / self.end, f"limit {self.limit:,}"
        half = width(words, NOTE, bold=True) / 2
        middle = max(at_limit, x + half)  # a small limit's words begin where the scale does
        d.line(x, y, x + room, y, stroke=SECOND, thick=1.25)
        for count in range(0, int(self.end), STEP * self.every):
            place = x + count * room / self.end
            if abs(place - middle) > half + CLEAR and place < x + room - UNIT:
                d.line(place, y - MARK, place, y, stroke=SECOND, thick=1.25)
                anchor = "middle" if count else "start"
                d.text(place, y - BASELINE, f"{count:,}", NOTE, fill=SECOND, anchor=anchor)
        d.line(at_limit, y - MARK, at_limit, y, thick=2)
        d.text(middle, y - BASELINE, words, NOTE, weight=700, anchor="middle")
        d.text(x + room, y - BASELINE, "bytes", NOTE, fill=SECOND, anchor="end")

    def _bar(self, d: Drawing, x: float, y: float, room: float) -> None:
        scale = room / self.end
        fits, over = min(self.size, self.limit) * scale, (min(self.size, self.end) - self.limit) * scale
        if over > OUTLINED:
            d.rect(x + self.limit * scale, y, over, BAR, fill=DENIED.wash, stroke=DENIED.mark)
        elif over > 0:
            d.rect(x + self.limit * scale, y, max(over, THIN), BAR, fill=DENIED.mark)
        if fits:
            d.rect(x, y, max(fits, THIN), BAR, fill=SHEET, stroke=INK)
        for back in BREAKS if self.size > self.end else ():
            cut = x + room - back
            d.path("M", cut - SLANT, y + BAR + AROUND, "L", cut + SLANT, y - AROUND, stroke=CARD, thick=5)

    def _words(self, d: Drawing, x: float, y: float, room: float) -> None:
        """What the message is: in the part that fits, else in the part too many, else beside both."""
        scale, needed = room / self.end, width(self.words, SUBTITLE, bold=True) + 2 * INSET
        fits, reached = min(self.size, self.limit) * scale, min(self.size, self.end) * scale
        beyond, broken = x + self.limit * scale + INSET, self.broken if self.size > self.end else ()
        if fits <= needed and broken:
            d.text(beyond, y + 17, self.words, SUBTITLE, weight=600, fill=DENIED.text)
            d.text(beyond, y + 33, " ".join(broken), NOTE, fill=DENIED.text)
            return
        inside = INSET if fits > needed else fits + INSET if reached - fits > needed else reached + BESIDE
        d.text(x + inside, y + BAR / 2 + 5, self.words, SUBTITLE, weight=600)
        d.text(beyond, y + 17, broken, NOTE, fill=DENIED.text, step=15)

    def _lens(self, d: Drawing, at_limit: float, bar: float, middle: float) -> None:
        lens, foot, y = self.lens, bar + BAR + AROUND, bar + BAR + self.lens.away
        across = (lens.before + lens.after) * lens.cell
        x, first = middle - across / 2, self.limit - lens.before + 1
        d.path("M", at_limit - HALF, foot, "L", x, y, "H", x + across, "L", at_limit + HALF, foot, "Z",
               stroke=None, fill=WASH)  # fmt: skip
        d.rect(at_limit - HALF, bar - AROUND, 2 * HALF, BAR + 2 * AROUND, 3, stroke=SECOND)
        for number in reversed(range(first, first + lens.before + lens.after)):
            self._cell(d, x + (number - first) * lens.cell, y, number)
        edge = x + lens.before * lens.cell
        d.line(edge, y - LINE, edge, y + lens.high + lens.line, thick=2.5)

    def _cell(self, d: Drawing, x: float, y: float, number: int) -> None:
        lens, held, over = self.lens, number <= self.size, number > self.limit
        fill, stroke, ink = (CARD, RULE, SECOND) if not held else (SHEET, INK, INK)
        if held and over:
            fill, stroke, ink = DENIED.wash, DENIED.mark, DENIED.text
        d.rect(x, y, lens.cell, lens.high, fill=fill, stroke=stroke, thick=1.75 if held and over else 1.25)
        weight = 700 if held and number == self.limit + 1 else 400
        place = x + lens.cell / 2
        d.text(place, y + lens.high / 2 + 5, f"{number:,}", lens.size, weight=weight, fill=ink, anchor="middle")
