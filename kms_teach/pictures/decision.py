"""This is a decision on its way: the questions in their order, the line that decided, AWS's words, the smallest change.

decision(sim.question(sim.trail[-1])) draws the newest call.
"""

from dataclasses import dataclass

from kms_teach.access.question import Question

from . import scene
from .decision_facts import Facts, Row, read
from .lettering import wrap
from .look import ALLOWED, CARD, DENIED, HEADING, INK, NARROW, NOTE, RULE, SECOND, SUBTITLE, WHITE, WIDE, Tone
from .picture import Picture, table
from .svg import Drawing

STEP, CODE = 18, 17  # px from line to line, of words and of a policy's text


def decision(question: Question) -> Picture:
    """Draw why a call was allowed or denied."""
    facts = read(question)
    rows = [(str(row.number), row.question, row.answer, _told(row)) for row in facts.rows]
    alt = " ".join(_sentences(facts))
    wide, narrow = (_draw(facts, alt, canvas) for canvas in (WIDE, NARROW))
    line = f"{facts.caller}, {facts.action}: {facts.title}"
    change = f"; {facts.change.says}" if facts.change else ""
    return Picture(facts.title, alt, wide, narrow, table(("step", "question", "answer", "read"), rows), line + change)


def _told(row: Row) -> str:
    shown = " ".join(f"{line.number}: {line.text.strip()}" for line in row.lines)
    return " ".join(
        part for part in (f"{row.read}.", f"{row.where}: {shown}" if row.where else "", row.verdict) if part
    )


def _sentences(facts: Facts) -> list[str]:
    found = [facts.second]
    found += [f"{row.number}, {row.question} {row.answer.capitalize()}: {_told(row)}" for row in facts.rows]
    found += [f"AWS's words: AccessDeniedException, {facts.message}."] if facts.message else ["Allowed."]
    found += [f"Came near: {near}." for near in facts.near]
    if facts.change:
        found += [f"The smallest change that {_turns(facts)}: {facts.change.says}. {facts.change.then}"]
        found += [f"Or {other}." for other in facts.change.others]
    return found


def _turns(facts: Facts) -> str:
    return "denies it" if facts.allowed else "allows it"


# --- drawing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand on a canvas; on the narrow one what was read stands under its question."""

    path: float
    around: float  # where the path passes a step by
    asked: float
    asked_room: float
    answer: float
    read: float
    read_room: float


def _columns(d: Drawing) -> Columns:
    if d.width == WIDE:
        return Columns(d.left + 34, d.left + 12, d.left + 56, 232, d.left + 318, d.left + 364, d.right - d.left - 378)
    return Columns(d.left + 20, d.left + 6, d.left + 44, d.room - 96, d.right - 20, d.left + 44, d.room - 66)


def _draw(facts: Facts, alt: str, canvas: int) -> str:
    wide = canvas == WIDE
    d = Drawing("decision" if wide else "decision-narrow", facts.title, alt, second=facts.second, width=canvas)
    tone, at = (ALLOWED if facts.allowed else DENIED), _columns(d)
    y = d.top + (10 if wide else 4)
    if wide:
        d.text(at.asked, y + 4, "asked in this order", NOTE, fill=SECOND)
        d.text(at.answer, y + 4, "answer", NOTE, fill=SECOND, anchor="middle")
        d.text(at.read, y + 4, "what was read", NOTE, fill=SECOND)
        d.rule(y + 12)
        y += 22
    tops = [y := y + 4]
    tops += [y := y + _height(row, at, wide) + 8 for row in facts.rows]
    for row, top in zip(facts.rows, tops, strict=False):
        if row.decided:
            d.rect(d.left, top, d.room, _height(row, at, wide), 8, fill=tone.wash, stroke=tone.mark, thick=1.75)
    _path(d, facts, at, tops)
    for row, top in zip(facts.rows, tops, strict=False):
        _row(d, row, at, top, tone)
    y = _outcome(d, facts, tops[-1] + 22)
    y = _near(d, facts, y + 12)
    if facts.change:
        y = _change(d, facts, y + 12)
    d.height = y + 18
    return d.svg()


