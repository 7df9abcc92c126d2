"""This is who rotates a KMS key, and how often: a table that is also a timeline, because its sentences have dates."""

from collections.abc import Sequence
from datetime import date

from kms_teach.chapters.rotation.claims import (
    CHOICE_OF_MANY,
    FALSE,
    FOOTNOTES,
    OLD_SHEET,
    TRUE,
    Claim,
    verdict,
    verdict_in,
)
from kms_teach.chapters.rotation.table_facts import NOW, Facts, alt, data, line, said, second, title, yes
from kms_teach.drawing.lettering import width, wrap
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, INK, KMS, LABEL, LINE, NARROW, NOTE, SECOND, WHITE
from kms_teach.drawing.markup import escaped, number
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.ownership import LAUNCH, READ_ON, Kind

PAST = "#EDF0F2"  # the ground of what does not hold
PAPER = "#F7F3E8"
SERIF = "Georgia, 'Times New Roman', 'Noto Serif', serif"
SEE, MANAGE, WHO = 236, 330, 436  # columns
PAPER_END, DATED = 414, 438  # where the old sheet ends, where its lines are dated
BAR = 38  # its height
SOURCES = f"Sources: KMS Developer Guide and AWS API changes of 12 Apr 2024, read in {NOW}."
MARKS = {TRUE: ("allowed", ALLOWED.text), FALSE: ("denied", DENIED.text), CHOICE_OF_MANY: ("", INK)}


def rotation_table(kinds: Sequence[Kind], year: int | None = None) -> Picture:
    """Draw who rotates the kinds of KMS key and how often, 2014 to today; `year` sets off what was true then.

    Raises ValueError for a year without KMS, or one that has not been.
    """
    if year is not None and not LAUNCH.year <= year <= READ_ON.year:
        raise ValueError(f"choose a year from {LAUNCH.year} to {READ_ON.year}, not {year}")
    names = {k.name for k in kinds}
    facts = Facts(tuple(kinds), year, tuple(claim for claim in OLD_SHEET if claim.kind in names))
    short = f"Rotation, {year or NOW}: {' '.join(said(facts))}"
    return Picture(title(facts), alt(facts), _wide(facts), _narrow(facts), data(facts), short)


def _x(d: Drawing, day: date) -> float:
    return d.left + d.room * (day - LAUNCH) / (READ_ON - LAUNCH)


def _middle(facts: Facts, d: Drawing) -> float:
    """Where the chosen year stands: its middle, or the middle of the part that KMS lived."""
    assert facts.year is not None
    first, last = max(date(facts.year, 1, 1), LAUNCH), min(date(facts.year, 12, 31), READ_ON)
    return (_x(d, first) + _x(d, last)) / 2


def _wide(facts: Facts) -> str:
    d = Drawing("rtable", title(facts), alt(facts), second=second(facts))
    head = d.top + 16
    for x, words in (
        (d.left, "kind of KMS key"),
        (SEE, "you see it"),
        (MANAGE, "you manage it"),
        (WHO, "who rotates it"),
    ):
        d.text(x, head, words, NOTE, fill=SECOND)
    d.rule(head + 8)
    y = head + 30
    for k in facts.kinds:
        d.text(d.left, y, k.name, HEADING, weight=700)
        for x, value in ((SEE, k.you_see), (MANAGE, k.you_manage)):
            d.use("allowed" if value else "denied", x + 9, y - 4.5, 0.85)
            d.text(x + 23, y, yes(value))
        d.text(WHO, y, k.who_rotates)
        _bars(d, facts, k, y + 14, words=True)
        y += 102
    foot = _axis(d, facts, y - 28)
    y = _sheet(d, facts, foot + 36)
    d.height = d.text(d.left, y, [" ".join(FOOTNOTES), SOURCES], NOTE, fill=SECOND, room=d.room, step=16) + 4
    return d.svg()


def _bars(d: Drawing, facts: Facts, k: Kind, y: float, *, words: bool) -> None:
    """The ways a kind was rotated, end to end; what holds is blue, or held in the chosen year."""
    held = facts.held(k)
    for r in k.rotations:
        left, right = (
            _x(d, r.since) + (2 if r.since != LAUNCH else 0),
            _x(d, r.until or READ_ON) - (2 if r.until else 0),
        )
        loud = r in held
        d.rect(left, y, right - left, BAR if words else 22, 3, fill=KMS.wash if loud else PAST,
               stroke=KMS.mark if loud else LINE, thick=1.75 if loud else 1.25)  # fmt: skip
        if words:
            lines = wrap(r.words, right - left - 18, LABEL, bold=True)
            first = y + BAR / 2 + 4.5 - 7.75 * (len(lines) - 1)
            d.text(left + 10, first, lines, LABEL if len(lines) == 1 else 12.5, weight=650 if loud else 400,
                   fill=INK if loud else SECOND, step=15.5)  # fmt: skip
        if r.until:
            d.line(right + 2, y - 5, right + 2, y + (BAR if words else 22) + 7, thick=2)
            d.text(right - 3, y + (BAR if words else 22) + 17, k.ended(r), NOTE, weight=650, anchor="end")
    if facts.year is not None:
        x = _middle(facts, d)
        d.path("M", x - 5, y - 8, "H", x + 5, "L", x, y - 1, "Z", fill=INK, stroke=None)


