"""This is how documents are weighed: the rules of IAM and KMS in their order, as a pure function without words.

IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic"; KMS Developer Guide,
"Determining access to KMS keys". In this order: an explicit Deny anywhere; what leaves no room (the endpoint, the
organization); then what allows (the key policy on the caller itself, the key policy on its account with an IAM policy,
a grant); then what limits that (the permissions boundary, the session).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kms_teach.access.actions import crosses
from kms_teach.access.context import about_caller, lowered
from kms_teach.access.grants import Grant, Terms, counts, delegates, granted, refuses, retires
from kms_teach.access.principals import Principal, account_arn, unlimited
from kms_teach.access.statement import Asked, Document, Statement, asked

# No effect in a key policy: KMS Developer Guide, "kms:ResourceAliases" and "Use tags to control access to KMS keys".
IAM_ONLY = ("kms:resourcealiases", "aws:resourcetag/")
RETIRE = "kms:RetireGrant"

Found = tuple[Document, Statement] | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: `resource` is the ARN the permission is about, or `*`; `owner` the account that it belongs to.

    context: the condition keys that the request carries (`context.context`); those about the caller are filled in
    where it has none.
    tokens: digests of the grant tokens shown. terms: of the grant that CreateGrant is to make.
    """

    caller: Principal
    action: str  # kms:…
    resource: str
    owner: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    now: datetime | None = None
    tokens: frozenset[str] = frozenset()
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Documents:
    """What is read: no key policy where the operation names no key (or names an alias).

    scps: those of the caller's account, a tuple for each level from the root of the organization down; each level must
    allow. rcps: those of the key's account (RCPFullAWSAccess, which always allows, is not listed; AWS managed keys
    have none). session: those the session was begun with, which allow together. grants: all of the key, or for
    kms:RetireGrant the one to retire.
    """

    key_policy: Document | None
    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    session: tuple[Document, ...] = ()
    scps: tuple[tuple[Document, ...], ...] = ()
    rcps: tuple[Document, ...] = ()
    endpoint: Document | None = None
    grants: tuple[Grant, ...] = ()

    def each(self, change: Callable[[Document], Document | None]) -> "Documents":
        """The same with every document changed; where None is given, without it."""

        def all_of(documents: Iterable[Document | None]) -> tuple[Document, ...]:
            return tuple(new for document in documents if document and (new := change(document)))

        def one(document: Document | None) -> Document | None:
            return next(iter(all_of([document])), None)

        return Documents(
            one(self.key_policy), all_of(self.identity), one(self.boundary), all_of(self.session),
            tuple(all_of(level) for level in self.scps), all_of(self.rcps), one(self.endpoint), self.grants,
        )  # fmt: skip


def every(documents: Documents) -> Iterator[Document]:
    """All the documents, each once."""
    one = (documents.key_policy, *documents.identity, documents.boundary, *documents.session)
    levels = (document for level in documents.scps for document in level)
    yield from (document for document in (*one, *levels, *documents.rcps, documents.endpoint) if document)


@dataclass(slots=True)
class Weighed:
    """What was found for each question, and what decided: the name of a question, or the kind of a ceiling."""

    allowed: bool = False
    decided: str = ""
    silent: str = ""  # the kind of policy that would have had to allow, "" when allowed or explicitly denied
    deny: Found = None
    direct: Found = None
    account: Found = None
    iam: Found = None
    grant: Grant | None = None
    grant_read: str = "no grant is named"
    ceilings: dict[str, Found] = field(default_factory=dict)
    iam_counts: bool = True
    past_limits: bool = False  # boundary and session, where silent, do not limit this
    out_of_reach: bool = False
    retiring: bool = False


def ask(request: Request, documents: Documents) -> Asked:
    """The request as statements of any document but the key policy are matched with it."""
    keys = lowered({**about_caller(request.caller), **request.context})
    return asked(request.caller, request.action, request.resource, keys, bounded=documents.boundary is not None)


def at_key(ask: Asked) -> Asked:
    """The same, as the key policy sees it."""
    keys = {name: values for name, values in ask.keys.items() if not name.startswith(IAM_ONLY)}
    return ask if len(keys) == len(ask.keys) else replace(ask, keys=keys)


