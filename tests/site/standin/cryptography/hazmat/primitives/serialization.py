"""Keys as bytes: Node reads and writes them."""

from enum import Enum
from typing import Any

from cryptography import engine
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

KINDS: dict[str, tuple[type, type]] = {
    "rsa": (rsa.RSAPrivateKey, rsa.RSAPublicKey),
    "ec": (ec.EllipticCurvePrivateKey, ec.EllipticCurvePublicKey),
    "ed25519": (ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey),
    "x25519": (x25519.X25519PrivateKey, x25519.X25519PublicKey),
}


class Encoding(Enum):
    DER, PEM = "der", "pem"


class PublicFormat(Enum):
    SubjectPublicKeyInfo = "spki"


class PrivateFormat(Enum):
    PKCS8, TraditionalOpenSSL = "pkcs8", "traditional"


class NoEncryption:
    pass


def load_der_private_key(data: bytes, password: None, *, unsafe_skip_rsa_key_validation: bool = False) -> Any:
    del password, unsafe_skip_rsa_key_validation
    return _loaded("private_key", data, 0)


def load_der_public_key(data: bytes) -> Any:
    return _loaded("public_key", data, 1)


def _loaded(name: str, data: bytes, half: int) -> Any:
    der = engine.ask(name, data)
    kind = engine.ask("kind", der, half)
    if kind not in KINDS:
        raise UnsupportedAlgorithm(f"this stand-in has no keys of {kind}")
    return KINDS[kind][half](der)
