"""What a month costs by how messages get their data keys: bills side by side, of one account."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from kms_teach.chapters.watching.bill import Bill, dollars
from kms_teach.chapters.watching.prices import KEY, REQUESTS, ROTATION, SYMMETRIC

ACCOUNT = "111122223333"


class Way(Struct, frozen=True):
    """How messages get their data keys. `calls` to KMS were counted in the trail for `messages` messages."""

    name: str
    messages: int
    calls: int

    def requests(self, messages: int) -> int:
        """How many a month's messages come to, at this rate."""
        return -(-messages * self.calls // self.messages)


class Ways(Struct, frozen=True):
    """A month's keys and messages, and what they cost in each way; `chosen` is the one that is looked at."""

    keys: int
    rotations: int
    replicas: int
    messages: int
    bills: tuple[tuple[Way, Bill], ...]
    chosen: str

    @classmethod
    def of(
        cls, keys: int, rotations: int, replicas: int, messages: int, ways: Mapping[str, Way], one: Bill, chosen: str
    ) -> "Ways":
        """Bills for so many keys, each like the one whose bill is `one`."""
        stored, turned = (one.line(what).count * keys for what in (KEY, ROTATION))
        bills = tuple(
            (way, Bill.made(ACCOUNT, stored, turned, {SYMMETRIC: way.requests(messages)})) for way in ways.values()
        )
        return cls(keys, rotations, replicas, messages, bills, chosen)

    @property
    def bill(self) -> Bill:
        return next(bill for way, bill in self.bills if way.name == self.chosen)

    @property
    def way(self) -> Way:
        return next(way for way, _ in self.bills if way.name == self.chosen)

    @property
    def dearest(self) -> Bill:
        return max((bill for _, bill in self.bills), key=lambda bill: bill.total)

    @property
    def title(self) -> str:
        """The message: what the chosen way costs, and what it saves."""
        mine, most = self.bill.total, self.dearest.total
        if dollars(mine) == dollars(most):
            return f"This month costs {dollars(mine)}"
        return f"This month costs {dollars(mine)}, not {dollars(most)}"


def parts(bill: Bill) -> tuple[tuple[str, Decimal], ...]:
    """What a bill is made of: keys, rotations, requests, in US dollars."""
    asked = sum((bill.line(kind).dollars for kind in REQUESTS), Decimal())
    return ("keys", bill.line(KEY).dollars), ("rotations", bill.line(ROTATION).dollars), ("requests", asked)
