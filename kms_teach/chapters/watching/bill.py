"""The bill of a month: what an account's keys and requests cost, read off the trail."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.chapters.watching.prices import (
    EACH,
    FREE_REQUESTS,
    KEY,
    PAID_ROTATIONS,
    REQUESTS,
    ROTATION,
    Price,
    price,
)
from kms_teach.keys.specs import SYMMETRIC
from kms_teach.trail import Record

BY_KMS = "kms.amazonaws.com"
CENT = Decimal("0.01")
HOUR = timedelta(hours=1)


class KeyLife(Struct, frozen=True):
    """A customer managed key: since when, its rotations, and from when on it costs nothing any more."""

    arn: str
    account: str
    spec: str
    made: datetime
    rotated: tuple[datetime, ...] = ()
    ended: datetime | None = None  # its deletion was scheduled then, and not cancelled

    def months(self, since: datetime, until: datetime) -> tuple[Decimal, Decimal]:
        """How much of a month it is paid for, and how much of one for each rotation that is paid, added up."""
        paid = self.rotated[:PAID_ROTATIONS]
        end = min(until, self.ended or until)
        parts = [_hours(max(start, since), end) / _hours(since, until) for start in (self.made, *paid)]
        return parts[0], sum(parts[1:], Decimal())


class Line(Struct, frozen=True):
    """One line of a bill: how many of what, and US dollars for them. `free`: how many cost nothing."""

    price: Price
    count: Decimal
    dollars: Decimal
    free: int = 0


class Bill(Struct, frozen=True):
    """What an account pays for KMS, line by line; a line with nothing is not there."""

    account: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.dollars for line in self.lines), Decimal())

    def line(self, what: Price) -> Line:
        """The line of a price; one with nothing where there is none."""
        return next((line for line in self.lines if line.price == what), Line(what, Decimal(), Decimal()))

    @classmethod
    def of(cls, records: Sequence[Record], account: str, since: datetime, until: datetime) -> "Bill":
        """The bill from `since` to just before `until`, which is taken as a month."""
        lives = keys(records)
        stored = [life.months(since, until) for life in lives.values() if life.account == account]
        requests = asked(records, lives, account, since, until)
        return cls.made(
            account, sum((k for k, _ in stored), Decimal()), sum((r for _, r in stored), Decimal()), requests
        )

    @classmethod
    def made(cls, account: str, key_months: Decimal, rotation_months: Decimal, requests: Mapping[Price, int]) -> "Bill":
        """The bill for so many key-months, months of rotations that are paid, and requests of each price."""
        lines = [
            Line(KEY, key_months, key_months * KEY.dollars),
            Line(ROTATION, rotation_months, rotation_months * ROTATION.dollars),
        ]
        for kind in REQUESTS:
            count = requests.get(kind, 0)
            free = min(count, FREE_REQUESTS) if kind.free else 0
            lines.append(Line(kind, Decimal(count), (count - free) * kind.dollars / EACH, free))
        return cls(account, tuple(line for line in lines if line.count))


def keys(records: Iterable[Record]) -> dict[str, KeyLife]:
    """The customer managed keys that the trail saw made, by ARN.

    A deletion that is cancelled costs as though it had never been scheduled. A replica's rotations are its primary's,
    and counted there.
    """
    lives: dict[str, KeyLife] = {}
    for record in records:
        event, operation = record.event, record.operation
        at, arns = datetime.fromisoformat(event["eventTime"]), [each["ARN"] for each in event.get("resources", ())]
        if not record.worked or not arns or event["eventSource"] != BY_KMS:
            continue
        if operation == "CreateKey":
            made = event["responseElements"]["keyMetadata"]
            lives[made["arn"]] = KeyLife(made["arn"], made["AWSAccountId"], made["keySpec"], at)
        elif (life := lives.get(arns[0])) is None:
            continue
        elif operation == "RotateKey":
            lives[life.arn] = replace(life, rotated=(*life.rotated, at))
        elif operation == "ScheduleKeyDeletion":
            lives[life.arn] = replace(life, ended=at)
        elif operation == "CancelKeyDeletion":
            lives[life.arn] = replace(life, ended=None)
    return lives


def asked(
    records: Iterable[Record], lives: Mapping[str, KeyLife], account: str, since: datetime, until: datetime
) -> Counter[Price]:
    """The requests that an account pays, by price: those of its own callers, whoever owns the key.

    Refused ones are counted too: AWS names a price for each request, and says nothing of refusals.
    """
    counts: Counter[Price] = Counter()
    for record in records:
        event = record.event
        if since <= datetime.fromisoformat(event["eventTime"]) < until and pays(record) == account:
            arn = next((each["ARN"] for each in event.get("resources", ())), "")
            spec = lives[arn].spec if arn in lives else SYMMETRIC
            counts[price(record.operation, spec, str(record.parameters.get("keyPairSpec", "")))] += 1
    return counts


def pays(record: Record) -> str:
    """The account that pays a request to KMS: the caller's. "" for what costs nothing, as an act of AWS's own."""
    event, caller = record.event, record.event["userIdentity"]
    of_kms = event["eventSource"] == BY_KMS and event["eventType"] == "AwsApiCall"
    copy = caller.get("type") == "AWSAccount"  # of the same call, in the trail of the key's owner
    own = caller.get("invokedBy") == "AWS Internal"
    return str(caller.get("accountId", "")) if of_kms and not copy and not own else ""


def dollars(amount: Decimal) -> str:
    """An amount as it is written: $7.00; less than a cent is not told as nothing."""
    if 0 < amount < CENT:
        return "under $0.01"
    return f"${amount.quantize(CENT, ROUND_HALF_UP):,}"


def _hours(start: datetime, end: datetime) -> Decimal:
    """Hours, as AWS counts a month's keys: those that were begun count whole."""
    return Decimal(max(-((start - end) // HOUR), 0))
