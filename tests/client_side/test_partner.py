"""The partner's side against KMS's: what one makes, the other checks, opens or agrees on."""

import pytest

from kms_teach.client_side import partner
from kms_teach.client_side.partner import Pair, PartnerError

KEYS = {
    "ECC_NIST_P256": "ECDSA_SHA_256", "ECC_NIST_P384": "ECDSA_SHA_384", "ECC_NIST_P521": "ECDSA_SHA_512",
    "ECC_NIST_EDWARDS25519": "ED25519_SHA_512", "ML_DSA_44": "ML_DSA_SHAKE_256", "ML_DSA_87": "ML_DSA_SHAKE_256",
}  # fmt: skip
RSA = [f"RSASSA_{padding}_SHA_{bits}" for padding in ("PKCS1_V1_5", "PSS") for bits in (256, 384, 512)]


def made(kms, spec, usage):
    key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
    return key, kms.get_public_key(KeyId=key)["PublicKey"]


@pytest.mark.parametrize("spec", KEYS)
def test_a_signature_of_kms_is_checked_without_kms(kms, spec):
    key, public = made(kms, spec, "SIGN_VERIFY")
    signed = kms.sign(KeyId=key, Message=b"14 boats", SigningAlgorithm=KEYS[spec])["Signature"]
    assert partner.verifies(public, KEYS[spec], b"14 boats", signed)
    assert not partner.verifies(public, KEYS[spec], b"15 boats", signed)
    assert not partner.verifies(made(kms, spec, "SIGN_VERIFY")[1], KEYS[spec], b"14 boats", signed)


def test_every_algorithm_of_rsa_is_checked(kms):
    key, public = made(kms, "RSA_2048", "SIGN_VERIFY")
    for algorithm in RSA:
        signed = kms.sign(KeyId=key, Message=b"14 boats", SigningAlgorithm=algorithm)["Signature"]
        assert partner.verifies(public, algorithm, b"14 boats", signed)
        assert not partner.verifies(public, RSA[RSA.index(algorithm) - 1], b"14 boats", signed)


def test_what_the_partner_encrypts_kms_decrypts(kms):
    key, public = made(kms, "RSA_2048", "ENCRYPT_DECRYPT")
    blob = partner.encrypt(public, b"a reply")
    answer = kms.decrypt(KeyId=key, CiphertextBlob=blob, EncryptionAlgorithm="RSAES_OAEP_SHA_256")
    assert answer["Plaintext"] == b"a reply"


@pytest.mark.parametrize("spec", partner.CURVES)
def test_both_come_to_the_same_secret(kms, spec):
    key, public = made(kms, spec, "KEY_AGREEMENT")
    pair = Pair(spec)
    derived = kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=pair.public_key)
    assert derived["SharedSecret"] == pair.agree(public)


def test_a_key_of_another_curve_or_of_no_kind_is_answered_in_a_sentence(kms):
    _, public = made(kms, "ECC_NIST_P384", "KEY_AGREEMENT")
    with pytest.raises(PartnerError, match="another curve"):
        Pair("ECC_NIST_P256").agree(public)
    with pytest.raises(PartnerError, match="cannot load"):
        partner.verifies(b"no key", "ECDSA_SHA_256", b"m", b"s")


def test_what_the_partner_encapsulates_kms_opens(kms):
    key, public = made(kms, "ML_KEM_768", "ENCAPSULATE_DECAPSULATE")
    secret, encapsulated = partner.encapsulate(public)
    opened = kms.decapsulate(KeyId=key, SharedSecretCiphertextBlob=encapsulated, EncapsulationAlgorithm="ML_KEM")
    assert opened["SharedSecret"] == secret


def test_a_hybrid_handshake_sends_what_the_draft_says():
    (lattice, point), same = partner.handshake()
    assert same
    assert (lattice.client, lattice.server, lattice.secret) == (1184, 1088, 32)  # FIPS 203, table 3
    assert (point.client, point.server, point.secret) == (32, 32, 32)  # RFC 7748
    assert (lattice.client + point.client, lattice.server + point.server) == (1216, 1120)  # draft-ietf-tls-ecdhe-mlkem


def test_an_older_pyca_is_answered_in_a_sentence(monkeypatch):
    monkeypatch.setattr(partner, "mlkem", None)
    with pytest.raises(PartnerError, match="has no ML-KEM"):
        partner.handshake()
