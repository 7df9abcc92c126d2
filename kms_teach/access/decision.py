"""This is how a request is decided: a pure function from the request and the documents to a Decision with its steps.

IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Determining access to KMS keys". In this order:
an explicit Deny anywhere; the key policy on the caller itself; the key policy letting the caller's account use IAM
policies, and then an IAM policy; else an implicit deny. In another account's key both sides must allow.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kms_teach.access.policy import Document, Statement
from kms_teach.access.principals import Principal


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: `resource` is the ARN the permission is about, or `*`; `owner` the account that it belongs to."""

    caller: Principal
    action: str  # kms:…
    resource: str
    owner: str


@dataclass(frozen=True, slots=True)
class Documents:
    """What is read: no key policy where the operation names no key (or names an alias)."""

    key_policy: Document | None
    identity: tuple[Document, ...] = ()


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


ELSEWHERE = (
    "this resource because the resource does not exist in this Region, no resource-based policies allow access, or a"
    " resource-based policy explicitly denies access"
)


def decide(request: Request, documents: Documents) -> Decision:
    """Decide a request. Never raises: documents were checked when they were put."""
    caller, key_policy = request.caller, documents.key_policy
    at_home = caller.account == request.owner
    who = caller.label
    statements = [(key_policy, s) for s in key_policy.statements if _about(s, caller)] if key_policy else []
    identity = [(document, s) for document in documents.identity for s in document.statements]

    deny = _first(request, [*statements, *identity], allow=False)
    steps = [Step("Does anything say Deny?", deny is not None, _where(deny, "no Deny about this"), *_source(deny))]
    direct = account = None
    if key_policy:
        itself = [(d, s) for d, s in statements if s.names("*", caller.arn, caller.caller_arn)]
        direct = _first(request, itself, allow=True)
        steps.append(Step(f"Does the key policy allow {who} by name?", direct is not None, _where(direct, _named(key_policy, who)), *_source(direct)))
        account = _first(request, [(d, s) for d, s in statements if s.names(_root(caller))], allow=True)
        no_way = f"no statement allows this to account {caller.account}"
        steps.append(Step(f"Does the key policy let IAM policies of account {caller.account} decide?", account is not None, _where(account, no_way), *_source(account)))  # fmt: skip
    by_iam = _first(request, identity, allow=True)
    rooted = caller.kind == "root"
    read = "the root user needs no IAM policy" if rooted else _where(by_iam, f"no IAM policy of {who} allows {request.action} here")
    reachable = key_policy is None or account is not None or (direct is not None and not at_home)
    steps.append(Step(f"Does an IAM policy allow {who}?", rooted or by_iam is not None, read, reachable, False, *_source(by_iam)[2:]))

    iam = rooted or by_iam is not None
    if deny:
        decided, because = 0, f"with an explicit deny in {'a resource-based' if deny[0] is key_policy else 'an identity-based'} policy"
    elif key_policy is None:
        decided, because = 1, "" if iam else _because("identity", request)
    elif direct and (at_home or iam):
        decided, because = 1, ""
    elif (account or direct) and iam:
        decided, because = (2 if rooted else 3), ""
    elif account or direct:
        decided, because = 3, _because("identity", request)
    else:
        decided, because = 2, _because("resource", request)
    if because:
        because = ELSEWHERE if not at_home and key_policy else f"resource: {request.resource} {because}"
    taken = tuple(_decided(step, n == decided) for n, step in enumerate(steps))
    return Decision(not because, caller.caller_arn, who, request.action, request.resource, because, taken)


Found = tuple[Document, Statement] | None


def _first(request: Request, statements: Iterable[tuple[Document, Statement]], *, allow: bool) -> Found:
    return next((found for found in statements if found[1].allow is allow and found[1].covers(request.action, request.resource)), None)


def _about(statement: Statement, caller: Principal) -> bool:
    return statement.names("*", caller.arn, caller.caller_arn, _root(caller))


def _root(caller: Principal) -> str:
    return f"arn:aws:iam::{caller.account}:root"


def _where(found: Found, otherwise: str) -> str:
    if found is None:
        return otherwise
    document, statement = found
    name = document.kind if document.kind == document.name else f"{document.kind} “{document.name}”"
    return f"{name}, {statement.label}"


def _source(found: Found) -> tuple[bool, bool, str, int | None]:
    """The last fields of a Step: counts, decided, document, statement."""
    return (True, False, found[0].name, found[1].number) if found else (True, False, "", None)


def _named(document: Document, who: str) -> str:
    names = dict.fromkeys(p.rsplit(":", 1)[-1] for s in document.statements for p in s.principals)
    return f"it names {', '.join(names)}, not {who}" if names else "it names nobody"


def _because(kind: str, request: Request) -> str:
    return f"because no {kind}-based policy allows the {request.action} action"


def _decided(step: Step, decided: bool) -> Step:
    return Step(step.question, step.answer, step.read, step.counts, decided, step.document, step.statement)
