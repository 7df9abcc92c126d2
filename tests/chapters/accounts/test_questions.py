"""By hand, from AWS's documents: what the run of each question of this chapter must come to."""

import pytest

from kms_teach.teaching import exam
from tests.questions import right, seeds

SEEDS = range(4)
EXPECTED = {  # beginnings of the right options
    "both-sides": ["a statement of the key policy that lets the role in", "an IAM policy of the role in account"],
    "what-a-grant-lifts": ["its IAM policies are silent", "the key policy is silent"],
}
KINDS = {  # IAM User Guide, "Troubleshoot access denied error messages"
    "What the organization leaves": "service control policy",
    "The most that was laid down": "permissions boundary",
    "What the program handed": "session policy",
    "The network's own way": "VPC endpoint policy",
    "What is attached to the role": "identity-based policy",
    "Among the key's statements": "resource-based policy",
}
REACH = {  # Organizations User Guide, "Service control policies"; KMS Developer Guide, "Resource control policies"
    "SCP": ("by an administrator", "by your root user", "by a user through EC2"),
    "RCP": ("by an administrator", "by your root user", "by a role of account", "itself"),
}
FAMILIES = [family for family in exam.families() if family.chapter == "accounts"]


def test_a_role_of_another_account_needs_the_yes_of_the_account_that_is_silent():
    for question in seeds("role-of-another-account", 6):
        silent = (
            "an IAM policy for the role in" if question.words.startswith("The policy of a key") else "a statement of"
        )
        assert [each.startswith(silent) for each in right(question)] == [True]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_run_finds_what_aws_documents(name):
    for seed in SEEDS:
        question = exam.question(name, seed)
        found = sorted(right(question))
        assert len(found) == len(EXPECTED[name]), question.words
        assert all(option.startswith(start) for option, start in zip(found, sorted(EXPECTED[name]), strict=True))
        assert not any("in your account" in option for option in found)


def test_each_gate_is_matched_with_the_kind_of_policy_that_aws_names():
    for seed in SEEDS:
        question = exam.question("gate-by-its-words", seed)
        for option, match in zip(question.options, question.answer(), strict=True):
            kind = next(kind for start, kind in KINDS.items() if option.startswith(start))
            assert question.matches[match] == f"“… because no {kind} allows …”"


def test_an_scp_stops_the_account_s_principals_and_an_rcp_whoever_uses_its_keys():
    seen = set()
    for seed in range(6):
        question = exam.question("reach-of-an-organization", seed)
        kind = "SCP" if "an SCP" in question.words else "RCP"
        found = right(question)
        assert len(found) == len(REACH[kind])
        assert all(any(part in option for option in found) for part in REACH[kind])
        seen.add(kind)
    assert seen == set(REACH)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_a_family_has_three_faces_and_more(family):
    faces = {(family.question(seed).asked.words, *sorted(family.question(seed).options)) for seed in range(24)}
    assert len(faces) >= 3


def test_a_snapshot_for_a_partner_has_a_key_of_yours_and_a_yes_of_theirs():
    for question in seeds("snapshot-for-a-partner"):  # EBS User Guide, "Share a KMS key"
        less = "`kms:*` in IAM" in question.words
        start = "a new key for copies, under a policy" if less else "a new key for copies, open to account "
        assert right(question)[0].startswith(start)


def test_a_share_leaves_it_to_iam_there_and_without_one_nobody_is_let_in():  # API Reference, GetKeyPolicy
    for question in seeds("shared-through-ram"):
        start = "those whom IAM" if "is accepted" in question.words else "nobody there"
        assert right(question)[0].startswith(start)


def test_a_service_that_calls_for_you_has_no_address_of_yours():  # IAM User Guide, aws:SourceIp
    expected = {"the same condition": "none", "a second statement": "all", "calls KMS itself": "those from the office"}
    for question in seeds("address-through-a-service"):
        assert right(question) == [next(each for words, each in expected.items() if words in question.words)]
