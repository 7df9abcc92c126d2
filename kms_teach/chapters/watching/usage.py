"""How a key was used in a month, counted in the trail: by day, by caller, by operation."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from kms_teach.chapters.watching.bill import BY_KMS, Bill, asked, keys
from kms_teach.trail import Record


class Uses(Struct, frozen=True):
    """What one caller asked of a key, day by day; `operations` with the most frequent first."""

    caller: str
    days: tuple[int, ...]
    operations: tuple[tuple[str, int], ...]
    refused: int

    @property
    def calls(self) -> int:
        return sum(self.days)


class Month(Struct, frozen=True):
    """A key's month. `uses`: the caller with the most calls first. `stored`, `requests`: US dollars."""

    key: str
    since: datetime
    days: int
    uses: tuple[Uses, ...]
    stored: Decimal
    requests: Decimal

    @property
    def calls(self) -> int:
        return sum(each.calls for each in self.uses)

    @classmethod
    def of(cls, records: Sequence[Record], key_arn: str, name: str, since: datetime, until: datetime) -> "Month":
        """Count the calls about a key. Its requests are told at their price, as though no request were free."""
        about = [record for record in records if _asks(record, key_arn, since, until)]
        callers = Counter(record.caller for record in about)
        days = (until - since).days
        uses = tuple(_uses(caller, about, since, days) for caller, _ in callers.most_common())
        lives = keys(records)
        life = lives.get(key_arn)
        stored = sum(life.months(since, until), Decimal()) if life else Decimal()
        account = key_arn.split(":")[4]
        bill = Bill.made(account, Decimal(), Decimal(), asked(about, lives, account, since, until))
        full = sum((line.count * line.price.dollars / 10_000 for line in bill.lines), Decimal())
        return cls(name, since, days, uses, stored, full)


def _asks(record: Record, key_arn: str, since: datetime, until: datetime) -> bool:
    event = record.event
    named = any(each["ARN"] == key_arn for each in event.get("resources", ()))
    call = event["eventSource"] == BY_KMS and event["eventType"] == "AwsApiCall"
    return named and call and since <= datetime.fromisoformat(event["eventTime"]) < until


def _uses(caller: str, about: Sequence[Record], since: datetime, days: int) -> Uses:
    mine = [record for record in about if record.caller == caller]
    on = Counter((datetime.fromisoformat(record.event["eventTime"]) - since).days for record in mine)
    operations = Counter(record.operation for record in mine).most_common()
    return Uses(caller, tuple(on[day] for day in range(days)), tuple(operations), sum(not r.worked for r in mine))
