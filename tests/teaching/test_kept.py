"""What a chapter's questions, tasks and predictions leave in the learner's progress."""

import pytest

from kms_teach import Simulator
from kms_teach.chapters.rotation import predictions, tasks
from kms_teach.teaching import Do, Outcome, Predict, Prediction, Quiz, Task, catalog, exam, progress
from kms_teach.teaching.record import Answered, Done, Predicted


@pytest.fixture
def kept(monkeypatch, tmp_path):
    monkeypatch.setenv("KMS_TEACH_PROGRESS", str(tmp_path))
    return progress.mine()


def test_the_first_answer_to_a_question_is_kept_and_one_given_after_the_feedback_is_not(kept):
    quiz = Quiz("rsa-limit", "large-secret")
    right = exam.question("rsa-limit", 1).answer()
    for options in (set(range(4)) - right, right):
        quiz.choose[0].value = quiz.question.options[min(options)]
        quiz.answer.click()
    (record,) = kept.of(Answered)
    assert (record.family, record.chapter, record.seed, record.right, record.how) == (
        "rsa-limit", "encrypt", 1, False, "quiz",
    )  # fmt: skip
    assert not set(record.given) & right
    quiz.next.click()
    assert len(kept.of(Answered)) == 1


def test_a_task_is_kept_once_it_is_done_and_one_of_the_learners_own_is_not(kept):
    with Simulator() as sim:
        do = Do(tasks.RETIRE_THE_KEY, sim)
        do.check.click()
        assert kept.of(Done) == []
        do.task = Task("", dict, ("a", "b", "c"), lambda _: Outcome(True, ""))
        do.check.click()
        assert do.done and kept.of(Done) == []
        again = Do(tasks.RETIRE_THE_KEY, sim)
        exec(tasks.RETIRE_THE_KEY.solution, {"sim": sim, **again.given})
        again.check.click()
        again.check.click()
    assert [(r.chapter, r.task) for r in kept.of(Done)] == [("rotation", "RETIRE_THE_KEY")]


def test_a_prediction_is_kept_with_what_became_of_it_once_it_is_answered(kept):
    guess = Predict(predictions.ON_DEMAND)
    guess.choose.value = predictions.A_YEAR_ON
    guess.commit.click()
    assert kept.of(Predicted) == []
    for _ in range(2):  # the cell below is run twice
        guess.compare(predictions.AS_BEFORE)
    assert [(r.chapter, r.prediction, r.right) for r in kept.of(Predicted)] == [("rotation", "ON_DEMAND", False)]


def test_an_answer_shown_without_a_prediction_and_a_prediction_of_ones_own_are_not_kept(kept):
    shown = Predict(predictions.YEAR).compare("an error")
    shown.show.click()
    own = Predict(Prediction("Own?", {"yes": "", "no": ""}))
    own.choose.value = "yes"
    own.commit.click()
    own.compare("yes")
    assert kept.records() == []


def test_what_is_shown_but_not_used_leaves_nothing(kept):
    for panel in (Quiz("rsa-limit"), Predict(predictions.YEAR)):
        panel._repr_mimebundle_()
    assert kept.records() == []
    assert not kept.file.exists()


def test_where_nothing_can_be_kept_a_question_is_answered_all_the_same_and_the_trouble_is_said(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KMS_TEACH_PROGRESS", str(tmp_path / "file"))
    quiz = Quiz("rsa-limit")
    quiz.choose[0].value = quiz.question.options[min(quiz.question.answer())]
    quiz.answer.click()
    assert quiz.status.startswith("Right. ")
    assert "Your progress is not kept" in quiz.status


def test_a_thing_of_a_chapter_is_known_by_its_name():
    assert catalog.named("tasks", tasks.RETIRE_THE_KEY) == ("rotation", "RETIRE_THE_KEY")
    assert catalog.named("predictions", tasks.RETIRE_THE_KEY) is None
