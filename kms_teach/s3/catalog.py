"""The catalog of S3's operations: each a function of a call, with the permission that it needs.

Service Authorization Reference, "Amazon S3". Who may not is told so before it is told whether such a bucket exists.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from kms_teach.buckets.names import bucket_arn, object_arn
from kms_teach.buckets.records import Bucket
from kms_teach.s3.call import S3Call, bucket_of
from kms_teach.s3.errors import S3Error
from kms_teach.s3.permission import authorize

Params = Mapping[str, Any]
Answer = Mapping[str, Any] | None
EVERYTHING = "*"


class Operation(Struct, frozen=True):
    """An operation. on: `object` or `bucket`, whose ARN its permission is about; `new bucket`; or *.

    permission: without `s3:`; "" for one that asks by itself. data: whether it is about what is in a bucket.
    """

    name: str
    function: Callable[..., Answer]
    on: str
    permission: str
    changes: bool
    data: bool


CATALOG: dict[str, Operation] = {}


def operation(
    on: str, permission: str = "", *, changes: bool = False, data: bool | None = None, name: str = ""
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Enter a function of (call, bucket, params) into the catalog; of (call, params) where it is on no bucket."""

    def enter(function: Callable[..., Answer]) -> Callable[..., Answer]:
        called = name or function.__name__.title().replace("_", "")
        of_objects = on == "object" if data is None else data
        CATALOG[called] = Operation(called, function, on, permission, changes, of_objects)
        return function

    return enter


def answer(call: S3Call, operation: Operation) -> Answer:
    """Ask for the permission, find the bucket, do it."""
    params = call.params
    if operation.on in (EVERYTHING, "new bucket"):
        resource = bucket_arn(params["Bucket"]) if operation.on == "new bucket" else EVERYTHING
        with call.step() as step:
            authorize(step, f"s3:{operation.permission}", resource, None, params)
        return operation.function(call, params)
    return operation.function(call, admitted(call, operation, params), params)


def admitted(call: S3Call, operation: Operation, params: Params) -> Bucket:
    """The bucket that a request names, when its caller may. AccessDenied, NoSuchBucket."""
    name = params["Bucket"]
    resource = object_arn(name, params["Key"]) if operation.on == "object" else bucket_arn(name)
    with call.step() as step:
        bucket = bucket_of(step, name)
        if bucket:
            call.about(bucket, resource if operation.on == "object" else "")
        if operation.permission:
            authorize(step, f"s3:{operation.permission}", resource, bucket, params)
    if bucket is None:
        raise S3Error("NoSuchBucket", BucketName=name)
    if params.get("ExpectedBucketOwner", bucket.account) != bucket.account:
        raise S3Error("AccessDenied")
    return bucket
