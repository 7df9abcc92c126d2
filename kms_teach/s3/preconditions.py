"""Conditional requests: those that are answered only if an object is, or is not, what the caller thinks.

S3 User Guide, "Conditional requests"; RFC 9110, section 13: with If-Match given, If-Unmodified-Since is not looked at,
and with If-None-Match given, If-Modified-Since is not.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kms_teach.buckets.records import Object
from kms_teach.s3.errors import NotSimulatedError, S3Error

Params = Mapping[str, Any]


def check_read(found: Object, params: Params) -> None:
    """Raise PreconditionFailed or NotModified where a read is not to be answered."""
    if (failed := _failed(found, params, "")) is None:
        return
    raise S3Error("NotModified") if failed in NOT_MODIFIED else S3Error("PreconditionFailed", Condition=failed)


def check_source(source: Object, params: Params) -> None:
    """The same of the source of a copy, for which there is no NotModified."""
    if failed := _failed(source, params, "CopySource"):
        raise S3Error("PreconditionFailed", Condition=f"x-amz-copy-source-{failed}")


def check_write(found: Object | None, params: Params) -> None:
    """Raise where a write is to replace an object only if it is that one, or none at all."""
    wanted, unwanted = params.get("IfMatch"), params.get("IfNoneMatch")
    if unwanted is not None and unwanted != "*":
        raise NotSimulatedError("If-None-Match with an ETag on a write")
    if unwanted is not None and found is not None:
        raise S3Error("PreconditionFailed", Condition="If-None-Match")
    if wanted is not None and found is None:
        raise S3Error("NoSuchKey")
    if wanted is not None and found is not None and not _names(wanted, found):
        raise S3Error("PreconditionFailed", Condition="If-Match")


NOT_MODIFIED = ("If-None-Match", "If-Modified-Since")


def _failed(found: Object, params: Params, prefix: str) -> str | None:
    """The header of the condition that does not hold."""
    match, none_match = params.get(f"{prefix}IfMatch"), params.get(f"{prefix}IfNoneMatch")
    if match is not None:
        if not _names(match, found):
            return "If-Match"
    elif (since := params.get(f"{prefix}IfUnmodifiedSince")) and _second(found.modified) > since:
        return "If-Unmodified-Since"
    if none_match is not None:
        return "If-None-Match" if _names(none_match, found) else None
    since = params.get(f"{prefix}IfModifiedSince")
    return "If-Modified-Since" if since and _second(found.modified) <= since else None


def _names(header: str, found: Object) -> bool:
    return any(each.strip().removeprefix("W/").strip('"') in ("*", found.etag) for each in header.split(","))


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)  # as Last-Modified says it
