import contextlib
import gc
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kms_teach import Simulator
from kms_teach.database import Schema
from kms_teach.errors import KMSInternalException, StoreError
from kms_teach.keys.key import Alias, Key
from kms_teach.operations.records import SCHEMA
from kms_teach.store import Store


@pytest.fixture
def path(tmp_path):
    return tmp_path / "class.db"


def test_a_stored_simulator_goes_on_where_it_was(path):
    with Simulator(path, start="2026-01-01T00:00:00Z") as sim:
        kms = sim.client("kms")
        key = kms.create_key(Description="kept")["KeyMetadata"]["KeyId"]
        blob = kms.encrypt(KeyId=key, Plaintext=b"hello")["CiphertextBlob"]
        alice = sim.user("alice").arn
        sim.advance(days=3)
        records = len(sim.trail)
    with Simulator(path) as sim:
        kms = sim.client("kms")
        assert sim.now.isoformat() == "2026-01-04T00:00:00+00:00"
        assert len(sim.trail) == records
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"hello"
        assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "kept"
        assert sim.user("alice").client("sts").get_caller_identity()["Arn"] == alice


def test_a_learner_reads_the_file_and_finds_sealed_bytes(path):
    with Simulator(path) as sim:
        sim.client("kms").create_key(Description="look at me")
    with contextlib.closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT record FROM key").fetchall()
    assert len(rows) == 1
    assert '"description":"look at me"' in rows[0][0]
    assert '"sealed":"' in rows[0][0]


def test_what_was_answered_survives_a_kill(path):
    program = textwrap.dedent(f"""
        import os
        from kms_teach import Simulator
        sim = Simulator({str(path)!r})
        print(sim.client("kms").create_key()["KeyMetadata"]["KeyId"], flush=True)
        os.kill(os.getpid(), 9)
    """)
    killed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert killed.returncode == -9
    with Simulator(path) as sim:
        assert sim.client("kms").describe_key(KeyId=killed.stdout.strip())["KeyMetadata"]["Enabled"]


def test_two_simulators_cannot_share_a_store(path):
    with Simulator(path) as sim:
        with pytest.raises(StoreError, match=r"is open already, in this very program: call `close\(\)`"):
            Simulator(path)
        path.read_bytes()  # which would end a lock on the file itself
        assert "is open in another process: close it there first" in program(f"Simulator({str(path)!r})")
        sim.client("kms").create_key()
    assert program(f"Simulator({str(path)!r}).close()") == ""


def program(source: str) -> str:
    """What it says on both channels, run in a process of its own."""
    lines = f"import os, sys\nfrom kms_teach import Simulator\n{textwrap.dedent(source)}"
    run = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    return run.stdout + run.stderr


def test_without_close_trail_and_time_are_kept(path):
    program(f"""
        sim = Simulator({str(path)!r}, start="2020-01-01T00:00:00Z")
        sim.client("kms").create_key()
        sim.advance(days=3)
    """)
    with Simulator(path) as sim:
        assert [record.operation for record in sim.trail] == ["CreateKey"]
        assert sim.now.isoformat() == "2020-01-04T00:00:00+00:00"


def test_a_lab_that_is_open_when_the_program_ends_says_nothing():
    said = program("from kms_teach.chapters.policies.lab import PolicyLab, WhoMayLab\nlabs = PolicyLab(), WhoMayLab()")
    assert said == ""


def test_a_simulator_that_is_dropped_lets_the_next_one_in(path):
    sim = Simulator(path, start="2020-01-01T00:00:00Z")
    sim.client("kms").create_key()
    del sim
    gc.collect()
    with Simulator(path) as sim:
        assert len(sim.trail) == 1


def test_time_is_in_the_file_from_the_start_so_that_a_kill_does_not_move_it(path):
    said = program(f"Simulator({str(path)!r}, start='2020-01-01T00:00:00Z'); os.kill(os.getpid(), 9)")
    assert said == ""
    with Simulator(path) as sim:
        assert sim.now.year == 2020


def test_after_close_everything_says_that_it_is_closed(path):
    sim = Simulator(path)
    kms = sim.client("kms")
    sim.close()
    sim.close()
    for use in (kms.list_keys, lambda: len(sim.trail), lambda: sim.advance(days=1), lambda: sim.user("alice")):
        with pytest.raises(StoreError, match="this simulator is closed: make a new one"):
            use()


