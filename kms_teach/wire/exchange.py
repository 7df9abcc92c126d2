"""One HTTP exchange: the request as it came, the reply to it, and an error as every protocol can write it."""

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from kms_teach.access.principals import Principal
from kms_teach.operations.request import HERE, Origin

FORM = "application/x-www-form-urlencoded"


class Exchange(Struct, frozen=True):
    """A request as it came; header names are lower-case.

    caller, region, api: for whom this process vouches, and what is asked, where no signature has crossed a wire.
    pieces: the body of a request to S3, still to be read. bucket: the one that stands in front of the host's name.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    origin: Origin = HERE
    caller: Principal | None = None
    region: str = ""
    api: str = ""
    pieces: Iterator[bytes] | None = None
    bucket: str = ""

    @property
    def is_form(self) -> bool:
        return self.headers.get("content-type", "").startswith(FORM)


class Reply(Struct, frozen=True):
    """What goes back. pieces: the bytes of an object instead of a body, sent as they are read."""

    status: int
    headers: dict[str, str]
    body: bytes
    pieces: Iterator[bytes] | None = None


class Refusal(Struct, frozen=True):
    """An error in the words of the service that was asked. AWS sends some without a message."""

    code: str
    message: str | None
    status: int
    extras: Mapping[str, str] = field(default_factory=dict)  # what S3 tells beside, by element


def reply(status: int, request_id: str, body: bytes, content_type: str, **headers: str) -> Reply:
    """A reply with the headers that AWS gives to all; an underscore in a name given here stands for a hyphen."""
    always = {"content-type": content_type, "x-amzn-RequestId": request_id, "content-length": str(len(body))}
    if headers:
        always |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, always, body)
