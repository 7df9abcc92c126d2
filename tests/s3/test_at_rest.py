"""What lies in files and records: sealed bytes, wrapped keys, and nothing of what was thrown away."""

import copy
import errno
import io
import json
import logging
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.buckets.records import Object, Part
from kms_teach.s3.errors import S3Error
from kms_teach.s3.sealing import PIECE, SALT_SIZE, TAG_SIZE, DataKeys
from tests.s3.conftest import BUCKET
from tests.test_boundary import found_in

SECRET = b"the attack is at dawn" * 9000  # more than two pieces


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "class.db.s3"


@pytest.fixture
def stored(tmp_path):
    with Simulator(tmp_path / "class.db", start="2026-06-01T00:00:00Z") as sim:
        sim.client("s3").create_bucket(Bucket=BUCKET)
        yield sim


def files(folder):
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.parametrize("how", [{}, {"ServerSideEncryption": "aws:kms"}, {"ServerSideEncryption": "aws:kms:dsse"},
                                 {"ServerSideEncryption": "aws:kms", "BucketKeyEnabled": True}])  # fmt: skip
def test_an_object_outlives_the_simulator_and_lies_sealed(stored, folder, tmp_path, how):
    stored.client("s3").put_object(Bucket=BUCKET, Key="note", Body=SECRET, **how)
    stored.close()
    (name,) = files(folder)
    assert b"attack" not in (folder / name).read_bytes()
    assert (folder.stat().st_mode & 0o777) == 0o700
    with Simulator(tmp_path / "class.db") as again:
        assert again.client("s3").get_object(Bucket=BUCKET, Key="note")["Body"].read() == SECRET


def test_what_is_replaced_or_deleted_leaves_no_file(stored, folder):
    s3 = stored.client("s3")
    for body in (b"one", b"two"):
        s3.put_object(Bucket=BUCKET, Key="note", Body=body)
        assert len(files(folder)) == 1
    s3.delete_object(Bucket=BUCKET, Key="note")
    assert files(folder) == []


def test_an_upload_that_breaks_off_leaves_nothing(stored, folder, refused):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 100_000 and size > 0:
                raise OSError("the cable is out")
            return super().read(size)

    s3 = stored.client("s3")
    with pytest.raises(Exception, match="the cable is out"):
        s3.put_object(Bucket=BUCKET, Key="note", Body=Broken(b"x" * 1_000_000), ChecksumCRC32="AAAAAA==")
    assert files(folder) == []
    assert refused(s3.put_object, Bucket=BUCKET, Key="note", Body=b"x", ChecksumCRC32="AAAAAA==").code == "BadDigest"
    assert files(folder) == []


def test_files_that_no_record_names_are_swept_away_when_the_store_is_opened(stored, folder, tmp_path):
    s3 = stored.client("s3")
    s3.put_object(Bucket=BUCKET, Key="note", Body=b"a note")
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="big")["UploadId"]
    s3.upload_part(Bucket=BUCKET, Key="big", UploadId=upload, PartNumber=1, Body=b"x")
    (folder / "of-a-program-that-was-killed").write_bytes(b"x")
    stored.close()
    with Simulator(tmp_path / "class.db") as again:
        assert again.client("s3").get_object(Bucket=BUCKET, Key="note")["Body"].read() == b"a note"
        assert len(files(folder)) == 2
        assert again.service.store.every(Part)[0].file.name in files(folder)


def test_a_full_disk_is_an_internal_error_and_keeps_what_was_there(stored, folder, refused, monkeypatch):
    s3 = stored.client("s3")
    s3.put_object(Bucket=BUCKET, Key="note", Body=b"before")

    def full(self, pieces):
        for _ in pieces:
            raise OSError(errno.ENOSPC, "No space left on device")
        yield b""

    monkeypatch.setattr(DataKeys, "seal", full)
    refusal = refused(s3.put_object, Bucket=BUCKET, Key="note", Body=b"after")
    assert refusal == ("InternalError", "no space is left for the objects: free some disk space and repeat the call")
    assert s3.get_object(Bucket=BUCKET, Key="note")["Body"].read() == b"before"
    assert len(files(folder)) == 1


