"""This is Signature Version 4, checked by signing again with botocore's own signer and comparing.

IAM User Guide, "AWS Signature Version 4 for API requests". The time in a signature is the real one: the simulator's
clock tells what happens to keys, not when a request was sent.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from kms_teach.errors import IncompleteSignatureException, InvalidSignatureException

HEADER = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<key>[^/, ]+)/(?P<date>[0-9]{8})/(?P<region>[a-z0-9-]+)"
    r"/(?P<service>kms|sts)/aws4_request,"
    r" *SignedHeaders=(?P<signed>[a-z0-9;-]+), *Signature=(?P<signature>[0-9a-f]{64})"
)
TOLERANCE = timedelta(minutes=5)  # between the signer's clock and ours, as at AWS
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
    "Key and signing method. Consult the service documentation for details."
)


class Credential(NamedTuple):
    access_key: str
    region: str
    service: str
    signed: frozenset[str]
    signature: str


def credential(header: str) -> Credential:
    """Read an Authorization header. IncompleteSignatureException when it is not Signature Version 4's."""
    found = HEADER.fullmatch(header)
    if found is None:
        raise IncompleteSignatureException(
            "the Authorization header is not one of AWS Signature Version 4 for kms or sts"
        )
    signed = frozenset(found["signed"].split(";"))
    return Credential(found["key"], found["region"], found["service"], signed, found["signature"])


def verify(secret: str, given: Credential, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raise InvalidSignatureException unless the request was signed with `secret`, whole, and within five minutes."""
    stamp = headers.get("x-amz-date", "")
    try:
        at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise IncompleteSignatureException(
            "the header X-Amz-Date is missing, or not a time such as 20260101T000000Z"
        ) from None
    if abs(datetime.now(UTC) - at) > TOLERANCE:
        raise InvalidSignatureException(
            f"Signature expired: {stamp} is not within {TOLERANCE.seconds // 60} min of the time here"
        )
    if not {"host", "x-amz-date"} <= given.signed:
        raise IncompleteSignatureException("the headers Host and X-Amz-Date must be signed")
    claimed = headers.get("x-amz-content-sha256")
    if claimed is not None and claimed != sha256(body).hexdigest():
        raise InvalidSignatureException(MISMATCH)  # the signature would be of that header, not of the body that came
    signer = _AsSigned(Credentials(given.access_key, secret), given.service, given.region)
    request = AWSRequest(
        method, f"http://{headers.get('host', '')}{path}", {k: v for k, v in headers.items() if k in given.signed}, body
    )
    request.context["timestamp"] = stamp
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    if not hmac.compare_digest(expected, given.signature):
        raise InvalidSignatureException(MISMATCH)


class _AsSigned(SigV4Auth):  # type: ignore[misc]  # botocore carries no types
    """botocore's signer leaves some headers out when it signs; other SDKs sign them."""

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        return request.headers