def _asked(row: Row, at: Columns) -> list[str]:
    return wrap(row.question, at.asked_room, SUBTITLE, bold=not row.passed)


def _code(row: Row, at: Columns) -> list[tuple[str, bool]]:
    """The lines of the policy as they are drawn, the number only at the first of a broken line."""
    digits = max((len(str(line.number)) for line in row.lines), default=0)
    found = []
    for line in row.lines:
        indent = len(line.text) - len(line.text.lstrip())
        room = at.read_room - (digits + 2 + indent) * 0.61 * NOTE - 12
        for first, part in enumerate(wrap(line.text, room, NOTE, mono=True)):
            number = str(line.number) if first == 0 else ""
            found.append((f"{number:>{digits}}  {' ' * indent}{part}", line.loud))
    return found


def _read_height(row: Row, at: Columns) -> float:
    said = STEP * len(wrap(row.read, at.read_room))
    if row.where:
        said += STEP * len(wrap(row.where, at.read_room, NOTE, bold=True)) + CODE * len(_code(row, at)) + 16
    if row.verdict:
        said += STEP * len(wrap(row.verdict, at.read_room, NOTE, bold=True)) - 2
    return said


def _height(row: Row, at: Columns, wide: bool) -> float:
    asked, said = STEP * len(_asked(row, at)), _read_height(row, at)
    return (max(asked, said) if wide else asked + said) + 20


def _row(d: Drawing, row: Row, at: Columns, top: float, tone: Tone) -> None:
    wide, asked = d.width == WIDE, _asked(row, at)
    first, place = _first(row, at, top, wide), _badge(row, at, top, wide)
    middle = first + STEP * (len(asked) - 1) / 2
    light, ink = (400, SECOND) if row.passed else (700, INK)
    answered = tone.text if row.decided else ink
    x = at.asked + (12 if row.passed else 0)
    d.text(x, first, asked, SUBTITLE, weight=min(light, 650), fill=ink, step=STEP)
    if wide:
        d.text(at.answer, middle, row.answer, HEADING, weight=light, fill=answered, anchor="middle")
        _said(d, row, at, at.read, top + 24 if row.lines else middle - (_read_height(row, at) - STEP) / 2, tone)
    else:
        d.text(at.answer, first, row.answer, HEADING, weight=light, fill=answered, anchor="end")
        _said(d, row, at, x, first + STEP * len(asked), tone)
    if row.passed:
        scene.passed_by(d, at.path + 14, place, str(row.number))
    else:
        scene.badge(d, at.path, place, str(row.number), fill=tone.text if row.decided else INK)


def _first(row: Row, at: Columns, top: float, wide: bool) -> float:
    """The baseline of a question's first line: in the middle of its row, or at its top."""
    tall = _height(row, at, wide)
    return top + tall / 2 + 5 - STEP * (len(_asked(row, at)) - 1) / 2 if wide else top + 23


def _badge(row: Row, at: Columns, top: float, wide: bool) -> float:
    return top + _height(row, at, wide) / 2 if wide else top + 18


def _said(d: Drawing, row: Row, at: Columns, x: float, y: float, tone: Tone) -> None:
    y = d.text(x, y, row.read, fill=SECOND, room=at.read_room, step=STEP)
    if row.where:
        y = d.text(x, y + 2, row.where, NOTE, weight=650, fill=tone.text, room=at.read_room, step=STEP) + 4
        code = _code(row, at)
        loud = [n for n, (_, speaks) in enumerate(code) if speaks]
        box = y + CODE * loud[0] - 12.5, CODE * len(loud) + 2
        d.rect(x - 6, box[0], at.read_room + 12, box[1], 3, fill=WHITE, stroke=tone.mark, thick=1.25)
        for n, (text, speaks) in enumerate(code):
            d.text(
                x,
                y + CODE * n,
                text,
                NOTE,
                mono=True,
                weight=700 if speaks else 400,
                fill=INK if speaks else SECOND,
            )
        y += CODE * len(code) + 8
    if row.verdict:
        d.text(x, y, row.verdict, NOTE, weight=650, fill=tone.text, room=at.read_room, step=STEP)


