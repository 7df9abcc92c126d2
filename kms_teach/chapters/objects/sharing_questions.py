"""The question families of "S3, a key for every object" about a bucket key's memory, neighbours, replicas, new keys."""

import json
from functools import cache
from random import Random
from typing import Any

from kms_teach.chapters.objects.choice_questions import BUCKETS, CUSTOMERS, EXAMS, SSE_KMS, SSE_S3, default
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import amend, error, policy, rehearsed, scratch, simulator, statement

NEIGHBOURS = ("444455556666", "777788889999", "123456789012")
HERE, THERE = "us-east-1", "eu-west-1"


@one("switched-off-a-moment-ago", subject="S3", exams=(*EXAMS, "SOA-C03"), difficulty=3)
def switched_off_a_moment_ago(draw: Random) -> Asked:
    bucket, bucket_key, first = draw.choice(BUCKETS), draw.choice((True, False)), draw.choice(("A", "B"))
    act = draw.choice(("disabled", "scheduled for deletion"))

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        s3 = sim.client("s3")
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="note", Body=b"x", ServerSideEncryption=SSE_KMS, SSEKMSKeyId=key,
                      BucketKeyEnabled=bucket_key)  # fmt: skip
        clients = {n: sim.role(n, policies=[policy("s3:*"), policy("kms:*")]).client("s3") for n in ("A", "B")}
        clients[first].get_object(Bucket=bucket, Key="note")["Body"].read()
        if act == "disabled":
            kms.disable_key(KeyId=key)
        else:
            kms.schedule_key_deletion(KeyId=key)
        sim.advance(seconds=1)
        reads = {n: not error(client.get_object, Bucket=bucket, Key="note") for n, client in clients.items()}
        shown = " ".join(f"{n}'s `GetObject` {'went well' if fine else 'was refused'}." for n, fine in reads.items())
        answers = ({"A": True, "B": True}, {"A": True, "B": False}, {"A": False, "B": True}, {"A": False, "B": False})
        return [Tried(reads == each, shown) for each in answers]

    return Asked(
        f"An object of the bucket `{bucket}` is by SSE-KMS {'with' if bucket_key else 'without'} a bucket key. The "
        f"roles A and B may both read it; role {first} has just done so, the other one never. Then the KMS key is "
        f"{act}. A second later, who can read the object?",
        {
            "both of them": "S3 keeps no object's data key, and a bucket key for each requester by itself.",
            "role A": "A bucket key that S3 holds for a role works for a while without a call to KMS.",
            "role B": "A bucket key that S3 holds for a role works for a while without a call to KMS.",
            "neither of them": "Where S3 has to ask KMS, the key's state decides.",
        },
        run,
    )


@several("needed-by-a-neighbour", subject="accounts", exams=("SAP-C02", "SAP-C03", *EXAMS), difficulty=3)
def needed_by_a_neighbour(draw: Random) -> Asked:
    bucket, partner, reads = draw.choice(BUCKETS), draw.choice(NEIGHBOURS), draw.choice((True, False))
    deed, of_s3, of_kms = (
        ("reads objects of", "s3:GetObject", "kms:Decrypt")
        if reads else ("puts objects into", "s3:PutObject", "kms:GenerateDataKey")
    )  # fmt: skip
    needed = {
        f"a bucket policy that allows it `{of_s3}`": "Your account lets it in, for S3.",
        f"an IAM policy there that allows it `{of_s3}`": "Its own account lets it out, for S3.",
        f"a key policy that allows it `{of_kms}`": "Your account lets it in, for KMS.",
        f"an IAM policy there that allows it `{of_kms}`": "Its own account lets it out, for KMS.",
    }
    idle = {
        f"a bucket policy that allows it `{of_kms}`": "A bucket policy has no say about KMS.",
        f"a key policy that allows it `{of_s3}`": "A key policy has no say about S3.",
    }
    options = needed | idle

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        s3, before = sim.client("s3"), kms.get_key_policy(KeyId=key)["Policy"]
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="note", Body=b"x", ServerSideEncryption=SSE_KMS, SSEKMSKeyId=key)
        client, place = sim.role("app", account=partner).client("s3"), {"Bucket": bucket, "Key": "note"}
        tried = []
        for left_out in options:
            given = [words for words in options if words != left_out]
            own = [action for action in (of_s3, of_kms) if f"an IAM policy there that allows it `{action}`" in given]
            role = sim.role("app", account=partner, policies=[policy(own)])
            s3.delete_bucket_policy(Bucket=bucket)
            kms.put_key_policy(KeyId=key, Policy=before)
            if f"a bucket policy that allows it `{of_s3}`" in given:  # S3 and KMS take no action of each other
                allow = statement(role.arn, of_s3) | {"Resource": f"arn:aws:s3:::{bucket}/*"}
                s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
            if f"a key policy that allows it `{of_kms}`" in given:
                amend(kms, key, statement(role.arn, of_kms))
            if reads:
                code = error(client.get_object, **place)
            else:
                code = error(client.put_object, **place, Body=b"y", ServerSideEncryption=SSE_KMS, SSEKMSKeyId=key)
            tried.append(Tried(bool(code), f"Without it: {f'`{code}`' if code else 'it went well'}."))
        return tried

    return Asked(
        f"A role of account {partner} {deed} your bucket `{bucket}`, by SSE-KMS with a customer managed key of your "
        "account. Which of these does it need?",
        options,
        run,
    )


