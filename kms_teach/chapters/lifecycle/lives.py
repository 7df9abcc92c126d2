"""The lives of keys beside each other: in which state each was when, read off the trail, and which are gone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct

from kms_teach.chapters.lifecycle.states import GONE
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Column, Part, Row, Scene, Text, render
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import (
    DENIED,
    DOTTED,
    INK,
    KMS,
    LABEL,
    LINE,
    NARROW,
    NOTE,
    RULE,
    SECOND,
    WASH,
    WHITE,
    WIDE,
    Tone,
    day,
)
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.drawing.timescale import Scale
from kms_teach.keys.states import LIFECYCLE, STATES
from kms_teach.trail import Record

# What the table of states does not tell: material that comes and goes, and what AWS does of its own accord.
LEADS = {"DeleteImportedKeyMaterial": "PendingImport", "DeleteExpiredKeyMaterial": "PendingImport", "DeleteKey": GONE}
SECOND_LINE = "Bars: the states of each key, from its creation to now. Dotted: to come."
BAR, SCALE, FLAG = 22, 22, 120  # px: height of a bar, of the years under all; width of "deleted"
TONES = {
    "Enabled": Tone(KMS.mark, KMS.text, KMS.wash),
    "Disabled": Tone(LINE, SECOND, WASH),
    "PendingDeletion": Tone(DENIED.mark, DENIED.text, DENIED.wash),
}
OTHER = Tone(LINE, SECOND, WHITE)


class Span(Struct, frozen=True):
    """A key's time in one state."""

    state: str
    begin: datetime
    end: datetime


class OneLife(Struct, frozen=True):
    """A key: its states in order, when it is to be deleted, and whether anybody ever scheduled that."""

    name: str
    spans: tuple[Span, ...]
    scheduled: bool = False
    deletion: datetime | None = None

    @property
    def state(self) -> str:
        return self.spans[-1].state


class Lives(Struct, frozen=True):
    """The facts: several keys up to now."""

    now: datetime
    keys: tuple[OneLife, ...]

    @classmethod
    def of(cls, records: Iterable[Record], names: Mapping[str, str], now: datetime) -> "Lives":
        """Read them off a trail. `names` maps a key's ARN to the name it is shown by.

        Raises ValueError for a key whose creation is not among the records.
        """
        kept = list(records)
        return cls(now, tuple(_life(kept, arn, name, now) for arn, name in names.items()))

    @property
    def start(self) -> datetime:
        return min(key.spans[0].begin for key in self.keys)

    @property
    def end(self) -> datetime:
        """As far as the picture reaches: now, or the last deletion that is to come."""
        return max([self.now, *(key.deletion for key in self.keys if key.deletion)])


def _life(records: Sequence[Record], arn: str, name: str, now: datetime) -> OneLife:
    spans: list[Span] = []
    state, since, scheduled, deletion = "", now, False, None
    for record in records:
        if not record.worked or not any(each["ARN"] == arn for each in record.event.get("resources", ())):
            continue
        at = datetime.fromisoformat(record.event["eventTime"])
        if record.operation == "CreateKey":
            state, since = str(record.event["responseElements"]["keyMetadata"]["keyState"]), at
            continue
        to = _next(record.operation, state)
        scheduled |= record.operation == "ScheduleKeyDeletion"
        if to and to != state:
            spans += [Span(state, since, at)] if at > since else []
            state, since = to, at
    if not state:
        raise ValueError(f"the records do not tell how `{name}` was created")
    if state == "PendingDeletion":
        answer = [r for r in records if r.operation == "ScheduleKeyDeletion" and r.worked and _about(r, arn)][-1]
        deletion = _date(answer.event["responseElements"]["deletionDate"])
    return OneLife(name, (*spans, Span(state, since, now)), scheduled, deletion)


def _next(operation: str, state: str) -> str:
    if operation in LEADS:
        return LEADS[operation]
    to = LIFECYCLE.get(operation, {}).get(state, "")
    return to if to in STATES else ""


def _about(record: Record, arn: str) -> bool:
    return any(each["ARN"] == arn for each in record.event.get("resources", ()))


def _date(written: str) -> datetime:
    """A date as the trail writes it in an answer: Jan 31, 2026, 12:00:00 AM."""
    return datetime.strptime(f"{written} +0000", "%b %d, %Y, %I:%M:%S %p %z")


