"""The chapter on one page."""

from contextlib import suppress

import pytest

from kms_teach.chapters.signing.facts import Sizes
from kms_teach.chapters.signing.page import SigningFacts, signing_page
from kms_teach.client_side.partner import Pair
from tests.drawing.drawn import quarrels, texts


@pytest.fixture
def facts(sim, kms):
    def called(call, **sent):
        with suppress(kms.exceptions.ClientError):
            call(**sent)
        return sim.trail[-1]

    def made(spec, usage):
        return kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]

    pair, hmac, agree = made("ECC_NIST_P256", "SIGN_VERIFY"), made("HMAC_256", "GENERATE_VERIFY_MAC"), made(
        "ECC_NIST_P256", "KEY_AGREEMENT"
    )  # fmt: skip
    rsa, how = made("RSA_2048", "ENCRYPT_DECRYPT"), {"KeyId": pair, "SigningAlgorithm": "ECDSA_SHA_256"}
    given = called(kms.get_public_key, KeyId=pair)
    signed = kms.sign(Message=b"14 boats", **how)["Signature"]
    kms.disable_key(KeyId=pair)
    off = called(kms.verify, Message=b"14 boats", Signature=signed, **how)
    kms.enable_key(KeyId=pair)
    code = kms.generate_mac(KeyId=hmac, Message=b"m", MacAlgorithm="HMAC_SHA_256")["Mac"]
    return SigningFacts.of(
        given, off, True, called(kms.verify_mac, KeyId=hmac, Message=b"m", Mac=code, MacAlgorithm="HMAC_SHA_256"),
        called(kms.get_public_key, KeyId=hmac), called(kms.enable_key_rotation, KeyId=pair),
        called(kms.encrypt, KeyId=rsa, Plaintext=b"m", EncryptionContext={"a": "b"},
               EncryptionAlgorithm="RSAES_OAEP_SHA_256"),
        called(kms.derive_shared_secret, KeyId=agree, KeyAgreementAlgorithm="ECDH", PublicKey=Pair().public_key),
        Sizes.of(list(sim.trail)),
    )  # fmt: skip


def test_the_page_is_made_of_the_calls(facts):
    assert (facts.public, facts.secret, facts.old, facts.new) == (91, 32, 72, 3309)
    assert facts.rows == (
        (("the partner", True, "it fits"), ("Verify", False, "DisabledException")),
        (("VerifyMac", True, "MacValid"), ("GetPublicKey", False, "UnsupportedOperationException")),
        (("rotation", False, "UnsupportedOperationException"), ("a context", False, "ValidationException")),
    )


def test_every_panel_is_drawn_with_its_evidence(facts):
    picture = signing_page(facts)
    for drawn in (picture.svg, picture.narrow):
        assert quarrels(drawn) == []
        said = " ".join(texts(drawn))
        for message, evidence in facts.panels:
            assert message in said
            assert evidence in said
            assert f"{message}: {evidence}" in picture.alt
