"""Copies: bytes that are opened under the one envelope and sealed under another."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from kms_teach.buckets.names import object_arn
from kms_teach.buckets.records import DSSE_KMS, SSE_KMS, SSE_S3, Bucket, Default, File, Object, Pairs
from kms_teach.s3 import checksums, encryption, ranges
from kms_teach.s3.body import Body, Measured
from kms_teach.s3.call import S3Call, bucket_of
from kms_teach.s3.catalog import Answer, Params, operation
from kms_teach.s3.checksums import ALGORITHMS, Digests
from kms_teach.s3.content import check_signature, keep, opened
from kms_teach.s3.errors import NotSimulatedError, S3Error, argument
from kms_teach.s3.objects import DESCRIBED, check_write_request, described, existing
from kms_teach.s3.permission import authorize
from kms_teach.s3.preconditions import check_source
from kms_teach.s3.sealing import DataKeys
from kms_teach.s3.trail import applied

UNCHANGED = (
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
    "metadata, storage class, website redirect location or encryption attributes."
)
NO_RANGE = (
    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based "
    "offsets of the first and last bytes to copy"
)
PART_MAX = 5 << 30  # bytes that are copied at once


def source(call: S3Call, params: Params) -> tuple[Bucket, Object, DataKeys]:
    """The object that is to be copied, opened for the caller. AccessDenied, NoSuchBucket, NoSuchKey, KMS's errors."""
    name, _, key = unquote(params["CopySource"].removeprefix("/").partition("?versionId=")[0]).partition("/")
    if not name or not key or name.startswith("arn:"):
        raise argument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
                       "x-amz-copy-source", params["CopySource"])  # fmt: skip
    if "?versionId=" in params["CopySource"]:
        raise NotSimulatedError("versioning")
    with call.step() as step:
        bucket = bucket_of(step, name)
        authorize(step, "s3:GetObject", object_arn(name, key), bucket, {})
    if bucket is None:
        raise S3Error("NoSuchBucket", BucketName=name)
    if params.get("ExpectedSourceBucketOwner", bucket.account) != bucket.account:
        raise S3Error("AccessDenied")
    found = existing(call, bucket, {"Key": key})
    check_source(found, params)
    there = call if bucket.region == call.request.region else call.elsewhere(bucket.region)
    customer_key = encryption.brought(params, found.envelope, "CopySource")
    check_signature(call, by_kms=found.envelope.by_kms)
    keys = there.storage.boundary.open(there, found.envelope, bucket.region, found.arn, customer_key)
    return bucket, found, keys


@operation("object", "PutObject", changes=True)
def copy_object(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "CopyObject". The encryption is that of the request or of the bucket, not the source's."""
    check_write_request(params)
    wanted, arn = encryption.wanted(params, bucket), object_arn(bucket.name, params["Key"])
    _, found, source_keys = source(call, params)
    anew = params.get("MetadataDirective", "COPY") == "REPLACE"
    if found.size > PART_MAX:
        raise S3Error(
            "InvalidRequest",
            "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
        )
    if found.arn == arn and not anew and _changes_nothing(found, bucket, params):
        raise S3Error("InvalidRequest", UNCHANGED)
    check_signature(call, by_kms=wanted.algorithm in (SSE_KMS, DSSE_KMS))
    envelope, keys = call.storage.boundary.new(call, wanted, bucket.region, arn)
    named = params.get("ChecksumAlgorithm") or _algorithm(found.checksum)
    plain_etag = envelope.algorithm == SSE_S3
    file, etag, checksum = write_copy(
        call, opened(call, found, source_keys, 0, found.size), found.size, keys, named, plain_etag=plain_etag
    )
    said: dict[str, Any] = described(params) if anew else {"metadata": found.metadata, "described": found.described}
    made = Object(
        bucket=bucket.name, key=params["Key"], files=(file,), etag=etag, modified=call.now, envelope=envelope,
        checksum=checksum, **said,
    )  # fmt: skip
    keep(call, made, {})
    call.audit.event_data |= applied(envelope, by_default=encryption.is_default(params))
    call.told |= encryption.in_event(envelope)
    result = {"ETag": f'"{etag}"', "LastModified": made.modified, **dict(checksum)}
    return {"CopyObjectResult": result, **encryption.shown(envelope, written=True)}


def _changes_nothing(found: Object, bucket: Bucket, params: Params) -> bool:
    """Whether a copy onto itself would be as it was. Recorded: not if the source is by KMS, or the default explicit."""
    asked = any(name in params for name in (*encryption.SETTINGS, *DESCRIBED))
    explicit = bucket.encryption != Default(blocked=bucket.encryption.blocked)
    return not asked and found.envelope.algorithm == SSE_S3 and not explicit


def _algorithm(checksum: Pairs) -> str:
    return next((name.removeprefix("Checksum") for name, _ in checksum if name != "ChecksumType"), "")


def write_copy(
    call: S3Call, pieces: Iterator[bytes], size: int, keys: DataKeys, named: str, *, plain_etag: bool
) -> tuple[File, str, Pairs]:  # fmt: skip
    """Seal bytes that are opened elsewhere; the file, its ETag and its checksum."""
    if named and named not in ALGORITHMS:
        raise NotSimulatedError(f"the checksum {named}")
    digests = Digests({named: ALGORITHMS[named]()} if named else {})
    if plain_etag:
        digests["MD5"] = checksums.md5()
    name = call.storage.files.write(keys.seal(Measured(Body(pieces, size), digests)))
    checksum: Pairs = ()
    if named:
        checksum = ((f"Checksum{named}", checksums.encoded(digests[named].digest())), ("ChecksumType", "FULL_OBJECT"))
    return File(name, size), digests["MD5"].digest().hex() if plain_etag else os.urandom(16).hex(), checksum


def copied_range(found: Object, header: str | None) -> tuple[int, int]:
    """The bytes that UploadPartCopy takes, which must all be there. InvalidArgument."""
    if header is None:
        return 0, found.size
    part = ranges.asked(header, found.size) if ranges.RANGE.fullmatch(header) else None
    if part is None or header != f"bytes={part[0]}-{part[1] - 1}":
        raise argument(NO_RANGE, "x-amz-copy-source-range", header)
    return part