def lives(facts: Lives) -> Picture:
    """Draw the keys one below the other over the same days."""
    head, alt = title(facts), " ".join(f"{key.name}: {_told(key)}." for key in facts.keys)
    wide, narrow = (
        Drawing(name, head, alt, second=SECOND_LINE, width=canvas)
        for name, canvas in (("lives", WIDE), ("lives-narrow", NARROW))
    )
    data = table(
        ("key", "state", "from", "to"),
        [(key.name, span.state, day(span.begin), day(span.end)) for key in facts.keys for span in key.spans],
    )
    line = "; ".join(f"{key.name}: {_told(key)}" for key in facts.keys)
    return Picture(head, alt, render(wide, _laid(facts)), render(narrow, _laid(facts)), data, f"Lives: {line}")


def title(facts: Lives) -> str:
    gone = [key for key in facts.keys if key.state == GONE]
    count = f"{len(gone)} of {len(facts.keys)} keys {'is' if len(gone) == 1 else 'are'} gone"
    never = [key for key in facts.keys if not key.scheduled and key.state != GONE]
    if gone and never:
        return f"{count}: what nobody schedules, stays"
    if gone:
        return count
    waiting = [key for key in facts.keys if key.deletion]
    return f"{len(waiting)} of {len(facts.keys)} keys wait for their deletion" if waiting else "No key is gone"


def _told(key: OneLife) -> str:
    states = ", then ".join(span.state for span in key.spans if span.state != GONE)
    if key.state == GONE:
        return f"{states}, and deleted on {day(key.spans[-1].begin)}"
    return states + (f", to be deleted on {day(key.deletion)}" if key.deletion else "")


def _laid(facts: Lives) -> Column:
    lanes: list[Part] = []
    for key in facts.keys:
        works = key.state == "Enabled"
        words = "works" if works else key.state if key.state != GONE else "deleted"
        name = Row([Text(key.name, LABEL, 700, leading=20), outcome(works, words, LABEL)], [None, 160], gap=8)
        lanes.append(Column([name, Scene(BAR, partial(_bars, facts=facts, key=key))], gap=4))
    return Column([*lanes, Scene(SCALE, partial(_scale, facts=facts))], gap=12)


def _bars(d: Drawing, x: float, y: float, across: float, facts: Lives, key: OneLife) -> None:
    scale = Scale(facts.start, facts.end, x, x + across)
    for span in key.spans:
        left, right = scale.x(span.begin), scale.x(span.end)
        if span.state == GONE:
            d.rect(left, y, max(right - left, 3), BAR, 3, stroke=RULE)
            continue
        tone = TONES.get(span.state, OTHER)
        d.rect(left, y, max(right - left, 3), BAR, 3, fill=tone.wash, stroke=tone.mark, thick=1.25)
        if width(span.state, NOTE) + 12 < right - left:
            d.text(left + 6, y + 15.5, span.state, NOTE, fill=tone.text)
    if key.deletion:
        left, right = scale.x(facts.now), scale.x(key.deletion)
        d.path("M", left, y, "H", right, "V", y + BAR, "H", left, stroke=DENIED.mark, thick=2, dash=DOTTED)
        words = f"deleted on {day(key.deletion)}"
        if width(words, NOTE) + 12 < right - left:
            d.text(right - 6, y + 15.5, words, NOTE, fill=SECOND, anchor="end")


def _scale(d: Drawing, x: float, y: float, across: float, facts: Lives) -> None:
    scale = Scale(facts.start, facts.end, x, x + across)
    now = scale.x(facts.now)
    d.line(x, y, x + across, y, stroke=SECOND, thick=1.25)
    flag = min(max(now, x + 17), x + across - 17)
    for at, words in scale.marks():
        d.line(at, y, at, y + 5, stroke=SECOND, thick=1.25)
        left = min(at, x + across - width(words, NOTE))
        if left + width(words, NOTE) < flag - 22 or left > flag + 22:
            d.text(left, y + 18, words, NOTE, fill=SECOND)
    d.line(now, y - 6, now, y + 6, thick=1.75)
    d.rect(flag - 17, y + 4, 34, 18, 4, fill=INK)
    d.text(flag, y + 17, "now", NOTE, weight=700, fill=WHITE, anchor="middle")
