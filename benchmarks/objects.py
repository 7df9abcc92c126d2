"""Objects over HTTP beside moto's server, and what a gigabyte takes of the server's memory."""

import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import boto3
from over_http import BIN, free_port, ours, running, theirs

MIB, ROUNDS = 1 << 20, 5
SIZE = 64 * MIB
WAYS = {"SSE-S3": {}, "SSE-KMS": {"ServerSideEncryption": "aws:kms"}}


def client(address):
    s3 = boto3.session.Session().client("s3", region_name="us-east-1", endpoint_url=address, aws_access_key_id="test", aws_secret_access_key="test")  # fmt: skip
    s3.create_bucket(Bucket="benchmark")
    return s3


def timed(act):
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def beside_moto():
    """Put and get of 64 MiB, in turns; ours verifies the signature, the hash and the CRC, and encrypts."""
    port, body = free_port(), os.urandom(SIZE)
    with (
        tempfile.TemporaryDirectory() as folder,
        running([BIN / "kms-teach", "serve", "--store", Path(folder) / "s.db"], ours) as mine,
        running([BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], theirs(port)) as other,
    ):
        clients = {"ours": client(mine), "moto": client(other)}
        for way, settings in WAYS.items():
            taken = {(name, what): [] for name in clients for what in ("put", "get")}
            for _ in range(ROUNDS):
                for name, s3 in clients.items():
                    put = timed(
                        lambda s3=s3, more=settings: s3.put_object(Bucket="benchmark", Key="big", Body=body, **more)
                    )
                    get = timed(lambda s3=s3: s3.get_object(Bucket="benchmark", Key="big")["Body"].read())
                    taken[name, "put"].append(put)
                    taken[name, "get"].append(get)
            for what in ("put", "get"):
                here, there = (statistics.median(taken[name, what]) for name in clients)
                yield (
                    f"HTTP: {what} of 64 MiB, {way}",
                    f"{here * 1e3:.0f} ms",
                    f"{there * 1e3:.0f} ms (moto_server)",
                    here / there,
                )


class Endless:
    """A file of so many bytes that nobody keeps."""

    def __init__(self, size):
        self.size, self.at, self.piece = size, 0, os.urandom(MIB)

    def read(self, size=-1):
        begin = self.at % MIB
        size = min(size if size >= 0 else self.size, self.size - self.at, MIB - begin)
        self.at += size
        return self.piece[begin : begin + size]

    def seek(self, at, whence=0):
        self.at = (0, self.at, self.size)[whence] + at
        return self.at

    def tell(self):
        return self.at

    def __len__(self):
        return self.size


def peak(pid):
    """The most memory that a process has had, in MiB."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def gigabyte():
    """How much more memory the server takes for one put and one get of 1 GiB than for those of 1 MiB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [BIN / "kms-teach", "serve", "--store", Path(folder) / "s.db"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            s3 = client(ours(process))
            levels = []
            for size in (MIB, 1024 * MIB):
                s3.put_object(Bucket="benchmark", Key="big", Body=Endless(size), ServerSideEncryption="aws:kms")
                body, count = s3.get_object(Bucket="benchmark", Key="big")["Body"], 0
                while piece := body.read(MIB):
                    count += len(piece)
                assert count == size
                levels.append(peak(process.pid))
        finally:
            process.terminate()
            process.wait()
    yield (
        "memory of the server for an object of 1 GiB",
        f"{levels[1] - levels[0]:.1f} MiB",
        f"{levels[0]:.0f} MiB (for one of 1 MiB)",
        None,
    )


def counted():
    """How often KMS is asked for 10,000 objects that are put and got, with and without a bucket key."""
    from kms_teach import Simulator

    counts = []
    for bucket_key in (False, True):
        with Simulator(start="2026-01-01T00:00:00Z") as sim:
            s3 = sim.client("s3")
            s3.create_bucket(Bucket="benchmark")
            for number in range(10_000):
                s3.put_object(Bucket="benchmark", Key=f"{number}", Body=b"x", ServerSideEncryption="aws:kms", BucketKeyEnabled=bucket_key)  # fmt: skip
                s3.get_object(Bucket="benchmark", Key=f"{number}")["Body"].read()
            counts.append(len(sim.trail.named("GenerateDataKey", "Decrypt")))
    yield (
        "calls to KMS for 10,000 objects put and got",
        f"{counts[1]:,} with a bucket key",
        f"{counts[0]:,} without",
        None,
    )
