"""The way in for key material made elsewhere: wrapping keys, import tokens, and unwrapping.

The token is all that KMS needs to finish an import, so nothing is kept between the two calls:

    import token:  nonce(12) ‖ AES-256-GCM(domain key, msgpack of Token, aad = "import token")
    in it, sealed: nonce(12) ‖ AES-256-GCM(domain key, PKCS#8 DER of the private wrapping key, aad = "wrapping key")
"""

from datetime import datetime
from typing import Any

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding
from cryptography.hazmat.primitives.serialization import load_der_private_key
from msgspec import Struct

from kms_teach.errors import IncorrectKeyMaterialException, InvalidCiphertextException
from kms_teach.hsm.algorithms import CURVES, GENERATE, RSA_PADDING, SECRET_SIZES, dump, load, public_der

WRAPPING_SPECS = ("RSA_2048", "RSA_3072", "RSA_4096")
DIRECT = ("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256")
TWO_STEPS = ("RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256")

# KeySpec -> how its material may be wrapped (API Reference, GetParametersForImport, "WrappingAlgorithm").
ALGORITHMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(SECRET_SIZES, DIRECT),
    **dict.fromkeys(CURVES, DIRECT + TWO_STEPS),
    **dict.fromkeys(("RSA_2048", "RSA_3072", "RSA_4096"), TWO_STEPS),  # longer than RSA takes at once
}
TOO_LONG = {("ECC_NIST_P521", "RSA_2048")}  # (KeySpec, WrappingKeySpec): the same, for DIRECT

CURVE_SPECS = {curve().name: spec for spec, curve in CURVES.items()}
PKCS8 = (bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a8648ce3d0201"))  # object ids rsaEncryption, ecPublicKey
PKCS8_HEAD = 40  # bytes in which PKCS#8 names its algorithm; the older formats, which pyca reads too, name none


class Token(Struct, frozen=True):
    """What an import token says: for which KMS key, wrapped how, until when, and the sealed wrapping key."""

    key_arn: str
    algorithm: str
    valid_to: datetime
    wrapping_key: bytes


def encode(token: Token) -> bytes:
    return msgspec.msgpack.encode(token)


def decode(data: bytes) -> Token:
    return msgspec.msgpack.decode(data, type=Token)


def fits(spec: str, algorithm: str, wrapping_spec: str) -> bool:
    """Whether material of a KeySpec can be wrapped so."""
    too_long = algorithm in DIRECT and (spec, wrapping_spec) in TOO_LONG
    return wrapping_spec in WRAPPING_SPECS and algorithm in ALGORITHMS.get(spec, ()) and not too_long


def generate(wrapping_spec: str) -> tuple[bytes, bytes]:
    """A new wrapping key pair: private as PKCS#8 DER, public as SubjectPublicKeyInfo DER."""
    key = GENERATE[wrapping_spec]()
    return dump(key), public_der(key)


def unwrap(private: bytes, algorithm: str, wrapped: bytes) -> bytes:
    """The material inside. InvalidCiphertextException when it does not open.

    RSAES_OAEP_…:        RSA-OAEP(material)
    RSA_AES_KEY_WRAP_…:  RSA-OAEP(AES key) ‖ AES key wrap with padding (RFC 5649) of the material
    """
    key = load("RSA", private)
    padding = RSA_PADDING[algorithm.replace("RSA_AES_KEY_WRAP", "RSAES_OAEP")]
    modulus = key.key_size // 8  # bytes
    try:
        if algorithm in DIRECT:
            material: bytes = key.decrypt(wrapped, padding)
            return material
        return aes_key_unwrap_with_padding(key.decrypt(wrapped[:modulus], padding), wrapped[modulus:])
    except (ValueError, InvalidUnwrap):
        raise InvalidCiphertextException from None


def checked(spec: str, material: bytes) -> bytes:
    """The material as KMS keeps it, if it is what the KeySpec needs; else IncorrectKeyMaterialException.

    A private key is encoded anew, so that the same key is the same bytes whoever encoded it.
    """
    if spec in SECRET_SIZES:
        if len(material) != SECRET_SIZES[spec]:
            raise IncorrectKeyMaterialException
        return material
    try:
        key = load_der_private_key(material, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise IncorrectKeyMaterialException from None
    if _spec(key) != spec or not any(oid in material[:PKCS8_HEAD] for oid in PKCS8):
        raise IncorrectKeyMaterialException
    return dump(key)


def _spec(key: Any) -> str:
    match key:
        case rsa.RSAPrivateKey():
            return f"RSA_{key.key_size}"
        case ec.EllipticCurvePrivateKey():
            return CURVE_SPECS.get(key.curve.name, "")
        case _:
            return ""
