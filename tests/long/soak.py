"""Ask a server for minutes on end: its memory, its open files and its latency must be at the end what they were early on.

    python tests/long/soak.py [MINUTES [STORE]]       30 minutes; without a store if none is named

A row for each minute; Linux. What a class does is asked for, and now and then what costs most: a policy of 30 KB, an RSA
key, a call that is denied, a body that is none.
"""

import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from over_http import BIN
from under_load import STATEMENT, Caller, asked

PERIOD = 60  # seconds of a row
GROWTH = 10 * 2**20  # bytes of memory, beside what the keys take that were made
PER_KEY = 4 * 1024  # bytes
POLICY = json.dumps({"Version": "2012-10-17", "Id": "x" * 30_000, "Statement": STATEMENT})


def state(process):
    """Resident bytes and open files."""
    folder = Path("/proc", str(process.pid))
    pages = int((folder / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), len(list((folder / "fd").iterdir()))


def calls(caller, key, blob):
    """Name -> how often of a thousand, the bytes to send."""
    given = {"KeyId": key}
    return {
        "DescribeKey": (400, caller.message("DescribeKey", given)),
        "Encrypt": (200, caller.message("Encrypt", given | {"Plaintext": "aGVsbG8="})),
        "Decrypt": (150, caller.message("Decrypt", {"CiphertextBlob": blob})),
        "GenerateDataKey": (150, caller.message("GenerateDataKey", given | {"KeySpec": "AES_256"})),
        "ListKeys": (50, caller.message("ListKeys", {})),
        "CreateKey": (20, caller.message("CreateKey", {})),
        "PutKeyPolicy": (10, caller.message("PutKeyPolicy", given | {"Policy": POLICY})),
        "RSA": (1, caller.message("CreateKey", {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"})),
        "refused": (19, caller.message("DescribeKey", {"KeyId": "alias/none"})),
    }


def main(minutes, store=None):
    command = [BIN / "kms-teach", "serve", *(["--store", store, "--keep", "10000"] if store else [])]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    rows, pick = [], random.Random(1)
    try:
        caller = Caller(re.search(r"http://\S+", server.stdout.readline())[0])
        key = asked(caller, "CreateKey", {})["KeyMetadata"]["KeyId"]
        blob = asked(caller, "Encrypt", {"KeyId": key, "Plaintext": "aGVsbG8="})["CiphertextBlob"]
        begin, number, keys = time.perf_counter(), 0, 0
        while len(rows) < minutes:
            # signed anew each row, as a signature is good for five minutes
            mix = calls(caller, key, blob)
            weights = [weight for weight, _ in mix.values()]
            taken = []
            while time.perf_counter() - begin < PERIOD * (len(rows) + 1):
                (name,) = pick.choices(list(mix), weights)
                start = time.perf_counter()
                caller.send(mix[name][1], status=400 if name == "refused" else 200)
                if name == "DescribeKey":
                    taken.append(time.perf_counter() - start)
                number, keys = number + 1, keys + (name in ("CreateKey", "RSA"))
            memory, files = state(server)
            p99 = statistics.quantiles(taken, n=100)[98]
            rows.append((number, keys, memory, files, p99))
            print(f"minute {len(rows)}: {number:,} calls, {keys:,} keys, {memory / 2**20:.1f} MiB, {files} files open, DescribeKey's median {statistics.median(taken) * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms", flush=True)  # fmt: skip
    finally:
        server.terminate()
        server.wait()
    early, late = next(row for row in rows if row[0] > 12_000), rows[-1]
    grown = late[2] - early[2] - PER_KEY * (late[1] - early[1])
    print(
        f"{late[0]:,} calls: grown by {grown / 2**20:.1f} MiB beside {PER_KEY} bytes a key, {late[3] - early[3]} files more"
    )
    sys.exit(grown > GROWTH or late[3] > early[3])


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 30, *sys.argv[2:])
