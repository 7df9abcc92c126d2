"""Kill a server while many write to it, again and again: of what it answered, nothing may be missing afterwards.

python tests/long/kill.py [TIMES [SEED]]       200 times take some minutes
"""

import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import boto3
from botocore.config import Config

from kms_teach import Simulator
from kms_teach.backup import damages

WRITERS = 3
COMMAND = [Path(sys.executable).parent / "kms-teach", "serve", "--store"]


def client(address):
    return boto3.session.Session().client(
        "kms", region_name="us-east-1", endpoint_url=address, aws_access_key_id="test", aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip


def write(address, answered, number):
    """Make keys, describe them, name them by aliases, until the server is gone."""
    try:
        kms = client(address)
        for turn in range(10_000):
            key = kms.create_key(Description="new")["KeyMetadata"]["KeyId"]
            answered[key] = "new"
            kms.update_key_description(KeyId=key, Description=f"turn {turn}")
            answered[key] = f"turn {turn}"
            kms.create_alias(AliasName=f"alias/{number}-{key}", TargetKeyId=key)
    except Exception:  # noqa: BLE001  # a killed server breaks a call in many ways
        return


def main(times, seed):
    pick, begin, answered = random.Random(seed), time.perf_counter(), {}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "class.db")
        for turn in range(times):
            server = subprocess.Popen([*COMMAND, store], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            address = re.search(r"http://\S+", server.stdout.readline())[0]
            writers = [threading.Thread(target=write, args=[address, answered, turn * WRITERS + n]) for n in range(WRITERS)]  # fmt: skip
            for writer in writers:
                writer.start()
            time.sleep(pick.uniform(0.3, 1.2))
            server.kill()
            said = server.communicate()[1]
            assert not said, said
            for writer in writers:
                writer.join()
        found = list(damages(store))
        with Simulator(store) as sim:
            kms = sim.client("kms")
            pages = kms.get_paginator("list_keys").paginate()
            there = {key["KeyId"] for page in pages for key in page["Keys"]}
            lost = [key for key, said in answered.items() if key not in there or not described(kms, key, said)]
    took = time.perf_counter() - begin
    print(f"killed {times} times, seed {seed}, {took:.0f} s: {len(lost)} of {len(answered):,} acknowledged changes lost, {len(found)} damages")  # fmt: skip
    sys.exit(bool(lost or found))


def described(kms, key, said):
    """A description whose answer was cut off may be there already."""
    now = kms.describe_key(KeyId=key)["KeyMetadata"]["Description"]
    return said in (now, "new")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [200, 1][len(given) :]))
