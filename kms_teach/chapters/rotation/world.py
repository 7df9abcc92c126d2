"""This is a small world that can be set back: one key, its files, and what was done to them on which day.

Why going back builds a new simulator: the simulator's clock never runs backwards, as AWS's does not. So a world keeps
what was done, with the dates, and does it again up to the chosen day; what came later waits ahead until something else
is done.
"""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.chapters.rotation.facts import File, Timeline, read
from kms_teach.hsm.blob import parse
from kms_teach.simulator import Simulator

RESTS = ("DisableKey", "EnableKey", "CancelKeyDeletion")


@dataclass(frozen=True, slots=True)
class Made:
    """A file's ciphertext, and when it was made with what encryption context."""

    name: str
    blob: bytes
    at: datetime
    context: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """A call that was made on a day, and the name of the file it encrypted, if it did."""

    at: datetime
    operation: str
    arguments: Mapping[str, Any]
    file: str = ""


def seen(sim: Simulator, key: str, answers: Mapping[str, Mapping[str, Any]]) -> Timeline:
    """Ask KMS about a key and its files, as they are now: `rotation(seen(sim, "alias/a", {"a.txt": answer}))` draws it.

    `key` is an alias or id in account 111122223333 and us-east-1. `answers` maps a file's name to the answer of the
    call that made its CiphertextBlob; the trail tells when that was, and with what encryption context.
    """
    calls = {record.event["requestID"]: record.event for record in sim.trail if "requestID" in record.event}
    files = []
    for name, answer in answers.items():
        event = calls[answer["ResponseMetadata"]["RequestId"]]
        context = event["requestParameters"].get("encryptionContext", {})
        files.append(Made(name, answer["CiphertextBlob"], datetime.fromisoformat(event["eventTime"]), context))
    arn = sim.client("kms").describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    rests = [record.event for record in sim.trail.about(arn) if record.event["eventName"] in RESTS]
    return look(sim.client("kms"), sim.now, key, files, rests)


def look(
    kms: Any, now: datetime, key: str, files: Iterable[Made], rests: Iterable[Mapping[str, Any]], name: str = "",
    reach: datetime | None = None, lanes: int = 0,
) -> Timeline:  # fmt: skip
    """The same when it is known how the files were made, and when the key was disabled (the trail's events)."""
    described = kms.describe_key(KeyId=key)["KeyMetadata"]
    key_id = described["KeyId"]
    pages = kms.get_paginator("list_key_rotations").paginate(KeyId=key_id, IncludeKeyMaterial="ALL_KEY_MATERIAL")
    rotations = [entry for page in pages for entry in page["Rotations"]]
    status: Mapping[str, Any] = {}
    with contextlib.suppress(kms.exceptions.UnsupportedOperationException):  # a key that cannot rotate by itself
        status = kms.get_key_rotation_status(KeyId=key_id)
    numbers = {entry["KeyMaterialId"]: n for n, entry in enumerate(rotations, 1)}
    opened = [_opened(kms, file, numbers) for file in files]
    return read(name or key, now, described, rotations, status, opened, rests, reach, lanes)


def _opened(kms: Any, file: Made, numbers: Mapping[str, int]) -> File:
    blob = parse(file.blob)
    number = numbers.get(blob.material_id if blob else "")
    if number is None:
        raise ValueError(f"`{file.name}` was not encrypted with this key: leave it out")
    try:
        kms.decrypt(CiphertextBlob=file.blob, EncryptionContext=file.context)
    except ClientError as error:
        return File(file.name, file.at, number, error.response["Error"]["Code"])
    return File(file.name, file.at, number)


class World:
    """One key in a simulator: `do` acts on it now, `go` moves time, forward or back.

    Of all `acts` the first `done` have happened; the others wait ahead.
    """

    def __init__(self, sim: Simulator, reach: datetime, lanes: int) -> None:
        self.start, self._reach, self._lanes = sim.now, reach, lanes
        self.acts: tuple[Act, ...] = ()
        self._begin(sim)

    @property
    def now(self) -> datetime:
        return self.sim.now

    @property
    def ahead(self) -> int:
        """How many acts wait for a later day."""
        return len(self.acts) - self.done

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(file.name for file in self._files)

    def facts(self) -> Timeline:
        how = (self.name, self._reach, self._lanes)
        return look(self.kms, self.now, self.key, self._files, self._rests, *how)

    def do(self, operation: str, file: str = "", **arguments: Any) -> None:
        """Call an operation on the key, as boto3 names it, and remember it; what waited ahead is forgotten."""
        act = Act(self.now, operation, arguments, file)
        self._perform(act)
        self.acts = (*self.acts[: self.done], act)
        self.done += 1

    def go(self, to: datetime) -> int:
        """Be at another moment; give how many acts were done again on the way."""
        if to < self.now:
            self._begin(Simulator(start=self.start.isoformat()))
        before = self.done
        while self.ahead and self.acts[self.done].at <= to:
            self._wait(self.acts[self.done].at)
            self._perform(self.acts[self.done])
            self.done += 1
        self._wait(to)
        return self.done - before

    def restart(self) -> None:
        """Forget everything: a new key on the first day."""
        self.acts = ()
        self._begin(Simulator(start=self.start.isoformat()))

    def _begin(self, sim: Simulator) -> None:
        self.sim, self.kms, self.done = sim, sim.client("kms"), 0
        self._files: list[Made] = []
        self._rests: list[Mapping[str, Any]] = []
        pages = self.kms.get_paginator("list_aliases").paginate()
        taken = {alias["AliasName"] for page in pages for alias in page["Aliases"]}
        names = ("alias/backups" + (f"-{n}" if n > 1 else "") for n in count(1))
        self.name = next(name for name in names if name not in taken)
        self.key = self.kms.create_key(Description="the key of a lab")["KeyMetadata"]["KeyId"]
        self.kms.create_alias(AliasName=self.name, TargetKeyId=self.key)

    def _perform(self, act: Act) -> None:
        known = len(self.sim.trail)
        answer = getattr(self.kms, act.operation)(KeyId=self.key, **act.arguments)
        if act.file:
            self._files.append(Made(act.file, answer["CiphertextBlob"], self.now, {}))
        self._rests += [r.event for r in self.sim.trail[known:] if r.event["eventName"] in RESTS]

    def _wait(self, until: datetime) -> None:
        self.sim.advance(seconds=(until - self.now).total_seconds())


def months_after(start: datetime, months: int) -> datetime:
    """The same day some months later; the 28th for a later day, so that every month has it."""
    n = start.year * 12 + start.month - 1 + months
    return start.replace(year=n // 12, month=n % 12 + 1, day=min(start.day, 28) if months else start.day)
