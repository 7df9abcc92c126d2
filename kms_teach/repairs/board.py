"""The board of tickets: who calls, what is the matter, how hard it is, and which chapters help."""

from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.drawing.layout import Box, Column, Part, Row, Text, mark, render, rule
from kms_teach.drawing.look import ALLOWED, HEADING, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.rows import heads, washed
from kms_teach.drawing.svg import Drawing

COLUMNS = (26, 340, 110, 90, None)  # px: number, title, who calls, level, chapters
NUMBER, MARK = 26, 20  # px of width
TITLE = "Thirteen things that went wrong"


class Line(Struct, frozen=True):
    """One ticket of the board."""

    id: str
    title: str
    reporter: str
    level: int
    chapters: tuple[str, ...]  # their numbers
    done: bool = False


class Board(Struct, frozen=True):
    """All tickets, in their order."""

    lines: tuple[Line, ...]

    @classmethod
    def of(cls, rows: Sequence[Line], done: Collection[str] = ()) -> "Board":
        """The board with these tickets done."""
        return cls(tuple(replace(row, done=row.id in done) for row in rows))


def board(facts: Board) -> Picture:
    """Draw the tickets, one a row; those that are done on green."""
    done = sum(line.done for line in facts.lines)
    title = f"{TITLE}, {done} of them put right" if done else TITLE
    rows = [
        (str(n), line.title, line.reporter, _level(line), _chapters(line), "done" if line.done else "open")
        for n, line in enumerate(facts.lines, 1)
    ]  # fmt: skip
    alt = " ".join(
        f"{n}. {name}: {reporter} calls; difficulty {level}; {chapters}; {state}."
        for n, name, reporter, level, chapters, state in rows
    )
    second = "Take the one that you have met yourself, or begin at the top"
    wide = render(Drawing("board", title, alt, second=second, width=WIDE), _wide(facts))
    narrow = render(Drawing("board-narrow", title, alt, second=second, width=NARROW), _narrow(facts))
    data = table(("ticket", "what is the matter", "who calls", "difficulty", "chapters", "state"), rows)
    return Picture(title, alt, wide, narrow, data, f"{title}: {'; '.join(line.title for line in facts.lines)}")


def _wide(facts: Board) -> Column:
    head = Row(heads(("", "what is the matter", "who calls", "difficulty", "chapters that help")), COLUMNS)
    parts: list[Part] = [Column([head, rule()], gap=4)]
    for number, line in enumerate(facts.lines, 1):
        cells = (
            _number(number, line), Text(line.title, HEADING, 600), Text(line.reporter, NOTE),
            Text(_level(line), NOTE), Text(", ".join(line.chapters), NOTE),
        )  # fmt: skip
        parts.append(washed(Row(cells, COLUMNS), ALLOWED if line.done else None))
    return Column(parts, gap=3)


def _narrow(facts: Board) -> Column:
    parts: list[Part] = []
    for number, line in enumerate(facts.lines, 1):
        under = f"{line.reporter}; difficulty {_level(line)}; {_chapters(line)}"
        words = Column([Text(line.title, HEADING, 600), Text(under, NOTE, fill=SECOND)], gap=1)
        parts.append(washed(Row((_number(number, line), words), (NUMBER, None)), ALLOWED if line.done else None))
    return Column(parts, gap=4)


def _level(line: Line) -> str:
    return f"{line.level} of 3"


def _chapters(line: Line) -> str:
    return f"chapter{'s' if len(line.chapters) > 1 else ''} {', '.join(line.chapters)}"


def _number(number: int, line: Line) -> Part:
    return Box(mark("allowed", 0.8), above=0, below=0) if line.done else Text(str(number), NOTE, fill=SECOND)
