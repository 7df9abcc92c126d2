"""The policy simulator: what a caller with these policies might do, decided as a call would be, and without one.

IAM API Reference, "SimulatePrincipalPolicy" and "SimulateCustomPolicy". A ResourcePolicy is read as a key policy, since
keys are the resources here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from kms_teach.access.accounts import Account
from kms_teach.access.actions import ACTIONS
from kms_teach.access.context import Context, about_caller
from kms_teach.access.documents import Documents
from kms_teach.access.evaluation import Outcome, evaluate
from kms_teach.access.evidence import Match, applying, match_context
from kms_teach.access.iam_grammar import of_vendor
from kms_teach.access.patterns import VARIABLE
from kms_teach.access.policy import read
from kms_teach.access.principals import Principal, Texts
from kms_teach.access.request import Request
from kms_teach.access.statement import Document, Kind
from kms_teach.directory import identities, policies
from kms_teach.directory.identities import Identity
from kms_teach.errors import InvalidInputException, KmsError, NoSuchEntityException
from kms_teach.iam.catalog import Params, operation, paged
from kms_teach.iam.permissions import iam_name
from kms_teach.iam.positions import positions
from kms_teach.operations.call import Call

DECISIONS = {Outcome.ALLOWED: "allowed", Outcome.IMPLICIT_DENY: "implicitDeny", Outcome.EXPLICIT_DENY: "explicitDeny"}
ORDER = ("allowed", "implicitDeny", "explicitDeny")  # the last is the most restrictive
TEMPLATES = {  # Service Authorization Reference, "AWS Key Management Service": resource types
    "key": "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}",
    "alias": "arn:${Partition}:kms:${Region}:${Account}:alias/${Alias}",
}
ANYTHING = "*"
UNANSWERED = ("PolicyExclusionList", "ResourceHandlingOption", "OrderedOrganizationPolicyInputList")


class Scenario(Struct, frozen=True):
    """Who is simulated, and under which policies."""

    caller: Principal
    documents: Documents
    owner: str
    context: Mapping[str, tuple[str, ...]]
    organization: bool = False

    @property
    def heard(self) -> tuple[Document, ...]:
        """The policies whose condition keys are looked for."""
        more = (self.documents.boundary, self.documents.key_policy)
        return (*self.documents.identity, *(each for each in more if each))


@operation("source")
def simulate_principal_policy(call: Call, params: Params) -> dict[str, Any]:
    _check(params)
    source = identities.by_arn(call.store, params["PolicySourceArn"])
    if source is None:
        raise NoSuchEntityException(f"The entity {params['PolicySourceArn']} cannot be found.")
    if "ResourcePolicy" in params and source.kind != "user" and "CallerArn" not in params:
        raise InvalidInputException("give CallerArn: a ResourcePolicy is about a user who calls")
    caller = _caller(call, params) if "CallerArn" in params else _of(source)
    attached = (policies.document(call.store, source.boundary),) if source.boundary else ()
    account = call.store.get(Account, "account", source.account) or Account(id=source.account)
    scps: Kind = "service control policy"
    documents = Documents(
        _resource_policy(params),
        tuple(_read(text, "IAM policy", name) for name, text in (*_sources(call, source), *_given(params))),
        _boundary(params) or next((_read(text, "permissions boundary", name) for name, text in attached), None),
        scps=tuple(tuple(read(text, scps, name) for name, text in level) for level in account.scps),
    )
    context = _context(about_caller(caller), params)
    scenario = Scenario(caller, documents, _owner(params, caller), context, bool(account.organization))
    return _answer(scenario, params)


@operation("*")
def simulate_custom_policy(call: Call, params: Params) -> dict[str, Any]:
    _check(params)
    if "ResourcePolicy" in params and "CallerArn" not in params:
        raise InvalidInputException("give CallerArn: a ResourcePolicy is about a user who calls")
    somebody = Principal(account=call.account, kind="user", name="simulated")
    caller = _caller(call, params) if "CallerArn" in params else somebody
    identity = tuple(_read(text, "IAM policy", name) for name, text in _given(params))
    documents = Documents(_resource_policy(params), identity, _boundary(params))
    context = _context(dict.fromkeys(about_caller(caller), ()), params)
    return _answer(Scenario(caller, documents, _owner(params, caller), context), params)


def _check(params: Params) -> None:
    """InvalidInput for what is not simulated, and for actions that no policy could name."""
    if asked := next((name for name in UNANSWERED if params.get(name)), None):
        raise InvalidInputException(f"this simulator does not answer {asked}: leave it out")
    for action in params["ActionNames"]:
        if words := of_vendor(action):
            raise InvalidInputException(words)
    if len(params.get("PermissionsBoundaryPolicyInputList", ())) > 1:
        raise InvalidInputException("give one permissions boundary: an entity has no more")


def _read(text: str, kind: Kind, name: str) -> Document:
    try:
        return read(text, kind, name)
    except KmsError as error:
        raise InvalidInputException(error.message, place=error.place, hint=error.hint) from None


def _given(params: Params) -> Texts:
    return tuple((f"PolicyInputList.{n}", text) for n, text in enumerate(params.get("PolicyInputList", ()), 1))


def _boundary(params: Params) -> Document | None:
    given = params.get("PermissionsBoundaryPolicyInputList", ())
    name = "PermissionsBoundaryPolicyInputList.1"
    return next((_read(text, "permissions boundary", name) for text in given), None)


def _resource_policy(params: Params) -> Document | None:
    return _read(params["ResourcePolicy"], "key policy", "ResourcePolicy") if "ResourcePolicy" in params else None


def _sources(call: Call, one: Identity) -> Iterator[tuple[str, str]]:
    """The policies of an identity as the simulator names them: `user_alice_mine`, a managed one by its name."""
    yield from ((f"{one.kind}_{one.name}_{iam_name(name)}", text) for name, text in one.inline)
    yield from (policies.document(call.store, each) for each in one.attached)
    for name in one.groups:
        if group := identities.named(call.store, "group", one.account, name):
            yield from _sources(call, group)


def _of(one: Identity) -> Principal:
    kind = "user" if one.kind == "group" else one.kind  # a group never calls: one of its users does
    return Principal(account=one.account, kind=kind, name=one.name, path=one.path, id=one.id, tags=one.tags)


def _caller(call: Call, params: Params) -> Principal:
    """The caller of CallerArn, who need not exist."""
    given: str = params["CallerArn"]
    form = re.fullmatch(r"arn:aws:iam::(\d{12}):(user|role|group)(/(?:.+/)?)([^/]+)", given)
    if form is None:
        raise InvalidInputException(f"`{given}` is not the ARN of a user, a group or a role")
    one = identities.by_arn(call.store, given)
    account, kind, path, name = form.groups()
    kind = "user" if kind == "group" else kind
    return _of(one) if one else Principal(account=account, kind=kind, name=name, path=path)


def _owner(params: Params, caller: Principal) -> str:
    owner: str = params.get("ResourceOwner", caller.account)
    account = owner.split(":")[4] if owner.startswith("arn:") and owner.count(":") >= 5 else owner
    if not re.fullmatch(r"\d{12}", account):
        raise InvalidInputException(f"`{owner}` is no account")
    return account


def _context(known: Context, params: Params) -> Context:
    """What is known of the caller, and before that what ContextEntries say; names are one, whatever their case."""
    names = {name.lower(): name for name in known}
    given = {
        names.get(each["ContextKeyName"].lower(), each["ContextKeyName"]): tuple(each.get("ContextKeyValues", ()))
        for each in params.get("ContextEntries", ())
    }
    return {**known, **given}


# --- the answer ---------------------------------------------------------------------------------------------------


def _answer(scenario: Scenario, params: Params) -> dict[str, Any]:
    resources = params.get("ResourceArns") or [ANYTHING]
    missing = _missing(scenario)
    results = [_result(scenario, action, resources, missing) for action in params["ActionNames"]]
    return paged("EvaluationResults", results, params)


def _result(scenario: Scenario, action: str, resources: Sequence[str], missing: list[str]) -> dict[str, Any]:
    """One action on all the resources: the most restrictive of their decisions, and each by itself."""
    each = [_on(scenario, action, resource, missing) for resource in resources]
    worst = max((one["EvalResourceDecision"] for one in each), key=ORDER.index)
    matched = [m for one in each if one["EvalResourceDecision"] == worst for m in one["MatchedStatements"]]
    everything = list(resources) == [ANYTHING]
    known = ACTIONS.get(action.removeprefix("kms:"))
    result: dict[str, Any] = {
        "EvalActionName": action,
        "EvalResourceName": TEMPLATES.get(known.on, ANYTHING) if known else ANYTHING,
        "EvalDecision": worst,
        "MatchedStatements": [m for n, m in enumerate(matched) if m not in matched[:n]],
        "MissingContextValues": missing,
    }
    result |= {name: value for name, value in each[0].items() if name.endswith("DecisionDetail")}
    if scenario.organization:
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": _by_scps(scenario, action, resources[0])}
    return result if everything else {**result, "EvalDecisionDetails": {}, "ResourceSpecificResults": each}


def _request(scenario: Scenario, action: str, resource: str) -> Request:
    owner = resource.split(":")[4] if resource.count(":") >= 5 else ""
    whose = owner if owner.isdigit() else scenario.owner
    return Request(scenario.caller, action, resource, whose, scenario.context)


def _on(scenario: Scenario, action: str, resource: str, missing: list[str]) -> dict[str, Any]:
    request, documents = _request(scenario, action, resource), scenario.documents
    evaluation = evaluate(request, documents)
    decision = DECISIONS[evaluation.verdict.outcome]
    result: dict[str, Any] = {
        "EvalResourceName": resource,
        "EvalResourceDecision": decision,
        "MatchedStatements": [] if decision == "implicitDeny" else _matched(request, documents, decision == "allowed"),
        "MissingContextValues": missing,
    }
    if documents.boundary:
        allows = any(applying((documents.boundary,), match_context(request, documents), allow=True))
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allows}
    return result


def _by_scps(scenario: Scenario, action: str, resource: str) -> bool:
    request, documents = _request(scenario, action, resource), scenario.documents
    context = match_context(request, documents)
    levels = documents.scps
    denied = any(applying((each for level in levels for each in level), context, allow=False))
    return not denied and all(any(applying(level, context, allow=True)) for level in levels)


def _matched(request: Request, documents: Documents, allow: bool) -> list[dict[str, Any]]:
    heard = (*documents.identity, *((documents.key_policy,) if documents.key_policy else ()))
    if not allow and documents.boundary:
        heard = (*heard, documents.boundary)
    return [_statement(match) for match in applying(heard, match_context(request, documents), allow=allow)]


def _statement(match: Match) -> dict[str, Any]:
    start, end = positions(match.document.text)[match.statement.number - 1]
    return {
        "SourcePolicyId": match.document.name,
        "SourcePolicyType": "IAM Policy",  # recorded so, though no value of the model's enum
        "StartPosition": start,
        "EndPosition": end,
    }


def _missing(scenario: Scenario) -> list[str]:
    """The condition keys, those of variables too, that stand in any statement and were not given."""
    asked = dict.fromkeys(name for document in scenario.heard for name in _keys(document))
    known = {name.lower() for name, values in scenario.context.items() if values}
    return [name for name in asked if name.lower() not in known]


def _keys(document: Document) -> Iterator[str]:
    for statement in document.statements:
        yield from (condition.key for condition in statement.conditions)
        texts = (statement.resource.sources, *(condition.sources for condition in statement.conditions))
        for source in (one for sources in texts for one in sources):
            yield from (each["key"].rstrip() for each in VARIABLE.finditer(source) if each["key"])
