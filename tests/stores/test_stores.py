import base64
import json
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace

from kms_teach import Simulator
from kms_teach.access.principals import Principal
from kms_teach.errors import StoreError
from kms_teach.operations.recipients import ROOT
from kms_teach.operations.records import SCHEMA
from kms_teach.people import Person
from kms_teach.store import Store
from tests.stores.shapes import FILE, shapes

CONTEXT = {"tenant": "blue"}
COMMITS = sorted(file.stem for file in Path(__file__).parent.glob("*.db"))


@pytest.fixture(params=COMMITS)
def written(request, tmp_path):
    """A copy of a store that an earlier version wrote."""
    for suffix in (".db", ".db.hsm"):
        shutil.copy(Path(__file__).with_name(request.param + suffix), tmp_path)
    return tmp_path / f"{request.param}.db"


@pytest.fixture
def kept(written):
    """What it must still say, with the bytes in it decoded."""
    facts = json.loads(Path(__file__).with_name(f"{written.stem}.json").read_text())
    for name in ("signature", "mac"):
        facts[name] = base64.b64decode(facts[name])
    return facts | {"blobs": {name: base64.b64decode(blob) for name, blob in facts["blobs"].items()}}


@pytest.fixture
def opened(written):
    with Simulator(written) as sim:
        yield sim


def state(kms, key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]


def test_there_is_a_store_to_open():
    assert "21c7f1e" in COMMITS


def test_each_key_is_there_in_its_state(opened, kept):
    kms = opened.client("kms")
    listed = {entry["KeyId"] for page in kms.get_paginator("list_keys").paginate() for entry in page["Keys"]}
    assert listed == set(kept["keys"].values()) - {kept["keys"]["doomed"]}  # a hundred days have passed
    assert {state(kms, key) for key in listed} == {"Enabled"}


