"""The trail: a record of every call, shaped like CloudTrail's, and beside it what CloudTrail does not tell.

How an event is written is in `events`.
"""

import contextlib
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, overload

import msgspec
from msgspec import Struct, field

from kms_teach.access.decision import Decision
from kms_teach.arguments import checked
from kms_teach.errors import KMSInternalException, cut
from kms_teach.keys.key import Key, LastUsage

if TYPE_CHECKING:  # a picture reads records, and needs no database for it
    from kms_teach.store import Store

# What an event calls an error that the API calls otherwise: so events of 2019 and 2021 that were made public
IN_EVENTS = {"AccessDeniedException": "AccessDenied"}
IN_API = {called: code for code, called in IN_EVENTS.items()}
BATCH = 256  # records held back before they are written; AWS delivers its own with a delay of minutes
PAGE = 64  # records read at once on the way back
KEPT_IN_MEMORY = 10_000  # records, some 4 KiB each; a file keeps all unless told otherwise
BYTES_IN_MEMORY = 64 * 2**20  # of records, which have up to 40 KiB where policies are put


class Used(Struct, frozen=True):
    """The key material that worked in a call: number `number` of the `of` that its KMS key has."""

    key_arn: str
    material_id: str
    number: int
    of: int
    role: str  # encrypts, decrypts, signs, verifies, authenticates, agrees, encapsulates or decapsulates


