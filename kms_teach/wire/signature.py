"""Signature Version 4, checked by signing again and comparing. The tests hold it against botocore's signer.

IAM User Guide, "AWS Signature Version 4 for API requests" and "Troubleshoot signed requests for AWS APIs". Why not
botocore's signer itself: it takes longer than the whole call. The time in a signature is the real one: the simulator's
clock tells what happens to keys, not when a request was sent.
"""

import base64
import functools
import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from kms_teach.errors import IncompleteSignatureException, InvalidSignatureException
from kms_teach.keys.names import REGION

ALGORITHM, TERMINATOR = "AWS4-HMAC-SHA256", "aws4_request"
SERVICE = re.compile(r"[^/,]*/[^/,]*/[^/,]*/([A-Za-z0-9-]{1,64})/")  # of what follows the first `Credential=`
HEADER = re.compile(  # as the SDKs write it
    rf"{ALGORITHM} +Credential=([^/, ]*)/([^/, ]*)/([^/, ]*)/([^/, ]*)/([^/, ]*), *"
    r"SignedHeaders=([^, ]+), *Signature=([^, ]+)"
)
STAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
MUST_BE_SIGNED = {  # where they are sent; the words for the first are AWS's
    "host": "'Host' or ':authority'",
    "x-amz-date": "'X-Amz-Date'",
    "x-amz-target": "'X-Amz-Target'",
}
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
    "Key and signing method. Consult the service documentation for details."
)


class Credential(NamedTuple):
    access_key: str
    date: str
    region: str
    service: str
    terminator: str
    signed: frozenset[str]
    signature: str

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{self.terminator}"


def service(header: str) -> str:
    """The service that an Authorization header is signed for; "" if that is not to be seen."""
    named = SERVICE.match(header.partition("Credential=")[2])
    return named[1] if named else ""


def credential(header: str) -> Credential:
    """Read an Authorization header. IncompleteSignatureException when it is not Signature Version 4's."""
    parts = HEADER.fullmatch(header)
    key, date, region, name, terminator, signed, mac = parts.groups() if parts else _parts(header)
    return Credential(key, date, region, name, terminator, frozenset(signed.split(";")), mac)


def _parts(header: str) -> tuple[str, ...]:
    """The parts of a header that is written in another order than the SDKs write it, or not whole."""
    algorithm, _, rest = header.partition(" ")
    pairs = (pair.strip().partition("=") for pair in rest.split(",")) if algorithm == ALGORITHM else ()
    given = {name: value for name, _, value in pairs}
    missing = [name for name in ("Credential", "Signature", "SignedHeaders") if not given.get(name)]
    if missing:
        needed = " ".join(f"Authorization header requires '{name}' parameter." for name in missing)
        raise IncompleteSignatureException(f"{needed} {_hashed(header)}")
    scope = given["Credential"].split("/")
    if len(scope) != 5:
        raise IncompleteSignatureException(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
            f"got '{given['Credential']}'"
        )
    return *scope, given["SignedHeaders"], given["Signature"]


def _hashed(header: str) -> str:
    """AWS repeats a header that it cannot read only as its hash."""
    digest = base64.b64encode(sha256(header.encode()).digest()).decode()
    return f"(Hashed with SHA-256 and encoded with Base64) Authorization={digest}"


def check(
    given: Credential, headers: Mapping[str, str], name: str, *, skew: int, regional: bool, now: datetime | None = None
) -> None:
    """Raise InvalidSignatureException unless the right headers are signed, just now, for the service of this name.

    skew: minutes between the signer's clock and ours. regional: whether a Region must be named. Before the signature
    itself and before who has signed, as at AWS.
    """
    stamp = headers.get("x-amz-date", "")
    at = moment(stamp)
    if at is None:
        raise IncompleteSignatureException(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            + _hashed(headers.get("authorization", ""))
        )
    for header, words in MUST_BE_SIGNED.items():
        if header not in given.signed and (header == "host" or header in headers):
            raise InvalidSignatureException(f"{words} must be a 'SignedHeader' in the AWS Authorization.")
    _check_time(at, now or datetime.now(UTC), timedelta(minutes=skew))
    faults = " ".join(_faults(given, stamp, name, regional))
    if faults:
        raise InvalidSignatureException(faults)


def _check_time(at: datetime, now: datetime, skew: timedelta) -> None:
    now, minutes = now.replace(microsecond=0), skew.seconds // 60
    if abs(now - at) <= skew:
        return
    late = at < now
    stamp, limit, here = (f"{time:%Y%m%dT%H%M%SZ}" for time in (at, now - skew if late else now + skew, now))
    if late:
        raise InvalidSignatureException(
            f"Signature expired: {stamp} is now earlier than {limit} ({here} - {minutes} min.)"
        )
    raise InvalidSignatureException(
        f"Signature not yet current: {stamp} is still later than {limit} ({here} + {minutes} min.)"
    )


def _faults(given: Credential, stamp: str, name: str, regional: bool) -> Iterator[str]:
    """What is wrong with the scope; AWS says all of it at once."""
    if regional and not REGION.fullmatch(given.region):
        yield f"Credential should be scoped to a valid region, not '{given.region}'."
    if given.service != name:
        yield f"Credential should be scoped to correct service: '{name}'."
    if given.terminator != TERMINATOR:
        yield f"Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{given.terminator}'."
    if given.date != stamp[:8]:
        yield (
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{given.date}' != '{stamp[:8]}', from '{stamp}'."
        )


def verify(secret: str, given: Credential, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raise InvalidSignatureException unless the whole request was signed with `secret`."""
    payload = sha256(body).hexdigest()
    if headers.get("x-amz-content-sha256", payload) != payload:
        raise InvalidSignatureException(MISMATCH)  # the signature would be of that header, not of the body that came
    target, _, query = path.partition("?")
    signed = {name: headers.get(name, "") for name in sorted(given.signed)}
    compare(secret, given, headers.get("x-amz-date", ""), canonical(method, target, query, signed, payload))


def compare(secret: str, given: Credential, stamp: str, request: str) -> None:
    """Raise InvalidSignatureException unless a canonical request was signed with `secret`."""
    scope = given.scope
    signed = f"{ALGORITHM}\n{stamp}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    if not hmac.compare_digest(_mac(_signing_key(secret, scope), signed).hex(), given.signature):
        raise InvalidSignatureException(MISMATCH)


def moment(stamp: str) -> datetime | None:
    """The time in a stamp such as 20151120T202346Z; None for what is none."""
    try:
        return datetime.fromisoformat(stamp) if STAMP.fullmatch(stamp) else None
    except ValueError:
        return None


def canonical(method: str, path: str, query: str, headers: Mapping[str, str], payload: str) -> str:
    """The canonical request. path: encoded once already, which all services but S3 encode again."""
    lines = [f"{name}:{' '.join(value.split())}" for name, value in headers.items()]
    pairs = sorted(pair.partition("=") for pair in query.split("&") if pair)
    asked = "&".join(f"{name}={value}" for name, _, value in pairs)
    return "\n".join([method, quote(path, "/~"), asked, *lines, "", ";".join(headers), payload])


@functools.lru_cache(maxsize=1024)
def _signing_key(secret: str, scope: str) -> bytes:
    """A secret's key for one day, Region and service."""
    return functools.reduce(_mac, scope.split("/"), f"AWS4{secret}".encode())


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
