"""How an object is to be encrypted: what the request says, else what the bucket's default says; and how it was.

S3 User Guide, "Setting default server-side encryption behavior" and "Specifying server-side encryption with AWS KMS".
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from kms_teach.buckets.records import DSSE_KMS, SSE_C, SSE_KMS, SSE_S3, Bucket, Envelope, Pairs
from kms_teach.s3.boundary import KEY_SIZE, CustomerKey, Wanted
from kms_teach.s3.errors import S3Error, argument

AWS_MANAGED = "alias/aws/s3"
HEADER = "x-amz-server-side-encryption"
SETTINGS = (
    "ServerSideEncryption",
    "SSEKMSKeyId",
    "SSEKMSEncryptionContext",
    "BucketKeyEnabled",
    "SSECustomerAlgorithm",
)
KEY_ALONE = (
    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
)
NO_CONTEXT = (
    "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which "
    "represents a string-string map"
)
CUSTOMERS_KEY_NEEDED = (
    "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve "
    "the object."
)
Params = Mapping[str, Any]


def wanted(params: Params, bucket: Bucket) -> Wanted:
    """How the object of a request that writes one is to be encrypted. AccessDenied for a type that is blocked."""
    algorithm, key, default = params.get("ServerSideEncryption"), params.get("SSEKMSKeyId"), bucket.encryption
    if "SSECustomerAlgorithm" in params or "SSECustomerKey" in params:
        if "SSE-C" in default.blocked:  # before the key is looked at
            raise S3Error("AccessDenied")
        if algorithm:
            raise argument("Server Side Encryption with Customer provided key is incompatible with the encryption "
                           "method specified", HEADER, algorithm)  # fmt: skip
        return Wanted(algorithm=SSE_C, customer_key=customer_key(params))
    if key is not None and algorithm not in (SSE_KMS, DSSE_KMS):
        raise argument(KEY_ALONE, HEADER, algorithm or "null")
    if algorithm is None:
        algorithm, key = default.algorithm, default.kms_key
    elif algorithm not in (SSE_S3, SSE_KMS, DSSE_KMS):
        raise argument("The encryption method specified is not supported", HEADER, algorithm)
    if algorithm == SSE_S3:
        return Wanted(algorithm=SSE_S3)
    bucket_key = params.get("BucketKeyEnabled", default.bucket_key)
    return Wanted(
        algorithm=algorithm, kms_key=key or AWS_MANAGED, context=_context(params.get("SSEKMSEncryptionContext")),
        bucket_key=bucket_key and algorithm == SSE_KMS,
    )  # fmt: skip


def is_default(params: Params) -> bool:
    """Whether a request leaves the encryption to the bucket."""
    return not any(name in params for name in SETTINGS)


def _context(header: str | None) -> Pairs:
    if header is None:
        return ()
    try:
        context = json.loads(base64.b64decode(header, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        context = None
    if not isinstance(context, dict) or not all(isinstance(value, str) for value in context.values()):
        raise argument(NO_CONTEXT, f"{HEADER}-context", header)
    return tuple(context.items())


def customer_key(params: Params, prefix: str = "") -> CustomerKey:
    """The key of SSE-C in a request. prefix: `CopySource`, for that of a copy's source. InvalidArgument."""
    algorithm, key, md5 = (params.get(f"{prefix}SSECustomer{name}") for name in ("Algorithm", "Key", "KeyMD5"))
    header = f"{HEADER}-customer-"
    if algorithm != "AES256":
        words = "The encryption request that you specified is not valid. The valid value is AES256."
        raise argument(words, f"{header}algorithm", algorithm or "null")
    try:
        data = base64.b64decode(key or "", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != KEY_SIZE:
        raise argument("The secret key was invalid for the specified algorithm.", f"{header}key", "null")
    if base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode() != md5:
        words = "The calculated MD5 hash of the key did not match the hash that was provided."
        raise argument(words, f"{header}key-MD5", md5 or "null")
    return CustomerKey(data, md5)


def brought(params: Params, envelope: Envelope, prefix: str = "") -> CustomerKey | None:
    """The customer's key that a read brings, where the object needs one. InvalidRequest, InvalidArgument."""
    given = any(f"{prefix}SSECustomer{name}" in params for name in ("Algorithm", "Key", "KeyMD5"))
    if envelope.algorithm != SSE_C:
        if given:
            raise S3Error("InvalidRequest", "The encryption parameters are not applicable to this object.")
        return None
    if not given:
        raise S3Error("InvalidRequest", CUSTOMERS_KEY_NEEDED)
    return customer_key(params, prefix)


def shown(envelope: Envelope, *, written: bool = False) -> dict[str, Any]:
    """What an answer says of an object's encryption. written: by a request that may have given a context."""
    if envelope.algorithm == SSE_C:
        return {"SSECustomerAlgorithm": "AES256", "SSECustomerKeyMD5": envelope.customer_key_md5}
    said: dict[str, Any] = {"ServerSideEncryption": envelope.algorithm}
    if envelope.by_kms:
        said["SSEKMSKeyId"] = envelope.key_arn
    if envelope.bucket_key:
        said["BucketKeyEnabled"] = True
    if written and envelope.context:
        said["SSEKMSEncryptionContext"] = base64.b64encode(json.dumps(dict(envelope.context)).encode()).decode()
    return said


def in_event(envelope: Envelope) -> dict[str, str]:
    """The responseElements of the event of a write."""
    said = {HEADER: envelope.algorithm} if envelope.algorithm != SSE_C else {f"{HEADER}-customer-algorithm": "AES256"}
    return said | ({f"{HEADER}-aws-kms-key-id": envelope.key_arn} if envelope.by_kms else {})
