"""AES by its key."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AES:
    key: bytes
