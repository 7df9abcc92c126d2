"""Who gave whom what: a KMS key, the grants on it, the grants made by means of those, and the last call."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.chapters.grants.facts import Chain, Given, Use, moment
from kms_teach.chapters.grants.ticket import ticket
from kms_teach.chapters.grants.words import outcome as outcome_of
from kms_teach.chapters.grants.words import sentence, status, title
from kms_teach.drawing import scene
from kms_teach.drawing.answers import outcome, refusal
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Text, render, rule
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import HEADING, INK, LAB, LINE, NARROW, NOTE, SECOND, WHITE, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

SHOWN = {WIDE: 6, LAB: 3, NARROW: 6}  # grants in the drawing, the newest; the table has all
KEY, FLAG, ANSWER = 216, 9, 100  # px of width: the key's card; around the words of the clock; "Allowed"
INDENT = 30  # px: how far in a branch hangs
APART = {WIDE: 16, LAB: 10, NARROW: 16}  # px: how far below
HIGH = 500  # px: of the picture beside a lab's controls, whatever happened
LINE_AT, JOINT, BEND = 14, 24, 8  # px: a line's place from the left, where it meets a ticket, its bend
SECOND_LINE = "Who gave whom what on this key, and what still counts"
FIRST = "Key policy and IAM policies say who may give the first grant."
HEADER = ("grant", "from", "to", "may", "only with", "made by means of", "counts")


def grant_chain(facts: Chain, *, lines: int = 1, canvas: int = WIDE) -> Picture:
    """Draw a key's grants as a chain of tickets. `lines` as in Drawing: for a title that changes."""
    message = title(facts)
    told = " ".join(f"{sentence(facts, grant)}" for grant in facts.grants) or "The key has no grants."
    last = f" Last, {facts.use.call}: {outcome_of(facts.use)}." if facts.use else ""
    alt = f"{facts.key} of account {facts.account}, {moment(facts.now)} UTC. {told}{last}"
    drawings = [
        Drawing(name, message, alt, second=SECOND_LINE, width=width, lines=lines)
        for name, width in (("grants", canvas), ("grants-narrow", NARROW))
    ]
    wide, narrow = (render(d, _laid(facts, d.width), above=10, least=HIGH if d.width == LAB else 0) for d in drawings)
    data = [
        (g.words, g.giver, g.grantee, ", ".join(g.operations), g.context or "any context",
         f"grant {g.parent}" if g.parent else "policies", status(facts, g))
        for g in facts.grants
    ]  # fmt: skip
    line = "; ".join(f"{g.number} {g.giver} to {g.grantee}, {status(facts, g)}" for g in facts.grants) or "none"
    use = f". {facts.use.call}: {outcome_of(facts.use)}" if facts.use else ""
    return Picture(message, alt, wide, narrow, table(HEADER, data) if data else None, f"Grants: {line}{use}")


class Branch(Struct, frozen=True):
    """A part and what hangs on it, further in; a part of a layout.

    A line runs to each branch among it, a pale one to a grant that has `ended`.
    """

    part: Part
    hanging: Sequence[Part]
    ended: bool = False
    apart: float = 16

    @property
    def _laid(self) -> Column:
        return Column([self.part, *(Row([Gap(), part], [INDENT, None]) for part in self.hanging)], gap=self.apart)

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


def _laid(facts: Chain, canvas: int) -> Column:
    account = Text(f"of account {facts.account}", NOTE, fill=SECOND)
    most = _most(facts, canvas)
    hanging = _branches(facts, 0, canvas) or [Text("no grants", fill=SECOND)]
    hidden = len(facts.grants) - most
    if hidden > 0:
        hanging = [Text(f"and {hidden} older {'grant' if hidden == 1 else 'grants'}", NOTE, fill=SECOND), *hanging]
    if canvas == NARROW:
        key, hanging = _key(facts, account, canvas), [Text(FIRST, NOTE, fill=SECOND), *hanging]
    else:
        now = f"now {moment(facts.now)} UTC"
        clock = Box(Text(now, NOTE, 700, WHITE, "middle"), FLAG, 3, 3, fill=INK, r=4)
        room = width(now, NOTE, bold=True) + 2 * FLAG
        told = Text(FIRST if canvas == WIDE else "", NOTE, fill=SECOND)
        key = Row([_key(facts, account, canvas), Middle(told), Middle(clock, 0)], [KEY, None, room], gap=20)
    last = [rule(), *_last(facts.use, canvas)] if facts.use else []
    apart = APART[canvas]
    return Column([Branch(key, hanging, apart=apart), Column(last, gap=8)], gap=apart)


def _key(facts: Chain, account: Text, canvas: int) -> Part:
    above, below = (18, 8) if canvas == LAB else (24, 18)
    return Box(Box(account, 14, above, below, frame=partial(scene.tagged_card, name=facts.key)), 0, 12, 0)


def _most(facts: Chain, canvas: int) -> int:
    """How many grants are drawn: beside a lab's controls fewer when an error's words stand below."""
    refused = facts.use is not None and not facts.use.allowed
    return SHOWN[canvas] - (canvas == LAB and refused)


def _branches(facts: Chain, parent: int, canvas: int) -> list[Part]:
    """The grants made by means of one (0: of the policies), each with its own below it."""
    most = _most(facts, canvas)
    return [
        Branch(ticket(facts, grant, canvas), _branches(facts, grant.number, canvas), bool(grant.ended), APART[canvas])
        for grant in facts.grants[-most:]
        if _parent(facts, grant, most) == parent
    ]


def _parent(facts: Chain, grant: Given, most: int) -> int:
    """The parent, if it is shown; else the key."""
    return grant.parent if grant.parent > len(facts.grants) - most else 0


def _last(use: Use, canvas: int) -> list[Part]:
    """The last call, and what decided; what was read stands in a lab's status line."""
    call = Text(f"{use.call}.", HEADING, 700)
    if use.allowed:
        decided = Text(f"What decided: {use.why}.", leading=20)
        return [call, Row([outcome(True), decided], [ANSWER, None], gap=12)]
    word = "Denied" if use.code == "AccessDeniedException" else "Refused"
    read = Text("" if canvas == LAB else f"What was read: {use.why}.")
    return [call, read, refusal(use.code, use.message, word)]
