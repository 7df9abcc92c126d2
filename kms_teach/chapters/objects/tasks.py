"""The tasks of "S3, a key for every object": a GET that answers 403, and an archive that moves to another key."""

from typing import Any

from kms_teach.chapters.objects.facts import BY_S3
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.teaching.trial import policy
from kms_teach.trail import Record

REPORTS, REPORT, AUDITOR, INTERN = "harbour-reports", "2026.csv", "auditor", "intern"
ARCHIVE, LOGS = "harbour-archive", {f"log-{n}.txt": f"day {n}: three ships".encode() for n in (1, 2, 3)}
OLD, NEW = "Archive, old key", "Archive, new key"


def _bucket(sim: Simulator, name: str) -> Any:
    """A client of S3; the bucket is made unless it is there from before."""
    s3 = sim.client("s3")
    if name not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=name)
    return s3


def shut_report(sim: Simulator) -> dict[str, Any]:
    """Store a report under a key, and let two users get it who may not decrypt."""
    s3, kms = _bucket(sim, REPORTS), sim.client("kms")
    s3.delete_bucket_policy(Bucket=REPORTS)
    key = kms.create_key(Description="Reports")["KeyMetadata"]["Arn"]
    s3.put_object(Bucket=REPORTS, Key=REPORT, Body=b"berth,ships\n7,3\n", ServerSideEncryption="aws:kms",
                  SSEKMSKeyId=key)  # fmt: skip
    auditor, _ = (sim.user(name, policies=[policy("s3:GetObject")]) for name in (AUDITOR, INTERN))
    return {"reports_key": key, "auditor": auditor}


def _auditor_reads(sim: Simulator) -> Outcome:
    """The auditor got the report, under its KMS key, and the intern may not decrypt."""
    records = list(sim.trail)
    put = max((at for at, r in enumerate(records) if _stores(r) and _keyed(r)), default=None)
    if put is None:
        return Outcome(False, "There is no report yet: press “Start again”.")
    key, since = str(records[put].parameters["x-amz-server-side-encryption-aws-kms-key-id"]), records[put + 1 :]
    if any(_stores(r) and r.worked for r in since):
        return Outcome(
            False, "The report was stored anew without a KMS key. Then `s3:GetObject` alone opens it, and the intern "
            "has that. Press “Start again”, and give what is missing to the auditor alone.",
        )  # fmt: skip
    who = sim.who_may(key, ("Decrypt",))
    may = {arn.rpartition("/")[2] for arn in who.rows if who.cells[arn, "Decrypt"].allowed}
    if INTERN in may:
        return Outcome(False, f"Now {INTERN} may decrypt too: whoever has `s3:GetObject` was let in. Name the auditor.")
    gets = [r for r in since if r.operation == "GetObject" and r.caller == AUDITOR]
    if gets and gets[-1].worked:
        return Outcome(
            True, "Both yeses are there: `s3:GetObject` from before, and `kms:Decrypt` for the auditor alone."
        )
    if not gets:
        return Outcome(False, "The auditor has not asked for the report since. Call GetObject as the auditor.")
    if any(r.operation == "PutBucketPolicy" and r.worked for r in since):
        return Outcome(
            False, "The bucket policy says yes to `s3:GetObject`, which IAM had said already. A bucket policy cannot "
            "allow `kms:Decrypt`: read which action the 403 names.",
        )  # fmt: skip
    if any(_deciphers(r, key) for r in since):
        return Outcome(
            False, "You decrypted something in KMS yourself. The auditor reads through S3, and S3 asks for the auditor."
        )
    return Outcome(False, f"Still `{gets[-1].error}`. Which action does the message name, and who answered with no?")


def _stores(record: Record) -> bool:
    here = record.parameters.get("bucketName") == REPORTS and record.parameters.get("key") == REPORT
    return here and record.operation in ("PutObject", "CopyObject")


def _keyed(record: Record) -> bool:
    return bool(record.parameters.get("x-amz-server-side-encryption-aws-kms-key-id")) and record.worked


def _deciphers(record: Record, key: str) -> bool:
    by_s3 = record.event["userIdentity"].get("invokedBy") == BY_S3
    return record.operation == "Decrypt" and not by_s3 and any(u.key_arn == key for u in record.used)


