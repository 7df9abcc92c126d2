"""This is the catalog of operations, and what an operation is given: the call.

An operation is a function `f(call, *keys, **parameters)`: a key for each of its roles, in order, then the parameters by
botocore's snake_case names. What is the same for many (finding the key, deciding, usage, state, the trail) is declared
here and done once, in `service`. One that only changes the state has an empty body: the table did it.
"""

import base64
import binascii
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from botocore import xform_name

from kms_teach.access.accounts import Account, Endpoint
from kms_teach.access.decision import ELSEWHERE, Decision
from kms_teach.access.grants import Grant, Retirable, Terms
from kms_teach.access.principals import Principal
from kms_teach.access.question import Question
from kms_teach.errors import (
    AccessDeniedException,
    InvalidCiphertextException,
    InvalidMarkerException,
    KmsError,
    KMSInvalidStateException,
    NotFoundException,
)
from kms_teach.hsm.blob import parse as parse_blob
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.calendar import first_due
from kms_teach.keys.key import Alias, Family, Key, Material, MaterialHome, Usage
from kms_teach.keys.managed import PREFIX, SERVICES, managed_key
from kms_teach.keys.names import Name, parse, scope_of
from kms_teach.keys.stores import KeyStore, Outside
from kms_teach.operations.permission import ask
from kms_teach.store import Store
from kms_teach.trail import Used

# The records that the store holds.
KINDS = (Key, Alias, MaterialHome, Family, Usage, KeyStore, Outside, Grant, Retirable, Principal, Account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a call comes from, as conditions and the trail see it."""

    source_ip: str = "127.0.0.1"
    user_agent: str = ""
    request_id: str = ""
    endpoint: Endpoint | None = None  # the VPC endpoint it came through
    via_service: str = ""  # s3.us-east-1.amazonaws.com, when a service calls with the caller's credentials
    source_arn: str = ""  # for whom an AWS service calls
    source_account: str = ""


HERE = Origin()


@dataclass(frozen=True, slots=True)
class Role:
    """Which parameter names a key, and the permission needed on it ("" means kms:<operation>).

    blob: the parameter whose ciphertext names the key when `parameter` is absent. algorithm: the parameter that names
    an algorithm, which the key must support (SYMMETRIC_DEFAULT when it is absent). aliases: whether an alias may stand
    there. via_alias: the parameter is an alias, and the key is the one it points at.
    """

    parameter: str
    permission: str = ""
    blob: str = ""
    algorithm: str = ""
    aliases: bool = True
    via_alias: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the API."""

    name: str
    function: Callable[..., Mapping[str, Any] | None]
    on: tuple[Role, ...]
    parameters: Mapping[str, str]  # wire name -> Python name
    usage: str = ""  # the only KeyUsage it takes; "" takes any
    changes: bool = False  # what CloudTrail does not call read-only
    alias: str = ""  # the parameter that names an alias on which the permission is needed too
    symmetric: bool = False  # only symmetric encryption keys
    own_material: bool = False  # only keys whose material KMS made
    imported: bool = False  # only keys whose material is imported
    decides: bool = False  # the function itself asks for the permission
    terms: Callable[[Mapping[str, Any]], Terms] | None = None  # of the grant that it is to make
    before: Callable[[Hsm, Mapping[str, Any]], Any] | None = None  # slow work, done before the store is its own


CATALOG: dict[str, Operation] = {}
Own = tuple[Key, str, dict[str, Any] | None]  # key, event, details
Echo = tuple[Key, str, dict[str, Any], dict[str, Any] | None]  # key, event, parameters, answer


@dataclass(slots=True)
class Call:
    """One call as an operation sees it."""

    store: Store
    hsm: Hsm
    now: datetime
    region: str
    principal: Principal
    params: Mapping[str, Any] = field(default_factory=dict)
    origin: Origin = HERE
    alias: str = ""  # by which the request names a key
    prepared: Any = None  # what the operation's `before` made
    keys: list[Key] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)  # the answers to them
    used: list[Used] = field(default_factory=list)
    used_keys: list[Key] = field(default_factory=list)
    notes: dict[str, Any] = field(
        default_factory=dict
    )  # request parameters as the trail shows them, defaults filled in
    event_data: dict[str, Any] = field(default_factory=dict)  # additionalEventData of the event
    own: list[Own] = field(default_factory=list)  # events of AWS's own, to be recorded
    echoes: list[Echo] = field(default_factory=list)  # what the trail of another Region shows of this call
    last_usage: Callable[[Key], Usage | None] = lambda _: None  # when the trail last saw a key at work
    slow: bool = False  # whether keys are Creating and Updating for some seconds

    @property
    def account(self) -> str:
        return self.principal.account

    @property
    def scope(self) -> str:
        return scope_of(self.account, self.region)

    def find(self, key_id: str, *, aliases: bool) -> Key:
        """The key that a KeyId parameter names. NotFoundException, in AWS's words, when there is none."""
        name = parse(key_id, self.region, self.account, aliases=aliases)
        self.alias = name.resource if name.is_alias else self.alias
        target = name.key_id
        if name.is_alias:
            alias = self.store.get(Alias, name.scope, name.resource) or self._managed(name)
            if alias is None:
                raise self._missing(name, f"Alias {name.arn} is not found.")
            target = alias.target
        key = self.store.get(Key, name.scope, target)
        if key is None:
            raise self._missing(name, f"Key '{name.arn}' does not exist")
        return key

    def find_by_blob(self, blob: bytes) -> Key:
        """The key whose material a ciphertext names: how Decrypt finds it without being told."""
        parsed = parse_blob(blob)
        if parsed is None:
            raise InvalidCiphertextException
        home = self.store.get(MaterialHome, self.region, parsed.material_id)
        key = self.store.get(Key, scope_of(home.account, home.region), home.key_id) if home else None
        if key is None:
            raise AccessDeniedException(
                f"User: {self.principal.caller_arn} is not authorized to perform: kms:Decrypt on {ELSEWHERE}"
            )
        return key

    def _managed(self, name: Name) -> Alias | None:
        """The alias of an AWS managed key, which comes into being when it is first asked for."""
        service = name.resource.removeprefix(PREFIX)
        if not name.resource.startswith(PREFIX) or service not in SERVICES or name.account != self.account:
            return None
        key = managed_key(service, name.account, name.region, self.now)
        self.save(self.with_material(key, Material(self.hsm.generate(key.spec, key.id), self.now)))
        alias = Alias(
            account=key.account,
            region=key.region,
            name=name.resource,
            target=key.id,
            created=self.now,
            updated=self.now,
        )
        self.store.put(alias)
        return alias

    def _missing(self, name: Name, words: str) -> KmsError:
        """AWS does not tell another account whether a key exists."""
        if name.account == self.account:
            return NotFoundException(words)
        return AccessDeniedException(
            f"User: {self.principal.caller_arn} is not authorized to perform this on {ELSEWHERE}"
        )

    def related(self, key: Key) -> tuple[Key, ...]:
        """The other keys of the same multi-Region key; the primary first, if it is not this one."""
        family = self.store.get(Family, key.account, key.id) if key.multi_region else None
        others = (r for r in (family.regions if family else ()) if r != key.region)
        found = (self.store.get(Key, scope_of(key.account, region), key.id) for region in others)
        return tuple(other for other in found if other is not None)

    def save(self, key: Key) -> Key:
        self.store.put(key, due=first_due(key))
        return key

    def with_material(self, key: Key, material: Material) -> Key:
        """The key with one material more, and a note of whose it is, so that a blob which names it finds the key."""
        self.store.put(MaterialHome(key.region, material.id, key.account, key.id))
        return replace(key, materials=(*key.materials, material))

    def uses(self, key: Key, material: Material, role: str) -> Material:
        """Note for the trail that this material works in this call."""
        if key.key_store:
            self._reach(key)
        number = key.number(material.id)
        assert number is not None
        self.used_keys.append(key)
        self.used.append(Used(key.arn, material.id, number, len(key.materials), role))
        return material

    def _reach(self, key: Key) -> None:
        """Whatever fails between KMS and a custom key store is a KMSInvalidStateException; AWS's words are others."""
        store = self.store.get(KeyStore, key.scope, key.key_store)
        outside = self.store.get(Outside, store.kind, store.outside) if store else None
        if outside is None or not outside.reachable:
            raise KMSInvalidStateException("KMS cannot reach what stands behind the custom key store of this key")
        if key.xks_key and key.xks_key not in outside.keys:
            raise KMSInvalidStateException("the external key manager does not have the external key of this key")

    def require(
        self, action: str, resource: str, key: Key | None = None, *, grant: Grant | None = None,
        terms: Terms | None = None,
    ) -> None:  # fmt: skip
        """Decide, remember the decision, raise AccessDeniedException when it is no."""
        question = ask(self, action, resource, key, grant=grant, terms=terms)
        decision = question.decision
        self.questions.append(question)
        self.decisions.append(decision)
        if not decision.allowed:
            raise AccessDeniedException(decision.message, decision)


