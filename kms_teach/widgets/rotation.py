"""This is rotation to push on: a key, ten years, and files that are really decrypted at every step.

Why going back in time builds a new simulator: its clock never runs backwards, as AWS's does not. So the lab keeps what
the learner did, with the dates, and does it again up to the chosen day; what came later waits, until a new act
makes it void.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from kms_teach.hsm.blob import parse
from kms_teach.keys.calendar import ROTATION_PERIOD_DEFAULT, ROTATION_PERIOD_MAX, ROTATION_PERIOD_MIN
from kms_teach.pictures.look import day
from kms_teach.pictures.rotation import rotation
from kms_teach.pictures.rotation_facts import CAUSES, MOST_FILES, MOST_LANES, File, Timeline, read
from kms_teach.simulator import Simulator

from .controls import button, number, stops, tick
from .lab import Lab

ALIAS = "alias/backups"
START = "2026-01-01T00:00:00Z"
YEARS = 10
NAMES = ("backup.tar", "ledger.csv", "photos.zip", "mail.db", "report.pdf", "notes.txt", "maps.tar", "songs.zip")
RESTS = ("DisableKey", "EnableKey")


def seen(sim: Simulator, key: str, answers: Mapping[str, Mapping[str, Any]]) -> Timeline:
    """Ask KMS about a key and its files, as they are now; `rotation(seen(…))` draws it.

    `key` is an alias or id of account 111122223333 in us-east-1. `answers` maps a file's name to the answer of the call
    that encrypted it; the trail tells when that was, and with what encryption context.
    """
    kms = sim.client("kms")
    calls = {record.event["requestID"]: record.event for record in sim.trail if "requestID" in record.event}
    files = []
    for name, answer in answers.items():
        event = calls[answer["ResponseMetadata"]["RequestId"]]
        context = event["requestParameters"].get("encryptionContext", {})
        files.append((name, answer["CiphertextBlob"], datetime.fromisoformat(event["eventTime"]), context))
    return _timeline(sim, kms, key, files, [record.event for record in sim.trail.named(*RESTS)])


@dataclass(frozen=True, slots=True)
class Act:
    """Something the learner did on a day: a call, and the file it made if it encrypted one."""

    at: datetime
    operation: str
    arguments: Mapping[str, Any]
    file: str = ""


class RotationLab(Lab):
    """A timeline of one key: switch rotation on and off, rotate, encrypt, disable, and move time.

    `sim` is the simulator that the lab's key lives in now: the one given until the learner goes back in time.
    """

    def __init__(self, sim: Simulator | None = None) -> None:
        self.sim = sim or Simulator(start=START)
        self.start = self.sim.now
        self.acts: list[Act] = []
        self._done, self._syncing = 0, False
        days = [_months_after(self.start, n) for n in range(12 * YEARS + 1)]
        self.time = stops("Time", [(day(at), at) for at in days])
        self.automatic = tick("Automatic rotation")
        self.period = number("Period in days", 1, 9999, ROTATION_PERIOD_DEFAULT)
        self.enabled = tick("Key enabled", True)
        self.encrypt = button("Encrypt a file now")
        self.rotate = button("Rotate on demand")
        self.again = button("Start again")
        buttons = [self.encrypt, self.rotate]
        super().__init__([self.time, self.automatic, self.period, self.enabled, *buttons, self.again], "Rotation")
        for control, function in (
            (self.time, self._move), (self.automatic, self._switch), (self.period, self._choose_period),
            (self.enabled, self._enable), (self.encrypt, self._encrypt), (self.rotate, self._rotate),
            (self.again, self._start_again),
        ):  # fmt: skip
            self.on(control, self._undisturbed(function))
        self._make_key()
        self._call("encrypt", file=NAMES[0], Plaintext=NAMES[0].encode())
        self._redraw("Switch automatic rotation on, then move time.")

    # what the controls do

    def _move(self) -> None:
        to, before = self.time.value, self.sim.now
        if to >= before:
            known = len(self.facts_now.established)
            repeated = self._forward(to)
            fresh = self._look().established[known:]
            words = _happened([m.since for m in fresh if m.since], to)
            self._redraw(f"{words} {_repeated(repeated)}".strip())
        else:
            self._back(to)
            ahead = len(self.acts) - self._done
            waiting = f" What you did later ({_acts(ahead)}) waits ahead, until you do something else." if ahead else ""
            self._redraw(f"Back on {day(to)}: time ran again from the start, with all you did until then.{waiting}")

    def _switch(self) -> None:
        if self.automatic.value:
            self._call("enable_key_rotation", RotationPeriodInDays=self.period.value)
            self._redraw(f"Automatic rotation is on: {self._next()}.")
        else:
            self._call("disable_key_rotation")
            self._redraw("Automatic rotation is off: no rotation is planned, and the materials stay.")

    def _choose_period(self) -> None:
        if self.automatic.value:
            self._switch()
        else:
            self.say(f"Switch automatic rotation on, and KMS is asked for {self.period.value:,} days.")

    def _rotate(self) -> None:
        planned = self.facts_now.planned[:1]
        self._call("rotate_key_on_demand")
        facts = self._look()
        kept = " The planned date did not move." if planned and planned == facts.planned[:1] else ""
        self._redraw(f"Rotated on demand: material {facts.current} encrypts from now on.{kept}")

    def _encrypt(self) -> None:
        taken = {act.file for act in self.acts[: self._done]}
        name = next((name for name in NAMES if name not in taken), None)
        if name is None:
            raise ValueError(f"the picture has room for {MOST_FILES} files: press Start again")
        self._call("encrypt", file=name, Plaintext=name.encode())
        self._redraw(f"`{name}` was encrypted with material {self._look().current}.")

    def _enable(self) -> None:
        known = len(self.facts_now.established)
        if not self.enabled.value:
            self._call("disable_key")
            self._redraw("Disabled: no file opens, and no rotation happens, until you enable the key.")
            return
        self._call("enable_key")
        late = self._look().established[known:]
        self._redraw("Enabled: every file opens again." + (" The overdue rotation happened at once." if late else ""))

    def _start_again(self) -> None:
        self.acts = []
        self._back(self.start)
        self._call("encrypt", file=NAMES[0], Plaintext=NAMES[0].encode())
        self._redraw(f"A new key, on {day(self.start)}.")

    # time, and what was done in it

    def _make_key(self) -> None:
        self.kms = self.sim.client("kms")
        self.key = self.kms.create_key(Description="rotation lab")["KeyMetadata"]["KeyId"]
        names = {alias["AliasName"] for page in self.kms.get_paginator("list_aliases").paginate() for alias in page["Aliases"]}
        self.name = next(name for name in _names(ALIAS) if name not in names)
        self.kms.create_alias(AliasName=self.name, TargetKeyId=self.key)
        self._files: list[tuple[str, bytes, datetime, Mapping[str, str]]] = []
        self._events: list[Mapping[str, Any]] = []

    def _call(self, operation: str, file: str = "", **arguments: Any) -> None:
        """Do something now, and remember it; what waited ahead is void."""
        act = Act(self.sim.now, operation, arguments, file)
        self._do(act)
        self.acts = [*self.acts[: self._done], act]
        self._done += 1

    def _do(self, act: Act) -> None:
        answer = getattr(self.kms, act.operation)(KeyId=self.key, **act.arguments)
        if act.file:
            self._files.append((act.file, answer["CiphertextBlob"], self.sim.now, {}))
        event = self.sim.trail[-1].event
        if event["eventName"] in RESTS:
            self._events.append(event)

    def _forward(self, to: datetime) -> int:
        """Let time pass until `to`; give how many acts that waited were done on the way."""
        before = self._done
        while self._done < len(self.acts) and self.acts[self._done].at <= to:
            act = self.acts[self._done]
            self._advance(act.at)
            self._do(act)
            self._done += 1
        self._advance(to)
        return self._done - before

    def _back(self, to: datetime) -> None:
        self.sim = Simulator(start=self.start.isoformat())
        self._done = 0
        self._make_key()
        self._forward(to)

    def _advance(self, to: datetime) -> None:
        self.sim.advance(seconds=(to - self.sim.now).total_seconds())

    # what is seen

    def _look(self) -> Timeline:
        reach = _months_after(self.start, 12 * YEARS)
        return _timeline(self.sim, self.kms, self.key, self._files, self._events, self.name, reach, MOST_LANES)

    def _redraw(self, status: str) -> None:
        self.facts_now = self._look()
        self._sync()
        self.show(rotation(self.facts_now), status)

    def _sync(self) -> None:
        """Let the controls say what is, also after a refusal."""
        status = self.facts_now
        self._syncing = True
        self.time.value = max(option for _, option in self.time.options if option <= status.now)
        self.automatic.value = status.period is not None
        self.period.value = status.period or self.period.value
        self.enabled.value = status.state == "Enabled"
        self._syncing = False

    def _undisturbed(self, function: Callable[[], None]) -> Callable[[], None]:
        """Do nothing while the controls are being set to what is; afterwards set them to it, refused or not."""

        def handler() -> None:
            if self._syncing:
                return
            try:
                function()
            except ParamValidationError as error:
                self.say(f"boto3 did not send it. {_last_line(error)}. Choose {_periods()}.", mistake=True)
            finally:
                self._sync()

        return handler

    def refused(self, code: str, message: str) -> None:
        """As everywhere, but say what helps here."""
        if code == "LimitExceededException":
            self.say(f"`{code}`: {message}. Automatic rotation goes on; for more on demand, start again.", True, "Refused")
        elif code == "ValidationException":
            self.say(f"`{code}`: {message}. Choose {_periods()}.", True, "Refused")
        else:
            super().refused(code, message)

    def _next(self) -> str:
        at = self._look().planned
        return f"the next one is due on {day(at[0])}" if at else "none is due"
