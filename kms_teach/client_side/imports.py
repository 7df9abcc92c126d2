"""Key material of one's own: made here, wrapped under the public key that KMS gave for it, and sent in.

RSAES_OAEP_…:        RSA-OAEP(material)
RSA_AES_KEY_WRAP_…:  RSA-OAEP(AES key) ‖ AES key wrap with padding (RFC 5649) of the material
"""

import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.padding import MGF1
from cryptography.hazmat.primitives.asymmetric.padding import OAEP as PADDING
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

OAEP, KEY_WRAP, WRAPPING_KEY = "RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_256", "RSA_2048"
ROOM = 190  # bytes that OAEP with SHA-256 takes under that wrapping key; more goes the other way
FOR_GOOD = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
PKCS8, OPENSSL_DER, PEM = "PKCS#8, DER", "as OpenSSL's genpkey writes DER", "PKCS#8, PEM"
WRITTEN = {  # how a private key is written: only the first can be imported
    PKCS8: (Encoding.DER, PrivateFormat.PKCS8),
    OPENSSL_DER: (Encoding.DER, PrivateFormat.TraditionalOpenSSL),  # SEC1, and PKCS#1 for RSA
    PEM: (Encoding.PEM, PrivateFormat.PKCS8),
}


def wrap(public: bytes, material: bytes, algorithm: str = OAEP) -> bytes:
    """Wrap material under the PublicKey that GetParametersForImport answered with."""
    key = load_der_public_key(public)
    assert isinstance(key, RSAPublicKey)
    digest = SHA1() if algorithm.endswith("SHA_1") else SHA256()  # noqa: S303 (one of the two that KMS knows)
    padding = PADDING(MGF1(digest), digest, None)
    if algorithm.startswith("RSAES_OAEP"):
        return key.encrypt(material, padding)
    aes = os.urandom(32)
    return key.encrypt(aes, padding) + aes_key_wrap_with_padding(aes, material)


def ask(kms: Any, key_id: str, algorithm: str = OAEP) -> Any:
    """The first half of an import: a public key to wrap under, and the token that goes with it."""
    return kms.get_parameters_for_import(KeyId=key_id, WrappingAlgorithm=algorithm, WrappingKeySpec=WRAPPING_KEY)


def parameters(given: Any, material: bytes, algorithm: str = OAEP, **terms: Any) -> dict[str, Any]:
    """What ImportKeyMaterial is sent, for good unless `terms` have a ValidTo; `given` answered the first half."""
    wrapped = wrap(given["PublicKey"], material, algorithm)
    terms = terms if "ValidTo" in terms else {**FOR_GOOD, **terms}
    return {"KeyId": given["KeyId"], "ImportToken": given["ImportToken"], "EncryptedKeyMaterial": wrapped, **terms}


def bring(kms: Any, key_id: str, material: bytes, **terms: Any) -> Any:
    """Import material into a key of origin EXTERNAL, for good unless `terms` have a ValidTo; gives KMS's answer."""
    algorithm = OAEP if len(material) <= ROOM else KEY_WRAP
    return kms.import_key_material(**parameters(ask(kms, key_id, algorithm), material, algorithm, **terms))


def new_private_key() -> bytes:
    """A private key on the curve P-256, as PKCS#8 in DER."""
    return _written(generate_private_key(SECP256R1()), PKCS8)


def rewritten(private: bytes, how: str) -> bytes:
    """The same private key, written in another of the ways of WRITTEN."""
    key = load_der_private_key(private, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return _written(key, how)


def public_half(private: bytes) -> bytes:
    """The public key of a private one, as GetPublicKey gives it: SubjectPublicKeyInfo in DER."""
    return (
        load_der_private_key(private, None).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )


def _written(key: EllipticCurvePrivateKey, how: str) -> bytes:
    encoding, form = WRITTEN[how]
    return key.private_bytes(encoding, form, NoEncryption())
