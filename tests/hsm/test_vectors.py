"""Foreign eyes: what NIST, the RFCs and pyca published, through the HSM and its seal."""

import hashlib
import itertools

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, mlkem, rsa, utils

from kms_teach.errors import (
    InvalidCiphertextException,
    KMSInvalidMacException,
    KMSInvalidSignatureException,
    ValidationException,
)
from kms_teach.hsm.algorithms import CURVES, dump
from kms_teach.hsm.boundary import Hsm
from tests.hsm.vectors import lines, number, octets, rows

HSM = Hsm()


def sealed(spec, material):
    """A published key, under the seal of this HSM."""
    return HSM._Hsm__seal(dump(material), spec, "a key id")


def rsa_key(row):
    """The sealed key of a row with n, e, d, p and q."""
    n, e, d, p, q = (number(row[name]) for name in "nedpq")
    private = rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), rsa.RSAPublicNumbers(e, n)
    )
    return sealed(f"RSA_{n.bit_length()}", private.private_key(unsafe_skip_rsa_key_validation=True))


@pytest.mark.parametrize("bits", [224, 256, 384, 512])
def test_hmac_gives_the_macs_of_rfc_4231(bits):
    tried = 0
    for row in rows(f"HMAC/rfc-4231-sha{bits}.txt", "MD"):
        key, mac = sealed(f"HMAC_{bits}", octets(row["Key"])), octets(row["MD"])
        whole = HSM.mac(key, f"HMAC_SHA_{bits}", octets(row["Msg"]))
        assert whole.startswith(mac)
        HSM.verify_mac(key, f"HMAC_SHA_{bits}", octets(row["Msg"]), whole)
        with pytest.raises(KMSInvalidMacException):
            HSM.verify_mac(key, f"HMAC_SHA_{bits}", octets(row["Msg"]), whole[:-1])
        tried += 1
    assert tried >= 6


def test_rsa_pkcs1_gives_nists_signatures_and_refuses_what_nist_spoiled():
    good = bad = 0
    for row in rows("asymmetric/RSA/FIPS_186-2/SigVer15_186-3.rsp", "Result", "mod = 2048", "mod = 3072"):
        bits = row["SHAAlg"].removeprefix("SHA")
        if bits not in {"256", "384", "512"} or row["Result"].startswith("F (2"):  # the key's e, not the signature
            continue
        key, message, signature = rsa_key(row), octets(row["Msg"]), octets(row["S"])
        call = key, f"RSASSA_PKCS1_V1_5_SHA_{bits}", "RAW", message
        if row["Result"].startswith("P"):
            assert HSM.sign(*call) == signature
            HSM.verify(*call, signature)
            good += 1
        else:
            with pytest.raises(KMSInvalidSignatureException):
                HSM.verify(*call, signature)
            bad += 1
    assert (good, bad) == (18, 72)


@pytest.mark.parametrize(
    ("algorithm", "path"),
    [
        ("RSAES_OAEP_SHA_1", "asymmetric/RSA/pkcs-1v2-1d2-vec/oaep-vect.txt"),
        ("RSAES_OAEP_SHA_256", "asymmetric/RSA/oaep-custom/oaep-sha256-sha256.txt"),
    ],
)
def test_rsa_oaep_opens_the_published_ciphertexts(algorithm, path):
    examples = list(oaep(path))
    for key, message, ciphertext in examples:
        assert HSM.decrypt_rsa(key, algorithm, ciphertext) == message
        with pytest.raises(InvalidCiphertextException):
            HSM.decrypt_rsa(key, algorithm, ciphertext[:-1] + bytes([ciphertext[-1] ^ 1]))
    assert len(examples) == 60


def oaep(path):
    """Each key with a message and its ciphertext. A part stands in the lines under its title, `# Title:`."""
    parts, title = {}, ""
    for line in [*lines(path), "# End"]:
        if line.startswith("#"):
            if title == "encryption":
                key = rsa_key({name: parts[part] for name, part in OAEP_PARTS})
                yield key, octets(parts["message"]), octets(parts["encryption"])
            title = line.strip("# :").lower().removesuffix(" to be encrypted")
            parts[title] = ""
        elif not line.startswith("="):
            parts[title] = parts.get(title, "") + line.replace(" ", "")


OAEP_PARTS = [("n", "modulus"), ("e", "public exponent"), ("d", "exponent"), ("p", "prime 1"), ("q", "prime 2")]


@pytest.mark.parametrize(
    ("spec", "bits", "file", "heading"),
    [
        ("ECC_NIST_P256", 256, "FIPS_186-3", "P-256,SHA-256"),
        ("ECC_NIST_P384", 384, "FIPS_186-3", "P-384,SHA-384"),
        ("ECC_NIST_P521", 512, "FIPS_186-3", "P-521,SHA-512"),
        ("ECC_SECG_P256K1", 256, "SECP256K1", "K-256,SHA-256"),
    ],
)
def test_ecdsa_accepts_nists_signatures_of_the_message_and_of_its_digest(spec, bits, file, heading):
    tried = 0
    for row in rows(f"asymmetric/ECDSA/{file}/SigGen.txt", "S", heading):
        key = sealed(spec, ec.derive_private_key(number(row["d"]), CURVES[spec]()))
        signature = utils.encode_dss_signature(number(row["R"]), number(row["S"]))
        message = octets(row["Msg"])
        digest = hashlib.new(f"sha{bits}", message).digest()
        HSM.verify(key, f"ECDSA_SHA_{bits}", "RAW", message, signature)
        HSM.verify(key, f"ECDSA_SHA_{bits}", "DIGEST", digest, signature)
        with pytest.raises(KMSInvalidSignatureException):
            HSM.verify(key, f"ECDSA_SHA_{bits}", "RAW", digest, signature)
        tried += 1
    assert tried >= 10


