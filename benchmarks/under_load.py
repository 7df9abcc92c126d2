"""How long DescribeKey takes while others ask for what takes long, and how many calls a class makes, beside an older version.

python benchmarks/under_load.py waits [WORD]         DescribeKey's p99 beside each load, and idle, in alternate slices
python benchmarks/under_load.py class CHECKOUT      a mixed class load, here and in another checkout
python benchmarks/under_load.py peers NAME=URL=PID …   DescribeKey and Encrypt, here and at servers that run
"""

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from over_http import BIN, ours, read

CALLS, CONNECTIONS = 1000, 8
SLICES, SECONDS = int(os.environ.get("SLICES", "9")), 2
STATEMENT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}  # fmt: skip
# How often of a hundred calls of a class
MIX = {"DescribeKey": 30, "Encrypt": 20, "Decrypt": 15, "GenerateDataKey": 15, "ListKeys": 5, "CreateKey": 5, "GetKeyPolicy": 3, "PutKeyPolicy": 2, "Sign": 3, "ListAliases": 2}  # fmt: skip
SERVER = """
import base64, json, sys, threading
from kms_teach import Simulator
sim = Simulator(start="2026-01-01T00:00:00Z")
kms = sim.client("kms")
key = kms.create_key()["KeyMetadata"]["KeyId"]
blob = kms.encrypt(KeyId=key, Plaintext=b"x" * 32)["CiphertextBlob"]
document = sim.enclave(b"image").document()
signs, opens = (kms.create_key(KeySpec="RSA_4096", KeyUsage=usage)["KeyMetadata"]["KeyId"] for usage in ("SIGN_VERIFY", "ENCRYPT_DECRYPT"))
sealed = kms.encrypt(KeyId=opens, Plaintext=b"x" * 32, EncryptionAlgorithm="RSAES_OAEP_SHA_256")["CiphertextBlob"]
for _ in range(200):
    kms.enable_key_rotation(KeyId=kms.create_key()["KeyMetadata"]["KeyId"], RotationPeriodInDays=90)
with sim.serve() as at:
    print(json.dumps({"url": at.url, "key": key, "blob": base64.b64encode(blob).decode(), "document": base64.b64encode(document).decode(), "signs": signs, "opens": opens, "sealed": base64.b64encode(sealed).decode()}), flush=True)
    for line in sys.stdin:
        sim.advance(days=3650 / 40)
        print(flush=True)
"""  # fmt: skip


class Caller:
    """A kept connection that sends signed requests."""

    def __init__(self, url, key=("test", "test")):
        self.where, self.key = urlsplit(url), key
        self.connection = socket.create_connection((self.where.hostname, self.where.port), timeout=60)

    def message(self, operation, body):
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"TrentService.{operation}", "Host": self.where.netloc}  # fmt: skip
        request = AWSRequest("POST", f"{self.where.geturl()}/", headers, data)
        SigV4Auth(Credentials(*self.key), "kms", "us-east-1").add_auth(request)
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        return f"POST / HTTP/1.1\r\n{head}Content-Length: {len(data)}\r\n\r\n".encode() + data

    def send(self, message, status=200):
        self.connection.sendall(message)
        got, keeps = read(self.connection)
        assert got == status, got
        if not keeps:
            self.connection = socket.create_connection((self.where.hostname, self.where.port), timeout=60)


