"""What the HSM can do with each kind of key: tables from AWS's names to calls of pyca's `cryptography`.

Opened material is bytes for a secret (AES, HMAC) and pyca's key object for a private key. At rest a private key is
PKCS#8 DER; ML-DSA and ML-KEM keys are in seed form there. No primitive is written here, and none is when pyca lacks it.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as der
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PSS, AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from msgspec import Struct

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:  # an older pyca has none
    mldsa = None  # type: ignore[assignment]
try:
    from cryptography.hazmat.primitives.asymmetric import mlkem
except ImportError:
    mlkem = None  # type: ignore[assignment]

SECRET_SIZES = {"SYMMETRIC_DEFAULT": 32, "HMAC_224": 28, "HMAC_256": 32, "HMAC_384": 48, "HMAC_512": 64}  # bytes
CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {
    "ECC_NIST_P256": ec.SECP256R1,
    "ECC_NIST_P384": ec.SECP384R1,
    "ECC_NIST_P521": ec.SECP521R1,
    "ECC_SECG_P256K1": ec.SECP256K1,
}
SHA: dict[int, hashes.HashAlgorithm] = {
    224: hashes.SHA224(), 256: hashes.SHA256(), 384: hashes.SHA384(), 512: hashes.SHA512(),
}  # fmt: skip


def _made_here(*rows: tuple[str, Any, str]) -> dict[str, Callable[[], Any]]:
    """The rows that this machine's pyca can make, each tried once: the class may be there and its backend not."""
    made = {}
    for spec, module, name in rows:
        generate = getattr(getattr(module, name, None), "generate", None)
        if generate is None:
            continue
        try:
            generate()
        except UnsupportedAlgorithm:
            continue
        made[spec] = generate
    return made


# KeySpec -> fresh material.
GENERATE: dict[str, Callable[[], Any]] = {
    **{spec: partial(os.urandom, size) for spec, size in SECRET_SIZES.items()},
    **{f"RSA_{bits}": partial(rsa.generate_private_key, 65537, bits) for bits in (2048, 3072, 4096)},
    **{spec: partial(ec.generate_private_key, curve()) for spec, curve in CURVES.items()},
    "ECC_NIST_EDWARDS25519": ed25519.Ed25519PrivateKey.generate,
    **_made_here(
        *((f"ML_DSA_{n}", mldsa, f"MLDSA{n}PrivateKey") for n in (44, 65, 87)),
        *((f"ML_KEM_{n}", mlkem, f"MLKEM{n}PrivateKey") for n in (768, 1024)),
    ),
}

# EncryptionAlgorithm -> padding; the mask is made with the same hash (KMS Developer Guide, "RSA key specs").
RSA_PADDING = {
    f"RSAES_OAEP_{name}": OAEP(MGF1(hash_), hash_, None)
    for name, hash_ in (("SHA_1", hashes.SHA1()), ("SHA_256", hashes.SHA256()))  # noqa: S303  # AWS offers it
}
MAC_HASH = {f"HMAC_SHA_{bits}": hash_ for bits, hash_ in SHA.items()}


class Signing(Struct, frozen=True):
    """How to sign(private key, message), and to verify(public key, signature, message) or raise InvalidSignature."""

    sign: Callable[[Any, bytes], bytes]
    verify: Callable[[Any, bytes, bytes], None]


def _signing(*how: Any) -> Signing:
    return Signing(lambda key, m: key.sign(m, *how), lambda key, s, m: key.verify(s, m, *how))


def _hashing(
    algorithm: str, how: Callable[[Any], tuple[Any, ...]], hash_: hashes.HashAlgorithm
) -> Iterator[tuple[tuple[str, str], Signing]]:
    """The two rows of an algorithm that hashes: RAW is hashed here, a DIGEST was hashed by the caller."""
    yield (algorithm, "RAW"), _signing(*how(hash_))
    yield (algorithm, "DIGEST"), _signing(*how(Prehashed(hash_)))


def _rsa(padding: AsymmetricPadding) -> Callable[[Any], tuple[Any, ...]]:
    return lambda hash_: (padding, hash_)


# (SigningAlgorithm, MessageType) -> how. The salt of PSS is as long as the hash.
SIGNING: dict[tuple[str, str], Signing] = dict(
    row
    for bits in (256, 384, 512)
    for algorithm, how in (
        (f"RSASSA_PKCS1_V1_5_SHA_{bits}", _rsa(PKCS1v15())),
        (f"RSASSA_PSS_SHA_{bits}", _rsa(PSS(MGF1(SHA[bits]), PSS.DIGEST_LENGTH))),
        (f"ECDSA_SHA_{bits}", lambda hash_: (ec.ECDSA(hash_),)),
    )
    for row in _hashing(algorithm, how, SHA[bits])
) | {
    ("ED25519_SHA_512", "RAW"): _signing(),
    ("ML_DSA_SHAKE_256", "RAW"): _signing(),
    ("ML_DSA_SHAKE_256", "EXTERNAL_MU"): Signing(
        lambda key, mu: key.sign_mu(mu), lambda key, signature, mu: key.verify_mu(signature, mu)
    ),
}

if not hasattr(getattr(mldsa, "MLDSA44PrivateKey", None), "sign_mu"):  # pyca 48
    del SIGNING["ML_DSA_SHAKE_256", "EXTERNAL_MU"]


def dump(material: Any) -> bytes:
    """Material as the bytes that are sealed."""
    if isinstance(material, bytes):
        return material
    encoded: bytes = material.private_bytes(der.Encoding.DER, der.PrivateFormat.PKCS8, der.NoEncryption())
    return encoded


def load(spec: str, sealed: bytes) -> Any:
    """Material from bytes that were under a seal. The seal proves that they are as they were made or were checked."""
    if spec in SECRET_SIZES:
        return sealed
    return der.load_der_private_key(sealed, None, unsafe_skip_rsa_key_validation=True)  # the check takes up to 0.3 s


def public_der(private: Any) -> bytes:
    """The public half, as DER SubjectPublicKeyInfo (RFC 5280)."""
    encoded: bytes = private.public_key().public_bytes(der.Encoding.DER, der.PublicFormat.SubjectPublicKeyInfo)
    return encoded


def agree(private: ec.EllipticCurvePrivateKey, peer: bytes) -> bytes:
    """The x-coordinate that ECDH gives with the peer's DER public key; ValueError when it is none on the same curve."""
    try:
        public = der.load_der_public_key(peer)
    except UnsupportedAlgorithm as error:
        raise ValueError("a key of an unknown kind") from error
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ValueError("not a key of an elliptic curve")
    return private.exchange(ec.ECDH(), public)
