"""Lists of objects: in pages, below a prefix, and as folders, which a delimiter makes of keys."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

from kms_teach.buckets.records import Bucket, Object
from kms_teach.operations.call import Call
from kms_teach.s3.call import S3Call
from kms_teach.s3.catalog import Answer, Params, operation
from kms_teach.s3.errors import argument

PAGE = 1000  # entries of a page at most
LAST = "\U0010ffff"  # comes after every other character


class Page(NamedTuple):
    """A page of a list: objects, common prefixes, and the entry it ends with if there are more."""

    objects: list[Object]
    prefixes: list[str]
    more: str


@operation("bucket", "ListBucket", data=True)
def list_objects(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "ListObjects", which "ListObjectsV2" has replaced."""
    page = _page(call, bucket, params, params.get("Marker", ""))
    said = {"Marker": _encoded(params, params.get("Marker", ""))}
    if page.more and "Delimiter" in params:
        said["NextMarker"] = _encoded(params, page.more)
    return _told(bucket, params, page) | said


@operation("bucket", "ListBucket", data=True, name="ListObjectsV2")
def list_objects_v2(call: S3Call, bucket: Bucket, params: Params) -> Answer:
    """S3 API Reference, "ListObjectsV2"."""
    token = params.get("ContinuationToken")
    page = _page(call, bucket, params, _after(token) if token is not None else params.get("StartAfter", ""))
    said = _told(bucket, params, page) | {"KeyCount": len(page.objects) + len(page.prefixes)}
    if page.more:
        said["NextContinuationToken"] = base64.urlsafe_b64encode(page.more.encode()).decode()
    if token is not None:
        said["ContinuationToken"] = token
    if "StartAfter" in params:
        said["StartAfter"] = _encoded(params, params["StartAfter"])
    return said


def _after(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise argument("The continuation token provided is incorrect", "continuation-token", token) from None


def _page(call: S3Call, bucket: Bucket, params: Params, after: str) -> Page:
    limit, prefix, delimiter = params.get("MaxKeys", PAGE), params.get("Prefix", ""), params.get("Delimiter", "")
    if not 0 <= limit <= 2**31 - 1:
        raise argument("Argument maxKeys must be an integer between 0 and 2147483647", "maxKeys", str(limit))
    page, last = Page([], [], ""), ""
    with call.step() as step:
        for entry in _entries(step, bucket.name, prefix, delimiter, after):
            if len(page.objects) + len(page.prefixes) >= min(limit, PAGE):
                return page._replace(more=last) if last else page
            if isinstance(entry, str):
                page.prefixes.append(entry)
                last = entry
            else:
                page.objects.append(entry)
                last = entry.key
    return page


def _entries(call: Call, bucket: str, prefix: str, delimiter: str, after: str) -> Iterator[Object | str]:
    """Objects and common prefixes below a prefix and after an entry, in the order of UTF-8."""
    scope, at = f"object {bucket}", max(after, _before(prefix))
    told = ""  # whatever is not after this belongs to a common prefix that was told
    if delimiter and len(after) > len(prefix) and after.endswith(delimiter):  # on the page before
        told = after + LAST
    while found := call.store.page(Object, scope, after=max(at, told), limit=PAGE):
        for each in found:
            if each.key <= told or each.key < prefix:
                continue
            if not each.key.startswith(prefix):
                return
            end = each.key.find(delimiter, len(prefix)) if delimiter else -1
            if end < 0:
                yield each
                continue
            common = each.key[: end + len(delimiter)]
            told = common + LAST
            if common > after:
                yield common
        at = found[-1].key


def _before(prefix: str) -> str:
    """A name that comes before every key that begins so, the prefix itself among them, and after most others."""
    if not prefix or prefix[-1] in "\0\ue000":  # before which there is no character
        return prefix[:-1]
    return f"{prefix[:-1]}{chr(ord(prefix[-1]) - 1)}{LAST}"


def _told(bucket: Bucket, params: Params, page: Page) -> dict[str, Any]:
    said: dict[str, Any] = {
        "IsTruncated": bool(page.more), "Name": bucket.name, "MaxKeys": min(params.get("MaxKeys", PAGE), PAGE),
        "Prefix": _encoded(params, params.get("Prefix", "")),
        "Contents": [_entry(params, each) for each in page.objects],
        "CommonPrefixes": [{"Prefix": _encoded(params, each)} for each in page.prefixes],
    }  # fmt: skip
    if "Delimiter" in params:
        said["Delimiter"] = _encoded(params, params["Delimiter"])
    return said | ({"EncodingType": "url"} if params.get("EncodingType") == "url" else {})


def _entry(params: Params, found: Object) -> dict[str, Any]:
    """What a list says of an object; nothing of how it is encrypted."""
    entry: dict[str, Any] = {
        "Key": _encoded(params, found.key), "LastModified": found.modified, "ETag": f'"{found.etag}"',
        "Size": found.size, "StorageClass": "STANDARD",
    }  # fmt: skip
    checksum = dict(found.checksum)
    if checksum:
        name = next(name for name in checksum if name != "ChecksumType")
        entry |= {"ChecksumAlgorithm": [name.removeprefix("Checksum")], "ChecksumType": checksum["ChecksumType"]}
    return entry


def _encoded(params: Params, text: str) -> str:
    return quote(text, safe="/") if params.get("EncodingType") == "url" else text
