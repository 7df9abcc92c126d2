"""The pictures of signatures and secrets: what they say, from records of real calls."""

import re
from contextlib import suppress

import pytest

from kms_teach.chapters.signing.facts import Halves, Secret, longest
from kms_teach.chapters.signing.halves import halves
from kms_teach.chapters.signing.secret import secret
from kms_teach.client_side import partner
from kms_teach.client_side.partner import Pair
from kms_teach.drawing.look import LAB, NARROW, WIDE
from tests.drawing.drawn import quarrels, texts

SPECS = {
    "ECC_NIST_P256": "ECDSA_SHA_256",
    "ECC_NIST_P384": "ECDSA_SHA_384",
    "ECC_NIST_P521": "ECDSA_SHA_512",
    "ECC_NIST_EDWARDS25519": "ED25519_SHA_512",
    "ML_DSA_65": "ML_DSA_SHAKE_256",
}
STATES = [  # changed, stranger, disabled, code of Verify
    (False, False, False, ""),
    (True, False, False, "KMSInvalidSignatureException"),
    (False, True, False, ""),
    (False, False, True, "DisabledException"),
    (True, True, True, "DisabledException"),
]


def state(changed, stranger, disabled, code, spec="ECC_NIST_EDWARDS25519"):
    fits = not changed and not stranger
    return Halves(spec, 44, 14, 64, fits, 1, 1, code, changed=changed, stranger=stranger, disabled=disabled)


@pytest.fixture
def records(sim, kms):
    """GetPublicKey, Sign and Verify of one key."""
    how = {"KeyId": kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]}
    kms.get_public_key(**how)
    signed = kms.sign(Message=b"14 boats", SigningAlgorithm="ECDSA_SHA_256", **how)["Signature"]
    kms.verify(Message=b"14 boats", Signature=signed, SigningAlgorithm="ECDSA_SHA_256", **how)
    return sim.trail[-3:]


def test_the_facts_are_read_off_the_calls(records):
    given, signed, verify = records
    assert Halves.of("ECC_NIST_P256", given, signed, fits=True, verify=verify) == Halves(
        "ECC_NIST_P256", 91, 8, 72, True, checked=1, asked=1
    )
    assert Halves.of("ECC_NIST_P256", given, signed, fits=True, checked=3).asked == 0


@pytest.mark.parametrize("spec", SPECS)
def test_no_signature_is_longer_than_is_said_and_some_are_as_long(kms, spec):
    key = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    made = {len(kms.sign(KeyId=key, Message=bytes([n]), SigningAlgorithm=SPECS[spec])["Signature"]) for n in range(48)}
    assert max(made) <= longest(spec, max(made))
    if spec.startswith("ECC_NIST_P"):  # each of the two numbers has a byte more in half of all signatures
        assert max(made) == longest(spec, 0)


def test_what_a_curve_s_longest_signature_has_is_what_der_says():
    assert [longest(spec, 0) for spec in ("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521")] == [72, 104, 139]


TITLES = [
    "Two checks agree, and one needed no call",
    "The message was changed, and the signature no longer fits",
    "The wrong public key: a good signature does not fit it",
    "The key is disabled, and its signature still fits outside",
    "The message was changed, and the signature no longer fits",
]


@pytest.mark.parametrize(("which", "title"), list(zip(STATES, TITLES, strict=True)))
def test_the_title_is_the_message(which, title):
    assert halves(state(*which)).title == title


def test_where_kms_was_not_asked_the_picture_says_so():
    picture = halves(Halves("ECC_NIST_P256", 91, 14, 72, True, checked=3))
    assert picture.title == "The public half checks it, and KMS is not asked"
    assert "not asked" in texts(picture.svg)
    assert "all 3 without a call" in picture.alt


@pytest.mark.parametrize("which", STATES)
@pytest.mark.parametrize("canvas", [WIDE, LAB])
def test_a_signature_s_words_keep_apart_and_both_answers_are_drawn(which, canvas):
    facts = state(*which)
    picture = halves(facts, canvas=canvas, lines=2)
    for drawn in (picture.svg, picture.narrow):
        assert quarrels(drawn) == []
        said = " ".join(texts(drawn))
        assert ("does not fit" in said) is not facts.fits
        assert (facts.code or "SignatureValid").replace("InvalidSignatureException", "InvalidSignature") in said


