"""The question families of "S3, a key for every object" about requests that are refused, and what they need."""

import json
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.chapters.objects.choice_questions import BUCKETS, CUSTOMERS, EXAMS, SSE_KMS, SSE_S3, default
from kms_teach.teaching.question import Asked, Tried, matching, one, several
from kms_teach.teaching.trial import error, policy, scratch

HEADER = "s3:x-amz-server-side-encryption"


def said(operation: str, code: str) -> str:
    """What S3 answered, in a sentence."""
    return f"`{operation}` was refused: `{code}`." if code else f"`{operation}` went well."


@several("denied-by-its-header", subject="S3", exams=EXAMS, difficulty=3)
def denied_by_its_header(draw: Random) -> Asked:
    bucket, spared = draw.choice(BUCKETS), draw.choice((True, False))
    condition: dict[str, Any] = {"StringNotEquals": {HEADER: SSE_KMS}}
    if spared:
        condition["Null"] = {HEADER: "false"}
    headers: dict[str, tuple[dict[str, Any], str]] = {
        "with no such header": (
            {}, "A condition sees no default. `StringNotEquals` holds without the header; `Null` can spare it.",
        ),
        "with the header for SSE-S3": ({"ServerSideEncryption": SSE_S3}, "It says `AES256`, not `aws:kms`."),
        "with the header for SSE-KMS": ({"ServerSideEncryption": SSE_KMS}, "It is what the policy asks for."),
        "with the header for DSSE-KMS": (
            {"ServerSideEncryption": "aws:kms:dsse"}, "It says `aws:kms:dsse`, and that is another value.",
        ),
        "with that for SSE-KMS, and a key's ARN": (
            {"ServerSideEncryption": SSE_KMS, "SSEKMSKeyId": ""}, "The policy asks for no key in particular.",
        ),
    }  # fmt: skip

    def run() -> list[Tried]:
        sim, _, key = scratch()
        s3 = sim.client("s3")
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=default(SSE_KMS, key))
        deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
        document = {"Version": "2012-10-17", "Statement": [deny | {"Condition": condition}]}
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
        tried = []
        for how, _ in headers.values():
            more = how | ({"SSEKMSKeyId": key} if "SSEKMSKeyId" in how else {})
            code = error(s3.put_object, Bucket=bucket, Key="note", Body=b"x", **more)
            tried.append(Tried(not code, said("PutObject", code)))
        return tried

    both = f' and `"Null": {{"{HEADER}": "false"}}`' if spared else ""
    return Asked(
        f"The bucket `{bucket}` encrypts with a KMS key by default. Its policy denies `s3:PutObject` under the "
        f'condition `"StringNotEquals": {{"{HEADER}": "aws:kms"}}`{both}. Which uploads of its owner go well?',
        {words: why for words, (_, why) in headers.items()},
        run,
    )


DEEDS = (  # what is done, in words; what the IAM policy allows of KMS already
    ("large", "uploads a file of 80 MB in parts", "kms:GenerateDataKey"),
    ("small", "uploads a file of 80 KB", "kms:Decrypt"),
    ("small", "uploads a file of 80 KB", "kms:Encrypt"),
    ("copy", "copies an object to a new name", "kms:Decrypt"),
    ("copy", "copies an object to a new name", "kms:GenerateDataKey"),
    ("read", "downloads an object", "kms:GenerateDataKey"),
    ("read", "downloads an object", "kms:Encrypt"),
)


@one("permission-that-is-missing", subject="S3", exams=(*EXAMS, "SOA-C03"))
def permission_that_is_missing(draw: Random) -> Asked:
    bucket, (act, deed, has) = draw.choice(BUCKETS), draw.choice(DEEDS)
    third = draw.choice(("kms:ReEncrypt*", "kms:GenerateDataKeyWithoutPlaintext"))
    offered = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", third)  # what it has is among them

    def run() -> list[Tried]:
        sim, _, key = scratch()
        owner, client = sim.client("s3"), sim.role("app").client("s3")
        owner.create_bucket(Bucket=bucket)
        owner.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=default(SSE_KMS, key))
        owner.put_object(Bucket=bucket, Key="note", Body=b"x")
        tried = []
        for action in offered:
            sim.role("app", policies=[policy("s3:*"), policy([has, action], key)])
            code = _done(client, bucket, act)
            tried.append(Tried(not code, f"With it: {f'`{code}`' if code else 'it went well'}."))
        return tried

    why = {
        "kms:Decrypt": "S3 opens a data key to read an object, and to go on with an upload in parts.",
        "kms:Encrypt": "S3 encrypts objects with data keys, and does not send them to KMS.",
        "kms:GenerateDataKey": "Each new object needs a data key.",
        "kms:ReEncrypt*": "Neither an upload nor a copy moves a data key from one KMS key to another.",
        "kms:GenerateDataKeyWithoutPlaintext": "S3 needs the data key itself, to encrypt the object.",
    }
    return Asked(
        f"The default encryption of the bucket `{bucket}` is SSE-KMS with a customer managed key. A role {deed} there, "
        f"and gets 403. IAM allows it `s3:*`, and `{has}` on that key. The key policy lets IAM decide. What is "
        "missing?",
        {f"`{action}`": "IAM allows that already." if action == has else why[action] for action in offered},
        run,
    )


