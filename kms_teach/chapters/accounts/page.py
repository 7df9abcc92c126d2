"""Conditions and accounts on one page: a condition, a deputy, two accounts, what is shared, the gates."""

from functools import partial

from msgspec import Struct

from kms_teach.access.authorization import Authorization
from kms_teach.chapters.accounts.gate_facts import Gates, State
from kms_teach.chapters.accounts.gates import called
from kms_teach.drawing.layout import Gap, Part, Text, grid, mark
from kms_teach.drawing.look import NOTE, SECOND
from kms_teach.drawing.page import STEP, Panel, Shown, centred, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.condition import Held
from kms_teach.inspect.cross_account import Attempt, TwoKeys
from kms_teach.trail import Record

TITLE = "A condition looks at the call, two accounts must agree, and every gate must be open"
IAM, POLICY = 83, 74  # px of width: what IAM says, a column for what the key's policy says
HEADS = {"nobody": "silent", "account": "the account", "person": "{}"}  # a column: whom the key policy lets in


class AccountsFacts(Struct, frozen=True):
    """Six panels, read off the calls of a run."""

    condition: Shown
    deputy: Shown
    calls: TwoKeys
    managed: Shown
    gates: Shown
    lent: Shown

    @classmethod
    def of(
        cls, direct: Authorization, through: Authorization, for_us: Record, for_them: Record, calls: TwoKeys,
        ours: Record, theirs: Record, gates: Gates, used: Record, closed: Record,
    ) -> "AccountsFacts":  # fmt: skip
        """Read the facts: a call against and one within a condition; a service that calls for us, and for somebody
        else; the neighbour's calls; an AWS managed key as used by our account and by theirs; a call at its gates; a key
        shared through AWS RAM as used by the neighbour, and as managed."""
        held, met = Held.of(direct), Held.of(through)
        condition = Shown(
            "A condition looks at the call", (("not met", held.allowed), ("met", met.allowed)),
            f"{held.rows[0].miss}: {'allowed' if held.allowed else 'denied'}.",
        )  # fmt: skip
        deputy = Shown(
            "A service says for whom it calls", (("for us", for_us.worked), ("for a stranger", for_them.worked)),
            f"{for_us.caller} is the same caller both times. aws:SourceArn tells the two apart.",
        )  # fmt: skip
        managed = Shown(
            "An AWS managed key stays at home", (("our account", ours.worked), ("their account", theirs.worked)),
            f"Its policy asks for kms:CallerAccount and kms:ViaService, and cannot be changed: "
            f"{theirs.error or 'it worked'} for account {theirs.event['userIdentity']['accountId']}.",
        )  # fmt: skip
        unread, named = gates.of_state(State.UNREAD), gates.named
        at_gates = Shown(
            "Every gate must be open", ((gates.operation, gates.allowed),),
            f"{len(gates.gates) - len(unread)} of {len(gates.gates)} kinds of policy were read. AWS's words name "
            f"{called([named]) if named else 'none'}.",
        )  # fmt: skip
        lent = Shown(
            "AWS RAM shares the use of a key", tuple((record.operation, record.worked) for record in (used, closed)),
            f"{used.caller}'s own account allows all, and still {closed.operation} is refused.",
        )  # fmt: skip
        return cls(condition, deputy, calls, managed, at_gates, lent)


def accounts_page(facts: AccountsFacts) -> Picture:
    """Draw the chapter on one page."""
    calls = facts.calls
    opened = [each for each in calls.tried if each.allowed]
    both = Panel(
        "Across accounts, both say yes",
        f"{len(calls.tried)} ways were tried, and {len(opened)} opened: where account {calls.owner} and account "
        f"{calls.last.account} both allow it. The caller pays.",
        partial(_grid, calls),
    )
    ways = ", ".join(
        f"{each.key_policy}; IAM {each.iam_policy}: {'allowed' if each.allowed else 'denied'}" for each in calls.tried
    )
    shown = (facts.managed, facts.lent, facts.gates)
    line = "; ".join([facts.condition.line, facts.deputy.line, ways, *(each.line for each in shown)])
    panels = [facts.condition.panel, facts.deputy.panel, both, *(each.panel for each in shown)]
    return page("accounts-page", TITLE, panels, f"Conditions and accounts on one page: {line}")


def _grid(calls: TwoKeys, d: Drawing, x: float, y: float) -> None:
    """One mark for each way that was tried: a column for each key policy, a row for each IAM policy."""
    columns = {each.admits: HEADS[each.admits].format(each.who) for each in calls.tried}
    heads = [Text(head, NOTE, fill=SECOND, anchor="middle", cut=True) for head in columns.values()]
    rows: list[list[Part]] = [[Text("Key policy:", NOTE, fill=SECOND), *heads]]
    for iam, words in ((False, "IAM is silent"), (True, "IAM allows it")):
        cells = [_answer(calls.newest(admits, iam=iam)) for admits in columns]
        rows.append([Text(words, NOTE, leading=STEP), *cells])
    widths = [IAM, *[POLICY] * len(columns)]
    centred(d, x, y, grid(rows, widths, gap=0, apart=6), sum(widths))


def _answer(tried: Attempt | None) -> Part:
    return Gap() if tried is None else mark("allowed" if tried.allowed else "denied", tall=STEP)
