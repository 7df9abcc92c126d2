"""The class as it is now: of each learner what was seen and what they work on, and the errors that come most."""

from datetime import datetime

from msgspec import Struct

from kms_teach.classroom.roster import Learner
from kms_teach.classroom.watch import Seen, Watch
from kms_teach.classroom.work import Desks
from kms_teach.teaching.sections import title

COMMON = 5  # errors that are shown


class Task(Struct, frozen=True):
    """A task that a learner has begun, and when its check passed."""

    name: str
    done_at: datetime | None = None


class Line(Struct, frozen=True):
    """A learner: how many calls, how many of them refused, the last; the chapter and the tasks they are at."""

    name: str
    account: str
    calls: int
    refused: int
    last: Seen | None
    chapter: str
    tasks: tuple[Task, ...]
    before: int  # tasks of other chapters that they have done

    @property
    def is_done(self) -> bool:
        """Whether they have done all that they have begun in the chapter."""
        return bool(self.tasks) and all(task.done_at for task in self.tasks)


class Often(Struct, frozen=True):
    """An error: how often, and for how many learners."""

    code: str
    times: int
    learners: int


class Board(Struct, frozen=True):
    """The class as it is now."""

    now: datetime
    lines: tuple[Line, ...]
    errors: tuple[Often, ...]


def overview(watch: Watch, work: Desks) -> Board:
    """Read what is new, and tell what there is."""
    watch.read()
    often = [Often(code, who.total(), len(who)) for code, who in watch.errors.items()]
    often.sort(key=lambda each: (-each.times, each.code))
    lines = tuple(_line(each, watch, work) for each in watch.learners)
    return Board(watch.service.clock.now, lines, tuple(often[:COMMON]))


def _line(learner: Learner, watch: Watch, work: Desks) -> Line:
    account, at = learner.account, work.of(learner.account)
    tasks = tuple(Task(task.partition(".")[2], at.done.get(task)) for task in at.tasks)
    return Line(
        learner.name, account, watch.calls[account], watch.refused[account], watch.last.get(account),
        title(at.room) if at.room else "", tasks, len(set(at.done) - set(at.tasks)),
    )  # fmt: skip
