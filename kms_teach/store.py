"""Everything remembered, in sqlite, behind a few verbs.

One table for each kind of record, all of one shape: where it is (scope), its name, what it belongs to (parent), when
something falls due for it, and the record itself as JSON that a learner can read. Key material in it is sealed.
Why JSON in one column and not a column for each field: the records are frozen dataclasses, and a column would be a
second definition of each field.
"""

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from kms_teach.errors import KMSInternalException, StoreError

APPLICATION_ID = 0x6B6D7374  # "kmst", so that another program's database is not mistaken for ours
SHORT = 8  # records; an answer of no more is remembered until the next change
REMEMBERED = 4096  # answers


class Record(Protocol):
    @property
    def place(self) -> tuple[str, str, str]:
        """(scope, name, parent); parent is "" where the record belongs to no other."""
        ...


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Schema:
    """What a store holds: a table for each class of record.

    version: of the tables and of the shapes of all records, those of the trail too; it stands in the file.
    migrations: by version, the statements that make of a file of that version one of the next.
    """

    version: int
    tables: Mapping[type, str]
    migrations: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


class Store:
    """Records by kind, scope and name; the kinds are the classes of its schema."""

    def __init__(self, path: Path | None, schema: Schema) -> None:
        self._lock = threading.RLock()
        self.closed = False
        self._depth = 0  # of transactions, one within another
        self._undone = False  # what was changed before a nested transaction is lost, and must not be half kept
        self._schema, self._tables = schema, schema.tables
        self._decoders: dict[type, msgspec.json.Decoder[Any]] = {
            kind: msgspec.json.Decoder(kind) for kind in schema.tables
        }
        self._answers: dict[tuple[Any, ...], list[Any]] = {}  # short answers; true while this process alone writes
        try:
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=0.5)
            weakref.finalize(self, self._db.close)  # of a simulator that nobody closed
            self._prepare(path)
        except sqlite3.DatabaseError as error:
            raise StoreError(_sentence(error, path)) from None

    def _prepare(self, path: Path | None) -> None:
        self._db.execute("PRAGMA locking_mode=EXCLUSIVE")  # one process at a time; the second is told
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        (application,) = self._db.execute("PRAGMA application_id").fetchone()
        if application not in (0, APPLICATION_ID) or (
            application == 0 and self._db.execute("PRAGMA page_count").fetchone()[0]
        ):
            raise StoreError(f"`{path}` is another program's database: choose another file")
        current = self._schema.version
        steps = range(version, current) if version else ()
        if version > current or not all(step in self._schema.migrations for step in steps):
            raise StoreError(
                f"`{path}` was written by another version of kms_teach (its records are of version {version}, "
                f"this one's of version {current}): start a new one, or open it with the version that wrote it"
            )
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")  # an answered change survives a power cut
        with self._db:
            self._db.execute("BEGIN")
            for statement in (each for step in steps for each in self._schema.migrations[step]):
                self._db.execute(statement)
            for table in self._tables.values():
                self._db.execute(
                    f'CREATE TABLE IF NOT EXISTS "{table}" (scope TEXT, name TEXT, parent TEXT, due REAL, record TEXT,'
                    " PRIMARY KEY (scope, name)) WITHOUT ROWID"
                )
                self._db.execute(f'CREATE INDEX IF NOT EXISTS "{table} parent" ON "{table}" (scope, parent, name)')
                self._db.execute(f'CREATE INDEX IF NOT EXISTS "{table} name" ON "{table}" (name)')
                self._db.execute(f'CREATE INDEX IF NOT EXISTS "{table} due" ON "{table}" (due) WHERE due IS NOT NULL')
            self._db.execute("CREATE TABLE IF NOT EXISTS trail (number INTEGER PRIMARY KEY, record TEXT)")
            self._db.execute("CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT)")
            self._db.execute(f"PRAGMA application_id={APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version={current}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what happens inside, or nothing of it. One at a time.

        One within another: what the inner did is undone when it fails, and when the outer fails after it.
        """
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
                self._answers.clear()
                self._undo(savepoint)
                if isinstance(error, sqlite3.OperationalError):
                    raise KMSInternalException(_sentence(error, None)) from None
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

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        """Change something, in the transaction around it or in one of its own."""
        with self._lock:
            if not self._depth:
                with self.transaction():
                    return self._write(statement, values)
            self._answers.clear()
            self._begin()
            self._db.execute(statement, values)
            return None

    def _read(self, kind: type[R], rest: str, values: tuple[Any, ...]) -> list[R]:
        query = (kind, rest, values)
        with self._lock:
            records = self._answers.get(query)
            if records is None:
                rows = self._db.execute(f'SELECT record FROM "{self._tables[kind]}" WHERE {rest}', values)
                records = [self._decoders[kind].decode(record) for (record,) in rows]
                if len(records) <= SHORT:
                    if len(self._answers) >= REMEMBERED:
                        self._answers.clear()
                    self._answers[query] = records
        return records

    def get(self, kind: type[R], scope: str, name: str) -> R | None:
        return next(iter(self._read(kind, "scope=? AND name=?", (scope, name))), None)

    def put(self, record: Record, due: datetime | None = None) -> None:
        values = (*record.place, due.timestamp() if due else None, msgspec.json.encode(record).decode())
        self._write(f'INSERT OR REPLACE INTO "{self._tables[type(record)]}" VALUES (?,?,?,?,?)', values)

    def delete(self, record: Record) -> None:
        scope, name, _ = record.place
        self._write(f'DELETE FROM "{self._tables[type(record)]}" WHERE scope=? AND name=?', (scope, name))

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
        inside, values = ("", (scope,)) if parent is None else (" AND parent=?", (scope, parent))
        with self._lock:
            statement = f'SELECT count(*) FROM "{self._tables[kind]}" WHERE scope=?{inside}'
            return int(self._db.execute(statement, values).fetchone()[0])

    def by_name(self, kind: type[R], name: str) -> R | None:
        """A record whose name is unique in all scopes."""
        return next(iter(self._read(kind, "name=? LIMIT 1", (name,))), None)

    def first_due(self, kind: type[R], until: datetime) -> R | None:
        """The record for which something falls due first, if that is not after `until`."""
        return next(iter(self._read(kind, "due<=? ORDER BY due LIMIT 1", (until.timestamp(),))), None)

    def setting(self, name: str) -> str | None:
        with self._lock:
            row = self._db.execute("SELECT value FROM setting WHERE name=?", (name,)).fetchone()
        return row[0] if row else None

    def set(self, name: str, value: str) -> None:
        self._write("INSERT OR REPLACE INTO setting VALUES (?,?)", (name, value))

    def append(self, records: list[bytes], beside: Iterable[Record]) -> None:
        """Add to the end of the trail, and put the records that change with it."""
        with self.transaction():
            self._begin()
            for record in beside:
                self.put(record)
            self._db.executemany("INSERT INTO trail (record) VALUES (?)", ((record.decode(),) for record in records))

    def recorded(self, start: int, stop: int) -> list[bytes]:
        """Records `start` up to `stop` of the trail, counted from 0."""
        with self._lock:
            rows = self._db.execute(
                "SELECT record FROM trail WHERE number>? AND number<=? ORDER BY number", (start, stop)
            ).fetchall()
        return [record.encode() for (record,) in rows]

    def length(self) -> int:
        """How many records the trail has."""
        with self._lock:
            (last,) = self._db.execute("SELECT max(number) FROM trail").fetchone()
        return int(last or 0)

    def close(self) -> None:
        with self._lock:
            self.closed = True
            self._db.close()


def _sentence(error: sqlite3.DatabaseError, path: Path | None) -> str:
    name = f"`{path}`" if path else "the store"
    match getattr(error, "sqlite_errorname", ""):
        case "SQLITE_FULL":
            return f"no space is left for {name}, nothing was changed: free some disk space and repeat the call"
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return f"{name} is open in another process: close it there first, or use another file"
        case "SQLITE_NOTADB" | "SQLITE_CORRUPT":
            return f"{name} is not a store of kms_teach: choose another file"
        case "SQLITE_CANTOPEN":
            return f"{name} cannot be opened: check that its folder exists and that you may write there"
        case "SQLITE_READONLY":
            return f"{name} is read-only: make it writable, or choose another file"
        case other:
            return f"{name} cannot be used ({other or error}): choose another file"
