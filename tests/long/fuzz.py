"""Send very many bodies to `answer`: any of them is answered, none by a 500, and an error changes nothing.

    python tests/long/fuzz.py [COUNT [SEED]]      100,000 bodies take some minutes; the suite sends a few hundred

Bodies are made by mutation of real ones: members dropped, swapped, nested, of the wrong type, too long, not UTF-8.
"""

import json
import random
import sys
import time

from kms_teach import Simulator
from kms_teach.wire.endpoint import answer
from kms_teach.wire.exchange import Exchange
from kms_teach.wire.model import operation_model, service_model

NAMES = sorted(service_model().operation_names)
ODD = [None, True, False, 0, -1, 1, 2**31, 2**63, 1e308, 0.5, "", "a", "alias/a", "\u2603", "\ud83d\ude00", "x" * 9000, [], {}, [[]], {"a": {}}, "AAAA", "====", "arn:aws:kms:us-east-1:111122223333:key/x"]  # fmt: skip


def value(shape, key, pick, depth=0):
    """Mostly a value of the shape, sometimes anything."""
    if pick.random() < 0.15 or depth > 4:
        return pick.choice(ODD)
    meta = shape.metadata
    match shape.type_name:
        case "structure":
            return {m: value(s, key, pick, depth + 1) for m, s in shape.members.items() if pick.random() < 0.5}
        case "list":
            return [value(shape.member, key, pick, depth + 1) for _ in range(pick.randrange(3))]
        case "map":
            return {pick.choice(["a", "aws:x", ""]): value(shape.value, key, pick, depth + 1)}
        case "string":
            return (
                pick.choice(meta["enum"])
                if "enum" in meta
                else pick.choice([key, "alias/a", "default", "{}", "a" * 64, "us-east-1"])
            )
        case "blob":
            return pick.choice(["aGVsbG8=", "AQICAHg=", "A" * 400])
        case "boolean":
            return pick.random() < 0.5
        case "timestamp":
            return pick.choice([0, 1.8e9, 1e12])
        case _:
            return pick.choice([0, 1, 7, 30, 90, 365, 1000, 10**6])


def body(name, key, pick):
    params = value(operation_model(name).input_shape, key, pick)
    if isinstance(params, dict) and pick.random() < 0.7:
        params["KeyId"] = key
    text = json.dumps(params).encode()
    if pick.random() < 0.1:
        at = pick.randrange(len(text))
        text = text[:at] + bytes([pick.randrange(256)]) + text[at + pick.randrange(3) :]
    return text


def rows(sim):
    tables = [t for (t,) in sim.service.store._db.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT IN ('trail', 'setting', 'last_usage')")]  # fmt: skip
    return hash(tuple(row for t in sorted(tables) for row in sim.service.store._db.execute(f'SELECT * FROM "{t}"')))


def main(count, seed):
    pick, start, statuses = random.Random(seed), time.perf_counter(), {}
    sim = caller = keys = None
    for n in range(count):
        if n % 500 == 0:  # a new world, so that it stays small
            if sim:
                sim.close()
            sim = Simulator(start="2026-01-01T00:00:00Z")
            caller, kms = sim.root()._principal, sim.client("kms")
            specs = [{}, {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}, {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}, {"Origin": "EXTERNAL"}, {"MultiRegion": True}]  # fmt: skip
            keys = [kms.create_key(**spec)["KeyMetadata"]["KeyId"] for spec in specs]
        name = pick.choice(NAMES)
        text = body(name, pick.choice(keys), pick)
        if b"RSA_" in text and pick.random() < 0.98:
            continue  # such a key takes its time
        before = rows(sim) if n % 10 == 0 else None
        reply = answer(sim.service, Exchange("POST", "/", {"x-amz-target": f"TrentService.{name}"}, text, caller=caller, region="us-east-1"))  # fmt: skip
        statuses[reply.status] = statuses.get(reply.status, 0) + 1
        if reply.status not in (200, 400) or (reply.status == 400 and before is not None and rows(sim) != before):
            sys.exit(f"{name} answered {reply.status} to {text!r}: {reply.body!r}")
    print(f"{count:,} bodies, seed {seed}, {time.perf_counter() - start:.0f} s: {statuses}")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [100_000, 1][len(given) :]))
