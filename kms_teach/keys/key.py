"""This is the logical key: what KMS knows of a key besides its material. The material is an `hsm.SealedKey`."""

from dataclasses import dataclass
from datetime import datetime

from kms_teach.hsm.boundary import SealedKey
from kms_teach.keys.names import arn, scope_of


@dataclass(frozen=True, slots=True)
class Material:
    """One backing key: `since` is when it began to encrypt, `cause` what brought it."""

    sealed: SealedKey
    since: datetime
    cause: str = ""  # "" for the first, else AUTOMATIC or ON_DEMAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A KMS key. A frozen record: every change is a `replace(...)` that the store is told of."""

    account: str
    region: str
    id: str
    created: datetime
    policy: str  # the key policy's text, as it was put
    materials: tuple[Material, ...] = ()  # oldest first; the last one encrypts
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    origin: str = "AWS_KMS"
    manager: str = "CUSTOMER"
    description: str = ""
    state: str = "Enabled"
    rotation_period: int | None = None  # days; None while automatic rotation is off
    next_rotation: datetime | None = None
    deletion: datetime | None = None

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
    def current(self) -> Material:
        return self.materials[-1]

    def number(self, material_id: str) -> int | None:
        """Which of its materials this is, counted from 1; None when it has no such material."""
        return next((n for n, m in enumerate(self.materials, 1) if m.sealed.id == material_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A friendly name in one account and Region, for one key at a time."""

    account: str
    region: str
    name: str  # alias/…
    target: str  # key id
    created: datetime
    updated: datetime

    @property
    def arn(self) -> str:
        return arn(self.region, self.account, self.name)

    @property
    def place(self) -> tuple[str, str, str]:
        return scope_of(self.account, self.region), self.name, self.target


@dataclass(frozen=True, slots=True)
class MaterialHome:
    """Which key of a Region a key material id belongs to: how Decrypt finds the key without being told."""

    region: str
    material_id: str
    account: str
    key_id: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.region, self.material_id, self.key_id
