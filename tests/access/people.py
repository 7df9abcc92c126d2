"""Callers, keys and policies for the tests of access."""

import json
from datetime import UTC, datetime
from typing import Any

from kms_teach.access.decision import Decision, Documents, Request, decide
from kms_teach.access.grants import Grant
from kms_teach.access.policy import read
from kms_teach.access.principals import Principal, root, service
from kms_teach.access.statement import Document, Kind

HOME, AWAY = "111122223333", "444455556666"
KEY = f"arn:aws:kms:us-east-1:{HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ALIAS = f"arn:aws:kms:us-east-1:{HOME}:alias/prod"
ALICE = Principal(account=HOME, kind="user", name="alice", id="AIDAALICE")
BOB = Principal(account=AWAY, kind="user", name="bob", path="/team/", id="AIDABOB")
APP = Principal(account=HOME, kind="role", name="app", session="run", id="AROAAPP")
FED = Principal(account=HOME, kind="federated", name="alice", id="AIDAALICE")
ROOT, S3 = root(HOME), service("s3.amazonaws.com")
ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(kind: Kind, *statements: dict[str, Any], version: str = "2012-10-17", name: str = "") -> Document:
    return read(json.dumps({"Version": version, "Statement": list(statements)}, indent=1), kind, name or kind)


def key_policy(*statements: dict[str, Any], version: str = "2012-10-17") -> Document:
    return document("key policy", *statements, version=version)


def iam(*statements: dict[str, Any], name: str = "mine") -> Document:
    return document("IAM policy", *statements, name=name)


def allow(principal: Any = None, action: Any = "kms:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    found = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return found if principal is None else {**found, "Principal": principal if principal == "*" else {"AWS": principal}}


def deny(principal: Any = None, action: Any = "kms:*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(principal, action, resource, **more), "Effect": "Deny"}


DEFAULT = key_policy(allow(HOME))  # leaves it to the account's IAM policies
ALL = iam(ALLOW_ALL)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
GRANT = Grant(
    id="ab" * 32, key_arn=KEY, issuing_account=HOME, grantee=ALICE.arn, operations=("Decrypt", "Encrypt"),
    created=NOW, effective=NOW, name="g",
)  # fmt: skip


def silent(kind: Kind) -> Document:
    """A policy that speaks of another service."""
    return document(kind, allow("*" if kind == "VPC endpoint policy" else None, "s3:*"))


def request(
    caller: Principal = ALICE, action: str = "Decrypt", resource: str = KEY, owner: str = HOME, **more: Any
) -> Request:
    return Request(caller, f"kms:{action}", resource, owner, **more)


def ask(
    caller: Principal, action: str, documents: Documents, resource: str = KEY, owner: str = HOME, **keys: Any
) -> Decision:
    """Decide; keys: condition keys with `__` for the colon."""
    context = {name.replace("__", ":"): (v,) if isinstance(v, str) else tuple(v) for name, v in keys.items()}
    return decide(request(caller, action, resource, owner, context=context), documents)
