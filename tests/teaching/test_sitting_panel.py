import re

import pytest

from kms_teach.teaching import MockExam, WhereAmI, exam, progress
from kms_teach.teaching.choices import fill
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.record import Answered, Begun
from tests.teaching import sat


@pytest.fixture
def clock():
    return sat.Clock()


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path, clock):
    known = (
        sat.one("a", "S3", "objects"), sat.one("b", "access", "policies"), sat.called(), sat.several(), sat.ordering(),
        sat.matching(),
    )  # fmt: skip
    monkeypatch.setattr(exam, "families", lambda: known)
    progress_ = Progress(tmp_path, clock)
    monkeypatch.setattr(progress, "mine", lambda: progress_)
    return progress_


@pytest.fixture
def mock():
    made = MockExam()
    made.length.value = 5
    made.next.click()
    return made


def shown(panel):
    """The controls that a learner sees."""
    return {
        control.description
        for control in panel.controls
        if control.layout.display != "none" and hasattr(control, "description")
    }


def answer(panel, how=sat.right):
    question = panel.sheet.question
    fill(question, panel.choose, how(question))


def answer_all(panel, how=sat.right):
    for _ in panel.sheet.sitting.places:
        answer(panel, how)
        panel.next.click()


def test_it_begins_with_a_choice_of_all_exams_and_says_of_one_that_is_over(clock):
    mock = MockExam()
    assert shown(mock) == {"Exam", "Questions", "Begin"}
    assert mock.code.options[0][1] == "CLF-C02"
    clock.wait(365 * 86400)
    mock.code.value = "SAP-C02"
    assert mock.status.startswith(
        "SAP-C02 is over: its last day was 17 Nov 2026. The real exam has 75 questions in 180 minutes, so 20 have 48."
    )


def test_an_exam_without_questions_is_said_and_nothing_begins(kept):
    mock = MockExam()
    mock.code.value = "CLF-C02"
    mock.next.click()
    assert mock.status == "Not done. There are no questions for CLF-C02 yet: choose another exam."
    assert (mock.phase, kept.records()) == ("before", [])


def test_one_question_is_shown_at_a_time_and_the_button_that_began_goes_on(mock):
    assert mock.phase == "sitting"
    assert shown(mock) == {
        "Next question", "Previous question", "Flag it, to come back", "Go to", "Hand in", "Show the clock",
    }  # fmt: skip
    assert mock.words.value.startswith("<strong>1 of 5. ")
    mock.next.click()
    assert mock.words.value.startswith("<strong>2 of 5. ")
    assert mock.status == "Question 2 of 5; 0 answered."
    mock.previous.click()
    mock.previous.click()
    assert mock.words.value.startswith("<strong>5 of 5. ")
    mock.next.click()
    assert mock.words.value.startswith("<strong>1 of 5. ")


def test_there_is_no_feedback_before_the_end(mock):
    answer(mock, sat.wrong)
    assert mock.status == "Question 1 of 5; 1 answered."
    assert mock.shown.value == ""


def test_what_was_chosen_stands_there_when_one_comes_back(mock):
    answer(mock)
    given = mock.sheet.mark.given
    old = mock.choose
    mock.flag.value = True
    mock.next.click()
    assert mock.flag.value is False
    assert all(control.comm is None for control in old)
    mock.go.value = 1
    assert mock.flag.value is True
    assert mock.sheet.mark.given == given
    assert [label for label, _ in mock.go.options][:2] == ["question 1, answered, flagged", "question 2, open"]
    assert mock.status == "Question 1 of 5; 1 answered, 1 flagged."


def test_after_a_restart_one_goes_on_where_one_stopped(mock, clock):
    answer(mock)
    mock.next.click()
    answer(mock)
    clock.wait(60)
    mock.flag.value = True
    clock.wait(3600)
    later = MockExam()
    assert shown(later) == {"Go on", "Give it up"}
    assert later.status == (
        "Your mock exam for SCS-C03 is not finished: 2 of 5 questions are answered, and 12 minutes are left."
    )
    later.next.click()
    assert later.words.value.startswith("<strong>3 of 5. ")
    later.go.value = 2
    assert later.flag.value is True and later.sheet.mark.given is not None


def test_given_up_it_makes_room_for_another(mock):
    later = MockExam()
    later.leave.click()
    assert shown(later) == {"Exam", "Questions", "Begin"}
    assert shown(MockExam()) == {"Exam", "Questions", "Begin"}
    mock.flag.value = True
    assert mock.status.startswith("Not done. This exam was ended in another notebook")


