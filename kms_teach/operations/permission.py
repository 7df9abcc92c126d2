"""Permission: the facts of a call and the documents that bear on it, laid before `access.decide`."""

import functools
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from kms_teach.access.accounts import Account, Endpoint
from kms_teach.access.authorization import Authorization
from kms_teach.access.condition_keys import Facts, KeyFacts, Values
from kms_teach.access.context import Context, about_call, context
from kms_teach.access.decision import Documents, Request
from kms_teach.access.evidence import granted_sources
from kms_teach.access.findings import Finding, findings
from kms_teach.access.grants import Grant, Terms, digest
from kms_teach.access.matrix import Matrix, Who, matrix
from kms_teach.access.policy import read
from kms_teach.access.principals import Principal, Texts, account_arn, known_as, root
from kms_teach.access.reasons import Check
from kms_teach.access.remembered import SHORT
from kms_teach.access.statement import Document, Kind
from kms_teach.errors import AccessDeniedException
from kms_teach.keys.delays import as_of, delay
from kms_teach.keys.key import Alias, Key
from kms_teach.keys.names import scope_of
from kms_teach.keys.sharing import AWS_RAM, Share, ram_policy
from kms_teach.operations.call import Call
from kms_teach.operations.request import Origin
from kms_teach.operations.sharing import shared_with
from kms_teach.store import Store


def authorize(
    call: Call, action: str, resource: str, key: Key | None = None, *,
    grant: Grant | None = None, terms: Terms | None = None, region: str = "",
    others: Mapping[str, Values] | None = None,
) -> None:  # fmt: skip
    """Decide, note the decision for the trail, raise AccessDeniedException when it is no.

    region: where it is asked, if that is not the Region of the key or of the call. others: condition keys that are of
    another service than KMS.
    """
    note(call, ask(call, action, resource, key, grant=grant, terms=terms, region=region, others=others))


def note(call: Call, authorization: Authorization) -> None:
    """Note a decision for the trail, raise AccessDeniedException when it is no."""
    decision = authorization.decision
    call.audit.authorizations.append(authorization)
    call.audit.decisions.append(decision)
    if not decision.allowed:
        raise AccessDeniedException(decision.message, decision)


def ask(
    call: Call, action: str, resource: str, key: Key | None, *, grant: Grant | None = None,
    terms: Terms | None = None, policy: str | None = None, region: str = "", others: Mapping[str, Values] | None = None,
) -> Authorization:  # fmt: skip
    """Ask whether the caller may. policy: a key policy that is to be tried instead of the key's own."""
    request = call.request
    documents = _documents(call.store, request.principal, request.origin.endpoint, key, policy, grant)
    # most documents look at none, and the keys take longer than the decision
    keys = context(_facts(call, action, key, grant, region, others or {})) if documents.conditional else {}
    tokens = frozenset(digest(token) for token in request.params.get("GrantTokens") or ())
    owner = key.account if key else request.account
    asked = Request(request.principal, action, resource, owner, keys, call.now, tokens, terms, _paired(call, action))
    return Authorization(asked, documents)


def ask_of(
    call: Call, action: str, resource: str, policy: Document, owner: str, more: Mapping[str, Values]
) -> Authorization:  # fmt: skip
    """Ask what the policy of another resource than a key has a say in: a role's trust policy, or a bucket's.

    more: condition keys besides those that every request carries.
    """
    request = call.request
    own = _documents(call.store, request.principal, request.origin.endpoint, None, None, None)
    rcps = _read(_account(call.store, owner).rcps, "resource control policy")
    others = {"aws:ResourceAccount": (owner,), **more}
    keys = context(_facts(call, action, None, None, "", others))
    return Authorization(
        Request(request.principal, action, resource, owner, keys, call.now), replace(own, key_policy=policy, rcps=rcps)
    )


def _paired(call: Call, action: str) -> frozenset[str] | None:
    """KMS API Reference, "ReEncrypt": if grants allow both halves, they must be for the same source."""
    from_source = call.audit.authorizations[-1:] if action == "kms:ReEncryptTo" else []
    if not from_source or from_source[0].decision.decisive.check is not Check.GRANT:
        return None
    return granted_sources(from_source[0].request, from_source[0].documents)


def everybody(store: Store, key: Key) -> tuple[Who, ...]:
    """The root user of the key's account, then every user and role, each with the documents that are its own."""
    by_arn = {one.arn: one for one in store.page(Principal, "principal") if not one.token}  # not who AssumeRole let in
    lasting = by_arn.values()  # of a user with two access keys, one
    people = (root(key.account), *sorted(lasting, key=lambda one: (one.account != key.account, one.account, one.name)))
    return tuple(Who(_member(store, one), _documents(store, one, None, key, None, None)) for one in people)


def with_others(store: Store, authorization: Authorization) -> Authorization:
    """The same with everybody else who is known, when it is about a key that still exists."""
    parts = authorization.request.resource.split(":")
    key = store.get(Key, scope_of(parts[4], parts[3]), parts[5].removeprefix("key/")) if len(parts) > 5 else None
    others = everybody(store, key) if key else ()
    return replace(
        authorization, others=tuple(who for who in others if who.principal.arn != authorization.request.caller.arn)
    )


def who_may(call: Call, key: Key, actions: Sequence[str]) -> Matrix:
    """Decide each permission on a key for everybody, as a bare call would ask for it."""
    of_key = _of(call, key)

    @functools.cache
    def carried(account: str, kind: str, action: str) -> Context:
        caller = Principal(account=account, kind=kind)
        return about_call(Facts(action=action, caller=caller, key=of_key, region=call.region, now=call.now))

    return matrix(
        key.arn, key.account, read(key.policy, "key policy"), everybody(call.store, key), actions,
        lambda caller, action: carried(caller.account, caller.kind, action),
    )  # fmt: skip


