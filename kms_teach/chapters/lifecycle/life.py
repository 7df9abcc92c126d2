"""The life of a key: its state among all states, the days of its wait, and what KMS answers now."""

from datetime import timedelta
from functools import partial

from kms_teach.chapters.lifecycle import graph
from kms_teach.chapters.lifecycle.facts import KEPT, WAITING, Life, alt, data, line, title
from kms_teach.chapters.lifecycle.states import GONE, GROUPS, Group, allowed, refused
from kms_teach.chapters.lifecycle.states import refusal as words_of
from kms_teach.drawing import scene
from kms_teach.drawing.answers import outcome, refusal
from kms_teach.drawing.layout import Column, Part, Row, Scene, Text, card, grid, mark, render
from kms_teach.drawing.look import (
    HEADING,
    INK,
    KMS,
    LAB,
    LABEL,
    MONTHS,
    NARROW,
    NOTE,
    SECOND,
    WHITE,
    WIDE,
    day,
)
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.scene import gone
from kms_teach.drawing.svg import Drawing
from kms_teach.drawing.timescale import Scale
from kms_teach.inspect.opened_facts import RANDOM

SECOND_LINE = "Boxes: the states of a KMS key. Arrows: the calls that change them. The tag: its state now."
BRIEF = "The tag hangs on the key's state now"
MARK, GAP = 20, 8  # px of width: tick or cross; between cards
CARDS = (124, 96, 112, 102, 116, None)  # px of width
ENDS = {WIDE: (200, 548), LAB: (196, 414), NARROW: (36, 250)}  # px: the days of the wait, left and right
HIGH = 500  # px: of the picture beside a lab's controls, whatever happened


def life(facts: Life, *, canvas: int = WIDE) -> Picture:
    """Draw a key's state among all states, and what is answered in it; `canvas` is look.LAB beside a lab's controls."""
    head, words = title(facts), alt(facts)
    wide = Drawing("life", head, words, second=SECOND_LINE if canvas == WIDE else "", width=canvas,
                   lines=1 if canvas == WIDE else 2)  # fmt: skip
    narrow = Drawing("life-narrow", head, words, second=BRIEF, width=NARROW)
    above, below, least = (16, 16, 0) if canvas == WIDE else (4, 8, HIGH)
    svg = render(wide, _laid(facts, canvas), above=above, below=below, least=least)
    return Picture(head, words, svg, render(narrow, _laid(facts, NARROW)), data(facts), line(facts))


def _laid(facts: Life, canvas: int) -> Column:
    states = Scene(graph.LAYOUTS[canvas].tall, partial(_states, facts=facts))
    files = Column([_file(file.name, file.refused) for file in facts.files[:2]], gap=4)
    answers: Part = _brief(facts) if canvas != WIDE else Row([_card(g, facts) for g in GROUPS], CARDS, gap=GAP)
    said: list[Part] = [Text("What KMS answers now", HEADING, 700), *([files] if facts.files else []), answers]
    if canvas != LAB and (closed := refused(facts.state)):
        code, message = words_of(closed[0].operations[0], facts.state, facts.arn)
        said.append(refusal(code, RANDOM.sub("…", message), f"{len(closed)} of {len(GROUPS)} refused"))
    return Column([states, Column(said, gap=8)], gap=12 if canvas == LAB else 20)


def _states(d: Drawing, _x: float, y: float, _width: float, facts: Life) -> None:
    graph.draw(d, y, facts.state, facts.name)
    waits = facts.state in WAITING
    at = graph.place(d.width, "PendingDeletion")
    size = NOTE if d.width == NARROW else HEADING if d.width == WIDE else LABEL
    left = at.x + (16 if d.width == WIDE else 10)
    state = facts.state if waits else "PendingDeletion"
    d.text(left, y + at.y + 34, state, size, weight=700, fill=KMS.text if waits else INK)
    if facts.scheduled and facts.deletion and waits:
        _wait(d, y + at.y, facts)
    else:
        d.text(left, y + at.y + 54, ["7 to 30 days: all is kept,", "and nothing opens"], NOTE, fill=SECOND, step=15)
    _deleted(d, y, facts)