def test_ed25519_gives_the_signatures_that_its_authors_published():
    for line in itertools.islice(lines("asymmetric/Ed25519/sign.input"), 100):
        private_public, public, message, signature_message, _ = line.split(":")
        key = sealed("ECC_NIST_EDWARDS25519", ed25519.Ed25519PrivateKey.from_private_bytes(octets(private_public)[:32]))
        signature = octets(signature_message)[:64]
        assert HSM.sign(key, "ED25519_SHA_512", "RAW", octets(message)) == signature
        HSM.verify(key, "ED25519_SHA_512", "RAW", octets(message), signature)
        assert HSM.public_key(key).endswith(octets(public))


@pytest.mark.parametrize(
    ("spec", "make"),
    [
        ("ML_DSA_44", mldsa.MLDSA44PrivateKey),
        ("ML_DSA_65", mldsa.MLDSA65PrivateKey),
        ("ML_DSA_87", mldsa.MLDSA87PrivateKey),
    ],
)
def test_ml_dsa_accepts_the_known_answers_by_their_external_mu(spec, make):
    tried = 0
    for row in rows(f"asymmetric/MLDSA/kat_{spec.replace('ML_DSA', 'MLDSA')}_det_pure.rsp", "ctx"):
        key = sealed(spec, make.from_seed_bytes(octets(row["xi"])))
        public, message, context = octets(row["pk"]), octets(row["msg"]), octets(row["ctx"])
        signature = octets(row["sm"])[: int(row["smlen"]) - int(row["mlen"])]
        assert HSM.public_key(key).endswith(public)
        # FIPS 204, algorithms 2 and 7: mu = H(H(pk, 64) || 0 || |ctx| || ctx || M, 64)
        tagged = hashlib.shake_256(public).digest(64) + bytes([0, len(context)]) + context + message
        HSM.verify(key, "ML_DSA_SHAKE_256", "EXTERNAL_MU", hashlib.shake_256(tagged).digest(64), signature)
        with pytest.raises(KMSInvalidSignatureException):  # KMS signs with an empty context
            HSM.verify(key, "ML_DSA_SHAKE_256", "RAW", message, signature)
        tried += 1
    assert tried >= 50


@pytest.mark.parametrize(
    ("spec", "make"), [("ML_KEM_768", mlkem.MLKEM768PrivateKey), ("ML_KEM_1024", mlkem.MLKEM1024PrivateKey)]
)
def test_ml_kem_gives_the_known_secrets_and_the_known_ones_of_implicit_rejection(spec, make):
    tried = 0
    for row in rows(f"asymmetric/MLKEM/kat_{spec.replace('ML_KEM', 'MLKEM')}.rsp", "ss"):
        key = sealed(spec, make.from_seed_bytes(octets(row["d"] + row["z"])))
        assert HSM.public_key(key).endswith(octets(row["pk"]))
        assert HSM.decapsulate(key, octets(row["ct"])) == octets(row["ss"])
        assert HSM.decapsulate(key, octets(row["ct_n"])) == octets(row["ss_n"])
        tried += 1
    assert tried >= 50


@pytest.mark.parametrize(
    ("spec", "heading"),
    [("ECC_NIST_P256", "EC - SHA256"), ("ECC_NIST_P384", "ED - SHA384"), ("ECC_NIST_P521", "EE - SHA512")],
)
@pytest.mark.parametrize("side", ["init", "resp"])
def test_ecdh_gives_nists_raw_secret_and_refuses_points_off_the_curve(spec, heading, side):
    curve, tried = CURVES[spec](), set()
    size = (curve.key_size + 7) // 8
    prefix = HSM.public_key(HSM.generate(spec, "a key id"))[: -2 * size]
    for row in rows(f"asymmetric/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_{side}.fax", "Result", heading):
        outcome = row["Result"][:4]
        peer = prefix + number(row["QsCAVSx"]).to_bytes(size) + number(row["QsCAVSy"]).to_bytes(size)
        if outcome in {"F (5", "F (6", "F (7"}:  # the other side's own key was spoiled
            continue
        key = sealed(spec, ec.derive_private_key(number(row["dsIUT"]), curve))
        if outcome in {"F (1", "F (2"}:
            with pytest.raises(ValidationException):
                HSM.agree(key, peer)
        else:
            assert (HSM.agree(key, peer) == number(row["Z"]).to_bytes(size)) == outcome.startswith("P")
        tried.add(outcome)
    assert tried >= {"P (0", "F (1", "F (2", "F (8"}


def test_a_sealed_private_key_is_pkcs8_in_seed_form_where_there_is_one():
    for spec, size in (("ML_DSA_87", 54), ("ML_KEM_1024", 86), ("ECC_NIST_EDWARDS25519", 48)):
        private, _ = HSM.pair(spec)
        assert len(private) == size
        assert serialization.load_der_private_key(private, None)
