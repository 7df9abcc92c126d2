"""This is permission: the facts of a call and the documents that bear on it, laid before `access.decide`."""

import functools
from typing import Any, Protocol

from kms_teach.access.accounts import Account, Endpoint
from kms_teach.access.condition_keys import Facts, KeyFacts
from kms_teach.access.context import context
from kms_teach.access.decision import Decision, Documents, Request, decide
from kms_teach.access.grants import Grant, Terms, digest
from kms_teach.access.policy import read
from kms_teach.access.principals import Principal, Texts, account_arn, known_as
from kms_teach.access.statement import Document, Kind
from kms_teach.access.why import every
from kms_teach.keys.key import Alias, Key, Usage
from kms_teach.store import Store


class Asking(Protocol):
    """What of a call bears on permission."""

    store: Store
    now: Any
    region: str
    principal: Principal
    params: Any
    origin: Any
    alias: str
    keys: list[Key]

    def last_usage(self, key: Key, /) -> Usage | None: ...


def ask(
    call: Asking, action: str, resource: str, key: Key | None, *,
    grant: Grant | None = None, terms: Terms | None = None, policy: str | None = None,
) -> Decision:  # fmt: skip
    """Decide whether the caller may. policy: a key policy that is to be tried instead of the key's own."""
    documents = _documents(call, key, policy, grant)
    keys = context(_facts(call, action, key, grant)) if _conditional(documents) else {}
    tokens = frozenset(digest(token) for token in call.params.get("GrantTokens") or ())
    owner = key.account if key else call.principal.account
    return decide(Request(call.principal, action, resource, owner, keys, call.now, tokens, terms), documents)


def _conditional(documents: Documents) -> bool:
    """Whether any document looks at condition keys: most do not, and the keys take longer than the decision."""
    return bool(documents.grants) or any(_looks(document.text) for document in every(documents))


@functools.lru_cache(maxsize=4096)
def _looks(text: str) -> bool:
    return '"Condition"' in text or "${" in text


def _facts(call: Asking, action: str, key: Key | None, grant: Grant | None) -> Facts:
    params, origin = call.params, call.origin
    if action.startswith("kms:ReEncrypt") and len(call.keys) > 0:
        params = params | {"SourceKeyArn": call.keys[0].arn, "DestinationKeyArn": call.keys[-1].arn}
    unused = _days_unused(call, key) if key and action in ("kms:DisableKey", "kms:ScheduleKeyDeletion") else None
    endpoint: Endpoint | None = origin.endpoint
    return Facts(
        action=action.removeprefix("kms:"), caller=call.principal, params=params, key=_of(call, key) if key else None,
        alias=call.alias, region=call.region, now=call.now, source_ip=origin.source_ip,
        vpce=endpoint.id if endpoint else "", vpc=endpoint.vpc if endpoint else "", user_agent=origin.user_agent,
        via_service=origin.via_service, called_via=(origin.via_service,) if origin.via_service else (),
        source_arn=origin.source_arn, source_account=origin.source_account, days_unused=unused, grant=grant,
    )  # fmt: skip


def _of(call: Asking, key: Key) -> KeyFacts:
    kind = "" if not key.multi_region else "REPLICA" if key.is_replica else "PRIMARY"
    aliases = tuple(alias.name for alias in call.store.page(Alias, key.scope, parent=key.id))
    return KeyFacts(
        account=key.account, spec=key.spec, usage=key.usage, origin=key.origin, multi_region=kind,
        aliases=aliases, tags=key.tags,
    )  # fmt: skip


def _days_unused(call: Asking, key: Key) -> int:
    """Whole days since the key last worked, or since it was made if it never did."""
    last = call.last_usage(key)
    return int((call.now - (last.at if last else key.created)).days)


def _documents(call: Asking, key: Key | None, policy: str | None, grant: Grant | None) -> Documents:
    caller, endpoint = call.principal, call.origin.endpoint
    mine = call.store.get(Account, "account", caller.account) or Account(id=caller.account)
    owners = mine if key is None or key.account == mine.id else call.store.get(Account, "account", key.account)
    text = policy or (key.policy if key else None)
    return Documents(
        key_policy=read(text, "key policy") if text is not None else None,
        identity=_read(caller.policies, "IAM policy"),
        boundary=next(iter(_read(caller.boundary, "permissions boundary")), None),
        session=_read(caller.session_policies, "session policy"),
        scps=tuple(_read(level, "service control policy") for level in mine.scps),
        rcps=_read(owners.rcps, "resource control policy") if owners and key and key.manager == "CUSTOMER" else (),
        endpoint=read(endpoint.policy, "VPC endpoint policy") if endpoint and endpoint.policy else None,
        grants=(grant,) if grant else _grants(call, key) if key else (),
    )  # fmt: skip


def _grants(call: Asking, key: Key) -> tuple[Grant, ...]:
    """The grants of a key that are for the caller, or for the caller's account."""
    account = (account_arn(call.principal.account),) if call.principal.account else ()
    return tuple(call.store.page(Grant, key.arn, parent=(*known_as(call.principal), *account)))


def _read(texts: Texts, kind: Kind) -> tuple[Document, ...]:
    return tuple(read(text, kind, name) for name, text in texts)
