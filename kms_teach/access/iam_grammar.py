"""What IAM refuses in a policy document: each fault in the order IAM looks for it, and in IAM's words.

IAM User Guide, "Grammar of the IAM JSON policy language". A fault anywhere in the document is found before a fault of a
later kind in its first statement. Why a module of its own, not the reader's: a key policy is read by KMS, which takes
some of what IAM refuses, and whose words for the rest are not on record.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec import Struct

from kms_teach.access import refusals
from kms_teach.access.conditions import IF_EXISTS, OPERATORS, SETS
from kms_teach.access.lines import Path
from kms_teach.access.principals import EVERYONE
from kms_teach.access.statement import Kind

IDENTITY: tuple[Kind, ...] = ("IAM policy", "permissions boundary", "session policy")
KINDS: tuple[Kind, ...] = (*IDENTITY, "trust policy")  # those that IAM and STS read

VERSIONS = ("2012-10-17", "2008-10-17")
DOCUMENT_KEYS = ("Version", "Id", "Statement")
PAIRS = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
STATEMENT_KEYS = ("Sid", "Effect", "Condition", *(name for pair in PAIRS for name in pair))
SID = re.compile(r"[0-9A-Za-z]*")


class Fault(NamedTuple):
    """What is wrong, in IAM's words, its place, and what to write instead."""

    words: str
    path: Path
    hint: str = ""


class Draft(Struct, frozen=True):
    """A document that is JSON, and may be anything beside. managed: it is to be a managed policy."""

    document: dict[str, Any]
    managed: bool

    @property
    def statements(self) -> list[tuple[Path, Any]]:
        """Each with its path."""
        statement = self.document.get("Statement")
        if isinstance(statement, list):
            return [(("Statement", n), one) for n, one in enumerate(statement)]
        return [] if statement is None else [(("Statement",), statement)]

    def each(self, *elements: str) -> Iterator[tuple[Path, str]]:
        """The texts of these elements, of all statements."""
        for path, statement in self.statements:
            for element in elements:
                yield from _texts(statement.get(element, []), (*path, element))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, list):
        yield from (((*path, n), one) for n, one in enumerate(value) if one is not None)
    elif value is not None:
        yield path, value


def syntax(draft: Draft) -> Iterator[Fault]:
    """Elements that there are not, two that exclude each other, and values of the wrong type."""
    for key in draft.document:
        if key not in DOCUMENT_KEYS:
            yield Fault(refusals.SYNTAX, (key,), _no_element("a policy", key, DOCUMENT_KEYS))
    if draft.document.get("Version", VERSIONS[0]) not in VERSIONS:
        yield Fault(refusals.SYNTAX, ("Version",), f"`Version` is the language's, not yours: write {VERSIONS[0]}")
    if not isinstance(draft.document.get("Id", ""), str):
        yield Fault(refusals.SYNTAX, ("Id",), "`Id` is not a string")
    if not draft.statements:
        yield Fault(refusals.SYNTAX, ("Statement",), "a policy needs at least one statement: give `Statement`")
    for number, (path, statement) in enumerate(draft.statements, 1):
        yield from _statement(number, path, statement)


def _statement(number: int, path: Path, statement: Any) -> Iterator[Fault]:
    what = f"statement {number}"
    if not isinstance(statement, dict):
        yield Fault(refusals.SYNTAX, path, f"{what} is not an object: write it in braces")
        return
    for key in statement:
        if key not in STATEMENT_KEYS:
            yield Fault(refusals.SYNTAX, (*path, key), _no_element(what, key, STATEMENT_KEYS))
    effect = statement.get("Effect")
    if not isinstance(effect, str) or effect.lower() not in ("allow", "deny"):
        yield Fault(refusals.SYNTAX, (*path, "Effect"), f"{what} needs an `Effect`: Allow or Deny")
    if not isinstance(statement.get("Sid", ""), str):
        yield Fault(refusals.SYNTAX, (*path, "Sid"), f"`Sid` of {what} is not a string")
    for plain, negated in PAIRS:
        if plain in statement and negated in statement:
            yield Fault(refusals.SYNTAX, (*path, negated), f"{what} has both `{plain}` and `{negated}`: keep one")
    for element in (name for pair in PAIRS[1:] for name in pair if name in statement):
        value = statement[element]
        nothing = value is None or (element.endswith("Action") and isinstance(value, list) and None in value)
        if nothing or not all(isinstance(text, str) for _, text in _texts(value, ())):
            yield Fault(refusals.SYNTAX, (*path, element), f"`{element}` of {what} is a string or a list of strings")
    yield from _condition(what, (*path, "Condition"), statement.get("Condition", {}))


