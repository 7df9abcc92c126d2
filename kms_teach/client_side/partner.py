"""A partner without AWS: what anybody can do who holds a public key, and makes no call to KMS.

Nothing here is shared with the HSM: it is the other end, and would work as well in another language.
"""

from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from msgspec import Struct

try:
    from cryptography.hazmat.primitives.asymmetric import mlkem
except ImportError:  # an older pyca has none
    mlkem = None  # type: ignore[assignment]

NO_POST_QUANTUM = "the `cryptography` that is installed here has no ML-KEM: with version 48 or newer it is made too"
HASHES: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES: dict[str, Callable[[], ec.EllipticCurve]] = {
    "ECC_NIST_P256": ec.SECP256R1, "ECC_NIST_P384": ec.SECP384R1, "ECC_NIST_P521": ec.SECP521R1,
}  # fmt: skip
# SigningAlgorithm without its hash -> what pyca's verify is given after signature and message
CHECKS: dict[str, Callable[[hashes.HashAlgorithm], tuple[Any, ...]]] = {
    "RSASSA_PKCS1_V1_5_SHA": lambda hash_: (padding.PKCS1v15(), hash_),
    "RSASSA_PSS_SHA": lambda hash_: (padding.PSS(padding.MGF1(hash_), padding.PSS.DIGEST_LENGTH), hash_),
    "ECDSA_SHA": lambda hash_: (ec.ECDSA(hash_),),
    "ED25519_SHA": lambda _: (),
    "ML_DSA_SHAKE": lambda _: (),
}


class PartnerError(ValueError):
    """What the partner's program cannot do, in one sentence."""


def verifies(public_key: bytes, algorithm: str, message: bytes, signature: bytes) -> bool:
    """Whether the signature fits the message, by the public key alone (DER, as GetPublicKey gives it).

    Raises PartnerError for a key that pyca cannot load here.
    """
    name, _, bits = algorithm.rpartition("_")
    try:
        _loaded(public_key).verify(signature, message, *CHECKS[name](HASHES.get(bits, hashes.SHA256())))
    except InvalidSignature:
        return False
    return True


def sign(private_key: bytes, message: bytes) -> bytes:
    """An ECDSA_SHA_256 signature by a private key that KMS gave out, as in GenerateDataKeyPair (PKCS #8, DER)."""
    key = load_der_private_key(private_key, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise PartnerError("that private key is not one of a curve")
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


def encrypt(public_key: bytes, plaintext: bytes) -> bytes:
    """What RSAES_OAEP_SHA_256 makes of it, for the owner of the private half."""
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    ciphertext: bytes = _loaded(public_key).encrypt(plaintext, oaep)
    return ciphertext


def encapsulate(public_key: bytes) -> tuple[bytes, bytes]:
    """A fresh shared secret, and its encapsulation for the owner of the private half.

    Raises PartnerError where pyca has no ML-KEM.
    """
    secret, encapsulated = _loaded(public_key).encapsulate()
    return secret, encapsulated


class Pair:
    """A key pair of the partner's own on one of KMS's curves: the private half stays in this process."""

    def __init__(self, spec: str = "ECC_NIST_P256") -> None:
        self._private = ec.generate_private_key(CURVES[spec]())

    @property
    def public_key(self) -> bytes:
        """The public half, DER SubjectPublicKeyInfo, as DeriveSharedSecret takes it."""
        return self._private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def agree(self, public_key: bytes) -> bytes:
        """The secret shared with the owner of this public key. Raises PartnerError for one of another curve."""
        try:
            return self._private.exchange(ec.ECDH(), _loaded(public_key))
        except ValueError as error:
            raise PartnerError("that public key is of another curve") from error


class Share(Struct, frozen=True):
    """One part of a hybrid handshake, in bytes: what each side sends, and the secret that comes of it."""

    name: str
    client: int
    server: int
    secret: int


def handshake() -> tuple[tuple[Share, ...], bool]:
    """Agree as TLS 1.3 does in the group X25519MLKEM768, both sides here; the parts, and whether both ends agree.

    Client and server send the ML-KEM part first, and so the secret begins with its (draft-ietf-tls-ecdhe-mlkem).
    Raises PartnerError where pyca has no ML-KEM.
    """
    generate = getattr(getattr(mlkem, "MLKEM768PrivateKey", None), "generate", None)
    if generate is None:
        raise PartnerError(NO_POST_QUANTUM)
    try:
        kem = generate()
    except UnsupportedAlgorithm as error:
        raise PartnerError(NO_POST_QUANTUM) from error
    ours, encapsulated = kem.public_key().encapsulate()
    client, server = (x25519.X25519PrivateKey.generate() for _ in range(2))
    classical = server.exchange(client.public_key())
    same = ours + classical == kem.decapsulate(encapsulated) + client.exchange(server.public_key())
    sent, answered = (len(side.public_key().public_bytes_raw()) for side in (client, server))
    lattice = Share("ML-KEM-768", len(kem.public_key().public_bytes_raw()), len(encapsulated), len(ours))
    return (lattice, Share("X25519", sent, answered, len(classical))), same


def _loaded(public_key: bytes) -> Any:
    try:
        return load_der_public_key(public_key)
    except (UnsupportedAlgorithm, ValueError) as error:
        raise PartnerError("this program's `cryptography` cannot load that public key") from error
