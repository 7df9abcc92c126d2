"""The file in which a learner's progress is kept: a line of JSON for each record, on this computer and nowhere else.

A line is on the disk before what it tells is answered. Lines are only ever added, under a lock, so that two notebooks
lose nothing of each other's, and a crash at most the line that it interrupts. A line that cannot be read does no harm
to the others: the file is kept aside as it was, and goes on with those.
Why not sqlite: a learner can read this file, mend it, mail it, and put two of them together with `cat`.
"""

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import platformdirs

from kms_teach.teaching import catalog
from kms_teach.teaching.prediction import Prediction
from kms_teach.teaching.question import Question
from kms_teach.teaching.record import Answered, AnyRecord, Done, Given, How, Predicted, Record, counting
from kms_teach.teaching.task import Task

FOLDER = "KMS_TEACH_PROGRESS"  # the environment variable that names another folder than the user's own
NAME = "progress.jsonl"
if sys.platform != "win32" and sys.platform != "emscripten":  # there a line is written in one piece, without a lock
    import fcntl

Kind = TypeVar("Kind", bound=Record)
Clock = Callable[[], datetime]
_ANY = msgspec.json.Decoder(AnyRecord)
_LINE = msgspec.json.Encoder()


class NoProgressError(ValueError):
    """What was to be imported holds no progress; the message says what to do."""


class Progress:
    """A learner's progress in a folder. `now` is the clock by which records are dated.

    `trouble` says in a sentence what is wrong with the file, "" when all is well. What could not be written is kept in
    memory meanwhile, and written with the next record.
    """

    def __init__(self, folder: Path, now: Clock = lambda: datetime.now(UTC)) -> None:
        self.file, self.now, self.trouble = folder / NAME, now, ""
        self._unwritten: list[AnyRecord] = []
        self._records: list[AnyRecord] = []
        self._read: tuple[int, ...] = ()  # which state of the file the records are of

    def add(self, *records: AnyRecord) -> None:
        """Keep what was done; on the disk when this returns, or `trouble` says why not."""
        self._unwritten += records
        try:
            with self._locked():
                _append(self.file, b"".join(_LINE.encode(record) + b"\n" for record in self._unwritten))
        except OSError as error:
            why = os.strerror(error.errno or 0)
            self.trouble = f"Your progress is not kept: {self.file} cannot be written ({why})."
        else:
            self._unwritten.clear()
            self.trouble = ""

    def answered(self, question: Question, given: Given, right: bool, how: How) -> None:
        """Keep what a question was answered with."""
        family = question.family
        self.add(Answered(self.now(), family.id, family.chapter, question.seed, right, how, given))

    def done(self, task: Task) -> None:
        """Keep that a task of a chapter is done."""
        if name := catalog.named("tasks", task):
            self.add(Done(self.now(), *name))

    def predicted(self, prediction: Prediction, right: bool) -> None:
        """Keep what became of a prediction of a chapter."""
        if name := catalog.named("predictions", prediction):
            self.add(Predicted(self.now(), *name, right))

    def records(self) -> list[AnyRecord]:
        """What counts, the earliest first, whoever has written it."""
        try:
            stat = self.file.stat()
            state = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
            if state != self._read:
                self._records, self._read = self._all(), state
        except FileNotFoundError:
            self._records, self._read = [], ()
        except OSError as error:
            self.trouble = f"Your progress cannot be read: {self.file} ({os.strerror(error.errno or 0)})."
        return counting([*self._records, *self._unwritten])

    def of(self, kind: type[Kind]) -> list[Kind]:
        """What counts of one kind, the earliest first."""
        return [record for record in self.records() if isinstance(record, kind)]

    def export(self) -> bytes:
        """All of it, as a file for another computer."""
        self.records()
        there = b""
        with contextlib.suppress(OSError):  # then there is none, or `trouble` says so
            there = self.file.read_bytes()
        return there + b"".join(_LINE.encode(record) + b"\n" for record in self._unwritten)

    def merge(self, exported: bytes) -> int:
        """Add what an exported file has and this one has not; gives how many records that were.

        Raises:
            NoProgressError: no line of it is a record.
        """
        theirs, _, _ = _parsed(exported)
        if not theirs:
            raise NoProgressError(f"this is no file of progress: choose one that was exported here, such as {NAME}")
        self.records()
        known = {*self._records, *self._unwritten}
        fresh = [record for record in dict.fromkeys(theirs) if record not in known]
        if fresh:
            self.add(*fresh)
        return len(fresh)

    def _all(self) -> list[AnyRecord]:
        """Read the file; where lines are damaged, keep it aside, and go on with the others."""
        found, _, damaged = _parsed(self.file.read_bytes())
        if damaged:
            lines = "1 line" if damaged == 1 else f"{damaged} lines"
            self.trouble = f"{lines} of your progress could not be read. The rest is here"
            try:
                self.trouble += f"; the file as it was is {self._mend()}."
            except OSError:  # nothing can be written there; what could be read counts all the same
                self.trouble += f", and {self.file} stays as it is."
        return found

    def _mend(self) -> Path:
        """Keep the file aside as it is, and leave in it the lines that can be read; gives where it is now."""
        with self._locked():
            aside, content = _aside(self.file), self.file.read_bytes()
            _write(aside, content)
            _write(self.file, _parsed(content)[1])
            return aside

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time. The lock is a file of its own, since the other may be replaced."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform != "win32" and sys.platform != "emscripten":
                with contextlib.suppress(OSError):  # a disk of the network may know no locks
                    fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def mine() -> Progress:
    """The progress of whoever runs this process, in the folder that the environment names or in their own."""
    named = os.environ.get(FOLDER)
    return _in(Path(named) if named else platformdirs.user_data_path("kms-teach", appauthor=False))


