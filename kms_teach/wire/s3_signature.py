"""Signatures of requests to S3: in a header, or in the query of a presigned URL; over the path as it was encoded.

S3 API Reference, "Authenticating Requests (AWS Signature Version 4)". The hash of a body is a header, which is signed;
whether the body is what it says is seen when the body has been read (`uploads`). In the query there is also the older
Version 2, "Signing and authenticating REST requests": boto3 presigns so, where it is not told otherwise.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote

from msgspec import Struct

from kms_teach.errors import IncompleteSignatureException, InvalidSignatureException
from kms_teach.s3.errors import S3Error
from kms_teach.wire import signature
from kms_teach.wire.exchange import Exchange
from kms_teach.wire.signature import ALGORITHM, MISMATCH, TERMINATOR, Credential
from kms_teach.wire.uploads import HASH, UNSIGNED

NAME = "s3"
IN_HEADER, PRESIGNED, OLD = ("SigV4", "AuthHeader"), ("SigV4", "QueryString"), ("SigV2", "QueryString")  # CloudTrail's
SKEW = timedelta(minutes=15)
LONGEST = 604_800  # seconds that a presigned URL is good for
IN_QUERY = re.compile(r"[?&](X-Amz-(Signature|Credential)|AWSAccessKeyId)=")
TOO_LONG = (
    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 "
    "seconds"
)
MISSING = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)
MISSING_OLD = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
# What of the query Version 2 signs; the rest, among it `list-type`, it leaves out.
OLD_SUBRESOURCES = {
    "acl", "cors", "delete", "encryption", "lifecycle", "location", "logging", "notification", "partNumber", "policy",
    "replication", "requestPayment", "response-cache-control", "response-content-disposition",
    "response-content-encoding", "response-content-language", "response-content-type", "response-expires", "restore",
    "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website",
}  # fmt: skip


class Signed(Struct, frozen=True):
    """What a request was signed with."""

    access_key: str
    token: str
    region: str
    credential: Credential | None  # None with Version 2
    stamp: str
    text: str
    mac: str

    def verify(self, secret: str) -> None:
        """InvalidSignatureException unless it was made with this secret."""
        if self.credential:
            signature.compare(secret, self.credential, self.stamp, self.text)
            return
        made = base64.b64encode(hmac.digest(secret.encode(), self.text.encode(), "sha1")).decode()
        if not hmac.compare_digest(made.encode(), self.mac.encode()):
            raise InvalidSignatureException(MISMATCH)


def is_presigned(exchange: Exchange) -> bool:
    return IN_QUERY.search(exchange.path) is not None


def form(exchange: Exchange) -> tuple[str, str]:
    """Version and place of a request's signature."""
    if not is_presigned(exchange):
        return IN_HEADER
    return OLD if "AWSAccessKeyId=" in exchange.path else PRESIGNED


def signed(exchange: Exchange, now: datetime | None = None) -> Signed:
    """Read the signature of a request, and check that it is for S3, of now, and over what must be signed."""
    now = now or datetime.now(UTC).replace(microsecond=0)
    if not is_presigned(exchange):
        return _in_header(exchange, now)
    path, _, query = exchange.path.partition("?")
    asked = dict(parse_qsl(query, keep_blank_values=True))
    return (_old if "AWSAccessKeyId" in asked else _in_query)(exchange, path, query, asked, now)


def _in_header(exchange: Exchange, now: datetime) -> Signed:
    headers = exchange.headers
    given = signature.credential(headers["authorization"])
    if HASH not in headers:
        raise S3Error("InvalidRequest", f"Missing required header for this request: {HASH}")
    stamp = headers.get("x-amz-date", "")
    _check_scope(given, stamp)
    at = signature.moment(stamp)
    if at is None:
        raise S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header")
    if abs(now - at) > SKEW:
        most = str(SKEW.seconds * 1000)
        extras = {"RequestTime": stamp, "ServerTime": _iso(now), "MaxAllowedSkewMilliseconds": most}
        raise S3Error("RequestTimeTooSkewed", **extras)
    path, _, query = exchange.path.partition("?")
    text, token = _canonical(exchange, path, query, given, headers[HASH]), headers.get("x-amz-security-token", "")
    return Signed(given.access_key, token, given.region, given, stamp, text, "")


