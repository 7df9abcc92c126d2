"""The condition keys of S3 that a request carries: of its headers and its query, and of the bucket it is about.

Service Authorization Reference, "Amazon S3". A key tells what the *request* says, not what comes of it: an upload that
relies on the bucket's default carries no s3:x-amz-server-side-encryption.
"""

from collections.abc import Mapping
from typing import Any

from kms_teach.access.condition_keys import Values, as_values
from kms_teach.buckets.records import Bucket
from kms_teach.operations.request import Origin

KEYS: Mapping[str, str] = {  # condition key -> member of the request
    "s3:x-amz-server-side-encryption":                    "ServerSideEncryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id":     "SSEKMSKeyId",
    "s3:x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "s3:x-amz-server-side-encryption-bucket-key-enabled": "BucketKeyEnabled",
    "s3:x-amz-copy-source":        "CopySource",
    "s3:x-amz-metadata-directive": "MetadataDirective",
    "s3:x-amz-storage-class":      "StorageClass",
    "s3:x-amz-acl":                "ACL",
    "s3:if-match":                 "IfMatch",
    "s3:if-none-match":            "IfNoneMatch",
    "s3:prefix":                   "Prefix",
    "s3:delimiter":                "Delimiter",
    "s3:max-keys":                 "MaxKeys",
}  # fmt: skip


AUTHENTICATION = {"AuthHeader": "REST-HEADER", "QueryString": "REST-QUERY-STRING"}
VERSIONS = {"SigV4": "AWS4-HMAC-SHA256", "SigV2": "AWS"}


def condition_keys(params: Mapping[str, Any], bucket: Bucket | None, origin: Origin) -> dict[str, Values]:
    """Those that are there, besides the global ones."""
    said = {key: as_values(params[member]) for key, member in KEYS.items() if params.get(member) is not None}
    location = (params.get("CreateBucketConfiguration") or {}).get("LocationConstraint")
    if location:
        said["s3:LocationConstraint"] = str(location)
    version, place = origin.signed
    said |= {"s3:signatureversion": VERSIONS[version], "s3:authType": AUTHENTICATION[place]}
    if bucket:
        said["s3:ResourceAccount"] = bucket.account
    return said
