import re

import pytest

from kms_teach.teaching import exam
from kms_teach.teaching.evidence import refuting
from kms_teach.teaching.question import OPEN
from kms_teach.teaching.review import in_words, opened_run, reviewed, right_words
from kms_teach.teaching.trial import error, scratch, told, watched
from tests.questions import right
from tests.teaching import sat


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_each_option_is_shown_with_what_became_of_it_and_which_was_yours():
    question = sat.one("a", "S3").question(1)
    page = reviewed(question, (question.options.index("wrong"),))
    assert words(page).count("(your answer)") == 1
    assert "wrong (your answer) Wrong. Tried wrong. It is not." in words(page)
    assert "right Right. Tried right. Because." in words(page)
    assert "<code>is</code>" in page


def test_of_several_each_that_was_given_is_yours():
    question = sat.several().question(1)
    page = words(reviewed(question, tuple(map(question.options.index, "ab"))))
    assert "a (your answer) Wrong." in page and "b (your answer) Right." in page and "d Right." in page


def test_an_order_is_shown_beside_the_right_one():
    question = sat.ordering().question(1)
    page = words(reviewed(question, tuple(map(question.options.index, "yxz"))))
    assert page == "Your order: y; x; z. Not this order. Seen. The right order: x y z"
    assert words(reviewed(question, sat.right(question))).startswith("Your order: x; y; z. Right.")


def test_each_match_that_was_wrong_says_what_was_chosen():
    question = sat.matching().question(1)
    ice = question.options.index("ice")
    given = [*sat.right(question)]
    given[ice] = question.matches.index("gas")
    page = words(reviewed(question, tuple(given)))
    assert "ice: solid . You chose gas. Felt. It is cold." in page
    assert page.count("You chose") == 1
    given[ice] = OPEN
    assert "ice: solid . You left it open." in words(reviewed(question, tuple(given)))


@pytest.mark.parametrize(
    "family", [sat.one("a", "S3"), sat.several(), sat.ordering(), sat.matching()], ids=lambda f: f.format
)
def test_what_was_left_open_is_said_and_the_right_answer_shown(family):
    question = family.question(1)
    page = words(reviewed(question, None))
    assert page.startswith("You left it open.")
    assert "(your answer)" not in page and "Your order" not in page
    assert in_words(question, None) == ["nothing"]
    assert all(part.split(":")[0] in page for part in right_words(question))


def test_answers_in_words():
    question = sat.matching().question(1)
    assert sorted(right_words(question)) == ["ice: solid", "steam: gas", "water: liquid"]
    assert in_words(question, (OPEN, 0, 1))[0].endswith(": left open")
    assert right_words(sat.ordering().question(1)) == ["x", "y", "z"]


def test_the_call_that_refutes_an_answer_is_found_in_the_trail_of_a_run_made_now():
    question = sat.called().question(1)
    record = refuting(question, sat.wrong(question))
    assert (record.operation, record.error) == ("Encrypt", "DisabledException")
    page = opened_run(question, sat.wrong(question), "widget")
    assert "<svg" in page and "DisabledException" in page


def test_where_no_call_refutes_it_there_is_no_picture():
    question = sat.called().question(1)
    for given in (sat.right(question), (question.options.index("never"),), (OPEN,)):
        assert refuting(question, given) is None
        assert opened_run(question, given, "widget") == ""


def test_what_is_told_of_a_call_keeps_its_request_with_words_before_it():
    with watched() as made:
        _, kms, key = scratch()
        code = error(kms.disable_key, KeyId=key)
        sentence = told(kms.disable_key, code, "Next morning:")
    assert sentence == "Next morning: `DisableKey` went well."
    assert [record.operation for sim in made for record in sim.trail if record.request_id == sentence.request] == [
        "DisableKey"
    ]
    assert code == "" and not isinstance(told(kms.disable_key, "ParamValidationError"), type(sentence))


def test_a_call_in_a_rehearsal_is_found_as_well():
    asked = (exam.question("expired-on-friday", seed) for seed in range(20))
    question = next(each for each in asked if "`EnableKey`" not in right(each))
    enabled = refuting(question, (question.options.index("`EnableKey`"),))
    assert (enabled.operation, enabled.error) == ("EnableKey", "KMSInvalidStateException")


def test_a_simulator_is_watched_only_meanwhile():
    with watched() as made:
        scratch()
    scratch()
    assert len(made) == 1


def test_questions_of_the_course_show_the_call_that_refutes_a_wrong_answer():
    shown = []
    for name in ("too-short-a-period", "rsa-limit", "no-message", "what-rotates"):
        question = exam.question(name, 1)
        wrong = set(range(len(question.options))) - set(question.answer())
        shown += [name for index in wrong if refuting(question, (index,))]
    assert set(shown) == {"no-message", "what-rotates"}  # the other two are refused before there is anything to record
