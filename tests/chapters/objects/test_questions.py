"""By hand, from AWS's documents: what the run of each question of this chapter must come to."""

import pytest

from kms_teach.teaching import exam
from tests.questions import right, seeds

SEEDS = range(4)
EXPECTED = {  # words of the one right option
    "new-default-old-objects": "call `UpdateObjectEncryption`",
    "fewer-calls": "a bucket key",
    "neighbour-and-aws-managed-key": "store the object under a customer managed key",
}
READS = {"IAM allows `s3:GetObject` and `kms:Decrypt`", "the bucket policy allows `s3:GetObject`, IAM `kms:Decrypt`"}
SENDS = {
    "store an object": "`GenerateDataKey`", "read an object": "`Decrypt`", "list the bucket": "none",
    "delete an object": "none",
}  # fmt: skip
STEPS = ("create a new", "call `UpdateObjectEncryption`", "disable the old", "read `")
OURS = [family for family in exam.families() if family.chapter == "objects"]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_run_finds_what_aws_documents(name):
    for seed in SEEDS:
        (found,) = right(exam.question(name, seed))
        assert found.startswith(EXPECTED[name])


def test_the_action_that_the_message_names_is_missing_in_iam():
    for question in seeds("which-yes-is-missing"):
        named = question.words.split("not authorized to perform ")[1].split(",")[0]
        assert right(question) == [f"{named}, allowed in IAM"]


def test_a_key_that_is_switched_off_closes_what_is_under_it_and_nothing_else():
    for question in seeds("switched-off-key"):
        assert f"{right(question)[0]} by SSE-KMS with that key" in question.words


def test_two_yeses_from_any_two_places_are_enough_to_read():
    for seed in SEEDS:
        assert set(right(exam.question("who-reads-the-object", seed))) == READS


def test_with_a_bucket_key_the_context_is_the_buckets_arn():
    for seed in SEEDS:
        (found,) = right(exam.question("condition-with-a-bucket-key", seed))
        assert "/" not in found


def test_each_deed_is_matched_with_the_call_that_aws_documents():
    for seed in SEEDS:
        question = exam.question("calls-behind-s3", seed)
        for option, match in zip(question.options, question.answer(), strict=True):
            assert question.matches[match] == SENDS[option]


def test_an_object_moves_before_its_old_key_is_switched_off():
    for seed in (1, 2):
        found = right(exam.question("order-of-a-move", seed))
        assert all(step.startswith(start) for step, start in zip(found, STEPS, strict=True))


@pytest.mark.parametrize("family", OURS, ids=lambda family: family.id)
def test_a_family_has_three_faces_and_more(family):
    faces = {(family.question(seed).asked.words, *sorted(family.question(seed).options)) for seed in range(24)}
    assert len(faces) >= 3