def test_a_forked_child_is_refused_and_harms_nothing(path):
    said = program(f"""
        sim = Simulator({str(path)!r})
        kms = sim.client("kms")
        kms.create_key()
        if os.fork() == 0:
            try:
                kms.create_key()
            except Exception as error:
                print(error, flush=True)
            sys.exit(0)
        os.wait()
        for _ in range(20):
            kms.create_key()
        os.kill(os.getpid(), 9)
    """)
    assert said == (
        "this simulator belongs to the process that made it, not to its child: make one of its own in the child\n"
    )
    with Simulator(path) as sim:
        assert len(sim.client("kms").list_keys()["Keys"]) == 21


def test_a_copy_without_its_log_says_what_is_missing_and_one_with_it_has_all(path, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    with Simulator(path) as sim:
        for _ in range(3):
            sim.client("kms").create_key()
        for name in ("class.db", "class.db.hsm"):
            shutil.copy(path.with_name(name), copy)
        with pytest.raises(
            StoreError, match=r"copied while it was in use, and its newest records stand in `class.db-wal`"
        ):
            Simulator(copy / "class.db")
        for name in ("class.db", "class.db-wal"):
            shutil.copy(path.with_name(name), copy)
    with Simulator(copy / "class.db") as sim:
        assert len(sim.client("kms").list_keys()["Keys"]) == 3


def test_nobody_else_reads_a_store(path):
    with Simulator(path):
        modes = {file.name: file.stat().st_mode & 0o077 for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(modes, 0)
    assert {"class.db", "class.db-wal", "class.db.hsm", "class.db.lock"} <= set(modes)


def test_a_start_cut_short_before_its_key_was_written_is_finished(path):
    path.with_name("class.db.hsm").touch()
    with Simulator(path) as sim:
        sim.client("kms").create_key()
    assert path.with_name("class.db.hsm").stat().st_size == 32


def test_a_domain_key_that_cannot_be_read_is_named(path):
    Simulator(path).close()
    path.with_name("class.db.hsm").unlink()
    path.with_name("class.db.hsm").mkdir()
    with pytest.raises(StoreError, match=r"`class.db.hsm`, which opens the keys, cannot be used: Is a directory"):
        Simulator(path)


def test_a_damaged_record_is_said_and_never_shown(path):
    with Simulator(path) as sim:
        key = sim.client("kms").create_key(Description="my secret plan")["KeyMetadata"]["KeyId"]
    other = sqlite3.connect(path)
    other.execute("UPDATE key SET record = json_remove(record, '$.created')")
    other.commit()
    other.close()
    with Simulator(path) as sim:
        kms = sim.client("kms")
        with pytest.raises(kms.exceptions.KMSInternalException, match="a record in the table `key`") as caught:
            kms.describe_key(KeyId=key)
        assert "secret" not in str(caught.value)


def test_a_full_disk_ends_neither_advance_nor_close(path):
    sim = Simulator(path, start="2026-01-01T00:00:00Z")
    kms = sim.client("kms")
    kms.create_key()
    sim.service.store._db.execute("PRAGMA query_only=1")  # as a disk that takes nothing
    for act in (lambda: sim.advance(days=1), sim.close):
        with pytest.raises(KMSInternalException):
            act()
    assert sim.now.day == 1
    assert len(kms.list_keys()["Keys"]) == 1
    sim.service.store._db.execute("PRAGMA query_only=0")
    sim.close()
    with Simulator(path) as again:
        assert [record.operation for record in again.trail][:1] == ["CreateKey"]


def test_what_is_no_store_is_said_to_be_none(path):
    path.write_bytes(b"this is a text file, not a database" * 100)
    with pytest.raises(StoreError, match="is not a store of kms_teach: choose another file"):
        Simulator(path)
    assert path.read_bytes().startswith(b"this is a text file")


def test_another_programs_database_is_left_alone(path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's database"):
        Simulator(path)
    assert path.read_bytes() == before


def test_a_store_of_another_version_is_refused(path):
    Simulator(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version=999")
    other.close()
    with pytest.raises(StoreError, match="written by another version of kms_teach"):
        Simulator(path)


SECOND = Schema(
    version=2,
    tables={**SCHEMA.tables, Alias: "name"},
    migrations={
        1: ('ALTER TABLE "alias" RENAME TO "name"', "UPDATE name SET record = json_set(record, '$.target', 'moved')")
    },
)


def test_a_store_of_an_earlier_version_is_brought_up_to_date(path):
    first = Store(path, replace(SCHEMA, version=1))
    first.put(alias())
    first.close()
    for _ in range(2):  # the second time, there is nothing to do
        later = Store(path, SECOND)
        assert [each.target for each in later.page(Alias, "r:1")] == ["moved"]
        later.put(alias(target="moved"))
        later.close()
    with pytest.raises(StoreError, match="of version 2, this one's of version 1"):
        Store(path, replace(SCHEMA, version=1))


@pytest.mark.parametrize(
    ("migrations", "said"),
    [({}, "of version 1, this one's of version 2"), ({1: ("DROP TABLE alias", "nonsense")}, "cannot be used")],
)
def test_a_store_that_cannot_be_brought_up_to_date_is_left_as_it_is(path, migrations, said):
    first = Store(path, replace(SCHEMA, version=1))
    first.put(alias())
    first.close()
    with pytest.raises(StoreError, match=said):
        Store(path, replace(SECOND, migrations=migrations))
    again = Store(path, replace(SCHEMA, version=1))
    assert names(again) == ["alias/a"]
    again.close()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened: check that its folder exists"):
        Simulator(tmp_path / "no" / "class.db")


def test_without_its_domain_key_a_store_with_keys_is_refused_at_the_door(path):
    with Simulator(path) as sim:
        sim.client("kms").create_key()
    path.with_name("class.db.hsm").unlink()
    with pytest.raises(StoreError, match=r"`class.db.hsm` is missing or empty, and keys are sealed under it: put back"):
        Simulator(path)
    assert not path.with_name("class.db.hsm").exists()


def test_with_another_domain_key_no_key_opens(path):
    with Simulator(path) as sim:
        key = sim.client("kms").create_key()["KeyMetadata"]["KeyId"]
    path.with_name("class.db.hsm").write_bytes(bytes(32))
    with Simulator(path) as sim:
        kms = sim.client("kms")
        with pytest.raises(kms.exceptions.KMSInternalException, match=r"put back the `.hsm` file"):
            kms.encrypt(KeyId=key, Plaintext=b"x")


def test_a_damaged_domain_key_is_named(path):
    Simulator(path).close()
    path.with_name("class.db.hsm").write_bytes(b"short")
    with pytest.raises(StoreError, match=r"`class.db.hsm` is not a domain key of 32 bytes"):
        Simulator(path)


def test_the_domain_key_is_its_owners_alone(path):
    Simulator(path).close()
    assert path.with_name("class.db.hsm").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_is_said_and_nothing_is_lost(path):
    with Simulator(path) as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        (pages,) = sim.service.store._db.execute("PRAGMA page_count").fetchone()
        sim.service.store._db.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(kms.exceptions.KMSInternalException, match="free some disk space and repeat the call"):
            for _ in range(1000):
                kms.update_key_description(KeyId=key, Description="x" * 8000)
                kms.create_key(Description="x" * 8000)
        before = len(kms.list_keys()["Keys"])
        sim.service.store._db.execute("PRAGMA max_page_count=1000000")
        assert len(kms.list_keys()["Keys"]) == before
        kms.create_key()
        assert sim.trail[-1].event["eventName"] == "CreateKey"


def test_a_transaction_that_fails_changes_nothing():
    store = Store(None, SCHEMA)
    one = Alias(account="1", region="r", name="alias/a", target="k", created=_now(), updated=_now())
    with pytest.raises(KMSInternalException), store.transaction():
        store.put(one)
        raise KMSInternalException("stop")
    assert store.get(Alias, *one.place[:2]) is None
    store.close()


def alias(name="a", target="k"):
    return Alias(account="1", region="r", name=f"alias/{name}", target=target, created=_now(), updated=_now())


def names(store):
    return [each.name for each in store.page(Alias, "r:1")]


@pytest.fixture
def store():
    one = Store(None, SCHEMA)
    yield one
    one.close()


def test_a_setting_is_taken_back_with_its_transaction(store):
    store.set("now", "before")
    with contextlib.suppress(KMSInternalException), store.transaction():
        store.set("now", "after")
        raise KMSInternalException("stop")
    assert store.setting("now") == "before"


def test_what_is_changed_outside_a_transaction_is_kept_at_once(store):
    store.put(alias())
    with contextlib.suppress(KMSInternalException), store.transaction():
        store.delete(alias())
        raise KMSInternalException("stop")
    assert names(store) == ["alias/a"]


@pytest.mark.parametrize("before", [[], ["z"]], ids=["it comes first", "after a change"])
def test_an_inner_transaction_is_undone_with_the_outer(store, before):
    with contextlib.suppress(KMSInternalException), store.transaction():
        for name in before:
            store.put(alias(name))
        with store.transaction():
            store.put(alias("a"))
            store.append([b"{}"], ())
        raise KMSInternalException("stop")
    assert names(store) == []
    assert store.length() == 0


@pytest.mark.parametrize("before", [[], ["z"]], ids=["it comes first", "after a change"])
def test_an_inner_transaction_that_fails_takes_nothing_else_with_it(store, before):
    with store.transaction():
        for name in before:
            store.put(alias(name))
        with contextlib.suppress(KMSInternalException), store.transaction():
            store.put(alias("a"))
            assert "alias/a" in names(store)
            raise KMSInternalException("stop")
        assert "alias/a" not in names(store)
        store.put(alias("b"))
    assert names(store) == sorted(f"alias/{name}" for name in ["b", *before])


@pytest.mark.parametrize("depth", [2, 3])
def test_what_sqlite_takes_back_by_itself_is_not_half_kept(store, depth):
    """On some full disks it ends the whole transaction, of which the outer part knows nothing."""

    def nested(levels):
        with contextlib.suppress(KMSInternalException), store.transaction():
            store.put(alias(f"before{levels}"))
            if levels > 1:
                nested(levels - 1)
                store.put(alias(f"after{levels}"))
            else:
                store._db.execute("ROLLBACK")
                raise KMSInternalException("stop")

    nested(depth)
    assert names(store) == []
    store.put(alias("next"))
    assert names(store) == ["alias/next"]


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "delete", "fail after a put"]), st.sampled_from("abc"), st.sampled_from("xy")),
    max_size=12,
)


