"""This is how policy documents are read: checked whole when they are put, then asked by `decision.decide`.

IAM User Guide, "IAM JSON policy element reference"; KMS Developer Guide, "Key policies". What cannot be evaluated is
refused when it is put and never ignored later.
"""

import functools
import json
from collections.abc import Callable
from typing import Any

from kms_teach.access.conditions import Condition, condition
from kms_teach.access.patterns import Patterns, Text, patterns, text
from kms_teach.access.principals import EVERYONE, NAMED, SERVICE, account_arn
from kms_teach.access.statement import Document, Kind, Statement, line_of
from kms_teach.errors import InvalidArnException, LimitExceededException, MalformedPolicyDocumentException

__all__ = ["DEFAULT_KEY_POLICY", "Document", "Kind", "Statement", "people", "read"]

KEY_POLICY_MAX = 32_768  # bytes; KMS Developer Guide, "Resource quotas"
VERSIONS = ("2012-10-17", "2008-10-17")
DOCUMENT_KEYS = {"Version", "Id", "Statement"}
PAIRS = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
STATEMENT_KEYS = {"Sid", "Effect", "Condition", *(name for pair in PAIRS for name in pair)}

# What has no effect in a key policy: KMS Developer Guide, "kms:ResourceAliases" and "Use tags to control access"
UNHEARD: dict[str, tuple[str, ...]] = {"key policy": ("kms:resourcealiases", "aws:resourcetag/")}

# KMS Developer Guide, "AWS KMS condition keys": what it refuses in key policies, and its words (its code is unknown)
SINGLE_VALUED = ("kms:encryptioncontext:", "aws:requesttag/")
OVERLY_PERMISSIVE = (
    "OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches requests"
    " without the specified encryption context or tag or with an unspecified encryption context or tag. To fix, remove"
    " ForAllValues."
)

NAMES_PRINCIPALS = ("key policy", "resource control policy", "VPC endpoint policy", "trust policy")

DEFAULT_KEY_POLICY = """{{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:aws:iam::{account}:root"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}}"""


@functools.lru_cache(maxsize=4096)
def read(text: str, kind: Kind, name: str = "") -> Document:
    """Read a policy document.

    Raises LimitExceededException for a key policy over 32,768 bytes, InvalidArnException for a Resource of a key policy
    that is none, MalformedPolicyDocumentException for anything else that is no policy, or could not be evaluated.
    """
    if kind == "key policy" and (size := len(text.encode(errors="surrogatepass"))) > KEY_POLICY_MAX:
        raise LimitExceededException(f"the key policy has {size:,} bytes, more than {KEY_POLICY_MAX:,}: shorten it")
    try:
        document = json.loads(text, object_pairs_hook=_no_twice)
    except RecursionError:
        raise _malformed("the policy is nested too deeply: write it as one object with a list of statements") from None
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise _malformed(f"the policy is not valid JSON{where}: {getattr(error, 'msg', error)}") from None
    if not isinstance(document, dict):
        raise _malformed("a policy is a JSON object: begin it with `{` and give `Version` and `Statement`")
    _known(document, DOCUMENT_KEYS, "a policy")
    version = document.get("Version", VERSIONS[1])
    if version not in VERSIONS:
        raise _malformed(f"`Version` is the language's, not yours: write {VERSIONS[0]}")
    statements = document.get("Statement")
    statements = statements if isinstance(statements, list) else [statements]
    if statements in ([], [None]):
        raise _malformed("a policy needs at least one statement: give `Statement`")
    variables = version == VERSIONS[0]  # IAM User Guide, "Version": in the older language ${…} is plain text
    found = tuple(_statement(n, s, kind, text, variables=variables) for n, s in enumerate(statements, 1))
    sids = [s.sid for s in found if s.sid]
    if kind != "key policy" and len(sids) > len(set(sids)):
        raise _malformed("Statement IDs (SID) in a single policy must be unique.")  # IAM's words
    return Document(kind, name or kind, text, found)


def _statement(number: int, statement: Any, kind: Kind, source: str, *, variables: bool) -> Statement:
    if not isinstance(statement, dict):
        raise _malformed(f"statement {number} is not an object: write it in braces")
    _known(statement, STATEMENT_KEYS, f"statement {number}")
    if kind == "trust policy":  # it stands on a role, and names no resource
        statement = {"Resource": EVERYONE, **statement}
    for plain, negated in PAIRS:
        if plain in statement and negated in statement:
            raise _malformed(f"statement {number} has both `{plain}` and `{negated}`: keep one")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed(f"statement {number} needs an `Effect`: Allow or Deny")
    allow = statement["Effect"] == "Allow"
    sid = statement.get("Sid", "")
    if not isinstance(sid, str):
        raise _malformed(f"`Sid` of statement {number} is not a string")
    who, negated_who = _principal_element(statement, kind, number)
    if kind == "resource control policy" and (allow or who != (EVERYONE,) or negated_who or "NotAction" in statement):
        raise _malformed(
            f'statement {number} of an RCP denies actions to everyone: write "Effect": "Deny", "Principal": "*"'
        )
    # KMS Developer Guide, "Key policies": a statement without Action or Resource is taken, and has no effect
    action, resource = (_list(statement, pair, number, kind, variables=variables) for pair in PAIRS[1:])
    conditions = _conditions(statement.get("Condition", {}), number, kind, variables=variables)
    return Statement(number, sid, allow, who, negated_who, action, resource, conditions, line_of(source, number, ()))


