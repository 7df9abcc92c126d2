"""Answers of a class, graded: each question is run anew from its family and seed, and nothing in a file is believed.

What is wrong with one file is said of that file, and the others are graded.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

from msgspec import Struct, field

from kms_teach.client_side import partner
from kms_teach.simulator import Simulator
from kms_teach.teaching import exam
from kms_teach.teaching.assignment import (
    Assignment,
    AssignmentError,
    Signed,
    is_of,
    known_as,
    opened,
    places,
    read_answers,
    read_assignment,
)
from kms_teach.teaching.paper import Place, Score
from kms_teach.teaching.question import Question
from kms_teach.teaching.record import Given

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with what a spreadsheet takes text for a formula


class Judged(Struct, frozen=True):
    """An answer, and what became of it. `beliefs` are the wrong options that were chosen, as places in the family."""

    family: str
    answered: bool
    right: bool
    beliefs: tuple[int, ...] = ()


class Grade(Struct, frozen=True):
    """A learner's answers, in the order of the assignment; `late` by the clock of the learner's own computer."""

    learner: str
    at: datetime
    late: bool
    judged: tuple[Judged, ...]
    tasks: frozenset[tuple[str, str]]

    @property
    def score(self) -> Score:
        return Score(sum(each.right for each in self.judged), len(self.judged))


class Missed(Struct, frozen=True):
    """A question of the assignment, as the class answered it. `example` is one face of it."""

    family: str
    score: Score
    example: Question
    belief: str
    believed_by: int


class Report(Struct, frozen=True, dict=True):
    """A class's grades by name, and what is to be said of files that were not graded, or not alone."""

    assignment: Assignment
    grades: Sequence[Grade] = field(default_factory=tuple)
    remarks: Sequence[str] = field(default_factory=tuple)

    @cached_property
    def missed(self) -> tuple[Missed, ...]:
        """Each question with its score and the wrong answer that was commonest, the most missed first."""
        found = [self._missed(at, name) for at, name in enumerate(self.assignment.families)]
        return tuple(sorted(found, key=lambda each: (each.score.share, -each.believed_by)))

    def _missed(self, at: int, family: str) -> Missed:
        answers = [grade.judged[at] for grade in self.grades]
        example = exam.question(family, 1)
        beliefs = Counter(belief for each in answers for belief in each.beliefs)
        words, count = "", 0
        if beliefs:
            place, count = min(beliefs.items(), key=lambda item: (-item[1], item[0]))
            words = tuple(example.asked.options)[place]
        return Missed(family, Score(sum(each.right for each in answers), len(answers)), example, words, count)


def graded(sim: Simulator, folder: Path) -> Report:
    """Grade the answers in a folder, which holds the assignment too.

    Raises:
        AssignmentError: there is no assignment of this simulator's in it, or there are several.
    """
    files, remarks = _sorted_out(sorted(folder.glob("*.json")))
    ours = {file.digest: (name, file) for name, file in files if file.kms_teach == "assignment" and is_of(sim, file)}
    for name, file in files:
        if file.kms_teach == "assignment" and file.digest not in ours:
            remarks.append(f"{name}: no key of this store has signed it, or it was changed since")
    if len(ours) != 1:
        what = "no assignment" if not ours else f"{len(ours)} assignments"
        raise AssignmentError(f"{what} of this store's in {folder}: put one there, beside the answers to it")
    [(_, signed)] = ours.values()
    assignment = read_assignment(signed)
    grades: dict[str, Grade] = {}
    for name, file in files:
        if file.kms_teach != "assignment":
            try:
                grade = _grade(assignment, signed.digest, file)
            except AssignmentError as error:
                remarks.append(f"{name}: {error}")
            else:
                remarks += _told(name, grade, grades.get(grade.learner.casefold()))
                grades[grade.learner.casefold()] = _last(grade, grades.get(grade.learner.casefold()))
    return Report(assignment, sorted(grades.values(), key=lambda grade: grade.learner.casefold()), remarks)


