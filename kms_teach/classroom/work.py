"""What the class works on: a task set up in a learner's account, and checked there; what was done is kept."""

import contextlib
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct, field
from msgspec.structs import replace

from kms_teach.classroom import tasks
from kms_teach.classroom.seat import Seat
from kms_teach.classroom.watch import Watch
from kms_teach.errors import KmsError
from kms_teach.teaching.handed_over import packed
from kms_teach.teaching.task import Outcome

KEPT = "class work"  # the setting of the store that has it
SHARE = 20  # a look at all takes at most one part in so many of the server's time
PAUSE = 10.0  # seconds at least between two such looks
AGAIN = 1.0  # seconds between two checks that one learner asks for


class TooSoonError(Exception):
    """A learner asks again before the server has drawn breath."""


class Work(Struct, frozen=True):
    """What a learner works on: when they began which task and did which, by `room.NAME`, the newest last."""

    begun: dict[str, datetime] = field(default_factory=dict)
    done: dict[str, datetime] = field(default_factory=dict)

    @property
    def room(self) -> str:
        """The chapter that they are at; "" before the first task."""
        return _room(next(reversed(self.begun), ""))

    @property
    def tasks(self) -> tuple[str, ...]:
        """Those of that chapter that they have begun."""
        return tuple(task for task in self.begun if _room(task) == self.room)


class Desks:
    """The work of all learners, by account. timer: seconds of a clock that never goes back."""

    def __init__(self, watch: Watch, timer: Callable[[], float] = time.monotonic) -> None:
        self.watch, self.service, self.timer = watch, watch.service, timer
        kept = self.service.store.setting(KEPT) or "{}"
        self.work: dict[str, Work] = msgspec.json.decode(kept, type=dict[str, Work])
        self._asked: dict[str, float] = {}
        self._looked, self._took = float("-inf"), 0.0
        self._seen: dict[str, int] = {}  # how many calls an account had made when it was looked at

    def of(self, account: str) -> Work:
        return self.work.get(account, Work())

    def begin(self, account: str, room: str, name: str) -> dict[str, Any]:
        """Build the situation of a task in an account; gives what it names, packed. KeyError for no such task."""
        seat = Seat(self.service, account)
        given = dict(tasks.task(room, name).situation(seat))
        task = f"{room}.{name}"
        before = self.of(account)
        begun, done = ({each: at for each, at in held.items() if each != task} for held in (before.begun, before.done))
        self._keep(account, Work({**begun, task: self.service.clock.now}, done))
        return {key: packed(value, seat.described) for key, value in given.items()}

    def check(self, account: str, room: str, name: str) -> Outcome:
        """Whether a task's goal is reached in an account. TooSoonError for one who asks without end."""
        judge = tasks.task(room, name)
        now = self.timer()
        if now - self._asked.get(account, float("-inf")) < AGAIN:
            raise TooSoonError("one check a second: press again in a moment")
        try:
            with contextlib.closing(self.service.copied(trail=False)) as copy:
                outcome = judge.check(Seat(copy, account, self.watch.records(account)))
        finally:
            self._asked[account] = self.timer()
        if outcome.done:
            self._done(account, f"{room}.{name}")
        return outcome

    def look(self) -> None:
        """Check what each works on who has called since the last look.

        It is done at most every ten seconds, and takes a twentieth of the time at most.
        """
        begin = self.timer()
        if begin - self._looked < max(PAUSE, SHARE * self._took):
            return
        calls = dict(self.watch.read())
        waiting = {
            account: open_ for account, work in self.work.items()
            if calls.get(account, 0) != self._seen.get(account) and (open_ := _open(work))
        }  # fmt: skip
        if waiting:
            # once, as calls wait for it; each judge has a copy of the copy, and the account's records beside it
            with contextlib.closing(self.service.copied(trail=False)) as copy:
                for account, open_ in waiting.items():
                    seat = Seat(copy, account, self.watch.records(account))
                    for task in open_:
                        if _is_reached(task, seat):
                            self._done(account, task)
                    self._seen[account] = calls.get(account, 0)
        self._looked = self.timer()
        self._took = self._looked - begin

    def _done(self, account: str, task: str) -> None:
        work = self.of(account)
        if task not in work.done:
            self._keep(account, replace(work, done={**work.done, task: self.service.clock.now}))

    def _keep(self, account: str, work: Work) -> None:
        self.work[account] = work
        with self.service.store.transaction():
            self.service.store.set(KEPT, msgspec.json.encode(self.work).decode())


def _room(task: str) -> str:
    return task.partition(".")[0]


def _open(work: Work) -> list[str]:
    """What there is to check; a store may know a task that is no longer set here."""
    return [task for task in work.tasks if task not in work.done and tasks.is_set_here(*task.split("."))]


def _is_reached(task: str, seat: Seat) -> bool:
    try:
        return tasks.task(*task.split(".")).check(seat).done
    except (ClientError, KmsError, ValueError):  # what the judge asks for is gone, or shut: the learner is told so
        return False
