"""What all key pairs here have: the DER that Node is given each time."""

from typing import Any

from cryptography import engine
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed


def generated(kind: str, detail: Any = None) -> bytes:
    """A new private key, PKCS#8."""
    der: bytes = engine.ask("generated", kind, detail)
    return der


class Public:
    """der: SubjectPublicKeyInfo."""

    def __init__(self, der: bytes) -> None:
        self.der = der

    def public_bytes(self, encoding: Any, form: Any) -> bytes:
        written: bytes = engine.ask("written", self.der, 1, form.value, encoding.value)
        return written

    def public_bytes_raw(self) -> bytes:
        return self.der[-32:]  # of the Edwards and Montgomery curves

    def _verify(self, signature: bytes, data: bytes, how: str, hashed: Any) -> None:
        if isinstance(hashed, Prehashed):
            raise UnsupportedAlgorithm("this stand-in verifies no digest")
        if not engine.ask("verified", self.der, signature, data, how, hashed and hashed.name):
            raise InvalidSignature


class Private:
    """der: PKCS#8."""

    PUBLIC: type = Public

    def __init__(self, der: bytes) -> None:
        self.der = der

    def public_key(self) -> Any:
        return self.PUBLIC(engine.ask("public_half", self.der))

    def private_bytes(self, encoding: Any, form: Any, _: Any) -> bytes:
        written: bytes = engine.ask("written", self.der, 0, form.value, encoding.value)
        return written

    def _sign(self, data: bytes, how: str, hashed: Any) -> bytes:
        if isinstance(hashed, Prehashed):
            raise UnsupportedAlgorithm("this stand-in signs no digest so")
        signature: bytes = engine.ask("signed", self.der, data, how, hashed and hashed.name)
        return signature
