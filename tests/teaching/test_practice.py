import random

import pytest

from kms_teach.teaching import Practice, exam, progress
from kms_teach.teaching.choices import fill
from kms_teach.teaching.practice import about, next_question, topics
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.record import Answered
from tests.teaching import sat

FAMILIES = (sat.one("a", "S3", "objects"), sat.one("b", "access", "objects"), sat.called(), sat.ordering())


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path):
    monkeypatch.setattr(exam, "families", lambda: FAMILIES)
    progress_ = Progress(tmp_path, sat.Clock())
    monkeypatch.setattr(progress, "mine", lambda: progress_)
    return progress_


@pytest.fixture
def panel():
    return Practice("S3", random.Random(1))


def answer(panel, how):
    fill(panel.question, panel.choose, how(panel.question))
    panel.answer.click()


def test_one_practises_a_subject_or_a_chapter_or_everything():
    known = topics(FAMILIES)
    assert list(known) == [
        "everything", "access", "deletion", "envelope", "S3", "chapter 03 Envelope encryption",
        "chapter 04 S3, a key for every object", "chapter 11 Life and death of a key",
    ]  # fmt: skip
    assert [family.id for family in about(known["chapter 04 S3, a key for every object"], FAMILIES)] == ["a", "b"]
    assert [family.id for family in about(known["S3"], FAMILIES)] == ["a"]
    assert len(about(known["everything"], FAMILIES)) == 4
    assert len(set(known.values())) == len(known)


def test_what_was_never_asked_comes_first_then_what_was_wrong_then_what_was_right_longest_ago():
    draw, clock = random.Random(1), sat.Clock()
    answers = []

    def asked(right):
        question = next_question(FAMILIES, answers, draw)
        clock.wait(60)
        answers.append(
            Answered(clock(), question.family.id, "start", question.seed, right(question.family.id), "practice")
        )
        return question.family.id

    first = {asked(lambda name: name != "b") for _ in FAMILIES}
    assert first == {"a", "b", "called", "ordering"}
    order = [record.family for record in answers if record.family != "b"]
    assert [asked(lambda _: True) for _ in range(5)] == ["b", *order, "b"]


def test_the_same_family_comes_with_other_faces():
    draw = random.Random(1)
    assert len({next_question(FAMILIES[:1], [], draw).seed for _ in range(20)}) > 5


def test_a_right_answer_is_said_at_once_and_kept(panel, kept):
    answer(panel, sat.right)
    assert panel.status == "Right. Tried right. Because."
    (record,) = kept.of(Answered)
    assert (record.family, record.right, record.how, record.seed) == ("a", True, "practice", panel.question.seed)


def test_a_wrong_answer_leads_to_its_section_and_only_the_first_is_kept(panel, kept):
    answer(panel, sat.wrong)
    assert panel.status == "Not this time. Tried wrong. It `is` not."
    assert "Read it again: 04 S3, a key for every object, “Who opened the envelope?”" in panel.shown.value
    answer(panel, sat.right)
    assert panel.status.startswith("Right.") and panel.shown.value == ""
    assert [record.right for record in kept.of(Answered)] == [False]


def test_the_call_that_refutes_a_wrong_answer_is_opened():
    panel = Practice("deletion")
    answer(panel, sat.wrong)
    assert "The call that shows it, opened:" in panel.shown.value
    assert "DisabledException" in panel.shown.value
    panel.next.click()
    assert panel.shown.value == ""


def test_nothing_chosen_is_no_answer(panel, kept):
    panel.answer.click()
    assert panel.status == "Not done. Choose one of the options first."
    assert kept.records() == []


def test_another_topic_brings_another_question_and_closes_the_old_controls(panel):
    (old,) = panel.choose
    panel.topic.value = "envelope"
    assert panel.question.family.id == "ordering"
    assert old.comm is None


def test_a_topic_without_questions_is_said(panel, monkeypatch):
    with pytest.raises(ValueError, match="choose something else"):
        next_question([], [], random.Random(1))


def test_what_is_stored_is_the_same_whatever_is_asked():
    assert len({Practice(topic)._repr_mimebundle_()["text/html"] for topic in ("", "S3", "envelope")}) == 1
