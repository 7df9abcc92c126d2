"""A request for permission: who asks, for which action, on which resource, and with which condition keys."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from kms_teach.access.grants import Terms
from kms_teach.access.principals import Principal

RETIRE = "kms:RetireGrant"


class Request(Struct, frozen=True):
    """`resource` is the ARN the permission is about, or `*`; `owner` the account that it belongs to.

    context: the condition keys that the request carries (`context.context`); those about the caller are filled in
    where it has none.
    tokens: digests of the grant tokens shown. terms: of the grant that CreateGrant is to make.
    paired: of ReEncryptTo, the sources of the grants that allow ReEncryptFrom; None where something else allows it.
    """

    caller: Principal
    action: str  # kms:…
    resource: str
    owner: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    now: datetime | None = None
    tokens: frozenset[str] = frozenset()
    terms: Terms | None = None
    paired: frozenset[str] | None = None

    def __hash__(self) -> int:
        """Of the context too: a program that asks for a thousand objects differs in nothing else."""
        return hash((self.caller.arn, self.action, self.resource, frozenset(self.context.items()), self.now))

    @property
    def at_home(self) -> bool:
        """Whether the resource is of the caller's own account; an AWS service has none, and is at home everywhere."""
        return self.caller.account == self.owner or self.caller.kind == "service"

    @property
    def retires(self) -> bool:
        """Whether it is about one grant, rather than about a key."""
        return self.action == RETIRE
