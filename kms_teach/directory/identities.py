"""Users, roles and groups of users: what IAM keeps of them, and how a caller is made of it.

A `Principal`, which is what a decision is about, is written anew whenever something that it is made of changes: calls
are many, changes few. IAM User Guide, "IAM identifiers", "Managed policies and inline policies".
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.principals import UNIQUE_ID, Principal, Texts, unique_id
from kms_teach.directory.access_keys import AccessKey
from kms_teach.directory.naming import rename_in_keys_and_grants, renamed
from kms_teach.directory.policies import document
from kms_teach.store import Store

PREFIXES = {"user": "AIDA", "role": "AROA", "group": "AGPA"}  # of unique ids
SESSION_MAX = 3600  # seconds; what a role allows unless it says otherwise
SESSION_LONGEST = 43_200  # seconds; the most that it can allow


class Identity(Struct, frozen=True, kw_only=True):
    """A user, a role or a group. `inline` are texts of policies by name, `attached` ARNs of managed policies."""

    kind: str  # user, role or group
    account: str
    name: str
    path: str = "/"
    id: str
    created: datetime
    inline: Texts = ()
    attached: tuple[str, ...] = ()
    boundary: str = ""  # ARN of a managed policy
    tags: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()  # of a user, by name
    trust: str = ""  # of a role, its trust policy
    description: str = ""
    session_max: int = SESSION_MAX  # seconds, of a role
    service_linked: bool = False

    @property
    def arn(self) -> str:
        return arn(self.kind, self.account, self.path, self.name)

    @property
    def place(self) -> tuple[str, str, str]:
        return scope(self.kind, self.account), self.name.lower(), self.id  # a name is one, whatever its case


def arn(kind: str, account: str, path: str, name: str) -> str:
    return f"arn:aws:iam::{account}:{kind}{path}{name}"


def scope(kind: str, account: str) -> str:
    return f"{kind} {account}"


def new_id(kind: str) -> str:
    return unique_id(PREFIXES[kind])


def named(store: Store, kind: str, account: str, name: str) -> Identity | None:
    return store.get(Identity, scope(kind, account), name.lower())


def by_arn(store: Store, text: str) -> Identity | None:
    """The identity of an ARN, or None."""
    parts = text.split(":")
    kind, _, rest = parts[5].partition("/") if len(parts) == 6 else ("", "", "")
    one = named(store, kind, parts[4], rest.rpartition("/")[2]) if kind in PREFIXES else None
    return one if one and one.arn == text else None


def every(store: Store, kind: str, account: str) -> list[Identity]:
    return store.page(Identity, scope(kind, account))


def exists(store: Store, principal: str) -> bool:
    """Whether a principal of a policy is somebody: an account, a user, a role or a session of a role."""
    if UNIQUE_ID.fullmatch(principal):
        return any(one.id == principal for one in store.every(Identity))
    if principal.startswith("arn:aws:sts:") and ":assumed-role/" in principal:
        account, name = principal.split(":")[4], principal.split("/")[1]
        return named(store, "role", account, name) is not None
    return principal.endswith(":root") or ":federated-user/" in principal or by_arn(store, principal) is not None


# --- the caller ---------------------------------------------------------------------------------------------------


def policies_of(store: Store, identity: Identity) -> Texts:
    """All texts that bear on an identity, by name: its own, those attached to it, those of its groups."""
    attached = tuple(document(store, each) for each in identity.attached)
    groups = (named(store, "group", identity.account, name) for name in identity.groups)
    return (*identity.inline, *attached, *(text for group in groups if group for text in policies_of(store, group)))


def callers(store: Store, identity: Identity) -> list[Principal]:
    """Whoever calls as this identity: by an access key of a user, or in a session of a role."""
    return store.page(Principal, "principal", parent=identity.arn)


def standing(store: Store, identity: Identity) -> Principal:
    """The caller that the identity is by itself, without any session; a user may have no access key yet."""
    return next(one for one in callers(store, identity) if not one.token)


def save(store: Store, identity: Identity) -> Identity:
    """Keep an identity, and make its callers what it is now."""
    store.put(identity)
    if identity.kind == "group":
        for user in every(store, "user", identity.account):
            if identity.name in user.groups:
                refresh(store, user)
        return identity
    refresh(store, identity)
    return identity


def refresh(store: Store, identity: Identity) -> None:
    """Write the callers of an identity anew."""
    base = Principal(
        account=identity.account, kind=identity.kind, name=identity.name, path=identity.path, id=identity.id,
        policies=policies_of(store, identity), tags=identity.tags,
        boundary=(document(store, identity.boundary),) if identity.boundary else (),
        trust=(("trust policy", identity.trust),) if identity.trust else (), service_linked=identity.service_linked,
    )  # fmt: skip
    present = callers(store, identity)
    if not any(not one.token for one in present):
        store.put(replace(base, access_key=identity.id))  # nobody can sign with it: it has no secret
    for one in present:
        tags = one.tags if one.token else base.tags  # a session keeps those that it began with
        store.put(replace(one, policies=base.policies, tags=tags, boundary=base.boundary, trust=base.trust))


def give_key(store: Store, identity: Identity, key: AccessKey) -> None:
    """Let an access key call as the identity."""
    store.put(key)
    first = standing(store, identity)
    if not first.secret:
        store.delete(first)
    store.put(replace(first, access_key=key.id, secret=key.secret))


def take_key(store: Store, identity: Identity, key: AccessKey) -> None:
    """Let an access key call no more."""
    for one in callers(store, identity):
        if one.access_key == key.id:
            store.delete(one)
    refresh(store, identity)


def rename(store: Store, one: Identity, name: str, path: str) -> None:
    """Give a user or a group another name or path; its unique id, its policies and its members stay.

    What named it by its ARN follows (IAM User Guide, "Renaming an IAM user"): a policy shows the new one.
    """
    new = replace(one, name=name, path=path)
    held = callers(store, one)
    for caller in held:
        store.delete(caller)
    store.delete(one)
    if one.kind == "group":
        for user in every(store, "user", one.account):
            if one.name in user.groups:
                store.put(replace(user, groups=tuple(name if group == one.name else group for group in user.groups)))
    else:
        for caller in held:
            store.put(replace(caller, name=name, path=path))
        _named_anew(store, one, new.arn)
    save(store, new)


def delete(store: Store, identity: Identity) -> None:
    """Delete an identity. Wherever a policy or a grant names it, its unique id stands from now on.

    IAM User Guide, "Principal": so nobody who gets the name later gets what it was allowed.
    """
    for one in callers(store, identity):
        store.delete(one)
    store.delete(identity)
    if identity.kind != "group":
        _named_anew(store, identity, identity.id)


def _named_anew(store: Store, identity: Identity, name: str) -> None:
    """Let policies and grants that name an identity call it otherwise."""
    rename_in_keys_and_grants(store, identity.arn, name)
    for role in store.every(Identity):
        if role.trust and (trust := renamed(role.trust, identity.arn, name)) != role.trust:
            save(store, replace(role, trust=trust))
