"""What is kept of a learner, one record for each thing done; each has a moment, and none is ever changed.

What was done is the set of its records, so that two notebooks, and a file from another computer, are brought together
by taking all of them once. To reset a chapter is a record too: of that chapter, what came before no longer counts.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

import msgspec

How = Literal["quiz", "practice", "mock", "placement", "recall", "assignment"]
Given = tuple[int, ...]  # an answer as indices, see `Question.answer`


class Record(msgspec.Struct, frozen=True, tag_field="kind"):
    """Something done at a moment, an aware datetime."""

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a record's moment has no time zone")
        if self.at.tzinfo is not UTC:  # one spelling for each moment, or a record could be there twice
            msgspec.structs.force_setattr(self, "at", self.at.astimezone(UTC))


class Answered(Record, frozen=True, tag="answered"):
    """A question of a family, and whether what was given is right."""

    family: str
    chapter: str
    seed: int
    right: bool
    how: How
    given: Given = ()


class Done(Record, frozen=True, tag="done"):
    """A task whose check has found the goal reached; `task` is its name in the chapter."""

    chapter: str
    task: str


class Predicted(Record, frozen=True, tag="predicted"):
    """What became of a prediction; `prediction` is its name in the chapter."""

    chapter: str
    prediction: str
    right: bool


class Reset(Record, frozen=True, tag="reset"):
    """A chapter begun anew: what was done in it before does not count."""

    chapter: str


class Begun(Record, frozen=True, tag="begun"):
    """A paper begun: its questions as (family, seed). `sitting` names it in what follows.

    `code` is an exam's, "" for a paper across all subjects, and begins with @ for an assignment.
    """

    sitting: str
    code: str
    questions: tuple[tuple[str, int], ...]


class Marked(Record, frozen=True, tag="marked"):
    """What stands on a sitting's sheet for a question from now on, and the seconds used since it began."""

    sitting: str
    number: int
    given: Given | None
    flagged: bool
    used: float


class Ended(Record, frozen=True, tag="ended"):
    """A sitting handed in, or given up."""

    sitting: str
    used: float
    given_up: bool = False


AnyRecord = Answered | Done | Predicted | Reset | Begun | Marked | Ended


def counting(records: Iterable[AnyRecord]) -> list[AnyRecord]:
    """The records that count, each once and the earliest first: without what a reset came after."""
    ordered = sorted(dict.fromkeys(records), key=lambda record: record.at)
    begins: dict[str, int] = {r.chapter: at for at, r in enumerate(ordered) if isinstance(r, Reset)}
    return [r for at, r in enumerate(ordered) if at > begins.get(getattr(r, "chapter", ""), -1)]
