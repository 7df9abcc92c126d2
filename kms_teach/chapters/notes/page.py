"""What the notes say on one page: four fates of a sentence, each with one that was run."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.chapters.notes.bar import Axis, Bar
from kms_teach.drawing.layout import Column, Text
from kms_teach.drawing.page import Panel, centred, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.claim import DATED, DEPENDS, TRUE, WRONG, Finding, plain

TITLE = "A sentence on a sheet has a date, and a run"
ROOM = 290  # px of a panel's drawing
MESSAGES = {
    TRUE: "True, and still true",
    DATED: "True once: ask when",
    DEPENDS: "It depends: ask of which key",
    WRONG: "Never true: ask for the call",
}


class NotesFacts(Struct, frozen=True):
    """One sentence of each fate, in the order of MESSAGES."""

    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> "NotesFacts":
        """The first of each fate. Raises ValueError when one is missing."""
        first: dict[str, Finding] = {}
        for finding in findings:
            first.setdefault(finding.verdict, finding)
        if missing := [verdict for verdict in MESSAGES if verdict not in first]:
            raise ValueError(f"give a sentence of each fate: none is `{missing[0]}`")
        return cls(tuple(first[verdict] for verdict in MESSAGES))


def notes_page(facts: NotesFacts) -> Picture:
    """Draw the chapter on one page."""
    panels = [
        Panel(MESSAGES[finding.verdict], f"{finding.words[:1].upper()}{finding.words[1:]}. {plain(finding.claim.fact)}",
              partial(_line, finding)) for finding in facts.findings
    ]  # fmt: skip
    told = "; ".join(f"{finding.claim.sentence} {finding.words}" for finding in facts.findings)
    return page("notes-page", TITLE, panels, f"The notes on one page: {told}")


def _line(finding: Finding, d: Drawing, x: float, y: float) -> None:
    words = Text(f"“{finding.claim.sentence}”", weight=650, anchor="middle", leading=16)
    centred(d, x, y, Column([words, Column([Bar(finding), Axis()])], gap=2), ROOM)
