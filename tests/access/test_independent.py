"""The decision beside a second evaluator, where the first oracle has no say: encryption contexts, and the root user."""

import json
import random
from collections import Counter
from pathlib import Path

from kms_teach.access.condition_keys import Facts, KeyFacts
from kms_teach.access.context import context
from kms_teach.access.decision import Documents, Request, decide
from kms_teach.access.policy import read
from tests.access import independent
from tests.access.people import ALICE, HOME, KEY, ROOT

SEED, PUZZLES = 20_261_128, 1500
CALLERS = {"root": ROOT, "alice": ALICE}
ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:PutKeyPolicy")
PATTERNS = (*ACTIONS, "kms:*", "*", "kms:De*", "KMS:encrypt", "kms:?ncrypt", "kms:*Key*", "s3:*")
WORDS = ("blue", "Blue", "b", "green", "")
NAMES = ("App", "Stage", "tenant")
DEFAULT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}, "Action": "kms:*", "Resource": "*"}
WHO = (
    {"AWS": HOME}, {"AWS": f"arn:aws:iam::{HOME}:root"}, {"AWS": ALICE.arn}, {"AWS": [ALICE.arn, HOME]},
    {"AWS": "444455556666"}, {"AWS": "*"}, "*",
)  # fmt: skip
ONE = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
)
FOR_ONE = (*ONE, *(f"{operator}IfExists" for operator in ONE))
FOR_MANY = tuple(f"{over}:{operator}" for over in ("ForAllValues", "ForAnyValue") for operator in FOR_ONE)


def conditions(roll):
    block = {}
    for _ in range(roll.choice((0, 0, 1, 1, 2))):
        name = roll.choice(NAMES)
        name = roll.choice((name, name.lower(), name.upper()))
        values = roll.sample((*WORDS, "b*", "?lue", "*"), roll.randint(1, 3))
        operator, key = roll.choice(
            [
                (roll.choice(FOR_ONE), f"kms:EncryptionContext:{name}"),
                (roll.choice(FOR_MANY), "kms:EncryptionContextKeys"),
                ("Null", roll.choice((f"kms:EncryptionContext:{name}", "kms:EncryptionContextKeys"))),
            ]
        )
        if key == "kms:EncryptionContextKeys":
            values = roll.sample((*NAMES, "app", "S*"), roll.randint(1, 3))
        if operator == "Null":
            values = [roll.choice(("true", "false"))]
        block.setdefault(operator, {})[key] = roll.choice((values, values[0]))
    return {"Condition": block} if block else {}


def statement(roll, **who):
    action = roll.choice((roll.choice(PATTERNS), roll.sample(PATTERNS, 2)))
    effect = roll.choice(("Allow", "Allow", "Allow", "Deny"))
    return {"Effect": effect, **who, "Action": action, "Resource": "*", **conditions(roll)}


def puzzle(roll):
    statements = [statement(roll, Principal=roll.choice(WHO)) for _ in range(roll.randint(1, 3))]
    if roll.random() < 0.4:
        statements.append(DEFAULT)
    return {
        "account": HOME,
        "caller": roll.choice(tuple(CALLERS)),
        "action": roll.choice(ACTIONS),
        "context": {name: roll.choice(WORDS) for name in roll.sample(NAMES, roll.randint(0, 3))},
        "key_policy": {"Version": "2012-10-17", "Statement": statements},
        "identity": [
            {"Version": "2012-10-17", "Statement": [statement(roll) for _ in range(roll.randint(1, 2))]}
            for _ in range(roll.randint(0, 2))
        ],
    }


def simulated(puzzle):
    caller = CALLERS[puzzle["caller"]]
    action = puzzle["action"].removeprefix("kms:")
    params = {"EncryptionContext": puzzle["context"]} if puzzle["context"] else {}
    keys = context(Facts(action=action, caller=caller, params=params, key=KeyFacts(account=HOME)))
    identity = [] if puzzle["caller"] == "root" else puzzle["identity"]
    documents = Documents(
        read(json.dumps(puzzle["key_policy"]), "key policy"),
        tuple(read(json.dumps(policy), "IAM policy", f"p{n}") for n, policy in enumerate(identity)),
    )
    return decide(Request(caller, puzzle["action"], KEY, HOME, keys), documents).allowed


def test_two_evaluators_agree_about_encryption_contexts_and_the_root_user():
    roll = random.Random(SEED)
    seen = Counter()
    disagreements = []
    for one in (puzzle(roll) for _ in range(PUZZLES)):
        answer = independent.allowed(one)
        seen[one["caller"], answer] += 1
        if simulated(one) is not answer:
            disagreements.append(one)
    assert disagreements == []
    assert min(seen[caller, answer] for caller in CALLERS for answer in (True, False)) > PUZZLES / 20


def test_the_second_evaluator_knows_nothing_of_the_first():
    assert "kms_teach" not in Path(independent.__file__).read_text()
