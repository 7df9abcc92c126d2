"""AES in a mode, all data in one piece."""

from cryptography import aes, engine
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, CTR


class Cipher:
    def __init__(self, algorithm: AES, mode: CBC | CTR) -> None:
        self._key, self._mode = algorithm.key, mode

    def encryptor(self) -> "_Context":
        return _Context(self._key, self._mode, "encrypted")

    def decryptor(self) -> "_Context":
        return _Context(self._key, self._mode, "decrypted")


class _Context:
    def __init__(self, key: bytes, mode: CBC | CTR, way: str) -> None:
        self._key, self._mode, self._way, self._used = key, mode, way, False

    def update(self, data: bytes) -> bytes:
        if self._used:
            raise UnsupportedAlgorithm("this stand-in takes all data in one piece")
        self._used = True
        if isinstance(self._mode, CTR) and not engine.here():
            return aes.counted(self._key, self._mode.nonce, data)
        name, start = ("cbc", self._mode.initialization_vector) if isinstance(self._mode, CBC) else ("ctr", self._mode.nonce)  # fmt: skip
        done: bytes = engine.ask(self._way, f"aes-{8 * len(self._key)}-{name}", self._key, start, data)
        return done

    def finalize(self) -> bytes:
        return b""