STRIDE = PIECE + TAG_SIZE
DAMAGES = {
    "a bit": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "an end cut off": lambda data: data[:-20],
    "another salt": lambda data: bytes(SALT_SIZE) + data[SALT_SIZE:],
    "pieces cut off": lambda data: data[: SALT_SIZE + STRIDE],
    "pieces exchanged": lambda data: b"".join(
        data[begin:end]
        for begin, end in ((0, 32), (32 + STRIDE, 32 + 2 * STRIDE), (32, 32 + STRIDE), (32 + 2 * STRIDE, None))
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_bytes_that_were_touched_are_not_given_out(stored, folder, damage):
    s3 = stored.client("s3")
    s3.put_object(Bucket=BUCKET, Key="note", Body=b"a" * PIECE + b"b" * PIECE + b"the end")
    (name,) = files(folder)
    (folder / name).write_bytes(DAMAGES[damage]((folder / name).read_bytes()))
    with pytest.raises((S3Error, ClientError), match="are not those that were stored"):
        s3.get_object(Bucket=BUCKET, Key="note")["Body"].read()


def test_a_file_that_is_gone_is_said(stored, folder, refused):
    s3 = stored.client("s3")
    s3.put_object(Bucket=BUCKET, Key="note", Body=b"a note")
    (folder / files(folder)[0]).unlink()
    assert refused(s3.get_object, Bucket=BUCKET, Key="note").code == "InternalError"


def test_an_object_that_is_replaced_while_a_read_begins_is_got_as_it_is_then(stored, monkeypatch):
    s3 = stored.client("s3")
    s3.put_object(Bucket=BUCKET, Key="note", Body=b"before")
    boundary, replaced = stored.service.beside("s3", None).boundary, []
    real = boundary.open

    def open_(*arguments):
        if not replaced:
            replaced.append(s3.put_object(Bucket=BUCKET, Key="note", Body=b"after"))
        return real(*arguments)

    monkeypatch.setattr(boundary, "open", open_)
    assert s3.get_object(Bucket=BUCKET, Key="note")["Body"].read() == b"after"


def test_many_put_and_get_one_key_at_once_and_each_gets_what_somebody_put(stored, folder):
    s3 = stored.client("s3")
    bodies = [bytes([65 + n]) * 100_000 for n in range(6)]
    s3.put_object(Bucket=BUCKET, Key="note", Body=bodies[0])

    def work(number):
        for _ in range(5):
            s3.put_object(Bucket=BUCKET, Key="note", Body=bodies[number], ServerSideEncryption="aws:kms")
            got = s3.get_object(Bucket=BUCKET, Key="note")["Body"].read()
            assert got in bodies

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert len(files(folder)) == 1


def test_a_range_opens_only_the_pieces_that_it_is_in(stored, monkeypatch):
    read = []

    class Counted(io.FileIO):
        def read(self, size=-1):
            read.append((self.tell(), size))
            return super().read(size)

    s3 = stored.client("s3")
    s3.put_object(Bucket=BUCKET, Key="note", Body=bytes(10 * PIECE))
    files = stored.service.beside("s3", None).files
    monkeypatch.setattr(files, "open", lambda name: Counted(files._folder / name))
    s3.get_object(Bucket=BUCKET, Key="note", Range=f"bytes={3 * PIECE}-{4 * PIECE}")["Body"].read()
    stride = PIECE + TAG_SIZE
    assert read == [(0, SALT_SIZE), (SALT_SIZE + 3 * stride, stride), (SALT_SIZE + 4 * stride, stride)]


def test_the_temporary_folder_of_a_simulator_in_memory_goes_with_it(sim, s3, put):
    put()
    folder = sim.service.beside("s3", None).files._folder
    assert len(files(folder)) == 1
    sim.close()
    assert not folder.exists()


# --- no plaintext data key anywhere -------------------------------------------------------------------------------


@pytest.fixture
def life(tmp_path, monkeypatch):
    """A stored simulator in which objects lived in every way, what it gave away, and the data keys it used."""
    keys = set()
    real = DataKeys.__init__

    def watch(self, *given):
        keys.update(given)
        real(self, *given)

    monkeypatch.setattr(DataKeys, "__init__", watch)
    heard = io.BytesIO()
    handler = logging.StreamHandler(io.TextIOWrapper(heard, write_through=True))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    given = []
    with Simulator(tmp_path / "class.db", start="2026-06-01T00:00:00Z") as sim:
        s3, key = sim.client("s3"), sim.client("kms").create_key()["KeyMetadata"]["Arn"]
        s3.meta.events.register("after-call.s3", lambda parsed, **_: given.append(repr(parsed).encode()))
        s3.create_bucket(Bucket=BUCKET)
        ways = [{}, {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}, {"ServerSideEncryption": "aws:kms:dsse"},
                {"ServerSideEncryption": "aws:kms", "BucketKeyEnabled": True}]  # fmt: skip
        for number, way in enumerate(ways):
            s3.put_object(Bucket=BUCKET, Key=f"{number}", Body=SECRET, **way)
            s3.get_object(Bucket=BUCKET, Key=f"{number}")["Body"].read()
        s3.update_object_encryption(Bucket=BUCKET, Key="0", ObjectEncryption={"SSEKMS": {"KMSKeyArn": key}})
        s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=f"{BUCKET}/1")
        storage = sim.service.beside("s3", None)
        records = sim.service.store.page(Object, f"object {BUCKET}")
        given += [
            repr(each).encode()
            for each in (storage, storage.boundary, vars(storage.boundary), records, list(sim.trail))
        ]
        given += [json.dumps(record.event).encode() for record in sim.trail]
        given.append(pickle.dumps(records))
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
    given.append(heard.getvalue())
    given += [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".hsm"]
    return keys, given


def test_no_plaintext_data_key_is_in_anything_that_s3_gives_away_or_keeps(life):
    keys, given = life
    assert len(keys) == 6  # five objects, one of them under two
    assert [found_in(piece, keys) for piece in given if found_in(piece, keys)] == []


@pytest.mark.parametrize("attempt", [copy.copy, copy.deepcopy, pickle.dumps])
def test_data_keys_and_the_boundary_cannot_be_copied_or_pickled(sim, s3, put, attempt):
    put()
    for each in (DataKeys(bytes(32)), sim.service.beside("s3", None).boundary):
        with pytest.raises(TypeError, match="never leave"):
            attempt(each)
    assert repr(DataKeys(bytes(32))) == "DataKeys(closed)"
