"""A mock exam, or fifteen questions to see where one stands: the sheet with what is on it, its time, what came out.

A sitting is read off its records, and each change of its sheet is a record, so it goes on where it stopped: after a
closed tab, in another notebook, on another computer. Its time is what was spent in front of it.
"""

import math
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from kms_teach.teaching import exam, paper
from kms_teach.teaching.certifications import MOCK, Certification, certification
from kms_teach.teaching.paper import Place, Score
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.question import OPEN, Question
from kms_teach.teaching.record import Answered, AnyRecord, Begun, Ended, Given, How, Marked

ASSIGNED = "@"  # with what the code of an assignment's paper begins


class Mark(Struct, frozen=True):
    """What stands on the sheet for one question."""

    given: Given | None = None
    flagged: bool = False


class Sitting(Struct, frozen=True, dict=True):
    """A paper begun; only one of an exam has a clock. `code` is as in `Begun`.

    `used` are the seconds spent on it; it is `over` once it was handed in or given up.
    """

    id: str
    code: str
    places: tuple[Place, ...]
    begun: datetime
    marks: tuple[Mark, ...]
    used: float = 0.0
    over: bool = False
    given_up: bool = False

    @property
    def exam(self) -> Certification | None:
        return certification(self.code) if self.how == "mock" else None

    @property
    def how(self) -> How:
        if self.code.startswith(ASSIGNED):
            return "assignment"
        return "mock" if self.code else "placement"

    @property
    def minutes(self) -> float:
        """How long it may take, at the exam's minutes for a question; as long as one likes where there is no exam."""
        return float(paper.per_question(self.exam) * len(self.places)) if self.exam else math.inf

    @property
    def answered(self) -> int:
        return sum(mark.given is not None for mark in self.marks)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions of its paper. Raises KeyError where one is not in this edition of the course."""
        return tuple(exam.question(*place) for place in self.places)

    def after(self, record: Marked | Ended) -> "Sitting":
        """The sitting once this was done."""
        used = max(self.used, record.used)
        if isinstance(record, Ended):
            return replace(self, used=used, over=True, given_up=record.given_up)
        if not 1 <= record.number <= len(self.marks):
            return self
        mark = Mark(record.given, record.flagged)
        return replace(self, used=used, marks=(*self.marks[: record.number - 1], mark, *self.marks[record.number :]))


class Judged(Struct, frozen=True):
    """A question of a sitting, and what the run says of what was given."""

    question: Question
    given: Given | None
    right: bool
    why: str


class Result(Struct, frozen=True):
    """What came out of a sitting, question by question."""

    sitting: Sitting
    judged: Sequence[Judged] = field(default_factory=tuple)

    @property
    def score(self) -> Score:
        return Score(sum(each.right for each in self.judged), len(self.judged))

    @property
    def subjects(self) -> dict[str, Score]:
        return paper.by_subject((each.question.family.subject, each.right) for each in self.judged)


def sittings(records: Iterable[AnyRecord]) -> list[Sitting]:
    """All sittings among a learner's records, in the order in which they were begun."""
    found: dict[str, Sitting] = {}
    for record in records:
        if isinstance(record, Begun):
            blank = (Mark(),) * len(record.questions)
            found[record.sitting] = Sitting(record.sitting, record.code, record.questions, record.at, blank)
        elif isinstance(record, Marked | Ended) and record.sitting in found:
            found[record.sitting] = found[record.sitting].after(record)
    return list(found.values())


