"""The question families of "Aliases and Regions" about names: which a program keeps, which exist, who moves them."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, attempted, error, policy, scratch, simulator, told

DEVELOPERS = ("DVA-C02", "DVA-C03", "SAA-C03")
OWN, OTHER = "111122223333", "444455556666"
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1")
NAMES = ("photos", "orders", "payroll", "letters", "mail", "claims")


@one("one-setting-for-all", subject="aliases", exams=(*DEVELOPERS, "SAP-C03"))
def one_setting_for_all(draw: Random) -> Asked:
    (first, second), name = draw.sample(REGIONS, 2), f"alias/{draw.choice(NAMES)}"
    where = draw.choice(("accounts", "Regions", "central"))
    words = {
        "accounts": f"in the accounts {OWN} and {OTHER}. Each account has a key of its own, and has named it `{name}`",
        "Regions": f"in {first} and in {second}. Each Region has a key of its own, which is named `{name}` there",
        "central": f"in the accounts {OWN} and {OTHER}, in {first}. There is one key for both, in {OWN}: its policy "
        f"lets {OTHER} use it, and its alias `{name}` was made there",
    }[where]

    def run() -> list[Tried]:
        sim = simulator()
        there = (OWN, second) if where == "Regions" else (OTHER, first)
        places = [sim.user("app", account=account, policies=[policy("kms:*")]).client("kms", region=region)
                  for account, region in ((OWN, first), there)]  # fmt: skip
        owners = [sim.client("kms", region=first, account=OWN), sim.client("kms", region=there[1], account=there[0])]
        keys = []
        for owner in owners[:1] if where == "central" else owners:
            keys.append(owner.create_key()["KeyMetadata"]["Arn"])
            owner.create_alias(AliasName=name, TargetKeyId=keys[-1])
        if where == "central":
            _admit(owners[0], keys[0], OTHER)
        key_id = keys[0].rpartition("/")[2]
        tried = []
        for value in (key_id, keys[0], name, f"arn:aws:kms:*:*:key/{key_id}"):
            codes = [error(kms.encrypt, KeyId=value, Plaintext=NOTE) for kms in places]
            tried.append(Tried(codes == ["", ""], " ".join(told(kms.encrypt, code) for kms, code in
                                                           zip(places, codes, strict=True))))  # fmt: skip
        return tried

    return Asked(
        f"The same program runs {words}. Its setting for `KeyId` must be the same text everywhere. Which text lets it "
        "encrypt in both places?",
        {
            "a key id": "An id is looked for in the caller's account and Region.",
            "a key's ARN": "An ARN names one key, in one account and one Region.",
            "the alias's name": "A name is looked for in the caller's account and Region, and may mean another key "
            "in each.",
            "an ARN with `*` in it": "Patterns are for policies. A call names one key.",
        },
        run,
    )


def _admit(kms: Any, key: str, account: str) -> None:
    document = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    more = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    kms.put_key_policy(KeyId=key, Policy=json.dumps({**document, "Statement": [*document["Statement"], more]}))


@several("may-be-a-name", subject="aliases", exams=("SOA-C03", *DEVELOPERS), difficulty=1)
def may_be_a_name(draw: Random) -> Asked:
    word, other = draw.sample(NAMES, 2)
    fine = {
        f"`alias/{word}/2026`": "Slashes, underscores and hyphens are part of a name.",
        f"`alias/{word.upper()}`": f"Case counts: `alias/{word}` is another name.",
        f"`alias/{other}_{word}-2`": "Letters, digits, slashes, underscores and hyphens may be in a name.",
        f"`alias/aws-{word}`": "Only `alias/aws/` is kept for AWS.",
    }
    refused = {
        f"`alias/aws/{word}`": "Names that begin so are kept for AWS managed keys.",
        f"`{word}`": "A name begins with `alias/`.",
        f"`alias/{word}`": "It is taken, in this account and Region.",
        f"`alias/{other}.{word}`": "A name has no dots.",
        f"`alias/{other} {word}`": "A name has no spaces.",
    }
    right = draw.choice((2, 3))
    chosen = {name: (fine | refused)[name] for name in
              [*draw.sample(tuple(fine), right), *draw.sample(tuple(refused), 5 - right)]}  # fmt: skip

    def run() -> list[Tried]:
        _, kms, key = scratch()
        kms.create_alias(AliasName=f"alias/{word}", TargetKeyId=key)
        return [attempted(kms.create_alias, AliasName=name.strip("`"), TargetKeyId=key) for name in chosen]

    return Asked(
        f"A key of your account is called `alias/{word}`. Which `AliasName` does `CreateAlias` take for the same key, "
        "in the same Region?",
        chosen,
        run,
    )


ACTS: dict[str, Callable[[Any, str, str, str], Any]] = {
    "CreateAlias": lambda kms, name, key, _: error(kms.create_alias, AliasName=f"{name}-2", TargetKeyId=key),
    "UpdateAlias": lambda kms, name, _, new: error(kms.update_alias, AliasName=name, TargetKeyId=new),
    "DeleteAlias": lambda kms, name, _key, _new: error(kms.delete_alias, AliasName=name),
}


@several("resources-of-a-name", subject="aliases", exams=("SCS-C03", "SOA-C03"), difficulty=3)
def resources_of_a_name(draw: Random) -> Asked:
    operation, name = draw.choice(tuple(ACTS)), f"alias/{draw.choice(NAMES)}"
    person = draw.choice(("alice", "bob", "carla", "dmitri"))
    resources = {
        "the ARN of the alias": "The alias is a resource of its own in each of the three calls.",
        "the ARN of the key that it names, or is to name first": "Whoever names a key, or takes its name away, "
        "needs to be allowed that with the key.",
        "the ARN of the key that it is to name next": "`UpdateAlias` asks for the old key and for the new one.",
        "the ARN of the account's root user": "A principal is no resource of KMS.",
        "the ARN of the AWS managed key for S3": "It has no part in this.",
    }

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        new = kms.create_key()["KeyMetadata"]["Arn"]
        start, account = key.partition("key/")[0], key.split(":")[4]
        made = f"{name}-2" if operation == "CreateAlias" else name
        arns = [start + made, key, new, f"arn:aws:iam::{account}:root", f"{start}key/{'0' * 8}-aws-s3"]
        tried = []
        kms.create_alias(AliasName=name, TargetKeyId=key)
        for left_out in arns:
            rest = [arn for arn in arns if arn != left_out]
            theirs = sim.user(person, policies=[policy(f"kms:{operation}", rest)]).client("kms")
            code = ACTS[operation](theirs, name, key, new)
            tried.append(Tried(bool(code), f"Without it: {code or 'the call went well'}."))
            if not code:
                _restore(kms, name, key)
        return tried

    return Asked(
        f"The IAM policy of {person} must allow `kms:{operation}` for `{name}`, on no more than the call needs. "
        "Which of these does its `Resource` name?",
        resources,
        run,
    )


def _restore(kms: Any, name: str, key: str) -> None:
    """Bring the names back to where they were, whatever the call did."""
    error(kms.delete_alias, AliasName=f"{name}-2")
    error(kms.create_alias, AliasName=name, TargetKeyId=key)
    kms.update_alias(AliasName=name, TargetKeyId=key)
