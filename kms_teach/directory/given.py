"""What a learner gives to have a user or a role: names, tags, and policies as text or as data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from kms_teach.access.policy import read
from kms_teach.access.principals import NAME, PATH, Principal, Texts, letters, new_secret
from kms_teach.access.statement import Kind
from kms_teach.directory.access_keys import AccessKey
from kms_teach.directory.identities import SESSION_MAX, Identity, give_key, named, new_id, save, standing
from kms_teach.directory.policies import ManagedPolicy, Version
from kms_teach.errors import cut
from kms_teach.store import Store

Policy = Mapping[str, Any] | str
Tags = Mapping[str, str]


def made(
    store: Store, now: datetime, kind: str, name: str, account: str, path: str, policies: Sequence[Policy],
    boundary: Policy | None, tags: Tags | None, trust: Policy | None = None, session_max: int = SESSION_MAX,
) -> Principal:  # fmt: skip
    """A `user` or a `role` with an access key; who is there already has from now on what is given.

    Raises MalformedPolicyDocumentException for a policy that cannot be read, ValueError for what IAM refuses.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"`{cut(name)}` is no name for a {kind}: use letters, digits and + = , . @ _ -, at most 64")
    if not PATH.fullmatch(path):
        raise ValueError(f"`{cut(path)}` is no path: begin and end it with a slash, as /team/")
    if not all(isinstance(part, str) for tag in (tags or {}).items() for part in tag):
        raise ValueError("keys and values of tags are text: put them into quotes")
    inline = texts("IAM policy", policies)
    limit, trusts = text("permissions boundary", boundary), text("trust policy", trust)
    existing = named(store, kind, account, name)
    if existing and existing.path != path:
        raise ValueError(f"there is a {kind} `{existing.name}` already, under the path {existing.path}")
    with store.transaction():
        fresh = Identity(kind=kind, account=account, name=name, path=path, id=new_id(kind), created=now)
        identity = replace(
            existing or fresh, inline=inline, tags=tuple((tags or {}).items()), trust=trusts, session_max=session_max,
            boundary=_boundary(store, now, account, name, limit) if limit else "",
        )  # fmt: skip
        one = standing(store, save(store, identity))
        if not one.secret:
            give_key(store, identity, AccessKey(
                id=f"{'AKIA' if kind == 'user' else 'ASIA'}{letters()}", secret=new_secret(), account=account,
                user=identity.id, created=now,
            ))  # fmt: skip
            one = standing(store, identity)
    return one


def texts(kind: Kind, policies: Sequence[Policy], prefix: str = "") -> Texts:
    """The policies as text, named by their number, after each was read."""
    if isinstance(policies, Mapping | str):
        raise ValueError("`policies` is a list of policies: put this one into brackets, policies=[…]")
    labelled = tuple((f"{prefix}policy {n}", _document(policy)) for n, policy in enumerate(policies, 1))
    for label, document in labelled:
        read(document, kind, label)
    return labelled


def text(kind: Kind, policy: Policy | None) -> str:
    """One policy as text, after it was read; "" for none."""
    return texts(kind, [policy])[0][1] if policy is not None else ""


def _document(policy: Policy) -> str:
    try:
        return policy if isinstance(policy, str) else msgspec.json.format(msgspec.json.encode(policy)).decode()
    except TypeError as error:
        raise ValueError(
            f"this policy is not what JSON can say ({error}): use text, numbers, lists and dicts"
        ) from None


def _boundary(store: Store, now: datetime, account: str, name: str, text: str) -> str:
    """The ARN of the managed policy that holds a boundary: at AWS, nothing else can be one."""
    policy = ManagedPolicy(
        account=account, name=f"{name}-boundary", created=now, updated=now, versions=(Version("v1", text, now),),
        default="v1",
    )  # fmt: skip
    store.put(policy)
    return policy.arn
