"""A file on its way through envelope encryption: every step is really done, and four look at every step.

The walk is the learner's program: it calls KMS through boto3, holds in memory what it needs, and writes to a real disk.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct
from msgspec.structs import replace

from kms_teach.chapters.envelope.attempts import Attempt, Memory, attempts
from kms_teach.chapters.envelope.facts import OPEN, Envelope, Exchange, Refusal
from kms_teach.client_side import envelope
from kms_teach.client_side.envelope import CHUNK_SIZE, PREFIX_SIZE, DataKey, EnvelopeError, Progress, pieces
from kms_teach.simulator import Simulator
from kms_teach.teaching.request import records_of
from kms_teach.trail import Record

CHANGED_KEY = "InvalidCiphertextException"  # what KMS answers to a changed encrypted key
NO_KEY = "ValidationException"  # and to none


class File(Struct, frozen=True):
    """A file of the learner's: `read` gives its bytes in pieces, as often as it is called."""

    name: str
    size: int
    read: Callable[[], Iterator[bytes]]

    @classmethod
    def of(cls, name: str, content: bytes) -> "File":
        """Take a file that is in memory. Raises ValueError for an empty one."""
        if not content:
            raise ValueError(f"`{name}` is empty: choose a file with at least one byte")
        return cls(name, len(content), lambda: iter([content]))

    @classmethod
    def at(cls, path: Path) -> "File":
        """Take a file of any size where it lies. Raises ValueError for what cannot be read, and for an empty one."""
        try:
            with path.open("rb") as file:
                begins = file.read(1)
        except OSError as error:
            raise ValueError(f"`{path}` cannot be read: type the path of a file of yours") from error
        if not begins:
            raise ValueError(f"`{path.name}` is empty: choose a file with at least one byte")
        return cls(path.name, path.stat().st_size, partial(_pieces_at, path))


class Cast(Struct, frozen=True):
    """Who takes part: the program with its KMS key, a thief without permissions, and somebody with kms:Decrypt."""

    sim: Simulator
    kms: Any
    key_id: str
    thief: Any
    reader: Any


class Moment(Struct, frozen=True):
    """A step that was done: its facts, and what the four got."""

    facts: Envelope
    attempts: tuple[Attempt, ...]


