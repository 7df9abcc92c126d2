"""The elements of a statement: read, checked, and refused with their place when they could not be evaluated.

IAM User Guide, "IAM JSON policy element reference"; KMS Developer Guide, "Key policies".
"""

import json
from collections.abc import Callable, Collection
from typing import Any

from kms_teach.access.conditions import Condition, condition
from kms_teach.access.iam_grammar import KINDS as IAM_READS
from kms_teach.access.iam_grammar import PAIRS, STATEMENT_KEYS, named, of_vendor
from kms_teach.access.lines import Path, Place
from kms_teach.access.patterns import Patterns, patterns, text
from kms_teach.access.principals import ACCOUNT, EVERYONE, NAMED, SERVICE, UNIQUE_ID, account_arn
from kms_teach.access.refusals import INVALID_ARN, INVALID_PRINCIPALS, NOBODY_NAMED
from kms_teach.access.statement import Kind, Statement
from kms_teach.errors import InvalidArnException, MalformedPolicyDocumentException

# What has no effect in a key policy: KMS Developer Guide, "kms:ResourceAliases" and "Use tags to control access"
UNHEARD: dict[str, tuple[str, ...]] = {"key policy": ("kms:resourcealiases", "aws:resourcetag/")}

# KMS Developer Guide, "AWS KMS condition keys": what it refuses in key policies, and its words (its code is unknown)
SINGLE_VALUED = ("kms:encryptioncontext:", "aws:requesttag/")
OVERLY_PERMISSIVE = (
    "OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches requests"
    " without the specified encryption context or tag or with an unspecified encryption context or tag. To fix, remove"
    " ForAllValues."
)

NAMES_PRINCIPALS = ("key policy", "resource control policy", "VPC endpoint policy", "trust policy", "bucket policy")


class StatementReader:
    """Reads one statement of a document of one kind. `path` is the statement's own."""

    def __init__(self, kind: Kind, number: int, path: Path, *, variables: bool) -> None:
        self.kind, self.number, self.path, self.variables = kind, number, path, variables

    def malformed(self, says: str, *path: str | int, hint: str = "") -> MalformedPolicyDocumentException:
        return malformed(says, (*self.path, *path), hint)

    def statement(self, statement: Any, source: str) -> Statement:
        number, kind = self.number, self.kind
        if not isinstance(statement, dict):
            raise self.malformed(f"statement {number} is not an object: write it in braces")
        check_elements(statement, STATEMENT_KEYS, f"statement {number}", self.path)
        if kind == "trust policy":  # it stands on a role, and names no resource
            statement = {"Resource": EVERYONE, **statement}
        for plain, negated in PAIRS:
            if plain in statement and negated in statement:
                raise self.malformed(f"statement {number} has both `{plain}` and `{negated}`: keep one", negated)
        if statement.get("Effect") not in ("Allow", "Deny"):
            raise self.malformed(f"statement {number} needs an `Effect`: Allow or Deny", "Effect")
        allow = statement["Effect"] == "Allow"
        sid = statement.get("Sid", "")
        if not isinstance(sid, str):
            raise self.malformed(f"`Sid` of statement {number} is not a string", "Sid")
        who, negated_who = self.principal_element(statement)
        if kind == "resource control policy" and (
            allow or who != (EVERYONE,) or negated_who or "NotAction" in statement
        ):
            raise self.malformed(
                f'statement {number} of an RCP denies actions to everyone: write "Effect": "Deny", "Principal": "*"'
            )
        # KMS Developer Guide, "Key policies": a statement without Action or Resource is taken, and has no effect
        action, resource = (self.patterns(statement, pair) for pair in PAIRS[1:])
        conditions = self.conditions(statement.get("Condition", {}))
        line = Place(self.path).line(source)
        return Statement(number, sid, allow, who, negated_who, action, resource, conditions, line)

    def principal_element(self, statement: dict[str, Any]) -> tuple[tuple[str, ...] | None, bool]:
        number = self.number
        element = next((name for name in PAIRS[0] if name in statement), "")
        if self.kind not in NAMES_PRINCIPALS:
            if element:
                raise self.malformed(
                    f"statement {number} has a `{element}`: "
                    "such a policy is about whom it is attached to, leave it out",
                    element,
                )
            return None, False
        if not named(statement.get(element)):
            raise self.malformed(
                NOBODY_NAMED, element or "Principal", hint=f"each statement of a {self.kind} says whom it is about"
            )
        return self.principals(statement[element], element), element == "NotPrincipal"

    def principals(self, principal: Any, element: str) -> tuple[str, ...]:
        if principal == EVERYONE:
            return (EVERYONE,)
        if not isinstance(principal, dict) or not principal:
            raise self.malformed(
                f'the `{element}` of statement {self.number} is "*" or an object such as {{"AWS": "arn:…"}}', element
            )
        names: list[str] = []
        for type_, value in principal.items():
            if type_ not in PRINCIPAL_TYPES:  # CanonicalUser among them: a name that only S3 gives and understands
                raise self.malformed(
                    f"KMS knows no principals of type `{type_}` (statement {self.number}): "
                    f"use {', '.join(PRINCIPAL_TYPES)}",
                    element, type_,
                )  # fmt: skip
            for path, name in self.strings(value, f"`{element}` of statement {self.number}", element, type_):
                if self.kind == "key policy" and type_ == "AWS" and broken(name):
                    raise InvalidArnException(INVALID_ARN, place=Place((*self.path, *path)))
                try:
                    names.append(PRINCIPAL_TYPES[type_](name))
                except ValueError as error:
                    raise self.malformed(str(error), *path) from None
        return tuple(names)

    def patterns(self, statement: dict[str, Any], pair: tuple[str, str]) -> Patterns:
        element = next((name for name in pair if name in statement), pair[0])
        if statement.get(element, []) == [] and self.kind != "key policy":
            raise self.malformed(f"Policy statement must contain {pair[0].lower()}s.", element)  # IAM's words
        is_action, what = pair[0] == "Action", f"`{element}` of statement {self.number}"
        texts = []
        for path, value in self.strings(_without_nulls(statement.get(element, []), self.kind), what, element):
            (self.check_action if is_action else self.check_resource)(value, path)
            try:
                unheard = UNHEARD.get(self.kind, ())
                texts.append(text(value, variables=self.variables and not is_action, unheard=unheard))
            except ValueError as error:
                raise self.malformed(f"{what}: {error}", *path) from None
        return patterns(element, tuple(texts), ignores_case=is_action)

    def check_action(self, value: str, path: Path) -> None:
        if value != EVERYONE and ":" not in value:
            raise self.malformed(f"the action `{value}` names no service: write kms:{value}", *path)
        if words := of_vendor(value):
            raise self.malformed(words, *path)

    def check_resource(self, value: str, path: Path) -> None:
        if value == EVERYONE or value.startswith(("arn:", "*", "?")):
            return
        if self.kind == "key policy":
            place = Place((*self.path, *path))
            raise InvalidArnException(INVALID_ARN, place=place)
        raise self.malformed(
            f"`{value}` in statement {self.number} is no ARN: write one such as arn:aws:kms:*:*:key/*, or *", *path
        )

    def conditions(self, block: Any) -> tuple[Condition, ...]:
        number, unheard = self.number, UNHEARD.get(self.kind, ())
        if not isinstance(block, dict) or not all(isinstance(keys, dict) for keys in block.values()):
            raise self.malformed(
                f'the `Condition` of statement {number} is an object such as {{"Bool": {{"kms:MultiRegion": "true"}}}}',
                "Condition",
            )
        conditions: list[Condition] = []
        for operator, key, value in ((operator, *item) for operator, keys in block.items() for item in keys.items()):
            path = ("Condition", operator, key)
            single = self.kind == "key policy" and key.lower().startswith(SINGLE_VALUED)
            if single and operator.startswith("ForAllValues:"):
                raise self.malformed(OVERLY_PERMISSIVE, *path)
            what = f"`{key}` in statement {number}"
            values = [one for _, one in self.strings(_quoted(value), what, *path)]
            try:
                conditions.append(condition(operator, key, values, variables=self.variables, unheard=unheard))
            except ValueError as error:
                raise self.malformed(f"statement {number}: {error}", *path) from None
        return tuple(conditions)

    def strings(self, value: Any, what: str, *path: str | int) -> list[tuple[Path, str]]:
        """One string or several, each with its path in the statement."""
        each = [((*path, n), one) for n, one in enumerate(value)] if isinstance(value, list) else [(path, value)]
        for place, one in each:
            if not isinstance(one, str):
                raise self.malformed(f"{what} is a string or a list of strings", *place)
        return each


