import pytest

from kms_teach.teaching import Question, Quiz

CALLS = []


def _asked() -> str:
    CALLS.append("asked")
    return "`two`"


FIRST = Question("How many `keys`?", {"one": "So it looks.", "`two`": "One of them is hidden."}, _asked)
SECOND = Question("Who?", {"alice": "", "bob": "Bob was away."}, lambda: "alice")


@pytest.fixture
def quiz():
    CALLS.clear()
    return Quiz(FIRST, SECOND)


def answer(quiz, option):
    quiz.choose.value = option
    quiz.answer.click()


def test_nothing_is_chosen_and_nothing_is_tried_before_the_learner_answers(quiz):
    assert quiz.choose.value is None
    quiz.answer.click()
    assert quiz.status == "Not done. Choose one of the options first."
    assert CALLS == []


def test_the_right_option_is_what_the_run_gives(quiz):
    answer(quiz, "`two`")
    assert CALLS == ["asked"]
    assert quiz.status == "Right. It was tried: `two`. One of them is hidden."


def test_a_wrong_answer_gets_its_reason_and_not_the_right_one_and_may_be_followed_by_another(quiz):
    answer(quiz, "one")
    assert quiz.status == "Not this time. It was tried, and the answer is another one. So it looks."
    answer(quiz, "`two`")
    assert quiz.status.startswith("Right.")


def test_the_first_answers_are_counted_once_all_are_answered(quiz):
    answer(quiz, "one")
    answer(quiz, "`two`")
    quiz.next.click()
    assert quiz.status == ""
    answer(quiz, "alice")
    assert quiz.status == "Right. It was tried: alice. 1 of 2 at the first try."


def test_the_next_question_brings_its_own_options_and_after_the_last_comes_the_first(quiz):
    answer(quiz, "one")
    quiz.next.click()
    assert "2 of 2. Who?" in quiz.words.value
    assert ([label for label, _ in quiz.choose.options], quiz.choose.value) == (["alice", "bob"], None)
    quiz.next.click()
    assert "1 of 2. How many <code>keys</code>?" in quiz.words.value


def test_one_question_needs_no_number_and_no_next():
    quiz = Quiz(SECOND)
    assert quiz.words.value == "<strong>Who?</strong>"
    assert quiz.next not in quiz.controls


def test_a_reader_who_runs_nothing_sees_every_question_with_its_computed_answer_folded(quiz):
    bundle = quiz._repr_mimebundle_()
    assert bundle["text/plain"] == "Quiz: How many `keys`? / Who?"
    page = bundle["text/html"]
    assert page.count("<details>") == 2
    assert "<p><code>two</code>. One of them is hidden.</p>" in page
    assert CALLS == ["asked"]


def test_a_quiz_asks_at_least_one_question_and_each_has_a_run_of_its_own():
    with pytest.raises(ValueError, match="at least one question"):
        Quiz()
    with pytest.raises(ValueError, match="nothing answers “Which\\?”"):
        Question("Which?", {"a": "", "b": ""}).answer()


def test_a_run_that_finds_no_option_is_a_mistake_of_the_question():
    with pytest.raises(ValueError, match="`c` is none of the options a, b"):
        Question("Which?", {"a": "", "b": ""}, lambda: "c").answer()