class Walk:
    """One file, step by step; `moments` is what was, the last one is now. The sealed file goes to `disk`."""

    def __init__(
        self, cast: Cast, file: File, name: str, disk: Path, mistake: str = "", progress: Progress | None = None
    ) -> None:
        self.cast, self.file, self.disk, self.progress = cast, file, disk, progress
        self.context = {"file": file.name}
        self.calls: list[Record] = []
        self.memory = Memory(plain=bytes(next(self.file.read())[:16]))
        self.answer: DataKey | None = None  # KMS's, not taken yet
        self.head, self.changed = 0, False  # bytes of the sealed file's header; whether somebody changed a byte
        self.digest = b""  # the file's SHA-256, to compare with
        disk.unlink(missing_ok=True)
        facts = Envelope(0, file.name, file.size, name, cast.kms.meta.region_name, mistake=mistake)
        self.moments = [self._look(facts)]

    @property
    def now(self) -> Envelope:
        return self.moments[-1].facts

    @property
    def ended(self) -> bool:
        return self.now.step == OPEN or self.now.refused is not None

    def forward(self) -> Moment:
        """Do the next step. What KMS refuses for no mistake of this walk is raised, and the step is not done."""
        facts = replace(self.now, step=self.now.step + 1)
        try:
            facts = replace(facts, **self.ACTS[facts.step - 1](self, facts))
        except OSError as error:
            raise ValueError(
                f"the disk refused, {error.strerror}: press the button again when that is mended"
            ) from error
        self.moments.append(self._look(replace(facts, calls=tuple(map(Exchange.of, self.calls)))))
        return self.moments[-1]

    def _look(self, facts: Envelope) -> Moment:
        cast = self.cast
        return Moment(facts, attempts(self.memory, self.disk, cast.thief, cast.reader, self.context, self.calls))

    def _ask(self, _: Envelope) -> Mapping[str, Any]:
        with records_of(self.cast.sim.trail, self.cast.kms) as calls:
            self.answer = envelope.generate(self.cast.kms, self.cast.key_id, self.context)
        self.calls += calls
        return {}

    def _get(self, _: Envelope) -> Mapping[str, Any]:
        self.memory, self.answer = replace(self.memory, key=self.answer), None
        return {}

    def _seal(self, _: Envelope) -> Mapping[str, Any]:
        assert self.memory.key is not None
        digest = hashlib.sha256()
        parts = envelope.seal(self.memory.key, _through(digest.update, self.file.read()), self.progress)
        header = next(parts)
        with self.disk.open("wb") as disk:
            disk.seek(len(header))  # room for the header, which is stored in the next step
            disk.writelines(parts)
        self.head, self.digest = len(header), digest.digest()
        self.memory = Memory(key=self.memory.key, header=header)
        return {"stored": self.disk.stat().st_size - self.head}

    def _store(self, facts: Envelope) -> Mapping[str, Any]:
        header = self.memory.header
        if facts.mistake == "lose":
            _without_key(self.disk, header)
        else:
            with self.disk.open("r+b") as disk:
                disk.write(header)
        self.memory = Memory(key=self.memory.key)
        return {}

    def _discard(self, facts: Envelope) -> Mapping[str, Any]:
        assert self.memory.key is not None
        if facts.mistake != "forget":
            self.memory.key.discard()
            self.memory = Memory()
        return {}

    def _decrypt(self, facts: Envelope) -> Mapping[str, Any]:
        at = {"data": self.head + min(self.file.size, CHUNK_SIZE) // 2, "key": self.head - PREFIX_SIZE - 1}
        if facts.mistake in at and not self.changed:  # once, should the call be refused for another reason
            self.changed = _change(self.disk, at[facts.mistake])
        with self.disk.open("rb") as disk:
            encrypted, _, _ = envelope.split(pieces(disk))
        with records_of(self.cast.sim.trail, self.cast.kms) as calls:
            try:
                key = envelope.recover(self.cast.kms, encrypted, self.context)
            except ClientError as error:
                refusal = error.response["Error"]
                if refusal["Code"] != {"key": CHANGED_KEY, "lose": NO_KEY}.get(facts.mistake):
                    raise
                self.calls += calls
                return {"refused": Refusal(refusal["Code"], refusal.get("Message", ""))}
        self.calls += calls
        self.memory = replace(self.memory, key=self.memory.key or key)
        return {}

    def _open(self, facts: Envelope) -> Mapping[str, Any]:
        assert self.memory.key is not None
        key, digest, plain, refused = self.memory.key, hashlib.sha256(), b"", None
        try:
            with self.disk.open("rb") as disk:
                _, prefix, body = envelope.split(pieces(disk))
                for piece in envelope.unseal(key, prefix, body, self.progress):
                    digest.update(piece)
                    plain = plain or bytes(piece[:16])
        except EnvelopeError as error:
            refused = Refusal(type(error.__cause__).__name__, str(error), "the program")
        if facts.mistake == "forget":
            self.memory = replace(self.memory, plain=plain)
        else:
            key.discard()
            self.memory = Memory(plain if not refused else b"")
        return {"refused": refused, "same": None if refused else digest.digest() == self.digest}

    ACTS = (_ask, _get, _seal, _store, _discard, _decrypt, _open)


def _pieces_at(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from pieces(file)


def _through(told: Callable[[bytes], object], parts: Iterator[bytes]) -> Iterator[bytes]:
    for part in parts:
        told(part)
        yield part


def _change(disk: Path, at: int) -> bool:
    """Change one bit of one byte."""
    with disk.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))
    return True


def _without_key(disk: Path, header: bytes) -> None:
    """Store everything but the encrypted key."""
    other = disk.with_suffix(".new")
    with disk.open("rb") as old, other.open("wb") as new:
        old.seek(len(header))
        new.write(envelope.header(b"", header[-PREFIX_SIZE:]))
        new.writelines(pieces(old))
    other.replace(disk)