def _service(name: str) -> str:
    if not SERVICE.fullmatch(name):
        raise ValueError(f"`{name}` is no service: write one such as s3.amazonaws.com")
    return name


def _aws(name: str) -> str:
    """A principal as its ARN, an account always as its `:root` ARN; `*` is everyone."""
    form = NAMED.fullmatch(name)
    if form is None and name != EVERYONE and not UNIQUE_ID.fullmatch(name):
        raise ValueError(INVALID_PRINCIPALS)
    return account_arn(name) if form and form["account"] else name


def broken(name: str) -> bool:
    """Whether it begins as an ARN and has no account, as against the ARN of nobody (`_aws`)."""
    parts = name.split(":", 5)
    return parts[0] == "arn" and (len(parts) < 6 or ACCOUNT.fullmatch(parts[4]) is None)


def _federated(name: str) -> str:
    """An identity provider: whom sts:AssumeRoleWith… admits, never who calls KMS. Taken; it matches nobody."""
    return f"federated:{name}"


PRINCIPAL_TYPES: dict[str, Callable[[str], str]] = {"AWS": _aws, "Service": _service, "Federated": _federated}


def _without_nulls(value: Any, kind: Kind) -> Any:
    """IAM passes over a null in a list of resources; whether KMS does is not known."""
    return [one for one in value if one is not None] if isinstance(value, list) and kind in IAM_READS else value


def _quoted(value: Any) -> Any:
    """A condition's value, in which true and 7 may stand without quotes."""
    if isinstance(value, list):
        return [_quoted(one) if isinstance(one, bool | int | float) else one for one in value]
    return json.dumps(value) if isinstance(value, bool | int | float) else value


def check_elements(element: dict[str, Any], keys: Collection[str], what: str, path: Path) -> None:
    for key in element:
        if key not in keys:
            says = f"{what} has no element `{key}`: the elements are {', '.join(sorted(keys))}"
            raise malformed(says, (*path, key))


def malformed(says: str, path: Path = (), hint: str = "") -> MalformedPolicyDocumentException:
    return MalformedPolicyDocumentException(says, place=Place(path) if path else None, hint=hint)
