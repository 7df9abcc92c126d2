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
IAM, OF_BUCKET, OF_KEY = "in IAM", "in the bucket policy", "in the key policy"


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


CHANGES: dict[str, tuple[tuple[str, str, str], ...]] = {  # what the reader has: what to allow, where, why
    GET: (
        (DECRYPT, IAM, "S3 asks KMS for the one who reads, so the reader needs it."),
        ("s3:*", IAM, "However much of S3 is allowed, `kms:Decrypt` is none of it."),
        (GET, OF_BUCKET, "S3 had said yes already."),
        (DECRYPT, OF_BUCKET, "A bucket policy cannot allow an action of KMS."),
    ),
    DECRYPT: (
        (GET, IAM, "S3 asks for its own yes before it asks KMS anything."),
        ("kms:*", IAM, "However much of KMS is allowed, `s3:GetObject` is none of it."),
        (DECRYPT, OF_KEY, "KMS was not asked yet, and would say yes already."),
        (GET, OF_KEY, "A key policy is about its key. It allows nothing with a bucket."),
    ),
}


@one("which-yes-is-missing", subject="S3", exams=EXAMS)
def which_yes_is_missing(draw: Random) -> Asked:
    bucket, name, has = draw.choice(BUCKETS), draw.choice(NAMES), draw.choice(tuple(CHANGES))
    missing = DECRYPT if has == GET else GET

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
        {f"`{action}`, allowed {where}": why for action, where, why in CHANGES[has]},
        lambda: [after(action, where) for action, where, _ in CHANGES[has]],
    )


@several("who-reads-the-object", subject="S3", exams=EXAMS, difficulty=3)
def who_reads_the_object(draw: Random) -> Asked:
    bucket = draw.choice(BUCKETS)
    rights: dict[str, tuple[list[str], bool, str]] = {  # words: IAM's actions, named by the bucket policy, why
        "IAM allows `s3:GetObject`, and nothing else": ([GET], False, "KMS says no."),
        "IAM allows `kms:Decrypt`, and nothing else": ([DECRYPT], False, "S3 says no, and asks KMS nothing."),
        "IAM allows `s3:GetObject` and `kms:Decrypt`": ([GET, DECRYPT], False, "S3 says yes, and KMS too."),
        "the bucket policy allows `s3:GetObject`, IAM `kms:Decrypt`": ([DECRYPT], True, "Two yeses, from two places."),
        "the bucket policy allows `s3:GetObject`, IAM nothing": ([], True, "A bucket policy says yes for S3 alone."),
        "IAM allows `s3:*`": (["s3:*"], False, "No action of KMS begins with s3."),
    }
    right = [
        "IAM allows `s3:GetObject` and `kms:Decrypt`",
        "the bucket policy allows `s3:GetObject`, IAM `kms:Decrypt`",
    ]
    chosen = [*right, *draw.sample([words for words in rights if words not in right], 3)]

    def run() -> list[Tried]:
        tried = []
        for words in chosen:
            actions, named, _ = rights[words]
            sim, _key = stored(bucket)
            person = sim.user("alice", policies=[policy(action) for action in actions])
            if named:
                sim.client("s3").put_bucket_policy(
                    Bucket=bucket, Policy=says(person.arn, GET, f"arn:aws:s3:::{bucket}/*")
                )
            code = error(person.client("s3").get_object, Bucket=bucket, Key="note")
            tried.append(Tried(not code, f"`GetObject`: {f'`{code}`' if code else 'the object'}."))
        return tried

    return Asked(
        f"An object of the bucket `{bucket}` is under a customer managed key of the same account, whose key policy "
        "lets IAM decide. Who can read it?",
        {words: rights[words][2] for words in chosen},
        run,
    )


@one("neighbour-and-aws-managed-key", subject="S3", exams=EXAMS)
def neighbour_and_aws_managed_key(draw: Random) -> Asked:
    bucket, name = draw.choice(BUCKETS), draw.choice(NAMES)

    def reads(way: str) -> str:
        sim, key = stored(bucket, managed=way != "customer")
        person = sim.user(name, account=NEIGHBOUR, policies=[policy(GET), policy("kms:*")])
        sim.client("s3").put_bucket_policy(Bucket=bucket, Policy=says(person.arn, GET, f"arn:aws:s3:::{bucket}/*"))
        kms = sim.client("kms")
        managed = kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
        lets_in = json.loads(says(person.arn, DECRYPT, "*"))
        mine = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
        lets_in["Statement"] += mine["Statement"]
        if way != "nothing":
            target = key if way == "customer" else managed
            if refused := error(kms.put_key_policy, KeyId=target, Policy=json.dumps(lets_in)):
                return f"`PutKeyPolicy`: `{refused}`."
        code = error(person.client("s3").get_object, Bucket=bucket, Key="note")
        return f"`GetObject`: `{code}`." if code else ""

    def run() -> list[Tried]:
        found = [reads(way) for way in ("nothing", "managed", "customer")]
        return [Tried(not said, said or "`GetObject`: the object.") for said in found]

    return Asked(
        f"{name} of account {NEIGHBOUR} shall read an object of your bucket `{bucket}`. It is encrypted with `aws/s3`. "
        f"The bucket policy allows it, and so does {name}'s IAM policy, for S3 and for KMS. It answers 403. "
        "What helps?",
        {
            "nothing is missing: try again": "The key's account must say yes too.",
            "change the key policy of `aws/s3`": "AWS manages that key. Its policy is not yours to change.",
            "store the object under a customer managed key whose policy lets the neighbour decrypt": "The key policy "
            "of a key of yours can name another account.",
        },
        run,
    )


@one("condition-with-a-bucket-key", subject="context", exams=EXAMS, difficulty=3)
def condition_with_a_bucket_key(draw: Random) -> Asked:
    bucket, name = draw.choice(BUCKETS), draw.choice(NAMES)
    values = {
        f"arn:aws:s3:::{bucket}/note": "That is the context of an object without a bucket key.",
        f"arn:aws:s3:::{bucket}": "With a bucket key KMS is told the bucket, and no object.",
        f"arn:aws:s3:::{bucket}/*": "KMS is told no such text, and StringEquals knows no wildcards.",
    }

    def run() -> list[Tried]:
        tried = []
        for value in values:
            sim, key = stored(bucket, bucket_key=True)
            only = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": value}}
            person = sim.user(name, policies=[policy(GET), policy(DECRYPT, key, Condition=only)])
            code = error(person.client("s3").get_object, Bucket=bucket, Key="note")
            tried.append(Tried(not code, f"`GetObject`: {f'`{code}`' if code else 'the object'}."))
        return tried

    return Asked(
        f"{name} may `kms:Decrypt` under the condition `StringEquals` on `kms:EncryptionContext:aws:s3:arn`. The "
        f"bucket `{bucket}` has a bucket key. With which value does {name} read the object `note`?",
        {f"`{value}`": why for value, why in values.items()},
        run,
    )