def test_the_clock_runs_while_it_is_sat_and_can_be_switched_off(mock, clock):
    assert (mock.clock.running, mock.clock.left) == (True, pytest.approx(5 * 170 / 65 * 60))
    clock.wait(100)
    mock.next.click()
    assert mock.clock.left == pytest.approx(5 * 170 / 65 * 60 - 100)
    mock.ticking.value = False
    assert mock.clock.running is False
    mock.next.click()
    assert mock.clock.running is False
    mock.ticking.value = True
    clock.wait(5)
    mock.clock._handle_custom_msg({"look": True}, [])  # a page that was opened later
    assert mock.clock.left == pytest.approx(5 * 170 / 65 * 60 - 105)


def test_to_hand_in_with_open_questions_needs_a_second_press(mock, kept):
    answer(mock)
    mock.end.click()
    assert (
        mock.status == "4 questions are open, and what is open is wrong. Press “Hand in” again to end it all the same."
    )
    mock.next.click()
    mock.end.click()
    assert mock.phase == "sitting"
    mock.end.click()
    assert mock.phase == "after"
    assert len(kept.of(Answered)) == 5


def test_handed_in_the_score_is_shown_and_then_each_question_with_what_the_run_showed(mock, clock):
    answer_all(mock)
    clock.wait(120)  # or the record of the half that was ticked first would be there already
    mock.go.value = 3
    answer(mock, sat.wrong)
    mock.end.click()
    assert mock.status == "Handed in. 4 of 5 are right. The next pages have each question."
    assert shown(mock) == {"Next question", "Previous question", "Go to", "Done with it"}
    assert "4 of 5 right, which points to" in mock.shown.value
    assert "It took you 2 minutes; in the real exam so many questions have 13." in mock.shown.value
    assert "is no share of right answers" in mock.shown.value
    assert mock.clock.running is False and mock.choose == []
    for number in range(1, 6):
        mock.next.click()
        assert mock.words.value.startswith(f"<strong>{number} of 5. ")
        assert mock.status == f"{'Not right' if number == 3 else 'Right'}. Question {number} of 5."
        assert ("Read it again: " in mock.shown.value) is (number == 3)
    mock.next.click()
    assert mock.go.value == 0
    mock.leave.click()
    assert (mock.phase, mock.shown.value) == ("before", "")


def test_in_the_review_the_call_that_refutes_is_opened(mock):
    sheet = mock.sheet
    names = [question.family.id for question in sheet.sitting.questions]
    if "called" not in names:
        pytest.fail("this paper has no such question")
    mock.go.value = names.index("called") + 1
    answer(mock, sat.wrong)
    mock.end.click()
    mock.end.click()
    mock.go.value = names.index("called") + 1
    assert "The call that shows it, opened:" in mock.shown.value and "<svg" in mock.shown.value


def test_a_sitting_of_another_edition_is_said_and_can_be_given_up(kept):
    kept.add(Begun(kept.now(), "old", "SCS-C03", (("gone", 1),)))
    mock = MockExam()
    mock.next.click()
    assert mock.status == (
        "Not done. Some of its questions are not in this edition of the course: press “Give it up”, and begin a new one."
    )
    mock.leave.click()
    assert mock.phase == "before"


def test_where_am_i_has_no_clock_and_a_path_for_the_days_that_are_left(kept):
    panel = WhereAmI()
    assert shown(panel) == {"Begin"}
    panel.next.click()
    assert "Show the clock" not in shown(panel)
    assert panel.clock.running is False
    answer_all(panel, sat.wrong)
    panel.end.click()
    assert "Days until your exam" in shown(panel)
    days = re.findall(r"<li>Day (\d+): (.*?)</li>", panel.shown.value)
    assert [number for number, _ in days] == list("1234567")
    assert days[0][1].startswith("07 Key policies and IAM, 11 Life and death of a key, ")  # each twice wrong
    assert days[-1][1] == "a mock exam, and its review"
    assert "07 Key policies and IAM, “A new key, and a colleague”" in panel.shown.value
    panel.days.value = 1
    assert panel.status == "A path for 1 day."
    assert panel.shown.value.count("<li>Day ") == 1
    panel.next.click()
    assert "Days until your exam" not in shown(panel)
    assert {record.how for record in kept.of(Answered)} == {"placement"}


def test_a_mock_exam_and_where_am_i_do_not_take_each_others_sheet(mock):
    assert shown(WhereAmI()) == {"Begin"}


@pytest.mark.parametrize("panel", [MockExam, WhereAmI])
def test_what_is_stored_is_the_same_with_and_without_progress(panel):
    before = panel()._repr_mimebundle_()
    begun = panel()
    begun.next.click()
    answer(begun)
    after = panel()._repr_mimebundle_()
    assert [after[kind] for kind in ("text/plain", "text/html")] == [
        before[kind] for kind in ("text/plain", "text/html")
    ]
    assert "Go on" not in after["text/html"]