def _principal_element(statement: dict[str, Any], kind: Kind, number: int) -> tuple[tuple[str, ...] | None, bool]:
    element = next((name for name in PAIRS[0] if name in statement), "")
    if kind not in NAMES_PRINCIPALS:
        if element:
            raise _malformed(
                f"statement {number} has a `{element}`: such a policy is about whom it is attached to, leave it out"
            )
        return None, False
    if not element:
        raise _malformed(f"statement {number} names no `Principal`: each statement of a {kind} says whom it is about")
    return _principals(statement[element], element, number), element == "NotPrincipal"


def _service(name: str) -> str:
    if not SERVICE.fullmatch(name):
        raise _malformed(f"`{name}` is no service: write one such as s3.amazonaws.com")
    return name


def _aws(name: str) -> str:
    """A principal as its ARN, an account always as its `:root` ARN; `*` is everyone."""
    form = NAMED.fullmatch(name)
    if form is None and name != EVERYONE:
        raise _malformed("Policy contains a statement with one or more invalid principals.")  # AWS's words
    return account_arn(name) if form and form["account"] else name


def _federated(name: str) -> str:
    """An identity provider: whom sts:AssumeRoleWith… admits, never who calls KMS. Taken; it matches nobody."""
    return f"federated:{name}"


PRINCIPAL_TYPES: dict[str, Callable[[str], str]] = {"AWS": _aws, "Service": _service, "Federated": _federated}


def _principals(principal: Any, element: str, number: int) -> tuple[str, ...]:
    if principal == EVERYONE:
        return (EVERYONE,)
    if not isinstance(principal, dict) or not principal:
        raise _malformed(f'the `{element}` of statement {number} is "*" or an object such as {{"AWS": "arn:…"}}')
    found: list[str] = []
    for type_, value in principal.items():
        if type_ not in PRINCIPAL_TYPES:  # CanonicalUser among them: a name that only S3 gives and understands
            raise _malformed(
                f"KMS knows no principals of type `{type_}` (statement {number}): use {', '.join(PRINCIPAL_TYPES)}"
            )
        found += [PRINCIPAL_TYPES[type_](name) for name in _strings(value, f"`{element}` of statement {number}")]
    return tuple(found)


def people(document: Document) -> set[str]:
    """The users, roles and sessions that a key policy names, as ARNs: AWS refuses one that does not exist."""
    return {
        p for s in document.statements for p in s.principals or () if p.startswith("arn:") and not p.endswith(":root")
    }


def _list(statement: dict[str, Any], pair: tuple[str, str], number: int, kind: Kind, *, variables: bool) -> Patterns:
    element = next((name for name in pair if name in statement), pair[0])
    if element not in statement and kind != "key policy":
        raise _malformed(f"Policy statement must contain {pair[0].lower()}s.")  # IAM's words
    values = _strings(statement.get(element, []), f"`{element}` of statement {number}")
    is_action = pair[0] == "Action"
    for value in values:
        if is_action and value != EVERYONE and ":" not in value:
            raise _malformed(f"the action `{value}` names no service: write kms:{value}")
        if not is_action and value != EVERYONE and not value.startswith(("arn:", "*", "?")):
            if kind == "key policy":
                raise InvalidArnException("An ARN in the specified key policy is invalid.")  # AWS's words
            raise _malformed(
                f"`{value}` in statement {number} is no ARN: write one such as arn:aws:kms:*:*:key/*, or *"
            )
    what, variables = f"`{element}` of statement {number}", variables and not is_action
    texts = tuple(_text(value, what, variables=variables, unheard=UNHEARD.get(kind, ())) for value in values)
    return patterns(element, texts, ignores_case=is_action)


def _conditions(block: Any, number: int, kind: Kind, *, variables: bool) -> tuple[Condition, ...]:
    if not isinstance(block, dict) or not all(isinstance(keys, dict) for keys in block.values()):
        raise _malformed(
            f'the `Condition` of statement {number} is an object such as {{"Bool": {{"kms:MultiRegion": "true"}}}}'
        )
    found: list[Condition] = []
    for operator, keys in block.items():
        for key, value in keys.items():
            if kind == "key policy" and operator.startswith("ForAllValues:") and key.lower().startswith(SINGLE_VALUED):
                raise _malformed(OVERLY_PERMISSIVE)
            values = _strings(value, f"`{key}` in statement {number}", scalars=True)
            try:
                unheard = UNHEARD.get(kind, ())
                found.append(condition(operator, key, values, variables=variables, unheard=unheard))
            except ValueError as error:
                raise _malformed(f"statement {number}: {error}") from None
    return tuple(found)


def _text(value: str, what: str, *, variables: bool, unheard: tuple[str, ...]) -> Text:
    try:
        return text(value, variables=variables, unheard=unheard)
    except ValueError as error:
        raise _malformed(f"{what}: {error}") from None


def _strings(value: Any, what: str, *, scalars: bool = False) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if scalars:  # true and 7 may stand without quotes
        values = [json.dumps(v) if isinstance(v, bool | int | float) else v for v in values]
    if not all(isinstance(v, str) for v in values):
        raise _malformed(f"{what} is a string or a list of strings")
    return values


def _known(element: dict[str, Any], keys: set[str], what: str) -> None:
    for key in element:
        if key not in keys:
            raise _malformed(f"{what} has no element `{key}`: the elements are {', '.join(sorted(keys))}")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise _malformed(f"`{key}` stands twice in one object: keep one")
    return dict(pairs)


def _malformed(text: str) -> MalformedPolicyDocumentException:
    return MalformedPolicyDocumentException(text)
