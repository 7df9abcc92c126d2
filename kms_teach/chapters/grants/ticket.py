"""One grant as a ticket: its number on the stub, who gave it to whom, its terms, and whether it counts."""

from collections.abc import Callable
from functools import partial

from kms_teach.chapters.grants.facts import Chain, Given
from kms_teach.chapters.grants.words import rows
from kms_teach.drawing import scene
from kms_teach.drawing.answers import GAP, MARK, outcome
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Scene, Text, grid, sketch
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import (
    ALLOWED,
    CARD,
    DENIED,
    DOTTED,
    HEADING,
    INK,
    KMS,
    LAB,
    LABEL,
    LINE,
    NARROW,
    NOTE,
    RULE,
    SECOND,
    WHITE,
    Tone,
)
from kms_teach.drawing.svg import Drawing

PALE = Tone(LINE, SECOND, CARD)
PLAIN = Tone(LINE, INK, WHITE)
STUB, NOTCH, CORNER = 44, 6, 8  # px: width of the stub; radius of a bite, of a corner
ARROW, TERMS = 44, 62  # px of width: from giver to grantee; what a term is called
LINE_STEP, HEAD_STEP = 17, 20  # px from line to line, of the terms and of the first line
DISC, RING = 26, 9  # px: room of the number; radius of the ring that says that it counts for a while, or no more


def ticket(facts: Chain, grant: Given, canvas: int) -> Box:
    """Lay out one grant; on the narrow canvas whether it counts stands below giver and grantee."""
    around, gap = (7, 2) if canvas == LAB else (12, 6)
    tone, ink = _tone(facts, grant), SECOND if grant.ended else INK
    number = sketch(DISC, partial(_number, grant=grant, tone=tone))
    terms = [[Text(label, NOTE, fill=SECOND, leading=LINE_STEP), Text(words, NOTE, fill=ink, leading=LINE_STEP)]
             for label, words in rows(grant, brief=canvas == LAB)]  # fmt: skip
    head = _head(facts, grant, ink, wide=canvas != NARROW)
    told = Column([head, grid(terms, [TERMS, None], gap=8, apart=0)], gap=gap)
    inside = Row([Middle(number), Box(told, 12, around, around)], [STUB, None])
    return Box(inside, 0, 0, 0, frame=partial(_outline, tone=tone))


def _tone(facts: Chain, grant: Given) -> Tone:
    """The one accent: the grant that decided, or the one that changed."""
    if facts.use and facts.use.by == grant.number:
        return ALLOWED if facts.use.allowed else DENIED
    if grant.ended:
        return PALE
    return KMS if facts.changed == grant.number else PLAIN


def _number(d: Drawing, x: float, y: float, grant: Given, tone: Tone) -> None:
    if grant.ended:
        scene.passed_by(d, x, y, str(grant.number))
    else:
        scene.badge(d, x, y, str(grant.number), fill=tone.text)


def _head(facts: Chain, grant: Given, ink: str, *, wide: bool) -> Part:
    giver, grantee = (Text(name, HEADING, 700, ink, leading=HEAD_STEP) for name in (grant.giver, grant.grantee))
    name = Text(f"“{grant.name}”" if grant.name and wide else "", fill=SECOND, leading=HEAD_STEP)
    who: list[Part] = [giver, Scene(HEAD_STEP, _arrow), grantee, name]
    widths = [width(grant.giver, HEADING, bold=True), ARROW, width(grant.grantee, HEADING, bold=True), None]
    words, counts = _counts(facts, grant)
    room = MARK + GAP + width(words, bold=True)
    if wide:
        return Row([*who, counts], [*widths, room], gap=10)
    return Column([Row(who, widths, gap=10), Row([Gap(), counts], [None, room])], gap=4)


def _arrow(d: Drawing, x: float, y: float, width: float) -> None:
    d.arrow(x, y + HEAD_STEP / 2, x + width, y + HEAD_STEP / 2)


def _counts(facts: Chain, grant: Given) -> tuple[str, Row]:
    """Whether it counts: in words, and as it is drawn."""
    until, waits = facts.lingers(grant), facts.waits(grant)
    if waits or until:
        words = f"token needed until {grant.effective:%H:%M}" if waits else f"still counts until {until}"
        return words, _ring(words, INK, lambda d, x, y: d.circle(x, y, RING, stroke=SECOND, thick=2, dash=DOTTED))
    if grant.ended:
        return "gone", _ring("gone", SECOND, lambda d, x, y: d.circle(x, y, RING, stroke=LINE, thick=1.25))
    return "counts", outcome(True, "counts", LABEL)


def _ring(words: str, ink: str, draw: Callable[[Drawing, float, float], None]) -> Row:
    return Row([sketch(HEAD_STEP, draw), Text(words, weight=700, fill=ink, leading=HEAD_STEP)], [MARK, None], GAP)


def _outline(d: Drawing, x: float, y: float, w: float, h: float, tone: Tone) -> None:
    """A card with two bites where its stub is torn off."""
    right, foot, stub, r = x + w, y + h, x + STUB, CORNER
    bite = "A", NOTCH, NOTCH, "0 0 0"
    d.path(
        "M", x + r, y, "H", stub - NOTCH, *bite, stub + NOTCH, y, "H", right - r, "Q", right, y, right, y + r,
        "V", foot - r, "Q", right, foot, right - r, foot, "H", stub + NOTCH, *bite, stub - NOTCH, foot,
        "H", x + r, "Q", x, foot, x, foot - r, "V", y + r, "Q", x, y, x + r, y, "Z",
        fill=tone.wash, stroke=tone.mark, thick=1.75 if tone not in (PLAIN, PALE) else 1.25,
    )  # fmt: skip
    d.line(stub, y + 2 * NOTCH, stub, foot - 2 * NOTCH, stroke=RULE, thick=1)
