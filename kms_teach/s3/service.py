"""S3's one path: a call is decided, its bytes pass, and it stands in the trail of the bucket's Region."""

from collections.abc import Mapping
from typing import Any

from kms_teach.access.principals import Principal
from kms_teach.buckets.records import BUCKETS, Bucket
from kms_teach.errors import KmsError, KMSInternalException, ValidationException
from kms_teach.operations.request import ApiRequest, Origin
from kms_teach.s3 import buckets, configuration, copying, listing, objects, replication, updating, uploads  # noqa: F401 (they fill the catalog)
from kms_teach.s3.call import S3Call
from kms_teach.s3.catalog import CATALOG, Answer, answer
from kms_teach.s3.errors import NotSimulatedError, S3Error
from kms_teach.s3.replication import replicate
from kms_teach.s3.trail import parameters
from kms_teach.service import Service

WRITES = ("PutObject", "CopyObject", "CompleteMultipartUpload")  # of which replicas are made
CALLED = {"ListObjectsV2": "ListObjects"}  # as the trail calls it


def perform(
    service: Service, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin
) -> Answer:
    """Answer one call, or raise its KmsError; in the Region of the bucket, whatever Region it is signed for."""
    operation = CATALOG.get(name)
    bucket = service.store.get(Bucket, BUCKETS, params.get("Bucket", ""))
    request = ApiRequest(principal, bucket.region if bucket else region, service.clock.now, params, origin)
    call, changes = S3Call(service, request), operation is not None and operation.changes
    told = ApiRequest(principal, request.region, request.now, parameters(params), origin)
    version, place = origin.signed
    call.audit.event_data |= {"SignatureVersion": version, "AuthenticationMethod": place}
    call.audit.data_event = operation is not None and operation.data
    called = CALLED.get(name, name)
    try:
        if operation is None:
            raise NotSimulatedError(name)
        _check(service, name, params)
        result = answer(call, operation)
    except KmsError as error:
        error = S3Error("InternalError", error.message) if isinstance(error, KMSInternalException) else error
        service.record(told, call.audit, called, "s3", changes=changes, error=error)
        raise error from None
    service.record(told, call.audit, called, "s3", changes=changes, result=call.told or None)
    if name in WRITES:
        replicate(call)
    return result


def _check(service: Service, name: str, params: Mapping[str, Any]) -> None:
    """What the model does not allow is MalformedXML where it stands in a document, else InvalidArgument."""
    try:
        service.check(name, {member: value for member, value in params.items() if member != "Body"}, "s3")
    except ValidationException as error:
        in_document = any(isinstance(value, dict) and member != "Metadata" for member, value in params.items())
        raise S3Error("MalformedXML") if in_document else S3Error("InvalidArgument", error.message) from None