def loads(facts):
    """Name -> operation and parameters of what others ask for meanwhile."""
    padding = [{**STATEMENT, "Sid": f"Statement{n}", "Condition": {"StringLike": {f"kms:EncryptionContext:{n}": "*" * 8}}} for n in range(155)]  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT, *padding]})
    policies = [policy.replace('"Statement0"', f'"S{n}"') for n in range(40)]  # more than are remembered
    recipient = {"AttestationDocument": facts["document"], "KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    return {
        "RSA-4096 keys": ("CreateKey", {"KeySpec": "RSA_4096", "KeyUsage": "SIGN_VERIFY"}),
        f"policies of {len(policy) // 1024} KB": (
            "PutKeyPolicy",
            *({"KeyId": facts["key"], "Policy": each} for each in policies),
        ),
        "attestation documents": ("Decrypt", {"CiphertextBlob": facts["blob"], "Recipient": recipient}),
        "signatures by RSA-4096": (
            "Sign",
            {"KeyId": facts["signs"], "Message": "aGVsbG8=", "SigningAlgorithm": "RSASSA_PSS_SHA_256"},
        ),
        "decryption by RSA-4096": (
            "Decrypt",
            {"KeyId": facts["opens"], "CiphertextBlob": facts["sealed"], "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"},
        ),
    }


def latencies(caller, operation, body, seconds):
    message, taken, stop = caller.message(operation, body), [], time.perf_counter() + seconds
    while time.perf_counter() < stop:
        start = time.perf_counter()
        caller.send(message)
        taken.append(time.perf_counter() - start)
        time.sleep(0.002)
    return statistics.quantiles(taken, n=100)[98]


@contextmanager
def asking(url, *calls, processes=2):
    """Others who ask for the same again and again, in processes of their own."""
    code = f"import sys, json; sys.path.insert(0, {str(Path(__file__).parent)!r}); from itertools import cycle; from under_load import Caller; c = Caller({url!r})\nfor line in sys.stdin: op, *bodies = json.loads(line)\nfor m in cycle([c.message(op, body) for body in bodies]): c.send(m)"  # fmt: skip
    started = [subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, text=True) for _ in range(processes)]  # fmt: skip
    try:
        for process in started:
            process.stdin.write(json.dumps(calls) + "\n")
            process.stdin.close()
        time.sleep(1.5)
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


@contextmanager
def advancing(server):
    """Somebody who lets ten years pass, again and again."""
    stop = threading.Event()

    def advance():
        while not stop.is_set():
            server.stdin.write("\n")
            server.stdin.flush()
            server.stdout.readline()

    thread = threading.Thread(target=advance)
    thread.start()
    time.sleep(0.3)
    yield
    stop.set()
    thread.join()


def waits(word=""):
    """DescribeKey's p99 beside each load that has this word, and idle, the median of alternate slices."""
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        facts = json.loads(server.stdout.readline())
        caller, described = Caller(facts["url"]), ("DescribeKey", {"KeyId": facts["key"]})
        for _ in range(500):
            caller.send(caller.message(*described))
        kinds = {name: lambda given=given: asking(facts["url"], *given) for name, given in loads(facts).items()}
        kinds["ten years that pass"] = lambda: advancing(server)
        for name, load in ((name, load) for name, load in kinds.items() if word in name):
            idle, busy = [], []
            for _ in range(SLICES):
                idle.append(latencies(caller, *described, SECONDS))
                with load():
                    busy.append(latencies(caller, *described, SECONDS))
            here, beside = statistics.median(busy) * 1e3, statistics.median(idle) * 1e3
            yield f"DescribeKey's p99 beside {name}", f"{here:.2f} ms", f"{beside:.2f} ms (idle)", here / beside
    finally:
        server.kill()
        server.wait()


