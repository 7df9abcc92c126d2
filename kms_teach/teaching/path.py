"""A path to the exam: which chapters on which of the days that are left, and the mock exams before it."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from kms_teach.teaching.catalog import CHAPTERS

MOCKS = 2  # mock exams before the exam, on days of their own, where there are so many
MOST = 3  # chapters on one day: about an hour


class Day(Struct, frozen=True):
    """What to do on a day, counted from 1: chapters by their rooms; a mock exam where there are none."""

    number: int
    rooms: tuple[str, ...]
    mock: bool = False


def path(answers: Iterable[tuple[str, bool]], days: int) -> list[Day]:
    """Spread over the days what is to be read, of pairs (room, right).

    A chapter with a wrong answer comes before one that was not asked about, and one with right answers alone is left
    out; among equals the course's order counts. The last days are for mock exams. Where the days are too few, what was
    wrong is what they are for.
    """
    wrong: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for room, well in answers:
        (right if well else wrong)[room] += 1
    order = [chapter.room for chapter in CHAPTERS]
    missed = sorted(wrong, key=lambda room: (-wrong[room], order.index(room)))
    rest = [room for room in order if room not in wrong and room not in right]
    mocks = min(MOCKS, days - 1) if missed or rest else days
    reading = days - mocks
    rooms = [*missed, *rest][: reading * MOST]
    size, longer = divmod(len(rooms), reading) if reading else (0, 0)
    found, at = [], 0
    for number in range(1, reading + 1):
        many = size + (number <= longer)
        found.append(Day(number, tuple(rooms[at : at + many])))
        at += many
    found = [day for day in found if day.rooms]
    return [*found, *(Day(number, (), mock=True) for number in range(days - mocks + 1, days + 1))]
