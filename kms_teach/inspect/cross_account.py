"""Calls into another account, as the trail tells of them: which side said yes, and what came of it."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.decision import Decision
from kms_teach.access.reasons import Check
from kms_teach.inspect.opened_facts import RANDOM
from kms_teach.trail import Record

ADMITS = {  # whom the key's policy lets in: in words
    "nobody": "is silent",
    "account": "lets the account in",
    "person": "lets {} in",
}


class Attempt(Struct, frozen=True):
    """One call. `admits` is one of ADMITS, `iam` whether the caller's own account allows it."""

    who: str
    account: str
    operation: str
    admits: str
    iam: bool
    allowed: bool
    code: str
    message: str
    why: str
    logged: tuple[str, ...]  # the accounts in whose trail it stands, the caller's first
    returned: tuple[tuple[str, int], ...]  # what came back, and of how many bytes

    @property
    def key_policy(self) -> str:
        """What the key's policy does, in words."""
        return ADMITS[self.admits].format(self.who)

    @property
    def iam_policy(self) -> str:
        return "allows it" if self.iam else "is silent"

    @property
    def outcome(self) -> str:
        return "opens" if self.allowed else "denied"


class TwoKeys(Struct, frozen=True):
    """The facts: the key's account, and the calls from elsewhere, the last one last."""

    owner: str
    calls: tuple[Attempt, ...]

    @property
    def last(self) -> Attempt:
        return self.calls[-1]

    @property
    def tried(self) -> tuple[Attempt, ...]:
        """The newest call of each combination, in the order of the table."""
        newest = (self.newest(admits, iam=iam) for admits in ADMITS for iam in (False, True))
        return tuple(attempt for attempt in newest if attempt)

    def ending_in(self, admits: str, *, iam: bool) -> "TwoKeys":
        """The same calls, the newest of this combination as the last one, which is drawn. ValueError without one."""
        last = self.newest(admits, iam=iam)
        if last is None:
            raise ValueError("that combination has not been tried yet: make such a call first")
        return replace(self, calls=(*(call for call in self.calls if call is not last), last))

    def newest(self, admits: str, *, iam: bool) -> Attempt | None:
        return next((each for each in reversed(self.calls) if (each.admits, each.iam) == (admits, iam)), None)


def read(records: Sequence[Record], key_arn: str) -> TwoKeys:
    """Read the calls about a key that came from other accounts off the trail. Raises ValueError when there are none."""
    owner = key_arn.split(":")[4]
    calls = tuple(
        _attempt(record, decision, records)
        for record in records
        if (decision := record.decision) and decision.resource == key_arn and _account(record) not in ("", owner)
    )
    if not calls:
        raise ValueError("nobody from another account has called about this key yet: make such a call first")
    return TwoKeys(owner, calls)


def _attempt(record: Record, decision: Decision, records: Sequence[Record]) -> Attempt:
    event = record.event
    delegated = decision.says_yes(Check.DELEGATED, Check.SHARED)
    admits = "person" if decision.says_yes(Check.NAMED) else "account" if delegated else "nobody"
    by_iam = decision.says_yes(Check.IAM)
    shared = event.get("sharedEventID")
    others = [r.event["recipientAccountId"] for r in records if shared and r.event.get("sharedEventID") == shared]
    logged = tuple(dict.fromkeys([event["recipientAccountId"], *others]))
    return Attempt(
        record.caller, _account(record), event["eventName"], admits, by_iam, record.worked,
        record.error, RANDOM.sub("…", event.get("errorMessage", "")), decision.decisive.read, logged,
        tuple(record.returned.items()),
    )  # fmt: skip


def _account(record: Record) -> str:
    account: str = record.event["userIdentity"].get("accountId", "")
    return account
