"""Who gave whom what: a KMS key, the grants on it, the grants made by means of those, and the last call."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kms_teach.chapters.grants.facts import Chain, Given, Use, moment
from kms_teach.chapters.grants.ticket import ticket
from kms_teach.chapters.grants.words import outcome as outcome_of
from kms_teach.chapters.grants.words import sentence, status, title
from kms_teach.drawing import scene
from kms_teach.drawing.answers import outcome, refusal
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Text, render, rule
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import HEADING, INK, LINE, NARROW, NOTE, SECOND, WHITE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

SHOWN = 6  # grants in the drawing, the newest; the table has all
KEY, FLAG, ANSWER = 216, 9, 100  # px of width: the key's card; around the words of the clock; "Allowed"
INDENT, APART = 30, 16  # px: how far in a branch hangs, and how far below
LINE_AT, JOINT, BEND = 14, 24, 8  # px: a line's place from the left, where it meets a ticket, its bend
SECOND_LINE = "Who gave whom what on this key, and what still counts"
HEADER = ("grant", "from", "to", "may", "only with", "made by means of", "counts")


def grant_chain(facts: Chain, *, lines: int = 1) -> Picture:
    """Draw a key's grants as a chain of tickets. `lines` as in Drawing: for a title that changes."""
    message = title(facts)
    told = " ".join(f"{sentence(facts, grant)}" for grant in facts.grants) or "The key has no grants."
    last = f" Last, {facts.use.call}: {outcome_of(facts.use)}." if facts.use else ""
    alt = f"{facts.key} of account {facts.account}, {moment(facts.now)} UTC. {told}{last}"
    wide = render(Drawing("grants", message, alt, second=SECOND_LINE, lines=lines), _laid(facts, wide=True), above=10)
    small = Drawing("grants-narrow", message, alt, second=SECOND_LINE, width=NARROW, lines=lines)
    narrow = render(small, _laid(facts, wide=False), above=10)
    data = [
        (g.words, g.giver, g.grantee, ", ".join(g.operations), g.context or "any context",
         f"grant {g.parent}" if g.parent else "policies", status(facts, g))
        for g in facts.grants
    ]  # fmt: skip
    line = "; ".join(f"{g.number} {g.giver} to {g.grantee}, {status(facts, g)}" for g in facts.grants) or "none"
    use = f". {facts.use.call}: {outcome_of(facts.use)}" if facts.use else ""
    return Picture(message, alt, wide, narrow, table(HEADER, data) if data else None, f"Grants: {line}{use}")


@dataclass(frozen=True, slots=True)
class Branch:
    """A part and what hangs on it, further in; a part of a layout.

    A line runs to each branch among it, a pale one to a grant that has `ended`.
    """

    part: Part
    hanging: Sequence[Part]
    ended: bool = False

    @property
    def _laid(self) -> Column:
        return Column([self.part, *(Row([Gap(), part], [INDENT, None]) for part in self.hanging)], gap=APART)

    def height(self, width: float) -> float:
        return self._laid.height(width)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        (_, top, high), *places = self._laid.places(y, width)
        for part, (_, below, _) in zip(self.hanging, places, strict=True):
            if isinstance(part, Branch):
                line, joint = x + LINE_AT, below + JOINT
                ink, thick = (LINE, 1.5) if part.ended else (INK, 2)
                turn = "V", joint - BEND, "Q", line, joint, line + BEND, joint
                d.path("M", line, top + high, *turn, "H", x + INDENT, stroke=ink, thick=thick)
        self._laid.draw(d, x, y, width)


def _laid(facts: Chain, *, wide: bool) -> Column:
    told = Text("Key policy and IAM policies say who may give the first grant.", NOTE, fill=SECOND)
    account = Text(f"of account {facts.account}", NOTE, fill=SECOND)
    key: Part = Box(Box(account, 14, 24, 18, frame=partial(scene.tagged_card, name=facts.key)), 0, 12, 0)
    hanging = _branches(facts, 0, wide=wide) or [Text("no grants", fill=SECOND)]
    hidden = len(facts.grants) - SHOWN
    if hidden > 0:
        hanging = [Text(f"and {hidden} older {'grant' if hidden == 1 else 'grants'}", NOTE, fill=SECOND), *hanging]
    if wide:
        now = f"now {moment(facts.now)} UTC"
        clock = Box(Text(now, NOTE, 700, WHITE, "middle"), FLAG, 3, 3, fill=INK, r=4)
        room = width(now, NOTE, bold=True) + 2 * FLAG
        key = Row([key, Middle(told), Middle(clock, 0)], [KEY, None, room], gap=20)
    else:
        hanging = [told, *hanging]
    last = [rule(), *_last(facts.use)] if facts.use else []
    return Column([Branch(key, hanging), Column(last, gap=8)], gap=16)


def _branches(facts: Chain, parent: int, *, wide: bool) -> list[Part]:
    """The grants made by means of one (0: of the policies), each with its own below it."""
    return [
        Branch(ticket(facts, grant, wide=wide), _branches(facts, grant.number, wide=wide), bool(grant.ended))
        for grant in facts.grants[-SHOWN:]
        if _parent(facts, grant) == parent
    ]


def _parent(facts: Chain, grant: Given) -> int:
    """The parent, if it is shown; else the key."""
    return grant.parent if grant.parent > len(facts.grants) - SHOWN else 0


def _last(use: Use) -> list[Part]:
    """The last call, and what decided."""
    call = Text(f"{use.call}.", HEADING, 700)
    if use.allowed:
        decided = Text(f"What decided: {use.why}.", leading=20)
        return [call, Row([outcome(True), decided], [ANSWER, None], gap=12)]
    word = "Denied" if use.code == "AccessDeniedException" else "Refused"
    return [call, Text(f"What was read: {use.why}."), refusal(use.code, use.message, word)]
