"""Policy documents and their statements, and whether a statement applies to a request."""

from typing import Literal

from msgspec import Struct

from kms_teach.access.conditions import Condition
from kms_teach.access.lines import Place, lines
from kms_teach.access.patterns import Keys, Patterns
from kms_teach.access.principals import EVERYONE, Principal, account_arn, known_as

NOBODY = ""  # a name that no policy lists

Kind = Literal[
    "key policy", "IAM policy", "permissions boundary", "session policy", "service control policy",
    "resource control policy", "VPC endpoint policy", "trust policy", "bucket policy",
]  # fmt: skip


class MatchContext(Struct, frozen=True):
    """What statements are matched with: a request, under every name its caller has; those that limit least first."""

    names: tuple[str, ...]
    own: tuple[str, ...]  # what a NotPrincipal of a Deny must list to spare the caller
    action: str
    resource: str
    keys: Keys

    @classmethod
    def of(cls, caller: Principal, action: str, resource: str, keys: Keys, *, bounded: bool = False) -> "MatchContext":
        """bounded: the caller has a permissions boundary."""
        account = (account_arn(caller.account),) if caller.account else ()
        # IAM User Guide, "Permissions boundaries": a Deny with NotPrincipal spares nobody who has one
        own = (caller.arn, caller.caller_arn, *account, *([NOBODY] if bounded else []))
        return cls((caller.caller_arn, EVERYONE, *known_as(caller), *account), own, action, resource, keys)


class Statement(Struct, frozen=True):
    """One statement. `number` counts from 1; `principals` is None in a document attached to whom it is about."""

    number: int
    sid: str
    allow: bool
    principals: tuple[str, ...] | None
    not_principal: bool
    action: Patterns
    resource: Patterns
    conditions: tuple[Condition, ...] = ()
    line: int = 0

    @property
    def label(self) -> str:
        return f"statement {self.number}" + (f" “{self.sid}”" if self.sid else "")

    def about(self, context: MatchContext) -> str:
        """The name under which it speaks of the caller; "" when it does not."""
        if self.principals is None:
            return context.names[0]
        if not self.not_principal:
            return next((name for name in context.names if name in self.principals), "")
        # IAM User Guide, "NotPrincipal": a Deny spares only who is listed together with its account, and a session only
        # with its role too. An Allow, which AWS advises against, is read as narrowly: any name of those leaves out.
        listed = (
            all(name in self.principals for name in context.own)
            if not self.allow
            else any(name in self.principals for name in context.names)
        )
        return "" if listed or EVERYONE in self.principals else EVERYONE

    def covers(self, context: MatchContext) -> bool:
        """Whether it speaks of this action on this resource. Actions match in any case, ARNs do not."""
        return self.action.match(context.action, context.keys) and self.resource.match(context.resource, context.keys)

    def matches(self, context: MatchContext) -> str:
        """The name under which it applies to the request; "" when it does not."""
        if not self.covers(context) or not (name := self.about(context)):
            return ""
        return name if all(condition.holds(context.keys) for condition in self.conditions) else ""


class Document(Struct, frozen=True):
    """A policy that was read. `name` is what a person calls it."""

    kind: Kind
    name: str
    text: str
    statements: tuple[Statement, ...]

    def __hash__(self) -> int:
        return hash((self.kind, self.text))

    @property
    def label(self) -> str:
        return self.kind if self.kind == self.name else f"{self.kind} “{self.name}”"

    def line(self, number: int, *path: str | int) -> int:
        """The line of a statement, or of an element of it, as `line(1, "Condition", "Bool")`, counted from 1."""
        listed = ("Statement", 0) in lines(self.text)
        return Place(("Statement", number - 1, *path) if listed else ("Statement", *path)).line(self.text)
