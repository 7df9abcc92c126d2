"""The sqlite file of a store: opened by one simulator at a time, brought up to date, closed so that nothing is lost."""

import errno
import os
import sqlite3
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct, field

from kms_teach.errors import StoreError, cut
from kms_teach.lock import Lock

APPLICATION_ID = 0x6B6D7374  # "kmst", so that another program's database is not mistaken for ours
IN_USE = "in use"  # the setting that a store has while it is open, or was not closed
CANNOT = {
    errno.ENOENT: "{name} cannot be opened: check that its folder exists and that you may write there",
    errno.EACCES: "{name} cannot be opened: check that its folder exists and that you may write there",
    errno.EROFS: "{name} is read-only: make it writable, or choose another file",
    errno.ENOSPC: "no space is left for {name}, nothing was changed: free some disk space and repeat the call",
}


class Schema(Struct, frozen=True):
    """What a store holds: a table for each class of record.

    version: of the tables and of the shapes of all records, those of the trail too; it stands in the file.
    migrations: by version, the statements that make of a file of that version one of the next.
    """

    version: int
    tables: Mapping[type, str]
    migrations: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def _lay_out(db: sqlite3.Connection, version: int, tables: tuple[str, ...]) -> None:
    """Make the tables that are not there yet, and say which version they are of."""
    for table in tables:
        db.execute(
            f'CREATE TABLE IF NOT EXISTS "{table}" (scope TEXT, name TEXT, parent TEXT, due REAL, record TEXT,'
            " PRIMARY KEY (scope, name))"  # with a rowid: else a record over 1 KB takes a page of its own
        )
        db.execute(f'CREATE INDEX IF NOT EXISTS "{table} parent" ON "{table}" (scope, parent, name)')
        db.execute(f'CREATE INDEX IF NOT EXISTS "{table} name" ON "{table}" (name)')
        db.execute(f'CREATE INDEX IF NOT EXISTS "{table} due" ON "{table}" (due) WHERE due IS NOT NULL')
    db.execute("CREATE TABLE IF NOT EXISTS trail (number INTEGER PRIMARY KEY, record TEXT)")
    db.execute("CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT)")
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={version}")


@cache
def _empty(version: int, tables: tuple[str, ...]) -> sqlite3.Connection:
    """A database in memory that holds nothing yet, to be copied."""
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _lay_out(db, version, tables)
    return db


class Database:
    """An open connection, in a file or in memory; StoreError, with what to do, for a file that cannot be used."""

    def __init__(self, path: Path | None, schema: Schema) -> None:
        self._path, self._schema, self._process = named(path) if path else None, schema, os.getpid()
        self._lock = None
        try:
            self._lock = _locked(path) if path else None
            logged = path is not None and path.with_name(path.name + "-wal").exists()
            self.connection = sqlite3.connect(
                path or ":memory:", isolation_level=None, check_same_thread=False, timeout=0.5
            )
            try:
                self._prepare(logged=logged)
            except BaseException:
                self.connection.close()
                raise
        except BaseException as error:
            if self._lock:
                self._lock.release()
            if isinstance(error, sqlite3.DatabaseError | OSError):
                raise StoreError(sentence(error, path)) from None
            raise

    def _prepare(self, *, logged: bool) -> None:
        db, path, current = self.connection, self._path, self._schema.version
        tables = tuple(self._schema.tables.values())
        if path is None:  # a copy takes a tenth of the time: a question makes several simulators
            _empty(current, tables).backup(db)
            return
        db.execute("PRAGMA locking_mode=EXCLUSIVE")  # where there is no lock file, the second is told by sqlite
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (application,) = db.execute("PRAGMA application_id").fetchone()
        if application not in (0, APPLICATION_ID) or (
            application == 0 and db.execute("PRAGMA page_count").fetchone()[0]
        ):
            raise StoreError(f"`{path}` is another program's database: choose another file")
        if not logged and self._was_in_use():
            raise StoreError(missing_log(path))
        steps = range(version, current) if version else ()
        if version > current or not all(step in self._schema.migrations for step in steps):
            raise StoreError(
                f"`{path}` was written by another version of kms_teach (its records are of version {version}, "
                f"this one's of version {current}): start a new one, or open it with the version that wrote it"
            )
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")  # an answered change survives a power cut
        with db:
            db.execute("BEGIN")
            for statement in (each for step in steps for each in self._schema.migrations[step]):
                db.execute(statement)
            _lay_out(db, current, tables)
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, '')", (IN_USE,))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # into the file itself, where a copy has it too

    def _was_in_use(self) -> bool:
        (tables,) = self.connection.execute("SELECT count(*) FROM sqlite_master WHERE name='setting'").fetchone()
        query = ("SELECT 1 FROM setting WHERE name=?", (IN_USE,))
        return bool(tables) and self.connection.execute(*query).fetchone() is not None

    def close(self) -> None:
        """Close it, unless this is a forked child, whose parent has it, or the file cannot be marked as closed."""
        try:
            if os.getpid() != self._process:
                raise sqlite3.ProgrammingError  # closing would remove the log, which the parent writes to
            self.connection.execute("DELETE FROM setting WHERE name=?", (IN_USE,))
            self.connection.close()
        except sqlite3.Error:
            _leave_open(self.connection)
        if self._lock:
            self._lock.release()


def named(path: Path) -> Path:
    """`path`, if it can be a file's. StoreError for what has no name, as `/` and an empty text."""
    if not path.name:
        raise StoreError(f"`{path}` is a folder: name a file in it, such as class.db")
    return path


def sentence(error: Exception, path: Path | None) -> str:
    """What went wrong with a store, and what to do."""
    name = f"`{cut(str(path))}`" if path else "the store"
    if isinstance(error, OSError):
        number = error.errno or 0
        return CANNOT.get(number, f"{{name}} cannot be opened ({os.strerror(number)}): choose another file").format(
            name=name
        )
    match getattr(error, "sqlite_errorname", "").split("_")[1:2]:
        case ["FULL"]:
            return CANNOT[errno.ENOSPC].format(name=name)
        case ["BUSY"] | ["LOCKED"]:
            return f"{name} is open in another process: close it there first, or use another file"
        case ["NOTADB"]:
            return f"{name} is not a store of kms_teach: choose another file"
        case ["CORRUPT"]:
            return f"{name} is damaged: put back a copy of it"
        case ["CANTOPEN"]:
            return CANNOT[errno.ENOENT].format(name=name)
        case ["READONLY"]:
            return CANNOT[errno.EROFS].format(name=name)
        case _:
            return f"{name} cannot be used ({error}): choose another file"


def missing_log(path: Path) -> str:
    """What is said of a copy that was made of one file where there were two."""
    return (
        f"`{path}` was copied while it was in use, and its newest records stand in `{path.name}-wal`: copy that file "
        "too, or use `kms-teach backup`"
    )


def _locked(path: Path) -> Lock:
    """The lock, with the file made for its owner alone if there is none."""
    lock = Lock(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except BaseException:
        lock.release()
        raise
    return lock


def _leave_open(connection: sqlite3.Connection) -> None:
    """Let nobody close the connection, not even the end of the process."""
    import ctypes  # noqa: PLC0415 (hardly ever needed, and slow to load)

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))
