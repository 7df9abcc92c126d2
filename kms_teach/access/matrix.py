"""This is who may do what: principals by permissions, with the reason in each cell, and what a change changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kms_teach.access.actions import ACTIONS
from kms_teach.access.principals import Principal
from kms_teach.access.statement import Asked, Document
from kms_teach.access.weighing import Documents, Request, Weighed, ask, weigh

REASONS = {
    "deny": "an explicit Deny",
    "reach": "never reaches a key of another account",
    "direct": "the key policy names the caller",
    "account": "the key policy leaves it to the account",
    "iam": "an IAM policy",
    "grant": "a grant",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether one principal has one permission, and what decided."""

    allowed: bool
    weighed: Weighed = field(repr=False, compare=False)

    @property
    def reason(self) -> str:
        """A few words for a person."""
        weighed = self.weighed
        if not self.allowed and weighed.silent:
            return f"no {weighed.silent} allows it" if weighed.decided != "reach" else REASONS["reach"]
        found = {"deny": weighed.deny, "direct": weighed.direct, "account": weighed.account, "iam": weighed.iam}.get(
            weighed.decided
        )
        return f"{REASONS[weighed.decided]}: {found[0].label}, {found[1].label}" if found else REASONS[weighed.decided]


NOTHING = Documents(None)


@dataclass(frozen=True, slots=True)
class Who:
    """A row: a principal with the documents that are its own (the key policy is the key's)."""

    principal: Principal
    documents: Documents = NOTHING


@dataclass(frozen=True, slots=True)
class Matrix:
    """`cells` by the caller's ARN and the permission."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]

    def allowed(self) -> set[tuple[str, str]]:
        return {place for place, cell in self.cells.items() if cell.allowed}


def matrix(
    key_arn: str, owner: str, key_policy: Document, people: Sequence[Who], actions: Sequence[str] = tuple(ACTIONS),
    context: Mapping[str, tuple[str, ...]] | None = None,
) -> Matrix:  # fmt: skip
    """Decide each permission for each principal. context: condition keys that every request carries."""
    cells: dict[tuple[str, str], Cell] = {}
    for who in people:
        caller = who.principal
        first = ask(Request(caller, "", key_arn, owner, context or {}))
        about = tuple(statement for statement in key_policy.statements if statement.about(first))
        own = replace(who.documents, key_policy=replace(key_policy, statements=about))
        without_key = replace(own, key_policy=None, grants=())
        for name in actions:
            action = ACTIONS[name]
            on_key = action.on != "*"  # alias permissions are shown as they are asked on the key
            request = Request(
                caller,
                action.permission,
                key_arn if on_key else "*",
                owner if on_key else caller.account,
                context or {},
            )
            seen = Asked(first.names, first.own, action.permission, request.resource, first.keys)
            weighed = weigh(request, own if on_key else without_key, seen)
            cells[caller.caller_arn, name] = Cell(weighed.allowed, weighed)
    return Matrix(tuple(who.principal.caller_arn for who in people), tuple(actions), cells)


@dataclass(frozen=True, slots=True)
class Change:
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
