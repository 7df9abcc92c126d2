"""This is grants: permission to use one KMS key, given to one principal beside the key policy.

KMS Developer Guide, "Grants in AWS KMS". A grant allows and never denies. Its token makes it count at once; without the
token it counts once it has spread to every part of KMS, here from `effective` on.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kms_teach.access.patterns import Keys, matcher
from kms_teach.access.principals import Principal, account_arn, known_as

Pairs = tuple[tuple[str, str], ...]  # an encryption context, sorted by name

# Operations that have no encryption context of their own, and that a constraint on it therefore does not bind.
UNBOUND = ("DescribeKey", "RetireGrant")
CONTEXT = "kms:encryptioncontext:"


def pairs(context: Mapping[str, str] | None) -> Pairs:
    """An encryption context as a grant keeps it."""
    return tuple(sorted((context or {}).items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One grant. `grantee` and `retiring` are ARNs, or services as s3.amazonaws.com; `id` 64 hexadecimal digits."""

    id: str
    key_arn: str
    issuing_account: str  # of the principal that made it
    grantee: str
    operations: tuple[str, ...]
    created: datetime
    effective: datetime  # from when it counts without its token
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


@dataclass(frozen=True, slots=True)
class Retirable:
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


def counts(grant: Grant, now: datetime | None, tokens: frozenset[str] = frozenset()) -> bool:
    """Whether it counts yet: it has spread, or the caller shows its token. tokens: digests of those shown."""
    return now is None or now >= grant.effective or not tokens.isdisjoint(grant.tokens)


def granted(grant: Grant, caller: Principal) -> bool:
    """Whether the grant is for this caller: by its own name, or as the root user of an account that is the grantee."""
    return grant.grantee in known_as(caller)


def refuses(grant: Grant, operation: str, keys: Keys, child: Terms | None = None) -> str:
    """Why its terms do not allow this use, as one sentence; "" when they do.

    child: the terms of the grant that CreateGrant is asked to make.
    """
    if operation not in grant.operations:
        return f"{grant.label} lists {', '.join(grant.operations)}, not {operation}"
    if grant.source_arn and not any(
        matcher((grant.source_arn,)).fullmatch(arn) for arn in keys.get("aws:sourcearn", ())
    ):
        return f"{grant.label} is for calls on behalf of {grant.source_arn}"
    if operation == "CreateGrant" and child is not None:
        return _wider(child, grant.terms, grant.label)
    if operation in UNBOUND or not grant.terms.constrained:
        return ""
    had = {name.removeprefix(CONTEXT): values for name, values in keys.items() if name.startswith(CONTEXT)}
    # KMS API Reference, GrantConstraints: values are compared as they are, names in any case
    exact = {name.lower(): (value,) for name, value in grant.equals}
    if grant.equals and had != exact:
        return f"{grant.label} needs exactly the encryption context {_shown(grant.equals)}"
    if any(had.get(name.lower()) != (value,) for name, value in grant.subset):
        return f"{grant.label} needs {_shown(grant.subset)} in the encryption context"
    return ""


def _wider(child: Terms, parent: Terms, label: str) -> str:
    """Why a child grant would give more than its parent; "" when it does not.

    KMS Developer Guide, "Creating grants", "Granting CreateGrant permission".
    """
    more = [name for name in child.operations if name not in parent.operations]
    if more:
        return f"a grant made through {label} cannot give {', '.join(more)}, which it does not have"
    if parent.source_arn and child.source_arn != parent.source_arn:
        return f"a grant made through {label} must keep its constraint on {parent.source_arn}"
    if parent.equals and child.equals != parent.equals:
        return f"a grant made through {label} must keep EncryptionContextEquals {_shown(parent.equals)}"
    kept = dict(child.equals or child.subset)
    if any(kept.get(name) != value for name, value in parent.subset):
        return f"a grant made through {label} must constrain the encryption context at least to {_shown(parent.subset)}"
    return ""


def retires(grant: Grant, caller: Principal) -> str:
    """How the grant itself lets the caller retire it, as one phrase; "" when it does not.

    KMS Developer Guide, "Retiring and revoking grants": the retiring principal, the grantee when RetireGrant is among
    the operations, and the account that issued it.
    """
    names = known_as(caller)
    if grant.retiring and grant.retiring in names:
        return "the retiring principal"
    if "RetireGrant" in grant.operations and grant.grantee in names:
        return "the grantee, who may retire it"
    if account_arn(grant.issuing_account) in names:
        return "the account that issued it"
    return ""


def delegates(grant: Grant, caller: Principal) -> bool:
    """Whether IAM policies of the caller's account may let the caller retire it."""
    return caller.account == grant.issuing_account or grant.retiring == account_arn(caller.account)


def _shown(context: Pairs) -> str:
    return ", ".join(f"{name}={value}" for name, value in context)
