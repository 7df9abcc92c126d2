"""By hand, from AWS's documents: what the run of each question of this chapter must come to."""

import pytest

from kms_teach.teaching import exam
from tests.questions import of_its_situation, right, seeds, where

SEEDS = range(4)
READS = {  # what IAM must allow, by who says yes already
    "policy allows {} `s3:GetObject`": ("kms:",),
    "policy allows {} `kms:Decrypt`": ("s3:",),
    "": ("s3:", "kms:"),
}
SENDS = {
    "store an object": "`GenerateDataKey`", "read an object": "`Decrypt`", "list the bucket": "none",
    "delete an object": "none",
}  # fmt: skip
STEPS = ("create a new", "call `UpdateObjectEncryption`", "disable the old", "read `")
OURS = [family for family in exam.families() if family.chapter == "objects"]


def test_the_action_that_the_message_names_is_missing_in_iam():
    seen = set()
    for question in seeds("which-yes-is-missing", 12):
        named = question.words.split("not authorized to perform ")[1].split(",")[0]
        own = "in the bucket policy" if "s3:" in named else "in the key policy"
        (found,) = right(question)
        assert found in {f"{named}, allowed in the IAM policy", f"{named}, allowed {own}"}
        seen.add(found)
    assert len(seen) == 4


def test_a_key_that_is_switched_off_closes_what_is_under_it_and_nothing_else():
    for question in seeds("switched-off-key"):
        assert f"{right(question)[0]} by SSE-KMS with that key" in question.words


def test_two_yeses_from_any_two_places_are_enough_to_read():
    seen = set()
    for question in seeds("who-reads-the-object", 12):
        name = question.words.split(", can ")[1].split()[0]
        needed = of_its_situation(question, {words.format(name): services for words, services in READS.items()})
        assert set(right(question)) == {o for o in question.options if all(service in o for service in needed)}
        seen.add(needed)
    assert seen == set(READS.values())


def test_with_a_bucket_key_the_context_is_the_buckets_arn_and_else_the_objects():
    for question in seeds("condition-with-a-bucket-key"):
        (found,) = right(question)
        assert found.endswith("/note`") == ("has no bucket key" in question.words)
        assert "*" not in found


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


@pytest.mark.parametrize(
    ("name", "words", "start"),
    [
        ("new-default-old-objects", "these are to come", "call `UpdateObjectEncryption`"),
        ("new-default-old-objects", "where they stay", "make the new key the bucket's default"),
        ("new-default-old-objects", "to ask KMS less", "switch the bucket key on"),
        ("neighbour-and-aws-managed-key", "under `aws/s3`", "store the object under another"),
        ("neighbour-and-aws-managed-key", "key of yours", "let the neighbour decrypt, in the policy"),
        ("fewer-calls", "makes them fewer", "a bucket key"),
        ("fewer-calls", "new key material every year", "automatic rotation"),
        ("fewer-calls", "storing a key", "`aws/s3`"),
    ],
)
def test_what_is_wanted_decides(name, words, start):
    assert right(where(name, words))[0].startswith(start)
