"""A row of the ledger, opened: a line of a sheet, what was tried, and what became of it."""

from msgspec import Struct

from kms_teach.chapters.notes.bar import Axis, Bar
from kms_teach.chapters.notes.ledger import verdict
from kms_teach.drawing.layout import Box, Column, Middle, Part, Row, Text, grid, mark, render, rule
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, LABEL, LINE, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.claim import DATED, DEPENDS, TRUE, WRONG, Case, Finding, plain

PAPER = "#F7F3E8"
HIGH = 498  # px: beside a lab's controls, whatever stands there
MARK, EDGE, STEP, SAID = 18, 5, 17, 92  # px: of a mark's place, of the torn edge, from line to line, "You said"
TITLES = {
    TRUE: "This line is true",
    DATED: "This line was true once",
    DEPENDS: "This line holds in some cases, and not in all",
    WRONG: "This line was never true",
}
OPEN = "True, true once, or never true?"
TO_COME = (
    "What is tried for this line, and what KMS answers, stands here once you have said what you expect, and run it."
)
UNKNOWN = "Not known here"
NOT_KNOWN = (
    "No dated claim of this course says this, or denies it. That makes it neither true nor false: look it up, or ask a "
    "simulator."
)


class Opened(Struct, frozen=True):
    """A line, what came of it (None: not tried yet, or not known here), and what the learner had said ("": nothing)."""

    line: str
    finding: Finding | None = None
    said: str = ""
    known: bool = True

    @classmethod
    def of(cls, finding: Finding) -> "Opened":
        """A claim in its plainest words, and what came of it."""
        return cls(finding.claim.sentence, finding)

    @property
    def right(self) -> bool:
        return self.finding is not None and self.finding.right(self.said)

    @property
    def title(self) -> str:
        return TITLES[self.finding.verdict] if self.finding else OPEN if self.known else UNKNOWN


def row(facts: Opened, *, canvas: int = WIDE, least: int = 0) -> Picture:
    """Draw a line and what came of it; covered while it has not been tried."""
    found = facts.finding
    told = [f"“{facts.line}”"]
    if found:
        said = f" You said: {facts.said}." if facts.said else ""
        told += [
            f"{found.words}.{said}",
            *(plain(f"{c.words}: {_held(c)}. {c.shown}") for c in found.cases),
            plain(found.claim.fact),
        ]
    alt = " ".join(told) if facts.known else f"{told[0]} {NOT_KNOWN}"
    wide, narrow = (
        Drawing(name, facts.title, alt, width=width) for name, width in (("row", canvas), ("row-narrow", NARROW))
    )
    cases = [(plain(c.words), _held(c), plain(c.shown)) for c in found.cases] if found else []
    data = table(("tried", "does the line hold?", "answer"), cases) if cases else None
    line = f"{facts.line} {found.words if found else 'not tried yet' if facts.known else 'not known here'}"
    shown = (render(wide, _laid(facts), above=6, least=least), render(narrow, _laid(facts), above=6))
    return Picture(facts.title, alt, *shown, data, line)


def _held(case: Case) -> str:
    return "holds" if case.held else "does not hold"


def _laid(facts: Opened) -> Column:
    paper = Box(Text(facts.line, HEADING, 650, leading=21), 18, 12, 12, frame=_torn)
    if not facts.known:
        return Column([paper, Text(NOT_KNOWN, LABEL, fill=SECOND, leading=19)], gap=14)
    bar: list[Part] = [Bar(facts.finding), Axis()]
    if facts.finding is None:
        return Column([paper, Column(bar), Text(TO_COME, NOTE, fill=SECOND, leading=18)], gap=14)
    found = facts.finding
    answers: list[list[Part]] = [[Text("The run", fill=SECOND), verdict(found)]]
    if facts.said:
        answers.insert(0, [Text("You said", fill=SECOND), _judged(facts)])
    return Column(
        [
            paper,
            grid(answers, [SAID, None], gap=8, apart=6),
            Column(bar),
            rule(),
            Column([_case(case) for case in found.cases], gap=7),
            rule(),
            Text(plain(found.claim.fact), LABEL, 650, leading=18),
            Text(f"Source: {found.claim.source}.", NOTE, fill=SECOND),
        ],
        gap=11,
    )


def _judged(facts: Opened) -> Row:
    tone, name = (ALLOWED, "allowed") if facts.right else (DENIED, "denied")
    words = Text(f"{facts.said}: {'right' if facts.right else 'not so'}", NOTE, 650, tone.text, leading=STEP)
    return Row([mark(name, 0.85, tall=STEP), words], [MARK, None], gap=6)


def _case(case: Case) -> Row:
    name = "allowed" if case.held else "denied"
    head = Row([mark(name, 0.85, tall=STEP), Text(plain(case.words), leading=STEP)], [MARK, None], gap=6)
    return Row([Middle(head, 0), Text(plain(case.shown), NOTE, fill=SECOND, leading=STEP)], gap=12)


def _torn(d: Drawing, x: float, y: float, w: float, h: float) -> None:
    """A strip of paper, torn at its right edge."""
    teeth = max(round(h / 9), 2)
    edge: list[str | float] = ["M", x, y, "H", x + w]
    for at in range(1, teeth + 1):
        edge += ["L", x + w - (EDGE if at % 2 else 0), y + h * at / teeth]
    d.path(*edge, "H", x, "Z", fill=PAPER, stroke=LINE, thick=1.25)
