"""What the server itself saw of a class: who called last and when, how often, and which errors came most.

The trail of all is read once, as it grows; of each account it is noted which records are its own.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from kms_teach.classroom.roster import Learner
from kms_teach.service import Service
from kms_teach.trail import Record
from kms_teach.wire.inprocess import AGENT

AT_ONCE = 1_000  # records that are read at once
KEPT = 2_000  # records of an account that a check looks at, the newest


class Seen(Struct, frozen=True):
    """The last call of a learner."""

    operation: str
    at: datetime
    error: str = ""


class Watch:
    """Reads the trail on from where it was read last. Calls of the simulator's own, as a situation's, do not count."""

    def __init__(self, service: Service, learners: Sequence[Learner]) -> None:
        self.service, self.learners = service, learners
        self.calls, self.refused = Counter[str](), Counter[str]()
        self.last: dict[str, Seen] = {}
        self.errors: dict[str, Counter[str]] = defaultdict(Counter)  # by code, then by account
        self._numbers: dict[str, deque[int]] = {each.account: deque(maxlen=KEPT) for each in learners}
        self._read = 0

    def read(self) -> Mapping[str, int]:
        """Take note of what is new; gives how many calls each account has made."""
        trail = self.service.trail
        end = len(trail)
        for start in range(max(self._read, trail.begins), end, AT_ONCE):
            for number, record in enumerate(trail[start : min(start + AT_ONCE, end)], start):
                self._note(number, record)
        self._read = end
        return self.calls

    def records(self, account: str) -> list[bytes]:
        """The text of an account's newest records, oldest first."""
        self.read()
        numbers = self._numbers.get(account, ())
        return [text for number in numbers for text in self.service.store.recorded(number, number + 1)]

    def _note(self, number: int, record: Record) -> None:
        account, caller = record.event.get("recipientAccountId", ""), record.event["userIdentity"]
        if account not in self._numbers:
            return
        self._numbers[account].append(number)
        if caller.get("accountId") != account or "invokedBy" in caller or record.event.get("userAgent") == AGENT:
            return
        self.calls[account] += 1
        self.last[account] = Seen(record.operation, datetime.fromisoformat(record.event["eventTime"]), record.error)
        if record.error:
            self.refused[account] += 1
            self.errors[record.error][account] += 1
