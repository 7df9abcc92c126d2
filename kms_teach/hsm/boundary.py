"""This is the HSM: it makes keys, uses them and hands them out sealed, never plain.

At AWS the domain key exists only in the memory of the HSMs. Here there is no HSM: it lives in this object, and for a
stored simulator in the file `<store>.hsm` beside the store, readable by its owner alone. Who holds both files holds
the keys; the store alone is sealed bytes.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode

from kms_teach.errors import InvalidCiphertextException, KMSInternalException, StoreError
from kms_teach.hsm.blob import NONCE_SIZE, SALT_SIZE, Blob, additional_data

DOMAIN_KEY_SIZE = 32  # bytes
UNSEALED_KEPT = 256  # materials held open in memory, the least recently used leaves first


@dataclass(frozen=True, slots=True)
class SealedKey:
    """Key material as it may leave the HSM.

    id: KeyMaterialId, 64 hex digits: HMAC-SHA-256 keyed with the material over the KMS key's id, so the same bytes in
    the same KMS key have the same id, and the id tells nothing about random bytes.
    sealed: nonce(12) ‖ AES-256-GCM(domain key, material, aad = id ‖ spec).
    """

    id: str
    spec: str
    sealed: bytes


class Hsm:
    """Makes and uses key material. Cannot be copied or pickled, and its repr says nothing."""

    def __init__(self, domain_key_file: Path | None = None) -> None:
        self.__domain = AESGCM(_domain_key(domain_key_file))
        self.__open: OrderedDict[bytes, bytes] = OrderedDict()

    def generate(self, spec: str, key_id: str) -> SealedKey:
        """Make new material of `spec` for the KMS key `key_id`."""
        return self.__seal(GENERATE[spec](), spec, key_id)

    def random(self, size: int) -> bytes:
        """`size` random bytes; they are the caller's (a data key, or GenerateRandom), no KMS key's."""
        return os.urandom(size)

    def encrypt(self, key: SealedKey, plaintext: bytes, context: Mapping[str, str]) -> bytes:
        """Encrypt under symmetric material; gives a CiphertextBlob of len(plaintext) + 81 bytes.

        Safe because each call derives its own AES-256 key from 16 random bytes and adds a random 96-bit nonce: two
        calls meet in both with a probability below 2^-32 only after some 2^96 calls.
        """
        empty = Blob(key.id, os.urandom(SALT_SIZE), os.urandom(NONCE_SIZE), b"")
        body = AESGCM(self.__derive(key, empty.salt)).encrypt(empty.nonce, plaintext, _authenticated(empty, context))
        return bytes(Blob(key.id, empty.salt, empty.nonce, body))

    def decrypt(self, key: SealedKey, blob: Blob, context: Mapping[str, str]) -> bytes:
        """Open a blob. InvalidCiphertextException when a bit of it, or of the context, is not what it was."""
        try:
            return AESGCM(self.__derive(key, blob.salt)).decrypt(blob.nonce, blob.body, _authenticated(blob, context))
        except InvalidTag:
            raise InvalidCiphertextException from None

    def __derive(self, key: SealedKey, salt: bytes) -> bytes:
        # NIST SP 800-108 in counter mode, the derivation AWS names in "KMS Cryptographic Details"
        derivation = KBKDFHMAC(
            hashes.SHA256(), Mode.CounterMode, 32, 4, 4, CounterLocation.BeforeFixed, b"kms_teach", salt, None
        )
        return derivation.derive(self.__unseal(key))

    def __seal(self, material: bytes, spec: str, key_id: str) -> SealedKey:
        mac = hmac.HMAC(material, hashes.SHA256())
        mac.update(b"kms_teach key material id of " + key_id.encode())
        material_id = mac.finalize().hex()
        nonce = os.urandom(NONCE_SIZE)
        return SealedKey(
            material_id, spec, nonce + self.__domain.encrypt(nonce, material, (material_id + spec).encode())
        )

    def __unseal(self, key: SealedKey) -> bytes:
        material = self.__open.pop(key.sealed, None)
        if material is None:
            nonce, body = key.sealed[:NONCE_SIZE], key.sealed[NONCE_SIZE:]
            try:
                material = self.__domain.decrypt(nonce, body, (key.id + key.spec).encode())
            except InvalidTag:
                raise KMSInternalException(
                    "the store's keys do not open with this domain key: put back the `.hsm` file that belongs to it"
                ) from None
        self.__open[key.sealed] = material
        if len(self.__open) > UNSEALED_KEPT:
            self.__open.popitem(last=False)
        return material

    def __repr__(self) -> str:
        return "Hsm(closed)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an HSM cannot be copied or pickled: its keys never leave it")


GENERATE: dict[str, Callable[[], bytes]] = {"SYMMETRIC_DEFAULT": lambda: os.urandom(32)}


def _authenticated(blob: Blob, context: Mapping[str, str]) -> bytes:
    return blob.header + additional_data(context)


def _domain_key(file: Path | None) -> bytes:
    if file is None:
        return os.urandom(DOMAIN_KEY_SIZE)
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as new:
            new.write(os.urandom(DOMAIN_KEY_SIZE))
            new.flush()
            os.fsync(new.fileno())
    key = file.read_bytes()
    if len(key) != DOMAIN_KEY_SIZE:
        raise StoreError(f"`{file.name}` is not a domain key of 32 bytes: put back the file that belongs to the store")
    return key
