"""RSA."""

from typing import Any

from cryptography import engine
from cryptography.hazmat.primitives.asymmetric.padding import OAEP, AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric.pair import Private, Public, generated


class RSAPublicKey(Public):
    @property
    def key_size(self) -> int:
        size: int = engine.ask("size", self.der, 1)
        return size

    def encrypt(self, plaintext: bytes, padding: OAEP) -> bytes:
        encrypted: bytes = engine.ask("rsa_encrypted", self.der, plaintext, padding.algorithm.name)
        return encrypted

    def verify(self, signature: bytes, data: bytes, padding: AsymmetricPadding, algorithm: Any) -> None:
        self._verify(signature, data, padding.how, algorithm)


class RSAPrivateKey(Private):
    PUBLIC = RSAPublicKey

    @property
    def key_size(self) -> int:
        size: int = engine.ask("size", self.der, 0)
        return size

    def decrypt(self, ciphertext: bytes, padding: OAEP) -> bytes:
        plaintext: bytes = engine.ask("rsa_decrypted", self.der, ciphertext, padding.algorithm.name)
        return plaintext

    def sign(self, data: bytes, padding: AsymmetricPadding, algorithm: Any) -> bytes:
        return self._sign(data, padding.how, algorithm)


def generate_private_key(public_exponent: int, key_size: int) -> RSAPrivateKey:
    assert public_exponent == 65537
    return RSAPrivateKey(generated("rsa", key_size))