def operation(*on: Role, **rules: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function into the catalog under its name in CamelCase. rules: the fields of `Operation` that it sets."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__.title().replace("_", "")
        own = list(inspect.signature(function).parameters)[1 + len(on) :]
        parameters = {wire_name(python_name): python_name for python_name in own}
        CATALOG[name] = Operation(name=name, function=function, on=on, parameters=parameters, **rules)
        return function

    return enter


def wire_name(python_name: str) -> str:
    """`key_id` -> `KeyId`."""
    name = python_name.title().replace("_", "")
    assert xform_name(name) == python_name, python_name
    return name


def page(records: list[Any], limit: int) -> tuple[list[Any], dict[str, Any]]:
    """Cut a list that was read one longer than `limit`; gives it with Truncated and NextMarker."""
    if len(records) <= limit:
        return records, {"Truncated": False}
    shown = records[:limit]
    return shown, {"Truncated": True, "NextMarker": base64.urlsafe_b64encode(shown[-1].place[1].encode()).decode()}


def cut(entries: Sequence[Any], limit: int, marker: str | None) -> tuple[Sequence[Any], dict[str, Any]]:
    """The page of a short list that begins where `marker` says, with Truncated and NextMarker."""
    start = int(marker) if marker and marker.isascii() and marker.isdigit() and len(marker) < 10 else 0
    if (marker and str(start) != marker) or start > len(entries):
        raise InvalidMarkerException
    stop = start + limit
    more = {"Truncated": True, "NextMarker": str(stop)} if stop < len(entries) else {"Truncated": False}
    return entries[start:stop], more


def marked(marker: str | None) -> str:
    """The name after which the next page begins. InvalidMarkerException for a marker that is not ours."""
    try:
        return base64.b64decode(marker or "", b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidMarkerException from None
