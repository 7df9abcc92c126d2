"""The modes, by where they begin."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CBC:
    initialization_vector: bytes


@dataclass(frozen=True)
class CTR:
    nonce: bytes