@given(STEPS)
def test_what_is_remembered_of_answers_is_never_old(steps):
    store, model = Store(None, SCHEMA), {}

    def targets():
        kinds, every = (Key, Alias), lambda: {each.name[-1]: each.target for each in store.every(Alias)}
        return store.derived(kinds, "targets", every, keep=lambda found: len(found) < 3)

    for what, name, target in steps:
        one = alias(name, target)
        with contextlib.suppress(KMSInternalException), store.transaction():
            if what == "delete":
                store.delete(one)
                model.pop(name, None)
            else:
                store.put(one)
                assert store.get(Alias, *one.place[:2]) == one
                assert targets()[name] == target
                if what != "put":
                    raise KMSInternalException("stop")
                model[name] = target
        asked = {name: store.get(Alias, "r:1", f"alias/{name}") for name in "abc"}
        assert {name: found.target for name, found in asked.items() if found} == model
        assert targets() == model
        for parent in "xy":
            named = [each.name.removeprefix("alias/") for each in store.page(Alias, "r:1", parent)]
            assert named == sorted(name for name, at in model.items() if at == parent)
    store.close()


def test_pages_are_in_order_and_meet_without_a_gap(sim, kms):
    ids = sorted(kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(7))
    seen = [
        key["KeyId"]
        for page in kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 3})
        for key in page["Keys"]
    ]
    assert seen == ids
    assert sim.service.store.page(Key, "us-east-1:999999999999") == []