def _axis(d: Drawing, facts: Facts, y: float) -> float:
    """The years, and a flag on now or on the chosen one; give the y of its foot."""
    words = f"now, {NOW}" if facts.year is None else str(facts.year)
    half = width(words, NOTE, bold=True) / 2 + 8
    flag = d.right - half if facts.year is None else min(max(_middle(facts, d), d.left + half), d.right - half)
    d.line(d.left, y, d.right, y, stroke=SECOND, thick=1.25)
    taken: float = d.left - 8
    for year in range(LAUNCH.year, READ_ON.year + 1, 2):
        x, room = max(_x(d, date(year, 1, 1)), d.left), width(str(year), NOTE)
        d.line(x, y, x, y + 6, stroke=SECOND, thick=1.25)
        left = max(x - room / 2, d.left)
        if left > taken + 7:
            taken = left + room
            if taken + 4 < flag - half or left - 4 > flag + half:
                d.text(left, y + 21, str(year), NOTE, fill=SECOND)
    pointer = d.right - 1 if facts.year is None else _middle(facts, d)
    d.line(pointer, y - 6, pointer, y + 8, thick=1.75)
    d.rect(flag - half, y + 6, 2 * half, 21, 4, fill=INK)
    d.text(flag, y + 21, words, NOTE, weight=700, fill=WHITE, anchor="middle")
    return y + 27


def _sheet(d: Drawing, facts: Facts, y: float) -> float:
    """The old sheet's lines, each with what became of it; give the y below."""
    d.text(d.left, y, "On an old exam sheet you read", HEADING, weight=700)
    d.text(DATED, y, "Date it" if facts.year is None else f"In {facts.year}", HEADING, weight=700)
    top, foot = y + 12, y + 24 + 32 * len(facts.claims)
    edge: list[str | float] = ["M", 28, top, "H", PAPER_END]
    for at in range(1, 2 * len(facts.claims) + 1):
        edge += ["L", PAPER_END - 4 if at % 2 else PAPER_END, top + (foot - top) * at / (2 * len(facts.claims))]
    d.path(*edge, "H", 28, "Z", fill=PAPER, stroke=LINE, thick=1.25)
    for at, claim in enumerate(facts.claims):
        base = top + 27 + 32 * at
        _serif(d, 40, base, claim.kind, 700)
        _serif(d, 178, base, line(claim), 400)
        if at + 1 < len(facts.claims):
            d.rule(base + 11, 40, PAPER_END - 12)
        room = d.right - DATED - 26
        lines = wrap(facts.dated(claim), room, LABEL, bold=True)
        _verdict(d, facts, claim, DATED + 9, base - 8 * (len(lines) - 1), room)
    return foot + 28


def _verdict(d: Drawing, facts: Facts, claim: Claim, x: float, y: float, room: float) -> float:
    """Mark and words of what became of a claim; give the y of the line after the longest that any year gives."""
    mark, color = MARKS[facts.outcome(claim)]
    if mark:
        d.use(mark, x, y - 4.5, 0.85)
    else:
        d.circle(x, y - 4.5, 7.6, stroke=SECOND, thick=2)
        d.path("M", x, y - 9, "V", y - 4.5, "H", x + 3.5, stroke=SECOND, thick=2)
    loud = 700 if mark == "denied" else 650 if mark else 400
    d.text(x + 17, y, wrap(facts.dated(claim), room, LABEL, bold=True), weight=loud, fill=color, step=16)
    every = [verdict(claim), *(verdict_in(claim, year) for year in range(LAUNCH.year, READ_ON.year + 1))]
    return y + 16 * max(len(wrap(words, room, LABEL, bold=True)) for words in every)


def _serif(d: Drawing, x: float, y: float, words: str, weight: int) -> None:
    place = f'x="{number(x)}" y="{number(y)}" font-size="{NOTE}" font-weight="{weight}" font-family="{escaped(SERIF)}"'
    d.add(f"<text {place}>{escaped(words)}</text>")


def _narrow(facts: Facts) -> str:
    """The same on a phone: under each kind its bar, and under the bar its words."""
    d = Drawing("rtable-narrow", title(facts), alt(facts), second=second(facts), width=NARROW)
    y = d.top + 16
    for k in facts.kinds:
        d.rule(y - 10)
        d.text(d.left, y + 14, k.name, HEADING, weight=700)
        for x, words, value in ((d.left, "you see it", k.you_see), (d.left + 160, "you manage it", k.you_manage)):
            d.use("allowed" if value else "denied", x + 9, y + 33.5, 0.85)
            d.text(x + 23, y + 38, f"{words}: {yes(value)}")
        y = d.text(d.left, y + 60, f"Who rotates it: {k.who_rotates}.", room=d.room) + 2
        _bars(d, facts, k, y, words=False)
        y += 58 if len(k.rotations) > 1 else 40
        for r in k.rotations:
            loud = r in facts.held(k)
            when = f"until {k.ended(r)}" if r.until else f"since {r.since_words}" if r.since_words else "always"
            d.rect(d.left, y - 11, 12, 12, 2, fill=KMS.wash if loud else PAST, stroke=KMS.mark if loud else LINE)
            lines = wrap(f"{when}: {r.words}", d.room - 20, LABEL, bold=True)
            y = d.text(d.left + 20, y, lines, weight=650 if loud else 400, fill=INK if loud else SECOND) + 4
        y += 12
    y = _axis(d, facts, y) + 34
    d.text(d.left, y, "On an old exam sheet you read", HEADING, weight=700)
    y += 26
    for claim in facts.claims:
        _serif(d, d.left, y, claim.kind, 700)
        _serif(d, d.left, y + 19, line(claim), 400)
        y = _verdict(d, facts, claim, d.left + 9, y + 43, d.room - 30) + 10
        d.rule(y - 14)
        y += 8
    d.height = d.text(d.left, y + 4, [" ".join(FOOTNOTES), SOURCES], NOTE, fill=SECOND, room=d.room, step=16) + 4
    return d.svg()