def _sorted_out(paths: Iterable[Path]) -> tuple[list[tuple[str, Signed]], list[str]]:
    files, remarks = [], []
    for path in paths:
        try:
            files.append((path.name, opened(path)))
        except AssignmentError as error:
            remarks.append(str(error))
    return files, remarks


def _told(name: str, grade: Grade, before: Grade | None) -> Iterator[str]:
    if before is not None:
        yield f"{name}: {grade.learner} handed in more than once; the latest counts"
    if grade.late:
        yield f"{name}: {grade.learner} handed in late, on {grade.at:%d %B %Y at %H:%M} by their own clock"


def _last(grade: Grade, before: Grade | None) -> Grade:
    return grade if before is None or grade.at >= before.at else before


def _grade(assignment: Assignment, digest: str, file: Signed) -> Grade:
    handed_in = read_answers(file)
    if handed_in.assignment != digest:
        raise AssignmentError("its answers are to another assignment")
    if not partner.verifies(assignment.public, "ECDSA_SHA_256", file.body, file.signature):
        raise AssignmentError("it was changed after it was written, or by somebody without the assignment")
    if len(handed_in.answers) != len(assignment.families) or handed_in.at.tzinfo is None:
        raise AssignmentError("it does not answer what the assignment asks")
    learner = known_as(handed_in.learner)
    asked = places(assignment, learner)
    judged = tuple(_judged(place, given) for place, given in zip(asked, handed_in.answers, strict=True))
    late = assignment.due is not None and handed_in.at > assignment.due
    done = frozenset(handed_in.tasks) & frozenset(assignment.tasks)
    return Grade(learner, handed_in.at, late, judged, done)


def _judged(place: Place, given: Given | None) -> Judged:
    question = exam.question(*place)
    if given is None or not _fits(question, given):
        return Judged(place[0], answered=False, right=False)
    if question.family.format == "ordering":  # to find the one right order, every order would have to be run
        return Judged(place[0], answered=True, right=_in_order(place, given))
    right = _right(place)
    if isinstance(right, tuple):
        return Judged(place[0], answered=True, right=given == right)
    places_ = {option: at for at, option in enumerate(question.asked.options)}
    beliefs = tuple(places_[question.options[index]] for index in given if index not in right)
    return Judged(place[0], answered=True, right=set(given) == right, beliefs=beliefs)


@cache
def _right(place: Place) -> frozenset[int] | tuple[int, ...]:
    """What is right, found by one run for all who were asked the same."""
    return exam.question(*place).answer()


@cache
def _in_order(place: Place, given: Given) -> bool:
    return exam.question(*place).judged(given)[0]


def _fits(question: Question, given: Given) -> bool:
    """Whether it is an answer at all: indices of what the question has, as many as its format takes."""
    match question.family.format:
        case "one":
            return len(given) == 1 and given[0] in range(len(question.options))
        case "several":
            return bool(given) and len(set(given)) == len(given) and set(given) <= set(range(len(question.options)))
        case "ordering":
            return sorted(given) == list(range(len(question.options)))
        case "matching":
            return len(given) == len(question.options) and set(given) <= set(range(len(question.matches)))


def table(report: Report) -> str:
    """The grades as CSV: a line for each learner."""
    out = io.StringIO()
    lines = csv.writer(out)
    families, tasks = report.assignment.families, report.assignment.tasks
    lines.writerow(["learner", "handed in", "late", "right", "of", *families, *(".".join(task) for task in tasks)])
    for grade in report.grades:
        answers = [("1" if each.right else "0") if each.answered else "" for each in grade.judged]
        done = ["done" if task in grade.tasks else "" for task in tasks]
        late = "late" if grade.late else ""
        when = grade.at.isoformat(timespec="minutes")
        lines.writerow([_text(grade.learner), when, late, grade.score.right, grade.score.asked, *answers, *done])
    return out.getvalue()


def _text(words: str) -> str:
    """Text that no spreadsheet runs."""
    return f"'{words}" if words.startswith(FORMULA) else words
