"""This is what an operation is given: one call, with its store, its keys and what is to be recorded of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kms_teach.access.accounts import Account, Endpoint
from kms_teach.access.authorization import Authorization
from kms_teach.access.decision import ELSEWHERE, Decision
from kms_teach.access.grants import Grant, Retirable, Terms
from kms_teach.access.principals import Principal
from kms_teach.errors import (
    AccessDeniedException,
    InvalidCiphertextException,
    KmsError,
    KMSInvalidStateException,
    NotFoundException,
)
from kms_teach.hsm.blob import parse as parse_blob
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.calendar import first_due
from kms_teach.keys.delays import as_of, delay
from kms_teach.keys.key import Alias, Family, Key, Material, MaterialHome, Usage
from kms_teach.keys.managed import PREFIX, SERVICES, managed_key
from kms_teach.keys.names import Name, parse, scope_of
from kms_teach.keys.stores import KeyStore, Outside
from kms_teach.operations.permission import ask
from kms_teach.store import R, Store
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
    recipient: bytes = b""  # the public key that secrets are sealed to, as DER; without one they are given out plain
    attested: Mapping[str, str] = field(default_factory=dict)  # what its attestation document proves, for conditions
    prepared: Any = None  # what the operation's `before` made
    keys: list[Key] = field(default_factory=list)
    questions: list[Authorization] = field(default_factory=list)
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
    slow: bool = False  # whether what takes its time at AWS takes it here

    @property
    def account(self) -> str:
        return self.principal.account

    @property
    def scope(self) -> str:
        return scope_of(self.account, self.region)

    def takes(self, what: str) -> timedelta:
        """How long a thing of the table of delays takes in this simulator."""
        return delay(what, slow=self.slow)

    def find(self, key_id: str, *, aliases: bool, newest: bool = False) -> Key:
        """The key that a KeyId parameter names. NotFoundException, in AWS's words, when there is none.

        newest: go by what an alias names now, even if others do not know of it yet.
        """
        name = parse(key_id, self.region, self.account, aliases=aliases)
        self.alias = name.resource if name.is_alias else self.alias
        target = name.key_id
        if name.is_alias:
            alias = self.store.get(Alias, name.scope, name.resource) or self._managed(name)
            target = self._target(alias, newest) if alias else ""
            if not target:
                raise self._missing(name, f"Alias {name.arn} is not found.")
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

    def _target(self, alias: Alias, newest: bool) -> str:
        if newest or not self.slow:
            return alias.target
        return as_of(self.now - self.takes("an alias as a name"), alias.earlier, alias.target)

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

    def save(self, record: R) -> R:
        """Keep a key, or another record that has a calendar."""
        self.store.put(record, due=first_due(record))
        return record

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
