"""Where the sealed bytes of objects lie: a folder of files beside the store, or a temporary one.

A file is written whole before a record names it, and its name is never used again. So what a broken upload, or a
program that was killed, has left is a file that no record names: it is deleted at once, or when the folder is opened.
"""

import errno
import os
import shutil
import tempfile
import uuid
import weakref
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from kms_teach.s3.errors import S3Error

FULL = "no space is left for the objects: free some disk space and repeat the call"
WRITE_BUFFER = 1 << 18  # bytes


class GoneError(S3Error):
    """A file that is not there: its object was replaced or deleted just now, or somebody took it away."""

    def __init__(self) -> None:
        super().__init__("InternalError", "the file of this object is gone from the folder beside the store")


class Files:
    """The files of one simulator. folder: None for a temporary one, which goes with the simulator.

    beneath: of a copy, the files of the original; they are read, and left alone.
    """

    def __init__(self, folder: Path | None, beneath: "Files | None" = None) -> None:
        self._lasting, self._beneath = folder is not None, beneath
        self._folder = folder or Path(tempfile.mkdtemp(prefix="kms-teach-s3-"))
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._let_go = weakref.finalize(self, _remove, None if folder else self._folder)

    def write(self, pieces: Iterable[bytes]) -> str:
        """Keep these bytes; gives the name of their file. What fails half-way leaves nothing.

        Raises S3Error InternalError where the disk is full, and whatever the pieces raise.
        """
        name = uuid.uuid4().hex
        path = self._folder / name
        try:
            with path.open("xb", buffering=WRITE_BUFFER) as file:
                for piece in pieces:
                    file.write(piece)
                if self._lasting:  # an answered change survives a power cut
                    file.flush()
                    os.fsync(file.fileno())
        except BaseException as error:
            self.delete((name,))
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise S3Error("InternalError", FULL) from None
            raise
        return name

    def open(self, name: str) -> BinaryIO:
        """A file to read. GoneError where it is gone."""
        try:
            return (self._folder / name).open("rb", buffering=0)
        except FileNotFoundError:
            if self._beneath:
                return self._beneath.open(name)
            raise GoneError from None

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(OSError):
                (self._folder / name).unlink()

    def sweep(self, known: Collection[str]) -> None:
        """Delete what no record names."""
        self.delete(file.name for file in self._folder.iterdir() if file.name not in known)

    def close(self) -> None:
        self._let_go()


def _remove(folder: Path | None) -> None:
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
