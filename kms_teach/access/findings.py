"""Findings: what is wrong with a key policy though it can be read, each proven by a request it decides."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from kms_teach.access.actions import ON_KEY, crosses
from kms_teach.access.condition_keys import ConditionKey, Facts, KeyFacts, row_of
from kms_teach.access.conditions import Condition
from kms_teach.access.context import context
from kms_teach.access.decision import Decision, decide
from kms_teach.access.documents import Documents
from kms_teach.access.evaluation import evaluate
from kms_teach.access.evidence import match_context
from kms_teach.access.policy import read
from kms_teach.access.principals import EVERYONE, Principal, root
from kms_teach.access.request import Request
from kms_teach.access.samples import escaping, meeting, somebody
from kms_teach.access.statement import Document, Statement

STRANGER = "999999999999"  # an account that nobody knows
EVERYTHING = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
ALL = (read(EVERYTHING, "IAM policy", "everything"),)  # so that the key policy alone decides
FOR_WHOM = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "kms:calleraccount")
NOTHING = Documents(None)
NEVER_CALLS = "federated:"  # an identity provider


class Finding(Struct, frozen=True):
    """One fault. `request` is decided by it, as `decision` tells."""

    kind: str
    says: str  # one sentence, with what to do
    statement: int | None
    line: int | None
    request: Request
    decision: Decision


def findings(key_policy: Document, key_arn: str, key: KeyFacts) -> tuple[Finding, ...]:
    """All faults found: those of the whole policy first, then those of each statement."""
    linter = _Linter(key_policy, key_arn, key)
    faults = [*linter.locked_out(), *linter.open_to_the_world()]
    for statement in key_policy.statements:
        faults += list(linter.without_effect(statement)) or [*linter.unmet(statement), *linter.unwise(statement)]
    return tuple(faults)


class _Linter:
    def __init__(self, key_policy: Document, key_arn: str, key: KeyFacts) -> None:
        self.policy, self.arn, self.key = key_policy, key_arn, key

    def request(self, caller: Principal, action: str, meets: tuple[Condition, ...] = ()) -> Request:
        keys = context(Facts(action=action, caller=caller, key=self.key))
        return Request(caller, f"kms:{action}", self.arn, self.key.account, meeting(meets, keys))

    def documents(self, caller: Principal) -> Documents:
        return Documents(self.policy, () if caller.kind in ("service", "root") else ALL)

    def allowed(self, request: Request) -> bool:
        return evaluate(request, self.documents(request.caller)).allowed

    def finding(self, kind: str, says: str, statement: Statement | None, request: Request) -> Finding:
        number, line = (statement.number, statement.line) if statement else (None, None)
        return Finding(kind, says, number, line, request, decide(request, self.documents(request.caller)))

    def callers(self, statement: Statement) -> list[Principal]:
        """One for each name; for a NotPrincipal, somebody whom it does not list."""
        if statement.not_principal:
            return [somebody(EVERYONE, STRANGER)]
        return self.people(statement.principals or ())

    def people(self, names: Iterable[str]) -> list[Principal]:
        return [somebody(name, self.key.account) for name in dict.fromkeys(names) if not name.startswith(NEVER_CALLS)]

    def everybody(self) -> list[Principal]:
        """Everybody whom the policy names, in a condition on aws:PrincipalArn too."""
        names = [name for s in self.policy.statements for name in s.principals or ()]
        for condition in [c for s in self.policy.statements for c in s.conditions if c.lowered == "aws:principalarn"]:
            names += [name for name in condition.sources if name.startswith("arn:") and not set(name) & set("*?$")]
        return self.people(names)

    # --- the whole policy ---

    def locked_out(self) -> Iterator[Finding]:
        able = [root(self.key.account), *(p for p in self.everybody() if p.account == self.key.account)]
        requests = [self.request(p, "PutKeyPolicy") for p in able]
        if not any(self.allowed(request) for request in requests):
            says = (
                "nobody can change this key policy any more: let the account, or an administrator, use kms:PutKeyPolicy"
            )
            yield self.finding("locked out", says, None, requests[0])

    def open_to_the_world(self) -> Iterator[Finding]:
        for request in (self.request(somebody(EVERYONE, STRANGER), name) for name in ON_KEY):
            evaluation = evaluate(request, self.documents(request.caller))
            opens = evaluation.evidence.named or evaluation.evidence.delegated
            if evaluation.allowed and opens:
                says = (
                    f"anybody in any account may use {request.action}: name whom you mean, or ask for kms:CallerAccount"
                )
                yield self.finding("open to the world", says, opens.statement, request)
                return

    # --- one statement ---

    def without_effect(self, statement: Statement) -> Iterator[Finding]:
        covered = self.covered(statement)
        if not covered or not statement.resource.match(self.arn, {}) or not self.callers(statement):
            says = (
                f"{statement.label} says nothing of this key: name who calls KMS, kms: actions on keys, and Resource *"
            )
            caller = (self.callers(statement) or [root(self.key.account)])[0]
            request = self.request(caller, (covered or ["Decrypt"])[0], statement.conditions)
            yield self.finding("without effect", says, statement, request)

    def covered(self, statement: Statement) -> list[str]:
        return [name for name in ON_KEY if statement.action.match(f"kms:{name}", {})]

    def unmet(self, statement: Statement) -> Iterator[Finding]:
        """Conditions that do not do what they say."""
        covered, caller = self.covered(statement), self.callers(statement)[0]
        for condition in statement.conditions:
            row = row_of(condition.key)
            for kind, (is_fault, says) in CONDITION_FAULTS.items():
                if is_fault(condition, row):
                    told = says.format(c=condition, type=row.type if row else "")
                    yield self.finding(kind, told, statement, self.request(caller, covered[0]))
                    break
            else:
                yield from self.never_met(statement, condition, row)

    def never_met(self, statement: Statement, condition: Condition, row: ConditionKey | None) -> Iterator[Finding]:
        """An action that never carries the key, where a pattern such as kms:* does not excuse it."""
        if row is None or condition.operator.negated or condition.if_exists or condition.over == "ForAllValues":
            return
        for name in self.covered(statement):
            listed = any(source.lower() == f"kms:{name}".lower() for source in statement.action.sources)
            if listed and name not in row.on and condition.operator.kind != "Null":
                says = (
                    f"kms:{name} never carries {condition.key}, so this does not speak of it: give it its own statement"
                )
                request = self.request(self.callers(statement)[0], name)
                yield self.finding("condition never met", says, statement, request)

    def unwise(self, statement: Statement) -> Iterator[Finding]:
        """What an Allow gives that was hardly meant, or does not give."""
        covered = self.covered(statement)
        if not statement.allow:
            return
        for caller in self.callers(statement):
            yield from self.never_crosses(statement, caller)
            request = self.request(caller, covered[0], statement.conditions)
            bound = any(condition.lowered in FOR_WHOM for condition in statement.conditions)
            if caller.kind == "service" and not bound and self.allowed(request):
                says = f"{caller.name} may use this key for anybody's sake: ask for aws:SourceArn or aws:SourceAccount"
                yield self.finding("confused deputy", says, statement, request)
        if self.unreachable(statement):
            says = f"{statement.label} is never reached: a Deny covers all that it allows; remove one of them"
            request = self.request(self.callers(statement)[0], covered[0], statement.conditions)
            yield self.finding("unreachable", says, statement, request)

    def never_crosses(self, statement: Statement, caller: Principal) -> Iterator[Finding]:
        """A permission listed by name for another account whose operation works only at home."""
        if caller.account in ("", self.key.account) or statement.not_principal or statement.principals == (EVERYONE,):
            return
        for source in statement.action.sources:
            name = next((name for name in ON_KEY if f"kms:{name}".lower() == source.lower()), "")
            if name and not crosses(f"kms:{name}"):
                says = f"kms:{name} never works from another account, and account {caller.account} is one: leave it out"
                yield self.finding("never crosses", says, statement, self.request(caller, name, statement.conditions))

    def unreachable(self, statement: Statement) -> bool:
        """Whether each request that it allows is denied: for everybody named, also where a Deny's condition fails."""
        denies = [s.conditions[0] for s in self.policy.statements if not s.allow and s.conditions]
        requests = [
            Request(caller, request.action, self.arn, self.key.account, keys)
            for caller in self.everybody()
            for request in (self.request(caller, name, statement.conditions) for name in self.covered(statement))
            for keys in (request.context, meeting(statement.conditions, escaping(denies, request.context)))
        ]
        met = [request for request in requests if statement.matches(match_context(request, NOTHING))]
        return bool(met) and all(evaluate(request, self.documents(request.caller)).evidence.deny for request in met)


COMPARED = {"Date": ("Date", "Numeric")}  # a date is in Unix time, and compared as either

# Faults of one condition: when, and what to do. The first that holds is told.
CONDITION_FAULTS: dict[str, tuple[Callable[[Condition, ConditionKey | None], bool], str]] = {
    "unknown condition key": (
        lambda c, row: c.lowered.startswith("kms:") and row is None,
        "KMS has no condition key {c.key}, so no request carries it: look it up in the KMS Developer Guide",
    ),
    "not in key policies": (
        lambda c, _: not c.lowered,
        "{c.key} has no effect in a key policy: write it in IAM policies",
    ),
    "no set operator": (
        lambda c, row: row is not None and row.many and not c.over and c.operator.kind != "Null",
        "{c.key} has many values: write ForAnyValue:{c.name} or ForAllValues:{c.name}",
    ),
    "wrong operator": (
        lambda c, row: (
            row is not None and c.operator.kind not in ("Null", "String", *COMPARED.get(row.type, (row.type,)))
        ),
        "{c.name} does not compare {c.key}, which is a {type}: use an operator for that",
    ),
}