def old_archive(sim: Simulator) -> dict[str, Any]:
    """Store three objects under an old key, and make a new one."""
    s3, kms = _bucket(sim, ARCHIVE), sim.client("kms")
    old, new = (kms.create_key(Description=words)["KeyMetadata"]["Arn"] for words in (OLD, NEW))
    for name, body in LOGS.items():
        s3.put_object(Bucket=ARCHIVE, Key=name, Body=body, ServerSideEncryption="aws:kms", SSEKMSKeyId=old)
    return {"archive": ARCHIVE, "old_key": old, "new_key": new}


def _moved(sim: Simulator) -> Outcome:
    """Each object of the archive names the new key, and its bytes are those from before."""
    made = {
        r.event["responseElements"]["keyMetadata"]["arn"]: r.parameters.get("description")
        for r in sim.trail.named("CreateKey") if r.worked
    }  # fmt: skip
    new = next((arn for arn, words in reversed(made.items()) if words == NEW), "")
    old = next((arn for arn, words in reversed(made.items()) if words == OLD), "")
    if not new:
        return Outcome(False, "There is no archive yet: press “Start again”.")
    s3, kms = sim.client("s3"), sim.client("kms")
    there = {entry["Key"] for entry in s3.list_objects_v2(Bucket=ARCHIVE).get("Contents", ())}
    lost = sorted(set(LOGS) - there)
    if lost:
        return Outcome(False, f"{', '.join(lost)} is no longer in the bucket. Press “Start again”.")
    heads = {name: s3.head_object(Bucket=ARCHIVE, Key=name) for name in LOGS}
    left = [name for name, head in heads.items() if head.get("SSEKMSKeyId") != new]
    if left:
        return Outcome(False, _why_left(sim, left, kms.describe_key(KeyId=old)["KeyMetadata"]["KeyState"], heads))
    if kms.describe_key(KeyId=new)["KeyMetadata"]["KeyState"] != "Enabled":
        return Outcome(False, "The objects are under the new key, and that one is switched off.")
    changed = [name for name, body in LOGS.items() if s3.get_object(Bucket=ARCHIVE, Key=name)["Body"].read() != body]
    if changed:
        return Outcome(False, f"The key is the new one, and {changed[0]} no longer says what it said.")
    return Outcome(True, "All three objects name the new key. Whoever reads them needs nothing of the old one.")


def _why_left(sim: Simulator, left: list[str], state: str, heads: dict[str, Any]) -> str:
    """What still names another key, with the belief behind it."""
    since = list(sim.trail)
    begin = max(at for at, r in enumerate(since) if r.operation == "CreateKey" and r.worked)
    done = {r.operation for r in since[begin:] if r.worked}
    named = ", ".join(left)
    if any("SSEKMSKeyId" not in heads[name] for name in left):
        return f"{named}: no KMS key at all. A copy without encryption headers takes what the bucket's default says."
    if state != "Enabled":
        return f"{named}: still under the old key, which is now {state}. Move first, then switch off."
    if "PutBucketEncryption" in done and len(left) == len(LOGS):
        return f"{named}: still under the old key. A new default changes no object that is stored already."
    if done & {"EnableKeyRotation", "RotateKeyOnDemand"}:
        return f"{named}: still under the old key. Rotation gives a key new material, and does not touch objects."
    return f"{named}: still under the old key."


ALLOW = """import json
allows = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": reports_key}
sim.client("iam").put_user_policy(UserName="auditor", PolicyName="decrypts",
    PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allows]}))
auditor.client("s3").get_object(Bucket="harbour-reports", Key="2026.csv")"""
READ_THE_REPORT = Task(
    f"`auditor` gets 403 for `{REPORT}` in the bucket `{REPORTS}`. Let the auditor read it. The intern, whose IAM "
    "policy says the same, shall still not.",
    shut_report,
    (
        "Call GetObject as the auditor. Which action does the message name?",
        "`kms:Decrypt` can come from an IAM policy, from the key policy, or from a grant, for the auditor alone.",
        ALLOW,
    ),
    _auditor_reads,
)

MOVE = """s3 = sim.client("s3")
for entry in s3.list_objects_v2(Bucket=archive)["Contents"]:
    s3.update_object_encryption(Bucket=archive, Key=entry["Key"],
        ObjectEncryption={"SSEKMS": {"KMSKeyArn": new_key}})"""
MOVE_THE_ARCHIVE = Task(
    f"The objects of the bucket `{ARCHIVE}` are under `old_key`. Have all three under `new_key`, content unchanged.",
    old_archive,
    (
        "What changes the data key's envelope of an object that is stored already?",
        "`UpdateObjectEncryption` wraps the data key anew. A copy onto itself with the new key works as well.",
        MOVE,
    ),
    _moved,
)
