"""Evidence: what the documents say to a request, check by check, before anything is decided."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct

from kms_teach.access.actions import crosses
from kms_teach.access.context import Context, about_caller, lowered
from kms_teach.access.documents import Documents, every
from kms_teach.access.grants import Grant, delegates, effective, granted, refusal, retirement
from kms_teach.access.principals import Principal, account_arn, unlimited
from kms_teach.access.reasons import Check, Reason
from kms_teach.access.request import Request
from kms_teach.access.statement import Document, Kind, MatchContext, Statement

# The kinds of policy that only limit, and the checks of them.
CEILINGS: dict[Check, Kind] = {
    Check.ENDPOINT: "VPC endpoint policy",
    Check.SCP: "service control policy",
    Check.BOUNDARY: "permissions boundary",
    Check.SESSION: "session policy",
}
RESOURCE_BASED: tuple[Kind, ...] = ("key policy", "bucket policy", "trust policy")
READS: dict[Check, tuple[Kind, ...]] = {  # the kinds of policy that a check may be about, where it is about any
    Check.NAMED: RESOURCE_BASED,
    Check.DELEGATED: RESOURCE_BASED,
    Check.SHARED: ("key policy",),
    Check.IAM: ("IAM policy",),
    **{check: (kind,) for check, kind in CEILINGS.items()},
}


class Match(NamedTuple):
    """A statement that applies to a request, in its document."""

    document: Document
    statement: Statement


class GrantEvidence(NamedTuple):
    """The grant that allows, or the last that was for the caller and does not; `reason` says why."""

    grant: Grant | None
    reason: Reason
    allows: bool = False
    unlimited: bool = False  # as of the key policy
    check: Check = Check.GRANT


class Evidence(Struct, frozen=True):
    """What answers each check; None where nothing does, or where it is not asked.

    unlimited: the key policy allows under a name that a silent boundary or session policy does not limit.
    ceilings: for each that is over the caller, the statement that leaves room.
    """

    request: Request
    about_key: bool  # false where the operation names no key, so that IAM policies alone decide
    deny: Match | None
    out_of_reach: bool
    ceilings: Mapping[Check, Match | None]
    named: Match | None
    delegated: Match | None
    unlimited: bool
    iam: Match | None
    grant: GrantEvidence | None
    shared: Match | None = None  # of the key policy that AWS RAM keeps
    own_bucket: bool = False  # in whose account IAM policies decide without a word of the bucket policy

    @property
    def iam_allows(self) -> bool:
        return allows_by_iam(self.request.caller, self.iam)

    @property
    def allowing_grant(self) -> Grant | None:
        return self.grant.grant if self.grant and self.grant.allows else None

    @property
    def iam_counts(self) -> bool:
        """Whether IAM policies have a say: the key policy lets them, or the caller's own account must agree."""
        admitted = self.delegated is not None or self.shared is not None
        away = self.named is not None and not self.request.at_home
        return not self.about_key or self.own_bucket or admitted or away


def match_context(request: Request, documents: Documents) -> MatchContext:
    """The request as statements are matched with it."""
    about, carried = _about(request.caller), lowered(request.context)
    if about.keys().isdisjoint(carried):
        keys = {**about, **carried}
    else:  # what the request carries under the same name goes before
        keys = lowered({**about_caller(request.caller), **request.context})
    bounded = documents.boundary is not None
    return MatchContext.of(request.caller, request.action, request.resource, keys, bounded=bounded)


@functools.lru_cache(maxsize=1024)
def _about(caller: Principal) -> Context:
    return lowered(about_caller(caller))


def gather(request: Request, documents: Documents, context: MatchContext) -> Evidence:
    """Hold each document against a request."""
    caller, key_policy = request.caller, documents.key_policy
    named, delegated, free = None, None, False
    if key_policy and not request.retires:
        named, delegated, free = _key_policy(caller, key_policy, context)
    iam = first(documents.identity, context, allow=True)
    asks_grants = bool(documents.grants) or request.retires
    return Evidence(
        request,
        key_policy is not None,
        _deny(request, documents, context),
        key_policy is not None and not request.at_home and not crosses(request.action),
        _ceilings(caller, documents, context),
        named,
        delegated,
        free,
        iam,
        _grants(request, documents, context, by_iam=allows_by_iam(caller, iam)) if asks_grants else None,
        first((documents.ram,), context, allow=True) if documents.ram and key_policy and not request.retires else None,
        key_policy is not None and key_policy.kind == "bucket policy" and caller.account == request.owner,
    )


def allows_by_iam(caller: Principal, iam: Match | None) -> bool:
    """Whether the caller's own account says yes: its root user needs no IAM policy, and a service has none."""
    return caller.kind == "root" or (caller.kind != "service" and iam is not None)


