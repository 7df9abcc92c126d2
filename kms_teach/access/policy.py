"""Policy documents: read and checked whole when they are put, so that a decision only asks them.

IAM User Guide, "IAM JSON policy element reference"; KMS Developer Guide, "Key policies". What cannot be evaluated is
refused when it is put and never ignored later.
"""

import functools
import json
from collections import Counter
from typing import Any

from kms_teach.access.elements import StatementReader, check_elements, malformed
from kms_teach.access.lines import Path, repeated
from kms_teach.access.principals import UNIQUE_ID
from kms_teach.access.statement import Document, Kind, Statement
from kms_teach.errors import LimitExceededException, MalformedPolicyDocumentException

__all__ = ["DEFAULT_KEY_POLICY", "Document", "Kind", "Statement", "people", "read"]

KEY_POLICY_MAX = 32_768  # bytes; KMS Developer Guide, "Resource quotas"
VERSIONS = ("2012-10-17", "2008-10-17")
DOCUMENT_KEYS = {"Version", "Id", "Statement"}

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
    that is none, MalformedPolicyDocumentException for anything else that is no policy, or could not be evaluated: with
    its `place`, unless it is about the text as a whole.
    """
    if kind == "key policy" and (size := len(text.encode(errors="surrogatepass"))) > KEY_POLICY_MAX:
        raise LimitExceededException(f"the key policy has {size:,} bytes, more than {KEY_POLICY_MAX:,}: shorten it")
    document = _parsed(text)
    check_elements(document, DOCUMENT_KEYS, "a policy", ())
    version = document.get("Version", VERSIONS[1])
    if version not in VERSIONS:
        raise malformed(f"`Version` is the language's, not yours: write {VERSIONS[0]}", ("Version",))
    listed = isinstance(document.get("Statement"), list)
    statements = document["Statement"] if listed else [document.get("Statement")]
    if statements in ([], [None]):
        raise malformed("a policy needs at least one statement: give `Statement`", ("Statement",))
    variables = version == VERSIONS[0]  # IAM User Guide, "Version": in the older language ${…} is plain text
    read_statements = []
    for number, statement in enumerate(statements, 1):
        path: Path = ("Statement", number - 1) if listed else ("Statement",)
        read_statements.append(StatementReader(kind, number, path, variables=variables).statement(statement, text))
    sids = [s.sid for s in read_statements if s.sid]
    if kind != "key policy" and len(sids) > len(set(sids)):
        again = next(n for n, s in enumerate(read_statements) if s.sid in [one.sid for one in read_statements[:n]])
        sid: Path = ("Statement", again, "Sid")
        raise malformed("Statement IDs (SID) in a single policy must be unique.", sid)  # IAM's words
    return Document(kind, name or kind, text, tuple(read_statements))


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