class Record(Struct, frozen=True):
    """One call, or one act of AWS's own. `event` is CloudTrail's, the rest is the glass."""

    event: dict[str, Any]
    decisions: tuple[Decision, ...] = ()
    sent: dict[str, int] = field(default_factory=dict)  # parameter -> bytes that went to KMS
    returned: dict[str, int] = field(default_factory=dict)  # member -> bytes that came back
    used: tuple[Used, ...] = ()
    caller: str = "AWS"  # the caller's name for a person

    @property
    def decision(self) -> Decision | None:
        """The one that mattered: the denial, or the last."""
        return next((d for d in self.decisions if not d.allowed), self.decisions[-1] if self.decisions else None)

    @property
    def operation(self) -> str:
        """The operation that was called, or what AWS did by itself (RotateKey)."""
        return str(self.event["eventName"])

    @property
    def error(self) -> str:
        """The code of the error it ended in, as the API has it; "" when it worked."""
        code = str(self.event.get("errorCode") or "")
        return IN_API.get(code, code)

    @property
    def worked(self) -> bool:
        return not self.error

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The request's parameters in CloudTrail's spelling (`keyId`), as far as CloudTrail tells them."""
        return self.event.get("requestParameters") or {}

    @property
    def request_id(self) -> str:
        """The one that the answer had as well; "" for what was no request."""
        return str(self.event.get("requestID") or "")

    def __repr__(self) -> str:
        return f"<{self.operation} by {self.caller}: {self.error or 'ok'}>"


class Trail(Sequence[Record]):
    """All records, oldest first. Reads like a list; `about(key)` and `named(operation)` answer the usual questions.

    keep, size: how many records are kept, and how many bytes of them; None keeps all. A record has the same index for
    ever, and `len` counts those that are no longer kept too: `begins` is the index of the first one that is.
    """

    def __init__(self, store: "Store", keep: int | None = None, size: int | None = None) -> None:
        self._store, self._keep, self._size = store, keep, size
        self._written: deque[tuple[int, int]] = deque()  # of each writing the last record, and the bytes
        self._one = threading.RLock()  # others call while it is read
        self._pending: list[bytes] = []
        self._usages: dict[tuple[str, str, str], LastUsage] = {}
        self.decoded = msgspec.json.Decoder(Record).decode  # a record of its text

    def copied(self, store: "Store", *, records: bool = True) -> "Trail":
        """The trail of a copy of the store: what is held back here is held back there too.

        records: whether the copy has them, or begins anew.
        """
        copy = Trail(store, self._keep, self._size)
        with self._one:
            copy._usages = dict(self._usages)
            if records:
                copy._written, copy._pending = self._written.copy(), self._pending[:]
        return copy

    def add(self, record: Record) -> None:
        """Remember a record; every 256th time, write what was held back. A full disk holds it back longer."""
        encoded = msgspec.json.encode(record)
        with self._one:
            self._pending.append(encoded)
            if len(self._pending) % BATCH == 0:
                with contextlib.suppress(KMSInternalException):
                    self.write()

    def used(self, usage: LastUsage) -> None:
        """Remember the last use of a key; written with the records."""
        with self._one:
            self._usages[usage.place] = usage

    def last_usage(self, key: Key) -> LastUsage | None:
        return self._usages.get((key.scope, key.id, "")) or self._store.get(LastUsage, key.scope, key.id)

    def write(self) -> None:
        """Write what was held back. KMSInternalException, and nothing is lost, when it cannot be written."""
        with self._one:
            records, usages = self._pending[:], dict(self._usages)
            if records:
                self._store.append(records, usages.values(), self._too_old(records))
                del self._pending[: len(records)]
                self._usages = {place: each for place, each in self._usages.items() if each is not usages.get(place)}

    def _too_old(self, new: list[bytes]) -> int:
        """How many of the oldest records need not be kept once these are written."""
        length = self._store.length() + len(new)
        old = 0 if self._keep is None else max(length - self._keep, 0)
        if self._size is not None:
            self._written.append((length, sum(map(len, new))))
            while sum(size for _, size in self._written) > self._size and len(self._written) > 1:
                old = max(old, self._written.popleft()[0])
        return old

    @property
    def begins(self) -> int:
        """The index of the oldest record that is kept."""
        with self._one:
            self.write()
            return self._store.first()

    def __len__(self) -> int:
        with self._one:
            self.write()
            return self._store.length()

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    @checked
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        length = len(self)
        if isinstance(index, slice):
            start, stop, step = index.indices(length)
            if step != 1:
                begins = self.begins
                return [self[i] for i in range(start, stop, step) if i >= begins]
            return [self.decoded(record) for record in self._store.recorded(start, stop)]
        at = index + length if index < 0 else index
        record = next(iter(self._store.recorded(at, at + 1) if 0 <= at < length else ()), None)
        if record is None:
            raise IndexError(f"the trail has no record {index}{self._since()}")
        return self.decoded(record)

    def __iter__(self) -> Iterator[Record]:
        return iter(self[:])

    def __reversed__(self) -> Iterator[Record]:
        return reversed(self[:])

    @checked
    def named(self, *operations: str) -> list[Record]:
        """The records of these operations."""
        return [record for record in self if record.operation in operations]

    @checked
    def by_request(self, request_id: str) -> Record:
        """The call answered with this id, `answer["ResponseMetadata"]["RequestId"]`. KeyError if there is none.

        Its copies in other accounts' and Regions' trails have the same id, and are not meant.
        """
        mark = request_id.encode()
        for _, encoded in self.backwards():
            if mark in encoded:  # reading each record would take a hundred times as long
                record = self.decoded(encoded)
                if record.request_id == request_id and _is_the_call_itself(record):
                    return record
        raise KeyError(f"the trail has no call with request id `{cut(request_id)}`{self._since()}")

    @checked
    def about(self, key_arn: str) -> list[Record]:
        """The records that touch this key."""
        return [record for record in self if any(r["ARN"] == key_arn for r in record.event.get("resources", ()))]

    def backwards(self, stop: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Index and text of each record before `stop`, the newest first, read a few at a time.

        Nothing is decoded or written for it, and what comes meanwhile is not seen.
        """
        with self._one:
            pending, length = self._pending[:], self._store.length()
        for index in range(length + len(pending) - 1, length - 1, -1):
            if stop is None or index < stop:
                yield index, pending[index - length]
        for end in range(length if stop is None else min(length, stop), 0, -PAGE):
            records = self._store.recorded(max(end - PAGE, 0), end)
            yield from zip(range(end - 1, -1, -1), reversed(records), strict=False)
            if len(records) < min(PAGE, end):  # the older ones are no longer kept
                return

    @checked
    def until(self, at: datetime) -> int:
        """The index after the last record of `at` or before, found by halves: they stand in the order of time."""
        with self._one:
            first, length = self._store.first(), self._store.length()
            written = first + bisect_right(range(first, length), at, key=self._written_at)
            return written + (bisect_right(self._pending, at, key=self._time) if written == length else 0)

    def _written_at(self, index: int) -> datetime:
        return self._time(self._store.recorded(index, index + 1)[0])

    def _time(self, encoded: bytes) -> datetime:
        return datetime.fromisoformat(self.decoded(encoded).event["eventTime"])

    def _since(self) -> str:
        """What to add where an older record is asked for than is kept."""
        begins = self.begins
        return f": of older ones than record {begins} nothing is kept" if begins else ""

    def __repr__(self) -> str:
        begins = self.begins
        return f"<trail of {len(self)} records{f', kept from record {begins} on' if begins else ''}>"


def _is_the_call_itself(record: Record) -> bool:
    identity = record.event["userIdentity"]
    return "invokedBy" not in identity and identity["type"] != "AWSAccount"
