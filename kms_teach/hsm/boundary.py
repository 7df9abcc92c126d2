"""The HSM: it makes keys, uses them and gives them out sealed, never plain.

At AWS the domain key exists only in the memory of the HSMs. Here there is no HSM: it lives in this object, and for a
stored simulator in the file `<store>.hsm` beside the store, readable by its owner alone. Who holds both files holds
the keys; the store alone is sealed bytes.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode

from kms_teach.errors import (
    InvalidCiphertextException,
    InvalidImportTokenException,
    KMSInternalException,
    KMSInvalidMacException,
    KMSInvalidSignatureException,
    StoreError,
    ValidationException,
)
from kms_teach.hsm import wrapping
from kms_teach.hsm.algorithms import GENERATE, MAC_HASH, RSA_PADDING, SIGNING, agree, dump, load, public_der
from kms_teach.hsm.blob import NONCE_SIZE, SALT_SIZE, Blob, additional_data
from kms_teach.hsm.sealed import SealedKey

DOMAIN_KEY_SIZE = 32  # bytes
UNSEALED_KEPT = 256  # materials held open in memory, the least recently used leaves first


class Hsm:
    """Makes and uses key material. Cannot be copied or pickled, and its repr says nothing."""

    def __init__(self, domain_key_file: Path | None = None, *, sealed: bool = False) -> None:
        self.__domain = AESGCM(_domain_key(domain_key_file, sealed=sealed))
        self.__open: OrderedDict[bytes, Any] = OrderedDict()

    def makes(self, spec: str) -> bool:
        """Whether this machine's cryptographic library has keys of `spec`."""
        return spec in GENERATE

    def signs(self, algorithm: str, message_type: str) -> bool:
        """Whether this machine's cryptographic library signs so."""
        return (algorithm, message_type) in SIGNING

    def generate(self, spec: str, key_id: str) -> SealedKey:
        """Make new material of `spec` for the KMS key `key_id`."""
        return self.__seal(dump(GENERATE[spec]()), spec, key_id)

    def pair(self, spec: str) -> tuple[bytes, bytes]:
        """A data key pair, the caller's and no KMS key's: private DER PKCS#8, public DER SubjectPublicKeyInfo."""
        private = GENERATE[spec]()
        return dump(private), public_der(private)

    def random(self, size: int) -> bytes:
        """`size` random bytes; they are the caller's (a data key, or GenerateRandom), no KMS key's."""
        return os.urandom(size)

    def encrypt(self, key: SealedKey, plaintext: bytes, context: Mapping[str, str]) -> bytes:
        """Encrypt under symmetric material; gives a CiphertextBlob of len(plaintext) + 81 bytes.

        AES-GCM breaks when one key meets one nonce twice. Claim: among q <= 2^96 calls under one material, the
        probability that any two share both is at most 2^-32. Each call derives its AES-256 key from a random 128-bit
        salt and takes a random 96-bit nonce, so sharing both needs 224 random bits to agree, or two salts to lead to
        one 256-bit key. Over all pairs that is at most q^2 / 2^225 (the second case adds less than q^2 / 2^256), which
        is 2^-33 at 2^96 calls and less before. It rests on os.urandom being random and on HMAC-SHA-256 being a PRF.
        Under one key for all calls, the bound would be passed after 2^32 (NIST SP 800-38D, 8.3).
        """
        return self.encrypting(key, context)(plaintext)

    def encrypting(self, key: SealedKey, context: Mapping[str, str]) -> Callable[[bytes], bytes]:
        """The same for a plaintext that is not there yet, as work that is still to be done, like `decrypting_rsa`."""
        material = self.__unseal(key)

        def encrypt(plaintext: bytes) -> bytes:
            fresh = os.urandom(SALT_SIZE + NONCE_SIZE)
            empty = Blob(key.id, fresh[:SALT_SIZE], fresh[SALT_SIZE:], b"")
            body = AESGCM(_derive(material, empty.salt)).encrypt(empty.nonce, plaintext, _authenticated(empty, context))
            return bytes(Blob(key.id, empty.salt, empty.nonce, body))

        return encrypt

    def decrypt(self, key: SealedKey, blob: Blob, context: Mapping[str, str]) -> bytes:
        """Open a blob. InvalidCiphertextException when a bit of it, or of the context, is not what it was."""
        try:
            return AESGCM(_derive(self.__unseal(key), blob.salt)).decrypt(
                blob.nonce, blob.body, _authenticated(blob, context)
            )
        except InvalidTag:
            raise InvalidCiphertextException from None

    def public_key(self, key: SealedKey) -> bytes:
        """The public half of a key pair, DER SubjectPublicKeyInfo."""
        return public_der(self.__unseal(key))

    def encrypting_rsa(self, key: SealedKey, algorithm: str) -> Callable[[bytes], bytes]:
        """RSAES-OAEP, like `encrypting`; the ciphertext is as long as the modulus and names nothing."""
        public = self.__unseal(key).public_key()

        def encrypt(plaintext: bytes) -> bytes:
            encrypted: bytes = public.encrypt(plaintext, RSA_PADDING[algorithm])
            return encrypted

        return encrypt

    def decrypt_rsa(self, key: SealedKey, algorithm: str, ciphertext: bytes) -> bytes:
        """Undo `encrypting_rsa`, or what anyone encrypted with the public key. InvalidCiphertextException."""
        return self.decrypting_rsa(key, algorithm, ciphertext)()

    def decrypting_rsa(self, key: SealedKey, algorithm: str, ciphertext: bytes) -> Callable[[], bytes]:
        """The same as work that is still to be done: the key is opened now, and what is forgotten meanwhile stays so.

        What is given out does this one thing, and says nothing of the key.
        """
        private = self.__unseal(key)

        def decrypt() -> bytes:
            try:
                plaintext: bytes = private.decrypt(ciphertext, RSA_PADDING[algorithm])
            except ValueError:
                raise InvalidCiphertextException from None
            return plaintext

        return decrypt

    def sign(self, key: SealedKey, algorithm: str, message_type: str, message: bytes) -> bytes:
        return self.signing(key, algorithm, message_type, message)()

    def signing(self, key: SealedKey, algorithm: str, message_type: str, message: bytes) -> Callable[[], bytes]:
        """A signature as work that is still to be done, like `decrypting_rsa`."""
        private, scheme = self.__unseal(key), SIGNING[algorithm, message_type]
        return lambda: scheme.sign(private, message)

    def verify(self, key: SealedKey, algorithm: str, message_type: str, message: bytes, signature: bytes) -> None:
        """KMSInvalidSignatureException when the signature is not of this message by this key and algorithm."""
        try:
            SIGNING[algorithm, message_type].verify(self.__unseal(key).public_key(), signature, message)
        except InvalidSignature:
            raise KMSInvalidSignatureException from None

    def certify(self, key: SealedKey, certificate: Any) -> Any:
        """Sign an X.509 certificate (pyca's builder) with a key pair on P-384, as an authority's HSM does."""
        return certificate.sign(self.__unseal(key), hashes.SHA384())

    def mac(self, key: SealedKey, algorithm: str, message: bytes) -> bytes:
        return self.__hmac(key, algorithm, message).finalize()

    def verify_mac(self, key: SealedKey, algorithm: str, message: bytes, mac: bytes) -> None:
        """KMSInvalidMacException when it is another MAC. Compared in constant time."""
        try:
            self.__hmac(key, algorithm, message).verify(mac)
        except InvalidSignature:
            raise KMSInvalidMacException from None

    def agree(self, key: SealedKey, peer: bytes) -> bytes:
        """The raw ECDH secret with the peer's DER public key. ValidationException when it is none on this curve."""
        try:
            return agree(self.__unseal(key), peer)
        except ValueError:
            raise ValidationException from None  # AWS says no more than the code

    def encapsulate(self, key: SealedKey) -> tuple[bytes, bytes]:
        """A fresh shared secret(32), and its encapsulation for who holds the private key."""
        secret, encapsulated = self.__unseal(key).public_key().encapsulate()
        return secret, encapsulated

    def decapsulate(self, key: SealedKey, encapsulated: bytes) -> bytes:
        """The shared secret(32). InvalidCiphertextException for a wrong length alone: whatever else is wrong gives 32
        other bytes, so that a forger learns nothing (FIPS 203, implicit rejection)."""
        try:
            secret: bytes = self.__unseal(key).decapsulate(encapsulated)
        except ValueError:
            raise InvalidCiphertextException from None
        return secret

    def wrapping_key(self, spec: str) -> tuple[bytes, bytes]:
        """A new key pair to send material in under: the private half sealed, the public as DER SubjectPublicKeyInfo."""
        private, public = wrapping.generate(spec)
        return self.__lock(private, b"wrapping key"), public

    def issue(self, token: wrapping.Token) -> bytes:
        """The import token as its holder gets it: bytes that only this HSM reads."""
        return self.__lock(wrapping.encode(token), b"import token")

    def token(self, data: bytes) -> wrapping.Token:
        """Read an import token. InvalidImportTokenException for any other bytes."""
        try:
            return wrapping.decode(self.__unlock(data, b"import token"))
        except (InvalidTag, ValueError):
            raise InvalidImportTokenException from None

    def unwrap(self, token: wrapping.Token, wrapped: bytes, spec: str, key_id: str) -> SealedKey:
        """Take in material of `spec` for the KMS key `key_id`. InvalidCiphertext-, IncorrectKeyMaterialException."""
        private = self.__unlock(token.wrapping_key, b"wrapping key")
        return self.__seal(wrapping.checked(spec, wrapping.unwrap(private, token.algorithm, wrapped)), spec, key_id)

    def opens(self, key: SealedKey) -> bool:
        """Whether this HSM sealed it, and it is as it was."""
        try:
            self.__unlock(key.sealed, _named(key))
        except InvalidTag:
            return False
        return True

    def forget(self, key: SealedKey) -> None:
        """Hold deleted material open no longer."""
        self.__open.pop(key.sealed, None)

    def __lock(self, data: bytes, purpose: bytes) -> bytes:
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self.__domain.encrypt(nonce, data, purpose)

    def __unlock(self, data: bytes, purpose: bytes) -> bytes:
        return self.__domain.decrypt(data[:NONCE_SIZE], data[NONCE_SIZE:], purpose)

    def __hmac(self, key: SealedKey, algorithm: str, message: bytes) -> hmac.HMAC:
        mac = hmac.HMAC(self.__unseal(key), MAC_HASH[algorithm])
        mac.update(message)
        return mac

    def __seal(self, material: bytes, spec: str, key_id: str) -> SealedKey:
        mac = hmac.HMAC(material, hashes.SHA256())
        mac.update(b"kms_teach key material id of " + key_id.encode())
        material_id = mac.finalize().hex()
        nonce = os.urandom(NONCE_SIZE)
        return SealedKey(
            material_id, spec, nonce + self.__domain.encrypt(nonce, material, (material_id + spec).encode())
        )

    def __unseal(self, key: SealedKey) -> Any:
        """The opened material; kept open, since reading a private key takes longer than using it."""
        material = self.__open.pop(key.sealed, None)
        if material is None:
            try:
                material = load(key.spec, self.__unlock(key.sealed, _named(key)))
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