def test_the_private_half_is_on_the_plate_and_no_arrow_comes_from_there():
    said = texts(halves(state(*STATES[0])).svg)
    assert said.count("private half") == 1
    assert [words for words in said if words in ("GetPublicKey, once", "Sign", "Verify")] == [
        "GetPublicKey, once",
        "Sign",
    ]


AGREED = [
    Secret("ECC_NIST_P256", "DeriveSharedSecret", 91, 91, 32, same=True),
    Secret("ML_KEM_1024", "Decapsulate", 1590, 1568, 32, same=False, bent=True),
    Secret("ML_KEM_1024", "Decapsulate", 1590, 1567, 0, code="InvalidCiphertextException", bent=True),
    Secret("ECC_NIST_P521", "DeriveSharedSecret", 158, 120, 0, code="InvalidKeyUsageException",
           message="arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab key usage is SIGN_VERIFY "
           "which is not valid for DeriveSharedSecret."),
]  # fmt: skip


@pytest.mark.parametrize("facts", AGREED)
@pytest.mark.parametrize("canvas", [WIDE, LAB])
def test_a_secret_s_words_keep_apart(facts, canvas):
    picture = secret(facts, canvas=canvas, lines=2)
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert (facts.code or f"{facts.secret} bytes") in picture.alt


@pytest.mark.parametrize("draw", [halves, secret])
def test_beside_a_lab_s_controls_every_state_is_as_high(draw):
    states = AGREED if draw is secret else [state(*which) for which in STATES]
    states += [] if draw is secret else [state(*which, spec="ECC_NIST_P256") for which in STATES]
    heights = {re.search(r'viewBox="0 0 560 (\d+)"', draw(facts, canvas=LAB, lines=2).svg)[1] for facts in states}
    assert len(heights) == 1
    assert int(heights.pop()) <= 500


def test_a_secret_is_read_off_the_calls(sim, kms):
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["KeyId"]
    public, pair = kms.get_public_key(KeyId=key)["PublicKey"], Pair()
    made = kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=pair.public_key)
    facts = Secret.of("ECC_NIST_P256", *sim.trail[-2:], same=made["SharedSecret"] == pair.agree(public))
    assert facts == AGREED[0]
    with suppress(kms.exceptions.ClientError):
        kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=Pair("ECC_NIST_P384").public_key)
    refused = Secret.of("ECC_NIST_P256", sim.trail[-3], sim.trail[-1], same=False)
    assert (refused.code, refused.secret, refused.from_partner) == ("ValidationException", 0, 120)
    assert secret(refused).title == "No secret: KMS answers ValidationException"


def test_a_flipped_encapsulation_is_told_as_two_secrets_and_no_error(sim, kms):
    key = kms.create_key(KeySpec="ML_KEM_768", KeyUsage="ENCAPSULATE_DECAPSULATE")["KeyMetadata"]["KeyId"]
    theirs, sealed = partner.encapsulate(kms.get_public_key(KeyId=key)["PublicKey"])
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    opened = kms.decapsulate(KeyId=key, SharedSecretCiphertextBlob=flipped, EncapsulationAlgorithm="ML_KEM")
    facts = Secret.of("ML_KEM_768", *sim.trail[-2:], same=opened["SharedSecret"] == theirs, bent=True)
    assert (facts.same, facts.code, facts.secret) == (False, "", 32)
    assert secret(facts).title == "No error, and the two ends hold different secrets"
    assert repr(secret(facts)) == "Secret, Decapsulate, ML_KEM_768: two different secrets"


def test_the_narrow_canvas_holds_the_longest_spec():
    picture = halves(state(*STATES[1], spec="ECC_NIST_EDWARDS25519"))
    assert f'viewBox="0 0 {NARROW} ' in picture.narrow
