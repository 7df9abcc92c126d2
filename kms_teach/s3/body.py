"""The body of a request that carries an object, as it comes: read once, measured and checked on the way."""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from kms_teach.s3.checksums import Digests
from kms_teach.s3.errors import S3Error


class Body(Struct):
    """length: as the request declares it, None if it does not.

    announced: the header that is to come behind the bytes. trailer: what came there, once they are read.
    """

    pieces: Iterable[bytes] = ()
    length: int | None = 0
    announced: str = ""
    trailer: dict[str, str] = field(default_factory=dict)


class Measured(Struct):
    """The bytes of a body, counted and digested as they pass. Read it whole before asking it anything."""

    body: Body
    digests: Digests
    size: int = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.body.pieces:
            self.size += len(piece)
            self.digests.update(piece)
            yield piece
        if self.body.length is not None and self.size != self.body.length:
            raise S3Error(
                "IncompleteBody", NumberBytesExpected=str(self.body.length), NumberBytesProvided=str(self.size)
            )
