"""The lab of rotation: a key, ten years, and files that are really decrypted at every step."""

from collections.abc import Callable

from botocore.exceptions import ParamValidationError

from kms_teach.chapters.rotation.facts import MOST_FILES, MOST_LANES, Timeline, future, times
from kms_teach.chapters.rotation.timeline import rotation
from kms_teach.chapters.rotation.world import World, months_after
from kms_teach.drawing.look import LAB, day
from kms_teach.keys.calendar import ROTATION_PERIOD_DEFAULT, ROTATION_PERIOD_MAX, ROTATION_PERIOD_MIN
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import button, number, stops, tick
from kms_teach.teaching.lab import Lab

START = "2026-01-01T00:00:00Z"
YEARS = 10
FILES = ("backup.tar", "ledger.csv", "photos.zip", "mail.db", "report.pdf", "notes.txt", "maps.tar", "songs.zip")
PERIODS = f"Choose {ROTATION_PERIOD_MIN} to {ROTATION_PERIOD_MAX:,} days."
MOST_ASKED = 9999  # days that can be typed: more than AWS takes, so that its refusal can be read


class RotationLab(Lab):
    """A timeline of one key: switch rotation on and off, rotate, encrypt, disable, and move time, forward and back.

    `sim` should be the lab's own, since it moves time; without it a new one is made. `world.sim` is the one it is in
    now.
    """

    def __init__(self, sim: Simulator | None = None) -> None:
        lent, sim = sim is not None, sim or Simulator(start=START)
        days = [months_after(sim.now, n) for n in range(12 * YEARS + 1)]
        self.world = World(sim, days[-1], MOST_LANES, own=not lent)
        self.time = stops("Time", [(day(at), at) for at in days])
        self.automatic = tick("Automatic rotation")
        self.period = number("Period in days", 1, MOST_ASKED, ROTATION_PERIOD_DEFAULT)
        self.rotate = button("Rotate on demand")
        self.encrypt = button("Encrypt a file now")
        self.enabled = tick("Key enabled", True)
        self.again = button("Start again")
        acts = {
            self.time: self._move, self.automatic: self._switch, self.period: self._choose, self.rotate: self._rotate,
            self.encrypt: self._encrypt, self.enabled: self._enable, self.again: self._start,
        }  # fmt: skip
        super().__init__(list(acts), "Rotation")
        for control, function in acts.items():
            self.on(control, self._then_set(function))
        self.facts_now: Timeline = self.world.facts()
        self._start()

    def let_go(self) -> None:
        self.world.close()

    def _start(self) -> None:
        if self.world.acts:
            self.world.restart()
        self.world.do("encrypt", file=FILES[0], Plaintext=FILES[0].encode())
        self._draw(f"A new key, and {FILES[0]} encrypted with it. Switch automatic rotation on, then move time.")

    def _move(self) -> None:
        to, back, known = self.time.value, self.time.value < self.world.now, len(self.facts_now.established)
        done = self.world.go(to)
        if back:
            waits = (
                f" {_acts(self.world.ahead)} of yours from later on wait ahead, until you do something else."
                if self.world.ahead
                else ""
            )
            self._draw(f"Back on {day(to)}. Time ran again from the start, with what you did until then.{waits}")
        else:
            again = f" {_acts(done)} of yours happened again on the way." if done else ""
            self._draw(lambda facts: _happened(facts, known) + again)

    def _switch(self) -> None:
        if self.automatic.value:
            self.world.do("enable_key_rotation", RotationPeriodInDays=self.period.value)
            self._draw(lambda facts: f"Automatic rotation is on, every {facts.period:,} days. {future(facts)}.")
        else:
            self.world.do("disable_key_rotation")
            self._draw("Automatic rotation is off. No rotation is planned; the materials stay.")

    def _choose(self) -> None:
        if self.automatic.value:
            self._switch()
        else:
            self.say(
                f"Switch automatic rotation on: KMS will then be asked for a period of {self.period.value:,} days."
            )

    def _rotate(self) -> None:
        planned = self.facts_now.planned[:1]
        self.world.do("rotate_key_on_demand")
        kept = " The planned date did not move."
        self._draw(
            lambda facts: (
                f"Rotated on demand. Material {facts.current} encrypts from now on."
                + (kept if planned and planned == facts.planned[:1] else "")
            )
        )

    def _encrypt(self) -> None:
        name = next((name for name in FILES if name not in self.world.files), None)
        if name is None:
            raise ValueError(f"there is room for {MOST_FILES} files: press Start again for new ones")
        self.world.do("encrypt", file=name, Plaintext=name.encode())
        self._draw(lambda facts: f"{name} is encrypted, with material {facts.files[-1].material}.")

    def _enable(self) -> None:
        if self.enabled.value:
            known = self.facts_now.rotations
            self.world.do("enable_key")
            late = " The rotation that was overdue happened at once."
            self._draw(lambda facts: f"Enabled.{late if facts.rotations > known else ''} {future(facts)}.")
        else:
            self.world.do("disable_key")
            self._draw("Disabled. No file opens and no rotation happens until you enable the key.")

    def _draw(self, status: str | Callable[[Timeline], str]) -> None:
        """Look at the key, show it, and say what happened."""
        self.facts_now = self.world.facts()
        self.show(rotation(self.facts_now, canvas=LAB), status if isinstance(status, str) else status(self.facts_now))

    def _then_set(self, function: Callable[[], None]) -> Callable[[], None]:
        """Afterwards, refused or not, the controls are set to what is."""

        def handler() -> None:
            try:
                function()
            except ParamValidationError as error:
                words = str(error).splitlines()[-1].rstrip(".")
                self.say(f"boto3 did not even send it: {words}. {PERIODS}", mistake=True)
            finally:
                self._set()

        return handler

    def _set(self) -> None:
        facts = self.facts_now
        with self.filling():
            self.time.value = max(at for _, at in self.time.options if at <= facts.now)
            self.automatic.value = facts.period is not None
            self.period.value = facts.period or self.period.value
            self.enabled.value = facts.state == "Enabled"

    def refused(self, code: str, message: str) -> None:
        """As everywhere, with what helps here."""
        helps = {
            "LimitExceededException": "Automatic rotation still works; for more on demand, press Start again.",
            "ValidationException": PERIODS,
        }
        if code in helps:
            self.say(f"`{code}`: {message.rstrip('.')}. {helps[code]}", mistake=True, word="Refused")
        else:
            super().refused(code, message)


def _happened(facts: Timeline, known: int) -> str:
    """What came about since there were `known` materials."""
    dates = [day(m.since) for m in facts.established[known:] if m.since]
    if not dates:
        return f"{day(facts.now)}: no rotation happened."
    between = "on {0}" if len(dates) == 1 else "on {0} and {1}" if len(dates) == 2 else "from {0} to {1}"
    open_all = "; every file opens" if facts.files and not any(file.refused for file in facts.files) else ""
    return f"It rotated {times(len(dates))}, {between.format(dates[0], dates[-1])}{open_all}."


def _acts(count: int) -> str:
    return "1 act" if count == 1 else f"{count} acts"
