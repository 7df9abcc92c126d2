"""What an attestation document proves: which enclave asks, by its measurements, and which public key it has.

    document = COSE_Sign1 (RFC 9052): CBOR [protected, unprotected, payload, signature(96)]; protected = CBOR {1: -35}
    payload  = CBOR map with the members of `Document`; its `certificate` signed it, its `cabundle` leads to the root

Members, limits and checks are those of "Nitro Enclaves Attestation Process" (aws-nitro-enclaves-nsm-api), 2.2 and 3.2.
As at AWS nothing is remembered: a document is good again and again, until its certificate expires some hours later.
"""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import cbor2
import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)
from msgspec import Meta, Struct

from kms_teach.errors import ValidationException

ES384 = {1: -35}  # COSE's header `alg`, and its number for ECDSA with SHA-384
HALF = 48  # bytes of each of the two numbers of a signature on P-384
PCR_SIZE = 48  # bytes of SHA-384
RSA_SIZES = (2048, 3072, 4096)  # bits; the key pairs that AWS's SDK for enclaves makes

Der = Annotated[bytes, Meta(min_length=1, max_length=1024)]
Free = Annotated[bytes, Meta(max_length=1024)]
Pcr = Annotated[bytes, Meta(min_length=PCR_SIZE, max_length=PCR_SIZE)]
SIGN1 = tuple[bytes, dict[Any, Any], bytes, Annotated[bytes, Meta(min_length=2 * HALF, max_length=2 * HALF)]]
UNTRUE = (cbor2.CBORDecodeError, InvalidSignature, UnsupportedAlgorithm, ValueError, VerificationError)


class Document(Struct, frozen=True, kw_only=True):
    """The payload. The hypervisor writes null for what the enclave did not give."""

    module_id: Annotated[str, Meta(min_length=1)]
    digest: Literal["SHA384"]
    timestamp: Annotated[int, Meta(gt=0)]  # ms since 1970
    pcrs: Annotated[dict[Annotated[int, Meta(ge=0, lt=32)], Pcr], Meta(min_length=1)]
    certificate: Der
    cabundle: Annotated[list[Der], Meta(min_length=1)]
    public_key: Der | None = None
    user_data: Free | None = None
    nonce: Free | None = None


def verified(data: bytes, root: str, now: datetime) -> Document:
    """The document, when it is whole, signed, and its certificates lead to `root` (PEM); else ValidationException."""
    try:
        protected, _, payload, signature = msgspec.convert(_decode(data), SIGN1, builtin_types=(bytes,))
        if _decode(protected) != ES384:
            raise ValueError("signed with another algorithm")
        document = msgspec.convert(_decode(payload), Document, builtin_types=(bytes,))
        signer = _signer(document, x509.load_pem_x509_certificate(root.encode()), now)
        numbers = (int.from_bytes(half) for half in (signature[:HALF], signature[HALF:]))
        signer.verify(encode_dss_signature(*numbers), signed(protected, payload), ec.ECDSA(SHA384()))
    except UNTRUE:
        raise ValidationException from None
    return document


def signed(protected: bytes, payload: bytes) -> bytes:
    """What the signature is over: COSE's Sig_structure, without external data."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def recipient(document: Document) -> bytes:
    """The enclave's RSA public key, DER SubjectPublicKeyInfo. ValidationException when there is none of the sizes."""
    try:
        key = load_der_public_key(document.public_key or b"")
    except UNTRUE:
        raise ValidationException from None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in RSA_SIZES:
        raise ValidationException
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def conditions(document: Document) -> Mapping[str, str]:
    """The values of kms:RecipientAttestation:…, in lower-case hex; ImageSha384 is another name of PCR0."""
    registers = {f"PCR{index}": pcr.hex() for index, pcr in document.pcrs.items()}
    return registers | ({"ImageSha384": registers["PCR0"]} if "PCR0" in registers else {})


def _decode(data: bytes) -> Any:
    """The one CBOR value that `data` is; no key twice, and nothing after it."""
    source = io.BytesIO(data)
    value = cbor2.load(source, allow_duplicate_keys=False)
    if source.tell() != len(data):
        raise ValueError("bytes after the end")
    return value


def _signer(document: Document, root: x509.Certificate, now: datetime) -> ec.EllipticCurvePublicKey:
    """The key of the document's certificate, once its chain was followed to the root: RFC 5280, by pyca."""
    verifier = PolicyBuilder().store(Store([root])).time(now).extension_policies(ca_policy=CA, ee_policy=LEAF)
    leaf, *others = (x509.load_der_x509_certificate(der) for der in (document.certificate, *document.cabundle))
    verifier.build_client_verifier().verify(leaf, others)
    key = leaf.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP384R1):
        raise ValueError("not a key for ES384")
    return key


def _signs_certificates(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if not (usage and usage.key_cert_sign):
        raise ValueError("not a key to sign certificates with")


def _signs_documents(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if not (usage and usage.digital_signature):
        raise ValueError("not a key to sign documents with")


def _is_no_authority(_: Policy, __: x509.Certificate, constraints: x509.BasicConstraints | None) -> None:
    if constraints and constraints.ca:
        raise ValueError("an authority signs no documents")


# Beside validity, signatures, path length and unknown critical extensions, which pyca checks of itself (3.2.3).
ANY, AGNOSTIC = ExtensionPolicy.permit_all(), Criticality.AGNOSTIC
CA = ANY.require_present(x509.BasicConstraints, AGNOSTIC, None).require_present(
    x509.KeyUsage, AGNOSTIC, _signs_certificates
)
LEAF = ANY.require_present(x509.BasicConstraints, AGNOSTIC, _is_no_authority).require_present(
    x509.KeyUsage, AGNOSTIC, _signs_documents
)
