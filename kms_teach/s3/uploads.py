"""Multipart uploads: parts under one data key, in any order, put together at the end."""

import itertools
import uuid
from typing import Any

from kms_teach.buckets.names import object_arn
from kms_teach.buckets.records import DSSE_KMS, SSE_KMS, SSE_S3, Bucket, Object, Pairs, Part, Upload
from kms_teach.operations.call import Call
from kms_teach.s3 import checksums, encryption
from kms_teach.s3.body import Body
from kms_teach.s3.call import S3Call, object_of
from kms_teach.s3.catalog import Answer, Params, operation
from kms_teach.s3.content import check_signature, forget, opened, store_body
from kms_teach.s3.copying import copied_range, source, write_copy
from kms_teach.s3.errors import S3Error, argument
from kms_teach.s3.objects import check_write_request, described
from kms_teach.s3.preconditions import check_write
from kms_teach.s3.sealing import DataKeys
from kms_teach.s3.trail import applied

PART_MIN = 5 << 20  # bytes, but for the last: S3 User Guide, "Multipart upload limits"
PARTS_MAX = 10_000


@operation("object", "PutObject", changes=True)
def create_multipart_upload(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "CreateMultipartUpload": here the data key is made, for all the parts."""
    check_write_request(params)
    wanted, arn = encryption.wanted(params, bucket), object_arn(bucket.name, params["Key"])
    check_signature(call, by_kms=wanted.algorithm in (SSE_KMS, DSSE_KMS))
    envelope, _ = call.storage.boundary.new(call, wanted, bucket.region, arn)
    algorithm = params.get("ChecksumAlgorithm", "")
    by_default = "FULL_OBJECT" if algorithm == "CRC64NVME" else "COMPOSITE"
    kind = params.get("ChecksumType", by_default) if algorithm else ""
    if kind == "FULL_OBJECT" and algorithm not in checksums.WHOLE:
        words = f"The FULL_OBJECT checksum type cannot be used with the {algorithm.lower()} checksum algorithm."
        raise S3Error("InvalidRequest", words)
    upload = Upload(
        bucket=bucket.name, key=params["Key"], id=uuid.uuid4().hex, begun=call.now,
        initiator=call.principal.caller_arn, envelope=envelope, checksum_algorithm=algorithm, checksum_type=kind,
        **described(params),
    )  # fmt: skip
    with call.step() as step:
        step.store.put(upload)
    call.audit.event_data |= applied(envelope, by_default=encryption.is_default(params))
    call.told |= encryption.in_event(envelope)
    checksum = {"ChecksumAlgorithm": algorithm, "ChecksumType": kind} if algorithm else {}
    named = {"Bucket": bucket.name, "Key": upload.key, "UploadId": upload.id}
    return {**named, **checksum, **encryption.shown(envelope, written=True)}


@operation("object", "PutObject", changes=True)
def upload_part(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "UploadPart"."""
    upload = _begun(call, bucket, params)
    keys = _opened(call, bucket, upload, params)
    file, etag, checksum = store_body(call, params.get("Body") or Body(), keys, params, upload.envelope)
    part = Part(
        upload=upload.id, number=params["PartNumber"], file=file, etag=etag, modified=call.now, checksum=checksum[:1]
    )
    _keep(call, upload, part)
    call.audit.event_data |= {"bytesTransferredIn": file.size}
    return {"ETag": f'"{etag}"', **dict(checksum[:1]), **encryption.shown(upload.envelope)}


@operation("object", "PutObject", changes=True)
def upload_part_copy(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "UploadPartCopy"."""
    upload = _begun(call, bucket, params)
    _, found, source_keys = source(call, params)
    start, stop = copied_range(found, params.get("CopySourceRange"))
    keys = _opened(call, bucket, upload, params)
    pieces = opened(call, found, source_keys, start, stop)
    plain_etag = upload.envelope.algorithm == SSE_S3
    file, etag, checksum = write_copy(
        call, pieces, stop - start, keys, upload.checksum_algorithm, plain_etag=plain_etag
    )
    part = Part(
        upload=upload.id, number=params["PartNumber"], file=file, etag=etag, modified=call.now, checksum=checksum[:1]
    )
    _keep(call, upload, part)
    result = {"ETag": f'"{etag}"', "LastModified": part.modified, **dict(checksum[:1])}
    return {"CopyPartResult": result, **encryption.shown(upload.envelope)}


@operation("object", "PutObject", changes=True)
def complete_multipart_upload(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "CompleteMultipartUpload". With checksums, as boto3 sends them, it needs kms:Decrypt."""
    upload = _upload(call, bucket, params)
    listed = params.get("MultipartUpload", {}).get("Parts", [])
    if not listed:
        raise S3Error("MalformedXML")
    if any(name.startswith("Checksum") for each in listed for name in each) and upload.envelope.by_kms:
        _opened(call, bucket, upload, params)
    with call.step() as step:
        before = object_of(step, bucket.name, upload.key)
        check_write(before, params)
        present = {part.number: part for part in step.store.page(Part, f"part {upload.id}")}
        parts = _chosen(listed, present, upload)
        made = Object(
            bucket=bucket.name, key=upload.key, files=tuple(part.file for part in parts), etag=_etag(parts, upload),
            modified=step.now, envelope=upload.envelope, metadata=upload.metadata, described=upload.described,
            checksum=_checksum(parts, upload, params),
        )  # fmt: skip
        step.store.put(made)
        _end(step, upload, present.values())
    forget(call, before)
    kept = {part.file.name for part in parts}
    call.storage.files.delete(part.file.name for part in present.values() if part.file.name not in kept)
    call.told |= encryption.in_event(upload.envelope)
    named = {"Bucket": bucket.name, "Key": made.key, "Location": f"http://{bucket.name}.s3.amazonaws.com/{made.key}"}
    return {**named, "ETag": f'"{made.etag}"', **dict(made.checksum), **encryption.shown(made.envelope)}


def _chosen(listed: list[Params], present: dict[int, Part], upload: Upload) -> list[Part]:
    """The parts that a list names, as they are there. InvalidPartOrder, InvalidPart, EntityTooSmall."""
    numbers = [each.get("PartNumber", 0) for each in listed]
    if any(one >= next_ for one, next_ in itertools.pairwise(numbers)):
        raise S3Error("InvalidPartOrder")
    parts = []
    for number, each in zip(numbers, listed, strict=True):
        part, etag = present.get(number), each.get("ETag", "").strip('"')
        given = {name: value for name, value in each.items() if name.startswith("Checksum")}
        if part is None or part.etag != etag or any(dict(part.checksum).get(k, v) != v for k, v in given.items()):
            raise S3Error("InvalidPart", UploadId=upload.id, PartNumber=str(number), ETag=etag)
        parts.append(part)
    for part in parts[:-1]:
        if part.file.size < PART_MIN:
            raise S3Error(
                "EntityTooSmall", ProposedSize=str(part.file.size), MinSizeAllowed=str(PART_MIN),
                PartNumber=str(part.number), ETag=part.etag,
            )  # fmt: skip
    return parts


def _etag(parts: list[Part], upload: Upload) -> str:
    """As of S3's multipart objects: the MD5 of the parts' MD5s, and how many they are."""
    digest = checksums.md5()
    for part in parts:
        digest.update(bytes.fromhex(part.etag))
    return f"{digest.digest().hex()}-{len(parts)}"


def _checksum(parts: list[Part], upload: Upload, params: Params) -> Pairs:
    name, member = upload.checksum_algorithm, f"Checksum{upload.checksum_algorithm}"
    if not name:
        return ()
    if upload.checksum_type == "FULL_OBJECT":  # of the whole, which the client knows and we would have to read
        return ((member, params[member]), ("ChecksumType", "FULL_OBJECT")) if member in params else ()
    each = [dict(part.checksum).get(member) for part in parts]
    if None in each:
        raise S3Error(
            "InvalidRequest",
            f"The upload was created using a {name.lower()} checksum. "
            "The complete request must include the checksum for each part.",
        )
    whole = checksums.of_parts(name, [one for one in each if one])
    if params.get(member, whole) not in (whole, whole.rpartition("-")[0]):
        raise S3Error("BadDigest", f"The {name} you specified did not match the calculated checksum.")
    return (member, whole), ("ChecksumType", "COMPOSITE")


@operation("object", "AbortMultipartUpload", changes=True)
def abort_multipart_upload(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "AbortMultipartUpload": what was uploaded is gone."""
    with call.step() as step:
        upload = _find(step, bucket, params)
        parts = step.store.page(Part, f"part {upload.id}")
        _end(step, upload, parts)
    call.storage.files.delete(part.file.name for part in parts)
    return {}


@operation("object", "ListMultipartUploadParts")
def list_parts(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "ListParts"."""
    limit, after = min(params.get("MaxParts", 1000), 1000), int(params.get("PartNumberMarker", 0))
    with call.step() as step:
        upload = _find(step, bucket, params)
        parts = step.store.page(Part, f"part {upload.id}", after=f"{after:05}", limit=limit + 1)
    listed = [
        {"PartNumber": part.number, "LastModified": part.modified, "ETag": f'"{part.etag}"', "Size": part.file.size,
         **dict(part.checksum)}
        for part in parts[:limit]
    ]  # fmt: skip
    more = {"NextPartNumberMarker": parts[limit - 1].number} if len(parts) > limit else {}
    return {
        "Bucket": bucket.name, "Key": upload.key, "UploadId": upload.id, "PartNumberMarker": after, "MaxParts": limit,
        "IsTruncated": bool(more), "Parts": listed, "StorageClass": "STANDARD", **more,
    }  # fmt: skip


@operation("bucket", "ListBucketMultipartUploads")
def list_multipart_uploads(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "ListMultipartUploads"; all on one page."""
    prefix = params.get("Prefix", "")
    with call.step() as step:
        uploads = step.store.page(Upload, f"upload {bucket.name}")
    mine = sorted((each for each in uploads if each.key.startswith(prefix)), key=lambda each: (each.key, each.begun))
    listed: list[dict[str, Any]] = [
        {"Key": each.key, "UploadId": each.id, "Initiated": each.begun, "StorageClass": "STANDARD"} for each in mine
    ]
    return {"Bucket": bucket.name, "Prefix": prefix, "MaxUploads": 1000, "IsTruncated": False, "Uploads": listed}


def _begun(call: S3Call, bucket: Bucket, params: Params) -> Upload:
    """The upload for which a part is meant. InvalidArgument, NoSuchUpload."""
    if not 1 <= params["PartNumber"] <= PARTS_MAX:
        words = f"Part number must be an integer between 1 and {PARTS_MAX}, inclusive"
        raise argument(words, "partNumber", str(params["PartNumber"]))
    return _upload(call, bucket, params)


def _upload(call: S3Call, bucket: Bucket, params: Params) -> Upload:
    with call.step() as step:
        return _find(step, bucket, params)


def _find(step: Call, bucket: Bucket, params: Params) -> Upload:
    upload = step.store.get(Upload, f"upload {bucket.name}", params["UploadId"])
    if upload is None or upload.key != params["Key"]:
        raise S3Error("NoSuchUpload", UploadId=params["UploadId"])
    return upload


def _opened(call: S3Call, bucket: Bucket, upload: Upload, params: Params) -> DataKeys:
    customer_key = encryption.brought(params, upload.envelope)
    check_signature(call, by_kms=upload.envelope.by_kms)
    return call.storage.boundary.open(call, upload.envelope, bucket.region, upload.arn, customer_key)


def _keep(call: S3Call, upload: Upload, part: Part) -> None:
    """Keep a part in the place of an older one of its number; nothing is left of it when the upload is over by now."""
    try:
        with call.step() as step:
            if step.store.get(Upload, *upload.place[:2]) is None:
                raise S3Error("NoSuchUpload", UploadId=upload.id)
            before = step.store.get(Part, *part.place[:2])
            step.store.put(part)
    except BaseException:
        call.storage.files.delete((part.file.name,))
        raise
    call.storage.files.delete((before.file.name,) if before else ())


def _end(step: Call, upload: Upload, parts: Any) -> None:
    step.store.delete(upload)
    for part in parts:
        step.store.delete(part)
