"""Who may: the caller's own policies and the bucket policy, laid before the one engine of decisions.

S3 User Guide, "How Amazon S3 authorizes a request". ACLs are off, as in every bucket since April 2023.
"""

from collections.abc import Mapping
from typing import Any

from kms_teach.access.policy import read
from kms_teach.access.principals import Principal
from kms_teach.access.statement import Document
from kms_teach.buckets.records import Bucket
from kms_teach.errors import AccessDeniedException
from kms_teach.operations.call import Call
from kms_teach.operations.permission import ask_of, note
from kms_teach.s3.condition_keys import condition_keys
from kms_teach.s3.errors import S3Error

NO_POLICY = Document("bucket policy", "bucket policy", '{"Version": "2012-10-17", "Statement": []}', ())
OF_THE_POLICY = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")


def authorize(call: Call, action: str, resource: str, bucket: Bucket | None, params: Mapping[str, Any]) -> None:
    """Decide, note it for the trail; S3Error AccessDenied when it is no."""
    request = call.request
    owner = bucket.account if bucket else request.account
    policy, keys = _policy(bucket, action, request.principal), condition_keys(params, bucket, request.origin)
    asked = ask_of(call, action, resource, policy, owner, keys)
    try:
        note(call, asked)
    except AccessDeniedException as denied:
        raise S3Error("AccessDenied", denied.message, denied.decision) from None


def _policy(bucket: Bucket | None, action: str, caller: Principal) -> Document:
    """The bucket policy. It cannot lock out the root user of the bucket's account from mending it."""
    if bucket is None or not bucket.policy:
        return NO_POLICY
    if caller.kind == "root" and caller.account == bucket.account and action in OF_THE_POLICY:
        return NO_POLICY
    return read(bucket.policy, "bucket policy")
