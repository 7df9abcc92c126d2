"""The lab of states: one key, the calls that change its state, and days that pass."""

from collections.abc import Callable, Mapping
from typing import Any

from kms_teach.chapters.lifecycle.facts import File, Life, read
from kms_teach.chapters.lifecycle.life import life
from kms_teach.chapters.lifecycle.states import GONE, way_back
from kms_teach.drawing.look import LAB, day
from kms_teach.keys.calendar import DELETION_WINDOW_DEFAULT, DELETION_WINDOW_MAX, DELETION_WINDOW_MIN
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import beside, button, number
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of

START = "2026-01-01T00:00:00Z"
NAME, FILE = "alias/photos", "photos.zip"
MOST_ASKED = 99  # days that can be typed: more than KMS takes, so that its refusal can be read
WINDOW = f"Choose {DELETION_WINDOW_MIN} to {DELETION_WINDOW_MAX} days."
AGAIN = "Nothing brings it back: press Start again for another key."
DONE = {
    "EnableKey": "Enabled: the key works, and the file opens.",
    "DisableKey": "Disabled: the file does not open until EnableKey.",
    "CancelKeyDeletion": "The deletion is cancelled. Does the file open?",
}


class StateLab(Lab):
    """A key with one file under it: switch it, schedule its deletion, let days pass, and decrypt all along.

    The lab has a simulator of its own, since it moves time.
    """

    def __init__(self) -> None:
        self.decrypt = button(f"Decrypt {FILE}")
        self.enable, self.disable = button("EnableKey"), button("DisableKey")
        self.days = number("Waiting period in days", 1, MOST_ASKED, DELETION_WINDOW_DEFAULT)
        self.schedule, self.cancel = button("ScheduleKeyDeletion"), button("CancelKeyDeletion")
        self.day, self.week = button("Let 1 day pass"), button("Let 7 days pass")
        self.again = button("Start again")
        self.sim: Simulator | None = None
        controls = [self.decrypt, *beside(self.disable, self.enable), self.days, self.schedule, self.cancel,
                    *beside(self.day, self.week), self.again]  # fmt: skip
        super().__init__(controls, "States of a key", lines=6)
        acts: dict[Any, Callable[[], None]] = {
            self.decrypt: self._decrypt, self.schedule: self._schedule, self.again: self._start,
            self.enable: lambda: self._switch("enable_key"), self.disable: lambda: self._switch("disable_key"),
            self.cancel: lambda: self._switch("cancel_key_deletion"), self.days: self._choose,
            self.day: lambda: self._wait(1), self.week: lambda: self._wait(7),
        }  # fmt: skip
        for control, function in acts.items():
            self.on(control, function)
        self._start()

    def let_go(self) -> None:
        if self.sim:
            self.sim.close()

    def _start(self) -> None:
        self.let_go()
        self.sim = sim = Simulator(start=START)
        self._kms = sim.client("kms")
        self._key = self._kms.create_key(Description="for the lab of states")["KeyMetadata"]["Arn"]
        self._kms.create_alias(AliasName=NAME, TargetKeyId=self._key)
        self._file = self._kms.encrypt(KeyId=NAME, Plaintext=FILE.encode())
        self._draw(f"A new key, and {FILE} encrypted with it. Schedule its deletion, then decrypt.")

    def _decrypt(self) -> None:
        try:
            self._kms.decrypt(CiphertextBlob=self._file["CiphertextBlob"])
        finally:
            self._draw()
        self.say(f"{FILE} opens.", word="Done")

    def _switch(self, call: str) -> None:
        answer = getattr(self._kms, call)(KeyId=self._key)
        operation = self.sim.trail.by_request(answer["ResponseMetadata"]["RequestId"]).operation if self.sim else ""
        self._draw(DONE[operation])

    def _choose(self) -> None:
        self.say(f"ScheduleKeyDeletion will ask for {self.days.value} days.")

    def _schedule(self) -> None:
        answer = self._kms.schedule_key_deletion(KeyId=self._key, PendingWindowInDays=self.days.value)
        self._draw(
            f"The key will be deleted on {day(answer['DeletionDate'])}. Decrypt now, then look for the way back."
        )

    def _wait(self, days: int) -> None:
        assert self.sim
        self.sim.advance(days=days)
        passed = "1 day" if days == 1 else f"{days} days"
        facts = self._draw()
        self.say(f"{passed} later it is {day(facts.now)}. {_meanwhile(facts)}")

    def _draw(self, status: str = "") -> Life:
        assert self.sim
        facts = life_of(self.sim, self._key, {FILE: self._file}, NAME)
        self.show(life(facts, canvas=LAB), status or self.status)
        return facts

    def refused(self, code: str, message: str) -> None:
        """As everywhere, with what helps here."""
        assert self.sim
        state = life_of(self.sim, self._key, {}, NAME).state
        way = ", then ".join(f"press {call}" for call in way_back(state))
        helps = {
            "ValidationException": WINDOW,
            "NotFoundException": AGAIN,
            "DisabledException": "Press EnableKey.",
            "KMSInvalidStateException": f"To use it again {way}." if way else "Schedule its deletion first.",
        }
        words = message.rstrip(".").replace(self._key, f"…{self._key[-5:]}")
        self.say(f"`{code}`: {words}. {helps.get(code, AGAIN)}", mistake=True, word="Refused")


def _meanwhile(facts: Life) -> str:
    if facts.state == GONE:
        return f"The key is deleted. {AGAIN}"
    if facts.deletion:
        return f"{'1 day is' if facts.days_left == 1 else f'{facts.days_left} days are'} left to save the key."
    return "Nothing happens to a key by itself."


def life_of(sim: Simulator, key_arn: str, answers: Mapping[str, Mapping[str, Any]], name: str = "") -> Life:
    """Ask KMS about a key as it is now: `life(life_of(sim, key_arn, {"a.txt": encrypted}))` draws it.

    `answers` maps a file's name to the answer of the Encrypt that made it; whether it opens, a Decrypt tells, with the
    encryption context that the trail has.
    """
    _, _, _, region, account, _ = key_arn.split(":")
    kms = sim.client("kms", region=region, account=account)
    files = tuple(_file(sim, kms, name, answer) for name, answer in answers.items())
    try:
        described = kms.describe_key(KeyId=key_arn)["KeyMetadata"]
    except kms.exceptions.NotFoundException:  # its deletion was carried out
        described = None
    return read(name or "the key", key_arn, sim.now, described, sim.trail.about(key_arn), files)


def _file(sim: Simulator, kms: Any, name: str, answer: Mapping[str, Any]) -> File:
    made = sim.trail.by_request(answer["ResponseMetadata"]["RequestId"])
    context = made.parameters.get("encryptionContext", {})
    return File(
        name,
        record_of(sim.trail, kms.decrypt, CiphertextBlob=answer["CiphertextBlob"], EncryptionContext=context).error,
    )
