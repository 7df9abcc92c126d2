import pytest

from kms_teach.teaching import Predict, Question

DENIED = "`AccessDeniedException`"
QUESTION = Question(
    "What does `Decrypt` answer?",
    {"the plaintext": "She has the bytes; but no key.", DENIED: "Nobody allowed it.", "nothing": "KMS always answers."},
)


@pytest.fixture
def guess():
    return Predict(QUESTION)


def commit(guess, option):
    guess.choose.value = option
    guess.commit.click()


def test_nothing_is_chosen_for_the_learner(guess):
    assert (guess.choose.value, guess.prediction) == (None, None)


def test_to_commit_one_must_choose(guess):
    guess.commit.click()
    assert guess.prediction is None
    assert guess.status == "Not done. Choose one of the options first."


def test_a_prediction_stands_once_committed(guess):
    commit(guess, "nothing")
    assert (guess.prediction, guess.choose.disabled, guess.commit.disabled) == ("nothing", True, False)
    guess.choose.value = "the plaintext"
    guess.commit.click()
    assert guess.prediction == "nothing"
    assert "“nothing”" in guess.status


def test_a_right_prediction_is_confirmed_with_its_reason(guess):
    commit(guess, DENIED)
    answer = guess.compare(DENIED)
    assert answer.right
    assert repr(answer) == f"Right. You predicted it: {DENIED}. Nobody allowed it."


def test_a_wrong_prediction_gets_the_reason_of_that_option_only(guess):
    commit(guess, "the plaintext")
    answer = guess.compare(DENIED)
    assert not answer.right
    assert f"You predicted “the plaintext”; the answer is: {DENIED}." in repr(answer)
    assert QUESTION.options["the plaintext"] in repr(answer)
    assert QUESTION.options["nothing"] not in repr(answer)


def test_without_a_prediction_the_reasons_of_all_other_options_are_told(guess):
    answer = guess.compare(DENIED)
    assert repr(answer).startswith(f"You made no prediction. The answer is: {DENIED}.")
    assert {option for option, reason in QUESTION.options.items() if reason in repr(answer)} == {
        "the plaintext",
        "nothing",
    }


def test_an_option_without_a_reason_is_compared_without_one():
    guess = Predict(Question("Which?", {"one": "", "two": ""}))
    assert repr(guess.compare("one")) == "You made no prediction. The answer is: one."
    commit(guess, "two")
    assert repr(guess.compare("one")) == "Not this time. You predicted “two”; the answer is: one."


def test_verdicts_differ_by_mark_and_word_and_code_is_code(guess):
    pages = {guess.compare("nothing")._repr_mimebundle_()["text/html"]}
    commit(guess, DENIED)
    pages |= {guess.compare(option)._repr_mimebundle_()["text/html"] for option in (DENIED, "nothing")}
    assert {page.strip().partition("</strong>")[0] for page in pages} == {
        "<p><strong>You made no prediction.", "<p><strong>✓ Right.", "<p><strong>✗ Not this time.",
    }  # fmt: skip
    assert any("<code>AccessDeniedException</code>" in page for page in pages)


def test_the_first_line_of_an_answer_says_nothing_for_jupyterlab_shows_it_of_a_folded_output(guess):
    page = guess.compare(DENIED)._repr_mimebundle_()["text/html"]
    assert next(line for line in page.split("\n") if line).isspace()


def test_an_outcome_that_is_no_option_is_a_mistake_of_the_chapter(guess):
    with pytest.raises(ValueError, match="no such thing"):
        guess.compare("no such thing")


@pytest.mark.parametrize("options", ["a", "abcde"])
def test_there_are_two_to_four_options(options):
    with pytest.raises(ValueError, match="2 to 4 options"):
        Question("What?", dict.fromkeys(options, ""))


def test_a_reader_who_runs_nothing_sees_question_and_options(guess):
    bundle = guess._repr_mimebundle_()
    assert bundle["text/plain"] == f"Predict: What does `Decrypt` answer? {' / '.join(QUESTION.options)}"
    assert "<code>Decrypt</code>" in bundle["text/html"]
    assert bundle["text/html"].count("<li>") == 3
