"""HMAC, by the standard library."""

import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import HashAlgorithm


class HMAC:
    def __init__(self, key: bytes, algorithm: HashAlgorithm) -> None:
        self._mac = hmac.new(key, digestmod=algorithm.name)

    def update(self, data: bytes) -> None:
        self._mac.update(data)

    def finalize(self) -> bytes:
        return self._mac.digest()

    def verify(self, mac: bytes) -> None:
        if self._mac.digest() != mac:
            raise InvalidSignature