@several("replicas-under-kms", subject="S3", exams=("SAP-C02", "SAP-C03", *EXAMS), difficulty=3)
def replicas_under_kms(draw: Random) -> Asked:
    source, target = draw.sample(BUCKETS, 2)
    needed = {
        "`SseKmsEncryptedObjects` is `Enabled` in the rule": "Without it, objects under KMS are passed over.",
        f"`ReplicaKmsKeyID` names a key in {THERE}": "The replica is encrypted in the Region where it lies.",
        "the role may `kms:Decrypt` with the key of the source": "The role opens the object that is there.",
        "the role may `kms:Encrypt` with the key of the replica": "The role encrypts what arrives.",
    }
    idle = {
        "whoever puts may `kms:Encrypt` with the key of the replica": "The role replicates, and not who puts.",
        f"the key of the source has a replica key in {THERE}": "Two keys do. What is replicated is encrypted anew.",
        "the role may `kms:Decrypt` with the key of the replica": "The role only writes there.",
    }
    count = draw.choice((2, 3, 4))
    chosen = [*draw.sample(tuple(needed), count), *draw.sample(tuple(idle), min(3, 6 - count))]

    def run() -> list[Tried]:
        begun = _prepared(source, target)
        without = cache(lambda left_out: _replicated(begun, source, target, left_out))  # what is idle is tried once
        return [without(list(needed).index(each) if each in needed else -1) for each in chosen]

    return Asked(
        f"New objects of the bucket `{source}` in {HERE}, which are by SSE-KMS, are to be replicated into the bucket "
        f"`{target}` in {THERE}. The role of the rule has all that it needs of S3. Which of these must hold as well?",
        {each: (needed | idle)[each] for each in chosen},
        run,
    )


def _prepared(source: str, target: str) -> tuple[Simulator, dict[str, str]]:
    """A simulator with a bucket and a key in each of the two Regions; the keys' ARNs."""
    sim = simulator()
    keys = {region: sim.client("kms", region=region).create_key()["KeyMetadata"]["Arn"] for region in (HERE, THERE)}
    s3 = sim.client("s3")
    s3.create_bucket(Bucket=source)
    s3.create_bucket(Bucket=target, CreateBucketConfiguration={"LocationConstraint": THERE})
    return sim, keys