def _condition(what: str, path: Path, block: Any) -> Iterator[Fault]:
    if not isinstance(block, dict):
        yield Fault(refusals.SYNTAX, path, f"the `Condition` of {what} is an object")
        return
    for operator, keys in block.items():
        over, _, base = operator.rpartition(":")
        if (over and over not in SETS) or base.removesuffix(IF_EXISTS) not in OPERATORS:
            near = next((known for known in OPERATORS if known.lower() == base.lower()), "one such as StringEquals")
            hint = f"{what}: there is no condition operator `{operator}`: write {near}"
            yield Fault(refusals.SYNTAX, (*path, operator), hint)
        elif not isinstance(keys, dict):
            yield Fault(refusals.SYNTAX, (*path, operator), f"the `Condition` of {what} is an object")
        else:
            for key, value in keys.items():
                if not all(isinstance(one, str | bool | int | float) for one in _values(value)):
                    place = (*path, operator, key)
                    yield Fault(refusals.SYNTAX, place, f"`{key}` in {what} is a string or a list of strings")


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def version(draft: Draft) -> Iterator[Fault]:
    """A managed policy is written in the newer language, and says so."""
    if draft.managed and draft.document.get("Version") != VERSIONS[0]:
        yield Fault(refusals.OLD_VERSION, ("Version",))


def principal(draft: Draft) -> Iterator[Fault]:
    """A policy that is attached is about whom it is attached to."""
    for path, statement in draft.statements:
        for element in PAIRS[0]:
            if element in statement:
                hint = "such a policy is about whom it is attached to, leave it out"
                yield Fault(refusals.HAS_PRINCIPAL, (*path, element), hint)


def no_principal(draft: Draft) -> Iterator[Fault]:
    """A trust policy says in each statement who may assume the role."""
    for path, statement in draft.statements:
        element = next((name for name in PAIRS[0] if name in statement), PAIRS[0][0])
        if not named(statement.get(element)):
            yield Fault(refusals.NO_PRINCIPAL, (*path, element))


def prohibited(draft: Draft) -> Iterator[Fault]:
    """A trust policy stands on a role, and names no resource."""
    for path, statement in draft.statements:
        for element in PAIRS[2]:
            if element in statement:
                yield Fault(refusals.HAS_RESOURCE, (*path, element))


def legacy(draft: Draft) -> Iterator[Fault]:
    """What looks right, and is not: an effect in other letters, an ARN with too few parts, no date."""
    for path, statement in draft.statements:
        if statement["Effect"] not in ("Allow", "Deny"):
            yield Fault(
                refusals.LEGACY, (*path, "Effect"), f"`Effect` is Allow or Deny: write {statement['Effect'].title()}"
            )
        for operator, keys in statement.get("Condition", {}).items():
            rule = OPERATORS[operator.rpartition(":")[2].removesuffix(IF_EXISTS)]
            for key, value in keys.items() if rule.kind == "Date" else ():
                if any(not isinstance(one, bool) and rule.reads(str(one)) is None for one in _values(value)):
                    hint = f"`{operator}` compares dates: give one such as 2026-01-01T00:00:00Z"
                    yield Fault(refusals.LEGACY, (*path, "Condition", operator, key), hint)
    for place, resource in draft.each(*PAIRS[2]):
        if resource.startswith("arn:") and resource.count(":") < 5 and "*" not in resource:
            yield Fault(refusals.LEGACY, place, f"`{resource}` has fewer than the six parts of an ARN")


