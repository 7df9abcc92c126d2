"""By hand, from AWS's documents and the sizes of ECDSA: what proves what, who checks it, and with which permission."""

import re

from tests.questions import matched, right, seeds

DER = {"ECC_NIST_P256": 72, "ECC_NIST_P384": 104, "ECC_NIST_P521": 139}  # bytes at most
FITS = ("`Verify` of the message, as `RAW`", "`Verify` of the message's hash, as `DIGEST`", "a program that has")
PROOFS = {
    "may be able to make one": "`Sign` with a curve, and a check by the public key",
    "32 bytes, and KMS is not": "HMAC by a data key, and a check by the same data key",
    "32 bytes, and each check": "`GenerateMac`, and a check by `VerifyMac`",
    "other companies can check": "`Sign` with a curve, and a check by `Verify`",
}
PERMISSIONS = {
    "An office": "`kms:Sign`", "A server lets KMS tell whether a seal": "`kms:Verify`", "A web page": "`kms:GetPublicKey`",
    "A server lets KMS tell whether a short": "`kms:VerifyMac`", "A till": "`kms:GenerateMac`",
}  # fmt: skip
DESIGNS = {
    "cannot be reached, and a code has 32 bytes": "a multi-Region HMAC key",
    "32 bytes, and no second KMS key": "which programs in",
    "cannot be reached, and no second KMS key": "an ECC key",
}


def test_the_largest_curve_is_the_one_whose_longest_signature_fits():
    for question in seeds("room-for-a-signature"):
        room = int(re.search(r"room for (\d+) bytes", question.words).group(1))
        fitting = [curve for curve, size in DER.items() if size <= room]
        assert right(question) == (fitting[-1:] or ["none of the three"])


def test_raw_and_digest_are_two_ways_to_the_same_signature():
    for question in seeds("one-signature"):
        assert set(right(question)) == {option for option in question.options if option.startswith(FITS)}


def test_each_wish_is_met_by_one_kind_of_proof():
    for question in seeds("proof-of-many"):
        assert right(question) == [next(proof for words, proof in PROOFS.items() if words in question.words)]


def test_signing_checking_and_publishing_are_permissions_of_their_own():
    for question in seeds("permission-for-a-proof"):
        for job, permission in matched(question).items():
            assert permission == next(right for start, right in PERMISSIONS.items() if job.startswith(start))


def test_a_code_is_checked_abroad_by_a_replica_by_a_call_or_by_a_public_key():
    for question in seeds("code-in-two-regions"):
        design = next(design for words, design in DESIGNS.items() if words in question.words)
        assert [design in option for option in right(question)] == [True]
