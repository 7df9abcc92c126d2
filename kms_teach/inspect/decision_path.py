"""The path of a decision as a drawing: one row for each step, and the line through those that count."""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.drawing import layout, lettering, scene
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Scene, Text, rule
from kms_teach.drawing.look import HEADING, INK, LAB, LABEL, NARROW, NOTE, SECOND, SUBTITLE, WHITE, WIDE, Tone
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.decision_facts import Row
from kms_teach.inspect.excerpt import Line

STEP, CODE = 18, 17  # px from line to line, of words and of a policy's text
DISC, PASSED = 13, 14  # px: radius of a step's number; how far beside the path one stands that does not count
MOST = 3  # lines of a policy beside a lab's controls, which show it whole
AFTER = 17  # px from the last step to the point of the arrow
LETTER = lettering.width("0", NOTE, mono=True)


class Columns(Struct, frozen=True):
    """The columns of a canvas; on the narrow one what was read stands under its question."""

    path: float  # the path's middle
    around: float  # where it passes a step by
    numbers: float
    asked: float | None
    answer: float
    inside: float = 12  # more, of a step that does not count
    apart: float = 8  # between two steps
    above: float = 10  # around one
    size: float = SUBTITLE


COLUMNS = {
    WIDE: Columns(path=34, around=12, numbers=56, asked=232, answer=64),
    LAB: Columns(path=20, around=6, numbers=40, asked=196, answer=40, apart=2, above=5, size=LABEL),
    NARROW: Columns(path=20, around=6, numbers=44, asked=None, answer=36),
}


