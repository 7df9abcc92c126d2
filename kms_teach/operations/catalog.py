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

from kms_teach.access.decision import ELSEWHERE, Decision, Documents, Request, decide
from kms_teach.access.policy import Document, read
from kms_teach.access.principals import Principal
from kms_teach.errors import (
    AccessDeniedException,
    InvalidCiphertextException,
    InvalidMarkerException,
    KmsError,
    NotFoundException,
)
from kms_teach.hsm.blob import parse as parse_blob
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.calendar import first_due
from kms_teach.keys.key import Alias, Family, Key, Material, MaterialHome, Usage
from kms_teach.keys.names import Name, parse, scope_of
from kms_teach.store import Store
from kms_teach.trail import Used

KINDS = (Key, Alias, MaterialHome, Family, Usage, Principal)  # the records that the store holds


@dataclass(frozen=True, slots=True)
class Role:
    """Which parameter names a key, and the permission needed on it ("" means kms:<operation>).

    blob: the parameter whose ciphertext names the key when `parameter` is absent. aliases: whether an alias may stand
    there. via_alias: the parameter is an alias, and the key is the one it points at. optional: there may be no key.
    """

    parameter: str
    permission: str = ""
    blob: str = ""
    aliases: bool = True
    via_alias: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API. `usage` "" takes any key; `changes` is false for what CloudTrail calls read-only."""

    name: str
    function: Callable[..., Mapping[str, Any] | None]
    on: tuple[Role, ...]
    usage: str
    changes: bool
    across_accounts: bool
    alias: str  # the parameter that names an alias on which the permission is needed too
    symmetric: bool  # only symmetric encryption keys
    own_material: bool  # only keys whose material KMS made
    before: Callable[[Hsm, Mapping[str, Any]], Any] | None  # slow work done before the call has the store to itself
    parameters: Mapping[str, str]  # wire name -> Python name


CATALOG: dict[str, Operation] = {}


@dataclass(slots=True)
class Call:
    """One call as an operation sees it."""

    store: Store
    hsm: Hsm
    now: datetime
    region: str
    principal: Principal
    prepared: Any = None  # what the operation's `before` made
    keys: list[Key] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    used_keys: list[Key] = field(default_factory=list)
    notes: dict[str, Any] = field(
        default_factory=dict
    )  # request parameters as the trail shows them, defaults filled in
    own: list[tuple[Key, str, dict[str, Any]]] = field(default_factory=list)  # events of AWS's own, to be recorded

    @property
    def account(self) -> str:
        return self.principal.account

    @property
    def scope(self) -> str:
        return scope_of(self.account, self.region)

    def find(self, key_id: str, *, aliases: bool) -> Key:
        """The key that a KeyId parameter names. NotFoundException, in AWS's words, when there is none."""
        name = parse(key_id, self.region, self.account, aliases=aliases)
        target = name.key_id
        if name.is_alias:
            alias = self.store.get(Alias, name.scope, name.resource)
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

    def _missing(self, name: Name, words: str) -> KmsError:
        """AWS does not tell another account whether a key exists."""
        if name.account == self.account:
            return NotFoundException(words)
        return AccessDeniedException(
            f"User: {self.principal.caller_arn} is not authorized to perform this on {ELSEWHERE}"
        )

    def save(self, key: Key) -> Key:
        self.store.put(key, due=first_due(key))
        return key

    def with_material(self, key: Key, material: Material) -> Key:
        """The key with one material more, and a note of whose it is, so that a blob which names it finds the key."""
        self.store.put(MaterialHome(key.region, material.id, key.account, key.id))
        return replace(key, materials=(*key.materials, material))

    def uses(self, key: Key, material: Material, role: str) -> Material:
        """Note for the trail that this material works in this call."""
        number = key.number(material.id)
        assert number is not None
        self.used_keys.append(key)
        self.used.append(Used(key.arn, material.id, number, len(key.materials), role))
        return material

    def require(self, action: str, resource: str, owner: str, key_policy: Document | None) -> None:
        """Decide, remember the decision, raise AccessDeniedException when it is no."""
        identity = tuple(read(text, "IAM policy", name) for name, text in self.principal.policies)
        decision = decide(Request(self.principal, action, resource, owner), Documents(key_policy, identity))
        self.decisions.append(decision)
        if not decision.allowed:
            raise AccessDeniedException(decision.message, decision)


def operation(
    *on: Role, usage: str = "", changes: bool = False, across_accounts: bool = False, alias: str = "",
    symmetric: bool = False, own_material: bool = False, before: Callable[[Hsm, Mapping[str, Any]], Any] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """Enter a function into the catalog under its name in CamelCase."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__.title().replace("_", "")
        python_names = list(inspect.signature(function).parameters)[1 + len(on) :]
        parameters = {wire: wire_to for wire_to in python_names for wire in [wire_name(wire_to)]}
        CATALOG[name] = Operation(
            name, function, on, usage, changes, across_accounts, alias, symmetric, own_material, before, parameters
        )
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
