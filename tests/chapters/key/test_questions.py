"""By hand, from AWS's documents: what the run of each question of this chapter must come to."""

import pytest

from kms_teach.teaching import exam
from tests.questions import right, seeds

SEEDS = range(6)
EXPECTED = {  # beginnings of the right options
    "names-from-afar": ["the key's ARN", "the alias's ARN"],
}
LISTED = ("was disabled", "waits for its deletion", "service that you used", "a minute ago")  # of these ListKeys tells
PLAIN = ("`GenerateDataKey`", "`GenerateDataKeyPair`", "`GetPublicKey` of an ")
USAGES = {
    "a program encrypts": "`ENCRYPT_DECRYPT`",
    "customers check": "`SIGN_VERIFY`",
    "a web server": "`GENERATE_VERIFY_MAC`",
    "two partners": "`KEY_AGREEMENT`",
}
STEPS = ("call `CreateKey`", "call `CreateAlias`", ("call `Encrypt`", "call `Sign`", "call `GenerateMac`"),
         ("call `Decrypt`", "call `Verify`", "call `VerifyMac`"))  # fmt: skip
OURS = [family for family in exam.families() if family.chapter == "key"]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_run_finds_what_aws_documents(name):
    for seed in SEEDS:
        question = exam.question(name, seed)
        found = sorted(right(question), key=lambda option: "alias" in option)
        assert len(found) == len(EXPECTED[name]), question.words
        assert all(option.startswith(start) for option, start in zip(found, EXPECTED[name], strict=True))


def test_list_keys_tells_of_all_keys_of_one_account_and_region_whatever_their_state():
    for seed in SEEDS:
        question = exam.question("which-are-listed", seed)
        assert set(right(question)) == {o for o in question.options if any(words in o for words in LISTED)}


def test_a_key_comes_out_in_plaintext_where_it_is_a_data_key_or_a_public_half():
    for seed in SEEDS:
        question = exam.question("keys-in-plaintext", seed)
        assert set(right(question)) == {o for o in question.options if o.startswith(PLAIN)}


def test_each_job_is_matched_with_the_usage_that_aws_documents():
    for seed in SEEDS:
        question = exam.question("usage-to-choose", seed)
        for option, match in zip(question.options, question.answer(), strict=True):
            assert question.matches[match] == next(m for start, m in USAGES.items() if option.startswith(start))


def test_a_first_letter_is_written_and_read_in_one_order():
    for seed in (1, 2):
        found = right(exam.question("first-letter", seed))
        assert all(step.startswith(start) for step, start in zip(found, STEPS, strict=True))


def test_every_family_is_here():
    others = {"which-are-listed", "keys-in-plaintext", "usage-to-choose", "first-letter", "key-in-another-region"}
    others |= {"off-switch", "share-a-managed-key", "made-for-another-use"}
    others |= {"how-many-keys", "spec-for-the-job", "to-the-other-account"}  # test_design_questions.py
    assert {family.id for family in OURS} == {*EXPECTED, *others}


@pytest.mark.parametrize("family", OURS, ids=lambda family: family.id)
def test_a_family_has_three_faces_and_more(family):
    faces = {(family.question(seed).asked.words, *sorted(family.question(seed).options)) for seed in range(24)}
    assert len(faces) >= 3


def test_a_replica_opens_what_its_primary_sealed_and_nothing_else_does_from_afar():
    for question in seeds("key-in-another-region"):
        region = question.words.split("A program in ")[1].split()[0]
        where = region if "replica" in question.words else "us-east-1"
        (option,) = right(question)
        assert option.startswith(f"it calls `Decrypt` in {where}")


def test_what_nobody_here_may_change_is_managed_by_aws():
    for question in seeds("off-switch", 8):
        sure = "be sure that nobody" in question.words
        assert right(question)[0].startswith("the AWS managed key" if sure else "a customer managed key")


def test_a_key_takes_every_algorithm_of_the_usage_that_it_was_made_for():  # API Reference, CreateKey, KeyUsage
    for question in seeds("made-for-another-use", 8):
        made, needed = ("SIGN" in question.words, "must sign" in question.words)
        assert right(question)[0].startswith(
            "call `CreateKey`" if made != needed else "call `Sign`" if needed else "call `Encrypt`"
        )


def test_a_key_of_ones_own_is_shared_by_its_policy_or_by_a_grant_and_no_managed_key_is():
    for question in seeds("share-a-managed-key", 8):  # Developer Guide, "Allowing users in other accounts", "Grants"
        own = "One role" in question.words
        start = "encrypt a copy" if "AWS managed" in question.words else "give a role" if own else "let the partner's"
        assert right(question)[0].startswith(start)