def _named(key: SealedKey) -> bytes:
    """What is sealed in with material: its id and its spec."""
    return (key.id + key.spec).encode()


def _derive(material: bytes, salt: bytes) -> bytes:
    # NIST SP 800-108 in counter mode, the derivation AWS names in "KMS Cryptographic Details"
    derivation = KBKDFHMAC(
        hashes.SHA256(), Mode.CounterMode, 32, 4, 4, CounterLocation.BeforeFixed, b"kms_teach", salt, None
    )
    return derivation.derive(material)


def _authenticated(blob: Blob, context: Mapping[str, str]) -> bytes:
    return blob.header + additional_data(context)


def _domain_key(file: Path | None, *, sealed: bool) -> bytes:
    """The key in the file. A new one is made where there is none (or an empty file, of a start that was cut short).

    sealed: something is sealed under it already, so that a new one would be of no use.
    """
    if file is None:
        return os.urandom(DOMAIN_KEY_SIZE)
    try:
        key = file.read_bytes() if file.exists() else b""
        if not key and not sealed:
            key = _new_domain_key(file)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise StoreError(f"`{file.name}`, which opens the keys, cannot be used: {why}") from None
    if len(key) != DOMAIN_KEY_SIZE:
        lost = "is not a domain key of 32 bytes" if key else "is missing or empty, and keys are sealed under it"
        raise StoreError(f"`{file.name}` {lost}: put back the file that belongs to the store")
    return key


def _new_domain_key(file: Path) -> bytes:
    """Make one and write it, whole or not at all, for its owner alone."""
    key, unfinished = os.urandom(DOMAIN_KEY_SIZE), file.with_name(file.name + ".new")
    unfinished.unlink(missing_ok=True)
    with open(unfinished, "xb", opener=partial(os.open, mode=0o600)) as new:
        new.write(key)
        new.flush()
        os.fsync(new.fileno())
    unfinished.replace(file)
    _sync_folder(file.parent)
    return key


def _sync_folder(folder: Path) -> None:
    """Let the new name in it survive a power cut: without the domain key, all that is sealed under it is lost."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
