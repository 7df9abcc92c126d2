import pytest

from kms_teach.teaching import Quiz, exam
from kms_teach.teaching import quiz as quizzes
from kms_teach.teaching.question import Asked, Family, Tried

CALLS = []


def one(name, right, words="Which `keys`?"):
    options = {"`first`": "It comes first.", "second": "It comes second.", "third": "It comes third."}

    def run():
        CALLS.append(name)
        return [Tried(option == right, f"It was tried: {option}.") for option in options]

    return Family(
        name, "limits", "start", ("SCS-C03",), "one", lambda draw: Asked(f"{words} {draw.random()}", options, run)
    )


def several():
    options = dict.fromkeys("abcde", "So it is.")
    run = lambda: [Tried(option in "bd", "") for option in options]  # noqa: E731
    return Family("several", "limits", "start", (), "several", lambda _: Asked("Which two?", options, run))


def ordering():
    ask = Asked(
        "In which order?", dict.fromkeys(("x", "y", "z"), ""), lambda order: Tried(order == ("x", "y", "z"), "Seen.")
    )
    return Family("ordering", "limits", "start", (), "ordering", lambda _: ask)


def matching():
    options = {"ice": "It is cold.", "steam": "It is hot.", "water": "It is wet."}
    run = lambda: [Tried(state) for state in ("solid", "gas", "liquid")]  # noqa: E731
    return Family(
        "matching",
        "limits",
        "start",
        (),
        "matching",
        lambda _: Asked("What?", options, run, ("solid", "liquid", "gas")),
    )


@pytest.fixture(autouse=True)
def families(monkeypatch):
    CALLS.clear()
    quizzes._answered.cache_clear()
    known = (one("first", "`first`"), one("second", "second", "Who?"), several(), ordering(), matching())
    monkeypatch.setattr(exam, "families", lambda: known)


@pytest.fixture
def quiz():
    return Quiz("first", "second")


def answer(quiz, option):
    quiz.choose[0].value = option
    quiz.answer.click()


def test_nothing_is_chosen_and_nothing_is_tried_before_the_learner_answers(quiz):
    assert quiz.choose[0].value is None
    quiz.answer.click()
    assert quiz.status == "Not done. Choose one of the options first."
    assert CALLS == []


def test_the_right_option_is_what_the_run_gives(quiz):
    answer(quiz, "`first`")
    assert CALLS == ["first"]
    assert quiz.status == "Right. It was tried: `first`. It comes first."


def test_a_wrong_answer_gets_its_own_run_and_not_the_right_one_and_may_be_followed_by_another(quiz):
    answer(quiz, "third")
    assert quiz.status == "Not this time. It was tried: third. It comes third."
    answer(quiz, "`first`")
    assert quiz.status.startswith("Right.")


def test_the_first_answers_are_counted_once_all_are_answered(quiz):
    answer(quiz, "third")
    answer(quiz, "`first`")
    quiz.next.click()
    assert quiz.status == ""
    answer(quiz, "second")
    assert quiz.status.endswith("1 of 2 at the first try.")


def test_the_next_question_brings_its_own_options_and_after_the_last_all_come_with_other_numbers(quiz):
    words = quiz.words.value
    answer(quiz, "third")
    quiz.next.click()
    assert "2 of 2. Who?" in quiz.words.value
    assert quiz.choose[0].value is None
    quiz.next.click()
    assert "1 of 2. Which <code>keys</code>?" in quiz.words.value != words
    assert quiz.first == {}


def test_the_controls_of_a_question_that_was_left_are_closed(quiz):
    (old,) = quiz.choose
    quiz.next.click()
    assert old.comm is None
    assert quiz.place.children == tuple(quiz.choose)


def test_one_question_needs_no_number_and_can_be_asked_another_way():
    quiz = Quiz("second")
    assert quiz.words.value.startswith("<strong>Who?")
    words = quiz.words.value
    assert quiz.next.description == "Ask it another way"
    quiz.next.click()
    assert quiz.words.value != words


def test_several_are_ticked():
    quiz = Quiz("several")
    quiz.answer.click()
    assert quiz.status == "Not done. Tick the options that are right first."
    for box in quiz.choose:
        box.value = box.description in ("b", "d")
    quiz.answer.click()
    assert quiz.status.startswith("Right.")
    assert "(Choose two.)" in quiz.words.value


@pytest.mark.parametrize(("name", "order", "right"), [
    ("ordering", "xyz", True), ("ordering", "yxz", False),
    ("matching", ["solid", "gas", "liquid"], True), ("matching", ["solid", "liquid", "gas"], False),
])  # fmt: skip
def test_places_and_matches_are_chosen_from_lists(name, order, right):
    quiz = Quiz(name)
    quiz.answer.click()
    assert quiz.status.startswith("Not done. Choose ")
    shown = quiz.question.options if name == "ordering" else quiz.question.matches
    wanted = dict(zip(("ice", "steam", "water"), order, strict=True))
    for at, control in enumerate(quiz.choose):
        control.value = shown.index(order[at] if name == "ordering" else wanted[control.description])
    quiz.answer.click()
    assert quiz.status.startswith("Right." if right else "Not this time.")


def test_a_reader_who_runs_nothing_sees_every_question_with_its_computed_answer_folded(quiz):
    bundle = quiz._repr_mimebundle_()
    assert bundle["text/plain"].startswith("Quiz: Which `keys`? ")
    page = bundle["text/html"]
    assert page.count('<details class="kms-answer">') == 2
    assert "<p><code>first</code>.</p><p>It was tried: <code>first</code>. It comes first.</p>" in page
    assert CALLS == ["first", "first", "second", "second"]


def test_each_format_has_a_folded_answer():
    pages = {
        name: Quiz(name).static().partition('<details class="kms-answer">')[2]
        for name in ("several", "ordering", "matching")
    }
    assert "<p>b.</p><p>d.</p>" in pages["several"] or "<p>d.</p><p>b.</p>" in pages["several"]
    assert "<p>x.</p><p>y.</p><p>z.</p>" in pages["ordering"]
    assert "<p>steam: gas.</p>" in pages["matching"]


def test_a_quiz_asks_at_least_one_question_and_names_near_ids_for_an_unknown_one():
    with pytest.raises(ValueError, match="at least one question"):
        Quiz()
    with pytest.raises(KeyError, match="near it are second"):
        Quiz("secnd")