def weigh(request: Request, documents: Documents, seen: Asked | None = None) -> Weighed:
    """Weigh a request. seen: `ask(request, documents)`, when it is at hand."""
    caller, key_policy = request.caller, documents.key_policy
    seen = seen or ask(request, documents)
    seen_by_key = at_key(seen)
    found = Weighed(retiring=request.action == RETIRE)
    at_home = caller.account == request.owner or caller.kind == "service"
    rooted = caller.kind == "root"

    found.deny = _deny(request, documents, seen, seen_by_key, retiring=found.retiring)
    found.out_of_reach = key_policy is not None and not at_home and not crosses(request.action)
    found.ceilings = _ceilings(caller, documents, seen)
    free = False  # allowed under a name that boundary and session do not limit
    if key_policy and not found.retiring:
        free = _key_policy(caller, key_policy, seen_by_key, found)
    found.iam = next(_allows(documents.identity, seen), None)
    found.iam_counts = key_policy is None or found.account is not None or (found.direct is not None and not at_home)
    iam = caller.kind != "service" and (rooted or found.iam is not None)
    free_grant = bool(documents.grants) and _grants(request, documents, seen, found, iam=iam)

    shut = [
        kind for kind in ("VPC endpoint policy", "service control policy") if found.ceilings.get(kind, True) is None
    ]
    if found.deny:
        found.decided = "deny"
        return found
    if found.out_of_reach:
        found.decided, found.silent = "reach", "key policy"
        return found
    if shut:
        found.decided = found.silent = shut[0]
        return found

    if key_policy is None and not found.retiring:
        found.decided, found.silent = "iam", "" if iam else "IAM policy"
    elif found.direct and (at_home or iam):
        found.decided, found.past_limits = "direct", free and at_home
    elif (found.account or found.direct) and iam:
        found.decided = "account" if rooted else "iam"
    elif found.grant:
        found.decided, found.past_limits = "grant", free_grant and at_home
    elif found.retiring:
        found.decided, found.silent = "grant", "IAM policy"
    elif found.account or found.direct:
        found.decided, found.silent = "iam", "IAM policy"
    else:
        found.decided, found.silent = ("direct" if caller.kind == "service" else "account"), "key policy"
    limits = [kind for kind in ("permissions boundary", "session policy") if found.ceilings.get(kind, True) is None]
    if not found.silent and limits and not found.past_limits:
        found.decided = found.silent = limits[0]
    found.allowed = not found.silent
    return found


def _deny(request: Request, documents: Documents, seen: Asked, seen_by_key: Asked, *, retiring: bool) -> Found:
    """The first Deny that applies. kms:RetireGrant has no effect in key policies and RCPs."""
    silent: set[str] = {"key policy", "resource control policy"} if retiring or documents.key_policy is None else set()
    if request.caller.service_linked:
        silent |= {"service control policy", "resource control policy"}
    for document in every(documents):
        if document.kind not in silent:
            view = seen_by_key if document.kind == "key policy" else seen
            for statement in document.statements:
                if not statement.allow and statement.matches(view):
                    return document, statement
    return None


def _allows(documents: tuple[Document, ...], seen: Asked) -> Iterator[tuple[Document, Statement]]:
    return ((d, s) for d in documents for s in d.statements if s.allow and s.matches(seen))


def _ceilings(caller: Principal, documents: Documents, seen: Asked) -> dict[str, Found]:
    """For each kind of ceiling over the caller, the statement that leaves room; None when it leaves none."""
    found: dict[str, Found] = {}
    if documents.endpoint:
        found["VPC endpoint policy"] = next(_allows((documents.endpoint,), seen), None)
    if caller.kind == "service":
        return found
    if documents.scps and not caller.service_linked:
        levels = [next(_allows(level, seen), None) for level in documents.scps]
        found["service control policy"] = None if None in levels else levels[-1]
    if documents.boundary:
        found["permissions boundary"] = next(_allows((documents.boundary,), seen), None)
    # IAM User Guide, "Permissions for GetFederationToken": without a session policy a federated user has no permissions
    if documents.session or caller.kind == "federated":
        found["session policy"] = next(_allows(documents.session, seen), None)
    return found


def _key_policy(caller: Principal, key_policy: Document, seen: Asked, found: Weighed) -> bool:
    """Find what the key policy allows to the caller and to its account; whether it is past boundary and session."""
    whole = account_arn(caller.account) if caller.kind != "root" else ""
    free = False
    for statement in key_policy.statements:
        if not statement.allow or not (name := statement.matches(seen)):
            continue
        if name == whole or caller.kind == "root":
            found.account = found.account or (key_policy, statement)
        if name != whole and not free:
            free = unlimited(caller, name)
            found.direct = (key_policy, statement) if free or found.direct is None else found.direct
    return free


def _grants(request: Request, documents: Documents, seen: Asked, found: Weighed, *, iam: bool) -> bool:
    """Find the grant that allows this, or the best reason why none does; whether it is past boundary and session."""
    caller, operation = request.caller, request.action.removeprefix("kms:")
    if found.retiring:
        grant = documents.grants[0]
        way = retires(grant, caller) or (
            "an IAM policy of an account that may retire it" if iam and delegates(grant, caller) else ""
        )
        found.grant = grant if way else None
        found.grant_read = (
            f"{grant.label}: {request.caller.label} is {way}"
            if way
            else f"{grant.label} gives {caller.label} no way to retire it"
        )
        return True
    found.grant_read = f"no grant is for {caller.label}"
    for grant in documents.grants:
        whole = caller.account != "" and grant.grantee == account_arn(caller.account)
        if not granted(grant, caller) and not (whole and iam):
            continue
        refused = refuses(grant, operation, seen.keys, request.terms)
        if not refused and not counts(grant, request.now, request.tokens):
            refused = f"{grant.label} has not spread yet: show its grant token"
        found.grant_read = refused or f"{grant.label} to {caller.label}"
        if not refused:
            found.grant = grant
            return unlimited(caller, grant.grantee)
    return False
