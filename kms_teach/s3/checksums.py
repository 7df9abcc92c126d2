"""Checksums of objects: those that a request brings, computed on the way and compared.

S3 User Guide, "Checking object integrity for data uploads". Python has CRC-32 and the hashes; the other CRCs are from a
table here, which is slow, and the XXHASH family is refused by name.
"""

import base64
import binascii
import functools
import hashlib
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from kms_teach.s3.errors import NotSimulatedError, S3Error


class Digest(Protocol):
    """What hashlib gives."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class Crc:
    """A reflected CRC of `size` bytes, all ones before and after."""

    def __init__(self, size: int, step: Callable[[bytes, int], int]) -> None:
        self._size, self._step, self._value = size, step, 0

    def update(self, data: bytes) -> None:
        self._value = self._step(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._size)


@functools.cache
def _table(polynomial: int) -> tuple[int, ...]:
    def entry(value: int) -> int:
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        return value

    return tuple(entry(value) for value in range(256))


def _tabled(polynomial: int, ones: int) -> Callable[[bytes, int], int]:
    def step(data: bytes, value: int) -> int:
        table, value = _table(polynomial), value ^ ones
        for byte in data:
            value = table[(value ^ byte) & 0xFF] ^ value >> 8
        return value ^ ones

    return step


CRC32C = _tabled(0x82F63B78, 0xFFFFFFFF)  # Castagnoli's polynomial, reflected
CRC64NVME = _tabled(0x9A6C9329AC4BC9B5, 0xFFFFFFFFFFFFFFFF)  # NVM Express NVM Command Set Specification, reflected

ALGORITHMS: Mapping[str, Callable[[], Digest]] = {  # as members end: ChecksumCRC32
    "CRC32":     lambda: Crc(4, zlib.crc32),
    "CRC32C":    lambda: Crc(4, CRC32C),
    "CRC64NVME": lambda: Crc(8, CRC64NVME),
    "SHA1":      lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256":    hashlib.sha256,
    "SHA512":    hashlib.sha512,
}  # fmt: skip
WHOLE = ("CRC32", "CRC32C", "CRC64NVME")  # those that can be FULL_OBJECT of a multipart upload
HEADER = "x-amz-checksum-"


class Digests(dict[str, Digest]):
    """The digests that a body is measured with, by name."""

    def update(self, data: bytes) -> None:  # type: ignore[override] # of the digests, not of the dictionary
        for digest in self.values():
            digest.update(data)


def algorithm(params: Mapping[str, Any], trailers: str = "") -> str:
    """The algorithm of the checksum that a request brings, in a header or behind its body; "" for none."""
    named = [name.removeprefix("Checksum") for name in params if name.startswith("Checksum")]
    given = [name for name in named if name not in ("Algorithm", "Type", "Mode")]
    announced = trailers.strip().lower()
    if announced.startswith(HEADER):
        given.append(announced.removeprefix(HEADER).upper())
    if len(given) > 1:
        raise S3Error(
            "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    for name in given:
        if name not in ALGORITHMS:
            raise NotSimulatedError(f"the checksum {name}")
    return given[0] if given else ""


def check(name: str, given: str, digest: bytes) -> None:
    """BadDigest unless the checksum that was given is that of the bytes; InvalidRequest when it is none."""
    if _decoded(given, len(digest)) is None:
        raise S3Error("InvalidRequest", f"Value for {HEADER}{name.lower()} header is invalid.")
    if _decoded(given, len(digest)) != digest:
        raise S3Error("BadDigest", f"The {name} you specified did not match the calculated checksum.")


def check_md5(given: str, digest: bytes) -> None:
    """The same for Content-MD5."""
    if _decoded(given, len(digest)) is None:
        raise S3Error("InvalidDigest", **{"Content-MD5": given})
    if _decoded(given, len(digest)) != digest:
        calculated = base64.b64encode(digest).decode()
        raise S3Error("BadDigest", ExpectedDigest=given, CalculatedDigest=calculated)


def of_parts(name: str, parts: list[str]) -> str:
    """The checksum of the checksums of parts, with their number."""
    digest = ALGORITHMS[name]()
    for part in parts:
        digest.update(base64.b64decode(part))
    return f"{encoded(digest.digest())}-{len(parts)}"


def md5() -> Digest:
    """For ETags and Content-MD5."""
    return hashlib.md5(usedforsecurity=False)


def encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _decoded(text: str, size: int) -> bytes | None:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if len(data) == size else None
