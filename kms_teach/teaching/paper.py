"""The paper of a mock exam: which questions it has, and what a number of right answers says.

A paper is drawn from a seed: so many questions of each subject as the certification's weights say, never two of one
family. AWS marks on a scale from 100 to 1,000 that is no share of right answers, so a score here is no mark of AWS's.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from msgspec import Struct

from kms_teach.teaching.certifications import MOCK, Certification
from kms_teach.teaching.question import SUBJECTS, Family

SEEDS = range(1, 51)  # the faces of a family that the tests look at
SURE = 0.95  # of how many papers the interval of a score holds what it says

Place = tuple[str, int]  # a question: the id of its family, and its seed


class Score(Struct, frozen=True):
    """How many questions were right, of how many."""

    right: int
    asked: int

    @property
    def share(self) -> float:
        return self.right / self.asked if self.asked else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares of right answers what one knows lies, as far as so few questions can tell.

        E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927: unlike share ± error
        it stays between 0 and 1, and does not call one right of one certain.
        """
        if not self.asked:
            return 0.0, 1.0
        z, n, share = NormalDist().inv_cdf(0.5 + SURE / 2), self.asked, self.share
        middle = share + z * z / (2 * n)
        half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        whole = 1 + z * z / n
        return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def per_question(exam: Certification) -> Fraction:
    """Minutes for a question in the real exam."""
    return Fraction(exam.minutes, exam.questions)


def suitable(exam: Certification, families: Iterable[Family]) -> list[Family]:
    """The families that the exam may ask: tagged with it, and in a format that it has."""
    return [family for family in families if exam.code in family.exams and family.format in exam.formats]


def drawn(exam: Certification, families: Iterable[Family], seed: int, length: int = MOCK) -> tuple[Place, ...]:
    """The questions of a paper, in their order; fewer than `length` where there are no more families."""
    draw = random.Random(f"{exam.code} {seed}")  # noqa: S311 (the same in every process, as of a str)
    return _faces(_chosen(suitable(exam, families), exam.weights, length, draw), draw)


def spread(families: Iterable[Family], seed: int, length: int) -> tuple[Place, ...]:
    """Questions across all subjects alike, for no exam in particular."""
    draw = random.Random(f"all {seed}")  # noqa: S311 (as above)
    return _faces(_chosen(list(families), dict.fromkeys(SUBJECTS, 1), length, draw), draw)


def by_subject(answers: Iterable[tuple[str, bool]]) -> dict[str, Score]:
    """The score in each subject, the most asked first, of pairs (subject, right)."""
    counts: dict[str, list[bool]] = {}
    for subject, right in answers:
        counts.setdefault(subject, []).append(right)
    scores = {subject: Score(sum(all_), len(all_)) for subject, all_ in counts.items()}
    return dict(sorted(scores.items(), key=lambda item: (-item[1].asked, item[0])))


def _chosen(families: Sequence[Family], weights: Mapping[str, int], length: int, draw: random.Random) -> list[Family]:
    subjects = draw.sample(SUBJECTS, len(SUBJECTS))  # of those that are due alike, not always the same comes first
    rooms = {subject: [f for f in families if f.subject == subject] for subject in subjects}
    counts = shared_out(weights, {subject: len(there) for subject, there in rooms.items()}, length)
    chosen = [family for subject, count in counts.items() for family in draw.sample(rooms[subject], count)]
    draw.shuffle(chosen)
    return chosen


def _faces(families: Sequence[Family], draw: random.Random) -> tuple[Place, ...]:
    return tuple((family.id, draw.choice(SEEDS)) for family in families)


def shared_out(weights: Mapping[str, int], there: Mapping[str, int], length: int) -> dict[str, int]:
    """How many questions of each subject: by weight, never more than there are.

    The next question always goes to the subject that is furthest behind its weight (D'Hondt's way to share out seats);
    one without weight comes in only when all that have some are used up.
    """
    counts = dict.fromkeys(there, 0)
    for _ in range(min(length, sum(there.values()))):
        free = [subject for subject in there if counts[subject] < there[subject]]
        weighed = [subject for subject in free if weights.get(subject)] or free
        most = max(weighed, key=lambda subject: Fraction(weights.get(subject) or 1, counts[subject] + 1))
        counts[most] += 1
    return counts
