"""Bodies of S3's requests: the bytes of an object as they come, out of AWS's chunks, and checked against their hash.

S3 API Reference, "Authenticating Requests: x-amz-content-sha256" and "Transferring payload in multiple chunks". A body
is read when S3 asks for it, not before, so that a gigabyte passes piece by piece.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from kms_teach.s3 import checksums
from kms_teach.s3.body import Body
from kms_teach.s3.errors import NotSimulatedError, S3Error
from kms_teach.wire.exchange import Exchange

HASH = "x-amz-content-sha256"
UNSIGNED, CHUNKED = "UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
DOCUMENT_MAX = 8 << 20  # bytes; the longest, 10,000 parts, have two million
LINE_MAX = 4096  # bytes of a chunk's head, or of a trailer
BROKEN = "the chunks of this body are not as their format asks"


def body_of(exchange: Exchange) -> Body:
    """The body of a request that carries an object."""
    headers, pieces = exchange.headers, exchange.pieces if exchange.pieces is not None else iter((exchange.body,))
    claimed, chunked = headers.get(HASH, UNSIGNED), "aws-chunked" in headers.get("content-encoding", "")
    if claimed == CHUNKED or (chunked and claimed == UNSIGNED):
        trailer: dict[str, str] = {}
        length = _length(headers, "x-amz-decoded-content-length")
        return Body(_unchunked(pieces, trailer), length, headers.get("x-amz-trailer", ""), trailer)
    if claimed.startswith("STREAMING-"):
        raise NotSimulatedError(f"a body of {claimed}")
    length = _length(headers, "content-length")
    if length is None and "transfer-encoding" not in headers:
        length = 0 if exchange.pieces is not None else len(exchange.body)
    return Body(pieces if claimed == UNSIGNED else _hashed(pieces, claimed), length)


def whole(exchange: Exchange) -> bytes:
    """A body that is a document, read and checked whole. EntityTooLarge, BadDigest, XAmzContentSHA256Mismatch."""
    body, data = body_of(exchange), bytearray()
    for piece in body.pieces:
        data += piece
        if len(data) > DOCUMENT_MAX:
            raise S3Error("EntityTooLarge", ProposedSize=str(len(data)), MaxSizeAllowed=str(DOCUMENT_MAX))
    given = {**exchange.headers, **body.trailer}
    for name, make in checksums.ALGORITHMS.items():
        if value := given.get(f"{checksums.HEADER}{name.lower()}"):
            digest = make()
            digest.update(bytes(data))
            checksums.check(name, value, digest.digest())
    if "content-md5" in given:
        md5 = checksums.md5()
        md5.update(bytes(data))
        checksums.check_md5(given["content-md5"], md5.digest())
    return bytes(data)


def _length(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _hashed(pieces: Iterator[bytes], claimed: str) -> Iterator[bytes]:
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    if digest.hexdigest() != claimed:
        raise S3Error(
            "XAmzContentSHA256Mismatch", ClientComputedContentSHA256=claimed, S3ComputedContentSHA256=digest.hexdigest()
        )


def _unchunked(pieces: Iterator[bytes], trailer: dict[str, str]) -> Iterator[bytes]:
    """size in hex \\r\\n bytes \\r\\n … 0 \\r\\n name:value \\r\\n … \\r\\n"""
    reader = _Reader(pieces)
    while size := _size(reader.line()):
        yield from reader.take(size)
        if reader.line():
            raise S3Error("InvalidRequest", BROKEN)
    while line := reader.line():
        name, _, value = line.decode("latin-1").partition(":")
        trailer[name.strip().lower()] = value.strip()


def _size(line: bytes) -> int:
    try:
        return int(line.partition(b";")[0], 16)
    except ValueError:
        raise S3Error("InvalidRequest", BROKEN) from None


class _Reader:
    """Lines and counted bytes out of pieces of any size."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, bytearray()

    def line(self) -> bytes:
        while (end := self._held.find(b"\r\n")) < 0:
            if len(self._held) > LINE_MAX or not self._more():
                raise S3Error("IncompleteBody" if len(self._held) <= LINE_MAX else "InvalidRequest")
        line = bytes(self._held[:end])
        del self._held[: end + 2]
        return line

    def take(self, size: int) -> Iterator[bytes]:
        while size:
            if not self._held and not self._more():
                raise S3Error("IncompleteBody")
            piece = bytes(self._held[:size])
            del self._held[:size]
            size -= len(piece)
            yield piece

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        self._held += piece or b""
        return piece is not None
