"""Derivation of keys from a key: NIST SP 800-108 in counter mode, the counter first, over HMAC."""

import hmac
from types import SimpleNamespace
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import HashAlgorithm

Mode = SimpleNamespace(CounterMode="counter")
CounterLocation = SimpleNamespace(BeforeFixed="before")


class KBKDFHMAC:
    def __init__(
        self, algorithm: HashAlgorithm, mode: str, length: int, rlen: int, llen: int, location: str,
        label: bytes, context: bytes, fixed: Any,
    ) -> None:  # fmt: skip
        if (mode, location, fixed) != (Mode.CounterMode, CounterLocation.BeforeFixed, None):
            raise UnsupportedAlgorithm("this stand-in derives in counter mode alone")
        self._algorithm, self._length, self._rlen = algorithm, length, rlen
        self._fixed = label + b"\0" + context + (8 * length).to_bytes(llen)

    def derive(self, key: bytes) -> bytes:
        blocks = range(1, -(-self._length // self._algorithm.digest_size) + 1)
        parts = (hmac.digest(key, n.to_bytes(self._rlen) + self._fixed, self._algorithm.name) for n in blocks)
        return b"".join(parts)[: self._length]
