"""What a decision says, read for a person: its path, the lines that decided, the smallest change."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from kms_teach.access import sentences
from kms_teach.access.authorization import Authorization
from kms_teach.access.decision import Decision, Step, decide
from kms_teach.access.documents import Documents, every
from kms_teach.access.evidence import CEILINGS, READS, RESOURCE_BASED
from kms_teach.access.near_misses import Miss, near_misses
from kms_teach.access.reasons import Check, Reason
from kms_teach.inspect.change import Option, diff, smallest
from kms_teach.inspect.excerpt import Line, excerpt, known, where

MOST_FIXES = 3  # other changes named
WHO = ("Principal", "NotPrincipal")  # a statement about somebody else did not come near


class Row(Struct, frozen=True):
    """One step of the path. `passed`: it does not count, the path goes around it; `brief`: read, without saying so."""

    number: int
    question: str
    answer: str
    read: str
    decided: bool
    passed: bool
    check: Check | None = None
    where: str = ""  # the document and the lines shown
    lines: tuple[Line, ...] = ()
    verdict: str = ""
    brief: str = ""


class Change(Struct, frozen=True):
    """The smallest change that turns the decision round; `diff` are lines with + or - before them."""

    says: str
    diff: tuple[str, ...]
    then: str
    others: tuple[str, ...]


class Facts(Struct, frozen=True):
    """The facts of one decision. `near`: Allows that failed in one thing alone, besides the one among the rows."""

    caller: str
    action: str
    allowed: bool
    title: str
    second: str
    rows: tuple[Row, ...]
    message: str
    change: Change | None
    near: tuple[str, ...]

    @property
    def code(self) -> str:
        """What a denial is called by the service that was asked."""
        return "AccessDenied" if self.action.startswith("s3:") else "AccessDeniedException"

    @property
    def asks(self) -> str:
        """The request, in a sentence."""
        return _asks(self.caller, self.action)


def read(authorization: Authorization) -> Facts:
    """Read an authorization and its decision."""
    decision, documents = authorization.decision, authorization.documents
    missed = near_misses(authorization.request, documents)
    misses = [miss for miss in missed if miss.statement.allow] if not decision.allowed else []
    rows = tuple(_rows(decision, documents, misses))
    options = smallest(authorization)
    used = _miss_of(decision.decisive, misses)
    near = [
        known(miss.explain()) for miss in misses if miss.failed == 1 and miss is not used and miss.element not in WHO
    ]
    return Facts(
        caller=decision.label,
        action=decision.action,
        allowed=decision.allowed,
        title=title(authorization),
        second=_second(decision),
        rows=rows,
        message=known(decision.message) if not decision.allowed else "",
        change=_change(authorization, options) if options else None,
        near=tuple(near[:2]),
    )


# --- the message ----------------------------------------------------------------------------------------------------


def title(authorization: Authorization) -> str:
    """Give the decision in one sentence."""
    decision, request, policy = authorization.decision, authorization.request, authorization.documents.key_policy
    who, action, caller = decision.label, decision.action, request.caller
    resource = policy.kind if policy else "key policy"
    match decision.decisive.check:
        case Check.DENY:
            return f"Denied: the {decision.decisive.kind} says Deny, and a Deny always wins"
        case Check.REACH:
            return f"Denied: {action} never reaches a key of another account"
        case Check.GRANT | Check.RETIREMENT:
            return (
                f"Allowed: a grant is enough for {who}" if decision.allowed else f"Denied: no grant lets {who} do this"
            )
        case Check.IAM if policy is None or request.retires or not decision.step(Check.DELEGATED):
            return f"{'Allowed: an' if decision.allowed else 'Denied: no'} IAM policy of {who} allows {action}"
        case Check.IAM:
            delegated = decision.says_yes(Check.DELEGATED)
            shared = decision.says_yes(Check.SHARED) and not delegated and not decision.says_yes(Check.NAMED)
            leaves = f"the {resource} lets IAM decide" if delegated else f"the {resource} names {who}"
            leaves = "AWS RAM shares the key with the account" if shared else leaves
            says = "and IAM says yes" if decision.allowed else "and IAM is silent"
            return f"{'Allowed' if decision.allowed else 'Denied'}: {leaves}, {says}"
        case Check.NAMED | Check.DELEGATED if decision.allowed and caller.kind == "root":
            return f"Allowed: the {resource} names the account, and root is the account"
        case Check.NAMED if decision.allowed:
            return f"Allowed: the {resource} names {who}, and that is enough"
        case Check.NAMED | Check.DELEGATED if caller.kind == "service" or _speaks_of(authorization):
            return f"Denied: the {resource} does not allow {action} to {who}"
        case Check.NAMED | Check.DELEGATED if caller.kind == "root":
            return f"Denied: the {resource} does not name the account, so root has no say"
        case Check.NAMED | Check.DELEGATED:
            return f"Denied: the {resource} names neither {who} nor the account"
        case check:
            assert check, "decided just now, so its check is known"
            return f"Denied: the {CEILINGS[check]} leaves no room for {action}"


def _speaks_of(authorization: Authorization) -> bool:
    """Whether the key policy names the caller or its account in any Allow."""
    caller, policy = authorization.request.caller, authorization.documents.key_policy
    names = {caller.arn, caller.caller_arn, f"arn:aws:iam::{caller.account}:root", "*"}
    statements = policy.statements if policy else ()
    return any(names.intersection(s.principals or ()) for s in statements if s.allow and not s.not_principal)


def _asks(who: str, action: str) -> str:
    return f"{'The' + who[3:] if who.startswith('the ') else who} asks for {action}."


def _second(decision: Decision) -> str:
    request = _asks(decision.label, decision.action)
    wasted = any(step.answer and step.check is Check.IAM and not step.counts for step in decision.steps)
    if not decision.allowed and wasted and not decision.decisive.answer:
        return f"{request} IAM would say yes, and that is not enough."
    return f"{request} The questions are put in this order."


# --- the path -------------------------------------------------------------------------------------------------------


def _rows(decision: Decision, documents: Documents, misses: Sequence[Miss]) -> Iterator[Row]:
    last = next(number for number, step in enumerate(decision.steps, 1) if step.decided)
    decisive = decision.decisive
    reach = decisive.check is Check.REACH  # after that no, nothing else matters
    for number, step in enumerate(decision.steps, 1):
        late = number > last
        if late and (decision.allowed or reach or (decisive.answer and not step.answer)):
            continue
        idle = step.answer and (late or not step.counts)
        answer, brief = ("yes" if step.answer else "no"), _read(step, decision, documents)
        words = brief
        if idle:
            before = decisive if late else next(s for s in decision.steps if not s.answer)
            at = decision.steps.index(before) + 1
            words += f", but after the {'yes' if before.answer else 'no'} in step {at} it does not count"
        place, shown, verdict = _shown(step, decision, documents, misses) if step.decided else ("", (), "")
        yield Row(number, step.question, answer, words, step.decided, idle, step.check, place, shown, verdict, brief)


def _read(step: Step, decision: Decision, documents: Documents) -> str:
    if step.reason is Reason.IAM_SILENT and not documents.identity:
        return sentences.in_full(step.reason, caller=decision.label)
    if step.reason is Reason.OTHERS_NAMED and documents.key_policy:
        names = dict.fromkeys(name for s in documents.key_policy.statements for name in s.principals or ())
        return sentences.in_full(step.reason, people=" and ".join(map(_person, names)), caller=decision.label)
    return f"{step.read} (line {step.line})" if step.line else step.read


def _person(name: str) -> str:
    """A principal of a policy in words: `:root` stands for the account, not for its root user alone."""
    account, last = name.split(":")[4:6] if name.startswith("arn:") else ("", name)
    return f"account {account}" if last == "root" else last


def _shown(
    step: Step, decision: Decision, documents: Documents, misses: Sequence[Miss]
) -> tuple[str, tuple[Line, ...], str]:
    """The lines that decided, where they stand, and what they say."""
    if step.statement is not None:
        document = next(d for d in every(documents) if (d.kind, d.name) == (step.kind, step.document))
        deny, names = step.check is Check.DENY, step.kind in RESOURCE_BASED
        element = "Principal" if names and not deny else "Action"
        shown = excerpt(document, step.statement, "Effect", element)
        says = "Deny wins over every Allow" if deny else "this Allow is the answer"
        return where(document, shown), shown, f"This statement decided: {says}."
    miss = _miss_of(step, misses)
    if miss is None:
        return "", (), "This step decided."
    path = (miss.condition.name, miss.condition.key) if miss.condition else ()
    shown = excerpt(miss.document, miss.statement.number, miss.element, *path)
    allows = sum(statement.allow for statement in miss.document.statements)
    decided = "This line decided" if allows == 1 else "This line came nearest"
    return where(miss.document, shown), shown, f"{decided}: {_reason(miss, decision)}."


def _miss_of(step: Step, misses: Sequence[Miss]) -> Miss | None:
    """The Allow that came nearest to turning this no into a yes."""
    if step.answer or step.check not in READS:
        return None
    return next((miss for miss in misses if miss.document.kind in READS[step.check]), None)


def _reason(miss: Miss, decision: Decision) -> str:
    match miss.element:
        case element if element in WHO:
            return f"it does not name {decision.label}"
        case "Condition" if miss.condition:
            key = miss.condition.key
            return f"here {key} is {miss.had}" if miss.carried else f"the request does not carry {key}"
        case "Resource" if any(":alias/" in arn for arn in miss.statement.resource.sources):
            return "the ARN of an alias never names the key"
        case "Resource" | "NotResource":
            return f"it does not match this {'object or bucket' if decision.action.startswith('s3:') else 'key'}'s ARN"
        case _:
            return f"it does not cover {decision.action}"


def _change(authorization: Authorization, options: Sequence[Option]) -> Change:
    request, documents = options[0].fix.apply(authorization.request, authorization.documents)
    then = decide(request, documents)
    step = then.steps.index(then.decisive) + 1
    says = f"Step {step} then says {'yes' if then.decisive.answer else 'no'}, and {options[0].effect}."
    lines = tuple(known(line) for line in diff(authorization.documents, documents))
    others = tuple(known(f"{other.says} ({other.effect})") for other in options[1 : MOST_FIXES + 1])
    return Change(known(options[0].says), lines, says, others)