def _done(s3: Any, bucket: str, act: str) -> str:
    """Do it; the code of the error, if any."""
    place = {"Bucket": bucket, "Key": "note"}
    try:
        if act == "small":
            s3.put_object(**place, Body=b"x")
        elif act == "read":
            s3.get_object(**place)["Body"].read()
        elif act == "copy":
            s3.copy_object(Bucket=bucket, Key="copy", CopySource=place)
        else:
            upload = s3.create_multipart_upload(**place)["UploadId"]
            s3.upload_part(**place, UploadId=upload, PartNumber=1, Body=b"x")
            s3.abort_multipart_upload(**place, UploadId=upload)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    return ""


@one("customers-key-refused", subject="S3", exams=EXAMS)
def customers_key_refused(draw: Random) -> Asked:
    bucket, act = draw.choice(BUCKETS), draw.choice(("put", "get"))
    words = {
        "put": "puts objects with SSE-C into new buckets as well. In the first of them, `{0}`, each `PutObject` "
        "answers 403, whoever calls",
        "get": "put an object into the bucket `{0}` with SSE-C, which is allowed there. A `GetObject` of it answers "
        "400, whoever calls",
    }[act].format(bucket)

    def run() -> list[Tried]:
        tried = []
        for way in ("unblock", "key", "iam", "default"):
            sim, _, key = scratch()
            s3 = sim.client("s3")
            s3.create_bucket(Bucket=bucket)
            if act == "get":
                s3.put_bucket_encryption(
                    Bucket=bucket, ServerSideEncryptionConfiguration=default(SSE_S3, blocked="NONE")
                )
                s3.put_object(Bucket=bucket, Key="note", Body=b"x", **CUSTOMERS)
            person = sim.role("app", policies=[policy("s3:*"), *([policy("kms:*")] if way == "iam" else [])])
            if way in ("unblock", "default"):
                setting = default(SSE_S3, blocked="NONE") if way == "unblock" else default(SSE_KMS, key)
                s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=setting)
            client, place = person.client("s3"), {"Bucket": bucket, "Key": "note"}
            if act == "put":
                code = error(client.put_object, **place, Body=b"x", **CUSTOMERS)
            else:
                code = error(client.get_object, **place, **(CUSTOMERS if way == "key" else {}))
            tried.append(Tried(not code, said(f"{act.title()}Object", code)))
        return tried

    return Asked(
        f"A program {words}. It may do everything in S3. What helps?",
        {
            "allow SSE-C again, in the encryption of the bucket": "`BlockedEncryptionTypes`: SSE-C is blocked for "
            "writing in new buckets since April 2026.",
            "send the customer's key in that request as well": "S3 keeps no copy of it: to read is to bring it again.",
            "allow `kms:*` in the IAM policy of that program": "KMS has no part in SSE-C.",
            "make SSE-KMS the default encryption of the bucket": "A default changes neither what is blocked, nor what "
            "is stored.",
        },
        run,
    )


CAUSES: dict[str, tuple[str, str, str]] = {  # cause: the act, why
    "the key is disabled, and the object is read": ("disable", "get", "S3 passes KMS's error on."),
    "the key is scheduled for deletion, and the object is read": ("delete", "get", "S3 passes KMS's error on."),
    "the reader may not `kms:Decrypt`, and reads": ("forbid", "get", "A no of KMS comes as a 403 of S3."),
    "the object is put under a key id that nobody has": ("absent", "put", "S3 passes KMS's error on."),
}
ABSENT = "00000000-0000-0000-0000-000000000000"


@matching("error-through-s3", subject="S3", exams=("SOA-C03", *EXAMS))
def error_through_s3(draw: Random) -> Asked:
    bucket, drawn = draw.choice(BUCKETS), draw.sample(list(CAUSES), 3)

    def run() -> list[Tried]:
        tried = []
        for cause in drawn:
            act, call, _ = CAUSES[cause]
            sim, kms, key = scratch()
            s3 = sim.client("s3")
            s3.create_bucket(Bucket=bucket)
            s3.put_object(Bucket=bucket, Key="note", Body=b"x", ServerSideEncryption=SSE_KMS, SSEKMSKeyId=key)
            _spoil(kms, key, act)
            rights = [policy("s3:*")] if act == "forbid" else [policy("s3:*"), policy("kms:*")]
            client = sim.role("app", policies=rights).client("s3")
            if call == "get":
                code = error(client.get_object, Bucket=bucket, Key="note")
            else:
                code = error(client.put_object, Bucket=bucket, Key="new", Body=b"x", ServerSideEncryption=SSE_KMS,
                             SSEKMSKeyId=ABSENT)  # fmt: skip
            tried.append(Tried(f"`{code}`", f"S3 answered `{code}`."))
        return tried

    return Asked(
        f"Objects of the bucket `{bucket}` are by SSE-KMS under a customer managed key. With which error does S3 "
        "answer in each of these cases? One of the four stays over.",
        {cause: CAUSES[cause][2] for cause in drawn},
        run,
        ["`AccessDenied`", "`KMS.DisabledException`", "`KMS.KMSInvalidStateException`", "`KMS.NotFoundException`"],
    )


def _spoil(kms: Any, key: str, act: str) -> None:
    if act == "disable":
        kms.disable_key(KeyId=key)
    elif act == "delete":
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
