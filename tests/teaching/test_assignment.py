"""An assignment, what a class hands in, and its grades: nothing in a file is believed, and no file stops the others."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from kms_teach import Simulator, cli
from kms_teach.client_side import partner
from kms_teach.teaching import assignment, class_page, exam, grading
from kms_teach.teaching.assignment import AssignmentError
from kms_teach.teaching.class_picture import class_picture

FAMILIES = ("large-secret", "two-users", "envelope-steps", "error-of-a-call", "too-short-a-period")
TASK = ("rotation", "RETIRE_THE_KEY")
DUE = datetime(2026, 12, 1, 18, tzinfo=UTC)
IN_TIME = DUE - timedelta(days=1)


@pytest.fixture(scope="module")
def teacher():
    with Simulator(start="2026-11-01T00:00:00Z") as sim:
        yield sim


@pytest.fixture(scope="module")
def written(teacher) -> bytes:
    return assignment.made(teacher, "Week 3", FAMILIES, [TASK], DUE)


@pytest.fixture
def folder(tmp_path: Path, written: bytes) -> Path:
    (tmp_path / "week3.json").write_bytes(written)
    return tmp_path


@pytest.fixture
def signed(folder: Path) -> assignment.Signed:
    return assignment.opened(folder / "week3.json")


def right_answers(signed: assignment.Signed, learner: str) -> list:
    asked = assignment.places(assignment.read_assignment(signed), learner)
    return [
        tuple(sorted(right)) if isinstance(right := exam.question(*place).answer(), frozenset) else right
        for place in asked
    ]


def hand_in(
    folder: Path, signed: assignment.Signed, learner: str, answers: list, at=IN_TIME, tasks=(), name=""
) -> Path:
    path = folder / (name or assignment.file_name(signed, learner))
    path.write_bytes(assignment.answered(signed, learner, at, answers, tasks))
    return path


def grades(teacher: Simulator, folder: Path) -> dict[str, int]:
    return {grade.learner: grade.score.right for grade in grading.graded(teacher, folder).grades}


def test_who_answers_all_of_it_right_has_it_all(teacher, folder, signed) -> None:
    hand_in(folder, signed, "Ana", right_answers(signed, "Ana"), tasks=[TASK])
    hand_in(folder, signed, "Ben", [None] * 5)
    report = grading.graded(teacher, folder)
    assert [(grade.learner, grade.score.right, grade.late) for grade in report.grades] == [
        ("Ana", 5, False),
        ("Ben", 0, False),
    ]
    assert [grade.tasks for grade in report.grades] == [{TASK}, frozenset()]
    assert report.remarks == []


def test_each_learner_has_numbers_of_their_own_and_always_the_same(signed) -> None:
    asked = assignment.read_assignment(signed)
    class_ = [assignment.places(asked, f"Learner {number}") for number in range(30)]
    assert len(set(class_)) > 20
    assert assignment.places(asked, "ana  MARIA") == assignment.places(asked, "Ana Maria")
    assert [family for family, _ in class_[0]] == list(FAMILIES)


def test_anothers_right_answers_are_not_ones_own(teacher, folder, signed) -> None:
    """Or one file would do for the class."""
    others = [f"Learner {number}" for number in range(8)]
    for name in others:
        hand_in(folder, signed, name, right_answers(signed, "Ana"))
    assert min(grades(teacher, folder).values()) < 5


def tampered(path: Path, change) -> None:
    """Change what a file says, and leave its signature as it was."""
    file = json.loads(path.read_text())
    import base64

    body = json.loads(base64.b64decode(file["body"]))
    change(body)
    file["body"] = base64.b64encode(json.dumps(body).encode()).decode()
    path.write_text(json.dumps(file))


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(learner="Carl"),
        lambda body: body["answers"].__setitem__(0, [0]),
        lambda body: body.update(at="2026-11-02T00:00:00Z"),
        lambda body: body.update(tasks=[list(TASK)]),
    ],
    ids=["name", "answer", "time", "tasks"],
)
def test_an_edited_file_is_named_and_not_graded(teacher, folder, signed, change) -> None:
    tampered(hand_in(folder, signed, "Ana", [None] * 5), change)
    hand_in(folder, signed, "Ben", right_answers(signed, "Ben"))
    report = grading.graded(teacher, folder)
    assert [grade.learner for grade in report.grades] == ["Ben"]
    assert report.remarks == [
        "Week-3--Ana.answers.json: it was changed after it was written, or by somebody without the assignment"
    ]


def test_late_and_doubled_files_are_named_and_the_latest_counts(teacher, folder, signed) -> None:
    right = right_answers(signed, "Ana")
    hand_in(folder, signed, "Ana", [None] * 5, name="a.json")
    hand_in(folder, signed, "ana", right, at=DUE + timedelta(hours=1), name="b.json")
    report = grading.graded(teacher, folder)
    assert [(grade.score.right, grade.late) for grade in report.grades] == [(5, True)]
    assert report.remarks == [
        "b.json: ana handed in more than once; the latest counts",
        "b.json: ana handed in late, on 01 December 2026 at 19:00 by their own clock",
    ]


def test_an_older_file_that_is_read_later_does_not_count(teacher, folder, signed) -> None:
    hand_in(folder, signed, "Ana", right_answers(signed, "Ana"), name="a.json")
    hand_in(folder, signed, "Ana", [None] * 5, at=IN_TIME - timedelta(days=1), name="b.json")
    assert grades(teacher, folder) == {"Ana": 5}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "bad.json is no file that"),
        (b"{", "bad.json is no file that"),
        (b"\xff\xfe\x00", "bad.json is no file that"),
        (b'{"kms_teach": "answers", "body": "e30=", "signature": ""}', "this is not a learner's answers"),
        (b'{"kms_teach": "notes", "body": "e30=", "signature": ""}', "this is not a learner's answers"),
        (b'{"kms_teach": "assignment", "body": "e30=", "signature": ""}', "no key of this store has signed it"),
        (b" " * (assignment.MOST_BYTES + 1), "bad.json is larger than any of these files"),
    ],
    ids=["empty", "half", "bytes", "no answers", "unknown", "forged", "large"],
)
def test_a_bad_file_is_named_and_stops_nobody(teacher, folder, signed, content, said) -> None:
    (folder / "bad.json").write_bytes(content)
    hand_in(folder, signed, "Ana", right_answers(signed, "Ana"))
    report = grading.graded(teacher, folder)
    assert [grade.learner for grade in report.grades] == ["Ana"]
    assert len(report.remarks) == 1 and said in report.remarks[0] and "bad.json" in report.remarks[0]


def test_answers_to_another_assignment_and_ones_that_fit_no_question_are_not_believed(
    teacher, folder, signed, tmp_path_factory
) -> None:
    other = tmp_path_factory.mktemp("other") / "other.json"
    other.write_bytes(assignment.made(teacher, "Week 4", FAMILIES))
    (folder / "foreign.json").write_bytes(assignment.answered(assignment.opened(other), "Ana", IN_TIME, [None] * 5))
    hand_in(folder, signed, "Ben", [(99,), (-1,), (0, 0, 0), (0,), (0, 1)])
    report = grading.graded(teacher, folder)
    assert report.remarks == ["foreign.json: its answers are to another assignment"]
    assert [(grade.learner, grade.score.right) for grade in report.grades] == [("Ben", 0)]
    assert not any(each.answered for each in report.grades[0].judged)


def test_an_assignment_that_somebody_changed_is_not_the_teachers(teacher, folder) -> None:
    tampered(folder / "week3.json", lambda body: body.update(families=["two-users"]))
    with pytest.raises(AssignmentError, match="no assignment of this store's"):
        grading.graded(teacher, folder)


def test_what_was_believed_is_told_by_the_wrong_option(teacher, folder, signed) -> None:
    asked = assignment.read_assignment(signed)
    for number in range(3):
        name = f"Learner {number}"
        answers = right_answers(signed, name)
        question = exam.question(*assignment.places(asked, name)[0])
        wrong = next(option for option in question.options if "`GenerateDataKey` with it" in option)  # of every size
        answers[0] = (question.options.index(wrong),)
        hand_in(folder, signed, name, answers)
    report = grading.graded(teacher, folder)
    first = report.missed[0]
    assert (first.family, first.score.right, first.score.asked, first.believed_by) == ("large-secret", 0, 3, 3)
    assert first.belief in first.example.options
    assert first.example.options.index(first.belief) not in first.example.answer()
    picture = class_picture(report)
    assert picture.title == "The most missed question: 0 of 3 had it right"
    assert "3 learners chose: " in picture.alt
    assert [row[2] for row in picture.table.rows] == ["0 of 3"] + ["3 of 3"] * 4


def test_the_table_is_read_by_a_spreadsheet_and_runs_nothing_there(teacher, folder, signed) -> None:
    hand_in(folder, signed, "=cmd()", right_answers(signed, "=cmd()"), tasks=[TASK])
    lines = list(csv.reader(io.StringIO(grading.table(grading.graded(teacher, folder)))))
    assert lines[0] == ["learner", "handed in", "late", "right", "of", *FAMILIES, "rotation.RETIRE_THE_KEY"]
    assert lines[1] == ["'=cmd()", "2026-11-30T18:00+00:00", "", "5", "5", *["1"] * 5, "done"]


def test_the_page_shows_names_as_text(teacher, folder, signed) -> None:
    hand_in(folder, signed, "<b>Ana</b>", right_answers(signed, "<b>Ana</b>"))
    page = class_page.page(grading.graded(teacher, folder))
    assert "&lt;b&gt;Ana&lt;/b&gt;" in page
    assert "<b>Ana" not in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\nb\x1b"])
def test_a_name_that_is_none_gets_a_sentence(signed, name) -> None:
    with pytest.raises(AssignmentError, match="write your name first"):
        assignment.answered(signed, name, IN_TIME, [None] * 5)


def test_the_private_half_is_in_no_repr(signed) -> None:
    asked = assignment.read_assignment(signed)
    assert partner.verifies(asked.public, "ECDSA_SHA_256", b"x", partner.sign(asked.pair, b"x"))
    for told in (repr(asked), repr(signed), str(asked)):
        assert "pair" not in told and repr(asked.pair)[2:20] not in told


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Type a command in an empty folder; gives its code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main([*words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_teacher_assigns_and_grades_by_two_commands(typed) -> None:
    code, out, _ = typed(
        "assign",
        "week3.json",
        "--family",
        "two-users",
        "--questions",
        "4",
        "--chapter",
        "rotation",
        "--due",
        "2026-12-24",
    )
    assert (code, out.split(",")[0]) == (0, "week3.json: 5 questions and 0 tasks")
    signed = assignment.opened(Path("week3.json"))
    asked = assignment.read_assignment(signed)
    assert asked.families[0] == "two-users" and len(set(asked.families)) == 5
    assert {exam.family(name).chapter for name in asked.families[1:]} == {"rotation"}
    assert asked.due == datetime(2026, 12, 24, 23, 59, 59, tzinfo=UTC)
    Path("in").mkdir()
    Path("week3.json").rename("in/week3.json")
    hand_in(Path("in"), signed, "Ana", right_answers(signed, "Ana"))
    Path("in/bad.json").write_text("{")
    code, out, err = typed("grade", "in")
    assert (code, out) == (0, "1 learner graded: grades.csv and grades.html are in in\n")
    assert err == "kms-teach: bad.json is no file that `kms-teach assign` or a learner's notebook wrote\n"
    assert "Ana" in Path("in/grades.csv").read_text() and "Ana" in Path("in/grades.html").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["assign", "a.json"], "an assignment asks something"),
        (["assign", "a.json", "--family", "two-user"], "no question family is called `two-user`: near it are"),
        (["assign", "a.json", "--task", "rotation.NOTHING"], "chapter `rotation` has no task NOTHING: choose from"),
        (["assign", "a.json", "--task", "rota.X"], "no chapter is called `rota`"),
        (["assign", "a.json", "--questions", "900"], "ask for no more"),
        (["assign", "a.json", "--family", "two-users", "--due", "tomorrow"], "`tomorrow` is no time"),
        (["grade", "nowhere"], "nowhere is no folder"),
        (["grade", "."], "assignments.db is not there"),
    ],
)
def test_a_mistake_gets_a_sentence_and_writes_nothing(typed, words, said) -> None:
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert not Path("a.json").exists()


def test_an_assignment_is_not_written_over(typed) -> None:
    Path("a.json").write_text("mine")
    assert typed("assign", "a.json", "--family", "two-users")[0] == 2
    assert Path("a.json").read_text() == "mine"


def test_a_file_is_as_small_as_promised(written: bytes) -> None:
    assert len(written) < 2000
    assert msgspec.json.decode(written)["kms_teach"] == "assignment"
