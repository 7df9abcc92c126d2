"""X25519."""

from cryptography import engine
from cryptography.hazmat.primitives.asymmetric.pair import Private, Public, generated


class X25519PublicKey(Public):
    pass


class X25519PrivateKey(Private):
    PUBLIC = X25519PublicKey

    @staticmethod
    def generate() -> "X25519PrivateKey":
        return X25519PrivateKey(generated("x25519"))

    def exchange(self, peer: X25519PublicKey) -> bytes:
        secret: bytes = engine.ask("agreed", self.der, peer.der)
        return secret
