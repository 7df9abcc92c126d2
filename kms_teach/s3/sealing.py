"""An object's bytes under its data keys: sealed in pieces, so that a range opens only the pieces that it is in.

    salt(32) for each layer ‖ then of each 65,536 bytes: ciphertext ‖ tag(16) for each layer

Each layer seals with AES-256-GCM under a key derived from its data key and its salt, with the number of the piece as
the nonce and `is it the last?` as authenticated data. Claim: no key meets a nonce twice, since the salt is random for
each file and a file's pieces are numbered; and pieces of a file cannot be exchanged, dropped or cut off at the end
without notice. It rests on os.urandom being random and on HMAC-SHA-256 being a PRF.

This module, with `boundary`, plays the inside of S3: plaintext data keys exist in these two alone.
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kms_teach.s3.errors import S3Error

PIECE = 65_536  # bytes
SALT_SIZE, TAG_SIZE = 32, 16  # bytes
DAMAGED = "the bytes of this object are not those that were stored: put back the folder beside the store"


class DataKeys:
    """The data keys of an object, one for each layer, open. They cannot be copied, pickled or shown."""

    def __init__(self, *keys: bytes) -> None:
        self.__keys = keys

    def seal(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The file of a stream of bytes."""
        salts = [os.urandom(SALT_SIZE) for _ in self.__keys]
        yield b"".join(salts)
        ciphers = self.__ciphers(salts)
        for number, piece, last in _numbered(pieces):
            nonce, final = number.to_bytes(12), b"\1" if last else b"\0"
            sealed = piece
            for cipher in ciphers:
                sealed = cipher.encrypt(nonce, sealed, final)
            yield sealed

    def open(self, file: BinaryIO, size: int, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop` of the `size` in a file."""
        ciphers = self.__ciphers([file.read(SALT_SIZE) for _ in self.__keys])
        last = max(size - 1, 0) // PIECE
        stride = PIECE + TAG_SIZE * len(ciphers)
        file.seek(SALT_SIZE * len(ciphers) + start // PIECE * stride)
        for number in range(start // PIECE, max(stop - 1, 0) // PIECE + 1):
            piece = file.read(stride)
            nonce, final = number.to_bytes(12), b"\1" if number == last else b"\0"
            try:
                for cipher in reversed(ciphers):
                    piece = cipher.decrypt(nonce, piece, final)
            except InvalidTag:
                raise S3Error("InternalError", DAMAGED) from None
            begin = number * PIECE
            yield piece[max(start - begin, 0) : stop - begin]

    def __ciphers(self, salts: list[bytes]) -> list[AESGCM]:
        return [AESGCM(_derived(key, salt)) for key, salt in zip(self.__keys, salts, strict=True)]

    def __repr__(self) -> str:
        return "DataKeys(closed)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("data keys cannot be copied or pickled: they never leave S3 plain")


def _derived(key: bytes, salt: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(b"kms_teach pieces of an object" + salt)
    return mac.finalize()


def _numbered(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """The same bytes in pieces of one size, each with its number, and whether it is the last; at least one."""
    held, number = bytearray(), 0
    for each in pieces:
        held += each
        while len(held) > PIECE:
            yield number, bytes(held[:PIECE]), False
            del held[:PIECE]
            number += 1
    yield number, bytes(held), True
