"""A call answered in this process, beside boto3's default client with a canned answer: the floor of any emulator in Python."""

import functools
import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
from botocore.awsrequest import AWSResponse
from measure import shown, side_by_side

from kms_teach import Simulator


class Raw(io.BytesIO):
    def stream(self, *_, **__):
        return [self.read()]


def canned(answers):
    """A default boto3 client whose calls are answered at once with what the simulator had answered."""
    client = boto3.session.Session().client(
        "kms", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )

    def answer(request, **_):
        name = request.headers["X-Amz-Target"].decode().split(".")[1]
        return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.1"}, Raw(answers[name]))

    client.meta.events.register_first("before-send.kms", answer)
    return client


def calls(times=150):
    """Rows: operation, ours, theirs."""
    with Simulator() as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        blob = kms.encrypt(KeyId=key, Plaintext=b"x" * 100)["CiphertextBlob"]
        answers = {}

        def keep(http_response, model, **_):
            answers[model.name] = http_response.content

        kms.meta.events.register("after-call.kms", keep)
        asked = {
            "encrypt": {"KeyId": key, "Plaintext": b"x" * 100},
            "decrypt": {"CiphertextBlob": blob},
            "generate_data_key": {"KeyId": key, "KeySpec": "AES_256"},
            "describe_key": {"KeyId": key},
        }
        for name, parameters in asked.items():
            getattr(kms, name)(**parameters)
        theirs = canned(answers)
        for name, parameters in asked.items():
            ours, other = (functools.partial(getattr(client, name), **parameters) for client in (kms, theirs))
            mine, floor = side_by_side(ours, other, times)
            beside = f"{shown(floor)} (boto3's default client, canned answer)"
            yield f"in process: {name}", shown(mine), beside, mine / floor


def imports():
    """Import time over that of what we import anyway."""

    def fresh(code):
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    mine, other = side_by_side(
        fresh("from kms_teach import Simulator"),
        fresh("import boto3, cryptography.hazmat.primitives.ciphers.aead"),
        5,
        3,
    )
    yield "import kms_teach", shown(mine), f"{shown(other)} (import boto3 and cryptography)", mine / other


def store():
    """CreateKey in a file, beside one durable sqlite commit; listing and describing among many keys, beside few."""
    import sqlite3

    with tempfile.TemporaryDirectory() as folder, Simulator(Path(folder) / "a.db") as sim:
        kms = sim.client("kms")
        db = sqlite3.connect(Path(folder) / "b.db", isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE t (x)")
        mine, other = side_by_side(kms.create_key, lambda: db.execute("INSERT INTO t VALUES (?)", ("x" * 2000,)), 100)
        yield "CreateKey in a file", shown(mine), f"{shown(other)} (one durable sqlite commit)", mine / other
    with Simulator() as few, Simulator() as many:
        small, large = few.client("kms"), many.client("kms")
        some, others = (itertools.cycle(ids) for ids in (fill(few, 1_000), fill(many, 100_000)))  # each asked once
        before = memory()
        mine, other = side_by_side(lambda: large.list_keys(Limit=100), lambda: small.list_keys(Limit=100), 60)
        yield "ListKeys among 100,000", shown(mine), f"{shown(other)} (among 1,000)", mine / other
        mine, other = side_by_side(
            lambda: large.describe_key(KeyId=next(others)), lambda: small.describe_key(KeyId=next(some)), 190
        )
        yield "DescribeKey among 100,000", shown(mine), f"{shown(other)} (among 1,000)", mine / other
        assert before > 0


def fill(sim, count):
    """Many keys, written as CreateKey writes them but in one transaction; gives their ids."""
    from msgspec.structs import replace

    from kms_teach.keys.key import Key
    from kms_teach.keys.names import new_key_id

    made = sim.client("kms").create_key()["KeyMetadata"]["KeyId"]
    pattern = sim.service.store.get(Key, "us-east-1:111122223333", made)
    ids = [made, *(new_key_id() for _ in range(count - 1))]
    with sim.service.store.transaction():
        for key_id in ids:
            sim.service.store.put(replace(pattern, id=key_id))
    return ids


def memory():
    """Resident memory of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory_per_key(count=50_000):
    code = (
        "import sys, json; sys.path.insert(0, 'benchmarks'); from in_process import *; sim = Simulator(); fill(sim, 100); a = memory();"
        f" fill(sim, {count}); print(json.dumps((memory() - a) / {count}))"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    yield "memory per key", f"{json.loads(out):,.0f} bytes", "–", None


def envelope(size=64 * 2**20):
    """Envelope encryption of 64 MiB, beside bare AES-256-GCM in the same chunks' sum."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from kms_teach.client_side import envelope as by_hand

    data = os.urandom(size)
    chunks = [data[i : i + 2**20] for i in range(0, size, 2**20)]
    with Simulator() as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]

        def mine():
            return sum(len(piece) for piece in by_hand.encrypt(iter(chunks), kms, key))

        bare = AESGCM(AESGCM.generate_key(256))

        def theirs():
            return sum(len(bare.encrypt(n.to_bytes(12), chunk, None)) for n, chunk in enumerate(chunks))

        ours, other = side_by_side(mine, theirs, 1, 5)
    yield "envelope of 64 MiB", shown(ours), f"{shown(other)} (bare AES-256-GCM in the same chunks)", ours / other
