"""What the server itself saw of a class: who called last and when, how often, and which errors came most."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kms_teach.classroom.roster import Learner
from kms_teach.classroom.work import Desks
from kms_teach.service import Service
from kms_teach.teaching.sections import title
from kms_teach.trail import Record
from kms_teach.wire.inprocess import AGENT

COMMON = 5  # errors that are shown
AT_ONCE = 1_000  # records that are read at once


@dataclass(frozen=True, slots=True)
class Seen:
    """The last call of a learner."""

    operation: str
    at: datetime
    error: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A learner: how many calls, how many of them refused, the last; the chapter and the task they are at."""

    name: str
    account: str
    calls: int
    refused: int
    last: Seen | None
    chapter: str
    task: str
    done_at: datetime | None  # when the task's check passed
    done: int  # tasks, this one among them


@dataclass(frozen=True, slots=True)
class Often:
    """An error: how often, and for how many learners."""

    code: str
    times: int
    learners: int


@dataclass(frozen=True, slots=True)
class Board:
    """The class as it is now."""

    now: datetime
    lines: tuple[Line, ...]
    errors: tuple[Often, ...]


class Watch:
    """Reads the trail on from where it was read last. Calls of the simulator's own, as a situation's, do not count."""

    def __init__(self, service: Service, learners: Sequence[Learner]) -> None:
        self.service, self.learners = service, learners
        self.calls, self.refused = Counter[str](), Counter[str]()
        self.last: dict[str, Seen] = {}
        self.errors: dict[str, Counter[str]] = defaultdict(Counter)  # by code, then by account
        self._own = {each.account for each in learners}
        self._read = 0

    def read(self) -> Mapping[str, int]:
        """Take note of what is new; gives how many calls each account has made."""
        trail = self.service.trail
        end = len(trail)
        for start in range(max(self._read, trail.begins), end, AT_ONCE):
            for record in trail[start : min(start + AT_ONCE, end)]:
                self._note(record)
        self._read = end
        return self.calls

    def board(self, work: Desks) -> Board:
        """Read, and tell what there is."""
        self.read()
        often = [Often(code, who.total(), len(who)) for code, who in self.errors.items()]
        often.sort(key=lambda each: (-each.times, each.code))
        lines = tuple(self._line(each, work) for each in self.learners)
        lines = tuple(self._line(each, work) for each in self.learners)
        return Board(self.service.clock.now, lines, tuple(often[:COMMON]))

    def _line(self, learner: Learner, work: Desks) -> Line:
        account, at = learner.account, work.of(learner.account)
        room, _, name = at.task.partition(".")
        return Line(
            learner.name, account, self.calls[account], self.refused[account], self.last.get(account),
            title(room) if room else "", name, at.done.get(at.task), len(at.done),
        )  # fmt: skip

    def _note(self, record: Record) -> None:
        account = record.event["userIdentity"].get("accountId", "")
        own = record.event.get("recipientAccountId") == account and "invokedBy" not in record.event["userIdentity"]
        if account not in self._own or not own or record.event.get("userAgent") == AGENT:
            return
        at = datetime.fromisoformat(record.event["eventTime"])
        self.calls[account] += 1
        self.last[account] = Seen(record.operation, at, record.error)
        if record.error:
            self.refused[account] += 1
            self.errors[record.error][account] += 1
