"""A decision: a pure function from a request and its documents to a value that says yes or no, and step by step why.

The rules are in `evaluation`, the words in `sentences`. `decide` never raises: documents were checked when they were
put.
"""

from collections.abc import Iterator

import msgspec

from kms_teach.access import sentences
from kms_teach.access.documents import Documents
from kms_teach.access.evaluation import INNER, OUTER, Evaluation, evaluate
from kms_teach.access.evidence import Match
from kms_teach.access.reasons import STAGE_OF_CHECK, STAGE_OF_KIND, Check, Reason, Stage
from kms_teach.access.request import Request
from kms_teach.access.sentences import ELSEWHERE, UNEXPLAINED

__all__ = ["ELSEWHERE", "Check", "Decision", "Documents", "Reason", "Request", "Step", "decide", "told"]


# The trail keeps and reads back a decision for every call, and leaves out what is as usual.
class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check on the way. `counts` is false when an earlier answer made this one worthless.

    question, read: for a person alone. Whoever asks what a step is about compares check, reason, document, statement
    and grant; a record of a store from before these were kept has None and "" there.
    """

    question: str
    answer: bool
    read: str  # what was read
    counts: bool = True
    decided: bool = False
    document: str = ""
    statement: int | None = None  # number in that document, from 1
    line: int | None = None  # where that statement begins in the document's text, from 1
    kind: str = ""  # of that document
    check: Check | None = None
    reason: Reason | None = None
    grant: str = ""  # id of the grant that answered, be it yes or no


def _stage(step: Step) -> Stage | None:
    if step.check is Check.DENY:
        return STAGE_OF_KIND.get(step.kind)
    return STAGE_OF_CHECK.get(step.check) if step.check else None


class Decision(msgspec.Struct, frozen=True):
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
        """The text of AWS's AccessDeniedException; of S3's AccessDenied."""
        if self.because == UNEXPLAINED:
            return UNEXPLAINED
        return f"User: {self.caller} is not authorized to perform: {self.action} on {self.because}"

    @property
    def decisive(self) -> Step:
        return next(step for step in self.steps if step.decided)

    def step(self, *checks: Check) -> Step | None:
        """The step that asked one of these."""
        return next((step for step in self.steps if step.check in checks), None)

    def says_yes(self, *checks: Check) -> bool:
        """Whether one of these was asked, and answered with yes."""
        return any(step.answer for step in self.steps if step.check in checks)

    @property
    def in_aws_order(self) -> tuple[tuple[Stage, Step], ...]:
        """The steps in the order in which AWS lists what it evaluated; that nothing says Deny is no entry of its own.

        For a record of a store from before checks were kept, nothing.
        """
        staged = ((_stage(step), step) for step in self.steps)
        order = list(Stage)
        return tuple(sorted(((stage, step) for stage, step in staged if stage), key=lambda each: order.index(each[0])))

    def explain(self) -> str:
        """One sentence for a person."""
        return f"{'allowed' if self.allowed else 'denied'}: {self.label}, {self.action}: {self.decisive.read}"


def decide(request: Request, documents: Documents) -> Decision:
    """Decide a request."""
    return told(request, documents, evaluate(request, documents))


def told(request: Request, documents: Documents, evaluation: Evaluation) -> Decision:
    """An evaluation as a path of steps, with their words."""
    caller, because = request.caller, sentences.denial(request, evaluation)
    steps = tuple(_Path(request, documents, evaluation).steps())
    return Decision(
        evaluation.allowed, caller.caller_arn, caller.label, request.action, request.resource, because, steps
    )


class _Path:
    """The steps of one evaluation, in the order of the checks."""

    def __init__(self, request: Request, documents: Documents, evaluation: Evaluation) -> None:
        self.caller, self.key_policy = request.caller, None if request.retires else documents.key_policy
        self.evidence, self.verdict = evaluation
        self.shared = self.key_policy is not None and documents.ram is not None
        lent = self.evidence.grant
        self.values = sentences.Values(request, documents.key_policy, lent.grant if lent else None)

    def steps(self) -> Iterator[Step]:
        """Which checks are made depends on the caller, and on what there is to read."""
        evidence, caller = self.evidence, self.caller
        yield self.by_statement(Check.DENY, evidence.deny, Reason.NO_DENY)
        if evidence.out_of_reach:
            yield self.step(Check.REACH, False, Reason.ONLY_AT_HOME)
        yield from self.ceilings(OUTER, True)
        if self.key_policy:
            yield self.by_statement(Check.NAMED, evidence.named, sentences.named(self.key_policy, caller))
            if caller.kind != "service" and not evidence.own_bucket:
                yield self.by_statement(Check.DELEGATED, evidence.delegated, Reason.ACCOUNT_NOT_ALLOWED)
        if self.shared:
            yield self.by_statement(Check.SHARED, evidence.shared, Reason.SHARE_SILENT)
        if lent := evidence.grant:
            yield self.step(lent.check, lent.allows, lent.reason, grant=lent.grant.id if lent.grant else "")
        if caller.kind == "root":
            yield self.step(Check.IAM, True, Reason.ROOT, evidence.iam_counts)
        elif caller.kind != "service" or self.verdict.check is Check.IAM:
            yield self.by_statement(Check.IAM, evidence.iam, Reason.IAM_SILENT, evidence.iam_counts)
        yield from self.ceilings(INNER, not self.verdict.unlimited)

    def ceilings(self, checks: tuple[Check, ...], counts: bool) -> Iterator[Step]:
        for check in checks:
            if check in self.evidence.ceilings:
                yield self.by_statement(check, self.evidence.ceilings[check], Reason.CEILING_SILENT, counts)

    def by_statement(self, check: Check, match: Match | None, otherwise: Reason, counts: bool = True) -> Step:
        """A step that a statement answers with yes; without one it is a no."""
        if match is None:
            return self.step(check, False, otherwise, counts)
        document, statement = match
        return Step(
            sentences.question(check, self.values), True, sentences.where(match), counts, check is self.verdict.check,
            document.name, statement.number, statement.line, document.kind, check, Reason.STATEMENT,
        )  # fmt: skip

    def step(self, check: Check, yes: bool, reason: Reason, counts: bool = True, grant: str = "") -> Step:
        question, read = sentences.question(check, self.values), sentences.answer(reason, self.values)
        decided = check is self.verdict.check
        return Step(question, yes, read, counts, decided, check=check, reason=reason, grant=grant)
