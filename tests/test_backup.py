import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from kms_teach import Simulator, backup, cli
from kms_teach.errors import StoreError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "class.db"


@pytest.fixture
def busy(path):
    """A simulator that is open, with a key that was rotated often and what it encrypted first."""
    with Simulator(path, start="2026-01-01T00:00:00Z") as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        blob = kms.encrypt(KeyId=key, Plaintext=b"kept")["CiphertextBlob"]
        kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
        sim.advance(days=90 * 40)
        yield sim, blob


def files(folder):
    return sorted(file.name for file in folder.iterdir())


def changed(path, statement, *values):
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement, values)
        database.commit()


def test_a_copy_made_while_it_is_in_use_has_what_was_answered(busy, path, tmp_path):
    sim, blob = busy
    keys = [sim.client("kms").create_key()["KeyMetadata"]["KeyId"] for _ in range(20)]
    folder = tmp_path / "backup"
    folder.mkdir()
    assert backup.backup(path, folder) == folder / "class.db"
    assert files(folder) == ["class.db", "class.db.hsm"]
    assert {oct(file.stat().st_mode & 0o777) for file in folder.iterdir()} == {"0o600"}
    sim.client("kms").create_key()  # which the copy does not have, and which goes on
    with Simulator(folder / "class.db") as copy:
        kms = copy.client("kms")
        assert {each["KeyId"] for each in kms.list_keys()["Keys"]} > set(keys)
        assert len(kms.list_keys()["Keys"]) == 21
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"kept"


def test_a_copy_of_a_closed_store_may_have_another_name(path, tmp_path):
    with Simulator(path) as sim:
        sim.client("kms").create_key()
    backup.backup(path, tmp_path / "monday.db")
    assert files(tmp_path) == [
        "class.db", "class.db.hsm", "class.db.lock", "monday.db", "monday.db.hsm",
    ]  # fmt: skip
    with Simulator(tmp_path / "monday.db") as copy:
        assert len(copy.client("kms").list_keys()["Keys"]) == 1


def test_a_log_that_began_anew_meanwhile_is_copied_again(busy, path, tmp_path, monkeypatch):
    sim, _ = busy
    copy, copied = backup._copy, []

    def with_a_checkpoint_between(file, to):
        copy(file, to)
        copied.append(file.name)
        if len(copied) == 1:
            sim.service.store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            sim.client("kms").create_key()

    monkeypatch.setattr(backup, "_copy", with_a_checkpoint_between)
    backup.backup(path, tmp_path / "copy.db")
    assert copied == ["class.db", "class.db-wal"] * 2 + ["class.db.hsm"]
    with Simulator(tmp_path / "copy.db") as there:
        assert len(there.client("kms").list_keys()["Keys"]) == 2


def test_what_changes_all_the_time_is_given_up_in_a_sentence(busy, path, tmp_path, monkeypatch):
    marks = iter(range(10_000))
    monkeypatch.setattr(backup, "_generation", lambda *_: next(marks))
    with pytest.raises(StoreError, match="try again when less is going on"):
        backup.backup(path, tmp_path / "copy.db")
    assert files(tmp_path) == ["class.db", "class.db-wal", "class.db.hsm", "class.db.lock"]


@pytest.mark.parametrize("there", ["copy.db", "copy.db.hsm"])
def test_nothing_is_written_over(busy, path, tmp_path, there):
    (tmp_path / there).write_text("mine")
    with pytest.raises(StoreError, match=f"{there}` is there already"):
        backup.backup(path, tmp_path / "copy.db")
    assert (tmp_path / there).read_text() == "mine"


def test_what_cannot_be_copied_is_named_and_leaves_nothing(path, tmp_path):
    with pytest.raises(StoreError, match=r"class\.db` cannot be opened: check that its folder exists"):
        backup.backup(path, tmp_path / "copy.db")
    path.write_text("a diary")
    with pytest.raises(StoreError, match=r"class\.db` is not a store of kms_teach"):
        backup.backup(path, tmp_path / "copy.db")
    with pytest.raises(StoreError, match=r"nowhere` is no folder: make it first"):
        backup.backup(path, tmp_path / "nowhere" / "copy.db")
    assert files(tmp_path) == ["class.db"]


def test_a_store_that_is_whole_has_no_damage_also_while_it_is_in_use(busy, path):
    before = path.read_bytes()
    assert list(backup.damages(path)) == []
    assert path.read_bytes() == before


def test_each_damage_is_named_and_nothing_of_it_is_shown(path):
    with Simulator(path) as sim:
        key = sim.client("kms").create_key(Description="private")["KeyMetadata"]["KeyId"]
    with closing(sqlite3.connect(path)) as database:
        (record,) = database.execute("SELECT record FROM key").fetchone()
    less = {name: value for name, value in json.loads(record).items() if name != "created"}
    changed(path, "UPDATE key SET record=?", json.dumps(less))
    changed(path, "UPDATE trail SET record='private'")
    assert list(backup.damages(path)) == [
        f"a record of the table `key` cannot be read: {key} in us-east-1:111122223333",
        "a record of the table `trail` cannot be read: number 0",
    ]


