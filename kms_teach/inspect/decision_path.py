"""This is the path of a decision as a drawing: one row for each step, and the line through those that count."""

from collections.abc import Sequence
from dataclasses import dataclass

from kms_teach.drawing import scene
from kms_teach.drawing.lettering import wrap
from kms_teach.drawing.look import HEADING, INK, NOTE, SECOND, SUBTITLE, WHITE, WIDE, Tone
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.decision_facts import Row

STEP, CODE = 18, 17  # px from line to line, of words and of a policy's text


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand on a canvas; on the narrow one what was read stands under its question."""

    wide: bool
    path: float
    around: float  # where the path passes a step by
    asked: float
    asked_room: float
    answer: float
    read: float
    read_room: float

    @classmethod
    def of(cls, d: Drawing) -> "Columns":
        x, room = d.left, d.room
        if d.width == WIDE:
            return cls(True, x + 34, x + 12, x + 56, 232, x + 318, x + 364, room - 378)
        return cls(False, x + 20, x + 6, x + 44, room - 96, d.right - 20, x + 44, room - 66)


@dataclass(frozen=True, slots=True)
class Placed:
    """A step in its place; `top` is its upper edge."""

    row: Row
    at: Columns
    top: float

    @property
    def asked(self) -> list[str]:
        return wrap(self.row.question, self.at.asked_room, SUBTITLE, bold=not self.row.passed)

    @property
    def code(self) -> list[tuple[str, bool]]:
        """The lines of the policy as they are drawn, the number only at the first of a broken line."""
        digits = max((len(str(line.number)) for line in self.row.lines), default=0)
        found = []
        for line in self.row.lines:
            indent = len(line.text) - len(line.text.lstrip())
            room = self.at.read_room - (digits + 2 + indent) * 0.61 * NOTE - 12
            for first, part in enumerate(wrap(line.text, room, NOTE, mono=True)):
                number = str(line.number) if first == 0 else ""
                found.append((f"{number:>{digits}}  {' ' * indent}{part}", line.loud))
        return found

    @property
    def read_height(self) -> float:
        row, room = self.row, self.at.read_room
        said = STEP * len(wrap(row.read, room))
        if row.where:
            said += STEP * len(wrap(row.where, room, NOTE, bold=True)) + CODE * len(self.code) + 16
        if row.verdict:
            said += STEP * len(wrap(row.verdict, room, NOTE, bold=True)) - 2
        return said

    @property
    def height(self) -> float:
        asked, said = STEP * len(self.asked), self.read_height
        return (max(asked, said) if self.at.wide else asked + said) + 20

    @property
    def badge(self) -> float:
        """The middle of its number: of the row, or of the question's first line."""
        return self.top + (self.height / 2 if self.at.wide else 18)

    @property
    def first(self) -> float:
        """The baseline of the question's first line: the question is in the middle of its row, or at its top."""
        return self.badge + 5 - (STEP * (len(self.asked) - 1) / 2 if self.at.wide else 0)


def drawn(d: Drawing, rows: Sequence[Row], tone: Tone, y: float) -> float:
    """Draw the steps from `y` down, and the path to what follows; gives the y below. `tone` is the decision's."""
    at = Columns.of(d)
    y = _heads(d, at, y + 10) if at.wide else y + 8
    steps = []
    for row in rows:
        steps.append(Placed(row, at, y))
        y += steps[-1].height + 8
    for step in steps:
        if step.row.decided:
            d.rect(d.left, step.top, d.room, step.height, 8, fill=tone.wash, stroke=tone.mark, thick=1.75)
    _path(d, steps, y)
    for step in steps:
        _step(d, step, tone)
    return y


def _heads(d: Drawing, at: Columns, y: float) -> float:
    d.text(at.asked, y + 4, "asked in this order", NOTE, fill=SECOND)
    d.text(at.answer, y + 4, "answer", NOTE, fill=SECOND, anchor="middle")
    d.text(at.read, y + 4, "what was read", NOTE, fill=SECOND)
    d.rule(y + 12)
    return y + 26


def _step(d: Drawing, step: Placed, tone: Tone) -> None:
    row, at, asked = step.row, step.at, step.asked
    light, ink = (400, SECOND) if row.passed else (700, INK)
    answered = tone.text if row.decided else ink
    x = at.asked + (12 if row.passed else 0)
    d.text(x, step.first, asked, SUBTITLE, weight=min(light, 650), fill=ink, step=STEP)
    if at.wide:
        middle = step.badge + 5
        d.text(at.answer, middle, row.answer, HEADING, weight=light, fill=answered, anchor="middle")
        _said(d, step, at.read, step.top + 24 if row.lines else middle - (step.read_height - STEP) / 2, tone)
    else:
        d.text(at.answer, step.first, row.answer, HEADING, weight=light, fill=answered, anchor="end")
        _said(d, step, x, step.first + STEP * len(asked), tone)
    if row.passed:
        scene.passed_by(d, at.path + 14, step.badge, str(row.number))
    else:
        scene.badge(d, at.path, step.badge, str(row.number), fill=tone.text if row.decided else INK)


def _said(d: Drawing, step: Placed, x: float, y: float, tone: Tone) -> None:
    row, room, code = step.row, step.at.read_room, step.code
    y = d.text(x, y, row.read, fill=SECOND, room=room, step=STEP)
    if row.where:
        y = d.text(x, y + 2, row.where, NOTE, weight=650, fill=tone.text, room=room, step=STEP) + 4
        loud = [n for n, (_, speaks) in enumerate(code) if speaks]
        box = y + CODE * loud[0] - 12.5, CODE * len(loud) + 2
        d.rect(x - 6, box[0], room + 12, box[1], 3, fill=WHITE, stroke=tone.mark, thick=1.25)
        for n, (text, speaks) in enumerate(code):
            weight, fill = (700, INK) if speaks else (400, SECOND)
            d.text(x, y + CODE * n, text, NOTE, mono=True, weight=weight, fill=fill)
        y += CODE * len(code) + 8
    if row.verdict:
        d.text(x, y, row.verdict, NOTE, weight=650, fill=tone.text, room=room, step=STEP)


def _path(d: Drawing, steps: Sequence[Placed], foot: float) -> None:
    """The path through the steps that count, around those that do not, to the answer below `foot`."""
    at = steps[0].at
    parts: list[str | float] = ["M", at.path, steps[0].badge]
    x, before = at.path, steps[0].badge
    for y, passed in [*((step.badge, step.row.passed) for step in steps[1:]), (foot + 4, False)]:
        to, bend = (at.around if passed else at.path), (before + y) / 2
        parts += ["L", x, y] if to == x else ["C", x, bend, to, bend, to, y]
        x, before = to, y
    d.path(*parts, "L", at.path, foot + 17, thick=2.5, head="arrow-ink")
