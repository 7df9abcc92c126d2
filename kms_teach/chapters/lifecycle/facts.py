"""What is known of a key's life at a moment: read off DescribeKey and the trail, and said in words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from kms_teach.chapters.lifecycle.states import GONE, GROUPS, allowed, refused, way_back
from kms_teach.drawing.look import day
from kms_teach.drawing.picture import Table, table
from kms_teach.trail import Record

KEPT = (
    "key material",
    "key policy",
    "aliases",
    "grants",
    "tags",
)  # until the day; KMS Developer Guide, "Deleting keys"
WAITING = ("PendingDeletion", "PendingReplicaDeletion")


class File(Struct, frozen=True):
    """A ciphertext, and what Decrypt answers now: "" or an error's code."""

    name: str
    refused: str = ""


class Life(Struct, frozen=True, kw_only=True):
    """The facts: a key, its state, and what is due for it. `scheduled` and `deletion` frame its waiting period.

    expires: when its imported material does, while that is there.
    """

    name: str
    arn: str
    state: str
    now: datetime
    origin: str = "AWS_KMS"
    scheduled: datetime | None = None
    deletion: datetime | None = None
    expires: datetime | None = None
    files: tuple[File, ...] = ()

    @property
    def days_left(self) -> int:
        """Whole days, rounded up, until the key is deleted."""
        return -((self.now - self.deletion) // timedelta(days=1)) if self.deletion else 0

    @property
    def opens(self) -> bool:
        return all(not file.refused for file in self.files)


def read(
    name: str, arn: str, now: datetime, described: Mapping[str, Any] | None, records: Sequence[Record],
    files: Sequence[File] = (),
) -> Life:  # fmt: skip
    """Read a key's life from DescribeKey's metadata (None once it is not found) and the records about it."""
    scheduled = [r for r in records if r.operation == "ScheduleKeyDeletion" and r.worked]
    at = datetime.fromisoformat(scheduled[-1].event["eventTime"]) if scheduled else None
    if described is None:
        deleted = next((r for r in reversed(records) if r.operation == "DeleteKey"), None)
        gone = datetime.fromisoformat(deleted.event["eventTime"]) if deleted else None
        return Life(name=name, arn=arn, state=GONE, now=now, scheduled=at, deletion=gone, files=tuple(files))
    state, deletion = described["KeyState"], described.get("DeletionDate")
    return Life(
        name=name, arn=arn, state=state, now=now, origin=described["Origin"], files=tuple(files),
        scheduled=at if state in WAITING else None, deletion=deletion.astimezone(UTC) if deletion else None,
        expires=described["ValidTo"].astimezone(UTC) if described.get("ValidTo") else None,
    )  # fmt: skip


def title(facts: Life) -> str:
    """Say in one sentence what a learner should believe after looking."""
    match facts.state:
        case "Enabled" if facts.expires:
            return f"The key works until {day(facts.expires)}, then its material is gone"
        case "Enabled":
            opens = f", and {facts.files[0].name} opens" if facts.files and facts.opens else ""
            return f"Enabled: the key works{opens}"
        case "Disabled":
            return "Disabled: nothing is lost, and nothing opens until one call"
        case "PendingDeletion":
            more = "1 more day" if facts.days_left == 1 else f"{facts.days_left} more days"
            return f"For {more} nothing is lost, and KMS opens nothing"
        case "PendingReplicaDeletion":
            return "The primary waits until its last replica is gone"
        case "PendingImport":
            return "No key material here: nothing opens until it is imported"
        case _ if facts.state == GONE:
            names = " and ".join(file.name for file in facts.files) or "what it encrypted"
            return f"The key is gone, and {names} will not open again"
    return f"{facts.state}: wait, then look again"


def alt(facts: Life) -> str:
    """Say the picture in reading order, one sentence for each part."""
    if facts.state == GONE:
        told = [f"{facts.name} is deleted, and so are its {', '.join(KEPT)}."]
    else:
        told = [f"The states of a KMS key and the calls that change them; {facts.name} is {facts.state}."]
    if facts.scheduled and facts.deletion and facts.state != GONE:
        told += [
            f"Its deletion was scheduled for {day(facts.deletion)} on {day(facts.scheduled)}; now is {day(facts.now)}.",
            f"Until then all five are kept: {', '.join(KEPT)}.",
        ]
    if way := way_back(facts.state):
        calls = "one call" if len(way) == 1 else f"{len(way)} calls"
        told.append(f"The way back to Enabled takes {calls}: {', then '.join(way)}.")
    told += [f"{file.name}: {file.refused or 'opens'}." for file in facts.files]
    closed = refused(facts.state)
    answered = [group.words for group in GROUPS if group not in closed]
    told.append(f"What KMS answers now: {', '.join(answered) or 'nothing'}.")
    if closed:
        told.append(f"Refused: {', '.join(group.words for group in closed)}.")
    return " ".join(told)


def data(facts: Life) -> Table:
    """The same as a table: what is answered in this state."""
    rows = [
        (group.words, ", ".join(group.operations) + (" and others" if group.more else ""),
         "answered" if allowed(group.operations[0], facts.state) else "refused")
        for group in GROUPS
    ]  # fmt: skip
    return table(("wish", "operations", f"in {facts.state}"), rows)


def line(facts: Life) -> str:
    """Say the facts in one line."""
    due = f", to be deleted {facts.deletion:%Y-%m-%d}" if facts.deletion and facts.state != GONE else ""
    due += f", material until {facts.expires:%Y-%m-%d}" if facts.expires else ""
    told = "".join(f"; {file.name}: {file.refused or 'opens'}" for file in facts.files)
    return f"Life: {facts.name} on {facts.now:%Y-%m-%d}: {facts.state}{due}{told}"
