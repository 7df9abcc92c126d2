"""A bucket that answers 403, for one of three reasons that look the same from outside: a seed decides which."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct

from kms_teach.repairs import scene
from kms_teach.repairs.ticket import Ticket, Work, hand_over, judged
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task

ID = "refused-bucket"
REPORTER, OTHER, WRITER = "ana", "temp", "exporter"
BUCKET, OBJECT, KEY = "quarterly-figures", "q3.csv", "Figures"
FIGURES = b"quarter,ships\nQ3,214\n"
S3_ALONE, BOTH = ("s3:GetObject", "s3:ListBucket"), ("s3:GetObject", "s3:ListBucket", "kms:Decrypt")


class Reason(Struct, frozen=True):
    """Which document says no: what IAM gives to both people, whether IAM counts for the key, whether the bucket denies.

    astray: what somebody may have tried (operations), and why that is not it.
    """

    document: str
    iam: tuple[str, ...] = BOTH
    delegates: bool = True
    denies: bool = False
    astray: tuple[tuple[tuple[str, ...], str], ...] = ()


IAM_EDITS = ("PutUserPolicy", "AttachUserPolicy", "PutGroupPolicy")
KEY_EDITS = ("PutKeyPolicy", "CreateGrant")
REASONS = (
    Reason("bucket policy", denies=True, astray=(
        ((*IAM_EDITS, *KEY_EDITS), "One Deny outweighs every Allow, wherever those stand. Which document denies?"),
    )),
    Reason("IAM policy", iam=S3_ALONE, astray=(
        (("PutBucketPolicy",), "A bucket policy says who may `s3:GetObject`. It cannot allow `kms:Decrypt`."),
    )),
    Reason("key policy", delegates=False, astray=(
        (IAM_EDITS, "This key policy does not let IAM decide who may decrypt, so that no IAM policy helps."),
        (("PutBucketPolicy",), "A bucket policy says who may `s3:GetObject`. It cannot allow `kms:Decrypt`."),
    )),
)  # fmt: skip


def shut(sim: Simulator, reason: Reason) -> Mapping[str, Any]:
    """Store the figures, and let a GET by ana end in 403 for this reason."""
    ana, _ = (scene.user(sim, name, scene.allow(reason.iam)) for name in (REPORTER, OTHER))
    writer = scene.role(sim, WRITER, scene.allow(["s3:*", "kms:*"]))
    use = scene.allow(["kms:Decrypt", "kms:GenerateDataKey"], writer.arn)
    administer = scene.allow("kms:*" if reason.delegates else scene.ADMINISTER, scene.account_arn())
    key = scene.key(sim, "alias/figures", KEY, administer, use)
    s3 = scene.bucket(sim, BUCKET)
    _store(writer.client("s3"), key)
    if reason.denies:
        known = {"StringNotEquals": {"aws:PrincipalArn": [writer.arn, scene.account_arn()]}}
        deny = {"Sid": "ExporterOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{BUCKET}/*", "Condition": known}  # fmt: skip
        s3.put_bucket_policy(Bucket=BUCKET, Policy=scene.text(deny))
    scene.tries(ana.client("s3").get_object, Bucket=BUCKET, Key=OBJECT)
    hand_over(sim, ID, REPORTER)
    return {"figures_key": key}


def _store(s3: Any, key: str) -> None:
    s3.put_object(
        Bucket=BUCKET, Key=OBJECT, Body=FIGURES, ServerSideEncryption="aws:kms", SSEKMSKeyId=key
    )  # fmt: skip


def _reads(sim: Simulator, name: str) -> bool:
    try:
        got = sim.person(name).client("s3").get_object(Bucket=BUCKET, Key=OBJECT)["Body"].read()
    except ClientError:
        return False
    return bool(got == FIGURES)


def _read(reason: Reason, sim: Simulator, work: Work) -> Outcome:
    """ana gets the figures, temp does not, the exporter can still write, and the object is under a KMS key."""
    try:
        head = sim.client("s3").head_object(Bucket=BUCKET, Key=OBJECT)
    except ClientError:
        return Outcome(False, f"`{OBJECT}` is gone, or not even the root user can read it now. Press “Start again”.")
    if head.get("ServerSideEncryption") != "aws:kms":
        return Outcome(
            False, f"The object was stored again without a KMS key. Then `s3:GetObject` alone opens it, and {OTHER} "
            "has that too. Press “Start again”.",
        )  # fmt: skip
    if not _reads(sim, REPORTER):
        return Outcome(False, _why_refused(reason, work.about(work.key(KEY), REPORTER, OTHER, BUCKET)))
    if _reads(sim, OTHER):
        return Outcome(False, f"{REPORTER} reads it, but so does {OTHER}. That was opened too wide: name {REPORTER}.")
    if scene.tries(partial(_store, sim.person(WRITER).client("s3"), head["SSEKMSKeyId"])):
        return Outcome(False, f"{REPORTER} reads it, but the role {WRITER} can no longer write, and it has to tonight.")
    return Outcome(True, f"Fixed: it was the {reason.document} that said no. {REPORTER} is in, and nobody else.")


def _why_refused(reason: Reason, work: Work) -> str:
    edits = {record.operation for record in work.since if record.worked}
    for operations, words in reason.astray:
        if edits & set(operations):
            return f"Still 403. {words}"
    return (
        "Still 403. Three documents have a say: IAM, the bucket policy, the key policy. Open the call: which action "
        "was refused, and who said no?"
    )


def _task(reason: Reason, how: str, where: str) -> Task:
    return Task(
        f"`{REPORTER}` gets 403 for `{OBJECT}` in the bucket `{BUCKET}`. Let {REPORTER} read it, and leave the rest as "
        f"it is: `{OTHER}`, whose IAM policy says the same, must still be refused, and the role `{WRITER}` must still "
        "write there every night. `figures_key` is the KMS key it writes with.",
        partial(shut, reason=reason),
        ("Which service refused, S3 or KMS? Open the call and see which action it names.", where, how),
        judged(ID, partial(_read, reason)),
    )


BUCKET_SHUT = _task(
    REASONS[0],
    f"""import json
