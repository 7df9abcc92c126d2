"""What each run must come to, by hand from AWS's documents: the verdicts are those of `test_claims`."""

import pytest

from kms_teach.chapters.notes.pasted import claims
from kms_teach.teaching import exam
from tests.chapters.notes.test_claims import EXPECTED
from tests.questions import right, where

SEEDS = range(4)
FAMILIES = {family.id: family for family in exam.families() if family.chapter == "notes"}
VERDICTS = {claim.sentence: EXPECTED[claim.id] for claim in claims()}
ENDS = {  # the year and month in which each ended, from the same documents
    "AWS managed keys rotate every 1,095 days.": (2022, 5),
    "Customer managed keys rotate every 365 days.": (2024, 4),
    "A key can be rotated on demand 10 times.": (2026, 2),
    "KMS has only symmetric keys.": (2019, 11),
    "A KMS key can only encrypt or sign.": (2022, 4),
}
RIGHT_IN = {  # sentence: the Decembers in which it was right
    "S3 uses a data key of its own for every object.": range(2014, 2020),
    "S3 objects are not encrypted by default.": range(2014, 2023),
    "AWS owned keys: rotation varies.": range(2014, 2027),
    "Key material is encrypted before it is stored on disk.": range(2014, 2027),
    "You can view AWS managed keys, but not manage them.": range(2014, 2027),
    "KMS keys are symmetric or asymmetric.": range(2019, 2027),
    "A KMS key is isolated to its Region.": range(2014, 2021),
    "A KMS key can only encrypt or sign.": range(2019, 2022),
    "AWS managed keys rotate every 1,095 days.": range(2014, 2022),
    "You choose the rotation period, from 90 to 2,560 days.": range(2024, 2027),
    "A key can be rotated on demand 10 times.": range(2024, 2026),
    "Imported key material can be rotated only with a new key and an alias.": range(2014, 2025),
    "KMS does not tell when a key was last used.": range(2014, 2026),
    "AWS managed keys rotate every year.": range(2022, 2027),
    "Only symmetric keys can have imported key material.": range(2014, 2023),
    "KMS: FIPS 140-2 Level 2 validated HSMs": range(2014, 2023),
}
HOLDS = {  # API Reference, EnableKeyRotation, ReplicateKey, and Decrypt: KeyId is required for an asymmetric key
    "automatic": "symmetric",
    "replicated": ("HMAC_", "ECC_NIST_"),
    "Decrypt": "RSA_2048",
}


def true_once(verdict):
    return verdict.split(",")[0].removeprefix("true until ") if verdict.startswith("true until") else ""


def test_there_are_families_in_every_format():
    assert len(FAMILIES) >= 8
    assert {family.format for family in FAMILIES.values()} == {"one", "several", "ordering", "matching"}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_must_go_is_what_the_documents_do_not_say(seed):
    question = exam.question("sentences-to-strike", seed)
    assert set(right(question)) == {
        o for o in question.options if VERDICTS[o] == "never true" or true_once(VERDICTS[o])
    }


@pytest.mark.parametrize("wanted", ["is true today", "was true once", "was never true"])
def test_the_sentence_that_is_asked_for_is_the_one_of_that_verdict_in_the_documents(wanted):
    question = next(q for q in (exam.question("still-true", seed) for seed in range(30)) if wanted in q.words)
    verdicts = {o: "was true once" if true_once(VERDICTS[o]) else VERDICTS[o] for o in question.options}
    fits = {"is true today": "true", "was true once": "was true once", "was never true": "never true"}
    assert right(question) == [o for o in question.options if verdicts[o].startswith(fits[wanted])]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_sentence_is_matched_with_its_fate(seed):
    question = exam.question("fate-of-a-sentence", seed)
    for option, match in zip(question.options, question.answer(), strict=True):
        verdict = VERDICTS[option]
        assert question.matches[match] == ("true once" if true_once(verdict) else verdict), option


@pytest.mark.parametrize("seed", SEEDS)
def test_each_sentence_is_matched_with_the_day_on_which_it_ended(seed):
    question = exam.question("true-until-when", seed)
    for option, match in zip(question.options, question.answer(), strict=True):
        assert question.matches[match] == true_once(VERDICTS[option]), option


@pytest.mark.parametrize("seed", SEEDS)
def test_sentences_come_in_the_order_in_which_they_ended(seed):
    found = right(exam.question("order-of-ends", seed))
    assert list(found) == sorted(found, key=ENDS.get)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_has_the_sentences_that_were_right_then(seed):
    question = exam.question("right-in-that-year", seed)
    year = int(question.asked.words.partition("December ")[2][:4])
    assert set(right(question)) == {o for o in question.options if year in RIGHT_IN.get(o, ())}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sheet_is_of_the_year_in_which_both_of_its_sentences_were_right(seed):
    question = exam.question("age-of-a-sheet", seed)
    said = [sentence for sentence in RIGHT_IN if f"“{sentence}”" in question.asked.words]
    assert len(said) == 2
    years = [o for o in question.options if all(int(o[-4:]) in RIGHT_IN[sentence] for sentence in said)]
    assert right(question) == years


@pytest.mark.parametrize("words", HOLDS)
def test_what_depends_holds_for_the_key_that_is_documented(words):
    (found,) = right(where("of-which-key", words))
    assert found.startswith(HOLDS[words])


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_three_faces_or_more(name):
    family = FAMILIES[name]
    assert len({(family.question(seed).asked.words, *sorted(family.question(seed).options)) for seed in range(24)}) >= 3
