"""Ed25519."""

from cryptography.hazmat.primitives.asymmetric.pair import Private, Public, generated


class Ed25519PublicKey(Public):
    def verify(self, signature: bytes, data: bytes) -> None:
        self._verify(signature, data, "", None)


class Ed25519PrivateKey(Private):
    PUBLIC = Ed25519PublicKey

    @staticmethod
    def generate() -> "Ed25519PrivateKey":
        return Ed25519PrivateKey(generated("ed25519"))

    def sign(self, data: bytes) -> bytes:
        return self._sign(data, "", None)
