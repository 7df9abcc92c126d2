"""This is what would have to change: the smallest edits that turn a decision round, each tried by deciding again.

An edit changes the text of one document, makes or ends a grant, or makes the call in another way. They are ordered by
how little else they allow: the number of other cells, principal by permission, that the edit opens.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kms_teach.access.actions import ACTIONS
from kms_teach.access.grants import Grant
from kms_teach.access.matrix import Who, matrix
from kms_teach.access.policy import read
from kms_teach.access.principals import account_arn
from kms_teach.access.rewriting import Change, Edit, adding, edited, sparing, unconditioned, without
from kms_teach.access.statement import Document, Statement
from kms_teach.access.weighing import RETIRE, Documents, Request, Weighed, ask, at_key, weigh
from kms_teach.access.why import Miss, every, missed, near_misses

ON_KEY = tuple(name for name, action in ACTIONS.items() if action.on == "key")
MOST = 3  # edits together: a key in another account under a boundary needs as many


@dataclass(frozen=True, slots=True)
class Way:
    """Edits that together turn the decision round; none of them can be left out. `opens`: other cells they allow."""

    edits: tuple[Edit, ...]
    opens: tuple[tuple[str, str], ...]

    @property
    def says(self) -> str:
        return ", and ".join(edit.says for edit in self.edits)

    def apply(self, request: Request, documents: Documents) -> tuple[Request, Documents]:
        """The request and the documents after the edits."""
        for edit in self.edits:
            request, documents = edit.change(request, documents)
        return request, documents


def ways(request: Request, documents: Documents, others: Sequence[Who] = ()) -> tuple[Way, ...]:
    """The smallest sets of edits that turn the decision round, those that open least first.

    others: principals, besides the caller, for whom it is counted what an edit opens.
    """
    before = weigh(request, documents)
    edits = list(_closing(request, documents, before) if before.allowed else _opening(request, documents))
    found: list[tuple[Edit, ...]] = []
    for size in range(1, MOST + 1):
        tried = itertools.combinations(edits, size)
        found += (c for c in tried if weigh(*Way(c, ()).apply(request, documents)).allowed is not before.allowed)
        if found:
            break
    told = [Way(chosen, _opens(Way(chosen, ()), request, documents, others)) for chosen in found]
    return tuple(sorted(told, key=lambda way: len(way.opens)))


def _opens(way: Way, request: Request, documents: Documents, others: Sequence[Who]) -> tuple[tuple[str, str], ...]:
    """The cells that become allowed, besides the one asked about. A call made in another way opens nothing."""
    if documents.key_policy is None or all(edit.kind == "call" for edit in way.edits):
        return ()
    _, then = way.apply(request, documents)
    assert then.key_policy
    people = [Who(request.caller, documents), *others]
    shared = [replace(who.documents, rcps=then.rcps, endpoint=then.endpoint, grants=then.grants) for who in others]
    now = [Who(request.caller, then), *(Who(who.principal, own) for who, own in zip(others, shared, strict=True))]
    was = matrix(request.resource, request.owner, documents.key_policy, people, ON_KEY, request.context).allowed()
    is_ = matrix(request.resource, request.owner, then.key_policy, now, ON_KEY, request.context).allowed()
    asked = (request.caller.caller_arn, request.action.removeprefix("kms:"))
    return tuple(sorted(is_ - was - {asked}))


# --- from denied to allowed ---------------------------------------------------------------------------------------


def _opening(request: Request, documents: Documents) -> Iterator[Edit]:
    caller, action = request.caller, request.action
    for document, statement in _applying(request, documents, allow=False):
        yield edited(document, without(document, statement), f"remove {statement.label} from the {document.label}")
        if caller.kind != "service":
            says = f"spare {caller.label} from {statement.label} of the {document.label}"
            yield edited(document, sparing(document, statement, caller.arn), says)
    if documents.key_policy and action != RETIRE:
        who: dict[str, str] = {"Service": caller.name} if caller.kind == "service" else {"AWS": caller.arn}
        new = {"Effect": "Allow", "Principal": who, "Action": action, "Resource": "*"}
        yield edited(documents.key_policy, adding(new), f"let the key policy allow {action} to {caller.label}")
        if caller.kind in ("user", "role"):
            new = {**new, "Principal": {"AWS": account_arn(caller.account)}}
            yield edited(
                documents.key_policy,
                adding(new),
                f"let the key policy leave {action} to IAM policies of account {caller.account}",
            )
    if caller.kind in ("user", "role", "federated"):
        yield Edit("IAM policy", f"give {caller.label} an IAM policy that allows {action} on this", _identity(request))
    for miss in near_misses(request, documents):
        yield from _relaxing(miss)
    new = {"Effect": "Allow", "Action": action, "Resource": request.resource}
    limits = [documents.boundary, *documents.session[:1], *(level[0] for level in documents.scps if level)]
    for limit in filter(None, limits):
        yield edited(limit, adding(new), f"let the {limit.label} allow {action}")
    if documents.endpoint:
        yield edited(
            documents.endpoint, adding({**new, "Principal": "*"}), f"let the VPC endpoint policy allow {action}"
        )
    name = action.removeprefix("kms:")
    if documents.key_policy and name in ACTIONS and ACTIONS[name].in_grants and action != RETIRE:
        yield Edit("grant", f"give {caller.label} a grant for {name}", _granting(request, name))


def _relaxing(miss: Miss) -> Iterator[Edit]:
    """What would let an Allow apply that fails in one condition alone: another call, or without the condition."""
    if miss.failed > 1 or miss.condition is None or not miss.statement.allow:
        return
    condition = miss.condition
    value = "" if not condition.needed or condition.operator.negated else condition.needed[0].source
    if (
        value
        and condition.operator.kind == "String"
        and not set(value) & set("*?$")
        and condition.key.startswith("kms:")
    ):
        says = (
            f"call through {value}" if condition.lowered == "kms:viaservice" else f"call with {condition.key} = {value}"
        )
        yield Edit("call", says, lambda r, d: (replace(r, context=_set(r, condition.key, value)), d))
    says = f"remove the condition on {condition.key} from {miss.statement.label} of the {miss.document.label}"
    yield edited(miss.document, unconditioned(miss.document, miss.statement, condition.name, condition.key), says)


def _set(request: Request, key: str, value: str) -> dict[str, tuple[str, ...]]:
    kept = {name: values for name, values in request.context.items() if name.lower() != key.lower()}
    return {**kept, key: (value,)}


# --- from allowed to denied ---------------------------------------------------------------------------------------


def _closing(request: Request, documents: Documents, before: Weighed) -> Iterator[Edit]:
    caller, action = request.caller, request.action
    for document, statement in _applying(request, documents, allow=True):
        yield edited(document, without(document, statement), f"remove {statement.label} from the {document.label}")
    if documents.key_policy and action != RETIRE:
        who: dict[str, str] = {"Service": caller.name} if caller.kind == "service" else {"AWS": caller.arn}
        new = {"Effect": "Deny", "Principal": who, "Action": action, "Resource": "*"}
        yield edited(documents.key_policy, adding(new), f"let the key policy deny {action} to {caller.label}")
    if before.grant and action != RETIRE:
        gone = before.grant
        yield Edit(
            "grant",
            f"revoke {gone.label}",
            lambda r, d: (r, replace(d, grants=tuple(g for g in d.grants if g.id != gone.id))),
        )


def _applying(request: Request, documents: Documents, *, allow: bool) -> Iterator[tuple[Document, Statement]]:
    """The statements of one effect that apply to the request."""
    seen = ask(request)
    for document in every(documents):
        for statement in document.statements:
            if (
                statement.allow is allow
                and missed(document, statement, at_key(seen) if document.kind == "key policy" else seen) is None
            ):
                yield document, statement


def _identity(request: Request) -> Change:
    statement = {"Effect": "Allow", "Action": request.action, "Resource": request.resource}
    new = read(json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2), "IAM policy", "new policy")
    return lambda r, d: (r, replace(d, identity=(*d.identity, new)))


def _granting(request: Request, name: str) -> Change:
    caller = request.caller
    at = request.now or datetime.min.replace(tzinfo=UTC)
    operations = (name, *((request.terms.operations if request.terms else ()) if name == "CreateGrant" else ()))
    new = Grant(
        id="0" * 64, key_arn=request.resource, issuing_account=request.owner, grantee=caller.caller_arn,
        operations=operations, created=at, effective=at, name="new grant",
    )  # fmt: skip
    return lambda r, d: (r, replace(d, grants=(*d.grants, new)))
