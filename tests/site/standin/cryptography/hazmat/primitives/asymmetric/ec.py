"""Elliptic curves."""

from dataclasses import dataclass
from typing import Any

from cryptography import engine
from cryptography.hazmat.primitives.asymmetric.pair import Private, Public, generated
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature


class EllipticCurve:
    name = node = ""
    order = 0


class SECP256R1(EllipticCurve):
    name, node = "secp256r1", "prime256v1"
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class SECP384R1(EllipticCurve):
    name = node = "secp384r1"


class SECP521R1(EllipticCurve):
    name = node = "secp521r1"


class SECP256K1(EllipticCurve):
    name = node = "secp256k1"


CURVES = {curve.node: curve for curve in (SECP256R1, SECP384R1, SECP521R1, SECP256K1)}


@dataclass(frozen=True)
class ECDSA:
    algorithm: Any


class ECDH:
    pass


class EllipticCurvePublicKey(Public):
    @property
    def curve(self) -> EllipticCurve:
        return CURVES[engine.ask("curve", self.der, 1)]()

    def verify(self, signature: bytes, data: bytes, how: ECDSA) -> None:
        self._verify(signature, data, "", how.algorithm)


class EllipticCurvePrivateKey(Private):
    PUBLIC = EllipticCurvePublicKey

    @property
    def curve(self) -> EllipticCurve:
        return CURVES[engine.ask("curve", self.der, 0)]()

    def sign(self, data: bytes, how: ECDSA) -> bytes:
        if isinstance(how.algorithm, Prehashed) and self.curve.order:
            return self._of_digest(data, self.curve.order)
        return self._sign(data, "", how.algorithm)

    def _of_digest(self, digest: bytes, order: int) -> bytes:
        """ECDSA by its formula (FIPS 186-5, 6.4.1), since Node always hashes. The one-time pair is Node's."""
        private, once = (
            engine.ask("numbers", der) for der in (self.der, generated("ec", self.curve.node))
        )  # each d(32) ‖ x(32)
        d, k, r = (int.from_bytes(part) for part in (private[:32], once[:32], once[32:]))
        r %= order
        return encode_dss_signature(r, pow(k, -1, order) * (int.from_bytes(digest[:32]) + r * d) % order)

    def exchange(self, _: ECDH, peer: EllipticCurvePublicKey) -> bytes:
        secret: bytes = engine.ask("agreed", self.der, peer.der)
        return secret


def generate_private_key(curve: EllipticCurve) -> EllipticCurvePrivateKey:
    return EllipticCurvePrivateKey(generated("ec", curve.node))
