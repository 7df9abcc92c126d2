"""What an operation is given: a request, the keys it may find and save, and what is to be said of it in the trail."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from kms_teach.hsm.boundary import Hsm
from kms_teach.hsm.sealed import SealedKey
from kms_teach.keys.delays import delay
from kms_teach.keys.key import Key, Material
from kms_teach.operations.audit import Audit
from kms_teach.operations.repository import KeyRepository
from kms_teach.operations.request import ApiRequest, Recipient
from kms_teach.store import Store


class Call(Struct, frozen=True):
    """One call as an operation sees it."""

    request: ApiRequest
    keys: KeyRepository
    audit: Audit
    targets: tuple[Key, ...] = ()  # the keys that the request names, in the order of its parameters
    alias: str = ""  # by which it names the last of them that it names so
    recipient: Recipient | None = None  # without one, secrets are given out plain
    prepared: Any = None  # what the operation's `before` made

    @property
    def account(self) -> str:
        return self.request.account

    @property
    def region(self) -> str:
        return self.request.region

    @property
    def scope(self) -> str:
        return self.request.scope

    @property
    def now(self) -> datetime:
        return self.request.now

    @property
    def store(self) -> Store:
        return self.keys.store

    @property
    def hsm(self) -> Hsm:
        return self.keys.hsm

    def takes(self, what: str) -> timedelta:
        """How long a thing of the table of delays takes in this simulator."""
        return delay(what, slow=self.keys.slow)

    def use(self, key: Key, material: Material, role: str) -> SealedKey:
        """The material for the HSM to work with, noted for the trail. KMSInvalidStateException if out of reach."""
        self.keys.check_backend(key)
        numbered = self.keys.material(key, material.id)
        assert numbered is not None
        self.audit.use(key, numbered, role)
        return material.sealed
