"""The whole bank of questions, in one seed whose runs other tests use too; tests/long/bank.py does it with fifty."""

import pytest

from kms_teach.teaching import exam
from kms_teach.teaching.question import DIFFICULTIES, SUBJECTS
from tests.guessers import GUESSERS, bones, gain, matching_gain, ordering_gain, share
from tests.questions import played

SEEDS = (1,)
FACES = range(24)
FEWEST_FACES = 3
SLACK = 10  # points of a hundred: one seed of each family leaves that much to chance
FAMILIES = exam.families()


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_a_family_asks_really_different_questions(family):
    """Without a run: what is right is left out, so that families whose right options change have more faces still."""
    questions = [family.question(seed) for seed in FACES]
    faces = {bones(question.asked.words, question.options, frozenset()) for question in questions}
    assert len(faces) >= FEWEST_FACES, faces


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_the_run_finds_as_many_right_options_as_the_format_has(family):
    for seed in SEEDS:
        question = played(family.id, seed)
        assert len(set(question.options)) == len(question.options)
        assert len(set(question.matches)) == len(question.matches)
        answer = question.answer()
        if family.format == "one":
            assert len(answer) == 1
        elif family.format == "several":
            assert 2 <= len(answer) < len(question.options)
        else:
            assert len(answer) == len(question.options)


@pytest.mark.parametrize("name", GUESSERS)
def test_who_reads_only_the_words_gains_little(name):
    gains = []
    for family in FAMILIES:
        if family.format in ("one", "several"):
            for seed in SEEDS:
                question = played(family.id, seed)
                gains.append(gain(GUESSERS[name], question.asked.words, question.options, question.answer()))
    assert abs(sum(gains) / len(gains)) <= SLACK


def test_matchings_and_orderings_are_not_told_by_their_words_either():
    matchings = [played(family.id, seed) for family in FAMILIES if family.format == "matching" for seed in SEEDS]
    gains = [matching_gain(question.options, question.matches, question.answer()) for question in matchings]
    assert abs(sum(gains) / len(gains)) <= 2 * SLACK
    orderings = [played(family.id, seed) for family in FAMILIES if family.format == "ordering" for seed in SEEDS]
    gains = [ordering_gain([len(option) for option in each.options], each.answer()) for each in orderings]
    assert abs(sum(gains) / len(gains)) <= 3 * SLACK


def test_the_bank_has_all_formats_subjects_and_difficulties():
    formats = [family.format for family in FAMILIES]
    assert len(formats) >= 150
    assert 0.4 <= formats.count("one") / len(formats) <= 0.6
    assert {family.subject for family in FAMILIES} >= set(SUBJECTS)
    assert {family.difficulty for family in FAMILIES} == set(DIFFICULTIES)


@pytest.mark.parametrize(
    ("scores", "right", "expected"),
    [
        ([3, 1, 1, 1], {0}, 1),
        ([3, 1, 1, 1], {1}, 0),
        ([1, 1, 1, 1], {2}, 0.25),
        ([2, 2, 1, 1], {0}, 0.5),
        ([5, 4, 4, 1, 1], {0, 1}, 0.75),
        ([5, 4, 3, 1, 1], {3, 4}, 0),
    ],
)
def test_a_guesser_has_the_share_that_its_scores_have_on_average(scores, right, expected):
    assert share(scores, frozenset(right)) == expected


def test_names_are_no_bones_and_numbers_and_choices_are():
    asked = ("Key `alias/mail` of ana has 30 days.", ("`Encrypt`", "wait"), frozenset({"wait"}))
    named = ("Key `alias/shop` of ben has 30 days.", ("`Encrypt`", "wait"), frozenset({"wait"}))
    longer = ("Key `alias/mail` of ana has 31 days.", ("`Encrypt`", "wait"), frozenset({"wait"}))
    other = ("Key `alias/mail` of ana has 30 days.", ("`Encrypt`", "wait"), frozenset({"`Encrypt`"}))
    assert bones(*asked) == bones(*named)
    assert len({bones(*asked), bones(*longer), bones(*other)}) == 3