def faults(call: Call, key: Key) -> tuple[Finding, ...]:
    """What is wrong with the policy of a key, though it can be read."""
    return findings(read(key.policy, "key policy"), key.arn, _of(call, key))


def _facts(
    call: Call, action: str, key: Key | None, grant: Grant | None, region: str, others: Mapping[str, Values]
) -> Facts:
    params, origin = call.request.params, call.request.origin
    if action.startswith("kms:ReEncrypt") and call.targets:
        params = {**params, "SourceKeyArn": call.targets[0].arn, "DestinationKeyArn": call.targets[-1].arn}
    unused = _days_unused(call, key) if key and action in ("kms:DisableKey", "kms:ScheduleKeyDeletion") else None
    endpoint: Endpoint | None = origin.endpoint
    return Facts(
        action=action.removeprefix("kms:"), caller=_member(call.store, call.request.principal), params=params,
        key=_of(call, key) if key else None, alias=call.alias,
        region=region or (key.region if key else call.region), now=call.now, source_ip=origin.source_ip,
        vpce=endpoint.id if endpoint else "", vpc=endpoint.vpc if endpoint else "", user_agent=origin.user_agent,
        via_service=origin.via_service, called_via=_chain(origin),
        source_arn=origin.source_arn, source_account=origin.source_account,
        source_organization=_account(call.store, origin.source_account).organization if origin.source_account else "",
        days_unused=unused,
        attested=call.recipient.conditions if call.recipient else {}, grant=grant,
        others=others,
    )  # fmt: skip


def _chain(origin: Origin) -> tuple[str, ...]:
    """aws:CalledVia. S3, which passes a caller's request on, is not among the services that the guide lists for it."""
    return (origin.via_service,) if origin.via_service and not origin.invoked_by else ()


def _account(store: Store, number: str) -> Account:
    """An account as it was put into an organization, or one that is in none."""
    return store.get(Account, "account", number) or Account(id=number)


def _member(store: Store, caller: Principal) -> Principal:
    """A caller with the organization that its account is in now."""
    organization = _account(store, caller.account).organization if caller.account else ""
    return replace(caller, organization=organization) if organization else caller


def _of(call: Call, key: Key) -> KeyFacts:
    kind = "" if not key.multi_region else "REPLICA" if key.is_replica else "PRIMARY"
    tags, aliases = key.tags, call.store.page(Alias, key.scope, parent=None if call.keys.slow else key.id)
    if call.keys.slow:  # policies are the last to learn of a change
        then = call.now - delay("an alias in a policy", slow=True)
        aliases = [alias for alias in aliases if as_of(then, alias.earlier, alias.target) == key.id]
        tags = as_of(call.now - delay("a tag in a policy", slow=True), key.earlier_tags, tags)
    return KeyFacts(
        account=key.account, spec=key.spec, usage=key.usage, origin=key.origin, multi_region=kind,
        aliases=tuple(alias.name for alias in aliases), tags=tags,
    )  # fmt: skip


def _days_unused(call: Call, key: Key) -> int:
    """Whole days since the key last worked, or since it was made if it never did."""
    last = call.keys.last_usage(key)
    return int((call.now - (last.at if last else key.created)).days)


def _documents(
    store: Store, caller: Principal, endpoint: Endpoint | None, key: Key | None, policy: str | None,
    grant: Grant | None,
) -> Documents:  # fmt: skip
    """The documents that bear on a call. Programs ask for the same few things again and again."""
    named = (key.arn, key.manager) if key else None
    text = policy or (key.policy if key else None)
    return store.derived(
        (Account, Grant, Share), (caller, endpoint, named, text, policy is None, grant),
        lambda: _gathered(store, caller, endpoint, key, policy, grant), keep=lambda documents: documents.size <= SHORT,
    )  # fmt: skip


def _gathered(
    store: Store, caller: Principal, endpoint: Endpoint | None, key: Key | None, policy: str | None,
    grant: Grant | None,
) -> Documents:  # fmt: skip
    mine = _account(store, caller.account)
    owners = mine if key is None or key.account == mine.id else _account(store, key.account)
    text = policy or (key.policy if key else None)
    return Documents(
        key_policy=read(text, "key policy") if text is not None else None,
        identity=_read(caller.policies, "IAM policy"),
        boundary=next(iter(_read(caller.boundary, "permissions boundary")), None),
        session=_read(caller.session_policies, "session policy"),
        scps=tuple(_read(level, "service control policy") for level in mine.scps),
        rcps=_read(owners.rcps, "resource control policy") if key and key.manager == "CUSTOMER" else (),
        endpoint=read(endpoint.policy, "VPC endpoint policy") if endpoint and endpoint.policy else None,
        grants=(grant,) if grant else _grants(store, caller, key) if key else (),
        ram=_shared(store, caller, key) if key and policy is None else None,
    )  # fmt: skip


def _shared(store: Store, caller: Principal, key: Key) -> Document | None:
    """The key policy of AWS RAM, if the key is shared with the caller's account."""
    away = caller.account not in ("", key.account)
    accounts = shared_with(store, key) if away else ()
    return read(ram_policy(accounts), "key policy", AWS_RAM) if caller.account in accounts else None


def _grants(store: Store, caller: Principal, key: Key) -> tuple[Grant, ...]:
    """The grants of a key that are for the caller, or for the caller's account."""
    account = (account_arn(caller.account),) if caller.account else ()
    grants = store.page(Grant, key.arn, parent=(*known_as(caller), *account))
    return tuple(sorted(grants, key=lambda grant: (grant.created, grant.name)))


def _read(texts: Texts, kind: Kind) -> tuple[Document, ...]:
    return tuple(read(text, kind, name) for name, text in texts)