def _wait(d: Drawing, y: float, facts: Life) -> None:
    """The days of the waiting period, to scale, and the key that is kept meanwhile."""
    assert facts.scheduled
    assert facts.deletion
    left, right = ENDS[d.width]
    left_words = "1 day left" if facts.days_left == 1 else f"{facts.days_left} days left"
    if d.width == WIDE:
        scene.plate(d, 44, y + 46, 124, 64, "key material", key="#56B4E9")
        d.text(106, y + 127, "kept, unused", NOTE, fill=KMS.text, anchor="middle")
        d.text(left, y + 34, f"{left_words}: all five kept", HEADING, weight=700)
        d.text(left, y + 51, ", ".join(KEPT), NOTE)
        base = y + 92
    elif d.width == LAB:
        d.text(38, y + 54, [f"{left_words}:", "nothing is lost"], NOTE, step=15)
        base = y + 50
    else:
        d.text(30, y + 49, f"{left_words}: nothing is lost", NOTE)
        base = y + 84
    scale = Scale(facts.scheduled, facts.deletion, left, right)
    now = scale.x(min(facts.now, facts.deletion))
    d.path("M", left, base - 6, "V", base + 6, "M", left, base, "H", now, thick=2.5)
    d.dotted(now + 6, base, right, base)
    d.line(now, base - 8, now, base + 8, thick=1.75)
    flag = min(max(now, left + 17), right - 17)
    d.rect(flag - 17, base - 27, 34, 18, 4, fill=INK)
    d.text(flag, base - 14, "now", NOTE, weight=700, fill=WHITE, anchor="middle")
    days = (facts.deletion - facts.scheduled) // timedelta(days=1)
    for x, words, at, anchor in (
        (left, "day 0", facts.scheduled, "start"),
        (right, f"day {days}", facts.deletion, "end"),
    ):
        d.text(x, base + 23, f"{words}, {at.day} {MONTHS[at.month - 1]}", NOTE, anchor=anchor)


def _deleted(d: Drawing, y: float, facts: Life) -> None:
    """What is to come, or has come: the key and all that was its own are gone."""
    at = graph.place(d.width, GONE)
    here, x = facts.state == GONE, at.x + 10
    d.text(x, y + at.y + 24, GONE, NOTE if d.width == NARROW else LABEL, weight=700, fill=INK if here else SECOND)
    if d.width == WIDE:
        when = day(facts.deletion) if facts.deletion else "after the wait"
        d.text(x, y + at.y + 43, [when, "all five are gone"], NOTE, fill=SECOND, step=15)
        gone(d, "key", x + 12, y + at.y + 88, 1.4)
        d.text(x, y + at.y + 122, "no way back", NOTE, fill=SECOND)
    else:
        gone(d, "key", x + 10, y + at.y + 43, 1.1)
        d.text(x, y + at.y + 72, "for ever", NOTE, fill=SECOND)


def _file(name: str, error: str) -> Row:
    words = f"Decrypt {name}: {error or 'opens'}"
    return Row([mark("cipher", 0.45, tall=22), outcome(not error, words, LABEL, leading=22)], [MARK, None], GAP)


def _card(group: Group, facts: Life) -> Part:
    names = [*group.operations[:4], *(["…"] if group.more else [])]
    told = Text(", ".join(names), NOTE, fill=SECOND, leading=15)
    return card(Column([_answer(group, facts), told], gap=4), sides=7, above=8, below=8)


def _answer(group: Group, facts: Life) -> Row:
    name = "allowed" if allowed(group.operations[0], facts.state) else "denied"
    return Row([mark(name, 0.9, tall=20), Text(group.words, LABEL, 700, leading=20)], [MARK - 2, None], gap=4)


def _brief(facts: Life) -> Part:
    """Two rows of three: a tick or a cross, and the wish."""
    cells = [_answer(group, facts) for group in GROUPS]
    return grid([cells[:3], cells[3:]], gap=8, apart=4)
