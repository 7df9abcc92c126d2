"""A new KMS key for an object that exists: its data key is wrapped anew, its bytes stay where and as they are."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from kms_teach.buckets.names import object_arn
from kms_teach.buckets.records import DSSE_KMS, SSE_C, SSE_KMS, Bucket
from kms_teach.s3 import encryption
from kms_teach.s3.boundary import Wanted
from kms_teach.s3.call import S3Call, object_of
from kms_teach.s3.catalog import Answer, Params, operation
from kms_teach.s3.errors import S3Error
from kms_teach.s3.objects import existing
from kms_teach.s3.permission import authorize
from kms_teach.s3.trail import applied

OTHERS_KEY = (
    "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a "
    "KMS key from the same account, and then try again."
)


@operation("object", "UpdateObjectEncryption", changes=True)
def update_object_encryption(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "UpdateObjectEncryption" (since 28 January 2026): only the data key is wrapped anew."""
    asked: Mapping[str, Any] | None = params["ObjectEncryption"].get("SSEKMS")
    if asked is None:
        raise S3Error("MalformedXML")
    with call.step() as step:
        authorize(step, "s3:PutObject", object_arn(bucket.name, params["Key"]), bucket, params)
    found, key = existing(call, bucket, params), asked["KMSKeyArn"]
    if key.split(":")[4] != bucket.account:
        raise S3Error("AccessDenied", OTHERS_KEY)
    if found.envelope.algorithm in (SSE_C, DSSE_KMS):
        raise S3Error(
            "InvalidRequest", f"an object that is encrypted by {found.envelope.algorithm} keeps its encryption"
        )
    wanted = Wanted(algorithm=SSE_KMS, kms_key=key, bucket_key=asked.get("BucketKeyEnabled", False))
    envelope = call.storage.boundary.wrap_again(call, found.envelope, wanted, bucket.region, found.arn)
    with call.step() as step:
        current = object_of(step, bucket.name, params["Key"])
        if current is None or current.files != found.files:  # another object by now
            raise S3Error("NoSuchKey", Key=params["Key"])
        step.store.put(replace(current, envelope=envelope))
    call.audit.event_data |= applied(envelope, by_default=False)
    call.told |= encryption.in_event(envelope)
    return {}
