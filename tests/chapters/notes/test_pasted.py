"""Sentences as cram sheets have them, in other words than the claims': each finds its claim, or none."""

import pytest

from kms_teach.chapters.notes.pasted import LONGEST, MOST, claims, lines, made_by

KNOWN = {  # a sentence: the claim that it makes
    "AWS-managed CMKs are rotated automatically every three years": "managed-three-years",
    "AWS managed keys: automatic rotation every 3 years (1,095 days), required": "managed-three-years",
    "AWS managed keys are automatically rotated once a year.": "managed-every-year",
    "Customer-managed CMK: automatic rotation every 365 days": "customer-every-year",
    "With customer managed keys, rotation takes place once per year": "customer-every-year",
    "Rotation period is configurable between 90 and 2560 days": "period-of-your-choice",
    "After rotation, all existing data gets re-encrypted with the new material": "rotation-reencrypts",
    "Key rotation re-encrypts every object in your bucket.": "rotation-reencrypts",
    "All previous backing keys are retained for decrypting old data": "old-material-stays",
    "Rotating the CMK makes a stolen data key useless": "rotation-cuts-off",
    "On-demand rotation makes a brand-new KMS key.": "on-demand-new-key",
    "BYOK keys: rotation only manually, via a new CMK + alias swap": "imported-new-key",
    "On-demand rotation is limited to ten times per key": "ten-on-demand",
    "RSA keys are rotated automatically too": "asymmetric-rotate",
    "CMK = Customer Master Key": "master-key",
    "KMS is FIPS 140-2 compliant": "fips-140-2",
    "HSMs certified to FIPS 140-2 L2": "fips-level-2",
    "Your keys can never leave KMS": "never-leave",
    "CMKs don't leave the HSM": "never-leave",
    "Each KMS key is confined to one region": "one-region",
    "A multi-region key is a single global key shared by all regions": "one-global-key",
    "Aliases are regional": "alias-per-region",
    "The same alias works across regions": "alias-everywhere",
    "Encrypt API: max 4KB": "four-kb",
    "You can encrypt at most 4096 bytes with the Encrypt call": "four-kb",
    "GenerateDataKey lets KMS encrypt more than 4 kilobytes": "big-data",
    "S3 generates a unique data encryption key per object": "key-per-object",
    "By default objects in S3 aren't encrypted": "plain-by-default",
    "You must pass the key ID to Decrypt": "key-id-needed",
    "Encryption context is encrypted and confidential": "secret-context",
    "Any administrator can use all KMS keys": "admin-uses-all",
    "Principal root in a key policy gives everyone in the account access": "root-is-everyone",
    "The creator of a key always has access to the key": "creator-always",
    "For cross-account access it's enough that one account allows it": "one-side",
    "Grants take effect immediately": "grant-at-once",
    "KMS keys can be deleted immediately": "deleted-now",
    "Key deletion has a waiting period of 7 to 30 days": "waiting-period",
    "Cancelling deletion puts the key back to enabled": "cancelled-restores",
    "Only symmetric CMKs support imported key material": "imported-symmetric",
    "KMS doesn't show you when a key was last used": "no-last-use",
    "Domain 5 Data Protection makes up 32% of SCS-C03": "data-protection-32",
    "Customer managed keys cost $1/month each": "dollar-a-month",
    "Rotation does not re-encrypt old data": "rotation-keeps-data",
    "Asymmetric keys cannot be rotated automatically": "asymmetric-not-automatic",
    "AWS managed keys cannot be shared with another account": "managed-stay-home",
    "KMS keys can not be deleted immediately": "not-at-once",
}
UNKNOWN = (  # about the same things, and yet another sentence: another number, a denial, another key, a hedge, a question
    "• AWS managed keys – rotated every year, you can't change this",
    "AWS managed keys are not rotated every three years",
    "AWS managed keys used to rotate every 3 years",
    "AWS managed keys rotate every two years",
    "AWS owned keys rotate every three years",
    "Customer managed keys rotate every 3 years",
    "Do AWS managed keys rotate every 3 years?",
    "Customer managed keys can be rotated every 180 days",
    "Encrypt takes up to 8 KB",
    "Secrets Manager rotates secrets every 30 days",
    "Deleting a key takes 14 days",
    "Parameter Store standard values are up to 4 KB",
    "S3 Bucket Keys reduce KMS calls by 99%",
    "CloudHSM is FIPS 140-2 Level 3",
    "An alias can be moved to another key",
    "On-demand rotation can be done 25 times per key",
    "Imported key material can be rotated on demand",
    "AWS KMS is a managed service.",
    "Only customer managed keys can be shared across accounts",
    "Grants take effect immediately if you pass the grant token",
    "Data keys never leave KMS in plaintext",
    "Use a bucket policy to require SSE-KMS",
    "ACM certificates rotate automatically every year",
    "Multi-Region keys are not global",
    "DynamoDB uses a data key per table, S3 per object?",
    "The root user of the account has access to billing",
    "CloudTrail keeps events for 90 days, and you pay for every rotation of logs",
    "GenerateDataKey lets your program encrypt more than 4 KB on the client side",
    "AWS KMS costs nothing for AWS managed keys, $1 a month for yours",
)


def found(sheet):
    return [line.claim.id if line.claim else None for line in lines(sheet)]


@pytest.mark.parametrize("sentence", KNOWN)
def test_a_sentence_in_other_words_finds_its_claim(sentence):
    assert found(sentence) == [KNOWN[sentence]]


@pytest.mark.parametrize("sentence", UNKNOWN)
def test_a_sentence_that_says_something_else_finds_none(sentence):
    assert made_by(sentence) is None


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_every_wording_of_a_claim_finds_it_and_no_other(claim):
    for sentence in claim.sentences:
        assert [each.id for each in claims() if each.words.fit(sentence)] == [claim.id], sentence


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_a_claim_denied_or_asked_is_not_that_claim(claim):
    for sentence in claim.sentences:
        plain = sentence.rstrip(".")
        assert made_by(f"It is false that {plain}.") is not claim or claim.words.negated
        assert made_by(f"{plain}?") is None
        assert made_by(f"Until 2019: {plain}.") is None


def test_a_sheet_of_many_lines_is_taken_apart_and_each_line_is_looked_up_once():
    sheet = "# KMS\n- Grants take effect immediately\n2. Encrypt API: max 4KB. Some cats are black.\n\nGrants take effect immediately"
    assert [line.sentence for line in lines(sheet)] == [
        "KMS", "Grants take effect immediately", "Encrypt API: max 4KB.", "Some cats are black.",
    ]  # fmt: skip
    assert found(sheet) == [None, "grant-at-once", "four-kb", None]


@pytest.mark.parametrize("sheet", ["", " \n ", "-\n-", "a" * (LONGEST + 1), "\n".join(map(str, range(MOST + 1)))])
def test_a_sheet_that_is_empty_or_too_long_is_answered_in_a_sentence(sheet):
    with pytest.raises(ValueError, match="paste"):
        lines(sheet)


def test_a_sentence_that_two_claims_would_fit_makes_none():
    twice = "Rotating a key re-encrypts the old data, and old backing keys are kept"
    assert len([claim.id for claim in claims() if claim.words.fit(twice)]) == 2
    assert made_by(twice) is None
