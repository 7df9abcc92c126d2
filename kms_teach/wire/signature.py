"""This is Signature Version 4, checked by signing again and comparing. The tests hold it against botocore's signer.

IAM User Guide, "AWS Signature Version 4 for API requests". Why not botocore's signer itself: it takes longer than the
whole call. The time in a signature is the real one: the simulator's clock tells what happens to keys, not when a
request was sent.
"""

import functools
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from kms_teach.errors import IncompleteSignatureException, InvalidSignatureException

HEADER = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=(?P<key>[^/, ]+)/(?P<date>[0-9]{8})/(?P<region>[a-z0-9-]+)"
    r"/(?P<service>kms|sts)/aws4_request,"
    r" *SignedHeaders=(?P<signed>[a-z0-9;-]+), *Signature=(?P<signature>[0-9a-f]{64})"
)
STAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
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
    at = _time(stamp)
    if at is None:
        raise IncompleteSignatureException("the header X-Amz-Date is missing, or not a time such as 20260101T000000Z")
    if abs(datetime.now(UTC) - at) > TOLERANCE:
        raise InvalidSignatureException(
            f"Signature expired: {stamp} is not within {TOLERANCE.seconds // 60} min of the time here"
        )
    if not {"host", "x-amz-date"} <= given.signed:
        raise IncompleteSignatureException("the headers Host and X-Amz-Date must be signed")
    payload = sha256(body).hexdigest()
    if headers.get("x-amz-content-sha256", payload) != payload:
        raise InvalidSignatureException(MISMATCH)  # the signature would be of that header, not of the body that came
    request = _canonical(method, path, {name: headers.get(name, "") for name in sorted(given.signed)}, payload)
    scope = f"{stamp[:8]}/{given.region}/{given.service}/aws4_request"
    signed = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    if not hmac.compare_digest(_mac(_signing_key(secret, scope), signed).hex(), given.signature):
        raise InvalidSignatureException(MISMATCH)


def _time(stamp: str) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp) if STAMP.fullmatch(stamp) else None
    except ValueError:
        return None


def _canonical(method: str, target: str, headers: Mapping[str, str], payload: str) -> str:
    path, _, query = target.partition("?")
    lines = [f"{name}:{' '.join(value.split())}" for name, value in headers.items()]
    pairs = "&".join(sorted(query.split("&"), key=lambda pair: pair.partition("=")))
    return "\n".join([method, quote(path, "/~"), pairs, *lines, "", ";".join(headers), payload])


@functools.lru_cache(maxsize=1024)
def _signing_key(secret: str, scope: str) -> bytes:
    """A secret's key for one day, Region and service."""
    return functools.reduce(_mac, scope.split("/"), f"AWS4{secret}".encode())


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
