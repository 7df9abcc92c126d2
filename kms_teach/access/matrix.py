"""The who-may matrix: principals by permissions, what decided each cell, and which cells a change turns round."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access import sentences
from kms_teach.access.actions import ACTIONS
from kms_teach.access.context import Context, lowered
from kms_teach.access.documents import Documents
from kms_teach.access.evaluation import Evaluation, evaluate
from kms_teach.access.evidence import match_context
from kms_teach.access.principals import Principal
from kms_teach.access.reasons import Check
from kms_teach.access.request import Request
from kms_teach.access.statement import Document, MatchContext


class Cell(Struct, frozen=True):
    """Whether one principal has one permission, and what decided."""

    allowed: bool
    evaluation: Evaluation

    @property
    def check(self) -> Check:
        """The check that decided."""
        return self.evaluation.verdict.check

    @property
    def reason(self) -> str:
        """A few words for a person."""
        return sentences.cell(self.evaluation)

    def __repr__(self) -> str:
        return f"Cell(allowed={self.allowed})"


NOTHING = Documents(None)


class Who(Struct, frozen=True):
    """A row: a principal with the documents that are its own (the key policy is the key's)."""

    principal: Principal
    documents: Documents = NOTHING


class Matrix(Struct, frozen=True):
    """`cells` by the caller's ARN and the permission."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]

    def allowed(self) -> set[tuple[str, str]]:
        return {place for place, cell in self.cells.items() if cell.allowed}


def matrix(
    key_arn: str, owner: str, key_policy: Document, people: Sequence[Who], actions: Sequence[str] = tuple(ACTIONS),
    context: Callable[[Principal, str], Context] = lambda *_: {},
) -> Matrix:  # fmt: skip
    """Decide each permission for each principal. RetireGrant is asked of the first of its grants.

    context: the condition keys that a request by this caller for this action carries; those about the caller are
    filled in.
    """
    cells: dict[tuple[str, str], Cell] = {}
    for who in people:
        caller = who.principal
        bare = match_context(Request(caller, "", key_arn, owner), who.documents)
        about = tuple(statement for statement in key_policy.statements if statement.about(bare))
        on_key = replace(who.documents, key_policy=replace(key_policy, statements=about))
        on_nothing = replace(who.documents, key_policy=None, grants=())
        for name in actions:
            action = ACTIONS[name]  # alias permissions are shown as they are asked on the key
            on, its, documents = ("*", caller.account, on_nothing) if action.on == "*" else (key_arn, owner, on_key)
            request = Request(caller, action.permission, on, its, context(caller, name))
            keys = {**bare.keys, **lowered(request.context)}
            evaluation = evaluate(request, documents, MatchContext(bare.names, bare.own, action.permission, on, keys))
            cells[caller.caller_arn, name] = Cell(evaluation.allowed, evaluation)
    return Matrix(tuple(who.principal.caller_arn for who in people), tuple(actions), cells)


class Change(Struct, frozen=True):
    """A cell that differs between two matrices."""

    principal: str
    action: str
    before: Cell
    after: Cell


def changed(before: Matrix, after: Matrix) -> tuple[Change, ...]:
    """The cells that a change opened or closed."""
    return tuple(
        Change(principal, action, cell, after.cells[principal, action])
        for (principal, action), cell in before.cells.items()
        if cell.allowed is not after.cells[principal, action].allowed
    )