def _in_query(exchange: Exchange, path: str, query: str, asked: Mapping[str, str], now: datetime) -> Signed:
    names = ("Algorithm", "Credential", "Signature", "Date", "SignedHeaders", "Expires")
    algorithm, credential, mac, stamp, listed, expires = (asked.get(f"X-Amz-{name}", "") for name in names)
    at, scope = signature.moment(stamp), credential.split("/")
    if algorithm != ALGORITHM or at is None or len(scope) != 5 or not (mac and listed and _is_number(expires)):
        raise S3Error("AuthorizationQueryParametersError", MISSING)
    if int(expires) > LONGEST:
        raise S3Error("AuthorizationQueryParametersError", TOO_LONG)
    access_key, date, region, service, terminator = scope
    given = Credential(access_key, date, region, service, terminator, frozenset(listed.split(";")), mac)
    _check_scope(given, stamp)
    _check_expiry(at + timedelta(seconds=int(expires)), now, expires)
    if at - now > SKEW:
        raise S3Error("AccessDenied", "Request is not valid yet")
    unsigned = [name for name in exchange.headers if name.startswith("x-amz-") and name not in given.signed]
    if unsigned and unsigned != [HASH]:
        words = "There were headers present in the request which were not signed"
        raise S3Error("AccessDenied", words, HeadersNotSigned=", ".join(unsigned))
    rest = "&".join(pair for pair in query.split("&") if not pair.startswith("X-Amz-Signature="))
    payload = asked.get("X-Amz-Content-Sha256") or exchange.headers.get(HASH, UNSIGNED)
    text, token = _canonical(exchange, path, rest, given, payload), asked.get("X-Amz-Security-Token", "")
    return Signed(access_key, token, region, given, stamp, text, "")


def _old(exchange: Exchange, path: str, query: str, asked: Mapping[str, str], now: datetime) -> Signed:
    mac, expires = asked.get("Signature", ""), asked.get("Expires", "")
    if not mac or not _is_number(expires):
        raise S3Error("AccessDenied", MISSING_OLD)
    _check_expiry(datetime.fromtimestamp(int(expires), UTC), now, "")
    token = asked.get("x-amz-security-token", "")
    headers = {**exchange.headers, **({"x-amz-security-token": token} if token else {})}
    amz = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers) if name.startswith("x-amz-"))
    named = sorted(pair for pair in query.split("&") if pair.partition("=")[0] in OLD_SUBRESOURCES)
    resource = (f"/{exchange.bucket}" if exchange.bucket else "") + quote(unquote(path), "/~")
    resource += f"?{'&'.join(unquote(pair) for pair in named)}" if named else ""
    begin = (exchange.method, headers.get("content-md5", ""), headers.get("content-type", ""), expires)
    text = "\n".join(begin) + f"\n{amz}{resource}"
    return Signed(asked["AWSAccessKeyId"], token, "us-east-1", None, "", text, mac)


def _check_expiry(until: datetime, now: datetime, expires: str) -> None:
    if now > until:
        extras = {"X-Amz-Expires": expires} if expires else {}
        raise S3Error("AccessDenied", "Request has expired", **extras, Expires=_iso(until), ServerTime=_iso(now))


def _check_scope(given: Credential, stamp: str) -> None:
    malformed = "The authorization header is malformed; "
    if given.service != NAME:
        words = f'{malformed}incorrect service "{given.service}". This endpoint belongs to "s3".'
        raise IncompleteSignatureException(words)
    if given.terminator != TERMINATOR or given.date != stamp[:8]:
        raise IncompleteSignatureException(f"{malformed}the credential's scope is not that of the request.")
    if "host" not in given.signed:
        raise InvalidSignatureException(MISMATCH)


def _canonical(exchange: Exchange, path: str, query: str, given: Credential, payload: str) -> str:
    headers = {name: exchange.headers.get(name, "") for name in sorted(given.signed)}
    return signature.canonical(exchange.method, unquote(path), query, headers, payload)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
