"""An assignment from the learner's side: what they hand in is what a teacher grades."""

import base64
import re
from pathlib import Path

import pytest

from kms_teach import Simulator
from kms_teach.chapters.rotation import tasks
from kms_teach.teaching import Assigned, assignment, grading, progress
from kms_teach.teaching.choices import fill
from kms_teach.teaching.progress import Progress
from tests.teaching import sat

FAMILIES = ("large-secret", "two-users", "too-short-a-period")


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path):
    progress_ = Progress(tmp_path / "progress", sat.Clock())
    monkeypatch.setattr(progress, "mine", lambda: progress_)
    return progress_


@pytest.fixture(scope="module")
def teacher():
    with Simulator(start="2026-02-01T00:00:00Z") as sim:
        yield sim


@pytest.fixture
def file(teacher, tmp_path):
    path = tmp_path / "week3.json"
    path.write_bytes(
        assignment.made(teacher, "Week 3", FAMILIES, [("rotation", "RETIRE_THE_KEY")], assignment.until("2026-03-02"))
    )
    return path


def begun(file, name="Ana"):
    panel = Assigned(file)
    panel.learner.value = name
    panel.next.click()
    return panel


def answer_all(panel):
    for _ in panel.sheet.sitting.places:
        question = panel.sheet.question
        fill(question, panel.choose, tuple(question.answer()))
        panel.next.click()


def test_it_says_what_is_asked_and_begins_with_a_name(file):
    panel = Assigned(file)
    assert panel.about == (
        "Week 3: 3 questions with numbers of your own. It is due on 02 March 2026 at 23:59 UTC. "
        "Do these tasks in their chapters first: `RETIRE_THE_KEY` in 05 Rotation."
    )
    panel.next.click()
    assert "Write your name first" in panel.status
    assert panel.phase == "before"


def test_what_is_handed_in_is_graded_as_it_was_answered(teacher, file, kept):
    kept.done(tasks.RETIRE_THE_KEY)
    panel = begun(file)
    answer_all(panel)
    panel.end.click()
    assert panel.written == file.parent / "Week-3--Ana.answers.json"
    assert "Send Week-3--Ana.answers.json to your teacher." in panel.status
    assert "3 of 3 right" in panel.shown.value
    [grade] = grading.graded(teacher, file.parent).grades
    assert (grade.learner, grade.score.right, grade.late) == ("Ana", 3, False)
    assert grade.tasks == {("rotation", "RETIRE_THE_KEY")}


def test_what_is_open_is_handed_in_as_open_after_a_second_press(teacher, file):
    panel = begun(file)
    panel.end.click()
    assert "3 questions are open" in panel.status and panel.written is None
    panel.end.click()
    [grade] = grading.graded(teacher, file.parent).grades
    assert [each.answered for each in grade.judged] == [False] * 3


def test_a_closed_tab_loses_nothing(file):
    answer_all(begun(file, "Ben"))
    again = Assigned(file)
    assert "What Ben began is not finished: 3 of 3 questions are answered" in again.status
    again.next.click()
    again.end.click()
    assert again.written.name == "Week-3--Ben.answers.json"


def test_another_assignment_is_not_gone_on_with(teacher, file, tmp_path):
    begun(file)
    other = tmp_path / "week4.json"
    other.write_bytes(assignment.made(teacher, "Week 4", FAMILIES))
    assert Assigned(other).sheet is None
    assert Assigned(file).sheet is not None


def test_where_nothing_can_be_written_the_file_is_in_a_link(teacher, file, monkeypatch):
    panel = begun(file)
    answer_all(panel)
    monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    panel.end.click()
    assert "cannot be written (No space left on device): save the file from the link above" in panel.status
    monkeypatch.undo()
    content = base64.b64decode(
        re.search(r'download="Week-3--Ana.answers.json" href="data:[^,]*,([^"]+)"', panel.shown.value)[1]
    )
    (file.parent / "saved.json").write_bytes(content)
    assert [grade.score.right for grade in grading.graded(teacher, file.parent).grades] == [3]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"kms_teach": "answers", "body": "e30=", "signature": ""}'])
def test_a_file_that_is_no_assignment_gets_a_sentence(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(assignment.AssignmentError, match=r"no file that|not an assignment"):
        Assigned(path)
