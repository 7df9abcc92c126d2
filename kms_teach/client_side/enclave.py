"""A Nitro enclave, pretended: a measured image, a key pair that stays inside, documents that prove both.

All of it is the learner's own side of the boundary: the private key lies in this process, and KMS gets the public half.
The hypervisor that measures and signs is pretended as well. Its certificates lead to a test root of the simulator's,
made with the first enclave and trusted by this simulator's KMS alone; AWS's root signs for AWS's hardware only.

    PCR = SHA-384(48 zeros ‖ what is measured), as the Nitro Enclaves User Guide computes PCR3 and PCR4
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha384
from typing import Any

import cbor2
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from kms_teach.arguments import checked
from kms_teach.hsm.attestation import ES384, HALF, PCR_SIZE, signed
from kms_teach.hsm.cms import unseal
from kms_teach.hsm.sealed import SealedKey
from kms_teach.operations.recipients import ROOT
from kms_teach.service import Service

ROOT_KEY = "attestation root key"  # the store's setting with the root's private key, sealed by the HSM
AUTHORITY, HYPERVISOR = "simulated.nitro-enclaves", "hypervisor.simulated.nitro-enclaves"  # AWS's: aws.nitro-enclaves
FOREVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # "no expiration", RFC 5280, 4.1.2.5
HYPERVISOR_VALID, DOCUMENT_VALID = timedelta(days=1), timedelta(hours=3)  # as in documents of AWS's
BOOT = b"the kernel and boot files of every image here"
REGISTERS = 16


class EnclaveError(ValueError):
    """What an enclave cannot open, in one sentence."""


class Enclave:
    """An enclave that runs `image`, on an instance of a role. In debug mode image, kernel and program measure zero."""

    def __init__(self, service: Service, image: bytes, role_arn: str = "", debug: bool = False) -> None:
        self._service, self._key = service, rsa.generate_private_key(65537, 2048)
        instance = f"i-0{secrets.token_hex(8)}"
        self.module_id = f"{instance}-enc{secrets.token_hex(8)}"
        measured = {} if debug else {0: BOOT + image, 1: BOOT, 2: image}
        measured |= {4: instance.encode()} | ({3: role_arn.encode()} if role_arn else {})
        self._pcrs = {
            index: sha384(bytes(PCR_SIZE) + measured[index]).digest() if index in measured else bytes(PCR_SIZE)
            for index in range(REGISTERS)
        }

    @property
    def pcrs(self) -> Mapping[int, str]:
        """The measurements in hex, as kms:RecipientAttestation:PCR0 and the like compare them."""
        return {index: pcr.hex() for index, pcr in self._pcrs.items()}

    @property
    def root(self) -> str:
        """The certificate, PEM, that this simulator's KMS trusts documents by."""
        return _root(self._service)[0]

    @checked
    def document(self, user_data: bytes | None = None, nonce: bytes | None = None) -> bytes:
        """A new attestation document, the `AttestationDocument` of a `Recipient`. It is good for three hours."""
        now = self._service.clock.now
        root, root_key = _root(self._service)
        hypervisor, signer = (ec.generate_private_key(ec.SECP384R1()) for _ in range(2))
        host = _certificate(HYPERVISOR, hypervisor.public_key(), AUTHORITY, now, now + HYPERVISOR_VALID, path_length=0)
        leaf = _certificate(self.module_id, signer.public_key(), HYPERVISOR, now, now + DOCUMENT_VALID)
        chain = (x509.load_pem_x509_certificate(root.encode()), self._service.hsm.certify(root_key, host))
        payload = {
            "module_id": self.module_id, "digest": "SHA384", "timestamp": int(now.timestamp() * 1000),
            "pcrs": self._pcrs, "certificate": leaf.sign(hypervisor, SHA384()).public_bytes(Encoding.DER),
            "cabundle": [certificate.public_bytes(Encoding.DER) for certificate in chain],
            "public_key": self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            "user_data": user_data, "nonce": nonce,
        }  # fmt: skip
        return _sign1(signer, cbor2.dumps(payload))

    @checked
    def open(self, ciphertext_for_recipient: bytes) -> bytes:
        """What KMS sealed for this enclave. EnclaveError for anything else."""
        try:
            return unseal(self._key, ciphertext_for_recipient)
        except ValueError:
            raise EnclaveError(
                "this is not sealed for this enclave: give it the CiphertextForRecipient that answered its own document"
            ) from None

    def __repr__(self) -> str:
        return f"<enclave {self.module_id}>"


def _sign1(signer: ec.EllipticCurvePrivateKey, payload: bytes) -> bytes:
    """COSE_Sign1 with ES384, untagged, as the hypervisor writes it."""
    protected = cbor2.dumps(ES384)
    numbers = decode_dss_signature(signer.sign(signed(protected, payload), ec.ECDSA(SHA384())))
    return cbor2.dumps([protected, {}, payload, b"".join(number.to_bytes(HALF) for number in numbers)])


def _root(service: Service) -> tuple[str, SealedKey]:
    """The test root: its certificate, PEM, and its sealed private key. Made when it is first asked for."""
    store, hsm = service.store, service.hsm
    with store.transaction():
        if store.setting(ROOT) is None:
            key = hsm.generate("ECC_NIST_P384", ROOT)
            public = load_der_public_key(hsm.public_key(key))
            certificate = hsm.certify(key, _certificate(AUTHORITY, public, AUTHORITY, service.clock.now, FOREVER, 8))
            store.set(ROOT_KEY, msgspec.json.encode(key).decode())
            store.set(ROOT, certificate.public_bytes(Encoding.PEM).decode())
        return store.setting(ROOT) or "", msgspec.json.decode(store.setting(ROOT_KEY) or "", type=SealedKey)


def _certificate(
    name: str, public: Any, issuer: str, start: datetime, end: datetime, path_length: int | None = None
) -> x509.CertificateBuilder:
    """A certificate to be signed: with a path length of an authority, without one of a key that signs documents."""
    signs = path_length is not None
    usage = x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder(_name(issuer), _name(name), public, x509.random_serial_number(), start, end)
        .add_extension(x509.BasicConstraints(signs, path_length), critical=True)
        .add_extension(usage, critical=True)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, common_name)])
