"""This is how policy documents are read: checked whole when they are put, then asked by `decision.decide`.

What cannot be evaluated is refused when it is put and never ignored later. Not evaluated yet, and refused in so many
words: Condition, NotPrincipal, NotAction, NotResource.
"""

import fnmatch
import functools
import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from kms_teach.errors import LimitExceededException, MalformedPolicyDocumentException

KEY_POLICY_MAX = 32_768  # bytes; KMS Developer Guide, "Resource quotas"
VERSIONS = ("2012-10-17", "2008-10-17")
NOT_YET = ("Condition", "NotPrincipal", "NotAction", "NotResource")
DOCUMENT_KEYS = {"Version", "Id", "Statement"}
STATEMENT_KEYS = {"Sid", "Effect", "Principal", "Action", "Resource", *NOT_YET}
PRINCIPAL_TYPES = ("AWS", "Service")

# The account as a whole (a bare number means the same), a user, a role, a role's session.
PRINCIPAL = re.compile(
    r"(?P<account>[0-9]{12})"
    r"|arn:aws:iam::(?P<whole>[0-9]{12}):root"
    r"|arn:aws:iam::[0-9]{12}:(user|role)/[\w+=,.@/-]+"
    r"|arn:aws:sts::[0-9]{12}:assumed-role/[\w+=,.@-]+/[\w+=,.@-]+",
    re.ASCII,
)

Kind = Literal["key policy", "IAM policy"]

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


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `number` counts from 1; `principals` is empty in an IAM policy."""

    number: int
    sid: str
    allow: bool
    principals: tuple[str, ...]
    actions: tuple[re.Pattern[str], ...]
    resources: tuple[re.Pattern[str], ...]

    @property
    def label(self) -> str:
        return f"statement {self.number}" + (f" “{self.sid}”" if self.sid else "")

    def covers(self, action: str, resource: str) -> bool:
        """Whether it speaks of this action on this resource. Actions match in any case, ARNs do not."""
        return any(a.fullmatch(action) for a in self.actions) and any(r.fullmatch(resource) for r in self.resources)

    def names(self, *principals: str) -> bool:
        return any(p in self.principals for p in principals)


@dataclass(frozen=True, slots=True)
class Document:
    """A policy that was read. `name` is what a person calls it."""

    kind: Kind
    name: str
    text: str
    statements: tuple[Statement, ...]


@functools.lru_cache(maxsize=1024)
def read(text: str, kind: Kind, name: str = "") -> Document:
    """Read a policy document.

    Raises LimitExceededException for a key policy over 32,768 bytes, MalformedPolicyDocumentException for anything
    that is no policy, or that could not be evaluated.
    """
    if kind == "key policy" and len(text.encode()) > KEY_POLICY_MAX:
        raise LimitExceededException(f"the key policy has {len(text.encode()):,} bytes, more than {KEY_POLICY_MAX:,}: shorten it")
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
    if document.get("Version", VERSIONS[1]) not in VERSIONS:
        raise _malformed(f"`Version` is the language's, not yours: write {VERSIONS[0]}")
    statements = document.get("Statement")
    statements = statements if isinstance(statements, list) else [statements]
    if statements in ([], [None]):
        raise _malformed("a policy needs at least one statement: give `Statement`")
    return Document(kind, name or kind, text, tuple(_statement(n, s, kind) for n, s in enumerate(statements, 1)))


def _statement(number: int, statement: Any, kind: Kind) -> Statement:
    if not isinstance(statement, dict):
        raise _malformed(f"statement {number} is not an object: write it in braces")
    _known(statement, STATEMENT_KEYS, f"statement {number}")
    for element in NOT_YET:
        if element in statement:
            raise _malformed(f"this simulator does not evaluate `{element}` yet, so it does not take statement {number}: write it without")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed(f"statement {number} needs an `Effect`: Allow or Deny")
    if kind == "key policy" and "Principal" not in statement:
        raise _malformed(f"statement {number} names no `Principal`: each statement of a key policy says whom it is about")
    if kind == "IAM policy" and "Principal" in statement:
        raise _malformed(f"statement {number} has a `Principal`: an IAM policy is about the one it is attached to, leave it out")
    sid = statement.get("Sid", "")
    if not isinstance(sid, str):
        raise _malformed(f"`Sid` of statement {number} is not a string")
    # KMS Developer Guide, "Key policies": a statement without Action or Resource is taken, and has no effect
    actions, resources = (_strings(statement.get(e, []), f"`{e}` of statement {number}") for e in ("Action", "Resource"))
    for action in actions:
        if action != "*" and ":" not in action:
            raise _malformed(f"the action `{action}` names no service: write kms:{action}")
    principals = _principals(statement["Principal"], number) if kind == "key policy" else ()
    return Statement(
        number, sid, statement["Effect"] == "Allow", principals,
        tuple(_glob(a, re.IGNORECASE) for a in actions), tuple(_glob(r, re.NOFLAG) for r in resources),
    )  # fmt: skip


def _principals(principal: Any, number: int) -> tuple[str, ...]:
    """Principals as ARNs, an account always as its `:root` ARN; `*` is everyone."""
    if principal == "*":
        return ("*",)
    if not isinstance(principal, dict) or not principal:
        raise _malformed(f'the `Principal` of statement {number} is "*" or an object such as {{"AWS": "arn:…"}}')
    found: list[str] = []
    for type_, value in principal.items():
        if type_ not in PRINCIPAL_TYPES:
            raise _malformed(f"this simulator does not evaluate principals of type `{type_}` yet: use {' or '.join(PRINCIPAL_TYPES)}")
        for name in _strings(value, f"`Principal` of statement {number}"):
            if type_ == "AWS" and name != "*":
                form = PRINCIPAL.fullmatch(name)
                if form is None:
                    raise _malformed("Policy contains a statement with one or more invalid principals.")  # AWS's words
                name = f"arn:aws:iam::{form['account']}:root" if form["account"] else name
            found.append(name)
    return tuple(found)


def people(document: Document) -> set[str]:
    """The users, roles and sessions that a key policy names, as ARNs: AWS refuses one that does not exist."""
    return {p for s in document.statements for p in s.principals if p.startswith("arn:") and not p.endswith(":root")}


def _strings(value: Any, what: str) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(v, str) for v in values):
        raise _malformed(f"{what} is a string or a list of strings")
    return values


@functools.lru_cache(maxsize=4096)
def _glob(pattern: str, flags: re.RegexFlag) -> re.Pattern[str]:
    """IAM's wildcards: * any characters, ? one. Brackets are not wildcards there, as they are for fnmatch."""
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")), flags)


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
