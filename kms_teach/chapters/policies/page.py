"""Key policies and IAM on one page: who was let in, who was not, and which of the two said no."""

from functools import partial

from msgspec import Struct

from kms_teach.access.reasons import Check
from kms_teach.drawing.layout import Box, Column, Middle, Part, Row, Scene, Text, mark, sketch
from kms_teach.drawing.look import ALLOWED, DENIED, INK, LINE, NOTE, SECOND, WHITE
from kms_teach.drawing.marks import EXTENTS
from kms_teach.drawing.page import Panel, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

DOOR, ARROW, CLEAR = (84, 68), 38, 6  # px: a door; from one to the next, and what the arrow leaves free
END = 1.6  # scale of the mark at the end
ROOM = 2 * (DOOR[0] + ARROW) + EXTENTS["allowed"].width * END  # px of width for all of it
TITLE = "Unless its key policy agrees, no IAM policy opens a key"
MESSAGES = (
    "The account alone lets nobody in",
    "The account and IAM together do",
    "An alias's ARN is not the key's",
    "No one is above the key policy",
)


class Doors(Struct, frozen=True):
    """One call: what the key policy said, what IAM said (and whether it was asked), and how it ended."""

    who: str
    action: str
    alias: str  # by which the call named the key, "" when it did not
    key_policy: bool
    iam: bool
    iam_counts: bool
    allowed: bool

    @property
    def words(self) -> str:
        """The evidence in one sentence."""
        iam = f"IAM says {_yes(self.iam)}" + ("" if self.iam_counts else ", and is not asked")
        who = self.who[0].upper() + self.who[1:] if self.who.startswith("the ") else self.who
        ends = "allowed" if self.allowed else "denied"
        by = f" by {self.alias}" if self.alias else ""
        return f"{who}, {self.action}{by}: the key policy says {_yes(self.key_policy)}, {iam}: {ends}."


class PoliciesFacts(Struct, frozen=True):
    """Four calls of a run: without an IAM policy, with one, with one on an alias, and the account left out."""

    calls: tuple[Doors, ...]

    @classmethod
    def of(cls, alone: Record, together: Record, by_alias: Record, locked_out: Record) -> "PoliciesFacts":
        """Read the facts off four records. Raises ValueError when one does not show what its panel says."""
        calls = tuple(_doors(record) for record in (alone, together, by_alias, locked_out))
        shown = [(call.key_policy, call.allowed) for call in calls]
        if shown != [(True, False), (True, True), (True, False), (False, False)]:
            raise ValueError("give a call denied by IAM alone, one allowed, one denied by IAM, one by the key policy")
        return cls(calls)


def _doors(record: Record) -> Doors:
    decision = record.decision
    if decision is None:
        raise ValueError("give calls in which somebody was allowed or denied")
    iam = decision.step(Check.IAM)
    if iam is None:
        raise ValueError("give calls in which IAM policies were read")
    named = str(record.parameters.get("keyId", ""))
    return Doors(
        decision.label, decision.action, named if named.startswith("alias/") else "",
        decision.says_yes(Check.NAMED, Check.DELEGATED), iam.answer, iam.counts, decision.allowed,
    )  # fmt: skip


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def policies_page(facts: PoliciesFacts) -> Picture:
    """Draw the chapter on one page."""
    panels = [
        Panel(message, call.words, partial(_doors_drawn, call))
        for message, call in zip(MESSAGES, facts.calls, strict=True)
    ]
    ends = ", ".join("allowed" if call.allowed else "denied" for call in facts.calls)
    return page("policies", TITLE, panels, f"Policies on one page: {ends}")


def _doors_drawn(call: Doors, d: Drawing, x: float, y: float) -> None:
    """Two doors on the way to the key: each open with a tick, shut with a cross, or not asked."""
    policy = _door("key policy", says=call.key_policy, counts=True)
    iam = _door("IAM", says=call.iam, counts=call.iam_counts)
    ends = mark("allowed" if call.allowed else "denied", END)
    way: list[Part] = [policy, _arrow(call.key_policy), iam, _arrow(call.allowed), ends]
    row = Row([Middle(part) for part in way], [DOOR[0], ARROW, DOOR[0], ARROW, None])
    row.draw(d, x - ROOM / 2, y - DOOR[1] / 2, ROOM)


def _door(name: str, *, says: bool, counts: bool) -> Box:
    tone, answer = (ALLOWED, "allowed") if says else (DENIED, "denied")
    weight, ink = (650, INK) if counts else (400, SECOND)
    verdict = (
        mark(answer)
        if counts
        else Text(["says yes," if says else "says no,", "not asked"], NOTE, 400, SECOND, "middle", leading=15)
    )
    inside = Column([Text(name, NOTE, weight, ink, "middle"), Middle(verdict)], gap=4)
    fill, stroke = (tone.wash, tone.mark) if counts else (WHITE, LINE)
    return Box(inside, 0, above=8, below=8, least=DOOR[1], fill=fill, stroke=stroke, r=4)


def _arrow(goes_on: bool) -> Scene:
    """The way on, with a head where the call goes on."""
    head = "arrow-ink" if goes_on else None
    return sketch(0, lambda d, x, y: d.path("M", x - ARROW / 2, y, "h", ARROW - CLEAR, stroke=INK, thick=2, head=head))
