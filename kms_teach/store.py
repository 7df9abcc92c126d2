"""Everything remembered, in sqlite, behind a few verbs.

One table for each kind of record, all of one shape: where it is (scope), its name, what it belongs to (parent), when
something falls due for it, and the record itself as JSON that a learner can read. Key material in it is sealed.
Why JSON in one column and not a column for each field: the records are frozen Structs, and a column would be a
second definition of each field.
"""

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from kms_teach.answers import Answers
from kms_teach.database import IN_USE, Database, Schema, sentence
from kms_teach.errors import KMSInternalException, StoreError

CLOSED = "this simulator is closed: make a new one, `Simulator(…)`"
FORKED = "this simulator belongs to the process that made it, not to its child: make one of its own in the child"


class Record(Protocol):
    @property
    def place(self) -> tuple[str, str, str]:
        """(scope, name, parent); parent is "" where the record belongs to no other."""
        ...


R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Store:
    """Records by kind, scope and name; the kinds are the classes of its schema."""

    def __init__(self, path: Path | None, schema: Schema) -> None:
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._depth = 0  # of transactions, one within another
        self._undone = False  # what was changed before a nested transaction is lost, and must not be half kept
        self._schema, self._tables = schema, schema.tables
        self._decoders: dict[type, msgspec.json.Decoder[Any]] = {
            kind: msgspec.json.Decoder(kind) for kind in schema.tables
        }
        self._answers = Answers(schema.tables)
        opened = Database(path, schema)
        self._db = opened.connection
        self._let_go = weakref.finalize(self, opened.close)  # also if nobody closes it

    def copied(self, *, trail: bool = True) -> "Store":
        """A store in memory that holds what this one holds now; what becomes of one is nothing to the other.

        trail: whether it holds the trail, too, which has most of the bytes.
        """
        self.check()
        copy = Store(None, self._schema)
        with self._lock:
            if trail:
                self._db.backup(copy._db)
                return copy
            rows = {table: self._db.execute(f'SELECT * FROM "{table}"').fetchall() for table in self._tables.values()}
        with copy.transaction():
            copy._begin()
            for table, held in rows.items():
                copy._db.executemany(f'INSERT INTO "{table}" VALUES (?,?,?,?,?)', held)
        return copy

    @property
    def closed(self) -> bool:
        """Whether it was closed, by `close` or because the program ends."""
        return not self._let_go.alive

    def check(self) -> None:
        """StoreError when it is closed, or another process's."""
        if self.closed:
            raise StoreError(CLOSED)
        if os.getpid() != self._process:
            raise StoreError(FORKED)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what happens inside, or nothing of it. One at a time.

        One within another: what the inner did is undone when it fails, and when the outer fails after it.
        """
        self.check()  # before the lock, which another thread may have held when the process forked
        with self._lock:
            # where nothing was changed before, undoing all undoes what is inside
            savepoint = f'"{self._depth}"' if self._db.in_transaction else ""
            if savepoint:
                self._db.execute(f"SAVEPOINT {savepoint}")
            self._depth += 1
            try:
                yield
                self._keep(savepoint)
            except BaseException as error:
                self._answers.forget()
                self._undo(savepoint)
                if isinstance(error, sqlite3.OperationalError):
                    raise KMSInternalException(sentence(error, None)) from None
                raise
            finally:
                self._depth -= 1

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN")

    def _keep(self, savepoint: str) -> None:
        if self._undone:
            raise KMSInternalException("the store took back a change while it was being made: repeat the call")
        if savepoint:
            self._db.execute(f"RELEASE {savepoint}")
        elif self._depth == 1 and self._db.in_transaction:
            self._db.execute("COMMIT")

    def _undo(self, savepoint: str) -> None:
        """Take back what happened since the savepoint; "" is all."""
        # sqlite itself takes back everything where it cannot go on, as on some full disks
        lost = self._undone or not self._db.in_transaction
        if savepoint and not lost:
            self._db.execute(f"ROLLBACK TO {savepoint}")
            self._db.execute(f"RELEASE {savepoint}")
            return
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._undone = bool(savepoint)

    def _write(self, statement: str, values: tuple[Any, ...], kind: type | None = None) -> None:
        """Change something of a kind, in the transaction around it or in one of its own."""
        with self._lock:
            if not self._depth:
                with self.transaction():
                    return self._write(statement, values, kind)
            if kind is not None:
                self._answers.change(kind)
            self._begin()
            self._db.execute(statement, values)
            return None

    def _read(self, kind: type[R], rest: str, values: tuple[Any, ...]) -> list[R]:
        def found() -> list[R]:
            self.check()
            rows = self._db.execute(f'SELECT record FROM "{self._tables[kind]}" WHERE {rest}', values)
            return [self._decoded(kind, record) for (record,) in rows]

        with self._lock:
            return self._answers.read(kind, (rest, values), found)

    def _decoded(self, kind: type[R], record: str) -> R:
        try:
            decoded: R = self._decoders[kind].decode(record)
        except msgspec.DecodeError:  # which would quote it
            raise KMSInternalException(
                f"a record in the table `{self._tables[kind]}` of the store is damaged, or another program's: "
                "put back a copy of the store"
            ) from None
        return decoded

    def get(self, kind: type[R], scope: str, name: str) -> R | None:
        return next(iter(self._read(kind, "scope=? AND name=?", (scope, name))), None)

    def derived(
        self, kinds: tuple[type, ...], question: Hashable, find: Callable[[], T], keep: Callable[[T], bool]
    ) -> T:
        """What `find` makes of records of these kinds alone, remembered until one of them changes.

        keep: whether an answer is small enough to be remembered.
        """
        with self._lock:
            return self._answers.derived(kinds, question, find, keep)

    def put(self, record: Record, due: datetime | None = None) -> None:
        values = (*record.place, due.timestamp() if due else None, msgspec.json.encode(record).decode())
        self._write(f'INSERT OR REPLACE INTO "{self._tables[type(record)]}" VALUES (?,?,?,?,?)', values, type(record))

    def delete(self, record: Record) -> None:
        scope, name, _ = record.place
        self._write(f'DELETE FROM "{self._tables[type(record)]}" WHERE scope=? AND name=?', (scope, name), type(record))

    def names(self, kind: type[Record], scope: str, after: str = "", limit: int = -1) -> list[str]:
        """The names of the records of a page, which are not read."""
        self.check()
        statement = f'SELECT name FROM "{self._tables[kind]}" WHERE scope=? AND name>? ORDER BY name LIMIT ?'
        with self._lock:
            return [name for (name,) in self._db.execute(statement, (scope, after, limit))]

    def page(
        self, kind: type[R], scope: str, parent: str | tuple[str, ...] | None = None, after: str = "", limit: int = -1
    ) -> list[R]:
        """At most `limit` records of a scope in the order of their names, those after `after`; all when limit is -1.

        parent: only those that belong to it, or to one of them.
        """
        parents = () if parent is None else (parent,) if isinstance(parent, str) else parent
        inside = f" AND parent IN ({','.join('?' * len(parents))})" if parents else ""
        where = f"scope=?{inside} AND name>? ORDER BY name LIMIT ?"
        return list(self._read(kind, where, (scope, *parents, after, limit)))

    def count(self, kind: type[R], scope: str, parent: str | None = None) -> int:
        """How many records a scope has, or how many of them belong to `parent`."""
        self.check()
        inside, values = ("", (scope,)) if parent is None else (" AND parent=?", (scope, parent))
        with self._lock:
            statement = f'SELECT count(*) FROM "{self._tables[kind]}" WHERE scope=?{inside}'
            return int(self._db.execute(statement, values).fetchone()[0])

    def every(self, kind: type[R]) -> list[R]:
        """All records of a kind, of whatever scope."""
        return list(self._read(kind, "true ORDER BY scope, name", ()))

    def put_again(self, record: Record) -> None:
        """Put a record in the place of its older self, whose parent may have been another; what is due stays due."""
        scope, name, parent = record.place
        text = msgspec.json.encode(record).decode()
        table = self._tables[type(record)]
        self._write(
            f'UPDATE "{table}" SET parent=?, record=? WHERE scope=? AND name=?',
            (parent, text, scope, name),
            type(record),
        )

    def holds(self, kind: type[R]) -> bool:
        """Whether there is any record of a kind."""
        self.check()
        with self._lock:
            return bool(self._db.execute(f'SELECT EXISTS (SELECT 1 FROM "{self._tables[kind]}")').fetchone()[0])

    def by_name(self, kind: type[R], name: str) -> R | None:
        """A record whose name is unique in all scopes."""
        return next(iter(self._read(kind, "name=? LIMIT 1", (name,))), None)

    def first_due(self, kind: type[R], until: datetime) -> R | None:
        """The record for which something falls due first, if that is not after `until`."""
        return next(iter(self._read(kind, "due<=? ORDER BY due LIMIT 1", (until.timestamp(),))), None)

    def setting(self, name: str) -> str | None:
        self.check()
        with self._lock:
            row = self._db.execute("SELECT value FROM setting WHERE name=?", (name,)).fetchone()
        return row[0] if row else None

    def set(self, name: str, value: str) -> None:
        self._write("INSERT OR REPLACE INTO setting VALUES (?,?)", (name, value))

    def damaged(self) -> Iterator[tuple[str, str]]:
        """The table and the name of each record that cannot be read; of the trail, its number."""
        self.check()
        tables = {kind: f'"{table}"' for kind, table in self._tables.items()}
        with self._lock:
            for kind, table in tables.items():
                for scope, name, record in self._db.execute(f"SELECT scope, name, record FROM {table}"):
                    if not readable(self._decoders[kind], record):
                        yield self._tables[kind], f"{name} in {scope}"

    def append(self, records: list[bytes], beside: Iterable[Record], too_old: int = 0) -> None:
        """Add to the end of the trail, put the records that change with it, and drop the oldest up to `too_old`."""
        with self.transaction():
            self._begin()
            for record in beside:
                self.put(record)
            self._db.executemany("INSERT INTO trail (record) VALUES (?)", ((record.decode(),) for record in records))
            if too_old:
                self._db.execute("DELETE FROM trail WHERE number<=?", (too_old,))

    def recorded(self, start: int, stop: int) -> list[bytes]:
        """Records `start` up to `stop` of the trail, counted from 0."""
        self.check()
        with self._lock:
            rows = self._db.execute(
                "SELECT record FROM trail WHERE number>? AND number<=? ORDER BY number", (start, stop)
            ).fetchall()
        return [record.encode() for (record,) in rows]

    def length(self) -> int:
        """How many records the trail has, or had."""
        self.check()
        with self._lock:
            (last,) = self._db.execute("SELECT max(number) FROM trail").fetchone()
        return int(last or 0)

    def first(self) -> int:
        """How many of the oldest records the trail no longer has."""
        self.check()
        with self._lock:
            (first,) = self._db.execute("SELECT min(number) FROM trail").fetchone()
        return int(first or 1) - 1

    def close(self) -> None:
        """Let go of the file. KMSInternalException, and it stays open, when a full disk cannot even note that."""
        if self.closed or os.getpid() != self._process:
            return
        with self._lock:
            self._write("DELETE FROM setting WHERE name=?", (IN_USE,))
            self._answers.forget()
            self._let_go()


def readable(decoder: msgspec.json.Decoder[Any], record: str | bytes) -> bool:
    """Whether a stored record is one of the shapes that this version writes."""
    try:
        decoder.decode(record)
    except msgspec.DecodeError:
        return False
    return True
