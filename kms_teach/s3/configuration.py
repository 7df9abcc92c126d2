"""What is set for a bucket as a whole: its policy, its default encryption, Block Public Access."""

from typing import Any

from msgspec.structs import replace

from kms_teach.access.policy import read
from kms_teach.access.principals import EVERYONE
from kms_teach.access.statement import Document
from kms_teach.buckets.records import BLOCKED_ACCESS, DSSE_KMS, SSE_KMS, SSE_S3, Bucket, Default
from kms_teach.s3.bucket_policy import checked
from kms_teach.s3.call import S3Call
from kms_teach.s3.catalog import Answer, Params, operation
from kms_teach.s3.errors import NotSimulatedError, S3Error, argument

KEY_NEEDS_KMS = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse"


def save(call: S3Call, bucket: Bucket, **changes: Any) -> None:
    """Keep a bucket with these changes, which are of its present self."""
    with call.step() as step:
        current = step.store.get(Bucket, *bucket.place[:2])
        if current is None:
            raise S3Error("NoSuchBucket", BucketName=bucket.name)
        step.store.put(replace(current, **changes))


@operation("bucket", "PutBucketPolicy", changes=True)
def put_bucket_policy(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "PutBucketPolicy". MalformedPolicy; AccessDenied for a public one, where that is blocked."""
    document = checked(call, bucket, params.get("Policy", ""))
    if "BlockPublicPolicy" in (bucket.public_access_block or ()) and _is_public(document):
        raise S3Error("AccessDenied", PUBLIC % (call.principal.caller_arn, bucket.arn))
    save(call, bucket, policy=params["Policy"])
    return {}


PUBLIC = (
    'User: %s is not authorized to perform: s3:PutBucketPolicy on resource: "%s" because public policies are prevented '
    "by the BlockPublicPolicy setting in S3 Block Public Access."
)


def _is_public(document: Document) -> bool:
    """Whether it allows everyone, under no condition. S3 reads conditions finer: its guide, "The meaning of public"."""
    return any(
        statement.allow and not statement.conditions and EVERYONE in (statement.principals or ())
        for statement in document.statements
    )


@operation("bucket", "GetBucketPolicy")
def get_bucket_policy(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetBucketPolicy"."""
    if not bucket.policy:
        raise S3Error("NoSuchBucketPolicy", BucketName=bucket.name)
    return {"Policy": bucket.policy}


@operation("bucket", "GetBucketPolicyStatus")
def get_bucket_policy_status(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetBucketPolicyStatus"."""
    if not bucket.policy:
        raise S3Error("NoSuchBucketPolicy", BucketName=bucket.name)
    return {"PolicyStatus": {"IsPublic": _is_public(read(bucket.policy, "bucket policy"))}}


@operation("bucket", "DeleteBucketPolicy", changes=True)
def delete_bucket_policy(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "DeleteBucketPolicy"."""
    save(call, bucket, policy="")
    return {}


@operation("bucket", "PutEncryptionConfiguration", changes=True)
def put_bucket_encryption(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "PutBucketEncryption". The key is kept as it was given, and not looked at."""
    rules = params["ServerSideEncryptionConfiguration"]["Rules"]
    if len(rules) != 1:
        raise S3Error("MalformedXML")
    (rule,) = rules
    by_default = rule.get("ApplyServerSideEncryptionByDefault")
    before = bucket.encryption
    algorithm, key = before.algorithm, before.kms_key
    if by_default:
        algorithm, key = by_default["SSEAlgorithm"], by_default.get("KMSMasterKeyID", "")
    if algorithm not in (SSE_S3, SSE_KMS, DSSE_KMS):
        raise NotSimulatedError(f"encryption by {algorithm}")
    if key and algorithm == SSE_S3:
        raise argument(KEY_NEEDS_KMS, "ApplyServerSideEncryptionByDefault", key)
    blocked = before.blocked
    if "BlockedEncryptionTypes" in rule:
        named = rule["BlockedEncryptionTypes"].get("EncryptionType", [])
        blocked = tuple(each for each in named if each != "NONE")
    save(
        call, bucket,
        encryption=Default(
            algorithm=algorithm, kms_key=key, bucket_key=rule.get("BucketKeyEnabled", False), blocked=blocked
        ),
    )  # fmt: skip
    return {}


@operation("bucket", "GetEncryptionConfiguration")
def get_bucket_encryption(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetBucketEncryption"."""
    default = bucket.encryption
    by_default = {"SSEAlgorithm": default.algorithm} | ({"KMSMasterKeyID": default.kms_key} if default.kms_key else {})
    rule: dict[str, Any] = {
        "ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": default.bucket_key,
        "BlockedEncryptionTypes": {"EncryptionType": list(default.blocked) or ["NONE"]},
    }  # fmt: skip
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


@operation("bucket", "PutEncryptionConfiguration", changes=True)
def delete_bucket_encryption(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "DeleteBucketEncryption": back to SSE-S3, again and again."""
    save(call, bucket, encryption=Default(blocked=bucket.encryption.blocked))
    return {}


@operation("bucket", "PutBucketPublicAccessBlock", changes=True)
def put_public_access_block(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "PutPublicAccessBlock"."""
    asked = params["PublicAccessBlockConfiguration"]
    save(call, bucket, public_access_block=tuple(each for each in BLOCKED_ACCESS if asked.get(each)))
    return {}


@operation("bucket", "GetBucketPublicAccessBlock")
def get_public_access_block(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetPublicAccessBlock"."""
    if bucket.public_access_block is None:
        raise S3Error("NoSuchPublicAccessBlockConfiguration", BucketName=bucket.name)
    settings = {each: each in bucket.public_access_block for each in BLOCKED_ACCESS}
    return {"PublicAccessBlockConfiguration": settings}


@operation("bucket", "PutBucketPublicAccessBlock", changes=True)
def delete_public_access_block(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "DeletePublicAccessBlock"."""
    save(call, bucket, public_access_block=None)
    return {}


@operation("bucket", "GetBucketVersioning")
def get_bucket_versioning(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetBucketVersioning": as of a bucket that never had it."""
    return {}


@operation("bucket", "GetBucketOwnershipControls")
def get_bucket_ownership_controls(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetBucketOwnershipControls": ACLs are off."""
    return {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
