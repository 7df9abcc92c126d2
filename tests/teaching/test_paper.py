from fractions import Fraction
from math import sqrt

import pytest

from kms_teach.teaching import exam, paper
from kms_teach.teaching.certifications import CERTIFICATIONS, MOCK, certification
from kms_teach.teaching.paper import Score
from kms_teach.teaching.question import SUBJECTS, Family

SECURITY = certification("SCS-C03")


def family(name, subject, format_="one", exams=("SCS-C03",)):
    return Family(name, subject, "start", exams, format_, lambda _: None)


def plenty(each=12):
    return [family(f"{subject} {n}", subject) for subject in SUBJECTS for n in range(each)]


def counts(places, families):
    subject = {family.id: family.subject for family in families}
    return {name: n for name in SUBJECTS if (n := sum(subject[place] == name for place, _ in places))}


@pytest.mark.parametrize("seed", range(5))
def test_a_paper_has_as_many_questions_of_each_subject_as_the_weights_say(seed):
    families = plenty()
    assert counts(paper.drawn(SECURITY, families, seed), families) == SECURITY.weights


@pytest.mark.parametrize("code", [exam.code for exam in CERTIFICATIONS])
def test_no_family_is_asked_twice_and_all_are_of_the_exam_and_in_its_formats(code):
    known = certification(code)
    for seed in range(20):
        places = paper.drawn(known, exam.families(), seed)
        asked = [exam.family(name) for name, _ in places]
        assert (
            len({family.id for family in asked}) == len(asked) == min(MOCK, len(paper.suitable(known, exam.families())))
        )
        assert all(code in family.exams and family.format in known.formats for family in asked)
        assert all(face in paper.SEEDS for _, face in places)


def test_one_seed_gives_one_paper_and_another_seed_another():
    assert paper.drawn(SECURITY, plenty(), 7) == paper.drawn(SECURITY, plenty(), 7)
    assert len({paper.drawn(SECURITY, plenty(), seed) for seed in range(20)}) == 20


def test_questions_of_a_subject_do_not_stand_together():
    families = plenty()
    order = [place.split()[0] for place, _ in paper.drawn(SECURITY, families, 1)]
    assert order != sorted(order)


def test_where_a_subject_has_too_few_families_others_step_in_by_their_weights():
    there = dict.fromkeys(SUBJECTS, 12) | {"access": 1, "grants": 0}
    shared = paper.shared_out(SECURITY.weights, there, MOCK)
    assert (shared["access"], shared["grants"], sum(shared.values())) == (1, 0, MOCK)
    assert all(shared[subject] >= SECURITY.weights[subject] for subject in SECURITY.weights if there[subject] == 12)
    assert shared["limits"] == 0  # without weight


def test_a_subject_without_weight_comes_in_when_all_others_are_used_up():
    assert paper.shared_out({"S3": 5}, {"S3": 2, "limits": 3, "trail": 0}, 4) == {"S3": 2, "limits": 2, "trail": 0}
    assert paper.shared_out({"S3": 5}, {"S3": 1}, 4) == {"S3": 1}


def test_questions_across_all_subjects_take_each_before_any_twice_and_none_is_always_left_out():
    families = plenty()
    asked = [counts(paper.spread(families, seed, 15), families) for seed in range(60)]
    assert all(set(each.values()) == {1} and len(each) == 15 for each in asked)
    assert set().union(*asked) == set(SUBJECTS)


def test_a_mock_exam_takes_the_exams_minutes_for_each_question():
    assert paper.per_question(SECURITY) == Fraction(170, 65)
    assert float(paper.per_question(certification("SAP-C02")) * MOCK) == 48


@pytest.mark.parametrize(("right", "asked"), [(14, 20), (1, 1), (0, 5), (20, 20), (10, 20), (3, 7)])
def test_the_interval_of_a_score_ends_where_the_score_is_just_still_likely(right, asked):
    for end in Score(right, asked).interval:
        if 1e-9 < end < 1 - 1e-9:
            assert abs(right / asked - end) == pytest.approx(1.959964 * sqrt(end * (1 - end) / asked))
    low, high = Score(right, asked).interval
    assert 0 <= low <= right / asked + 1e-9 and right / asked - 1e-9 <= high <= 1
    assert (low < 1e-9) is (right == 0) and (high > 1 - 1e-9) is (right == asked)


def test_no_question_tells_nothing():
    assert (Score(0, 0).share, Score(0, 0).interval) == (0.0, (0.0, 1.0))


def test_scores_by_subject_begin_with_the_one_that_was_asked_most():
    scores = paper.by_subject([("S3", True), ("access", False), ("S3", False), ("access", True), ("access", True)])
    assert list(scores.items()) == [("access", Score(2, 3)), ("S3", Score(1, 2))]
