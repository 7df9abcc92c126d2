"""A copy of a store, also while somebody works with it, and a look through one: `kms-teach backup` and `check`."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec

from kms_teach.buckets.records import Object
from kms_teach.database import APPLICATION_ID, IN_USE, missing_log, named, sentence
from kms_teach.errors import StoreError
from kms_teach.hsm.boundary import Hsm
from kms_teach.keys.key import Key, NumberedMaterial
from kms_teach.operations.records import SCHEMA
from kms_teach.store import Store, readable
from kms_teach.trail import Record

TRIES = 100
PAGE = 1000  # records of the trail looked at together
CALL = msgspec.json.Decoder(Record)
HEADER = 32  # bytes of the log's header; it is another one whenever the log begins anew
OBJECTS = ".s3"  # the folder with the bytes of S3's objects
BESIDE = (
    ".hsm",
    OBJECTS,
    "",
)  # what belongs to a store, in the order in which a copy appears: the store itself comes last


def backup(store: Path, to: Path) -> Path:
    """Copy a store and its `.hsm` to a new file, or into a folder; gives the file. StoreError, with what to do.

    What was answered before is in the copy, and it is whole. The files are read from outside, since an open store lets
    nobody in. Claim: a log with the same header before and after, and read after the file, makes up for whatever was
    written into the file meanwhile: sqlite writes into it only what stands in the log, and gives the log another header
    before it overwrites any of it (sqlite.org/fileformat2.html, section 4).
    """
    target = to / named(store).name if to.is_dir() else to
    names = {suffix: target.with_name(target.name + suffix) for suffix in BESIDE}
    taken = next((name for name in names.values() if name.exists()), None)
    if taken:
        raise StoreError(f"`{taken}` is there already: name a file that is not, or a folder")
    if not target.parent.is_dir():
        raise StoreError(f"`{target.parent}` is no folder: make it first")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as unfinished:
            copy = Path(unfinished) / target.name
            _add_objects(store, copy)  # before, so that those which are deleted meanwhile are there,
            _copied(store, copy)
            _add_objects(store, copy)  # and after, so that the newest are
            if faults := _faults(copy, store):
                raise StoreError(f"`{store}` is damaged, and was not copied: {faults[0]}")
            for suffix, name in names.items():
                made = copy.with_name(copy.name + suffix)
                if made.exists():
                    made.rename(name)
    except OSError as error:
        raise StoreError(sentence(error, Path(error.filename or target))) from None
    except sqlite3.Error as error:
        raise StoreError(sentence(error, store)) from None
    return target


def damages(store: Path) -> Iterator[str]:
    """What is the matter with a store, a line each; nothing when it is whole. It is read, and not changed.

    StoreError for one that cannot be opened at all.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / named(store).name
        try:
            _copied(store, copy)
            faults = _faults(copy, store)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(sentence(error, store)) from None
        if faults:
            yield from faults
            return
        records = Store(copy, SCHEMA)
        try:
            damaged = [*records.damaged(), *_damaged_calls(records)]
            yield from (f"a record of the table `{table}` cannot be read: {name}" for table, name in damaged)
            if not damaged:
                yield from _sealed(records, Hsm(copy.with_name(copy.name + ".hsm"), sealed=records.holds(Key)))
                yield from _lost(records, store.with_name(store.name + OBJECTS))
        finally:
            records.close()


def _damaged_calls(records: Store) -> Iterator[tuple[str, str]]:
    first, length = records.first(), records.length()
    for start in range(first, length, PAGE):
        for number, record in enumerate(records.recorded(start, start + PAGE), start):
            if not readable(CALL, record):
                yield "trail", f"number {number}"


def _sealed(records: Store, hsm: Hsm) -> Iterator[str]:
    """The material that the domain key does not open."""
    materials = [(key.arn, material) for key in records.every(Key) for material in key.materials]
    materials += [(each.key_arn, each.material) for each in records.every(NumberedMaterial)]
    for arn, material in materials:
        if material.present and not hsm.opens(material.sealed):
            yield f"material {material.id} of {arn} does not open with the domain key in the `.hsm` file"


def _lost(records: Store, folder: Path) -> Iterator[str]:
    """The objects whose bytes are not there."""
    for each in records.every(Object):
        if not all((folder / file.name).exists() for file in each.files):
            yield f"the bytes of {each.arn} are gone from `{folder.name}`"


def _add_objects(store: Path, to: Path) -> None:
    """Copy the files of objects that are not copied yet. Each is written once, and never changed."""
    source, target = (path.with_name(path.name + OBJECTS) for path in (store, to))
    if source.is_dir():
        target.mkdir(mode=0o700, exist_ok=True)
        for file in source.iterdir():
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                if not (target / file.name).exists():
                    _copy(file, target / file.name)


def _copied(store: Path, to: Path) -> None:
    """The file, its log and its domain key as they are at one moment."""
    log, domain_key = (store.with_name(store.name + suffix) for suffix in ("-wal", ".hsm"))
    for _ in range(TRIES):
        before = _generation(store, log)
        _copy(store, to)
        if log.exists():
            _copy(log, to.with_name(to.name + log.name.removeprefix(store.name)))
        if before == _generation(store, log):
            break
    else:
        raise StoreError(f"`{store}` changes too fast to be copied: try again when less is going on")
    if domain_key.exists():
        _copy(domain_key, to.with_name(to.name + ".hsm"))


def _generation(store: Path, log: Path) -> object:
    """What is another one once the log began anew, or once the file was written to without one."""
    try:
        with log.open("rb") as file:
            return file.read(HEADER)
    except FileNotFoundError:
        return store.stat().st_mtime_ns, store.stat().st_size


def _copy(file: Path, to: Path) -> None:
    owners = partial(os.open, mode=0o600)
    with open(to, "wb", opener=owners) as target, file.open("rb") as source:
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())


def _faults(copy: Path, store: Path) -> list[str]:
    """What sqlite finds wrong with a copy; where that is nothing, its log is taken into it, and it counts as closed.

    StoreError when it is none of ours, or lacks its log.
    """
    logged = copy.with_name(copy.name + "-wal").exists()
    database = sqlite3.connect(copy, isolation_level=None)
    try:
        if database.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            raise StoreError(f"`{store}` is not a store of kms_teach: choose another file")
        if not logged and database.execute("SELECT 1 FROM setting WHERE name=?", (IN_USE,)).fetchone():
            raise StoreError(missing_log(store))
        faults = [fault for (fault,) in database.execute("PRAGMA integrity_check") if fault != "ok"]
        if not faults:
            database.execute("DELETE FROM setting WHERE name=?", (IN_USE,))
    finally:
        database.close()
    return faults
