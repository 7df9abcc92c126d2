"""By hand, from AWS's documents: what the run of each question of this chapter must come to."""

import re

import pytest

from kms_teach.teaching import exam
from tests.questions import of_its_situation, right, seeds

SEEDS = range(6)
EXPECTED = {  # beginnings of the right options
    "name-of-another-kind": ["a symmetric "] * 2,
    "shared-across-regions": ["`EnableKeyRotation`", "`RotateKeyOnDemand`"],
}
SITUATIONS = {  # words of the situation: how the right option begins
    "name-abroad": {"denies": "`AccessDenied", "as well": "the replica encrypts", "": "`NotFoundException`"},
    "open-in-two-regions": {"must not open": "a key in ", "must open": "a multi-Region key and its replica"},
    "name-to-free": {"within minutes": "`DeleteAlias`", "must be gone": "`ScheduleKeyDeletion`"},
    "keep-it-in-the-union": {
        "to no other Region": "`kms:ReplicateKey`, unless", "the primary must stay": "`kms:UpdatePrimaryRegion`",
        "none of these may have a replica": "`kms:ReplicateKey`, if",
    },
    "first-region-fails": {"drill": "`EnableKey`", "third Region": "`UpdatePrimaryRegion`", "fails": "nothing"},
}  # fmt: skip
ERRORS = {  # from the API Reference
    "`Encrypt` in ": "`NotFoundException`",
    "`Decrypt` in ": "`AccessDeniedException`",
    "`ReplicateKey` in ": "`UnsupportedOperationException`",
    "`CreateAlias` in ": "`AlreadyExistsException`",
}
STEPS = ("`CreateKey` in ", "`ReplicateKey` in ", "`CreateAlias` in ", "`Encrypt` in ")
OURS = [family for family in exam.families() if family.chapter == "aliases"]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_run_finds_what_aws_documents(name):
    for seed in SEEDS:
        question = exam.question(name, seed)
        found = sorted(right(question))
        assert len(found) == len(EXPECTED[name]), question.words
        assert all(option.startswith(start) for option, start in zip(found, sorted(EXPECTED[name]), strict=True))


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_situation_decides(name):
    for question in seeds(name):
        assert right(question)[0].startswith(of_its_situation(question, SITUATIONS[name])), question.words


def test_a_key_that_goes_before_its_name_is_wanted_goes_in_time():
    for question in seeds("name-to-free"):
        days = sorted(int(each.split("with ")[1].split()[0]) for each in question.options if "with" in each)
        assert right(question)[0] in ("`DeleteAlias`", f"`ScheduleKeyDeletion`, with {days[0]} days")


def test_each_call_is_matched_with_the_error_that_aws_documents():
    for seed in SEEDS:
        question = exam.question("error-across-regions", seed)
        for option, match in zip(question.options, question.answer(), strict=True):
            assert question.matches[match] == next(m for start, m in ERRORS.items() if option.startswith(start))


def test_a_key_comes_abroad_in_one_order():
    for seed in (1, 2):
        found = right(exam.question("bring-it-abroad", seed))
        assert all(step.startswith(start) for step, start in zip(found, STEPS, strict=True))


@pytest.mark.parametrize("family", OURS, ids=lambda family: family.id)
def test_a_family_has_three_faces_and_more(family):
    faces = {(family.question(seed).asked.words, *sorted(family.question(seed).options)) for seed in range(24)}
    assert len(faces) >= 3


def test_a_name_is_moved_and_the_old_key_stays_unless_its_data_must_close():
    for seed in SEEDS:
        question = exam.question("swap-the-key", seed)
        closes, same = "must not be decrypted" in question.words, "under the same key id" in question.words
        start = "`RotateKeyOnDemand`" if same else "`UpdateAlias`, and" if closes else "`UpdateAlias`"
        assert right(question) == [next(option for option in sorted(question.options) if option.startswith(start))]


def test_a_condition_on_names_fits_the_names_that_a_key_has_now():
    for seed in SEEDS:
        question = exam.question("moved-with-its-right", seed)
        value = question.words.split("the value `")[1].split("`")[0]
        end = "nothing" if value == "*" else "-2`" if value.endswith("-*") else "moves to the data's key"
        assert [option.endswith(end) for option in right(question)] == [True]


def test_a_primary_goes_when_its_replicas_are_gone():  # Developer Guide, "Deleting multi-Region keys"
    for question in seeds("primary-first", 12):
        words = question.words
        short = re.search(r"with [2-6] days", words)  # API Reference, ScheduleKeyDeletion: 7 to 30 days
        end = "work on" if short else "works on" if "Update" in words else "are deleted" if "each" in words else ""
        (found,) = right(question)
        assert found.endswith(end)
        assert ("waits" in found) == (not end)
        assert found.startswith("the keys" if end in ("work on", "are deleted") else "the key in")
