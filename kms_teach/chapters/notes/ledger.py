"""The ledger: each sentence with the years in which it was true, as far as a document and a run tell."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.chapters.notes.bar import HIGH, LOW, Axis, Bar
from kms_teach.drawing.layout import Column, Gap, Middle, Part, Row, Scene, Text, mark, render, rule
from kms_teach.drawing.look import ALLOWED, DENIED, INK, KMS, LINE, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.claim import DATED, DEPENDS, TRUE, WRONG, Finding, plain
from kms_teach.keys.ownership import LAUNCH, READ_ON

SENTENCE, VERDICT, BETWEEN = 256, 206, 14  # px of width, and between them
MARK, STEP = 18, 16  # px: of a mark's place, from line to line
MARKS = {TRUE: ("allowed", ALLOWED.text), DATED: ("", INK), DEPENDS: ("", INK), WRONG: ("denied", DENIED.text)}
HEADER = ("sentence", "right in {}", "today", "what is so", "source")


class Ledger(Struct, frozen=True):
    """Sentences that were run, and the year of the sheet that has them."""

    findings: tuple[Finding, ...]
    year: int

    @classmethod
    def of(cls, findings: Sequence[Finding], year: int = 2019) -> "Ledger":
        """Raises ValueError for no findings, or a year without KMS."""
        if not findings:
            raise ValueError("a ledger has a sentence or more")
        if not LAUNCH.year <= year <= READ_ON.year:
            raise ValueError(f"choose a year from {LAUNCH.year} to {READ_ON.year}, not {year}")
        return cls(tuple(findings), year)

    @property
    def right_then(self) -> int:
        return sum(finding.in_year(self.year) == TRUE for finding in self.findings)

    @property
    def right_now(self) -> int:
        return sum(finding.verdict == TRUE for finding in self.findings)

    @property
    def title(self) -> str:
        many = len(self.findings)
        return f"In {self.year} this sheet had {self.right_then} of {many} lines right, today {self.right_now}"


def ledger(facts: Ledger) -> Picture:
    """Draw the ledger."""
    told = [f"{finding.claim.sentence} {finding.words}." for finding in facts.findings]
    second = "Each line, and the years in which it was true"
    alt = f"Years from {LAUNCH.year} to {READ_ON.year}. " + " ".join(told)
    wide = Drawing("ledger", facts.title, alt, second=second, width=WIDE)
    narrow = Drawing("ledger-narrow", facts.title, alt, second=second, width=NARROW)
    head = [words.format(facts.year) for words in HEADER]
    then = {TRUE: "yes", DEPENDS: "in part", WRONG: "no"}
    rows = [
        (f.claim.sentence, then[f.in_year(facts.year)], f.words, plain(f.claim.fact), f.claim.source)
        for f in facts.findings
    ]
    line = f"Ledger: {facts.right_then} of {len(facts.findings)} right in {facts.year}, {facts.right_now} today"
    return Picture(
        facts.title, alt, render(wide, _wide(facts)), render(narrow, _narrow(facts)), table(head, rows), line
    )


def _wide(facts: Ledger) -> Column:
    columns = (SENTENCE, None, VERDICT)
    rows: list[Part] = [
        Row(
            [Middle(Text(f.claim.sentence, leading=STEP)), Bar(f, facts.year, 40), Middle(verdict(f))], columns, BETWEEN
        )
        for f in facts.findings
    ]
    return Column([legend(), Column([*rows, Row([Gap(), Axis(facts.year), Gap()], columns, BETWEEN)])], gap=10)


def _narrow(facts: Ledger) -> Column:
    rows: list[Part] = []
    for f in facts.findings:
        rows += [
            Column([Text(f.claim.sentence, weight=650, leading=STEP), Bar(f, facts.year), verdict(f)], gap=2),
            rule(),
        ]
    return Column([legend(), Column([*rows, Axis(facts.year)], gap=8)], gap=12)


def verdict(finding: Finding) -> Row:
    """A mark, and the verdict in words."""
    name, color = MARKS[finding.verdict]
    shown = (
        mark(name, 0.85, tall=STEP) if name else Scene(STEP, partial(_half if finding.verdict == DEPENDS else _clock))
    )
    weight = 400 if finding.verdict == TRUE else 650
    return Row([shown, Text(finding.words, NOTE, weight, color, leading=STEP)], [MARK, None], gap=6)


def legend() -> Row:
    """What the heights of a bar say."""
    words = (("true", TRUE), ("in some cases", DEPENDS), ("not true", WRONG))
    cells = [
        part for said, state in words for part in (Scene(STEP, partial(_swatch, state)), Text(said, NOTE, fill=SECOND))
    ]
    return Row([*cells, Gap()], [24, 34, 24, 88, 24, 60, None], gap=6)


def _swatch(state: str, d: Drawing, x: float, y: float, width: float) -> None:
    foot = y + STEP - 1
    if state == WRONG:
        d.line(x, foot - 4, x + width, foot - 4, stroke=LINE)
        return
    high = HIGH - 4 if state == TRUE else LOW
    d.rect(x, foot - high, width, high, 2, fill=KMS.wash, stroke=KMS.mark, thick=1.25)


def _clock(d: Drawing, x: float, y: float, width: float) -> None:
    x, y, r = x + width / 2, y + STEP / 2, 7
    d.circle(x, y, r, stroke=SECOND, thick=2)
    d.path("M", x, y - 0.6 * r, "V", y, "H", x + r / 2, stroke=SECOND, thick=2)


def _half(d: Drawing, x: float, y: float, width: float) -> None:
    x, y, r = x + width / 2, y + STEP / 2, 7
    d.circle(x, y, r, stroke=SECOND, thick=2)
    d.path("M", x, y - r, "A", r, r, "0 0 1", x, y + r, "Z", fill=SECOND, stroke=None)