def sids(draft: Draft) -> Iterator[Fault]:
    """A Sid is of letters and digits, and stands once."""
    seen: set[str] = set()
    for path, statement in draft.statements:
        sid = statement.get("Sid", "")
        if not SID.fullmatch(sid):
            yield Fault(refusals.SID_LETTERS, (*path, "Sid"))
        if sid and sid in seen:
            yield Fault(refusals.SID_TWICE, (*path, "Sid"))
        seen.add(sid)


def no_actions(draft: Draft) -> Iterator[Fault]:
    yield from _missing(draft, PAIRS[1], refusals.NO_ACTIONS)


def no_resources(draft: Draft) -> Iterator[Fault]:
    yield from _missing(draft, PAIRS[2], refusals.NO_RESOURCES)


def _missing(draft: Draft, pair: tuple[str, str], words: str) -> Iterator[Fault]:
    for path, statement in draft.statements:
        element = next((name for name in pair if name in statement), pair[0])
        if statement.get(element, []) == []:
            yield Fault(words, (*path, element))


def resources(draft: Draft) -> Iterator[Fault]:
    for place, resource in draft.each(*PAIRS[2]):
        if resource != EVERYONE and not resource.startswith(("arn:", "*", "?")):
            yield Fault(refusals.NO_ARN % resource, place, "write an ARN such as arn:aws:kms:*:*:key/*, or *")


def vendors(draft: Draft) -> Iterator[Fault]:
    """Who an action, and a condition key, is of."""
    for place, action in draft.each(*PAIRS[1]):
        if words := of_vendor(action):
            yield Fault(words, place)
    for path, statement in draft.statements:
        for operator, keys in statement.get("Condition", {}).items():
            for key in keys:
                if ":" not in key:
                    yield Fault(
                        refusals.NO_VENDOR, (*path, "Condition", operator, key), f"write aws:{key} or kms:{key}"
                    )


def of_vendor(action: str) -> str:
    """What is wrong with an action's service and colons, in IAM's words; "" when nothing is."""
    vendor, colon, name = action.partition(":")
    if action in (EVERYONE, "*:*"):
        return ""
    if not colon or not vendor:
        return refusals.NO_VENDOR
    if ":" in name:
        return refusals.TWO_COLONS
    return refusals.VENDOR_WILD if re.search(r"[*?]", vendor) else ""


def sts_only(draft: Draft) -> Iterator[Fault]:
    for place, action in draft.each(*PAIRS[1]):
        if not action.lower().startswith("sts:"):
            yield Fault(refusals.NOT_STS, place)


def named(principals: Any) -> bool:
    """Whether an element names anybody: not when it is missing, or all its lists are empty."""
    if isinstance(principals, dict):
        return any(names != [] for names in principals.values())
    return principals not in (None, [], "")


Step = Callable[[Draft], Iterator[Fault]]
ATTACHED: tuple[Step, ...] = (
    syntax, version, principal, legacy, sids, no_actions, resources, vendors, no_resources,
)  # fmt: skip
ORDER: dict[Kind, tuple[Step, ...]] = {
    **dict.fromkeys(IDENTITY, ATTACHED),
    "trust policy": (syntax, prohibited, no_principal, legacy, sids, no_actions, vendors, sts_only),
}


def fault(document: dict[str, Any], kind: Kind, *, managed: bool = False) -> Fault | None:
    """The first fault that IAM would find; None when there is none, or IAM does not read such documents."""
    draft = Draft(document, managed)
    return next((found for step in ORDER.get(kind, ()) for found in step(draft)), None)


def _no_element(what: str, key: str, keys: tuple[str, ...]) -> str:
    return f"{what} has no element `{key}`: the elements are {', '.join(sorted(keys))}"
