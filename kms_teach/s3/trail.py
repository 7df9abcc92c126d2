"""What the trail shows of a call to S3: its parameters as CloudTrail names them, and how the object was encrypted.

S3 User Guide, "Amazon S3 CloudTrail events". Data events, those about objects, are off at AWS until a trail asks for
them; here they are in the trail, with `managementEvent` false.
"""

from collections.abc import Mapping
from typing import Any

from kms_teach.buckets.records import DSSE_KMS, SSE_C, SSE_KMS, SSE_S3, Envelope

NAMES = {  # member -> as CloudTrail has it
    "Bucket": "bucketName",
    "Key": "key",
    "Prefix": "prefix",
    "Delimiter": "delimiter",
    "CopySource": "x-amz-copy-source",
    "UploadId": "uploadId",
    "PartNumber": "partNumber",
    "ServerSideEncryption": "x-amz-server-side-encryption",
    "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
    "SSEKMSEncryptionContext": "x-amz-server-side-encryption-context",
    "BucketKeyEnabled": "x-amz-server-side-encryption-bucket-key-enabled",
    "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm",
    "Policy": "bucketPolicy",
    "ServerSideEncryptionConfiguration": "ServerSideEncryptionConfiguration",
    "ReplicationConfiguration": "ReplicationConfiguration",
    "PublicAccessBlockConfiguration": "PublicAccessBlockConfiguration",
    "CreateBucketConfiguration": "CreateBucketConfiguration",
    "ObjectEncryption": "ObjectEncryption",
}
APPLIED = {SSE_S3: "SSE_S3", SSE_KMS: "SSE_KMS", DSSE_KMS: "DSSE_KMS", SSE_C: "SSE_C"}


def parameters(params: Mapping[str, Any]) -> dict[str, Any]:
    """The requestParameters of an event; never a body, and never a customer's key."""
    return {name: params[member] for member, name in NAMES.items() if params.get(member) is not None}


def applied(envelope: Envelope, *, by_default: bool) -> dict[str, Any]:
    """additionalEventData: which encryption was applied, and whether because the bucket says so."""
    name = APPLIED[envelope.algorithm]
    return {"SSEApplied": f"Default_{name}" if by_default else name}
