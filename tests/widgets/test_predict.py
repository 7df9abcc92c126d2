import pytest

from kms_teach.widgets import Predict

OPTIONS = ["the plaintext", "`AccessDeniedException`", "nothing"]
REASONS = {"the plaintext": "She has the bytes; but no key.", "nothing": "KMS always answers."}


@pytest.fixture
def guess():
    return Predict("What does `Decrypt` answer?", OPTIONS)


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


def test_a_right_prediction_is_confirmed_without_reasons(guess):
    commit(guess, "`AccessDeniedException`")
    answer = guess.compare("`AccessDeniedException`", REASONS)
    assert answer.right
    assert repr(answer) == "Right. You predicted it: `AccessDeniedException`."


def test_a_wrong_prediction_gets_the_reason_of_that_option_only(guess):
    commit(guess, "the plaintext")
    answer = guess.compare("`AccessDeniedException`", REASONS)
    assert not answer.right
    assert "You predicted “the plaintext”; the answer is: `AccessDeniedException`." in repr(answer)
    assert REASONS["the plaintext"] in repr(answer)
    assert REASONS["nothing"] not in repr(answer)


def test_without_a_prediction_every_reason_is_told(guess):
    answer = guess.compare("`AccessDeniedException`", REASONS)
    assert repr(answer).startswith("You made no prediction. The answer is: `AccessDeniedException`.")
    assert all(reason in repr(answer) for reason in REASONS.values())


def test_verdicts_differ_by_mark_and_word_and_code_is_code(guess):
    pages = {guess.compare("nothing")._repr_mimebundle_()["text/html"]}
    commit(guess, "`AccessDeniedException`")
    pages |= {guess.compare(option)._repr_mimebundle_()["text/html"] for option in OPTIONS[1:]}
    assert {page.partition("</strong>")[0] for page in pages} == {
        "<p><strong>You made no prediction.", "<p><strong>✓ Right.", "<p><strong>✗ Not this time.",
    }  # fmt: skip
    assert any("<code>AccessDeniedException</code>" in page for page in pages)


@pytest.mark.parametrize("given", [("no such thing", None), ("nothing", {"no such thing": "why"})])
def test_an_outcome_or_a_reason_that_is_no_option_is_a_mistake_of_the_chapter(guess, given):
    with pytest.raises(ValueError, match="no such thing"):
        guess.compare(*given)


@pytest.mark.parametrize("options", [["one"], list("abcde"), ["a", "a"]])
def test_there_are_two_to_four_different_options(options):
    with pytest.raises(ValueError, match="2 to 4 options"):
        Predict("What?", options)


def test_a_reader_who_runs_nothing_sees_question_and_options(guess):
    bundle = guess._repr_mimebundle_()
    assert bundle["text/plain"] == f"Predict: What does `Decrypt` answer? {' / '.join(OPTIONS)}"
    assert "<code>Decrypt</code>" in bundle["text/html"]
    assert bundle["text/html"].count("<li>") == 3
