"""A small world that can be set back: one key, its files, and what was done to them on which day.

Why going back builds a new simulator: the simulator's clock never runs backwards, as AWS's does not. So a world keeps
what was done, with the dates, and does it again up to the chosen day; what came later waits ahead until something else
is done.
"""

import contextlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import datetime
from itertools import count
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct

from kms_teach.chapters.rotation.facts import File, Timeline, read
from kms_teach.hsm.blob import parse
from kms_teach.simulator import Simulator

RESTS = ("DisableKey", "EnableKey", "CancelKeyDeletion")


class Ciphertext(Struct, frozen=True):
    """What became of a file, when, and with what encryption context."""

    name: str
    blob: bytes
    at: datetime
    context: Mapping[str, str]


class Act(Struct, frozen=True):
    """A call that was made on a day, and the name of the file it encrypted, if it did."""

    at: datetime
    operation: str
    arguments: Mapping[str, Any]
    file: str = ""


def rotation_of(sim: Simulator, key: str, answers: Mapping[str, Mapping[str, Any]]) -> Timeline:
    """Ask KMS about a key and its files, as they are now: `rotation(rotation_of(sim, "alias/a", {…}))` draws it.

    `key` is an alias or id in account 111122223333 and us-east-1. `answers` maps a file's name to the answer of the
    call that made its CiphertextBlob; the trail tells when that was, and with what encryption context.
    """
    kms, files = sim.client("kms"), []
    for name, answer in answers.items():
        call = sim.trail.by_request(answer["ResponseMetadata"]["RequestId"])
        context, at = call.parameters.get("encryptionContext", {}), datetime.fromisoformat(call.event["eventTime"])
        files.append(Ciphertext(name, answer["CiphertextBlob"], at, context))
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    rests = [record.event for record in sim.trail.about(arn) if record.operation in RESTS]
    return look(kms, sim.now, key, files, rests)


def look(
    kms: Any, now: datetime, key: str, files: Iterable[Ciphertext], rests: Iterable[Mapping[str, Any]], name: str = "",
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
    tested = [_file(kms, ciphertext, numbers) for ciphertext in files]
    return read(name or key, now, described, rotations, status, tested, rests, reach, lanes)


def _file(kms: Any, ciphertext: Ciphertext, numbers: Mapping[str, int]) -> File:
    """The file as a picture shows it; whether it opens, a Decrypt tells."""
    blob = parse(ciphertext.blob)
    number = numbers.get(blob.material_id if blob else "")
    if number is None:
        raise ValueError(f"`{ciphertext.name}` was not encrypted with this key: leave it out")
    try:
        kms.decrypt(CiphertextBlob=ciphertext.blob, EncryptionContext=ciphertext.context)
    except ClientError as error:
        return File(ciphertext.name, ciphertext.at, number, error.response["Error"]["Code"])
    return File(ciphertext.name, ciphertext.at, number)


class World:
    """One key in a simulator: `do` acts on it now, `go` moves time, forward or back.

    Of all `acts` the first `done` have happened; the others wait ahead. It closes a simulator that is its `own`.
    """

    def __init__(self, sim: Simulator, reach: datetime, lanes: int, *, own: bool = False) -> None:
        self.start, self._reach, self._lanes = sim.now, reach, lanes
        self.acts: tuple[Act, ...] = ()
        self._own = ExitStack()  # the simulator it is in, unless that is somebody else's
        if own:
            self._own.enter_context(sim)
        self._begin(sim, _free_name(sim))

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
            self._begin_again()
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
        self._begin_again()

    def close(self) -> None:
        """Close the simulator it is in, if that is its own."""
        self._own.close()

    def _begin_again(self) -> None:
        self.close()
        self._begin(self._own.enter_context(Simulator(start=self.start.isoformat())), self.name)

    def _begin(self, sim: Simulator, name: str) -> None:
        self.sim, self.kms, self.done, self.name = sim, sim.client("kms"), 0, name
        self._files: list[Ciphertext] = []
        self._rests: list[Mapping[str, Any]] = []
        self.key = self.kms.create_key(Description="the key of a lab")["KeyMetadata"]["KeyId"]
        self.kms.create_alias(AliasName=self.name, TargetKeyId=self.key)

    def _perform(self, act: Act) -> None:
        answer = getattr(self.kms, act.operation)(KeyId=self.key, **act.arguments)
        if act.file:
            self._files.append(Ciphertext(act.file, answer["CiphertextBlob"], self.now, {}))
        call = self.sim.trail.by_request(answer["ResponseMetadata"]["RequestId"])
        self._rests += [call.event] if call.operation in RESTS else []

    def _wait(self, until: datetime) -> None:
        self.sim.advance(seconds=(until - self.now).total_seconds())


def _free_name(sim: Simulator) -> str:
    """The first of alias/backups, alias/backups-2 … that names nothing yet."""
    pages = sim.client("kms").get_paginator("list_aliases").paginate()
    taken = {alias["AliasName"] for page in pages for alias in page["Aliases"]}
    names = ("alias/backups" + (f"-{n}" if n > 1 else "") for n in count(1))
    return next(name for name in names if name not in taken)


def months_after(start: datetime, months: int) -> datetime:
    """The same day some months later; the 28th for a later day, so that every month has it."""
    n = start.year * 12 + start.month - 1 + months
    return start.replace(year=n // 12, month=n % 12 + 1, day=min(start.day, 28) if months else start.day)