class Path(Struct, frozen=True):
    """The steps of a decision and the line through them to what follows; a part of a layout. `tone` is the decision's.

    The line ends at each number and goes on below it, so that it may be drawn last, over the wash of the step that
    decided.
    """

    rows: Sequence[Row]
    tone: Tone
    canvas: int

    @property
    def _columns(self) -> Columns:
        return COLUMNS[self.canvas]

    @property
    def _wide(self) -> bool:
        return self.canvas != NARROW

    @property
    def _laid(self) -> Column:
        steps = Column([self._step(row) for row in self.rows], self._columns.apart)
        return Column([self._heads(), rule(), steps], self._columns.apart) if self.canvas == WIDE else steps

    def height(self, width: float) -> float:
        return self._laid.height(width) + AFTER

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        laid = self._laid
        laid.draw(d, x, y, width)
        foot = y + laid.height(width)
        if self.canvas == WIDE:
            *_, (steps, y, _) = laid.places(y, width)
            assert isinstance(steps, Column)
            laid = steps
        first = self._columns.above + STEP / 2  # on the narrow canvas the number stands in a step's first line
        middles = [top + (high / 2 if self._wide else first) for _, top, high in laid.places(y, width)]
        self._line(d, x, middles, foot)

    def _heads(self) -> layout.Row:
        columns = self._columns
        heads = ("asked in this order", "answer", "what was read")
        asked, answer, read = (Text(words, NOTE, fill=SECOND) for words in heads)
        return layout.Row([Gap(), asked, answer, read], [columns.numbers, columns.asked, columns.answer, None])

    def _step(self, row: Row) -> Box:
        columns, weight, ink = self._columns, 400 if row.passed else 700, SECOND if row.passed else INK
        inside = columns.inside if row.passed else 0
        number = Scene(STEP, lambda d, x, y, _: self._number(d, row, x + columns.path, y + STEP / 2))
        asked = Text(row.question, columns.size, min(weight, 650), ink, leading=STEP)
        anchor: layout.Anchor = "start" if self._wide else "end"
        answered = self.tone.text if row.decided else ink
        answer = Text(row.answer, HEADING, weight, answered, anchor, leading=STEP)
        room = None if columns.asked is None else columns.asked - inside
        widths = [columns.numbers + inside, room, columns.answer]
        read = self._read(row)
        if self._wide:
            cells: list[Part] = [asked, answer, read]
            beside: Part = layout.Row([Middle(cell) for cell in cells], [*widths[1:], None])
            if self.canvas == LAB and row.passed:  # what does not count gets one line
                beside = layout.Row([answer, replace(asked, cut=True)], [columns.answer, None])
            elif self.canvas == LAB and row.lines:  # the policy's lines get the width of question and answer as well
                beside = Column([beside, self._spoken(row)], 2)
            step: Part = layout.Row([Middle(number), beside], [widths[0], None])
        else:
            step = Column([layout.Row([number, asked, answer], widths), layout.Row([Gap(), read], [widths[0], None])])
        fill, stroke = (self.tone.wash, self.tone.mark) if row.decided else ("none", None)
        inset = layout.Row([step, Gap()], [None, 10])
        return Box(inset, 0, columns.above, columns.above, fill=fill, stroke=stroke, thick=1.75)

    def _number(self, d: Drawing, row: Row, x: float, y: float) -> None:
        if row.passed:
            scene.passed_by(d, x + PASSED, y, str(row.number))
        else:
            scene.badge(d, x, y, str(row.number), fill=self.tone.text if row.decided else INK)

    def _read(self, row: Row) -> Column:
        told = Text(row.brief if self.canvas == LAB else row.read, fill=SECOND, leading=STEP)
        return Column([told] if self.canvas == LAB and row.lines else [told, self._spoken(row)], 2)

    def _spoken(self, row: Row) -> Column:
        """The lines that spoke, where they stand, and what they say."""
        where, verdict = (Text(words, NOTE, 650, self.tone.text, leading=STEP) for words in (row.where, row.verdict))
        return Column([where, self._code(row.lines), verdict], 2)

    def _code(self, lines: Sequence[Line]) -> Column:
        """The lines of the policy, those that speak in a frame."""
        digits = max((len(str(line.number)) for line in lines), default=0)
        left = len(lines) - MOST if self.canvas == LAB else 0
        if left > 0:  # the loud ones stay
            kept = sorted(lines, key=lambda line: not line.loud)[:MOST]
            lines = sorted(kept, key=lambda line: line.number)
        parts: list[Part] = []
        for loud, group in groupby(lines, key=lambda line: line.loud):
            shown = Column([_line(line, digits) for line in group])
            fill, stroke = (WHITE, self.tone.mark) if loud else ("none", None)
            parts.append(Box(shown, 6, 1, 1, fill=fill, stroke=stroke, thick=1.25, r=3))
        more = f"and {left} more line{'s' if left > 1 else ''}" if left > 0 else ""
        return Column([*parts, Text(more, NOTE, fill=SECOND, leading=CODE)])

    def _line(self, d: Drawing, x: float, middles: Iterable[float], foot: float) -> None:
        """Through the steps that count, around those that do not, to the answer below `foot`."""
        straight, around = x + self._columns.path, x + self._columns.around
        stops = [
            (around, middle, middle) if row.passed else (straight, middle - DISC, middle + DISC)
            for middle, row in zip(middles, self.rows, strict=True)
        ]
        parts: list[str | float] = []
        for (x1, _, y1), (x2, y2, _) in pairwise([*stops, (straight, foot, foot)]):
            bend = (y1 + y2) / 2
            parts += ["M", x1, y1, *(("L",) if x1 == x2 else ("C", x1, bend, x2, bend)), x2, y2]
        d.path(*parts, "L", straight, foot + AFTER, thick=2.5, head="arrow-ink")


def _line(line: Line, digits: int) -> layout.Row:
    """One line, its number only before the first part of it when it is broken."""
    weight, fill = (700, INK) if line.loud else (400, SECOND)
    indent = len(line.text) - len(line.text.lstrip())
    number = Text(str(line.number), NOTE, weight, fill, "end", mono=True, leading=CODE)
    text = Text(line.text, NOTE, weight, fill, mono=True, leading=CODE)
    return layout.Row([number, Gap(), text], [digits * LETTER, (2 + indent) * LETTER, None])
