"""Objects: put, got, looked at, deleted."""

import contextlib
import itertools
from typing import Any

from kms_teach.buckets.names import KEY_MAX, object_arn
from kms_teach.buckets.records import DSSE_KMS, SSE_KMS, Bucket, Object
from kms_teach.operations.call import Call
from kms_teach.s3 import encryption, ranges
from kms_teach.s3.body import Body
from kms_teach.s3.call import S3Call, object_of
from kms_teach.s3.catalog import Answer, Params, operation
from kms_teach.s3.content import check_signature, forget, keep, opened, store_body
from kms_teach.s3.errors import NotSimulatedError, S3Error
from kms_teach.s3.files import GoneError
from kms_teach.s3.permission import authorize
from kms_teach.s3.preconditions import check_read, check_write
from kms_teach.s3.trail import applied

TRIES = 3  # of a read whose object is replaced while it begins
METADATA_MAX = 2048  # bytes, of names and values
DESCRIBED = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires",
    "StorageClass", "WebsiteRedirectLocation",
)  # fmt: skip
NOT_HERE = {  # what a write may ask for beside -> what it is
    "ACL": "an ACL", "GrantFullControl": "an ACL", "GrantRead": "an ACL", "GrantReadACP": "an ACL",
    "GrantWriteACP": "an ACL", "ObjectLockMode": "object lock", "ObjectLockRetainUntilDate": "object lock",
    "ObjectLockLegalHoldStatus": "object lock", "Tagging": "tags of objects", "WriteOffsetBytes": "appending",
    "WebsiteRedirectLocation": "a website",
}  # fmt: skip
HARMLESS = {"ACL": ("private", "bucket-owner-full-control")}  # which say what is so anyway
BINARY = "binary/octet-stream"  # S3's word for what has no Content-Type


