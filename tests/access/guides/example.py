"""A worked example of an AWS guide: its policies as we rebuilt them, and what the guide says of requests.

Nothing of a guide's text is here: the account numbers, names and ARNs are the guide's, the documents have its logic. An
example about another service keeps that service's actions where an IAM policy decides alone; where a bucket's policy
decides, a KMS key stands for the bucket (`note` says so).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from kms_teach.access.condition_keys import Facts, KeyFacts
from kms_teach.access.context import about_caller, context
from kms_teach.access.decision import Documents, Request, decide
from kms_teach.access.grants import Grant, Terms
from kms_teach.access.policy import read
from kms_teach.access.principals import Principal
from kms_teach.access.statement import Document, Kind
from tests.access.people import allow

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
ALLOWED, DENIED, SILENT = "allowed", "explicitly denied", "implicitly denied"
DELEGATING = allow(f"arn:aws:iam::{ACCOUNT}:root")  # what the guides' IAM policies for KMS presuppose
SYMMETRIC = KeyFacts(account=ACCOUNT)

Statements = dict[str, Any] | tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request and the guide's verdict. facts: parameters by wire name, else fields of `Facts`."""

    verdict: str
    caller: Principal
    action: str
    resource: str = ""
    key: KeyFacts | None = None
    keys: Mapping[str, Any] = field(default_factory=dict)  # condition keys of other services
    tokens: frozenset[str] = frozenset()
    without: tuple[str, ...] = ()  # kinds of document that are not there this time
    facts: Mapping[str, Any] = field(default_factory=dict)


def asks(verdict: str) -> Any:
    def ask(caller: Principal, action: str, resource: str = "", /, **given: Any) -> Ask:
        own = {name: given.pop(name) for name in ("key", "keys", "tokens", "without") if name in given}
        name = action if ":" in action else f"kms:{action}"
        return Ask(verdict=verdict, caller=caller, action=name, resource=resource, facts=given, **own)

    return ask


allowed, denied, silent = asks(ALLOWED), asks(DENIED), asks(SILENT)


@dataclass(frozen=True, kw_only=True)
class Example:
    """One example. `page` is the page's file name; each of `asks` is what the guide says, or follows from it at once."""

    page: str
    title: str
    asks: tuple[Ask, ...]
    key_policy: Statements = field(default_factory=lambda: DELEGATING)
    identity: Statements = ()
    boundary: Statements = ()
    session: Statements = ()
    scps: tuple[Statements, ...] = ()
    rcps: Statements = ()
    endpoint: Statements = ()
    grants: tuple[Grant, ...] = ()
    key: KeyFacts = SYMMETRIC
    version: str = "2012-10-17"
    note: str = ""  # where it was rebuilt otherwise, or where the guide is loose

    def documents(self, ask: Ask, *, on_key: bool) -> Documents:
        found = Documents(
            self._one("key policy", self.key_policy) if on_key else None,
            self._all("IAM policy", self.identity),
            self._one("permissions boundary", self.boundary),
            self._all("session policy", self.session),
            tuple(self._all("service control policy", level) for level in self.scps),
            self._all("resource control policy", self.rcps) if on_key else (),
            self._one("VPC endpoint policy", self.endpoint),
            self.grants if on_key else (),
        )
        nothing = Documents(None)
        return replace(found, **{name: getattr(nothing, name) for name in ask.without})

    def _one(self, kind: Kind, statements: Statements) -> Document | None:
        return next(iter(self._all(kind, statements)), None)

    def _all(self, kind: Kind, statements: Statements) -> tuple[Document, ...]:
        if not statements:
            return ()
        return (read(json.dumps({"Version": self.version, "Statement": statements}, indent=1), kind, kind),)


def verdict(example: Example, ask: Ask) -> str:
    """What the engine says, in the guide's three words."""
    decision = decide(*asked(example, ask))
    denies = decision.decisive.question == "Does anything say Deny?"
    return ALLOWED if decision.allowed else DENIED if denies else SILENT


def asked(example: Example, ask: Ask) -> tuple[Request, Documents]:
    kms = ask.action.startswith("kms:")
    resource = ask.resource or (KEY if kms else "*")
    on_key = ":key/" in resource
    documents = example.documents(ask, on_key=on_key)
    owner = resource.split(":")[4] if on_key else ask.caller.account
    facts = _facts(example, ask, resource) if kms else None
    own = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in ask.keys.items()}
    keys = {**(context(facts) if facts else about_caller(ask.caller)), **own}
    now = ask.facts.get("now")
    return Request(ask.caller, ask.action, resource, owner, keys, now, ask.tokens, _terms(ask)), documents


def _facts(example: Example, ask: Ask, resource: str) -> Facts:
    on_key = ":key/" in resource
    key = (ask.key or replace(example.key, account=resource.split(":")[4])) if on_key else None
    params = {name: value for name, value in ask.facts.items() if name[0].isupper()}
    region = {"region": resource.split(":")[3]} if resource != "*" else {}
    rest = {name: value for name, value in ask.facts.items() if not name[0].isupper()}
    return Facts(action=ask.action.removeprefix("kms:"), caller=ask.caller, key=key, params=params, **(region | rest))


def _terms(ask: Ask) -> Terms | None:
    if ask.action != "kms:CreateGrant" or "Operations" not in ask.facts:
        return None
    limits = ask.facts.get("Constraints", {})
    equals, subset = (
        tuple(sorted(limits.get(name, {}).items())) for name in ("EncryptionContextEquals", "EncryptionContextSubset")
    )
    return Terms(operations=tuple(ask.facts["Operations"]), equals=equals, subset=subset)


def user(name: str, account: str = ACCOUNT, **more: Any) -> Principal:
    return Principal(account=account, kind="user", name=name, id="AIDAEXAMPLE", **more)


def role(name: str, account: str = ACCOUNT, session: str = "session", **more: Any) -> Principal:
    return Principal(account=account, kind="role", name=name, session=session, id="AROAEXAMPLE", **more)
