"""The years of KMS from side to side: how a kind of key was rotated in them as a bar, and the years under all bars."""

from datetime import date

from msgspec import Struct

from kms_teach.chapters.rotation.table_facts import NOW, Facts
from kms_teach.drawing.layout import Middle, Text
from kms_teach.drawing.lettering import width, wrap
from kms_teach.drawing.look import INK, KMS, LABEL, LINE, NOTE, SECOND, WASH, WHITE
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.ownership import LAUNCH, READ_ON, Kind, Rotation

PAST = "#EDF0F2"  # the ground of what does not hold
WORDED, LOW, PLAIN = 38, 44, 22  # px: height of a bar with words in it, and without
WHEN = "how often, and did it change? Date a claim about it"
POINTER, APART = 8, 2  # px: above a bar for the chosen year's pointer, from a bar's end to the day it ended
TICK, DAY, ENDED = 7, 17, 20  # px below a bar: its end's tick, the day's baseline, the room for both
INSET, FLAG = 10, 21  # px: from a bar's edge to its words, the height of the flag
RISE, MARK, YEAR = 6, 6, 21  # px: the flag's pole above the years, a year's mark, its words' baseline
BETWEEN, CLEAR = 7, 4  # px: from year to year at least, from a year to the flag


class Bars(Struct, frozen=True):
    """The ways a kind was rotated, end to end; what holds is blue, or held in the chosen year. A part of a layout."""

    facts: Facts
    kind: Kind
    worded: bool
    low: bool = False  # beside a lab's controls

    @property
    def high(self) -> int:
        return LOW if self.low else WORDED if self.worded else PLAIN

    def height(self, width: float) -> float:
        return POINTER + self.high + (ENDED if any(r.until for r in self.kind.rotations) else 0)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        top, foot = y + POINTER, y + POINTER + self.high
        if self.kind.name in self.facts.covered:
            d.rect(x, top, width, self.high, 3, fill=WASH, stroke=LINE, thick=1.25)
            d.text(x + width / 2, top + self.high / 2 + 5, WHEN, NOTE, fill=SECOND, anchor="middle")
            self._pointer(d, x, y, width)
            return
        for r in self.kind.rotations:
            left = place(r.since, x, width) + (APART if r.since != LAUNCH else 0)
            right = place(r.until or READ_ON, x, width) - (APART if r.until else 0)
            self._bar(d, r, left, top, right - left)
            if r.until:
                d.line(right + APART, top - 5, right + APART, foot + TICK, thick=2)
                d.text(right - 3, foot + DAY, self.kind.ended(r), NOTE, weight=650, anchor="end")
        self._pointer(d, x, y, width)

    def _pointer(self, d: Drawing, x: float, y: float, width: float) -> None:
        if self.facts.year is not None:
            at = middle(self.facts.year, x, width)
            d.path("M", at - 5, y, "H", at + 5, "L", at, y + TICK, "Z", fill=INK, stroke=None)

    def _bar(self, d: Drawing, r: Rotation, x: float, y: float, across: float) -> None:
        loud = r in self.facts.held(self.kind)
        d.rect(x, y, across, self.high, 3, fill=KMS.wash if loud else PAST,
               stroke=KMS.mark if loud else LINE, thick=1.75 if loud else 1.25)  # fmt: skip
        if not self.worded:
            return
        room = across - 2 * INSET
        lines = wrap(r.words, room, bold=True)  # as if bold, so that they break alike in every year
        size = LABEL if len(lines) == 1 else 12.5
        words = Text(lines, size, 650 if loud else 400, INK if loud else SECOND, leading=13.5 if self.low else 15.5)
        Middle(words).draw(d, x + INSET, y, room, self.high)


class Axis(Struct, frozen=True):
    """The years, and a flag on now or on the chosen one; a part of a layout."""

    facts: Facts

    def height(self, width: float) -> float:
        return RISE + MARK + FLAG

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        year, axis, end = self.facts.year, y + RISE, x + width
        words = f"now, {NOW}" if year is None else str(year)
        half, pointer = _half(words), end - 1 if year is None else middle(year, x, width)
        flag = min(max(pointer, x + half), end - half)
        d.line(x, axis, end, axis, stroke=SECOND, thick=1.25)
        self._years(d, x, axis, width, (flag - half, flag + half))
        d.line(pointer, y, pointer, axis + MARK + APART, thick=1.75)
        d.rect(flag - half, axis + MARK, 2 * half, FLAG, 4, fill=INK)
        d.text(flag, axis + YEAR, words, NOTE, weight=700, fill=WHITE, anchor="middle")

    def _years(self, d: Drawing, x: float, y: float, room: float, flag: tuple[float, float]) -> None:
        """A mark for every second year, and its words where they touch neither each other nor the flag."""
        taken = x - BETWEEN
        for year in range(LAUNCH.year, READ_ON.year + 1, 2):
            at, across = max(place(date(year, 1, 1), x, room), x), width(str(year), NOTE)
            d.line(at, y, at, y + MARK, stroke=SECOND, thick=1.25)
            left = max(at - across / 2, x)
            if left < taken + BETWEEN:
                continue
            taken = left + across
            if taken + CLEAR < flag[0] or left - CLEAR > flag[1]:
                d.text(left, y + YEAR, str(year), NOTE, fill=SECOND)


class Years(Struct, frozen=True):
    """The axis as something to point at: it sets the year of a lab."""

    facts: Facts

    def height(self, width: float) -> float:
        return Axis(self.facts).height(width)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        Axis(self.facts).draw(d, x, y, width, tall)
        years = [day.year + day.timetuple().tm_yday / 366 for day in (LAUNCH, READ_ON)]
        d.points(x, d.top, width, y + self.height(width) - d.top, "Year", span=(years[0], years[1]))


def place(day: date, x: float, room: float) -> float:
    """Where a day stands."""
    return x + room * (day - LAUNCH) / (READ_ON - LAUNCH)


def middle(year: int, x: float, room: float) -> float:
    """Where a year stands: its middle, or the middle of the part that KMS lived."""
    first, last = max(date(year, 1, 1), LAUNCH), min(date(year, 12, 31), READ_ON)
    return (place(first, x, room) + place(last, x, room)) / 2


def _half(words: str) -> float:
    return width(words, NOTE, bold=True) / 2 + 8
