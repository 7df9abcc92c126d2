"""By hand, from AWS's documents: what the designs of this chapter's questions come to."""

import re

from tests.questions import right, seeds

SPEC_OF = {  # by what the words of a goal ask for
    "without a network": "RSA_2048, for `ENCRYPT_DECRYPT`",
    "one KMS call for each": "SYMMETRIC_DEFAULT, for `ENCRYPT_DECRYPT`",
    "comes from you": "ECC_NIST_P256, for `SIGN_VERIFY`",
    "a true one from a forged one": "HMAC_256, for `GENERATE_VERIFY_MAC`",
}


def test_each_key_and_each_replica_is_on_the_bill_and_no_alias():
    for question in seeds("how-many-keys"):
        teams, regions = map(int, re.match(r"(\d+) teams of a company work in (\d+) Regions", question.words).groups())
        assert right(question) == [str(teams * regions)]


def test_the_key_of_a_ciphertext_asks_for_re_encrypt_from_and_the_new_one_for_re_encrypt_to():
    for question in seeds("to-the-other-account"):
        old, new, away = re.search(
            r"key in account (\d+) to a key in account (\d+),.*policy in account (\d+)", question.words
        ).groups()
        in_one = "one call of `ReEncrypt`" in question.words
        asked = {old: "ReEncryptFrom", new: "ReEncryptTo"} if in_one else {old: "Decrypt", new: "Encrypt"}
        assert right(question) == [f"`kms:{asked[away]}`"]


def test_each_goal_has_the_spec_that_aws_documents_for_it():
    for question in seeds("spec-for-the-job"):
        goal = next(goal for goal in SPEC_OF if goal in question.words)
        assert right(question) == [SPEC_OF[goal]]
