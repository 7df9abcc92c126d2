"""The questions of who may read an object: S3's yes, KMS's yes, a neighbour, and a condition on the context."""

import json
from functools import cache
from random import Random

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import amend, error, policy, rehearsed, scratch, statement

EXAMS = ("SAA-C03", "DVA-C02", "DVA-C03", "SCS-C03")
BUCKETS = ("invoices", "photos", "logs", "x-rays", "backups")
NAMES = ("alice", "bob", "carol", "dora", "emil")
NEIGHBOUR = "444455556666"
GET, DECRYPT = "s3:GetObject", "kms:Decrypt"
IAM, OF_BUCKET, OF_KEY = "in the IAM policy", "in the bucket policy", "in the key policy"


def stored(bucket: str, *, managed: bool = False, bucket_key: bool = False) -> tuple[Simulator, str]:
    """A simulator, and the ARN of the key under which the bucket holds `note`."""
    begun, key = _stored(bucket, managed, bucket_key)
    return rehearsed(begun), key


@cache
def _stored(bucket: str, managed: bool, bucket_key: bool) -> tuple[Simulator, str]:
    sim, _, key = scratch()
    s3 = sim.client("s3")
    s3.create_bucket(Bucket=bucket)
    more = {} if managed else {"SSEKMSKeyId": key}
    s3.put_object(Bucket=bucket, Key="note", Body=b"x", ServerSideEncryption="aws:kms", BucketKeyEnabled=bucket_key,
                  **more)  # fmt: skip
    return sim, key


