"""How keys are found and saved: by id, ARN, alias or ciphertext, as the caller of one request may name them."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.decision import ELSEWHERE
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
from kms_teach.keys.key import AT_HAND, Alias, Key, LastUsage, Material, MaterialOwner, NumberedMaterial, RelatedKeys
from kms_teach.keys.managed import PREFIX, SERVICES, managed_key
from kms_teach.keys.names import Name, parse, scope_of
from kms_teach.keys.stores import Backend, KeyStore
from kms_teach.operations.request import ApiRequest
from kms_teach.store import R, Store


class KeyRepository(Struct, frozen=True):
    """The keys, for one request. `last_usage` is when the trail last saw a key at work."""

    store: Store
    hsm: Hsm  # makes the material of an AWS managed key
    request: ApiRequest
    last_usage: Callable[[Key], LastUsage | None]
    slow: bool = False  # whether what takes its time at AWS takes it here

    def find(self, key_id: str, *, aliases: bool, newest: bool = False) -> Key:
        """The key that a KeyId parameter names.

        newest: go by what an alias names now, even if others do not know of it yet.
        Raises NotFoundException, InvalidArnException for an alias where `aliases` is false, AccessDeniedException for
        another account's key that is not there.
        """
        name = parse(key_id, self.request.region, self.request.account, aliases=aliases)
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
        """The key whose material a ciphertext names: how Decrypt finds it without being told.

        Raises InvalidCiphertextException, AccessDeniedException.
        """
        parsed = parse_blob(blob)
        if parsed is None:
            raise InvalidCiphertextException
        owner = self.owner(parsed.material_id)
        key = self.store.get(Key, scope_of(owner.account, owner.region), owner.key_id) if owner else None
        if key is None:
            raise AccessDeniedException(
                f"User: {self.request.principal.caller_arn} is not authorized to perform: kms:Decrypt on {ELSEWHERE}"
            )
        return key

    def owner(self, material_id: str) -> MaterialOwner | None:
        """Whose material this is, in the Region of the request."""
        return self.store.get(MaterialOwner, self.request.region, material_id)

    def related(self, key: Key) -> tuple[Key, ...]:
        """The other keys of the same multi-Region key; the primary first, if it is not this one."""
        related = self.store.get(RelatedKeys, key.account, key.id) if key.multi_region else None
        others = (r for r in (related.regions if related else ()) if r != key.region)
        keys = (self.store.get(Key, scope_of(key.account, region), key.id) for region in others)
        return tuple(other for other in keys if other is not None)

    def save(self, key: Key) -> Key:
        return save(self.store, key)

    def with_material(self, key: Key, material: Material) -> Key:
        """The key with one material more, and a note of whose it is, so that a blob which names it finds the key."""
        self.store.put(MaterialOwner(key.region, material.id, key.account, key.id))
        return replace(key, materials=(*key.materials, material))

    def with_fewer_at_hand(self, key: Key) -> Key:
        """The key with its oldest materials put into records of their own, if it has many."""
        older = key.numbered[:-AT_HAND]
        for material in older:
            self.store.put(material)
        on_demand = sum(each.material.cause == "ON_DEMAND" for each in older)
        return replace(
            key, materials=key.materials[len(older) :], earlier=key.earlier + len(older),
            earlier_on_demand=key.earlier_on_demand + on_demand,
        )  # fmt: skip

    def material(self, key: Key, material_id: str) -> NumberedMaterial | None:
        """One of a key's materials, at hand or earlier; None when it has no such material."""
        for number, material in enumerate(key.materials, key.earlier + 1):
            if material.id == material_id:
                return NumberedMaterial(key.arn, number, material)
        earlier = self.store.page(NumberedMaterial, key.arn, parent=material_id) if key.earlier else ()
        return next(iter(earlier), None)

    def materials(self, key: Key, after: int = 0, limit: int = -1) -> list[NumberedMaterial]:
        """A key's materials of a higher number than `after`, oldest first; at most `limit`, or all when it is -1."""
        start = f"{after:09}"
        earlier = self.store.page(NumberedMaterial, key.arn, after=start, limit=limit) if after < key.earlier else []
        at_hand = [each for each in key.numbered if each.number > after]
        found = [*earlier, *at_hand]
        return found if limit < 0 else found[:limit]

    def check_backend(self, key: Key) -> None:
        """Whatever fails between KMS and a custom key store is a KMSInvalidStateException; AWS's words are others."""
        if not key.key_store:
            return
        store = self.store.get(KeyStore, key.scope, key.key_store)
        backend = self.store.get(Backend, store.kind, store.backend) if store else None
        if backend is None or not backend.reachable:
            raise KMSInvalidStateException("KMS cannot reach what stands behind the custom key store of this key")
        if key.xks_key and key.xks_key not in backend.keys:
            raise KMSInvalidStateException("the external key manager does not have the external key of this key")

    def _target(self, alias: Alias, newest: bool) -> str:
        if newest or not self.slow:
            return alias.target
        return as_of(self.request.now - delay("an alias as a name", slow=True), alias.earlier, alias.target)

    def _managed(self, name: Name) -> Alias | None:
        """The alias of an AWS managed key, which comes into being when it is first asked for."""
        service = name.resource.removeprefix(PREFIX)
        if not name.resource.startswith(PREFIX) or service not in SERVICES or name.account != self.request.account:
            return None
        now = self.request.now
        key = managed_key(service, name.account, name.region, now)
        self.save(self.with_material(key, Material(self.hsm.generate(key.spec, key.id), now)))
        alias = Alias(
            account=key.account, region=key.region, name=name.resource, target=key.id, created=now, updated=now
        )
        self.store.put(alias)
        return alias

    def _missing(self, name: Name, words: str) -> KmsError:
        """AWS does not tell another account whether a key exists."""
        if name.account == self.request.account:
            return NotFoundException(words)
        return AccessDeniedException(
            f"User: {self.request.principal.caller_arn} is not authorized to perform this on {ELSEWHERE}"
        )


def save(store: Store, record: R) -> R:
    """Keep a key, or another record that has a calendar, so that the store knows when something falls due for it."""
    store.put(record, due=first_due(record))
    return record
