"""AES-GCM."""

import os

from cryptography import aes, engine
from cryptography.exceptions import InvalidTag


class AESGCM:
    def __init__(self, key: bytes) -> None:
        if len(key) not in (16, 24, 32):
            raise ValueError("AESGCM key must be 128, 192, or 256 bits.")
        self._key = bytes(key)

    @staticmethod
    def generate_key(bit_length: int) -> bytes:
        return os.urandom(bit_length // 8)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        how = self._key, bytes(nonce), bytes(data), bytes(associated_data or b"")
        return engine.ask("sealed", *how) if engine.here() else aes.sealed(*how)

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        how = self._key, bytes(nonce), bytes(data), bytes(associated_data or b"")
        if len(data) < 16:
            raise InvalidTag
        try:
            plain = engine.ask("opened", *how) if engine.here() else aes.opened(*how)
        except ValueError:
            raise InvalidTag from None
        if plain is None:
            raise InvalidTag
        return plain
