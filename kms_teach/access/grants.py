"""Grants: permission to use one KMS key, given to one principal beside the key policy.

KMS Developer Guide, "Grants in AWS KMS". A grant allows and never denies. With its token it can be used at once;
without it once it is known everywhere in KMS, which is eventually consistent: here from `effective` on.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from kms_teach.access.patterns import Keys, matcher
from kms_teach.access.principals import Principal, account_arn, known_as
from kms_teach.access.reasons import Reason

Pairs = tuple[tuple[str, str], ...]  # an encryption context, sorted by name

# Operations that have no encryption context of their own, and that a constraint on it therefore does not bind.
UNBOUND = ("DescribeKey", "RetireGrant")
CONTEXT = "kms:encryptioncontext:"


def pairs(context: Mapping[str, str] | None) -> Pairs:
    """An encryption context as a grant keeps it."""
    return tuple(sorted((context or {}).items()))


class Terms(Struct, frozen=True, kw_only=True):
    """What a grant gives: operations, and the encryption context or source that each use must have.

    equals: exactly this context. subset: at least this. source_arn: the resource for which a service must be calling.
    """

    operations: tuple[str, ...]
    equals: Pairs = ()
    subset: Pairs = ()
    source_arn: str = ""

    @property
    def constrained(self) -> bool:
        return bool(self.equals or self.subset)


class Grant(Struct, frozen=True, kw_only=True):
    """One grant. `grantee` and `retiring` are ARNs, or services as s3.amazonaws.com; `id` 64 hexadecimal digits."""

    id: str
    key_arn: str
    issuing_account: str  # of the principal that made it
    grantee: str
    operations: tuple[str, ...]
    created: datetime
    effective: datetime  # from when it can be used without its token
    until: datetime | None = None  # when a grant that was ended ends everywhere: then it is deleted
    name: str = ""
    retiring: str = ""
    equals: Pairs = ()
    subset: Pairs = ()
    source_arn: str = ""
    tokens: tuple[str, ...] = ()  # digests of its tokens; a token itself is never kept

    @property
    def terms(self) -> Terms:
        return Terms(operations=self.operations, equals=self.equals, subset=self.subset, source_arn=self.source_arn)

    @property
    def place(self) -> tuple[str, str, str]:
        return self.key_arn, self.id, self.grantee

    @property
    def retirable(self) -> "Retirable":
        return Retirable(self.key_arn.split(":")[3], self.retiring, self.id, self.key_arn)

    @property
    def label(self) -> str:
        return f"grant “{self.name}”" if self.name else f"grant {self.id[:8]}…"


class Retirable(Struct, frozen=True):
    """Which grants of a Region a principal may retire: how ListRetirableGrants finds them."""

    region: str
    retiring: str
    id: str
    key_arn: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.region, self.id, self.retiring


def digest(token: str) -> str:
    """A grant token as it is kept and compared."""
    return hashlib.sha256(token.encode()).hexdigest()


def effective(grant: Grant, now: datetime | None, tokens: frozenset[str] = frozenset()) -> bool:
    """Whether it can be used yet: everywhere, or by who shows its token. tokens: digests of those shown."""
    return now is None or now >= grant.effective or not tokens.isdisjoint(grant.tokens)


def granted(grant: Grant, caller: Principal) -> bool:
    """Whether the grant is for this caller: by its own name, or as the root user of an account that is the grantee."""
    return grant.grantee in known_as(caller)


def refusal(
    grant: Grant, operation: str, keys: Keys, child: Terms | None = None, paired: frozenset[str] | None = None
) -> Reason | None:
    """Why its terms do not allow this use; None when they do.

    child: the terms of the grant that CreateGrant is asked to make. paired: of ReEncryptTo, the sources of the grants
    that allow ReEncryptFrom.
    """
    if operation not in grant.operations:
        return Reason.NOT_LISTED
    if not _on_behalf(grant, operation, keys.get("aws:sourcearn", ())):
        return Reason.OTHER_SOURCE
    if paired is not None and grant.source_arn not in paired:
        return Reason.OTHER_KEYS_SOURCE
    if operation == "CreateGrant" and child is not None:
        return _wider(child, grant)
    if operation in UNBOUND or not grant.terms.constrained:
        return None
    carried = {name.removeprefix(CONTEXT): values for name, values in keys.items() if name.startswith(CONTEXT)}
    # KMS API Reference, GrantConstraints: values are compared as they are, names in any case
    exact = {name.lower(): (value,) for name, value in grant.equals}
    if grant.equals and carried != exact:
        return Reason.CONTEXT_NOT_EQUAL
    if any(carried.get(name.lower()) != (value,) for name, value in grant.subset):
        return Reason.CONTEXT_NOT_SUBSET
    return None


def _on_behalf(grant: Grant, operation: str, sources: tuple[str, ...]) -> bool:
    """Whether the use is on behalf of the resource that the grant is for: KMS API Reference, "GrantConstraints"."""
    if not grant.source_arn or operation == "RetireGrant" or (operation == "DescribeKey" and not sources):
        return True
    return any(matcher((grant.source_arn,)).fullmatch(arn) for arn in sources)


def _wider(child: Terms, parent: Grant) -> Reason | None:
    """Why a child grant would give more than its parent; None when it does not.

    KMS Developer Guide, "Creating grants", "Granting CreateGrant permission".
    """
    if added(child, parent):
        return Reason.CHILD_OPERATIONS
    if parent.source_arn and child.source_arn != parent.source_arn:
        return Reason.CHILD_SOURCE
    if parent.equals and child.equals != parent.equals:
        return Reason.CHILD_EQUALS
    kept = dict(child.equals or child.subset)
    return Reason.CHILD_SUBSET if any(kept.get(name) != value for name, value in parent.subset) else None


def added(child: Terms, parent: Grant) -> list[str]:
    """The operations of a child grant that its parent does not have."""
    return [name for name in child.operations if name not in parent.operations]


def retirement(grant: Grant, caller: Principal) -> Reason | None:
    """How the grant itself lets the caller retire it; None when it does not.

    KMS Developer Guide, "Retiring and revoking grants": the retiring principal, the grantee when RetireGrant is among
    the operations, and the account that issued it.
    """
    names = known_as(caller)
    if grant.retiring and grant.retiring in names:
        return Reason.RETIRING_PRINCIPAL
    if "RetireGrant" in grant.operations and grant.grantee in names:
        return Reason.GRANTEE
    if account_arn(grant.issuing_account) in names:
        return Reason.ISSUING_ACCOUNT
    return None


def delegates(grant: Grant, caller: Principal) -> bool:
    """Whether IAM policies of the caller's account may let the caller retire it."""
    return caller.account == grant.issuing_account or grant.retiring == account_arn(caller.account)
