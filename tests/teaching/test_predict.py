import pytest

from kms_teach.drawing.picture import Picture
from kms_teach.teaching import Predict, Prediction
from kms_teach.teaching.predict import CLOSED, OPEN

DENIED = "`AccessDeniedException`"
QUESTION = Prediction(
    "What does `Decrypt` answer?",
    {"the plaintext": "She has the bytes; but no key.", DENIED: "Nobody allowed it.", "nothing": "KMS always answers."},
)
PICTURE = Picture("Denied", "A cross.", "<svg xmlns='http://www.w3.org/2000/svg'><title>Denied</title></svg>")


@pytest.fixture
def guess():
    return Predict(QUESTION)


def commit(guess, option):
    guess.choose.value = option
    guess.commit.click()


def test_nothing_is_chosen_for_the_learner(guess):
    assert (guess.choose.value, guess.committed) == (None, None)


def test_to_commit_one_must_choose(guess):
    guess.commit.click()
    assert guess.committed is None
    assert guess.status == "Not done. Choose one of the options first."


def test_a_prediction_stands_once_committed(guess):
    commit(guess, "nothing")
    assert (guess.committed, guess.choose.disabled, guess.commit.disabled) == ("nothing", True, False)
    guess.choose.value = "the plaintext"
    guess.commit.click()
    assert guess.committed == "nothing"
    assert "“nothing”" in guess.status


def test_after_a_commitment_the_answer_is_open(guess):
    commit(guess, DENIED)
    answer = guess.compare(DENIED, PICTURE, {"Code": "x"})
    assert answer.right
    assert answer.unfolded
    assert " ".join(answer.sentences) == f"Right. You predicted it: {DENIED}. Nobody allowed it."
    for part in ("<strong>✓ Right.</strong>", "<title>Denied</title>", "<pre>{&#x27;Code&#x27;: &#x27;x&#x27;}</pre>"):
        assert part in answer._view.value
    assert answer.show.layout.display == "none"


def test_run_before_a_commitment_the_answer_is_closed_and_opens_when_the_learner_commits(guess):
    answer = guess.compare(DENIED, PICTURE)
    assert (answer.unfolded, answer._view.value, answer.status) == (False, "", OPEN)
    commit(guess, "the plaintext")
    assert answer.unfolded
    assert "✗ Not this time." in answer._view.value
    assert guess.status.endswith("What happened stands below.")


def test_who_asks_is_shown_it_without_a_prediction_and_may_fold_it_away_again(guess):
    answer = guess.compare(DENIED)
    answer.show.click()
    assert answer._view.value.startswith("<p><strong>You made no prediction.</strong> The answer is: ")
    assert (answer.show.description, answer.show.layout.display) == ("Fold it away", "")
    answer.show.click()
    assert (answer.unfolded, answer._view.value, answer.show.description) == (False, "", "Show it without a prediction")


def test_a_wrong_prediction_gets_the_reason_of_that_option_only(guess):
    commit(guess, "the plaintext")
    answer = guess.compare(DENIED)
    said = " ".join(answer.sentences)
    assert not answer.right
    assert f"You predicted “the plaintext”; the answer is: {DENIED}." in said
    assert QUESTION.options["the plaintext"] in said
    assert QUESTION.options["nothing"] not in said


def test_without_a_prediction_the_reasons_of_all_other_options_are_told(guess):
    said = " ".join(guess.compare(DENIED).sentences)
    assert said.startswith(f"You made no prediction. The answer is: {DENIED}.")
    assert {option for option, reason in QUESTION.options.items() if reason in said} == {"the plaintext", "nothing"}


def test_an_option_without_a_reason_is_compared_without_one():
    guess = Predict(Prediction("Which?", {"one": "", "two": ""}))
    assert guess.compare("one").sentences == ("You made no prediction.", "The answer is: one.")
    commit(guess, "two")
    assert guess.compare("one").sentences == ("Not this time.", "You predicted “two”; the answer is: one.")


@pytest.mark.parametrize("committed", [None, DENIED, "nothing"])
def test_the_stored_line_is_the_same_in_every_run_and_tells_nothing(guess, committed):
    if committed:
        commit(guess, committed)
    bundle = guess.compare(DENIED, PICTURE)._repr_mimebundle_()
    assert bundle["text/plain"] == "Answer, closed until you commit: What does `Decrypt` answer?"


def test_stored_on_a_page_the_answer_is_closed_with_all_that_tells_it(guess):
    page = guess.compare(DENIED, PICTURE)._repr_mimebundle_()["text/html"]
    before, _, inside = page.partition("</summary>")
    assert before.startswith('<details class="kms-answer">')
    assert CLOSED in before
    assert "AccessDenied" not in before
    for part in ("AccessDenied", "<img alt="):
        assert part in inside.partition("</details>")[0]


def test_an_outcome_that_is_no_option_is_a_mistake_of_the_chapter(guess):
    with pytest.raises(ValueError, match="no such thing"):
        guess.compare("no such thing")


@pytest.mark.parametrize("options", ["a", "abcde"])
def test_there_are_two_to_four_options(options):
    with pytest.raises(ValueError, match="2 to 4 options"):
        Prediction("What?", dict.fromkeys(options, ""))


def test_a_reader_who_runs_nothing_sees_question_and_options(guess):
    bundle = guess._repr_mimebundle_()
    assert bundle["text/plain"] == f"Predict: What does `Decrypt` answer? {' / '.join(QUESTION.options)}"
    assert "<code>Decrypt</code>" in bundle["text/html"]
    assert bundle["text/html"].count("<li>") == 3
