"""This is what a decision says, read for a person: its path, the lines that decided, the smallest change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kms_teach.access.decision import CEILINGS, Decision, Step, decide
from kms_teach.access.question import Question
from kms_teach.access.weighing import Documents, every, weigh
from kms_teach.access.why import ABSENT, Miss, near_misses
from kms_teach.inspect.change import Option, diff, smallest
from kms_teach.inspect.excerpt import Line, excerpt, known, where

MOST_WAYS = 3  # other changes named
WHO = ("Principal", "NotPrincipal")  # a statement about somebody else did not come near


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the path. `passed`: it does not count, the path goes around it."""

    number: int
    question: str
    answer: str
    read: str
    decided: bool
    passed: bool
    where: str = ""  # the document and the lines shown
    lines: tuple[Line, ...] = ()
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """The smallest change that turns the decision round; `diff` are lines with + or - before them."""

    says: str
    diff: tuple[str, ...]
    then: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
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


def read(question: Question) -> Facts:
    """Read a question and its answer."""
    decision, documents = question.decision, question.documents
    missed = near_misses(question.request, documents)
    misses = [miss for miss in missed if miss.statement.allow] if not decision.allowed else []
    rows = tuple(_rows(decision, documents, misses))
    found = smallest(question)
    used = _miss_of(decision.decisive, misses)
    near = [
        known(miss.explain()) for miss in misses if miss.failed == 1 and miss is not used and miss.element not in WHO
    ]
    return Facts(
        caller=decision.label,
        action=decision.action,
        allowed=decision.allowed,
        title=title(question),
        second=_second(decision),
        rows=rows,
        message=known(decision.message) if not decision.allowed else "",
        change=_change(question, found) if found else None,
        near=tuple(near[:2]),
    )


# --- the message ----------------------------------------------------------------------------------------------------


def title(question: Question) -> str:
    """Give the decision in one sentence."""
    decision, caller, weighed = question.decision, question.request.caller, weigh(question.request, question.documents)
    who, action, policy = decision.label, decision.action, question.documents.key_policy
    match weighed.decided:
        case "deny":
            return f"Denied: the {decision.decisive.kind} says Deny, and a Deny always wins"
        case "reach":
            return f"Denied: {action} never reaches a key of another account"
        case "grant":
            return (
                f"Allowed: a grant is enough for {who}" if decision.allowed else f"Denied: no grant lets {who} do this"
            )
        case "iam" if policy is None or weighed.retiring:
            return f"{'Allowed: an' if decision.allowed else 'Denied: no'} IAM policy of {who} allows {action}"
        case "iam":
            leaves = f"the key policy names {who}" if weighed.account is None else "the key policy lets IAM decide"
            says = "and IAM says yes" if decision.allowed else "and IAM is silent"
            return f"{'Allowed' if decision.allowed else 'Denied'}: {leaves}, {says}"
        case "direct" | "account" if decision.allowed and caller.kind == "root":
            return "Allowed: the key policy names the account, and root is the account"
        case "direct" if decision.allowed:
            return f"Allowed: the key policy names {who}, and that is enough"
        case "direct" | "account" if caller.kind == "service" or _speaks_of(question):
            return f"Denied: the key policy does not allow {action} to {who}"
        case "direct" | "account" if caller.kind == "root":
            return "Denied: the key policy does not name the account, so root has no say"
        case "direct" | "account":
            return f"Denied: the key policy names neither {who} nor the account"
        case ceiling:
            return f"Denied: the {ceiling} leaves no room for {action}"


def _speaks_of(question: Question) -> bool:
    """Whether the key policy names the caller or its account in any Allow."""
    caller, policy = question.request.caller, question.documents.key_policy
    names = {caller.arn, caller.caller_arn, f"arn:aws:iam::{caller.account}:root", "*"}
    statements = policy.statements if policy else ()
    return any(names.intersection(s.principals or ()) for s in statements if s.allow and not s.not_principal)


