"""A class on one server: thirty learners with boto3, the board open beside them; and how many calls the server takes.

python benchmarks/classroom.py load [SECONDS]       thirty boto3 clients, five requests a second each: what they wait for
python benchmarks/classroom.py capacity CHECKOUT    requests signed beforehand, sent as bytes: here, in another checkout, at moto's server
"""

import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from over_http import BIN, free_port, ours, running, theirs
from under_load import CONNECTIONS, MIX, SLICES, classwork, sent_by_many, spent

LEARNERS, PROCESSES, A_SECOND = 30, 2, 5  # learners, processes of clients, requests of each learner
TASK = ("start", "LET_ALICE_READ")
BOARD = 5  # seconds between two looks at the board, as its page does
STRIP = re.compile(r"access key id +(\S+)\n +secret access key +(\S+)\n")
TOLD = re.compile(r"token is (\S+)")
CLIENTS = """
import json, random, sys, threading, time
sys.path.insert(0, {here!r})
from classroom import learner
url, seconds, keys = json.loads(sys.stdin.readline())
taken, ready, go = [], threading.Barrier(len(keys) + 1), threading.Event()
threads = [threading.Thread(target=learner, args=[url, key, secret, seconds, number, taken, ready, go]) for number, (key, secret) in enumerate(keys)]
for thread in threads: thread.start()
ready.wait()
print("ready", flush=True)
sys.stdin.readline()
go.set()
for thread in threads: thread.join()
print(json.dumps(taken))
"""  # fmt: skip


@contextmanager
def class_server():
    """A class's server: its address, its process, the keys of its learners, and the board's token."""
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder, "names.csv")
        names.write_text("".join(f"Learner {number}\n" for number in range(LEARNERS)))
        process = subprocess.Popen([BIN / "kms-teach", "serve", "--class", names, "--port", "0"], stdout=subprocess.PIPE, text=True)  # fmt: skip
        try:
            url, token = ours(process), TOLD.search(process.stdout.readline())[1]
            process.stdout.readline()
            yield url, process, STRIP.findall(Path(folder, "names.handout.txt").read_text()), token
        finally:
            process.terminate()
            process.wait()


