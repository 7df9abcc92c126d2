"""The content of an object: checked on its way in, sealed into a file, kept, and opened again."""

import os
from collections.abc import Iterator

from kms_teach.buckets.records import SSE_C, Envelope, File, Object, Pairs
from kms_teach.s3 import checksums
from kms_teach.s3.body import Body, Measured
from kms_teach.s3.call import S3Call, object_of
from kms_teach.s3.catalog import Params
from kms_teach.s3.checksums import ALGORITHMS, Digests
from kms_teach.s3.errors import S3Error, argument
from kms_teach.s3.preconditions import check_write
from kms_teach.s3.sealing import DataKeys

PUT_MAX = 5 << 30  # bytes of one request: S3 User Guide, "Uploading objects"
OLD_SIGNATURE = "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4."


def check_signature(call: S3Call, *, by_kms: bool) -> None:
    """KMS is not asked for a request with a signature of Version 2, such as that of a URL which boto3 presigned."""
    if by_kms and call.request.origin.signed[0] != "SigV4":
        raise argument(OLD_SIGNATURE, "Authorization", "null")


def store_body(
    call: S3Call, body: Body, keys: DataKeys, params: Params, envelope: Envelope
) -> tuple[File, str, Pairs]:  # fmt: skip
    """Seal a body into a file, once its checksums are seen to be right; the file, its ETag, its checksum."""
    if body.length is None:
        raise S3Error("MissingContentLength")
    if body.length > PUT_MAX:
        raise S3Error("EntityTooLarge", ProposedSize=str(body.length), MaxSizeAllowed=str(PUT_MAX))
    named = checksums.algorithm(params, body.announced)
    plain_etag = not envelope.by_kms and envelope.algorithm != SSE_C
    digests = Digests({named: ALGORITHMS[named]()} if named else {})
    if plain_etag or "ContentMD5" in params:
        digests["MD5"] = checksums.md5()
    measured = Measured(body, digests)
    name = call.storage.files.write(keys.seal(measured))
    try:
        if "ContentMD5" in params:
            checksums.check_md5(params["ContentMD5"], digests["MD5"].digest())
        checksum: Pairs = ()
        if named:
            given = params.get(f"Checksum{named}") or body.trailer.get(f"{checksums.HEADER}{named.lower()}", "")
            checksums.check(named, given, digests[named].digest())
            checksum = ((f"Checksum{named}", given), ("ChecksumType", "FULL_OBJECT"))
    except S3Error:
        call.storage.files.delete((name,))
        raise
    etag = digests["MD5"].digest().hex() if plain_etag else os.urandom(16).hex()  # of KMS's it is no MD5
    return File(name, measured.size), etag, checksum


def keep(call: S3Call, made: Object, params: Params) -> None:
    """Let the record of an object take the place of an older one, unless a condition says no."""
    try:
        with call.step() as step:
            before = object_of(step, made.bucket, made.key)
            check_write(before, params)
            step.store.put(made)
    except BaseException:
        forget(call, made)
        raise
    forget(call, before)


def forget(call: S3Call, gone: Object | None) -> None:
    """Delete the files of an object that no record names any more."""
    if gone:
        call.storage.files.delete(file.name for file in gone.files)


def opened(call: S3Call, found: Object, keys: DataKeys, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` up to `stop`, as they are read; of each file only the pieces that they are in."""
    begin = 0
    for file in found.files:
        first, last = max(start - begin, 0), min(stop - begin, file.size)
        if first < last:
            with call.storage.files.open(file.name) as sealed:
                yield from keys.open(sealed, file.size, first, last)
        begin += file.size
