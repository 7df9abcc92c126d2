"""One call to S3: its steps in the store, what it asks of KMS, and what is left of it in the trail.

An object's bytes take their time, so that a call is not one transaction: it looks and asks in one step, reads or writes
the bytes, and keeps the record in another. Between them KMS is called, as the caller, by the path of every call.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from kms_teach.access.decision import Decision
from kms_teach.access.principals import Principal
from kms_teach.access.reasons import Check
from kms_teach.access.sentences import REACHED
from kms_teach.buckets.records import BUCKETS, Bucket, Object
from kms_teach.errors import AccessDeniedException, KmsError
from kms_teach.operations.audit import Audit
from kms_teach.operations.call import Call
from kms_teach.operations.request import ApiRequest, Origin
from kms_teach.s3.errors import S3Error
from kms_teach.s3.storage import Storage, storage
from kms_teach.service import Service

INVOKED_BY = "fas.s3.amazonaws.com"  # what the trail of KMS calls S3 when it passes a caller's request on (2026)
HINDERED = ("KMSInternalException",)  # what is no answer of KMS's


class S3Call:
    """A call as an operation of S3 sees it."""

    def __init__(self, service: Service, request: ApiRequest, invoked_by: str = INVOKED_BY) -> None:
        self._service, self.request, self._invoked_by, self.audit = service, request, invoked_by, Audit()
        self.told: dict[str, Any] = {}  # responseElements of the event

    @property
    def principal(self) -> Principal:
        return self.request.principal

    @property
    def params(self) -> Mapping[str, Any]:
        return self.request.params

    @property
    def now(self) -> datetime:
        return self._service.clock.now

    @property
    def storage(self) -> Storage:
        return storage(self._service)

    @contextmanager
    def step(self) -> Iterator[Call]:
        """What happens inside is one transaction. No body is read and no other service is called in it."""
        with self._service.step(self.request, self.audit) as call:
            yield call

    def kms(self, operation: str, **params: Any) -> Mapping[str, Any]:
        """Call KMS as the caller, in the Region of the bucket. What KMS refuses is an error of S3's."""
        region = self.request.region
        origin = Origin(
            source_ip=self.request.origin.source_ip,
            via_service=f"s3.{region}.amazonaws.com",
            invoked_by=self._invoked_by,
        )
        try:
            answer = self._service.perform(self.principal, region, operation, params, origin)
        except KmsError as error:
            raise passed_on(operation, error, self.principal) from None
        assert answer is not None
        return answer

    def about(self, bucket: Bucket, arn: str = "") -> None:
        """Note for the trail which bucket it is about, and which object of it."""
        if arn:
            self.audit.buckets.append(("AWS::S3::Object", arn, bucket.account))
        self.audit.buckets.append(("AWS::S3::Bucket", bucket.arn, bucket.account))

    def elsewhere(self, region: str) -> "S3Call":
        """The same call in another Region, as far as KMS is concerned."""
        other = S3Call(self._service, replace(self.request, region=region))
        other.audit = self.audit
        return other

    def acting(self, principal: Principal, region: str, invoked_by: str) -> "S3Call":
        """What S3 does as another, such as the role of replication, in what it keeps of its own accord."""
        return S3Call(self._service, replace(self.request, principal=principal, region=region), invoked_by)


def passed_on(operation: str, error: KmsError, caller: Principal) -> S3Error:
    """An error of KMS's as S3 says it: code and words of KMS's, but for a denial, which looks like S3's own."""
    if error.code in HINDERED:
        return S3Error("InternalError", error.message)
    if error.code == "ThrottlingException":
        return S3Error("SlowDown")
    if not isinstance(error, AccessDeniedException):
        return S3Error(f"KMS.{error.code}", error.message)
    decision, words = error.decision, error.message
    if operation == "Decrypt" and (decision is None or _untold(decision, caller)):
        words = f"User: {caller.caller_arn} is not authorized to perform: kms:Decrypt on {REACHED}"
    return S3Error("AccessDenied", words, decision)


def _untold(decision: Decision, caller: Principal) -> bool:
    """Whether it is another account's key policy that denies, of which the caller is told nothing."""
    step = decision.decisive
    silent = step.check in (Check.NAMED, Check.DELEGATED, Check.REACH)
    return decision.resource.split(":")[4] != caller.account and (silent or step.kind == "key policy")


def bucket_of(call: Call, name: str) -> Bucket | None:
    return call.store.get(Bucket, BUCKETS, name)


def object_of(call: Call, bucket: str, key: str) -> Object | None:
    return call.store.get(Object, f"object {bucket}", key)
