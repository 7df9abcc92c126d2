"""Buckets: made, found, listed, deleted."""

from typing import Any

from kms_teach.buckets.names import may_be_bucket
from kms_teach.buckets.records import BUCKETS, Bucket, Object, Upload
from kms_teach.keys.names import REGION
from kms_teach.s3.call import S3Call, bucket_of
from kms_teach.s3.catalog import EVERYTHING, Answer, Params, operation
from kms_teach.s3.errors import NotSimulatedError, S3Error
from kms_teach.s3.objects import NOT_HERE

FIRST = "us-east-1"  # the Region that has no LocationConstraint


@operation("new bucket", "CreateBucket", changes=True)
def create_bucket(call: S3Call, params: Params) -> Answer:
    """S3 API Reference, "CreateBucket". In us-east-1, one that is there already and your own is no error."""
    name, region = params["Bucket"], _region(call, params)
    for member, what in NOT_HERE.items():
        if member in params and params[member] != "private":
            raise NotSimulatedError(what)
    if params.get("ObjectLockEnabledForBucket"):
        raise NotSimulatedError("object lock")
    if params.get("ObjectOwnership", "BucketOwnerEnforced") != "BucketOwnerEnforced":
        raise NotSimulatedError("an ACL")
    if not may_be_bucket(name):
        raise S3Error("InvalidBucketName", BucketName=name)
    with call.step() as step:
        there = bucket_of(step, name)
        if there and there.account != step.account:
            raise S3Error("BucketAlreadyExists", BucketName=name)
        if there and not (there.region == region == FIRST):
            raise S3Error("BucketAlreadyOwnedByYou", BucketName=name)
        made = there or Bucket(name=name, account=step.account, region=region, created=step.now)
        step.store.put(made)
    call.about(made)
    return {"Location": f"/{name}" if region == FIRST else f"http://{name}.s3.amazonaws.com/", "BucketArn": made.arn}


def _region(call: S3Call, params: Params) -> str:
    """The Region that a request names, which must be that of the endpoint it is sent to."""
    configuration, here = params.get("CreateBucketConfiguration") or {}, call.request.region
    if set(configuration) - {"LocationConstraint"}:
        raise NotSimulatedError(f"the {', '.join(sorted(set(configuration) - {'LocationConstraint'}))} of a new bucket")
    named: str = configuration.get("LocationConstraint", FIRST)
    named = {"EU": "eu-west-1"}.get(named, named)
    if not REGION.fullmatch(named) or configuration.get("LocationConstraint") == FIRST:
        raise S3Error("InvalidLocationConstraint", LocationConstraint=named)
    if here not in (FIRST, named):
        kind = named if configuration else "unspecified"
        words = (
            f"The {kind} location constraint is incompatible for the region specific endpoint this request was sent to."
        )
        raise S3Error("IllegalLocationConstraintException", words)
    return named


@operation("bucket", "ListBucket")
def head_bucket(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "HeadBucket"."""
    return {"BucketRegion": bucket.region, "BucketArn": bucket.arn, "AccessPointAlias": False}


@operation("bucket", "GetBucketLocation")
def get_bucket_location(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetBucketLocation": nothing for us-east-1."""
    return {"LocationConstraint": "" if bucket.region == FIRST else bucket.region}


@operation(EVERYTHING, "ListAllMyBuckets")
def list_buckets(call: S3Call, params: Params) -> Answer:
    """S3 API Reference, "ListBuckets"."""
    account, prefix, limit = call.request.account, params.get("Prefix", ""), params.get("MaxBuckets", 10_000)
    after, region = params.get("ContinuationToken", ""), params.get("BucketRegion")
    with call.step() as step:
        own = step.store.page(Bucket, BUCKETS, parent=account, after=after)
    mine = [each for each in own if each.name.startswith(prefix) and region in (None, each.region)]
    more: dict[str, Any] = {"ContinuationToken": mine[limit - 1].name} if len(mine) > limit else {}
    listed = [
        {"Name": each.name, "CreationDate": each.created, "BucketRegion": each.region, "BucketArn": each.arn}
        for each in mine[:limit]
    ]
    return {"Buckets": listed, "Owner": {"ID": account}, **more, **({"Prefix": prefix} if prefix else {})}


@operation("bucket", "DeleteBucket", changes=True)
def delete_bucket(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "DeleteBucket". BucketNotEmpty; uploads that are under way end with it."""
    with call.step() as step:
        if step.store.page(Object, f"object {bucket.name}", limit=1):
            raise S3Error("BucketNotEmpty", BucketName=bucket.name)
        if step.store.page(Upload, f"upload {bucket.name}", limit=1):
            raise S3Error("BucketNotEmpty", BucketName=bucket.name)
        step.store.delete(bucket)
    return {}