def learner(url, key, secret, seconds, number, taken, ready, go):
    """Five requests a second, each begun at its time unless the last one still runs; how long each took is added."""
    import boto3
    from botocore.config import Config

    from kms_teach.directory.access_keys import AccessKey
    from kms_teach.teaching.class_account import ClassAccount

    kms = boto3.session.Session().client("kms", region_name="us-east-1", endpoint_url=url, aws_access_key_id=key, aws_secret_access_key=secret, config=Config(retries={"total_max_attempts": 1}))  # fmt: skip
    # it is never solved here, so that the server looks again and again
    ClassAccount(url, AccessKey(id=key, secret=secret)).begin(*TASK)
    made, signs = (
        kms.create_key(**more)["KeyMetadata"]["KeyId"]
        for more in ({}, {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"})
    )
    blob = kms.encrypt(KeyId=made, Plaintext=b"hello")["CiphertextBlob"]
    policy = kms.get_key_policy(KeyId=made)["Policy"]
    calls = {
        "DescribeKey": lambda: kms.describe_key(KeyId=made), "Encrypt": lambda: kms.encrypt(KeyId=made, Plaintext=b"hello"),
        "Decrypt": lambda: kms.decrypt(CiphertextBlob=blob), "ListKeys": kms.list_keys, "CreateKey": kms.create_key,
        "GenerateDataKey": lambda: kms.generate_data_key(KeyId=made, KeySpec="AES_256"), "ListAliases": kms.list_aliases,
        "GetKeyPolicy": lambda: kms.get_key_policy(KeyId=made), "PutKeyPolicy": lambda: kms.put_key_policy(KeyId=made, Policy=policy),
        "Sign": lambda: kms.sign(KeyId=signs, Message=b"hello", SigningAlgorithm="ECDSA_SHA_256"),
    }  # fmt: skip
    names = random.Random(number).choices(list(MIX), MIX.values(), k=int(seconds * A_SECOND))
    ready.wait()
    go.wait()
    begin = time.perf_counter() + random.Random(number).random() / A_SECOND
    for at, name in enumerate(names):
        time.sleep(max(begin + at / A_SECOND - time.perf_counter(), 0))
        start = time.perf_counter()
        calls[name]()
        taken.append(time.perf_counter() - start)


def looking(url, token, stop):
    """The teacher's board, open in a browser."""
    form = urllib.parse.urlencode({"token": token}).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())
    opener.open(f"{url}/_board", form).read()
    while not stop.wait(BOARD):
        opener.open(f"{url}/_board/now").read()


def load(seconds="60"):
    """How long the calls of thirty boto3 clients take, the board open beside them."""
    with class_server() as (url, process, keys, token):
        stop = threading.Event()
        board = threading.Thread(target=looking, args=[url, token, stop])
        board.start()
        code = CLIENTS.format(here=str(Path(__file__).parent))
        clients = [subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]  # fmt: skip
        for number, client in enumerate(clients):
            client.stdin.write(json.dumps([url, float(seconds), keys[number::PROCESSES]]) + "\n")
            client.stdin.flush()
        for client in clients:  # each has made its clients and its keys
            client.stdout.readline()
        before, begin = spent(process.pid), time.perf_counter()
        for client in clients:
            client.stdin.write("go\n")
            client.stdin.close()
        taken = [each for client in clients for each in json.loads(client.stdout.read())]
        share = (spent(process.pid) - before) / (time.perf_counter() - begin)
        stop.set()
        board.join()
    for client in clients:
        client.wait()
    cuts = statistics.quantiles(taken, n=100)
    yield (
        f"{LEARNERS} boto3 clients, {A_SECOND} requests a second each, the board open: median",
        f"{cuts[49] * 1e3:.1f} ms",
        f"{len(taken):,} calls",
    )
    yield "the same: p95", f"{cuts[94] * 1e3:.1f} ms", "25 ms at most"
    yield "the same: p99", f"{cuts[98] * 1e3:.1f} ms", ""
    yield "the server's share of one core meanwhile", f"{share:.0%}", f"load {os.getloadavg()[0]:.1f} at the end"


def capacity(checkout):
    """Calls of a class, signed beforehand and sent as bytes: a second, and for each second of the server's CPU."""
    port = free_port()
    with ExitStack() as stack:
        url, process, keys, _ = stack.enter_context(class_server())
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory()), "class.db")  # on both sides, in a file
        older = subprocess.Popen([Path(checkout, ".venv", "bin", "kms-teach"), "serve", "--store", kept], stdout=subprocess.PIPE, text=True)  # fmt: skip
        stack.callback(older.wait)
        stack.callback(older.terminate)
        moto = stack.enter_context(running([BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], lambda process: (theirs(port)(process), process.pid)))  # fmt: skip
        servers = {"here": (url, process.pid), Path(checkout).name: (ours(older), older.pid), "moto_server": moto}
        work = {name: classwork(url) for name, (url, _) in servers.items() if name != "here"}
        shares = (classwork(url, key)[number::CONNECTIONS] for number, key in enumerate(keys[:CONNECTIONS]))
        work["here"] = [
            message for together in zip(*shares, strict=True) for message in together
        ]  # each connection a learner
        rates, figures = {name: [] for name in servers}, {name: [] for name in servers}
        for _ in range(SLICES):
            for name, (url, pid) in servers.items():
                before, begin = spent(pid), time.perf_counter()
                sent_by_many(url, work[name])
                rates[name].append(len(work[name]) / (time.perf_counter() - begin))
                figures[name].append(len(work[name]) / (spent(pid) - before))
    for what, told in (("a second", rates), ("for each second of CPU", figures)):
        here, *others = ((name, statistics.median(figure)) for name, figure in told.items())
        for name, there in others:
            yield f"the calls of a class, {what}", f"{here[1]:,.0f}", f"{there:,.0f} ({name})", f"{here[1] / there:.2f}"


if __name__ == "__main__":
    for row in {"load": load, "capacity": capacity}[sys.argv[1]](*sys.argv[2:]):
        print(f"| {' | '.join(row)} |", flush=True)