def test_material_under_another_domain_key_is_named(busy, path):
    busy[0].close()
    other = path.with_name("other.db")
    Simulator(other).close()
    shutil.copy(f"{other}.hsm", f"{path}.hsm")
    found = list(backup.damages(path))
    assert len(found) == 41
    assert "does not open with the domain key in the `.hsm` file" in found[0]


def test_a_copy_without_its_log_is_told_so(busy, path, tmp_path):
    alone = tmp_path / "alone.db"
    shutil.copy(path, alone)
    for look in (lambda: list(backup.damages(alone)), lambda: backup.backup(alone, tmp_path / "copy.db")):
        with pytest.raises(StoreError, match=r"newest records stand in `alone\.db-wal`.*or use `kms-teach backup`"):
            look()


def test_a_file_that_sqlite_finds_damaged_is_not_taken_for_a_copy(path, tmp_path):
    with Simulator(path) as sim:
        for _ in range(50):
            sim.client("kms").create_key()
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * 4096)
    for look in (lambda: list(backup.damages(path)), lambda: backup.backup(path, tmp_path / "copy.db")):
        with pytest.raises(StoreError, match=r"class\.db` is damaged: put back a copy of it"):
            look()


def test_the_command_copies_and_looks(busy, path, tmp_path, capsys):
    to = tmp_path / "copy.db"
    assert cli.main(["backup", str(path), str(to)]) == 0
    assert capsys.readouterr().out == f"copied to {to}, with its .hsm file: who has both has the keys\n"
    assert cli.main(["check", str(to)]) == 0
    assert capsys.readouterr().out == f"`{to}` is whole\n"
    changed(to, "UPDATE key SET record='{}'")
    assert cli.main(["check", str(to)]) == 1
    said = capsys.readouterr()
    assert "a record of the table `key` cannot be read" in said.err
    assert said.out == f"`{to}` is damaged: put back a copy\n"
    assert cli.main(["backup", str(path), str(to)]) == 2
    assert capsys.readouterr().err.startswith("kms-teach: ")


@pytest.mark.slow
def test_a_server_that_is_written_to_is_copied_and_then_killed(path, tmp_path):
    """Each copy has what was answered before it was begun."""
    program = f"""
import sys
from kms_teach import Simulator
kms = Simulator({str(path)!r}).client("kms")
for n in range(100_000):
    kms.create_key(Description="x" * 8000)
    print(n + 1, flush=True)
"""
    writing = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        for number in range(10):
            answered = 0
            while answered < 20 * (number + 1):
                answered = int(writing.stdout.readline())
            to = tmp_path / f"{number}.db"
            backup.backup(path, to)
            with Simulator(to) as copy:
                pages = copy.client("kms").get_paginator("list_keys").paginate()
                assert sum(len(page["Keys"]) for page in pages) >= answered
    finally:
        os.kill(writing.pid, signal.SIGKILL)
        writing.communicate()


def test_the_bytes_of_objects_are_copied_with_the_store(path, tmp_path):
    with Simulator(path) as sim:
        s3 = sim.client("s3")
        s3.create_bucket(Bucket="notes-of-a-class")
        s3.put_object(Bucket="notes-of-a-class", Key="note", Body=b"kept", ServerSideEncryption="aws:kms")
        copy = backup.backup(path, tmp_path / "copy.db")
        s3.put_object(Bucket="notes-of-a-class", Key="note", Body=b"newer")
    assert list(backup.damages(copy)) == []
    with Simulator(copy) as again:
        assert again.client("s3").get_object(Bucket="notes-of-a-class", Key="note")["Body"].read() == b"kept"
    shutil.rmtree(tmp_path / "copy.db.s3")
    assert list(backup.damages(copy)) == ["the bytes of arn:aws:s3:::notes-of-a-class/note are gone from `copy.db.s3`"]


def test_a_file_of_an_object_that_is_made_or_deleted_while_the_store_is_copied(path, tmp_path, monkeypatch):
    with Simulator(path) as sim:
        s3 = sim.client("s3")
        s3.create_bucket(Bucket="notes-of-a-class")
        s3.put_object(Bucket="notes-of-a-class", Key="old", Body=b"old")
        copied = backup._copied

        def while_others_write(store, to):
            s3.put_object(Bucket="notes-of-a-class", Key="new", Body=b"new")
            copied(store, to)
            s3.delete_object(Bucket="notes-of-a-class", Key="old")

        monkeypatch.setattr(backup, "_copied", while_others_write)
        copy = backup.backup(path, tmp_path / "copy.db")
    with Simulator(copy) as again:
        for key in ("old", "new"):
            assert again.client("s3").get_object(Bucket="notes-of-a-class", Key=key)["Body"].read() == key.encode()
