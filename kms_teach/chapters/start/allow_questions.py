"""The question families of "Start here" about one line of an IAM policy: what it lets a person do."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, attempted, error, policy, scratch, told

PEOPLE = ("ana", "ben", "chloe", "dev", "emma", "farid", "grace", "hugo")
EVERYBODY = ("CLF-C02", "SAA-C03", "DVA-C02", "DVA-C03", "SOA-C03")
PATTERNS = ("kms:*crypt", "kms:De*", "kms:GenerateDataKey*", "kms:*Key", "kms:*t", "kms:?e*")
CALLS: dict[str, tuple[str, str]] = {  # what the call asks permission for
    "Encrypt": ("encrypt", "It asks for `kms:Encrypt`."),
    "Decrypt": ("decrypt", "It asks for `kms:Decrypt`."),
    "ReEncrypt": ("re_encrypt", "It asks for `kms:ReEncryptFrom` and `kms:ReEncryptTo`; no action has its own name."),
    "GenerateDataKey": ("generate_data_key", "It asks for `kms:GenerateDataKey`."),
    "GenerateDataKeyWithoutPlaintext": (
        "generate_data_key_without_plaintext", "It asks for `kms:GenerateDataKeyWithoutPlaintext`, an action apart.",
    ),
    "DescribeKey": ("describe_key", "It asks for `kms:DescribeKey`."),
}  # fmt: skip


def _parameters(operation: str, key: str, blob: bytes) -> Mapping[str, Any]:
    """What each of the calls is given, for a key and a ciphertext of it."""
    sent: dict[str, dict[str, Any]] = {
        "Encrypt": {"KeyId": key, "Plaintext": NOTE},
        "Decrypt": {"CiphertextBlob": blob},
        "ReEncrypt": {"CiphertextBlob": blob, "DestinationKeyId": key},
        "DescribeKey": {"KeyId": key},
    }
    return sent.get(operation, {"KeyId": key, "KeySpec": "AES_256"})


@several("pattern-of-actions", subject="access", exams=EVERYBODY)
def pattern_of_actions(draw: Random) -> Asked:
    person, pattern = draw.choice(PEOPLE), draw.choice(PATTERNS)

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        theirs = sim.user(person, policies=[policy(pattern)]).client("kms")
        return [
            attempted(getattr(theirs, act), **_parameters(operation, key, blob))
            for operation, (act, _) in CALLS.items()
        ]

    return Asked(
        f"A KMS key has the default key policy. The only IAM policy of the user {person} allows `{pattern}` on every "
        "resource. Which calls with that key go well?",
        {f"`{operation}`": why for operation, (_, why) in CALLS.items()},
        run,
    )


@one("smallest-allow", subject="access", exams=EVERYBODY)
def smallest_allow(draw: Random) -> Asked:
    person, alias = draw.choice(PEOPLE), f"alias/{draw.choice(('shop', 'mail', 'claims', 'orders'))}"
    operation = draw.choice(sorted(CALLS))
    lines = {  # what the policy names as its Resource
        "the ARN of the key": "That is the resource of every call with the key, whatever name the call gives.",
        f"the ARN of `{alias}`": "An alias's ARN stands for the alias itself: for moving it, not for using the key.",
        "the ARN of its account's root": "That is a principal. No call with a key has it as its resource.",
        "the id of the key": "A resource is an ARN. AWS does not even store a policy with anything else.",
    }

    def run() -> list[Tried]:
        tried = []
        for way in range(len(lines)):
            sim, kms, key = scratch()
            kms.create_alias(AliasName=alias, TargetKeyId=key)
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            start, _, key_id = key.partition("key/")
            account = key.split(":")[4]
            resource = (key, start + alias, f"arn:aws:iam::{account}:root", key_id)[way]
            user = sim.user(person)
            put = error(
                sim.client("iam").put_user_policy, UserName=person, PolicyName="key",
                PolicyDocument=json.dumps(policy("kms:*", resource)),
            )  # fmt: skip
            act = getattr(user.client("kms"), CALLS[operation][0])
            code = error(act, **_parameters(operation, alias, blob))
            tried.append(Tried(not code, f"`PutUserPolicy` was refused: `{put}`." if put else told(act, code)))
        return tried

    return Asked(
        f"{person} is a user in the account of a key with the default key policy, and calls `{operation}` by the name "
        f"`{alias}`, which is the key's alias. The answer is `AccessDeniedException`. You write {person} an IAM policy "
        "that allows `kms:*`: on which `Resource`?",
        lines,
        run,
    )