s3, ana = sim.client("s3"), sim.person("{REPORTER}").arn
policy = json.loads(s3.get_bucket_policy(Bucket="{BUCKET}")["Policy"])
policy["Statement"][0]["Condition"]["StringNotEquals"]["aws:PrincipalArn"].append(ana)
s3.put_bucket_policy(Bucket="{BUCKET}", Policy=json.dumps(policy))""",
    "`GetBucketPolicy`: the Deny has a condition that spares those it lists. List one more.",
)
IAM_SHUT = _task(
    REASONS[1],
    f"""import json
allow = {{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": figures_key}}
sim.client("iam").put_user_policy(UserName="{REPORTER}", PolicyName="decrypt-figures",
    PolicyDocument=json.dumps({{"Version": "2012-10-17", "Statement": [allow]}}))""",
    "The key policy lets IAM decide. What does ana's IAM policy allow in KMS?",
)
KEY_SHUT = _task(
    REASONS[2],
    f"""import json
kms, ana = sim.client("kms"), sim.person("{REPORTER}").arn
policy = json.loads(kms.get_key_policy(KeyId=figures_key)["Policy"])
policy["Statement"].append({{"Effect": "Allow", "Principal": {{"AWS": ana}}, "Action": "kms:Decrypt", "Resource": "*"}})
kms.put_key_policy(KeyId=figures_key, Policy=json.dumps(policy))""",
    "`GetKeyPolicy`: what may the account do with this key, and who may decrypt?",
)
TICKET = Ticket(
    ID, "The report answers 403", REPORTER,
    "I get 403 Access Denied for q3.csv. I have s3:GetObject, I checked.",
    "since the new quarter", 2, ("objects", "policies"), (BUCKET_SHUT, IAM_SHUT, KEY_SHUT),
)  # fmt: skip
