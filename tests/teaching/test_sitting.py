import pytest

from kms_teach.teaching import exam, sitting
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.question import OPEN
from kms_teach.teaching.record import Answered, Begun
from kms_teach.teaching.sitting import Sheet
from tests.teaching import sat


@pytest.fixture(autouse=True)
def families(monkeypatch):
    known = (sat.one("a", "S3"), sat.one("b", "access"), sat.ordering())
    monkeypatch.setattr(exam, "families", lambda: known)


@pytest.fixture
def clock():
    return sat.Clock()


@pytest.fixture
def kept(tmp_path, clock):
    return Progress(tmp_path, clock)


@pytest.fixture
def sheet(kept):
    return Sheet.begin(kept, "SCS-C03", seed=1)


def restarted(kept, clock):
    return Sheet.unfinished(Progress(kept.file.parent, clock))


def test_a_paper_as_long_as_there_are_families_is_begun_blank(sheet):
    assert len(sheet.sitting.places) == 3
    assert (sheet.number, sheet.sitting.answered, sheet.sitting.over) == (1, 0, False)


def test_there_is_no_paper_without_questions(kept):
    with pytest.raises(ValueError, match="no questions for CLF-C02 yet"):
        Sheet.begin(kept, "CLF-C02")
    assert kept.records() == []


def test_it_goes_on_after_a_restart_with_answers_flags_and_time_at_the_first_open_question(sheet, kept, clock):
    clock.wait(30)
    sheet.give(sat.wrong(sheet.question))
    sheet.go(3)
    sheet.flag(True)
    sheet.give((OPEN, 1, OPEN))
    clock.wait(15)
    sheet.flag(False)
    sheet.flag(True)
    clock.wait(3600)  # nobody sits here
    later = restarted(kept, clock)
    assert later.sitting == sheet.sitting
    assert later.number == 2
    assert later.sitting.marks[0].given is not None
    assert (later.sitting.marks[2].given, later.sitting.marks[2].flagged) == ((OPEN, 1, OPEN), True)
    assert later.used == 45
    clock.wait(5)
    assert later.used == 50


def test_an_answer_can_be_changed_and_taken_away(sheet, kept, clock):
    sheet.give((1,))
    sheet.give((0,))
    assert restarted(kept, clock).sitting.marks[0].given == (0,)
    sheet.give(None)
    assert restarted(kept, clock).sitting.marks[0].given is None


def test_what_changes_nothing_is_not_written(sheet, kept):
    sheet.give((1,))
    size = kept.file.stat().st_size
    sheet.give((1,))
    sheet.flag(False)
    sheet.go(2)
    assert kept.file.stat().st_size == size


def test_there_is_no_question_before_the_first_nor_after_the_last(sheet):
    sheet.go(0)
    assert sheet.number == 1
    sheet.go(9)
    assert sheet.number == 3


def test_its_time_is_the_exams_minutes_for_each_question(sheet, clock):
    assert sheet.left == pytest.approx(3 * 170 / 65 * 60)
    clock.wait(3600)
    assert sheet.left < 0
    clock.wait(-7200)  # somebody set the clock back
    assert sheet.used == 0


def test_handed_in_it_is_judged_by_runs_and_what_is_open_is_wrong(sheet, kept, clock):
    for number, question in enumerate(sheet.sitting.questions, 1):
        sheet.go(number)
        if question.family.id == "a":
            sheet.give(sat.right(question))
        if question.family.id == "ordering":
            sheet.give((*sat.right(question)[:2], OPEN))
    clock.wait(60)
    result = sheet.hand_in()
    found = {each.question.family.id: (each.right, each.why) for each in result.judged}
    assert found == {
        "a": (True, "Tried right. Because."), "b": (False, "You did not answer."),
        "ordering": (False, "You left a part of it open."),
    }  # fmt: skip
    assert (result.score.right, result.score.asked) == (1, 3)
    assert {name: (s.right, s.asked) for name, s in result.subjects.items()} == {
        "S3": (1, 1),
        "access": (0, 1),
        "envelope": (0, 1),
    }
    assert (result.sitting.over, result.sitting.used) == (True, 60)
    assert restarted(kept, clock) is None
    assert sorted((r.family, r.right, r.how) for r in kept.of(Answered)) == [
        ("a", True, "mock"), ("b", False, "mock"), ("ordering", False, "mock"),
    ]  # fmt: skip


def test_a_result_can_be_made_again_from_what_is_kept(sheet, kept):
    sheet.give(sat.right(sheet.question))
    result = sheet.hand_in()
    (again,) = sitting.sittings(kept.records())
    assert sitting.judged(again).score == result.score


def test_given_up_it_has_no_result_and_does_not_come_back(sheet, kept, clock):
    sheet.give_up()
    assert restarted(kept, clock) is None
    assert kept.of(Answered) == []
    assert sitting.sittings(kept.records())[0].given_up


def test_two_notebooks_write_on_one_sheet_and_only_one_hands_it_in(sheet, kept, clock):
    other = restarted(kept, clock)
    sheet.give((0,))
    other.go(2)
    other.give((1,))
    sheet.flag(True)
    assert [mark.given for mark in sheet.sitting.marks] == [(0,), (1,), None]
    other.hand_in()
    for late in (sheet.hand_in, sheet.give_up, lambda: sheet.give((2,))):
        with pytest.raises(ValueError, match="ended in another notebook"):
            late()
    assert len(kept.of(Answered)) == 3


def test_a_question_that_is_not_in_this_edition_is_said(kept):
    kept.add(Begun(kept.now(), "old", "SCS-C03", (("gone", 1),)))
    with pytest.raises(KeyError, match="no question family is called `gone`"):
        _ = Sheet.unfinished(kept).question


def test_questions_across_all_subjects_are_a_sitting_of_their_own_kind_without_a_clock(kept, sheet):
    placement = Sheet.begin(kept, "", length=2, seed=1)
    assert (len(placement.sitting.places), placement.sitting.exam, placement.left) == (2, None, float("inf"))
    assert Sheet.unfinished(kept).sitting.id == sheet.sitting.id
    assert Sheet.unfinished(kept, "placement").sitting.id == placement.sitting.id
    placement.hand_in()
    assert {record.how for record in kept.of(Answered)} == {"placement"}