@cache
def _in(folder: Path) -> Progress:
    return Progress(folder)


def _parsed(content: bytes) -> tuple[list[AnyRecord], bytes, int]:
    """Records, the lines that are whole, and how many are not.

    A line of another edition of this program is whole: it is kept, and not understood. So is what a crash has left of
    the last line: it was never answered for, and the next record takes its place.
    """
    found: list[AnyRecord] = []
    whole: list[bytes] = []
    damaged = 0
    lines = content.splitlines(keepends=True)
    for line in lines:
        try:
            found.append(_ANY.decode(line))
        except msgspec.ValidationError:
            pass
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
            torn = line is lines[-1] and not line.endswith(b"\n")
            damaged += bool(line.strip()) and not torn
            continue
        whole.append(line if line.endswith(b"\n") else line + b"\n")
    return found, b"".join(whole), damaged


def _append(file: Path, lines: bytes) -> None:
    """Add lines, and bring them to the disk; what a crash has left of a line gives way."""
    new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        end = os.lseek(descriptor, 0, os.SEEK_END)
        tail = _tail(descriptor, end)
        if tail and _is_json(tail):  # whoever edited it by hand left out the last line's end
            lines = b"\n" + lines
        else:
            end -= len(tail)
        os.lseek(descriptor, end, os.SEEK_SET)
        _all_of(descriptor, lines)
        os.ftruncate(descriptor, end + len(lines))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if new:
        _sync_folder(file.parent)


def _tail(descriptor: int, end: int, step: int = 4096) -> bytes:
    """What stands after the file's last line end."""
    tail = b""
    while end and b"\n" not in tail:
        begin = max(0, end - step)
        os.lseek(descriptor, begin, os.SEEK_SET)
        tail, end = os.read(descriptor, end - begin) + tail, begin
    return tail[tail.rfind(b"\n") + 1 :]


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def _write(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beside = file.with_name(f"{file.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        _all_of(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    beside.replace(file)
    _sync_folder(file.parent)


def _all_of(descriptor: int, content: bytes) -> None:
    """Write all of it: a single write may do less, when the disk is nearly full."""
    while content:
        content = content[os.write(descriptor, content) :]


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _aside(file: Path) -> Path:
    """A name that no earlier damage has taken."""
    taken: Iterable[int] = (
        int(match[1]) for path in file.parent.iterdir() if (match := re.search(r"damaged-(\d+)\.jsonl$", path.name))
    )
    return file.with_name(f"{file.stem}-damaged-{max(taken, default=0) + 1}{file.suffix}")
