"""This is how documents are weighed: the rules of IAM and KMS in their order, as a pure function without words.

IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic"; KMS Developer Guide,
"Determining access to KMS keys". In this order: an explicit Deny anywhere; what leaves no room (the endpoint, the
organization); then what allows (the key policy on the caller itself, the key policy on its account with an IAM policy,
a grant); then what limits that (the permissions boundary, the session).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kms_teach.access.actions import crosses
from kms_teach.access.context import about_caller, lowered
from kms_teach.access.grants import Grant, Terms, counts, delegates, granted, refuses, retires
from kms_teach.access.principals import Principal, account_arn, unlimited
from kms_teach.access.statement import Asked, Document, Statement, asked

RETIRE = "kms:RetireGrant"
OUTER = ("VPC endpoint policy", "service control policy")  # ceilings over every way of being allowed
INNER = ("permissions boundary", "session policy")  # over those that do not name the caller itself

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
    """The request as statements are matched with it."""
    keys = lowered({**about_caller(request.caller), **request.context})
    return asked(request.caller, request.action, request.resource, keys, bounded=documents.boundary is not None)


def weigh(request: Request, documents: Documents, seen: Asked | None = None) -> Weighed:
    """Weigh a request. seen: `ask(request, documents)`, when it is at hand."""
    caller, key_policy = request.caller, documents.key_policy
    seen = seen or ask(request, documents)
    found = Weighed(retiring=request.action == RETIRE)
    at_home = caller.account == request.owner or caller.kind == "service"

    found.deny = _deny(request, documents, seen, retiring=found.retiring)
    found.out_of_reach = key_policy is not None and not at_home and not crosses(request.action)
    found.ceilings = _ceilings(caller, documents, seen)
    free = False  # allowed under a name that boundary and session do not limit
    if key_policy and not found.retiring:
        free = _key_policy(caller, key_policy, seen, found)
    found.iam = _allows(documents.identity, seen)
    found.iam_counts = key_policy is None or found.account is not None or (found.direct is not None and not at_home)
    iam = caller.kind == "root" or (caller.kind != "service" and found.iam is not None)
    free_grant = bool(documents.grants) and _grants(request, documents, seen, found, iam=iam)

    shut = _shut(found, OUTER)
    by_policy = found.account or found.direct
    answers = (  # in AWS's order: when, what then decides, and what would have had to allow
        (found.deny, "deny", ""),
        (found.out_of_reach, "reach", "key policy"),
        (shut, shut, shut),
        (key_policy is None and not found.retiring, "iam", "" if iam else "IAM policy"),
        (found.direct and (at_home or iam), "direct", ""),
        (by_policy and iam, "iam", ""),
        (found.grant, "grant", ""),
        (found.retiring, "grant", "IAM policy"),
        (by_policy, "iam", "IAM policy"),
        (True, "direct" if caller.kind == "service" else "account", "key policy"),
    )
    found.decided, found.silent = next((decided, silent) for holds, decided, silent in answers if holds)
    if found.deny or found.silent:
        return found
    found.past_limits = at_home and {"direct": free, "grant": free_grant}.get(found.decided, False)
    if not found.past_limits and (limit := _shut(found, INNER)):
        found.decided = found.silent = limit
    found.allowed = not found.silent
    return found


def _shut(found: Weighed, kinds: tuple[str, ...]) -> str:
    """The first ceiling of these kinds that leaves no room."""
    return next((kind for kind in kinds if kind in found.ceilings and found.ceilings[kind] is None), "")


def _deny(request: Request, documents: Documents, seen: Asked, *, retiring: bool) -> Found:
    """The first Deny that applies. kms:RetireGrant has no effect in key policies and RCPs."""
    silent: set[str] = {"key policy", "resource control policy"} if retiring or documents.key_policy is None else set()
    if request.caller.service_linked:
        silent |= {"service control policy", "resource control policy"}
    found = applying((document for document in every(documents) if document.kind not in silent), seen, allow=False)
    return next(found, None)


def applying(documents: Iterable[Document], seen: Asked, *, allow: bool) -> Iterator[tuple[Document, Statement]]:
    """The statements of one effect that apply."""
    return ((d, s) for d in documents for s in d.statements if s.allow is allow and s.matches(seen))


def _allows(documents: Iterable[Document], seen: Asked) -> Found:
    return next(applying(documents, seen, allow=True), None)


def _ceilings(caller: Principal, documents: Documents, seen: Asked) -> dict[str, Found]:
    """For each kind of ceiling over the caller, the statement that leaves room; None when it leaves none."""
    found: dict[str, Found] = {}
    if documents.endpoint:
        found["VPC endpoint policy"] = _allows((documents.endpoint,), seen)
    if caller.kind == "service":
        return found
    if documents.scps and not caller.service_linked:
        levels = [_allows(level, seen) for level in documents.scps]
        found["service control policy"] = None if None in levels else levels[-1]
    if documents.boundary:
        found["permissions boundary"] = _allows((documents.boundary,), seen)
    # IAM User Guide, "Permissions for GetFederationToken": without a session policy a federated user has no permissions
    if documents.session or caller.kind == "federated":
        found["session policy"] = _allows(documents.session, seen)
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
