"""This is how a request is decided: a pure function from the request and the documents to a Decision with its steps.

The weighing itself, without words, is in `weighing`; here its outcome is told. `decide` never raises: documents were
checked when they were put.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kms_teach.access.principals import EVERYONE, Principal, known_as
from kms_teach.access.statement import Document, Statement
from kms_teach.access.weighing import INNER, OUTER, Documents, Found, Request, Weighed, weigh

__all__ = ["ELSEWHERE", "Decision", "Documents", "Request", "Step", "decide", "told"]


@dataclass(frozen=True, slots=True)
class Step:
    """One question on the way. `counts` is false when an earlier answer made this one worthless."""

    question: str
    answer: bool
    read: str  # what was read, for a person
    counts: bool = True
    decided: bool = False
    document: str = ""
    statement: int | None = None  # number in that document, from 1
    line: int | None = None  # where that statement begins in the document's text, from 1
    kind: str = ""  # of that document


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, with the steps that led to it. `because` is AWS's reason in AWS's words, "" when allowed."""

    allowed: bool
    caller: str  # the caller's ARN
    label: str  # the caller's name for a person
    action: str
    resource: str
    because: str
    steps: tuple[Step, ...]

    @property
    def message(self) -> str:
        """The text of AWS's AccessDeniedException."""
        return f"User: {self.caller} is not authorized to perform: {self.action} on {self.because}"

    @property
    def decisive(self) -> Step:
        return next(step for step in self.steps if step.decided)

    def explain(self) -> str:
        """One sentence for a person."""
        return f"{'allowed' if self.allowed else 'denied'}: {self.label}, {self.action}: {self.decisive.read}"


# AWS's words. On record (seen in the open): ELSEWHERE, the implicit denials by identity-based and resource-based
# policies, the explicit deny in a resource-based policy. All others are in the IAM User Guide, "Troubleshoot access
# denied error messages", though not seen from KMS.
ELSEWHERE = (
    "this resource because the resource does not exist in this Region, no resource-based policies allow access, or a"
    " resource-based policy explicitly denies access"
)
POLICY_TYPES = {
    "key policy": "a resource-based policy",
    "IAM policy": "an identity-based policy",
    "permissions boundary": "a permissions boundary",
    "session policy": "a session policy",
    "service control policy": "a service control policy",
    "resource control policy": "a resource control policy",
    "VPC endpoint policy": "a VPC endpoint policy",
    "trust policy": "a resource-based policy",
}


def decide(request: Request, documents: Documents) -> Decision:
    """Decide a request."""
    return told(request, documents, weigh(request, documents))


def told(request: Request, documents: Documents, weighed: Weighed) -> Decision:
    """Put an outcome in words."""
    steps = tuple(_steps(request, documents, weighed))
    return Decision(
        weighed.allowed, request.caller.caller_arn, request.caller.label, request.action, request.resource,
        _because(request, documents, weighed), steps,
    )  # fmt: skip


def _because(request: Request, documents: Documents, weighed: Weighed) -> str:
    if weighed.allowed:
        return ""
    kind = weighed.deny[0].kind if weighed.deny else weighed.silent
    away = documents.key_policy is not None and request.caller.account != request.owner
    if away and kind in ("key policy", "resource control policy"):
        return ELSEWHERE  # an account is not told what another account's policies say
    if weighed.deny:
        return f"resource: {request.resource} with an explicit deny in {POLICY_TYPES[kind]}"
    policy = POLICY_TYPES[kind].split(" ", 1)[1]
    return f"resource: {request.resource} because no {policy} allows the {request.action} action"


# What each ceiling is called in its question.
CEILINGS = {
    "VPC endpoint policy": "Does the VPC endpoint's policy let this through?",
    "service control policy": "Do the service control policies leave this open?",
    "permissions boundary": "Does the permissions boundary leave this open?",
    "session policy": "Do the session's policies leave this open?",
}


def _steps(request: Request, documents: Documents, weighed: Weighed) -> Iterator[Step]:
    who, action, by = request.caller.label, request.action, weighed.decided
    yield _step("Does anything say Deny?", weighed.deny, "no Deny about this", decided=by == "deny")
    if weighed.out_of_reach:
        read = f"{action} works only in the key's own account"
        yield Step("Does this reach a key of another account?", False, read, decided=by == "reach")
    yield from _ceilings(weighed, OUTER)
    if documents.key_policy and not weighed.retiring:
        yield from _key_policy_steps(request.caller, documents.key_policy, weighed)
    if documents.grants or weighed.retiring:
        question = "Does the grant let this be?" if weighed.retiring else f"Does a grant allow {who}?"
        yield Step(question, weighed.grant is not None, weighed.grant_read, decided=by == "grant")
    if request.caller.kind == "root":
        read = "the root user needs no IAM policy"
        yield Step(f"Does an IAM policy allow {who}?", True, read, weighed.iam_counts, by == "iam")
    elif request.caller.kind != "service" or by == "iam":
        read, decided = f"no IAM policy of {who} allows {action} here", by == "iam"
        yield _step(f"Does an IAM policy allow {who}?", weighed.iam, read, decided=decided, counts=weighed.iam_counts)
    yield from _ceilings(weighed, INNER)


def _key_policy_steps(caller: Principal, key_policy: Document, weighed: Weighed) -> Iterator[Step]:
    named, by = _named(key_policy, caller), weighed.decided
    yield _step(f"Does the key policy allow {caller.label} by name?", weighed.direct, named, decided=by == "direct")
    if caller.kind != "service":
        question = f"Does the key policy let IAM policies of account {caller.account} decide?"
        none = f"no statement allows this to account {caller.account}"
        yield _step(question, weighed.account, none, decided=by == "account")


def _ceilings(weighed: Weighed, kinds: tuple[str, ...]) -> Iterator[Step]:
    for kind in kinds:
        if kind in weighed.ceilings:
            none, decided = "no statement of it allows this", weighed.decided == kind
            past = weighed.past_limits and kinds == INNER
            yield _step(CEILINGS[kind], weighed.ceilings[kind], none, decided=decided, counts=not past)


def _step(question: str, found: Found, otherwise: str, *, decided: bool, counts: bool = True) -> Step:
    if found is None:
        return Step(question, False, otherwise, counts, decided)
    document, statement = found
    said = where(document, statement)
    return Step(
        question, True, said, counts, decided, document.name, statement.number, statement.line, document.kind,
    )  # fmt: skip


def where(document: Document, statement: Statement) -> str:
    """A statement as a person would point at it."""
    return f"{document.label}, {statement.label}"


def _named(document: Document, caller: Principal) -> str:
    principals = dict.fromkeys(p for s in document.statements if not s.not_principal for p in s.principals or ())
    if EVERYONE in principals or not principals.keys().isdisjoint(known_as(caller)):
        return f"no statement about {caller.label} allows this"
    names = ", ".join(_called(name) for name in principals)
    return f"it names {names}, not {caller.label}" if names else "it names nobody"


def _called(name: str) -> str:
    """A principal for a person; an account's `root` ARN means the account, not its root user."""
    account, _, resource = name.removeprefix("arn:aws:iam::").partition(":")
    return f"account {account}" if resource == "root" else name.rsplit(":", 1)[-1]