def _now():
    from datetime import UTC, datetime

    return datetime(2026, 1, 1, tzinfo=UTC)


def test_a_key_takes_less_than_three_kilobytes(kms, sim):
    def size():
        return sim.service.store._db.execute("PRAGMA page_count").fetchone()[0] * 4096

    def create(count):
        before = size()
        for _ in range(count):
            kms.create_key()
        return (size() - before) / count

    create(100)
    assert create(150) < 3 * 1024  # its records; those of the trail are held back so long


def test_the_domain_key_and_its_name_survive_a_power_cut(path, monkeypatch):
    """Nothing is sealed under a key of which only this process's memory is sure."""
    synced, fsync = [], os.fsync

    def watched(descriptor):
        fsync(descriptor)
        synced.append(
            (
                "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file",
                {file.name for file in path.parent.iterdir()},
            )
        )

    monkeypatch.setattr(os, "fsync", watched)
    Simulator(path).close()
    (first, before), (second, after) = synced
    assert (first, second) == ("file", "folder")
    assert "class.db.hsm" not in before
    assert "class.db.hsm" in after


def test_a_forked_child_is_refused_also_where_another_thread_was_being_answered(sim, kms, monkeypatch):
    """That thread is not there in the child, and its turn never ends."""
    monkeypatch.setattr(sim.service.store, "_process", -1)
    sim.service._one._owner = -1
    for act in (kms.list_keys, lambda: sim.advance(days=1)):
        with pytest.raises(StoreError, match="belongs to the process that made it"):
            act()
    sim.service._one._owner = 0