def applying(documents: Iterable[Document], context: MatchContext, *, allow: bool) -> Iterator[Match]:
    """The statements of one effect that apply."""
    return (Match(d, s) for d in documents for s in d.statements if s.allow is allow and s.matches(context))


def first(documents: Iterable[Document], context: MatchContext, *, allow: bool) -> Match | None:
    """The first of them; written out, since every request asks for several."""
    for document in documents:
        for statement in document.statements:
            if statement.allow is allow and statement.matches(context):
                return Match(document, statement)
    return None


def _deny(request: Request, documents: Documents, context: MatchContext) -> Match | None:
    """The first Deny that applies. kms:RetireGrant has no effect in key policies and RCPs."""
    ignored: tuple[Kind, ...] = ()
    if request.retires or documents.key_policy is None:
        ignored += ("key policy", "resource control policy")
    if request.caller.service_linked:
        ignored += ("service control policy", "resource control policy")
    heard = every(documents)
    if ignored:
        heard = [document for document in heard if document.kind not in ignored]
    return first(heard, context, allow=False)


def _ceilings(caller: Principal, documents: Documents, context: MatchContext) -> Mapping[Check, Match | None]:
    ceilings: dict[Check, Match | None] = {}
    if documents.endpoint:
        ceilings[Check.ENDPOINT] = first((documents.endpoint,), context, allow=True)
    if caller.kind == "service":
        return ceilings
    if documents.scps and not caller.service_linked:
        levels = [first(level, context, allow=True) for level in documents.scps]
        ceilings[Check.SCP] = None if None in levels else levels[-1]
    if documents.boundary:
        ceilings[Check.BOUNDARY] = first((documents.boundary,), context, allow=True)
    # IAM User Guide, "Permissions for GetFederationToken": without a session policy a federated user has no permissions
    if documents.session or caller.kind == "federated":
        ceilings[Check.SESSION] = first(documents.session, context, allow=True)
    return ceilings


def _key_policy(
    caller: Principal, key_policy: Document, context: MatchContext
) -> tuple[Match | None, Match | None, bool]:
    """What allows the caller by name, what allows its account, and whether the first is past boundary and session."""
    whole = account_arn(caller.account) if caller.kind != "root" else ""
    named: Match | None = None
    delegated: Match | None = None
    free = False
    for statement in key_policy.statements:
        if not statement.allow or not (name := statement.matches(context)):
            continue
        if name == whole or caller.kind == "root":
            delegated = delegated or Match(key_policy, statement)
        if name != whole and not free:
            free = unlimited(caller, name)
            named = Match(key_policy, statement) if free or named is None else named
    return named, delegated, free


def _grants(request: Request, documents: Documents, context: MatchContext, *, by_iam: bool) -> GrantEvidence:
    caller = request.caller
    if request.retires and not documents.grants:
        return GrantEvidence(None, Reason.NONE_NAMED, check=Check.RETIREMENT)
    if request.retires:
        grant = documents.grants[0]
        reason = retirement(grant, caller) or (
            Reason.ACCOUNT_MAY_RETIRE if by_iam and delegates(grant, caller) else Reason.MAY_NOT_RETIRE
        )
        return GrantEvidence(grant, reason, reason is not Reason.MAY_NOT_RETIRE, True, Check.RETIREMENT)
    nearest = GrantEvidence(None, Reason.NO_GRANT)
    for grant, refused in _uses(request, documents, context, by_iam=by_iam):
        if not refused:
            return GrantEvidence(grant, Reason.GRANTED, True, unlimited(caller, grant.grantee))
        nearest = GrantEvidence(grant, refused)
    return nearest


def _uses(
    request: Request, documents: Documents, context: MatchContext, *, by_iam: bool
) -> Iterator[tuple[Grant, Reason | None]]:
    """The grants that are for the caller, each with why it does not allow the use."""
    caller, operation = request.caller, request.action.removeprefix("kms:")
    for grant in documents.grants:
        whole = caller.account != "" and grant.grantee == account_arn(caller.account)
        if not granted(grant, caller) and not (whole and by_iam):
            continue
        refused = refusal(grant, operation, context.keys, request.terms, request.paired)
        if not refused and not effective(grant, request.now, request.tokens):
            refused = Reason.NOT_EFFECTIVE
        yield grant, refused


def granted_sources(request: Request, documents: Documents) -> frozenset[str]:
    """The sources of all grants that allow a request; "" stands for none."""
    context = match_context(request, documents)
    by_iam = allows_by_iam(request.caller, first(documents.identity, context, allow=True))
    uses = _uses(request, documents, context, by_iam=by_iam)
    return frozenset(grant.source_arn for grant, refused in uses if not refused)
