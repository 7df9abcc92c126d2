"""A reader of another account: bucket policy and IAM say yes, and the object is under a key that cannot be shared."""

from typing import Any

from botocore.exceptions import ClientError

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "foreign-reader"
PARTNER, REPORTER, OTHER = "444455556666", "analyst", "visitor"
BUCKET, OBJECT, REPORT = "shared-reports", "2026.txt", b"14 ships a day."


def half_shared(sim: Simulator) -> dict[str, Any]:
    """Store a report under aws/s3, and let another account in wherever that can be done without KMS."""
    reads = scene.allow("s3:GetObject")
    analyst = scene.user(sim, REPORTER, scene.allow(["s3:GetObject", "kms:Decrypt"]), account=PARTNER)
    scene.user(sim, OTHER, reads, account=PARTNER)
    s3 = scene.bucket(sim, BUCKET)
    s3.put_object(Bucket=BUCKET, Key=OBJECT, Body=REPORT, ServerSideEncryption="aws:kms")
    share = {**scene.allow("s3:GetObject", scene.account_arn(PARTNER)), "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=scene.text(share))
    scene.tries(analyst.client("s3").get_object, Bucket=BUCKET, Key=OBJECT)
    hand_over(sim, ID, REPORTER, PARTNER)
    return {}


def _shared(sim: Simulator, work: Work) -> Outcome:
    """The analyst gets the report, the visitor does not, and the report is under a KMS key."""
    try:
        head = sim.client("s3").head_object(Bucket=BUCKET, Key=OBJECT)
    except ClientError:
        return Outcome(False, f"`{OBJECT}` is gone, or not even its owner can read it now. Press “Start again”.")
    body = _gets(sim, REPORTER)
    if body and head.get("ServerSideEncryption") != "aws:kms":
        return Outcome(
            False, f"`{REPORTER}` reads it, but so does anybody in that account who has `s3:GetObject`: without a KMS "
            "key, nobody is asked for `kms:Decrypt`. Keep the report under a KMS key, one that you can share.",
        )  # fmt: skip
    if not body:
        return Outcome(False, _why_refused(sim, work.about(head.get("SSEKMSKeyId", ""), REPORTER, BUCKET), head))
    if body != REPORT:
        return Outcome(False, "The report is no longer what it was. Press “Start again”.")
    if _gets(sim, OTHER):
        return Outcome(
            False,
            f"`{REPORTER}` reads it, but so does `{OTHER}`, who was not to have `kms:Decrypt`. That was opened "
            "too wide.",
        )
    return Outcome(
        True, f"Shared: the report is under a key whose policy is yours to change, and account {PARTNER} decides by "
        "IAM who reads.",
    )  # fmt: skip


def _gets(sim: Simulator, name: str) -> bytes:
    try:
        body = sim.person(name, PARTNER).client("s3").get_object(Bucket=BUCKET, Key=OBJECT)["Body"].read()
    except ClientError:
        return b""
    return bytes(body)


def _why_refused(sim: Simulator, work: Work, head: dict[str, Any]) -> str:
    kms = sim.client("kms")
    arn = head.get("SSEKMSKeyId", "")
    if not arn:
        return (
            f"`{REPORTER}` is still refused, and not by KMS: somebody changed the bucket policy, or IAM in account "
            f"{PARTNER}."
        )
    if kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyManager"] == "CUSTOMER":
        return (
            f"The report is under a key of yours now, but nothing at that key lets account {PARTNER} in yet: neither "
            "its key policy nor a grant. For a key in another account, IAM alone opens nothing."
        )
    if work.refused("PutKeyPolicy", "CreateGrant"):
        return (
            "Refused: the key of `alias/aws/s3` is an AWS managed key. Only AWS changes its policy, which lets in its "
            "own account. It cannot be shared, so the report needs another key."
        )
    if work.done("CreateKey", "PutBucketEncryption"):
        return (
            f"There is a new key or a new default, but `{OBJECT}` is still under `alias/aws/s3`: an object keeps its "
            "key until it is written again, or its encryption updated."
        )
    if work.done("PutBucketPolicy", "PutUserPolicy", "AttachUserPolicy"):
        return (
            f"It was never S3 that refused: `{REPORTER}` has `s3:GetObject` from both accounts. Which KMS key is the "
            "object under?"
        )
    return f"`{REPORTER}` is refused. Bucket policy and IAM say yes: under which key is `{OBJECT}` (HeadObject)?"


TASK = Task(
    f"`{REPORTER}` of account {PARTNER} is refused `{OBJECT}` of the bucket `{BUCKET}`, though the bucket policy lets "
    f"that account in and IAM there says yes. Let {REPORTER} read it. It must stay under a KMS key, and `{OTHER}` of "
    "that account, whose IAM policy has no `kms:Decrypt`, must not read it.",
    half_shared,
    (
        "HeadObject says which key it is under. Whose key is that, and who may change its policy?",
        (
            f"Make a customer managed key whose policy lets account {PARTNER} call Decrypt. Then put the object under "
            "it: CopyObject onto itself, or UpdateObjectEncryption."
        ),
        f"""import json
kms, s3 = sim.client("kms"), sim.client("s3")
us = {{"AWS": "arn:aws:iam::111122223333:root"}}
own = {{"Effect": "Allow", "Principal": us, "Action": "kms:*", "Resource": "*"}}
theirs = {{**own, "Principal": {{"AWS": "arn:aws:iam::{PARTNER}:root"}}, "Action": "kms:Decrypt"}}
policy = {{"Version": "2012-10-17", "Statement": [own, theirs]}}
shared_key = kms.create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
s3.copy_object(Bucket="{BUCKET}", Key="{OBJECT}", CopySource="{BUCKET}/{OBJECT}",
    ServerSideEncryption="aws:kms", SSEKMSKeyId=shared_key)""",
    ),
    judged(ID, _shared),
)
TICKET = Ticket(
    ID, "Our partner cannot read the report", REPORTER,
    "We are account 444455556666. Your bucket policy lets us in, our IAM allows S3 and KMS, and we still get 403.",
    "since the first try", 2, ("objects", "accounts", "key"), (TASK,), account=PARTNER,
)  # fmt: skip