def says(principal: str, action: str, resource: str) -> str:
    """A resource-based policy of one statement that allows."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


HELPS: dict[str, tuple[tuple[str, str], ...]] = {  # what is missing: where it can be allowed, and why that helps
    DECRYPT: (
        (IAM, "S3 asks KMS for the one who reads, who needs KMS's yes then."),
        (OF_KEY, "S3 asks KMS for the one who reads, and a key policy may say yes itself."),
    ),
    GET: (
        (IAM, "S3 asks for its own yes before it asks KMS anything."),
        (OF_BUCKET, "S3 asks for its own yes first, and a bucket policy may say it."),
    ),
}
NEVER = (  # what is allowed where it has no meaning
    (DECRYPT, OF_BUCKET, "A bucket policy cannot allow an action of KMS."),
    (GET, OF_KEY, "A key policy is about its key. It allows nothing with a bucket."),
)


@one("which-yes-is-missing", subject="S3", exams=EXAMS)
def which_yes_is_missing(draw: Random) -> Asked:
    bucket, name, has = draw.choice(BUCKETS), draw.choice(NAMES), draw.choice((GET, DECRYPT))
    missing = DECRYPT if has == GET else GET
    changes = [(action, *draw.choice(ways)) for action, ways in HELPS.items()] + list(NEVER)

    def after(action: str, where: str) -> Tried:
        sim, key = stored(bucket)
        person = sim.user(name, policies=[policy(has), *([policy(action)] if where == IAM else [])])
        code = shown = ""
        if where == OF_KEY:
            amend(sim.client("kms"), key, statement(person.arn, action))
        elif where == OF_BUCKET:
            code = error(sim.client("s3").put_bucket_policy, Bucket=bucket,
                         Policy=says(person.arn, action, f"arn:aws:s3:::{bucket}/*"))  # fmt: skip
            shown = f"`PutBucketPolicy`: `{code}`. " if code else ""
        code = error(person.client("s3").get_object, Bucket=bucket, Key="note")
        return Tried(not code, f"{shown}`GetObject`: {f'`{code}`' if code else 'the object'}.")

    return Asked(
        f"The only IAM policy of {name} allows `{has}` with everything. An object of the bucket `{bucket}` is under a "
        f"customer managed key whose key policy lets IAM decide. {name} reads it, and gets 403: not authorized to "
        f"perform `{missing}`, because no identity-based policy allows it. What helps {name}?",
        {f"`{action}`, allowed {where}": why for action, where, why in changes},
        lambda: [after(action, where) for action, where, _ in changes],
    )


@several("who-reads-the-object", subject="S3", exams=EXAMS, difficulty=3)
def who_reads_the_object(draw: Random) -> Asked:
    bucket, name, place = draw.choice(BUCKETS), draw.choice(NAMES), draw.choice((IAM, OF_BUCKET, OF_KEY))
    beside = {  # who else says yes than IAM
        IAM: "lets IAM decide, and the bucket has no policy",
        OF_BUCKET: f"lets IAM decide, and the bucket policy allows {name} `s3:GetObject`",
        OF_KEY: f"allows {name} `kms:Decrypt`, and the bucket has no policy",
    }
    alone: dict[tuple[str, ...], str] = {
        (GET,): "It is S3's yes, and none of KMS.", ("s3:*",): "It is S3's yes: no action of KMS begins with s3.",
        (DECRYPT,): "It is KMS's yes, and none of S3.", ("kms:*",): "It is KMS's yes: no action of S3 begins with kms.",
    }  # fmt: skip
    both: dict[tuple[str, ...], str] = dict.fromkeys(((GET, DECRYPT), ("s3:*", "kms:*")), "S3 says yes, and KMS too.")
    chosen = (
        [*both, *draw.sample(list(alone), 3)] if place == IAM
        else [draw.choice(list(both)), *alone]
    )  # fmt: skip

    def run() -> list[Tried]:
        tried = []
        for actions in chosen:
            sim, key = stored(bucket)
            person = sim.user(name, policies=[policy(list(actions))])
            if place == OF_BUCKET:
                allowed = says(person.arn, GET, f"arn:aws:s3:::{bucket}/*")
                sim.client("s3").put_bucket_policy(Bucket=bucket, Policy=allowed)
            elif place == OF_KEY:
                amend(sim.client("kms"), key, statement(person.arn, DECRYPT))
            code = error(person.client("s3").get_object, Bucket=bucket, Key="note")
            tried.append(Tried(not code, f"`GetObject`: {f'`{code}`' if code else 'the object'}."))
        return tried

    return Asked(
        f"An object of the bucket `{bucket}` is under a customer managed key of the same account, whose key policy "
        f"{beside[place]}. With which IAM policies, each for itself, can {name} read the object? They allow …",
        {" and ".join(f"`{action}`" for action in actions): (alone | both)[actions] for actions in chosen},
        run,
    )


@one("neighbour-and-aws-managed-key", subject="S3", exams=EXAMS)
def neighbour_and_aws_managed_key(draw: Random) -> Asked:
    bucket, name, managed = draw.choice(BUCKETS), draw.choice(NAMES), draw.choice((True, False))

    def reads(way: str) -> str:
        sim, first = stored(bucket, managed=managed)
        s3 = sim.client("s3")
        person = sim.user(name, account=NEIGHBOUR, policies=[policy(GET), policy("kms:*")])
        s3.put_bucket_policy(Bucket=bucket, Policy=says(person.arn, GET, f"arn:aws:s3:::{bucket}/*"))
        kms = sim.client("kms")
        key = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"] if managed else first
        if way == "other":
            key = kms.create_key()["KeyMetadata"]["Arn"]
            s3.put_object(Bucket=bucket, Key="note", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
        if way != "nothing":
            lets_in = json.loads(says(person.arn, DECRYPT, "*"))
            lets_in["Statement"] += json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Statement"]
            if refused := error(kms.put_key_policy, KeyId=key, Policy=json.dumps(lets_in)):
                return f"`PutKeyPolicy`: `{refused}`."
        code = error(person.client("s3").get_object, Bucket=bucket, Key="note")
        return f"`GetObject`: `{code}`." if code else ""

    def run() -> list[Tried]:
        tried, enough = [], False
        for way in ("nothing", "policy", "other"):  # from the least to the most
            said = reads(way)
            least = not said and not enough
            enough = enough or least
            tried.append(Tried(least, said or "`GetObject`: the object."))
        return tried

    under = "`aws/s3`" if managed else "a customer managed key of yours, with the default key policy"
    return Asked(
        f"{name} of account {NEIGHBOUR} shall read an object of your bucket `{bucket}`. It is encrypted under {under}. "
        f"The bucket policy allows it, and so does {name}'s IAM policy, for S3 and for KMS. It answers 403. "
        "What is the least that helps?",
        {
            "nothing is missing: try again": "The key's account must say yes too.",
            "let the neighbour decrypt, in the policy of the key that the object has": "The policy of a customer "
            "managed key is yours to change. That of an AWS managed key is not.",
            "store the object under another customer managed key, whose policy lets the neighbour decrypt": "It is "
            "the way out of an AWS managed key. Where the key is yours by now, its policy alone is enough.",
        },
        run,
    )


@one("condition-with-a-bucket-key", subject="context", exams=EXAMS, difficulty=3)
def condition_with_a_bucket_key(draw: Random) -> Asked:
    bucket, name, by_bucket = draw.choice(BUCKETS), draw.choice(NAMES), draw.choice((True, False))
    values = {
        f"arn:aws:s3:::{bucket}/note": "That is the context of an object without a bucket key.",
        f"arn:aws:s3:::{bucket}": "With a bucket key KMS is told the bucket, and no object.",
        f"arn:aws:s3:::{bucket}/*": "KMS is told no such text, and StringEquals knows no wildcards.",
    }

    def run() -> list[Tried]:
        tried = []
        for value in values:
            sim, key = stored(bucket, bucket_key=by_bucket)
            only = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": value}}
            person = sim.user(name, policies=[policy(GET), policy(DECRYPT, key, Condition=only)])
            code = error(person.client("s3").get_object, Bucket=bucket, Key="note")
            tried.append(Tried(not code, f"`GetObject`: {f'`{code}`' if code else 'the object'}."))
        return tried

    return Asked(
        f"{name} may `kms:Decrypt` under the condition `StringEquals` on `kms:EncryptionContext:aws:s3:arn`. The "
        f"bucket `{bucket}` {'has a' if by_bucket else 'has no'} bucket key. With which value does {name} read the "
        "object `note`?",
        {f"`{value}`": why for value, why in values.items()},
        run,
    )
