"""Fixes: the smallest edits that turn a decision round, each tried by deciding again.

An edit changes the text of one document, makes or ends a grant, or makes the call in another way. Only what AWS would
take is offered: a policy with statements, and a key policy that whoever puts it can still change. They are ordered by
how little else they change: the number of other cells, principal by permission, that they open or close.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.actions import ACTIONS, ON_KEY
from kms_teach.access.context import same_way
from kms_teach.access.documents import Documents, every
from kms_teach.access.evaluation import Evaluation, evaluate
from kms_teach.access.evidence import applying, match_context
from kms_teach.access.grants import Grant
from kms_teach.access.matrix import Who, matrix
from kms_teach.access.near_misses import Miss, near_misses
from kms_teach.access.policy import people, read
from kms_teach.access.principals import account_arn, root
from kms_teach.access.request import RETIRE, Request
from kms_teach.access.rewriting import (
    Attaching,
    Calling,
    Edit,
    Granting,
    Inputs,
    Json,
    Revoking,
    adding,
    sparing,
    unconditioned,
    without,
)
from kms_teach.access.samples import somebody
from kms_teach.access.statement import Document, Kind
from kms_teach.errors import KmsError

PUT = "kms:PutKeyPolicy"
WHERE: dict[Kind, str] = {
    "key policy": " on this key",
    "bucket policy": " in this bucket",
    "trust policy": " on this role",
}
MOST = 3  # edits together: a key in another account under a boundary needs as many
SHARED = ("grant", "resource control policy", "VPC endpoint policy")  # what others go by too

Cells = tuple[tuple[str, str], ...]  # a caller's ARN and a permission


class Fix(Struct, frozen=True):
    """Edits that together turn the decision round; none of them can be left out. opens, closes: other cells."""

    edits: tuple[Edit, ...]
    opens: Cells = ()
    closes: Cells = ()

    @property
    def says(self) -> str:
        return ", and ".join(edit.says for edit in self.edits)

    @property
    def side_effects(self) -> Cells:
        """What else it changes. RetireGrant does not count: it is asked of one grant, not of the key."""
        return (*self.opens, *self.closes)

    def apply(self, request: Request, documents: Documents) -> Inputs:
        """The request and the documents after the edits."""
        for edit in self.edits:
            request, documents = edit.change(request, documents)
        return request, documents

    def for_other(self, request: Request, who: Who) -> Who:
        """Somebody else after the edits."""
        documents, same = who.documents, who.principal.account == request.caller.account
        for edit in self.edits:
            if edit.kind in SHARED or (same and edit.kind == "service control policy"):
                _, documents = edit.change(request, documents)
        return Who(who.principal, documents)


def fixes(request: Request, documents: Documents, others: Sequence[Who] = ()) -> tuple[Fix, ...]:
    """The smallest sets of edits that turn the decision round, those that change least else first.

    others: principals, besides the caller, for whom it is counted what an edit opens and closes.
    """
    before = evaluate(request, documents)
    edits = list(_closing(request, documents, before) if before.allowed else _opening(request, documents))
    turning: list[tuple[Edit, ...]] = []
    smallest: list[Fix] = []
    for size in range(1, MOST + 1):
        for chosen in itertools.combinations(edits, size):
            if any(all(edit in chosen for edit in fewer) for fewer in turning):
                continue  # one of its edits can be left out
            after = _after(Fix(chosen), request, documents)
            if after and evaluate(*after).allowed is not before.allowed:
                turning.append(chosen)
                if _can_be_put(request, documents, after[1], others):
                    smallest.append(_counted(Fix(chosen), request, documents, others))
        if smallest:
            break
    return tuple(sorted(smallest, key=lambda fix: len(fix.side_effects)))


def _after(fix: Fix, request: Request, documents: Documents) -> Inputs | None:
    """What there is after the edits; None where a policy would become one that is refused, as one too long."""
    try:
        return fix.apply(request, documents)
    except KmsError:
        return None


def _can_be_put(request: Request, documents: Documents, after: Documents, others: Sequence[Who]) -> bool:
    """Whether each policy has a statement, and somebody who may put the key policy may still do so under the new one.

    KMS API Reference, PutKeyPolicy: the policy lockout safety check.
    """
    old, new = documents.key_policy, after.key_policy
    if not all(document.statements or document.kind == "bucket policy" for document in every(after)):
        return False
    if old is None or new is None or old == new or new.kind != "key policy":
        return True
    known = [Who(root(request.owner)), Who(request.caller, documents), *others]
    named = [Who(somebody(name, request.owner)) for name in sorted(people(old))]
    keys = same_way(request.context)

    def may_put(who: Who, policy: Document) -> bool:
        putting = Request(who.principal, PUT, request.resource, request.owner, keys(who.principal, "PutKeyPolicy"))
        return evaluate(putting, replace(who.documents, key_policy=policy)).allowed

    return any(may_put(who, old) and may_put(who, new) for who in (*known, *named))


def _counted(fix: Fix, request: Request, documents: Documents, others: Sequence[Who]) -> Fix:
    """The same with the cells that it opens and closes, besides the one asked about. Another call changes none."""
    policy = documents.key_policy
    if policy is None or policy.kind != "key policy" or all(edit.kind == "call" for edit in fix.edits):
        return fix
    _, then = fix.apply(request, documents)
    assert then.key_policy
    keys = same_way(request.context)

    def allowed(policy: Document, people: Sequence[Who]) -> set[tuple[str, str]]:
        return matrix(request.resource, request.owner, policy, people, ON_KEY, keys).allowed()

    was = allowed(policy, [Who(request.caller, documents), *others])
    now = allowed(then.key_policy, [Who(request.caller, then), *(fix.for_other(request, who) for who in others)])
    itself = {(request.caller.caller_arn, request.action.removeprefix("kms:"))}
    opens, closes = now - was - itself, was - now - itself
    return replace(fix, opens=tuple(sorted(opens)), closes=tuple(sorted(closes)))


# --- from denied to allowed ---------------------------------------------------------------------------------------


def _opening(request: Request, documents: Documents) -> Iterator[Edit]:
    caller, action = request.caller, request.action
    for document, statement in applying(every(documents), match_context(request, documents), allow=False):
        says = f"remove {statement.label} from the {document.label}"
        yield Edit(document.kind, says, without(document, statement))
        if caller.kind != "service":
            says = f"spare {caller.label} from {statement.label} of the {document.label}"
            yield Edit(document.kind, says, sparing(document, statement, caller.arn))
    policy = documents.key_policy
    if policy and action != RETIRE:
        says = f"let the {policy.kind} allow {action} to {caller.label}"
        yield Edit(policy.kind, says, adding(policy, _about(request, policy, "Allow")))
        if caller.kind in ("user", "role"):
            new = {**_about(request, policy, "Allow"), "Principal": {"AWS": account_arn(caller.account)}}
            says = f"let the {policy.kind} leave {action} to IAM policies of account {caller.account}"
            yield Edit(policy.kind, says, adding(policy, new))
    new = {"Effect": "Allow", "Action": action, "Resource": request.resource}
    if caller.kind in ("user", "role", "federated"):
        own = read(json.dumps({"Version": "2012-10-17", "Statement": [new]}, indent=2), "IAM policy", "new policy")
        where = WHERE[policy.kind] if policy else ""
        says = f"give {caller.label} an IAM policy that allows {action}{where}"
        yield Edit("IAM policy", says, Attaching(own))
    for miss in near_misses(request, documents):
        yield from _relaxing(miss)
    limits = [documents.boundary, *documents.session[:1], *(level[0] for level in documents.scps if level)]
    for limit in filter(None, limits):
        yield Edit(limit.kind, f"let the {limit.label} allow {action}", adding(limit, new))
    if documents.endpoint:
        says = f"let the VPC endpoint policy allow {action}"
        yield Edit("VPC endpoint policy", says, adding(documents.endpoint, {**new, "Principal": "*"}))
    name = action.removeprefix("kms:")
    if documents.key_policy and name in ACTIONS and ACTIONS[name].in_grants and action != RETIRE:
        yield Edit("grant", f"give {caller.label} a grant for {name}", Granting(_grant(request, name)))


def _relaxing(miss: Miss) -> Iterator[Edit]:
    """What would let an Allow apply that fails in one condition alone: another call, or without the condition."""
    if miss.failed > 1 or miss.condition is None or not miss.statement.allow:
        return
    condition = miss.condition
    value = "" if not condition.needed or condition.operator.negated else condition.needed[0].source
    plain = condition.operator.kind == "String" and not set(value) & set("*?$")
    if value and plain and condition.key.startswith("kms:"):
        via = condition.lowered == "kms:viaservice"
        says = f"call through {value}" if via else f"call with {condition.key} = {value}"
        yield Edit("call", says, Calling(condition.key, value))
    says = f"remove the condition on {condition.key} from {miss.statement.label} of the {miss.document.label}"
    yield Edit(
        miss.document.kind, says, unconditioned(miss.document, miss.statement, condition.name, condition.key),
    )  # fmt: skip


def _grant(request: Request, name: str) -> Grant:
    at = request.now or datetime.min.replace(tzinfo=UTC)
    more = request.terms.operations if request.terms and name == "CreateGrant" else ()
    return Grant(
        id="0" * 64, key_arn=request.resource, issuing_account=request.owner, grantee=request.caller.caller_arn,
        operations=(name, *more), created=at, effective=at, name="new grant",
    )  # fmt: skip


# --- from allowed to denied ---------------------------------------------------------------------------------------


def _closing(request: Request, documents: Documents, before: Evaluation) -> Iterator[Edit]:
    caller, action = request.caller, request.action
    for document, statement in applying(every(documents), match_context(request, documents), allow=True):
        says = f"remove {statement.label} from the {document.label}"
        yield Edit(document.kind, says, without(document, statement))
    if documents.key_policy and action != RETIRE:
        policy = documents.key_policy
        says = f"let the {policy.kind} deny {action} to {caller.label}"
        yield Edit(policy.kind, says, adding(policy, _about(request, policy, "Deny")))
    if (grant := before.evidence.allowing_grant) and action != RETIRE:
        yield Edit("grant", f"revoke {grant.label}", Revoking(grant.id))


# --- of both ------------------------------------------------------------------------------------------------------


def _about(request: Request, policy: Document, effect: str) -> Json:
    """A statement of the policy of a key or a bucket about this request."""
    caller = request.caller
    resource = request.resource if policy.kind == "bucket policy" else "*"  # of a key policy, the key
    who = {"Service": caller.name} if caller.kind == "service" else {"AWS": caller.arn}
    return {"Effect": effect, "Principal": who, "Action": request.action, "Resource": resource}