class Sheet:
    """A sitting under the pen: what is done to it is kept at once, and its time runs.

    `number` is the question in front of the learner, from 1.
    """

    def __init__(self, kept: Progress, sitting: Sitting) -> None:
        self.kept, self.sitting = kept, sitting
        self.number = next((n for n, mark in enumerate(sitting.marks, 1) if mark.given is None), 1)
        self._since = kept.now()

    @classmethod
    def begin(cls, kept: Progress, code: str, length: int = MOCK, seed: int | None = None) -> "Sheet":
        """Draw a paper of an exam, or across all subjects for "", and begin it; without a seed one is drawn too.

        Raises:
            KeyError: no exam has that code.
            ValueError: there are no questions for it.
        """
        known = certification(code) if code else None
        seed = secrets.randbelow(10**6) if seed is None else seed
        all_ = exam.families()
        places = paper.drawn(known, all_, seed, length) if known else paper.spread(all_, seed, length)
        if not places:
            raise ValueError(f"there are no questions for {code.upper()} yet: choose another exam")
        return cls.of(kept, known.code if known else "", places)

    @classmethod
    def of(cls, kept: Progress, code: str, places: tuple[Place, ...]) -> "Sheet":
        """Begin a paper of just these questions."""
        begun = Begun(kept.now(), secrets.token_hex(4), code, places)
        kept.add(begun)
        return cls(kept, sittings([begun])[0])

    @classmethod
    def unfinished(cls, kept: Progress, how: How = "mock", code: str = "") -> "Sheet | None":
        """The sitting of its kind that was begun last, unless it is over; its time goes on from what was used.

        `code` is how its code begins.
        """
        begun = [s for s in sittings(kept.records()) if s.how == how and s.code.startswith(code)]
        return cls(kept, begun[-1]) if begun and not begun[-1].over else None

    @property
    def question(self) -> Question:
        return self.sitting.questions[self.number - 1]

    @property
    def mark(self) -> Mark:
        return self.sitting.marks[self.number - 1]

    @property
    def used(self) -> float:
        """The seconds spent, up to now."""
        return self.sitting.used + max(0.0, (self.kept.now() - self._since).total_seconds())

    @property
    def left(self) -> float:
        """The seconds that are left; less than none when it took longer."""
        return self.sitting.minutes * 60 - self.used

    def look(self) -> None:
        """See what another notebook has done to the same sitting meanwhile.

        Raises:
            ValueError: it is over.
        """
        found = {sitting.id: sitting for sitting in sittings(self.kept.records())}
        self.sitting = found.get(self.sitting.id, self.sitting)
        if self.sitting.over:
            raise ValueError("this exam was ended in another notebook: begin a new one")

    def give(self, given: Given | None) -> None:
        """Put an answer to the question in front of the learner, or take it away."""
        self.look()
        if given != self.mark.given:
            self._write(replace(self.mark, given=given))

    def flag(self, flagged: bool) -> None:
        """Flag the question to come back to, or unflag it."""
        self.look()
        if flagged != self.mark.flagged:
            self._write(replace(self.mark, flagged=flagged))

    def go(self, number: int) -> None:
        """Take another question, as far as there are some."""
        self.number = min(max(number, 1), len(self.sitting.places))

    def hand_in(self) -> Result:
        """End it, judge all answers by a run, and keep what came out."""
        self.look()
        result = judged(self.sitting)
        now, used = self.kept.now(), self.used
        answers = [
            Answered(now, q.family.id, q.family.chapter, q.seed, each.right, result.sitting.how, each.given or ())
            for each in result.judged
            for q in [each.question]
        ]
        self._keep(Ended(now, self.sitting.id, used), *answers)
        return replace(result, sitting=self.sitting)

    def give_up(self) -> None:
        """End it without a result."""
        self.look()
        self._keep(Ended(self.kept.now(), self.sitting.id, self.used, given_up=True))

    def _write(self, mark: Mark) -> None:
        self._keep(Marked(self.kept.now(), self.sitting.id, self.number, mark.given, mark.flagged, round(self.used, 1)))

    def _keep(self, record: Marked | Ended, *more: AnyRecord) -> None:
        self.kept.add(record, *more)
        self.sitting, self._since = self.sitting.after(record), self.kept.now()


def judged(sitting: Sitting) -> Result:
    """Judge a sitting as it stands, by a run of each question; what is open is wrong, as in the real exam."""
    answers = []
    for question, mark in zip(sitting.questions, sitting.marks, strict=True):
        if mark.given is None or OPEN in mark.given:
            why = "You did not answer." if mark.given is None else "You left a part of it open."
            answers.append(Judged(question, mark.given, right=False, why=why))
        else:
            answers.append(Judged(question, mark.given, *question.judged(mark.given)))
    return Result(sitting, answers)
