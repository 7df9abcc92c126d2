"""Grants on one page: a grant and its token, a condition, two accounts, an end."""

from dataclasses import dataclass
from functools import partial

from kms_teach.access.authorization import Authorization
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Gap, Part, Scene, Text, grid, mark
from kms_teach.drawing.look import LABEL, NOTE, SECOND
from kms_teach.drawing.page import Panel, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.condition import Held
from kms_teach.inspect.cross_account import TwoKeys
from kms_teach.trail import Record

TITLE = "A grant lends a key, a condition narrows it, a neighbour needs both"
STEP = 20  # px from line to line
PAIR, BETWEEN = (98, 56, 94), 10  # px of width: what was done, an arrow, the answer; between them
IAM, POLICY = 83, 74  # px of width: what IAM says, a column for what the key's policy says

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
    arrow = Scene(STEP, lambda d, x, y, width: d.arrow(x, y + STEP / 2, x + width, y + STEP / 2))
    calls: list[list[Part]] = [
        [Text(words, leading=STEP), arrow, outcome(allowed, "allowed" if allowed else "denied", LABEL, leading=STEP)]
        for words, allowed in marks
    ]
    _centred(d, x, y, grid(calls, PAIR, gap=BETWEEN), sum(PAIR) + 2 * BETWEEN)


def _grid(marks: Marks, d: Drawing, x: float, y: float) -> None:
    """One mark for each way that was tried: a column for each key policy, a row for each IAM policy."""
    answers = {tuple(words.split("; IAM ")): allowed for words, allowed in marks}
    policies = list(dict.fromkeys(policy for policy, _ in answers))
    heads = [policy.removeprefix("is ").removeprefix("lets ").removesuffix(" in") for policy in policies]
    rows: list[list[Part]] = [[Gap(), *(Text(head, NOTE, fill=SECOND, anchor="middle", cut=True) for head in heads)]]
    for iam in ("is silent", "allows it"):
        cells = [_answer(answers.get((policy, iam))) for policy in policies]
        rows.append([Text(f"IAM {iam}", NOTE, leading=STEP), *cells])
    widths = [IAM, *[POLICY] * len(policies)]
    _centred(d, x, y, grid(rows, widths, gap=0, apart=6), sum(widths))


def _answer(allowed: bool | None) -> Part:
    return Gap() if allowed is None else mark("allowed" if allowed else "denied", tall=STEP)


def _centred(d: Drawing, x: float, y: float, part: Part, width: float) -> None:
    part.draw(d, x - width / 2, y - part.height(width) / 2, width)
