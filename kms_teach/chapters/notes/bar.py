"""The years of a sentence as a bar: high while it was true, low where it depends, a line where it is not true."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from kms_teach.drawing.lettering import width as wide
from kms_teach.drawing.look import INK, KMS, LINE, NOTE, SECOND, WASH, WHITE
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.claim import DEPENDS, TRUE, WRONG, Finding
from kms_teach.keys.ownership import LAUNCH, READ_ON

HIGH, LOW = 18, 7  # px: of a bar that is true, of one that depends
RISE, FLAG, TICK = 4, 20, 6  # px: of the axis
COVER = "when?"


class Span(Struct, frozen=True):
    """What a sentence was from one day to another."""

    since: date
    until: date
    state: str  # TRUE, DEPENDS or WRONG


def spans(finding: Finding) -> Iterator[Span]:
    """The years of KMS, in order, by what the sentence was."""
    claim = finding.claim
    today = TRUE if finding.holds else DEPENDS if finding.holds is None else WRONG
    began, ended = claim.since or LAUNCH, claim.until or READ_ON
    if claim.since and claim.since > LAUNCH:
        yield Span(LAUNCH, began, WRONG)
    yield Span(began, ended, TRUE if claim.until else today)
    if claim.until:
        yield Span(ended, READ_ON, today)


def place(day: date, x: float, room: float) -> float:
    """Where a day stands in a bar that begins at x."""
    return x + room * (day - LAUNCH) / (READ_ON - LAUNCH)


def end_of(year: int) -> date:
    """The day that stands for a year: its last, or the last that was looked at."""
    return min(date(year, 12, 31), READ_ON)


class Bar(Struct, frozen=True):
    """A part of a layout. Without a finding it is covered; `year` is where the line of a year runs through."""

    finding: Finding | None
    year: int | None = None
    tall: float = HIGH + 8

    def height(self, width: float) -> float:
        return self.tall

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        high = max(tall, self.tall)
        foot = y + (high + HIGH) / 2
        if self.finding is None:
            d.rect(x, foot - HIGH, width, HIGH, 3, fill=WASH, stroke=LINE, thick=1.25)
            d.text(x + width / 2, foot - 5, COVER, NOTE, fill=SECOND, anchor="middle")
            return
        if self.year is not None:
            at = place(end_of(self.year), x, width)
            d.line(at, y, at, y + high, stroke=SECOND, thick=1.25)
        for span in spans(self.finding):
            left, right = place(span.since, x, width), place(span.until, x, width)
            if span.state == WRONG:
                d.line(left, foot - 1, right, foot - 1, stroke=LINE)
            elif span.state == DEPENDS:
                d.rect(left, foot - LOW, right - left, LOW, 2, fill=KMS.wash, stroke=KMS.mark, thick=1.25)
            else:
                d.rect(left, foot - HIGH, right - left, HIGH, 3, fill=KMS.wash, stroke=KMS.mark, thick=1.75)
        if ended := self.finding.claim.until:
            at = place(ended, x, width)
            d.line(at, foot - HIGH - 3, at, foot + 3, stroke=INK, thick=2)


class Axis(Struct, frozen=True):
    """The years below the bars, and a flag on one of them, or on today; a part of a layout."""

    year: int | None = None

    def height(self, width: float) -> float:
        return RISE + TICK + FLAG

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        line, words = y + RISE, "now" if self.year is None else str(self.year)
        half = wide(words, NOTE, bold=True) / 2 + 7
        at = place(READ_ON if self.year is None else end_of(self.year), x, width)
        middle = min(max(at, x + half), x + width - half)
        d.line(x, line, x + width, line, stroke=SECOND, thick=1.25)
        d.line(at, y, at, line + TICK + 1, thick=1.75)
        d.rect(middle - half, line + TICK, 2 * half, FLAG - 2, 4, fill=INK)
        d.text(middle, line + TICK + 13, words, NOTE, weight=700, fill=WHITE, anchor="middle")
        taken = x - 8
        for year in range(LAUNCH.year + 1, READ_ON.year + 1):
            mark = place(date(year, 1, 1), x, width)
            across = wide(str(year), NOTE)
            left = mark - across / 2
            if (
                left < taken + 8
                or (left + across > middle - half - 4 and left < middle + half + 4)
                or left + across > x + width
            ):
                continue
            taken = left + across
            d.line(mark, line, mark, line + TICK - 1, stroke=SECOND, thick=1.25)
            d.text(left, line + TICK + 13, str(year), NOTE, fill=SECOND)