def _path(d: Drawing, facts: Facts, at: Columns, tops: list[float]) -> None:
    """The path through the steps that count, around those that do not, to the answer."""
    wide = d.width == WIDE
    places = [(_badge(row, at, top, wide), row.passed) for row, top in zip(facts.rows, tops, strict=False)]
    parts: list[str | float] = ["M", at.path, places[0][0]]
    x, before = at.path, places[0][0]
    for y, passed in [*places[1:], (tops[-1] + 4, False)]:
        to, bend = (at.around if passed else at.path), (before + y) / 2
        parts += ["L", x, y] if to == x else ["C", x, bend, to, bend, to, y]
        x, before = to, y
    d.path(*parts, "L", at.path, tops[-1] + 17, thick=2.5, head="arrow-ink")


def _outcome(d: Drawing, facts: Facts, y: float) -> float:
    """AWS's words, or that it goes on; gives the y of the box's foot."""
    if not facts.allowed:
        return scene.aws_words(d, d.left, y, d.room, "AccessDeniedException", facts.message, "Denied")
    words = wrap(f"Allowed: KMS goes on with {facts.action.removeprefix('kms:')}", d.room - 62, HEADING, bold=True)
    tall = 27 + 19 * len(words)
    d.rect(d.left, y, d.room, tall, 8, fill=WHITE, stroke=ALLOWED.mark, thick=1.75)
    d.use("allowed", d.left + 28, y + 23)
    d.text(d.left + 48, y + 28, words, HEADING, weight=700, fill=ALLOWED.text, step=19)
    return y + tall


def _near(d: Drawing, facts: Facts, y: float) -> float:
    if not facts.near:
        return y - 12
    y = d.text(d.left, y + 14, "What came near", weight=700)
    for near in facts.near:
        y = d.text(d.left, y, near, NOTE, fill=SECOND, room=d.room, step=16) + 2
    return y - 10


def _change(d: Drawing, facts: Facts, y: float) -> float:
    """The smallest change that turns it round, tried and counted; gives the y of the box's foot."""
    change, tone = facts.change, (DENIED if facts.allowed else ALLOWED)
    assert change
    inner, left = d.room - 32, d.left + 16
    heads = wrap(f"The smallest change that {_turns(facts)}: {change.says}", d.room - 66, HEADING, bold=True)
    room = inner - 24
    parts = [
        (f"{line[0] if first == 0 else ' '} {part}", line[0])
        for line in change.diff
        for first, part in enumerate(wrap(line[2:], room - 2 * 0.61 * NOTE, NOTE, mono=True))
    ]
    then = wrap(change.then, inner)
    others = [wrap(f"Or: {other}.", inner, NOTE) for other in change.others]
    tall = 24 + 19 * len(heads) + (16 * len(parts) + 14 if parts else 4) + STEP * len(then)
    tall += sum(16 * len(other) for other in others) + (4 if others else 0)
    d.rect(
        d.left,
        y,
        d.room,
        tall,
        8,
        fill=WHITE if not facts.allowed else CARD,
        stroke=tone.mark if not facts.allowed else RULE,
        thick=1.75 if not facts.allowed else 1.5,
    )
    if not facts.allowed:
        d.use("allowed", d.left + 28, y + 24)
    x = d.left + (48 if not facts.allowed else 16)
    below = d.text(x, y + 29, heads, HEADING, weight=700, fill=tone.text if not facts.allowed else INK, step=19)
    if parts:
        d.rect(left - 4, below - 8, inner + 8, 16 * len(parts) + 6, 3, fill=tone.wash)
        for n, (text, _) in enumerate(parts):
            d.text(left + 4, below + 7 + 16 * n, text, NOTE, mono=True)
        below += 16 * len(parts) + 10
    below = d.text(left, below + 6, then, step=STEP)
    for other in others:
        below = d.text(left, below, other, NOTE, fill=SECOND, step=16)
    return y + tall
