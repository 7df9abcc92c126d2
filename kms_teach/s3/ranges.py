"""The Range header: which bytes of an object are asked for. RFC 9110, section 14; S3 answers one range only."""

import re

from kms_teach.s3.errors import S3Error

RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.ASCII)


def asked(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, one past the last), or None for the whole. A header that is none is passed over. InvalidRange."""
    parts = RANGE.fullmatch((header or "").replace(" ", ""))
    if parts is None or parts[0] == "bytes=-":
        return None
    first, last = parts[1], parts[2]
    if not first:  # the last so many
        count = int(last)
        start, stop = max(size - count, 0), size
        none = count == 0
    else:
        start, stop = int(first), min(int(last) + 1 if last else size, size)
        if last and int(last) < start:
            return None
        none = start >= size
    if none or size == 0:
        raise S3Error("InvalidRange", RangeRequested=header or "", ActualObjectSize=str(size))
    return start, stop
