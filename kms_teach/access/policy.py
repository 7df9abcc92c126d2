"""Policy documents: read and checked whole when they are put, so that a decision only asks them.

IAM User Guide, "IAM JSON policy element reference"; KMS Developer Guide, "Key policies". What cannot be evaluated is
refused when it is put and never ignored later.
"""

import json
from collections import Counter
from typing import Any

from kms_teach.access.elements import StatementReader, check_elements, malformed
from kms_teach.access.iam_grammar import DOCUMENT_KEYS, KINDS, VERSIONS, fault
from kms_teach.access.lines import Path, repeated
from kms_teach.access.principals import UNIQUE_ID
from kms_teach.access.refusals import NO_JSON, SID_TWICE, SYNTAX
from kms_teach.access.remembered import remembered
from kms_teach.access.statement import Document, Kind, Statement
from kms_teach.errors import KmsError, LimitExceededException, MalformedPolicyDocumentException

__all__ = ["DEFAULT_KEY_POLICY", "Document", "Kind", "Statement", "people", "read"]

KEY_POLICY_MAX = 32_768  # bytes; KMS Developer Guide, "Resource quotas"

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


def read(text: str, kind: Kind, name: str = "", *, managed: bool = False) -> Document:
    """Read a policy document.

    managed: it is to be a managed policy, of which IAM asks more.
    Raises LimitExceededException for a key policy over 32,768 bytes, InvalidArnException for an ARN of a key policy
    that is none, MalformedPolicyDocumentException for anything else that is no policy, or could not be evaluated: with
    its `place`, unless it is about the text as a whole. What IAM reads is refused in IAM's words, and a `hint` of ours.
    """
    document = _outcome(text, kind, name, managed)
    if isinstance(document, KmsError):
        raise document.with_traceback(None)
    return document


@remembered(1024)
def _outcome(text: str, kind: Kind, name: str, managed: bool) -> Document | KmsError:
    """What reading gives, an error too: one that was sent again and again would be read as often."""
    try:
        return _read(text, kind, name, managed)
    except KmsError as error:
        return error


def _read(text: str, kind: Kind, name: str, managed: bool) -> Document:
    if kind == "key policy" and (size := len(text.encode(errors="surrogatepass"))) > KEY_POLICY_MAX:
        raise LimitExceededException(f"the key policy has {size:,} bytes, more than {KEY_POLICY_MAX:,}: shorten it")
    try:
        document = _parsed(text)
    except MalformedPolicyDocumentException as error:
        raise _in_iam_words(error, NO_JSON.get(kind, SYNTAX)) if kind in KINDS else error from None
    if wrong := fault(document, kind, managed=managed):
        raise malformed(*wrong)
    try:
        return Document(kind, name or kind, text, _statements(document, text, kind))
    except MalformedPolicyDocumentException as error:  # what IAM may take, and a decision could not be made with
        raise _in_iam_words(error, SYNTAX) if kind in KINDS else error from None


def _statements(document: dict[str, Any], text: str, kind: Kind) -> tuple[Statement, ...]:
    check_elements(document, DOCUMENT_KEYS, "a policy", ())
    version = document.get("Version", VERSIONS[1])
    if version not in VERSIONS:
        raise malformed(f"`Version` is the language's, not yours: write {VERSIONS[0]}", ("Version",))
    if not isinstance(document.get("Id", ""), str):
        raise malformed("`Id` is not a string: put it into quotes", ("Id",))
    listed = isinstance(document.get("Statement"), list)
    statements = document["Statement"] if listed else [document.get("Statement")]
    if statements in ([], [None]):
        raise malformed("a policy needs at least one statement: give `Statement`", ("Statement",))
    variables = version == VERSIONS[0]  # IAM User Guide, "Version": in the older language ${…} is plain text
    read_statements = []
    for number, statement in enumerate(statements, 1):
        path: Path = ("Statement", number - 1) if listed else ("Statement",)
        read_statements.append(StatementReader(kind, number, path, variables=variables).statement(statement, text))
    if kind != "key policy" and (again := _again([s.sid for s in read_statements])):
        raise malformed(SID_TWICE, ("Statement", again, "Sid"))
    return tuple(read_statements)


def _again(sids: list[str]) -> int:
    """Where a Sid stands for the second time; 0 when none does."""
    seen: set[str] = set()
    for n, sid in enumerate(sids):
        if sid and sid in seen:
            return n
        seen.add(sid)
    return 0


def _in_iam_words(error: MalformedPolicyDocumentException, words: str) -> MalformedPolicyDocumentException:
    if error.hint:
        return error
    return MalformedPolicyDocumentException(words, place=error.place, hint=error.message or "")


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text, object_pairs_hook=_no_twice)
    except RecursionError:
        raise malformed("the policy is nested too deeply: write it as one object with a list of statements") from None
    except _TwiceError as error:
        says = f"`{error.name}` stands twice in one object: keep one"
        raise MalformedPolicyDocumentException(says, place=repeated(text, error.name)) from None
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise malformed(f"the policy is not valid JSON{where}: {getattr(error, 'msg', error)}") from None
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # no such text can be stored, sent or shown
        raise malformed("a character of the policy is half of a surrogate pair: write the character itself") from None
    if not isinstance(document, dict):
        raise malformed("a policy is a JSON object: begin it with `{` and give `Version` and `Statement`")
    return document


def people(document: Document) -> set[str]:
    """The users, roles and sessions that a key policy names, as ARNs: AWS refuses one that does not exist."""
    names = {p for s in document.statements for p in s.principals or ()}
    return {p for p in names if UNIQUE_ID.fullmatch(p) or (p.startswith("arn:") and not p.endswith(":root"))}


class _TwiceError(ValueError):
    def __init__(self, name: str) -> None:
        self.name = name


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise _TwiceError(next(key for key, times in Counter(keys).items() if times > 1))
    return dict(pairs)