def test_what_was_encrypted_decrypts(opened, kept):
    kms, blobs = opened.client("kms"), kept["blobs"]
    for name in blobs.keys() - {"rsa"}:
        assert kms.decrypt(CiphertextBlob=blobs[name], EncryptionContext=CONTEXT)["Plaintext"] == name.encode()
    oaep = {"KeyId": kept["keys"]["rsa"], "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    assert kms.decrypt(CiphertextBlob=blobs["rsa"], **oaep)["Plaintext"] == b"rsa"


def test_signatures_and_macs_are_verified(opened, kept):
    kms, keys = opened.client("kms"), kept["keys"]
    assert kms.verify(
        KeyId=keys["signs"], Message=b"signed", Signature=kept["signature"], SigningAlgorithm="ECDSA_SHA_256"
    )["SignatureValid"]
    assert kms.verify_mac(KeyId=keys["mac"], Message=b"authentic", Mac=kept["mac"], MacAlgorithm="HMAC_SHA_256")


def test_related_keys_know_each_other(opened, kept):
    described = opened.client("kms").describe_key(KeyId=kept["keys"]["regions"])["KeyMetadata"]
    (replica,) = described["MultiRegionConfiguration"]["ReplicaKeys"]
    assert replica["Region"] == "eu-west-1"
    ireland = opened.client("kms", region="eu-west-1")
    assert ireland.describe_key(KeyId=replica["Arn"])["KeyMetadata"]["Description"] == "the replica"
    blob = kept["blobs"]["regions"]
    assert ireland.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"] == b"regions"


def test_names_labels_and_dates_are_there(opened, kept):
    kms, rotated = opened.client("kms"), kept["keys"]["rotated"]
    assert kms.describe_key(KeyId="alias/mine")["KeyMetadata"]["KeyId"] == rotated
    assert [alias["AliasName"] for alias in kms.list_aliases()["Aliases"]] == ["alias/aws/s3", "alias/mine"]
    assert kms.list_resource_tags(KeyId=rotated)["Tags"] == [{"TagKey": "stage", "TagValue": "live"}]
    assert kms.get_key_rotation_status(KeyId=rotated)["RotationPeriodInDays"] == 90
    assert opened.now.isoformat() == kept["now"]


def test_people_and_their_policies_are_there(opened, kept):
    (grant,) = opened.client("kms").list_grants(KeyId=kept["keys"]["rotated"])["Grants"]
    assert (grant["GrantId"], grant["Name"]) == (kept["grant"], "lent")
    assert grant["Constraints"] == {"EncryptionContextSubset": CONTEXT}
    people = opened.service.store.page(Principal, "principal")
    assert sorted(person.label for person in people) == ["alice", "app", "app", "mallory"]  # and a session of the role
    alice = Person(opened._clients, next(person for person in people if person.name == "alice"))
    blob = kept["blobs"]["rotated"]
    assert alice.client("kms").decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"] == b"rotated"


def test_the_key_store_still_has_what_is_behind_it(opened, kept):
    kms = opened.client("kms")
    assert kms.describe_custom_key_stores()["CustomKeyStores"][0]["ConnectionState"] == "CONNECTED"
    kms.disconnect_custom_key_store(CustomKeyStoreId=kept["store"])
    assert state(kms, kept["keys"]["cluster"]) == "Unavailable"
    kms.connect_custom_key_store(CustomKeyStoreId=kept["store"])
    assert state(kms, kept["keys"]["cluster"]) == "Enabled"


def test_the_trail_reads_to_its_beginning(opened, kept):
    records = list(opened.trail)
    assert len(records) == kept["records"]
    assert records[0].event["eventName"] == "CreateKey"
    assert [record.event["errorCode"] for record in records if record.caller == "mallory"] == ["AccessDeniedException"]
    used = opened.client("kms").get_key_last_usage(KeyId=kept["keys"]["mac"])["KeyLastUsage"]
    assert used["Operation"] == "GenerateMac"


def test_an_enclave_starts_under_the_root_of_then(written):
    roots = []
    for _ in range(2):
        with Simulator(written) as sim:
            roots.append((sim.service.store.setting(ROOT), sim.enclave(b"image").root))
    assert len({root for pair in roots for root in pair}) == 1


def test_what_was_due_still_falls_due(opened, kept):
    before = len(opened.trail)
    opened.advance(days=100)
    assert [record.event["eventName"] for record in opened.trail[before:]].count("RotateKey") >= 2


def test_decisions_of_a_time_when_each_resource_policy_was_called_a_key_policy_are_read(tmp_path):
    path = tmp_path / "class.db"
    with Simulator(path) as sim:
        sim.client("kms").create_key()
        with suppress(ClientError):
            sim.user("alice").client("kms").describe_key(KeyId=sim.client("kms").list_keys()["Keys"][0]["KeyArn"])
        steps = sim.trail[-1].decision.steps
    with closing(sqlite3.connect(path)) as db, db:
        for rest in ("names the caller", "delegates to the account"):
            new, old = (f'"check":"{kind} policy {rest}"' for kind in ("resource-based", "key"))
            assert db.execute("UPDATE trail SET record = replace(record, ?, ?)", (new, old)).rowcount
        db.execute("PRAGMA user_version=5")
        assert "resource-based policy names" not in str(db.execute("SELECT record FROM trail").fetchall())
    with Simulator(path) as sim:
        assert sim.trail[-1].decision.steps == steps


def test_a_version_that_cannot_read_it_says_so(written):
    with pytest.raises(
        StoreError, match=r"written by another version of kms_teach .*: start a new one, or open it with"
    ):
        Store(written, replace(SCHEMA, version=SCHEMA.version + 1, migrations=SCHEMA.migrations))


def test_a_record_changes_its_shape_only_with_the_version():
    """If this fails: README.md beside this file says what to do."""
    assert json.loads(json.dumps(shapes())) == json.loads(FILE.read_text())
