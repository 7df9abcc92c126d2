"""A ticket: who calls, what they see and since when; and the work on it, as the trail tells it."""

from collections.abc import Callable

from botocore.exceptions import ClientError
from msgspec import Struct
from msgspec.structs import replace

from kms_teach.access.principals import ROOT_ACCOUNT
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

TICKET, NOTE = "Ticket", "Note"  # tags of the user who reports it
AGAIN = "Press “Start again” if you cannot undo that."
NOT_BEGUN = Outcome(False, "Nothing is broken yet: press “Start again”.")


class Ticket(Struct, frozen=True):
    """One thing that went wrong.

    title, report, since: what who calls says. level: 1 to 3. rooms: the chapters that help. tasks: one, or several of
    which a seed chooses, that look the same from outside. caller: whose call is shown, if not the reporter's.
    """

    id: str
    title: str
    reporter: str
    report: str
    since: str
    level: int
    rooms: tuple[str, ...]
    tasks: tuple[Task, ...]
    caller: str = ""
    account: str = ROOT_ACCOUNT  # of the reporter

    def task(self, seed: int) -> Task:
        """The task that a seed chooses."""
        return self.tasks[seed % len(self.tasks)]

    @property
    def shown(self) -> str:
        """Whose call is shown."""
        return self.caller or self.reporter


class Work(Struct, frozen=True):
    """What was called before a ticket was handed over, and what since then; `note` is what was noted on it."""

    before: list[Record]
    since: list[Record]
    note: str

    @classmethod
    def on(cls, sim: Simulator, ticket: str) -> "Work | None":
        """The work since the ticket was handed over last; None if it never was."""
        records = list(sim.trail)
        for at in range(len(records) - 1, -1, -1):
            if records[at].operation == "TagUser" and (tags := _tags(records[at])).get(TICKET) == ticket:
                return cls(records[:at], records[at + 1 :], tags.get(NOTE, ""))
        return None

    def key(self, description: str) -> str:
        """The ARN of the key that was made last under this description, before the ticket was handed over."""
        made = (r for r in reversed(self.before) if r.operation == "CreateKey" and r.worked)
        named = next(r for r in made if r.parameters.get("description") == description)
        return str(named.event["responseElements"]["keyMetadata"]["arn"])

    def about(self, *names: str) -> "Work":
        """Of the work, what was done about these keys, by ARN, and these people and buckets, by name.

        Other tickets may lie open in the same simulator.
        """
        ids = {name.rpartition("/")[2] for name in names}
        return replace(self, since=[r for r in self.since if _touches(r, ids)])

    def done(self, *operations: str) -> list[Record]:
        """The calls of these operations that went well."""
        return [r for r in self.since if r.operation in operations and r.worked]

    def refused(self, *operations: str) -> list[Record]:
        """Those that did not."""
        return [r for r in self.since if r.operation in operations and not r.worked]


def hand_over(sim: Simulator, ticket: str, reporter: str, account: str = ROOT_ACCOUNT, note: str = "") -> None:
    """Tag who reports it with the ticket: all that is in the trail from here on is work on it."""
    tags = [{"Key": TICKET, "Value": ticket}, *([{"Key": NOTE, "Value": note}] if note else [])]
    sim.client("iam", account=account).tag_user(UserName=reporter, Tags=tags)


def judged(ticket: str, judge: Callable[[Simulator, Work], Outcome]) -> Callable[[Simulator], Outcome]:
    """A task's judge of one that also wants to know what was done since the ticket was handed over."""

    def with_work(sim: Simulator) -> Outcome:
        work = Work.on(sim, ticket)
        if work is None:
            return NOT_BEGUN
        try:
            return judge(sim, work)
        except ClientError as refused:  # what the judge asks as the root user was shut
            code = refused.response["Error"]["Code"]
            return Outcome(False, f"Not even the root user may call {refused.operation_name} now: {code}. {AGAIN}")
        except ValueError as gone:  # a user or a role of the ticket was deleted
            return Outcome(False, f"{str(gone)[:1].upper()}{str(gone)[1:]}. {AGAIN}")

    return with_work


def _touches(record: Record, ids: set[str]) -> bool:
    """Whether a call names one of these, or makes a key, of which nobody knows yet what it is for."""
    named = (record.parameters.get(name) for name in ("userName", "roleName", "roleArn", "bucketName"))
    touched = [*(each["ARN"] for each in record.event.get("resources", ())), *(name for name in named if name)]
    return record.operation == "CreateKey" or any(str(each).rpartition("/")[2] in ids for each in touched)


def _tags(record: Record) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in record.parameters.get("tags", ())}