@operation("object", "PutObject", changes=True)
def put_object(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "PutObject"."""
    check_write_request(params)
    wanted, arn = encryption.wanted(params, bucket), object_arn(bucket.name, params["Key"])
    with call.step() as step:
        check_write(object_of(step, bucket.name, params["Key"]), params)
    check_signature(call, by_kms=wanted.algorithm in (SSE_KMS, DSSE_KMS))
    envelope, keys = call.storage.boundary.new(call, wanted, bucket.region, arn)
    body = params.get("Body") or Body()
    file, etag, checksum = store_body(call, body, keys, params, envelope)
    made = Object(
        bucket=bucket.name, key=params["Key"], files=(file,), etag=etag, modified=call.now, envelope=envelope,
        checksum=checksum, **described(params),
    )  # fmt: skip
    keep(call, made, params)
    call.audit.event_data |= applied(envelope, by_default=encryption.is_default(params)) | {
        "bytesTransferredIn": file.size
    }
    call.told |= encryption.in_event(envelope)
    return {"ETag": f'"{etag}"', **dict(checksum), **encryption.shown(envelope, written=True)}


@operation("object", "GetObject")
def get_object(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "GetObject". What is replaced just now is got as it is then."""
    for _ in range(TRIES - 1):
        with contextlib.suppress(GoneError):
            return _got(call, bucket, params)
    return _got(call, bucket, params)


def _got(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    found = existing(call, bucket, params)
    check_read(found, params)
    part = asked_bytes(found, params)
    customer_key = encryption.brought(params, found.envelope)
    check_signature(call, by_kms=found.envelope.by_kms)
    keys = call.storage.boundary.open(call, found.envelope, bucket.region, found.arn, customer_key)
    start, stop = part or (0, found.size)
    body = opened(call, found, keys, start, stop)
    first = next(body, b"")  # now, while a damaged file can still be told
    call.audit.event_data |= applied(found.envelope, by_default=False) | {"bytesTransferredOut": stop - start}
    return {"Body": itertools.chain((first,), body), **about(found, params, part)}


@operation("object", "GetObject")
def head_object(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "HeadObject". With ChecksumMode, it needs kms:Decrypt as GetObject does."""
    found = existing(call, bucket, params)
    check_read(found, params)
    part = asked_bytes(found, params)
    customer_key = encryption.brought(params, found.envelope)
    if customer_key or (found.envelope.by_kms and params.get("ChecksumMode") == "ENABLED"):
        call.storage.boundary.open(call, found.envelope, bucket.region, found.arn, customer_key)
    return about(found, params, part)


@operation("object", "DeleteObject", changes=True)
def delete_object(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "DeleteObject": what is not there is deleted with success. No key is asked for."""
    if "VersionId" in params:
        raise NotSimulatedError("versioning")
    with call.step() as step:
        gone = object_of(step, bucket.name, params["Key"])
        if "IfMatch" in params:
            check_write(gone, params)
        if gone:
            step.store.delete(gone)
    forget(call, gone)
    return {}


@operation("bucket", "", changes=True, data=True)
def delete_objects(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "DeleteObjects": each with its own permission, and a list of what could not be."""
    deleted: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    gone: list[Object | None] = []
    listed = params["Delete"]["Objects"]
    if len(listed) > 1000:
        raise S3Error("MalformedXML")
    with call.step() as step:
        for each in listed:
            try:
                gone.append(_delete(step, bucket, each))
                deleted.append({"Key": each["Key"]})
            except S3Error as error:
                errors.append({"Key": each["Key"], "Code": error.code, "Message": error.message})
    for one in gone:
        forget(call, one)
    return {"Deleted": [] if params["Delete"].get("Quiet") else deleted, "Errors": errors}


def _delete(step: Call, bucket: Bucket, each: Params) -> Object | None:
    authorize(step, "s3:DeleteObject", object_arn(bucket.name, each["Key"]), bucket, {})
    if "VersionId" in each:
        raise NotSimulatedError("versioning")
    found = object_of(step, bucket.name, each["Key"])
    if found:
        step.store.delete(found)
    return found


def check_write_request(params: Params) -> None:
    """What a request that makes an object may say of it. KeyTooLongError, MetadataTooLarge, NotImplemented."""
    for member, what in NOT_HERE.items():
        if member in params and params[member] not in HARMLESS.get(member, ()):
            raise NotSimulatedError(what)
    if params.get("StorageClass", "STANDARD") != "STANDARD":
        raise NotSimulatedError(f"the storage class {params['StorageClass']}")
    if (size := len(params["Key"].encode())) > KEY_MAX:
        raise S3Error("KeyTooLongError", Size=str(size), MaxSizeAllowed=str(KEY_MAX))
    size = sum(len(text.encode()) for pair in params.get("Metadata", {}).items() for text in pair)
    if size > METADATA_MAX:
        raise S3Error("MetadataTooLarge", Size=str(size), MaxSizeAllowed=str(METADATA_MAX))


def described(params: Params) -> dict[str, Any]:
    """What a request says of the object that it makes, as a record keeps it."""
    said = {name: params[name] for name in DESCRIBED if params.get(name) and name != "StorageClass"}
    encodings = [each.strip() for each in said.get("ContentEncoding", "").split(",")]
    said["ContentEncoding"] = ",".join(each for each in encodings if each and each != "aws-chunked")
    kept = tuple((name, str(value)) for name, value in said.items() if value)
    return {"metadata": tuple(params.get("Metadata", {}).items()), "described": kept}


def existing(call: S3Call, bucket: Bucket, params: Params) -> Object:
    """The object that a request reads. NoSuchKey; who may not list the bucket is denied instead."""
    if "VersionId" in params and params["VersionId"] != "null":
        raise NotSimulatedError("versioning")
    with call.step() as step:
        found = object_of(step, bucket.name, params["Key"])
        if found is None:
            authorize(step, "s3:ListBucket", bucket.arn, bucket, {})
            raise S3Error("NoSuchKey", Key=params["Key"])
    return found


def asked_bytes(found: Object, params: Params) -> tuple[int, int] | None:
    """Which bytes are asked for, by a range or by the number of a part; None for all."""
    if "PartNumber" not in params:
        return ranges.asked(params.get("Range"), found.size)
    number = params["PartNumber"]
    if not 1 <= number <= len(found.files):
        raise S3Error("InvalidRange", "The requested partnumber is not satisfiable")
    start = sum(file.size for file in found.files[: number - 1])
    return start, start + found.files[number - 1].size


def about(found: Object, params: Params, part: tuple[int, int] | None) -> dict[str, Any]:
    """What GetObject and HeadObject say of an object. A checksum is told when asked for, and not of a part."""
    start, stop = part or (0, found.size)
    said: dict[str, Any] = {
        "AcceptRanges": "bytes", "LastModified": found.modified, "ContentLength": stop - start,
        "ETag": f'"{found.etag}"', "ContentType": BINARY, "Metadata": dict(found.metadata), **dict(found.described),
    }  # fmt: skip
    if part:
        said["ContentRange"] = f"bytes {start}-{stop - 1}/{found.size}"
    if params.get("ChecksumMode") == "ENABLED" and part is None:
        said |= dict(found.checksum)
    if found.replication:
        said["ReplicationStatus"] = found.replication
    if "PartNumber" in params:
        said["PartsCount"] = len(found.files)
    overrides = {name.removeprefix("Response"): value for name, value in params.items() if name.startswith("Response")}
    return said | overrides | encryption.shown(found.envelope)
