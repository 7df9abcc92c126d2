"""Time along a line: where a moment stands in a drawing, and which moments deserve a mark.

Why not a plotting library's date axis: a picture needs three lines of it, and the words in the course's one form.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import MONTHS, NOTE

DAYS = {"day": 1, "month": 30, "year": 365}  # about
STEPS = (  # unit and count, finest first
    ("day", 1), ("day", 2), ("day", 7), ("month", 1), ("month", 2), ("month", 3), ("month", 6),
    ("year", 1), ("year", 2), ("year", 5), ("year", 10),
)  # fmt: skip
LEAST = 20  # px from mark to mark: no words are narrower
APART = 10  # px between the words of two marks


class Scale(Struct, frozen=True):
    """Moments from `start` to `end`, drawn from `left` to `right`; to scale."""

    start: datetime
    end: datetime
    left: float
    right: float

    def x(self, at: datetime) -> float:
        return self.left + (self.right - self.left) * ((at - self.start) / (self.end - self.start))

    def marks(self) -> list[tuple[float, str]]:
        """Give x and words of days, months or years: the finest whose words do not touch."""
        least = LEAST * ((self.end - self.start) / (self.right - self.left))
        for unit, count in STEPS:
            if timedelta(days=DAYS[unit] * count) < least:
                continue
            labels = [(self.x(at), _words(at, unit)) for at in _moments(self.start, self.end, unit, count)]
            gaps = [b - a - width(words, NOTE) - APART for (a, words), (b, _) in pairwise(labels)]
            if all(gap >= 0 for gap in gaps):
                return labels
        return []


def _moments(start: datetime, end: datetime, unit: str, count: int) -> Iterator[datetime]:
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "day":
        at = midnight if midnight == start else midnight + timedelta(days=1)
        while at <= end:
            yield at
            at += timedelta(days=count)
        return
    first = midnight.replace(day=1)
    months = count if unit == "month" else 12 * count
    n = -(-(first.year * 12 + first.month - 1) // months) * months
    while (at := first.replace(year=n // 12, month=n % 12 + 1)) <= end:
        if at >= start:
            yield at
        n += months


def _words(at: datetime, unit: str) -> str:
    if unit == "year":
        return str(at.year)
    month = MONTHS[at.month - 1]
    return f"{at.day} {month}" if unit == "day" else f"{month} {at.year}"
