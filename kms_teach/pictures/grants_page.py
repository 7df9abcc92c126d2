"""This is the chapter of grants on one page: a grant and its token, a condition, two accounts, an end."""

from dataclasses import dataclass

from kms_teach.access.question import Question
from kms_teach.trail import Record

from . import scene
from .condition import Held
from .lettering import wrap
from .look import ALLOWED, DENIED, HEADING, NARROW, NOTE, SECOND
from .picture import Picture
from .svg import Drawing
from .two_keys_facts import TwoKeys

TITLE = "A grant lends a key, a condition narrows it, a neighbour needs both"
SECOND_LINE = "The chapter on one page, from the calls you ran"

Marks = tuple[tuple[str, bool], ...]  # what was done, and whether it was allowed


@dataclass(frozen=True, slots=True)
class Panel:
    """One message, the calls that prove it, and a sentence about them."""

    message: str
    marks: Marks
    evidence: str


@dataclass(frozen=True, slots=True)
class GrantsFacts:
    """Four panels, read off the calls of a run."""

    panels: tuple[Panel, ...]

    @classmethod
    def of(
        cls, early: Record, with_token: Record, direct: Question, through: Question, calls: TwoKeys, after: Record
    ) -> "GrantsFacts":
        """Read the facts: a use before the grant had spread, one with its token, one against and one within a
        condition, the neighbour's calls, and a use after the grant had ended."""
        held, met = Held.of(direct), Held.of(through)
        opened = [each for each in calls.tried if each.allowed]
        token = Panel(
            "A grant works beside policies",
            (("without token", _worked(early)), ("with its token", _worked(with_token))),
            f"{with_token.caller} may {with_token.event['eventName']}, and no policy was changed. "
            f"While it spreads: {_said(early)} without the token.",
        )  # fmt: skip
        condition = Panel(
            "A condition looks at the call", (("not met", held.allowed), ("met", met.allowed)),
            f"{held.rows[0].miss}: {'allowed' if held.allowed else 'denied'}.",
        )  # fmt: skip
        both = Panel(
            "Across accounts, both say yes",
            tuple((f"{each.key_policy}; IAM {each.iam_policy}", each.allowed) for each in calls.tried),
            f"{len(calls.tried)} ways were tried, and {len(opened)} opened: where account {calls.owner} and account "
            f"{calls.last.account} both allow it. The caller pays.",
        )  # fmt: skip
        end = Panel(
            "It ends, and no policy changes", (("before", _worked(with_token)), ("after its end", _worked(after))),
            f"Retired by whom the grant names, or revoked by an administrator. Then: {_said(after)}.",
        )  # fmt: skip
        return cls((token, condition, both, end))


def _worked(record: Record) -> bool:
    return "errorCode" not in record.event


def _said(record: Record) -> str:
    return str(record.event.get("errorCode", "it worked"))


def grants_page(facts: GrantsFacts) -> Picture:
    """Draw the chapter on one page."""
    alt = " ".join(f"{at}. {panel.message}: {panel.evidence}" for at, panel in enumerate(facts.panels, 1))
    wide = _draw(Drawing("grants-page", TITLE, alt, second=SECOND_LINE), facts, columns=2)
    narrow = _draw(Drawing("grants-page-narrow", TITLE, alt, second=SECOND_LINE, width=NARROW), facts, columns=1)
    line = "; ".join(
        ", ".join(f"{words}: {'allowed' if allowed else 'denied'}" for words, allowed in panel.marks)
        for panel in facts.panels
    )
    return Picture(TITLE, alt, wide, narrow, facts=f"Grants on one page: {line}")


def _draw(d: Drawing, facts: GrantsFacts, columns: int) -> str:
    gap, y = 20, d.top + 12
    w = (d.room - gap * (columns - 1)) / columns
    for first in range(0, len(facts.panels), columns):
        row = facts.panels[first : first + columns]
        lines = max(len(wrap(panel.evidence, w - 32)) for panel in row)
        for at, panel in enumerate(row):
            x = d.left + (w + gap) * at
            scene.card(d, x, y, w, 124 + 17 * lines)
            scene.badge(d, x + 26, y + 28, str(first + at + 1))
            d.text(x + 48, y + 33, panel.message, HEADING, weight=700)
            (_pair if len(panel.marks) == 2 else _grid)(d, panel.marks, x + 24, y + 64)
            d.text(x + 16, y + 126, panel.evidence, fill=SECOND, room=w - 32, step=17)
        y += 124 + 17 * lines + 14
    d.height = y + 6
    return d.svg()


def _pair(d: Drawing, marks: Marks, x: float, y: float) -> None:
    """Two calls, one above the other: what was done, an arrow, the answer."""
    for at, (words, allowed) in enumerate(marks):
        base = y + 28 * at
        d.text(x, base + 4.5, words)
        d.arrow(x + 108, base, x + 164, base)
        tone = ALLOWED if allowed else DENIED
        d.use("allowed" if allowed else "denied", x + 184, base)
        d.text(x + 202, base + 4.5, "allowed" if allowed else "denied", weight=700, fill=tone.text)


def _grid(d: Drawing, marks: Marks, x: float, y: float) -> None:
    """One mark for each way that was tried: a column for each key policy, a row for each IAM policy."""
    columns = list(dict.fromkeys(words.partition("; ")[0] for words, _ in marks))
    for column, words in enumerate(columns):
        said = words.removeprefix("is ").removeprefix("lets ").removesuffix(" in")
        d.text(x + 116 + 74 * column, y - 12, said, NOTE, fill=SECOND, anchor="middle")
    for row, (start, label) in enumerate((("is", "IAM is silent"), ("allows", "IAM allows it"))):
        base = y + 8 + 25 * row
        d.text(x, base + 4.5, label, NOTE)
        for words, allowed in marks:
            policy, _, iam = words.partition("; IAM ")
            if iam.startswith(start):
                d.use("allowed" if allowed else "denied", x + 116 + 74 * columns.index(policy), base)