def _replicated(begun: tuple[Simulator, dict[str, str]], source: str, target: str, left_out: int) -> Tried:
    """Replicate with all but one of what is needed, and with nothing besides."""
    sim, keys = rehearsed(begun[0]), begun[1]
    s3 = sim.client("s3")
    use = [policy("kms:Decrypt", keys[HERE])] * (left_out != 2) + [policy("kms:Encrypt", keys[THERE])] * (left_out != 3)
    trust = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = sim.role(
        "replicator", policies=[policy("s3:*"), *use], trust={"Version": "2012-10-17", "Statement": [trust]}
    )
    destination: dict[str, Any] = {"Bucket": f"arn:aws:s3:::{target}"}
    if left_out != 1:
        destination["EncryptionConfiguration"] = {"ReplicaKmsKeyID": keys[THERE]}
    status = "Disabled" if left_out == 0 else "Enabled"
    rule = {
        "ID": "all", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""}, "Destination": destination,
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": status}},
    }  # fmt: skip
    code = error(s3.put_bucket_replication, Bucket=source,
                 ReplicationConfiguration={"Role": role.arn, "Rules": [rule]})  # fmt: skip
    if code:
        return Tried(True, f"Without it, `PutBucketReplication` was refused: `{code}`.")
    s3.put_object(Bucket=source, Key="note", Body=b"x", ServerSideEncryption=SSE_KMS, SSEKMSKeyId=keys[HERE])
    code = error(sim.client("s3", region=THERE).get_object, Bucket=target, Key="note")
    return Tried(bool(code), f"Without it, the replica {'was not there' if code else 'came'}.")


KINDS: dict[str, tuple[str, str]] = {  # what an object is under, why
    "an object by SSE-S3": ("s3", "It comes under a KMS key for the first time."),
    "an object by SSE-KMS, under another key of yours": ("other", "Its data key is moved from key to key."),
    "an object by SSE-KMS, under `aws/s3`": ("managed", "Its data key is moved from key to key."),
    "an object by SSE-C": ("brought", "S3 has no key to open it with. You copy it, and bring the key."),
    "an object by DSSE-KMS": ("dsse", "An object with two layers keeps its encryption."),
}


@several("moved-without-a-copy", subject="S3", exams=("SCS-C03", "SAP-C03", "SOA-C03"))
def moved_without_a_copy(draw: Random) -> Asked:
    bucket, right = draw.choice(BUCKETS), draw.choice((2, 3))
    kinds = list(KINDS)
    partner = draw.choice(NEIGHBOURS)
    foreign = f"an object by SSE-S3, with a new key of account {partner} instead"
    chosen = [*draw.sample(kinds[:3], right), *[*kinds[3:5], foreign][: 5 - right + (right == 3)]]

    def run() -> list[Tried]:
        tried = []
        begun, kms, other = scratch()
        key, s3 = kms.create_key()["KeyMetadata"]["Arn"], begun.client("s3")
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=default(SSE_S3, blocked="NONE"))
        for each in chosen:
            sim, new = rehearsed(begun), key
            s3 = sim.client("s3")
            kind = "s3" if each == foreign else KINDS[each][0]
            if each == foreign:
                owner = sim.client("kms", account=partner)
                new = owner.create_key()["KeyMetadata"]["Arn"]
                amend(owner, new, statement("111122223333", "kms:*"))
            how: dict[str, Any] = {
                "s3": {}, "brought": CUSTOMERS, "managed": {"ServerSideEncryption": SSE_KMS},
                "dsse": {"ServerSideEncryption": "aws:kms:dsse", "SSEKMSKeyId": other},
                "other": {"ServerSideEncryption": SSE_KMS, "SSEKMSKeyId": other},
            }[kind]  # fmt: skip
            s3.put_object(Bucket=bucket, Key="note", Body=b"x", **how)
            code = error(
                s3.update_object_encryption, Bucket=bucket, Key="note", ObjectEncryption={"SSEKMS": {"KMSKeyArn": new}}
            )
            shown = f"was refused: `{code}`" if code else "went well"
            tried.append(Tried(not code, f"`UpdateObjectEncryption` {shown}."))
        return tried

    return Asked(
        f"Objects of many kinds lie in the bucket `{bucket}`. Their bytes are not to be read and written again. Which "
        "of them does `UpdateObjectEncryption` bring under a new KMS key, one of the bucket's account?",
        {each: "The new key must be one of the bucket's account." if each == foreign else KINDS[each][1]
         for each in chosen},
        run,
    )  # fmt: skip
