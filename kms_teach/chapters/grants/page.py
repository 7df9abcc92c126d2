"""Grants on one page: a grant and its token, a condition, two accounts, an end."""

from dataclasses import dataclass
from functools import partial

from kms_teach.access.authorization import Authorization
from kms_teach.drawing import scene
from kms_teach.drawing.look import LABEL, NOTE, SECOND
from kms_teach.drawing.page import Panel, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.condition import Held
from kms_teach.inspect.cross_account import TwoKeys
from kms_teach.trail import Record

TITLE = "A grant lends a key, a condition narrows it, a neighbour needs both"

Marks = tuple[tuple[str, bool], ...]  # what was done, and whether it was allowed


@dataclass(frozen=True, slots=True)
class Shown:
    """One message, the calls that prove it, and a sentence about them."""

    message: str
    marks: Marks
    evidence: str


@dataclass(frozen=True, slots=True)
class GrantsFacts:
    """Four panels, read off the calls of a run."""

    panels: tuple[Shown, ...]

    @classmethod
    def of(
        cls,
        early: Record,
        with_token: Record,
        direct: Authorization,
        through: Authorization,
        calls: TwoKeys,
        after: Record,
    ) -> "GrantsFacts":
        """Read the facts: a use before the grant had spread, one with its token, one against and one within a
        condition, the neighbour's calls, and a use after the grant had ended."""
        held, met = Held.of(direct), Held.of(through)
        opened = [each for each in calls.tried if each.allowed]
        token = Shown(
            "A grant works beside policies",
            (("without token", _worked(early)), ("with its token", _worked(with_token))),
            f"{with_token.caller} may {with_token.event['eventName']}, and no policy was changed. "
            f"While it spreads: {_said(early)} without the token.",
        )  # fmt: skip
        condition = Shown(
            "A condition looks at the call", (("not met", held.allowed), ("met", met.allowed)),
            f"{held.rows[0].miss}: {'allowed' if held.allowed else 'denied'}.",
        )  # fmt: skip
        both = Shown(
            "Across accounts, both say yes",
            tuple((f"{each.key_policy}; IAM {each.iam_policy}", each.allowed) for each in calls.tried),
            f"{len(calls.tried)} ways were tried, and {len(opened)} opened: where account {calls.owner} and account "
            f"{calls.last.account} both allow it. The caller pays.",
        )  # fmt: skip
        end = Shown(
            "It ends, and no policy changes", (("before", _worked(with_token)), ("after its end", _worked(after))),
            f"Retired by whom the grant names, or revoked by an administrator. Once that has spread: {_said(after)}.",
        )  # fmt: skip
        return cls((token, condition, both, end))


def _worked(record: Record) -> bool:
    return "errorCode" not in record.event


def _said(record: Record) -> str:
    return str(record.event.get("errorCode", "it worked"))


def grants_page(facts: GrantsFacts) -> Picture:
    """Draw the chapter on one page."""
    panels = [
        Panel(shown.message, shown.evidence, partial(_pair if len(shown.marks) == 2 else _grid, shown.marks))
        for shown in facts.panels
    ]
    line = "; ".join(
        ", ".join(f"{words}: {'allowed' if allowed else 'denied'}" for words, allowed in shown.marks)
        for shown in facts.panels
    )
    return page("grants-page", TITLE, panels, f"Grants on one page: {line}")


def _pair(marks: Marks, d: Drawing, x: float, y: float) -> None:
    """Two calls, one above the other: what was done, an arrow, the answer."""
    for at, (words, allowed) in enumerate(marks):
        base, left = y - 14 + 28 * at, x - 132
        d.text(left, base + 4.5, words)
        d.arrow(left + 108, base, left + 164, base)
        scene.outcome(d, left + 184, base, allowed, "allowed" if allowed else "denied", LABEL)


def _grid(marks: Marks, d: Drawing, x: float, y: float) -> None:
    """One mark for each way that was tried: a column for each key policy, a row for each IAM policy."""
    columns = list(dict.fromkeys(words.partition("; ")[0] for words, _ in marks))
    left, first = x - 140, x - 20
    for column, words in enumerate(columns):
        said = words.removeprefix("is ").removeprefix("lets ").removesuffix(" in")
        d.text(first + 74 * column, y - 22, said, NOTE, fill=SECOND, anchor="middle")
    for row, (start, label) in enumerate((("is", "IAM is silent"), ("allows", "IAM allows it"))):
        base = y + 26 * row
        d.text(left, base + 4.5, label, NOTE)
        for words, allowed in marks:
            policy, _, iam = words.partition("; IAM ")
            if iam.startswith(start):
                d.use("allowed" if allowed else "denied", first + 74 * columns.index(policy), base)
