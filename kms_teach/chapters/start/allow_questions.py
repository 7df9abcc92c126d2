"""The question families of "Start here" about one line of an IAM policy: what it lets a person do."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, amend, attempted, error, policy, scratch, statement, told

PEOPLE = ("ana", "ben", "chloe", "dev", "emma", "farid", "grace", "hugo")
EVERYBODY = ("CLF-C02", "SAA-C03", "DVA-C02", "DVA-C03", "SOA-C03")
PATTERNS = ("kms:*crypt", "kms:De*", "kms:GenerateDataKey*", "kms:*Key", "kms:*t", "kms:?e*")
OF_NO_KEY: dict[str, tuple[str, dict[str, Any]]] = {  # calls that name none: their resource can only be a star
    "CreateKey": ("create_key", {}), "ListKeys": ("list_keys", {}), "ListAliases": ("list_aliases", {}),
    "GenerateRandom": ("generate_random", {"NumberOfBytes": 32}),
}  # fmt: skip
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
    operation, wanted = draw.choice(sorted(CALLS)), draw.choice(("use", "use", "both", "alias", "every"))
    listing = draw.choice(tuple(OF_NO_KEY))
    calls = {
        "use": f"calls `{operation}` by the name `{alias}`, which is the key's alias",
        "both": f"calls `DeleteAlias` for `{alias}`, which is the key's alias",
        "alias": f"calls `DeleteAlias` for `{alias}`, which is the key's alias",
        "every": f"knows the key by its alias, `{alias}`, and calls `{listing}`",
    }
    added = f" and one more statement, which allows {person} `kms:DeleteAlias`," if wanted == "alias" else ""
    lines = {  # what the policy names as its Resource
        "the ARN of the key": "That is the resource of every call that uses the key, whatever name the call gives.",
        f"the ARN of `{alias}`": "An alias's ARN stands for the alias itself: for moving it, not for using the key.",
        "both of these ARNs": "Who moves or deletes an alias needs a permission for the alias, and one for the key.",
        "`*`, which is every resource": "Calls that name no key have no other resource.",
    }

    def run() -> list[Tried]:
        tried: list[Tried] = []
        for way in range(len(lines)):
            sim, kms, key = scratch()
            user = sim.user(person)
            kms.create_alias(AliasName=alias, TargetKeyId=key)
            if wanted == "alias":
                amend(kms, key, statement(user.arn, "kms:DeleteAlias"))
            start = key.partition("key/")[0]
            resource = (key, start + alias, [key, start + alias], "*")[way]
            document = json.dumps(policy("kms:*", resource))
            sim.client("iam").put_user_policy(UserName=person, PolicyName="key", PolicyDocument=document)
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            name, sent = {
                "use": (CALLS[operation][0], _parameters(operation, alias, blob)),
                "every": OF_NO_KEY[listing],
            }.get(wanted, ("delete_alias", {"AliasName": alias}))
            act = getattr(user.client("kms"), name)
            code = error(act, **sent)
            too_much = not code and any(each.outcome for each in tried)
            tried.append(Tried(not code and not too_much, told(act, code, "Fewer resources are enough." * too_much)))
        return tried

    return Asked(
        f"{person} is a user in the account of a key with the default key policy{added} and {calls[wanted]}. The "
        f"answer is `AccessDeniedException`. You write {person} an IAM policy that allows `kms:*`, on no more than "
        "that call needs: on which `Resource`?",
        lines,
        run,
    )
