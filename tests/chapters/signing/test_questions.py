"""What the runs of this chapter's questions find, beside what AWS documents, by hand."""

import pytest

from kms_teach.teaching import exam
from tests.questions import right, seeds, where

SEEDS = range(4)
MATCHES = {
    "a receipt that anybody can check": "`SIGN_VERIFY`",
    "a token that only your own service checks": "`GENERATE_VERIFY_MAC`",
    "a session secret with a device": "`KEY_AGREEMENT`",
    "a password that is stored unreadable": "`ENCRYPT_DECRYPT`",
    "`Verify`, and a letter": "`KMSInvalidSignatureException`",
    "`VerifyMac`, and a letter": "`KMSInvalidMacException`",
    "`Sign` with `DIGEST`": "`ValidationException`",
    "`Sign` with an HMAC key": "`InvalidKeyUsageException`",
    "`Verify` with a key that is disabled": "`DisabledException`",
}
ORDER = ("you call `CreateKey`", "you call `GetPublicKey`", "the sender makes a pair", "you call `DeriveSharedSecret`")
MINE = [family for family in exam.families() if family.chapter == "signing"]
CHOSEN = [family for family in MINE if family.id == "key-for-a-secret"]


def needed_by(words):
    """The key for a partner: of the partner's curve to agree, of the curve that signs by the hash to sign."""
    if "to agree" in words:
        return f"{words.split('public key of ')[1].split(',')[0]}, for `KEY_AGREEMENT`"
    spec = next(spec for hash_, spec in (("256", "P256"), ("384", "P384"), ("512", "P521")) if f"SHA_{hash_}" in words)
    return f"ECC_NIST_{spec}, for `SIGN_VERIFY`"


@pytest.mark.parametrize("family", CHOSEN, ids=lambda family: family.id)
def test_the_run_finds_what_aws_documents(family):
    for seed in SEEDS:
        question = family.question(seed)
        assert [option.startswith(needed_by(question.words)) for option in right(question)] == [True]


@pytest.mark.parametrize(
    ("name", "words", "start"),
    [
        # API Reference, Encrypt: a context with symmetric keys alone; Developer Guide, "Download public key"
        ("which-takes-a-context", "callers that name", "SYMMETRIC_DEFAULT"),
        ("which-takes-a-context", "send you notes", "RSA_2048"),
        ("which-takes-a-context", "comes from you", "ECC_NIST_P256"),
        # API Reference, Sign: 4,096 bytes of a raw message; ED25519_SHA_512 takes `RAW` alone
        ("sign-what-is-large", "its signature with ECDSA_SHA_256", "`Sign` with `MessageType` `DIGEST`"),
        ("sign-what-is-large", "its signature with ECDSA_SHA_384", "`Sign` with `MessageType` `DIGEST`"),
        ("sign-what-is-large", "ED25519", "`Sign` with `MessageType` `RAW`, and all of it"),
        ("sign-what-is-large", "has only its first", "`Sign` with `MessageType` `RAW`, and its first"),
        # CloudTrail User Guide, "CloudTrail record contents"
        ("hybrid-in-the-trail", "post-quantum", "`tlsDetails.keyExchange`"),
        ("hybrid-in-the-trail", "from outside", "`sourceIPAddress`"),
        ("hybrid-in-the-trail", "128 bits", "`requestParameters`"),
    ],
)
def test_the_situation_decides(name, words, start):
    assert [option.startswith(start) for option in right(where(name, words))] == [True]


@pytest.mark.parametrize("name", ["usage-for-a-job", "error-of-a-check"])
def test_each_is_matched_with_what_aws_documents(name):
    for seed in SEEDS:
        question = exam.question(name, seed)
        for option, match in zip(question.options, question.answer(), strict=True):
            assert question.matches[match] == next(m for start, m in MATCHES.items() if option.startswith(start))


def test_the_steps_come_in_the_order_in_which_each_makes_what_the_next_needs():
    question = exam.question("sealed-for-you", 0)
    assert all(question.options[at].startswith(start) for at, start in zip(question.answer(), ORDER, strict=True))


@pytest.mark.parametrize("family", MINE, ids=lambda family: family.id)
def test_a_family_has_three_faces_at_least(family):
    faces = {(family.question(seed).asked.words, *sorted(family.question(seed).options)) for seed in range(24)}
    assert len(faces) >= 3


def test_all_four_formats_are_asked():
    assert len(MINE) >= 8
    assert {family.format for family in MINE} == {"one", "several", "ordering", "matching"}


def test_a_partner_needs_the_public_half_of_the_key_that_does_the_rest():
    usages = {"check that": "SIGN_VERIFY", "only you can open": "ENCRYPT_DECRYPT", "a secret": "KEY_AGREEMENT"}
    for seed in SEEDS:
        question = exam.question("partner-checks", seed)
        usage = next(usage for words, usage in usages.items() if words in question.words)
        assert [option.endswith(f"`{usage}`") for option in right(question)] == [True]


def test_state_ends_verify_and_never_the_public_key():
    for seed in SEEDS:
        question = exam.question("checked-when-disabled", seed)
        ended = "`DisableKey`" in question.words or "`ScheduleKeyDeletion`" in question.words
        assert right(question) == [f"by the public key, {'not' if ended else 'and'} by `Verify`"]


def test_a_public_half_checks_encrypts_and_agrees():
    for seed in SEEDS:
        question = exam.question("without-kms", seed)
        starts = ("check a signature", "encrypt for you", "agree on a secret")
        assert sorted(right(question)) == sorted(option for option in question.options if option.startswith(starts))


@pytest.mark.parametrize(
    ("now", "other"),
    [("symmetric", "a single-Region SYMMETRIC_DEFAULT"), ("HMAC_512", "an HMAC_256"), ("signatures", "for `SIGN_"),
     ("shared secrets", "for `KEY_")],
)  # fmt: skip
def test_an_alias_goes_on_to_a_key_of_its_type_and_usage(now, other):  # API Reference, UpdateAlias
    questions = (exam.question("same-alias-another-kind", seed) for seed in range(30))
    (option,) = right(next(question for question in questions if f"{now}" in question.words))
    assert other in option


def test_a_pair_is_made_anew_and_a_symmetric_key_rotates():
    for question in seeds("new-key-pair-every-year"):
        start = "`CreateKey` and" if "key pair" in question.words else "`EnableKeyRotation`"
        assert right(question)[0].startswith(start)


def test_an_enclave_an_address_and_a_service_have_each_a_condition_key():
    keys = {  # Developer Guide, "Condition keys for attested platforms" and kms:ViaService; IAM User Guide, aws:SourceIp
        "inside a Nitro enclave": "`kms:RecipientAttestation:ImageSha384`", "on one instance": "`aws:SourceIp`",
        "an EBS volume": "`kms:ViaService`",
    }  # fmt: skip
    for question in seeds("only-that-image"):
        (found,) = right(question)
        assert found.startswith(next(key for words, key in keys.items() if words in question.words))