def classwork(url, access_key=("test", "test")):
    """The messages of a class, in an order that is always the same. access_key: its id and its secret."""
    caller = Caller(url, access_key)
    names = random.Random(1).choices(list(MIX), MIX.values(), k=CALLS)
    made = [
        asked(Caller(url, access_key), "CreateKey", body)
        for body in ({}, {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"})
    ]
    key, signs = (answer["KeyMetadata"]["KeyId"] for answer in made)
    blob = asked(Caller(url, access_key), "Encrypt", {"KeyId": key, "Plaintext": "aGVsbG8="})["CiphertextBlob"]
    policy = asked(Caller(url, access_key), "GetKeyPolicy", {"KeyId": key, "PolicyName": "default"})["Policy"]
    bodies = {
        "Encrypt": {"KeyId": key, "Plaintext": "aGVsbG8="}, "Decrypt": {"CiphertextBlob": blob},
        "GenerateDataKey": {"KeyId": key, "KeySpec": "AES_256"}, "ListKeys": {}, "CreateKey": {}, "ListAliases": {},
        "PutKeyPolicy": {"KeyId": key, "PolicyName": "default", "Policy": policy},
        "Sign": {"KeyId": signs, "Message": "aGVsbG8=", "SigningAlgorithm": "ECDSA_SHA_256"},
        "GetKeyPolicy": {"KeyId": key, "PolicyName": "default"},
    }  # fmt: skip
    return [caller.message(name, bodies.get(name, {"KeyId": key})) for name in names]


def spent(pid):
    """Seconds of CPU that a process and those it started have used."""
    fields = Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
    started = Path("/proc", str(pid), "task", str(pid), "children").read_text().split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(map(spent, started))


def sent_by_many(url, messages):
    """All of them, over eight connections at once."""

    def work(mine):
        caller = Caller(url)
        for message in mine:
            caller.send(message)

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        for sent in [threads.submit(work, messages[n::CONNECTIONS]) for n in range(CONNECTIONS)]:
            sent.result()


def beside(checkout):
    """Calls of a class for each second of the server's CPU, here and in another checkout, in alternate slices."""
    with ExitStack() as running_too:
        servers = []
        for tool in (BIN, Path(checkout, ".venv", "bin")):
            process = subprocess.Popen([tool / "kms-teach", "serve"], stdout=subprocess.PIPE, text=True)
            running_too.callback(process.kill)
            servers.append((process, ours(process)))
        figures = [[], []]
        for _ in range(SLICES):
            for (process, url), figure in zip(servers, figures, strict=True):
                messages = classwork(url)
                before = spent(process.pid)
                sent_by_many(url, messages)
                figure.append(CALLS / (spent(process.pid) - before))
        here, there = (statistics.median(figure) for figure in figures)
    yield (
        "the calls of a class, for each second of CPU",
        f"{here:,.0f}",
        f"{there:,.0f} ({Path(checkout).name})",
        here / there,
    )


def peers(*named):
    """Calls for each second of CPU, here with signatures verified and at servers that run already, in alternate slices."""
    process = subprocess.Popen([BIN / "kms-teach", "serve"], stdout=subprocess.PIPE, text=True)
    try:
        servers = {"here": (ours(process), process.pid)}
        servers |= {name: (url, int(pid)) for name, url, pid in (each.split("=") for each in named)}
        figures = {}
        for _ in range(SLICES):
            for name, (url, pid) in servers.items():
                caller = Caller(url)
                key = asked(caller, "CreateKey", {})["KeyMetadata"]["KeyId"]
                for operation, more in (("DescribeKey", {}), ("Encrypt", {"Plaintext": "aGVsbG8="})):
                    messages, before = [caller.message(operation, {"KeyId": key} | more)] * CALLS, spent(pid)
                    sent_by_many(url, messages)
                    figures.setdefault((name, operation), []).append(CALLS / (spent(pid) - before))
    finally:
        process.kill()
        process.wait()
    for operation in ("DescribeKey", "Encrypt"):
        here = statistics.median(figures["here", operation])
        for name in list(servers)[1:]:
            there = statistics.median(figures[name, operation])
            yield (
                f"{operation} over HTTP, for each second of CPU",
                f"{here:,.0f}",
                f"{there:,.0f} ({name})",
                here / there,
            )


def asked(caller, operation, body):
    """The answer to a call."""
    caller.connection.sendall(caller.message(operation, body))
    got = b""
    while not got.rstrip().endswith(b"}"):
        got += caller.connection.recv(65536)
    return json.loads(got.partition(b"\r\n\r\n")[2])


if __name__ == "__main__":
    for row in {"waits": waits, "class": beside, "peers": peers}[sys.argv[1]](*sys.argv[2:]):
        what, here, beside, ratio = row
        print(f"| {what} | {here} | {beside} | {ratio:.2f} |", flush=True)
