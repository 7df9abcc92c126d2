"""By hand, from AWS's documents: what the run of each question of this chapter must come to."""

from itertools import pairwise

import pytest

from kms_teach.teaching import exam
from tests.questions import right, seeds, where

SEEDS = range(3)
EXPECTED = {  # what the right options begin with
    "what-counts-as-a-use": {"`ReEncrypt`", "`GenerateDataKey`"},
    "not-among-the-free-ones": {"`Sign`", "`GenerateDataKeyPair`"},
}
IN_AN_EVENT = {
    "the encryption context": True, "the ARN of the KMS key": True, "the address that the call came from": True,
    "the ciphertext": False, "the policy statement that allowed it": False,
}  # fmt: skip
CALLERS = {
    "`Encrypt`": "the user's name", "`CreateKey`": "`root`", "`RotateKey`": "AWS itself",
    "`GenerateDataKey`": "the user, and the service that called",
}  # fmt: skip
PLACES = {"the key rotates": "KMS itself", "HSMs of its own": "a CloudHSM", "the key stays": "an external"}
STEPS = ("CreateCustomKeyStore", "ConnectCustomKeyStore", "CreateKey", "Encrypt")
OURS = [family for family in exam.families() if family.chapter == "watching"]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_run_finds_what_aws_documents(name):
    for seed in SEEDS:
        found, expected = right(exam.question(name, seed)), EXPECTED[name]
        assert len(found) == len(expected)
        assert all(any(option.startswith(words) for option in found) for words in expected)


@pytest.mark.parametrize(
    ("asked", "call"),
    [("last used", "GetKeyLastUsage"), ("on demand", "ListKeyRotations"), ("six users", "LookupEvents"),
     ("can be used now", "DescribeKey")],
)  # fmt: skip
def test_each_thing_asked_of_a_key_has_its_call(asked, call):
    question = next(q for q in (exam.question("used-long-ago", seed) for seed in range(20)) if asked in q.words)
    assert right(question)[0].startswith(f"`{call}`")


@pytest.mark.parametrize(
    ("name", "words", "start"),
    [
        ("look-up-a-deletion", "neither who nor when", "`EventName` = `ScheduleKeyDeletion`"),
        ("look-up-a-deletion", "when it was gone", "`EventName` = `DeleteKey`"),
        ("look-up-a-deletion", "with another key", "`ResourceName`"),
        ("error-of-a-cut-key", "disconnects", "`KMSInvalidStateException`"),
        ("error-of-a-cut-key", "disables", "`DisabledException`"),
        ("error-of-a-cut-key", "no longer allows", "`AccessDeniedException`"),
        ("error-of-a-cut-key", "are over", "`NotFoundException`"),
        # Developer Guide, "Request quotas": by account, Region and operation; the caller's is spent
        (
            "shared-quota",
            "of account 111122223333 calls `Encrypt`",
            "a program of account 111122223333 that calls `Enc",
        ),
        ("shared-quota", "In us-east-1 a", "a program of account 111122223333 that calls `Encrypt` in us-east-1"),
        (
            "shared-quota",
            "of account 444455556666 calls `Encrypt`",
            "a program of account 444455556666 that calls `Enc",
        ),
        ("shared-quota", "calls `DisableKey`", "a program of account 111122223333 that calls `DisableKey`"),
        ("fewest-requests", "may share", "call `GenerateDataKey` once"),
        ("fewest-requests", "of its own", "call `GenerateDataKey` for each message"),
        ("fewest-requests", "in the program's memory", "call `Encrypt` for each message"),
    ],
)
def test_what_happened_decides(name, words, start):
    assert right(where(name, words))[0].startswith(start)


def test_a_session_of_a_role_is_paid_by_the_account_of_the_role():
    for question in seeds("who-pays-the-request", 10):
        assert ("reader" in right(question)[0]) == ("their own user" in question.words)


def test_an_aws_managed_key_and_one_that_waits_for_its_deletion_are_kept_for_nothing():  # AWS KMS pricing
    free = ("an AWS managed key", "a key whose deletion is scheduled")
    for question in seeds("stored-for-nothing", 10):
        expected = {o for o in question.options if o.startswith(free) == ("cost nothing" in question.words)}
        assert set(right(question)) == expected


def test_keys_and_replicas_and_two_rotations_are_paid_a_dollar_each():
    for seed in range(6):
        question = exam.question("what-the-keys-cost", seed)
        words = question.words.split()
        plain, replicas = int(words[3]), next(int(n) for n, w in pairwise(words) if w.startswith("replica"))
        assert right(question) == [f"${plain + 1 + 2 + 1 + replicas}"]


def test_an_event_holds_neither_text_nor_bytes_nor_the_statement_that_allowed():
    for seed in range(6):
        question = exam.question("what-an-event-holds", seed)
        found = right(question)
        assert all((option in found) is IN_AN_EVENT.get(option, False) for option in question.options)


def test_each_event_is_matched_with_its_caller():
    question = exam.question("who-is-in-the-event", 1)
    for option, match in zip(question.options, question.answer(), strict=True):
        assert question.matches[match] == CALLERS[option]


def test_each_need_is_matched_with_the_place_that_aws_documents():
    question = exam.question("where-the-key-may-live", 1)
    for option, match in zip(question.options, question.answer(), strict=True):
        assert question.matches[match].startswith(next(PLACES[words] for words in PLACES if option.startswith(words)))


def test_a_key_store_is_made_and_connected_before_its_first_key():
    found = right(exam.question("into-an-external-key-store", 1))
    assert all(step in words for words, step in zip(found, STEPS, strict=True))


def test_of_a_key_that_is_cut_off_only_what_describes_it_is_at_hand():
    for seed in range(3):
        question = exam.question("cut-off-key-store", seed)
        starts = ("`DescribeKey`", "`GetKeyPolicy`", "`Decrypt` with another key")
        assert set(right(question)) == {option for option in question.options if option.startswith(starts)}


def test_every_family_is_here():
    others = {"cut-off-key-store", "what-the-keys-cost", "what-an-event-holds", "who-is-in-the-event", "where-the-key-may-live",
              "into-an-external-key-store", "used-long-ago", "look-up-a-deletion",
              "error-of-a-cut-key", "shared-quota", "who-pays-the-request", "fewest-requests", "stored-for-nothing"}  # fmt: skip
    assert {family.id for family in OURS} == {*EXPECTED, *others}


@pytest.mark.parametrize("family", OURS, ids=lambda family: family.id)
def test_a_family_has_three_faces_and_more(family):
    faces = {(family.question(seed).asked.words, *sorted(family.question(seed).options)) for seed in range(24)}
    assert len(faces) >= 3