def _second(decision: Decision) -> str:
    asked = f"{decision.label} asks for {decision.action}."
    asked = asked[0].upper() + asked[1:] if asked.startswith("the ") else asked
    wasted = any(step.answer and _kind(step) == "IAM policy" and not step.counts for step in decision.steps)
    if not decision.allowed and wasted and not decision.decisive.answer:
        return f"{asked} IAM would say yes, and that is not enough."
    return f"{asked} The questions are put in this order."


# --- the path -------------------------------------------------------------------------------------------------------


def _rows(decision: Decision, documents: Documents, misses: Sequence[Miss]) -> Iterator[Row]:
    last = next(number for number, step in enumerate(decision.steps, 1) if step.decided)
    decisive = decision.decisive
    reach = decisive.question.startswith("Does this reach")  # after that no, nothing else matters
    for number, step in enumerate(decision.steps, 1):
        late = number > last
        if late and (decision.allowed or reach or (decisive.answer and not step.answer)):
            continue
        idle = step.answer and (late or not step.counts)
        answer, said = ("yes" if step.answer else "no"), _read(step, decision, documents)
        if idle:
            before = decisive if late else next(s for s in decision.steps if not s.answer)
            at = decision.steps.index(before) + 1
            said += f", but after the {'yes' if before.answer else 'no'} in step {at} it does not count"
        place, shown, verdict = _shown(step, decision, documents, misses) if step.decided else ("", (), "")
        yield Row(number, step.question, answer, said, step.decided, idle, place, shown, verdict)


def _read(step: Step, decision: Decision, documents: Documents) -> str:
    if _kind(step) == "IAM policy" and not step.answer and not documents.identity:
        return f"{decision.label} has no IAM policy"
    if documents.key_policy and step.read.startswith("it names "):
        names = dict.fromkeys(name for s in documents.key_policy.statements for name in s.principals or ())
        return f"it names {' and '.join(map(_person, names))}, not {decision.label}"
    return f"{step.read} (line {step.line})" if step.line else step.read


def _person(name: str) -> str:
    """A principal of a policy in words: `:root` stands for the account, not for its root user alone."""
    account, last = name.split(":")[4:6] if name.startswith("arn:") else ("", name)
    return f"account {account}" if last == "root" else last


def _kind(step: Step) -> str:
    """The kind of document that a step is about; "" when it is about several, or none."""
    kinds = {"Does the key policy": "key policy", "Does an IAM policy": "IAM policy"}
    kinds |= {asked: kind for kind, asked in CEILINGS.items()}
    return next((kind for words, kind in kinds.items() if step.question.startswith(words)), "")


def _shown(
    step: Step, decision: Decision, documents: Documents, misses: Sequence[Miss]
) -> tuple[str, tuple[Line, ...], str]:
    """The lines that decided, where they stand, and what they say."""
    if step.statement is not None:
        document = next(d for d in every(documents) if (d.kind, d.name) == (step.kind, step.document))
        deny, key_policy = step is decision.steps[0], step.kind == "key policy"
        element = "Principal" if key_policy and not deny else "Action"
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
    if step.answer:
        return None
    return next((miss for miss in misses if miss.document.kind == _kind(step)), None)


def _reason(miss: Miss, decision: Decision) -> str:
    match miss.element:
        case element if element in WHO:
            return f"it does not name {decision.label}"
        case "Condition" if miss.condition:
            key = miss.condition.key
            return f"the request does not carry {key}" if miss.had == ABSENT else f"here {key} is {miss.had}"
        case "Resource" if ":alias/" in miss.needed:
            return "the ARN of an alias never names the key"
        case "Resource" | "NotResource":
            return "it does not match this key's ARN"
        case _:
            return f"it does not cover {decision.action}"


def _change(question: Question, found: Sequence[Option]) -> Change:
    request, documents = found[0].way.apply(question.request, question.documents)
    then = decide(request, documents)
    step = then.steps.index(then.decisive) + 1
    says = f"Step {step} then says {'yes' if then.decisive.answer else 'no'}, and {found[0].effect}."
    lines = tuple(known(line) for line in diff(question.documents, documents))
    others = tuple(known(f"{other.says} ({other.effect})") for other in found[1 : MOST_WAYS + 1])
    return Change(known(found[0].says), lines, says, others)
