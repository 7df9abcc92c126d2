"""How an answer is sealed for an enclave: CMS EnvelopedData (RFC 5652), which its private key alone opens.

    CiphertextForRecipient = EnvelopedData: the recipient, named by SHA-256(its public key, DER);
                             RSAES-OAEP-SHA-256(a fresh AES key) ‖ AES-256-CBC(that key, plaintext)

AWS writes the same structure in BER of indefinite length; this is DER, which every reader of BER takes.
"""

import os
from hashlib import sha256
from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import ObjectIdentifier

from kms_teach.hsm.algorithms import RSA_PADDING

OAEP = RSA_PADDING["RSAES_OAEP_SHA_256"]
KEY_SIZE = 32  # bytes: AES-256
BLOCK = 128  # bits of AES
VERSION = 2  # of a recipient that is named by a key identifier, and of the whole: RFC 5652, 6.1 and 6.2.1

ENVELOPED, DATA = ObjectIdentifier("1.2.840.113549.1.7.3"), ObjectIdentifier("1.2.840.113549.1.7.1")
RSAES_OAEP, MGF1 = ObjectIdentifier("1.2.840.113549.1.1.7"), ObjectIdentifier("1.2.840.113549.1.1.8")
SHA_256, AES_256_CBC = ObjectIdentifier("2.16.840.1.101.3.4.2.1"), ObjectIdentifier("2.16.840.1.101.3.4.1.42")


@asn1.sequence
class HashAlgorithm:
    algorithm: ObjectIdentifier
    parameters: asn1.Null


@asn1.sequence
class MaskAlgorithm:
    algorithm: ObjectIdentifier
    parameters: HashAlgorithm


@asn1.sequence
class OaepParameters:
    hash: Annotated[HashAlgorithm, asn1.Explicit(0)]
    mask: Annotated[MaskAlgorithm, asn1.Explicit(1)]


@asn1.sequence
class KeyEncryption:
    algorithm: ObjectIdentifier
    parameters: OaepParameters


@asn1.sequence
class KeyTransRecipientInfo:
    version: int
    subject_key_identifier: Annotated[bytes, asn1.Implicit(0)]
    key_encryption: KeyEncryption
    encrypted_key: bytes


@asn1.sequence
class ContentEncryption:
    algorithm: ObjectIdentifier
    iv: bytes


@asn1.sequence
class EncryptedContentInfo:
    content_type: ObjectIdentifier
    content_encryption: ContentEncryption
    encrypted_content: Annotated[bytes, asn1.Implicit(0)]


@asn1.sequence
class EnvelopedData:
    version: int
    recipients: asn1.SetOf[KeyTransRecipientInfo]
    content: EncryptedContentInfo


@asn1.sequence
class ContentInfo:
    content_type: ObjectIdentifier
    content: Annotated[EnvelopedData, asn1.Explicit(0)]


def seal(public: bytes, plaintext: bytes) -> bytes:
    """Encrypt for who holds the private key. public: an RSA key, DER SubjectPublicKeyInfo.

    Safe although CBC authenticates nothing: the key is fresh each time, and who alters the ciphertext learns nothing
    from an enclave that keeps its errors to itself; the bytes come over TLS, from KMS.
    """
    key, iv = os.urandom(KEY_SIZE), os.urandom(BLOCK // 8)
    recipient = load_der_public_key(public)
    assert isinstance(recipient, RSAPublicKey)
    padder, encryptor = PKCS7(BLOCK).padder(), Cipher(AES(key), CBC(iv)).encryptor()
    content = encryptor.update(padder.update(plaintext) + padder.finalize()) + encryptor.finalize()
    info = KeyTransRecipientInfo(
        version=VERSION, subject_key_identifier=sha256(public).digest(),
        key_encryption=_oaep(), encrypted_key=recipient.encrypt(key, OAEP),
    )  # fmt: skip
    encrypted = EncryptedContentInfo(
        content_type=DATA, content_encryption=ContentEncryption(algorithm=AES_256_CBC, iv=iv),
        encrypted_content=content,
    )  # fmt: skip
    data = EnvelopedData(version=VERSION, recipients=asn1.SetOf([info]), content=encrypted)
    return asn1.encode_der(ContentInfo(content_type=ENVELOPED, content=data))


def unseal(private: RSAPrivateKey, sealed: bytes) -> bytes:
    """Undo `seal`; ValueError for anything else, or for another's."""
    data = asn1.decode_der(ContentInfo, sealed).content
    (recipient,) = data.recipients.as_list()
    key = private.decrypt(recipient.encrypted_key, OAEP)
    decryptor = Cipher(AES(key), CBC(data.content.content_encryption.iv)).decryptor()
    unpadder = PKCS7(BLOCK).unpadder()
    padded = decryptor.update(data.content.encrypted_content) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def _oaep() -> KeyEncryption:
    hashed = HashAlgorithm(algorithm=SHA_256, parameters=asn1.Null())
    mask = MaskAlgorithm(algorithm=MGF1, parameters=hashed)
    return KeyEncryption(algorithm=RSAES_OAEP, parameters=OaepParameters(hash=hashed, mask=mask))
