"""A Nitro hypervisor of the tests' own, by cbor2 and pyca alone: it signs what it is told to, right or wrong."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
P384 = ec.SECP384R1()
KEYS = {name: ec.generate_private_key(P384) for name in ("root", "host", "signer", "other")}
ENCLAVE = rsa.generate_private_key(65537, 2048)
PCRS = {index: bytes([index]) * 48 for index in range(16)}

_PUBLISHED = json.loads(Path(__file__).with_name("from_aws.json").read_text())
AWS_DOCUMENT = base64.b64decode(_PUBLISHED["document"])
AWS_ANSWER = base64.b64decode(_PUBLISHED["answer"])
AWS_PLAINTEXT = bytes.fromhex(_PUBLISHED["plaintext"])
AWS_KEY = load_der_private_key(base64.b64decode(_PUBLISHED["private_key"]), None)
AWS_ROOT = "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b"  # SHA-256, as AWS publishes it


def spki(private):
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def usage(*true):
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**{name: name in true for name in names})


def certificate(subject, key, issuer, by, *, ca, length=None, key_usage=None, start=NOW, end=NOW + 3 * HOUR):
    """A certificate; `key` and `by` are private keys. key_usage: other names of bits than the right ones."""
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in (issuer, subject)]
    bits = key_usage or ("key_cert_sign" if ca else "digital_signature",)
    builder = x509.CertificateBuilder(*names, key.public_key(), x509.random_serial_number(), start, end)
    builder = builder.add_extension(x509.BasicConstraints(ca, length), critical=True)
    return builder.add_extension(usage(*bits), critical=True).sign(by, hashes.SHA384())


def chain(root=None, host=None, leaf=None):
    """The three certificates; each dict says what is other than right."""
    return (
        certificate(**{"subject": "root", "key": KEYS["root"], "issuer": "root", "by": KEYS["root"], "ca": True} | (root or {})),
        certificate(**{"subject": "host", "key": KEYS["host"], "issuer": "root", "by": KEYS["root"], "ca": True} | (host or {})),
        certificate(**{"subject": "leaf", "key": KEYS["signer"], "issuer": "host", "by": KEYS["host"], "ca": False} | (leaf or {})),
    )  # fmt: skip


CHAIN = chain()
ROOT = CHAIN[0].public_bytes(Encoding.PEM).decode()


def payload(certificates=CHAIN, **other):
    """The document; `other` members replace its own, and those that are `...` are left out."""
    *bundle, leaf = (one.public_bytes(Encoding.DER) for one in certificates)
    members = {
        "module_id": "i-0123456789abcdef0-enc0123456789abcdef", "digest": "SHA384", "timestamp": 1767225600000,
        "pcrs": PCRS, "certificate": leaf, "cabundle": bundle, "public_key": spki(ENCLAVE), "user_data": None,
        "nonce": None,
    } | other  # fmt: skip
    return {name: value for name, value in members.items() if value is not ...}


def sign1(body, signer=KEYS["signer"], algorithm=-35, hash_=None, context="Signature1", half=48):
    """COSE_Sign1 over a body, which is bytes or becomes CBOR."""
    body = body if isinstance(body, bytes) else cbor2.dumps(body)
    protected = cbor2.dumps({1: algorithm})
    signature = signer.sign(cbor2.dumps([context, protected, b"", body]), ec.ECDSA(hash_ or hashes.SHA384()))
    numbers = b"".join(number.to_bytes(half) for number in decode_dss_signature(signature))
    return cbor2.dumps([protected, {}, body, numbers])
