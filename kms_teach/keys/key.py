"""The logical key: what KMS knows of a key besides its material. The material is an `hsm.sealed.SealedKey`."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.hsm.sealed import SealedKey
from kms_teach.keys.delays import Earlier
from kms_teach.keys.names import arn, scope_of

Tags = tuple[tuple[str, str], ...]
AT_HAND = 32  # materials that the record of a key holds itself, the newest


class Material(Struct, frozen=True):
    """One backing key: `since` is when it began to encrypt, `cause` what brought it.

    The last fields are of imported material: when it expires (None: never), what its importer called it, and whether it
    waits for the rotation that makes it the current one. Material that was deleted or has expired keeps its id
    (`sealed.sealed` is empty then), so that the same bytes can come back.
    """

    sealed: SealedKey
    since: datetime
    cause: str = ""  # "" for the first, else AUTOMATIC or ON_DEMAND
    valid_to: datetime | None = None
    description: str = ""
    pending: str = ""  # "", PENDING_ROTATION or PENDING_MULTI_REGION_IMPORT_AND_ROTATION

    @property
    def id(self) -> str:
        return self.sealed.id

    @property
    def present(self) -> bool:
        return bool(self.sealed.sealed)

    @property
    def emptied(self) -> "Material":
        """What is known of it when it is not there: not its bytes, nor when they expire."""
        return replace(self, sealed=replace(self.sealed, sealed=b""), valid_to=None)


class Key(Struct, frozen=True, kw_only=True):
    """A KMS key. A frozen record: every change is a `replace(...)` that the store is told of."""

    account: str
    region: str
    id: str
    created: datetime
    policy: str  # the key policy's text, as it was put
    materials: tuple[Material, ...] = ()  # oldest first; the last one that is not pending encrypts
    earlier: int = 0  # materials before those, each in a record of its own
    earlier_on_demand: int = 0  # of them, those that a rotation on demand brought
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    origin: str = "AWS_KMS"
    manager: str = "CUSTOMER"
    description: str = ""
    state: str = "Enabled"
    tags: Tags = ()
    earlier_tags: Earlier[Tags] = ()  # which policies may still go by
    primary_region: str = ""  # of a multi-Region key; "" for a single-Region key
    rotation_period: int | None = None  # days; None while automatic rotation is off
    next_rotation: datetime | None = None
    on_demand_since: datetime | None = None  # when a rotation on demand began that is still in progress
    deletion: datetime | None = None
    deletion_window: int | None = None  # days, of a primary key that waits for its replicas to be gone
    ready: datetime | None = None  # when a Creating or Updating key becomes what it was or is to be:
    next_state: str = ""  # the state it is in then
    key_store: str = ""  # id of the custom key store that holds the material
    xks_key: str = ""  # id of the key in an external key store

    @property
    def arn(self) -> str:
        return arn(self.region, self.account, f"key/{self.id}")

    @property
    def scope(self) -> str:
        return scope_of(self.account, self.region)

    @property
    def place(self) -> tuple[str, str, str]:
        return self.scope, self.id, ""

    @property
    def multi_region(self) -> bool:
        return bool(self.primary_region)

    @property
    def is_replica(self) -> bool:
        return self.multi_region and self.region != self.primary_region

    @property
    def established(self) -> tuple[Material, ...]:
        """The materials that encrypt or once did: all but those that wait for their rotation."""
        return tuple(m for m in self.materials if not m.pending)

    @property
    def current(self) -> Material:
        """The material that encrypts. IndexError for a key whose first material is still to be imported."""
        newest = self.materials[-1]
        return self.established[-1] if newest.pending else newest

    @property
    def complete(self) -> bool:
        """Whether no material is still to be imported."""
        return self.origin != "EXTERNAL" or (bool(self.established) and all(m.present for m in self.established))

    def with_changed(self, material: Material) -> "Key":
        """The key with this in the place of its material of the same id."""
        return replace(self, materials=tuple(material if m.id == material.id else m for m in self.materials))

    @property
    def numbered(self) -> tuple["NumberedMaterial", ...]:
        """The materials at hand, with their numbers."""
        return tuple(NumberedMaterial(self.arn, n, m) for n, m in enumerate(self.materials, self.earlier + 1))

    @property
    def material_count(self) -> int:
        return self.earlier + len(self.materials)

    def material(self, material_id: str) -> Material | None:
        """One of the materials at hand: all, of a key whose material was imported."""
        return next((m for m in self.materials if m.id == material_id), None)


class NumberedMaterial(Struct, frozen=True):
    """Material, and which of its key's it is, counted from 1.

    Stored, it is one of the earlier materials: were all in the record of the key, each rotation would write all anew.
    """

    key_arn: str
    number: int
    material: Material

    @property
    def place(self) -> tuple[str, str, str]:
        return self.key_arn, f"{self.number:09}", self.material.id


class RelatedKeys(Struct, frozen=True):
    """The Regions of a multi-Region key: the primary first."""

    account: str
    key_id: str
    regions: tuple[str, ...]

    @property
    def place(self) -> tuple[str, str, str]:
        return self.account, self.key_id, ""


class LastUsage(Struct, frozen=True):
    """The last successful cryptographic use of a key, as GetKeyLastUsage tells it."""

    scope: str
    key_id: str
    operation: str
    at: datetime
    event_id: str
    request_id: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.scope, self.key_id, ""


class Alias(Struct, frozen=True, kw_only=True):
    """A friendly name in one account and Region, for one key at a time."""

    account: str
    region: str
    name: str  # alias/…
    target: str  # key id; "" once it is deleted, while some still know what it named
    created: datetime
    updated: datetime
    earlier: Earlier[str] = ()  # what it named before

    @property
    def arn(self) -> str:
        return arn(self.region, self.account, self.name)

    @property
    def place(self) -> tuple[str, str, str]:
        return scope_of(self.account, self.region), self.name, self.target


class MaterialOwner(Struct, frozen=True):
    """Which key of a Region a key material id belongs to: how Decrypt finds the key without being told."""

    region: str
    material_id: str
    account: str
    key_id: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.region, self.material_id, self.key_id
