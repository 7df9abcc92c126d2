import contextlib
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach import Simulator
from kms_teach.errors import KMSInternalException, StoreError
from kms_teach.keys.key import Alias, Key
from kms_teach.operations.records import SCHEMA
from kms_teach.store import Schema, Store


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


def test_two_processes_cannot_share_a_store(path):
    with Simulator(path), pytest.raises(StoreError, match="open in another process: close it there first"):
        Simulator(path)


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


def test_without_its_domain_key_a_store_opens_no_key(path):
    with Simulator(path) as sim:
        key = sim.client("kms").create_key()["KeyMetadata"]["KeyId"]
    path.with_name("class.db.hsm").unlink()
    with (
        Simulator(path) as sim,
        pytest.raises(sim.client("kms").exceptions.KMSInternalException, match=r"put back the `.hsm` file"),
    ):
        sim.client("kms").encrypt(KeyId=key, Plaintext=b"x")


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
    for what, name, target in steps:
        one = alias(name, target)
        with contextlib.suppress(KMSInternalException), store.transaction():
            if what == "delete":
                store.delete(one)
                model.pop(name, None)
            else:
                store.put(one)
                assert store.get(Alias, *one.place[:2]) == one
                if what != "put":
                    raise KMSInternalException("stop")
                model[name] = target
        asked = {name: store.get(Alias, "r:1", f"alias/{name}") for name in "abc"}
        assert {name: found.target for name, found in asked.items() if found} == model
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
