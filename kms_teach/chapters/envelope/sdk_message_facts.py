"""An AWS Encryption SDK message taken apart: every byte belongs to a field of one table.

AWS Encryption SDK Developer Guide, "Message format reference". Nothing here decrypts: what is read stands in clear.
"""

from collections.abc import Iterator

from msgspec import Struct

from kms_teach.drawing import look

LAST_FRAME = b"\xff\xff\xff\xff"
FRAMED = 2  # content type; 1 is one piece without frames
CONTEXT, KEYS = "encryption context", "encrypted data keys"

# version of the format: its header, field by field, with bytes where they are fixed
HEADERS: dict[int, tuple[tuple[str, int], ...]] = {
    2: (
        ("version", 1), ("algorithm suite", 2), ("message id", 32), (CONTEXT, 0), (KEYS, 0), ("content type", 1),
        ("frame length", 4), ("key commitment", 32), ("header tag", 16),
    ),
    1: (
        ("version", 1), ("type", 1), ("algorithm suite", 2), ("message id", 16), (CONTEXT, 0), (KEYS, 0),
        ("content type", 1), ("reserved", 4), ("nonce length", 1), ("frame length", 4), ("header nonce", 12),
        ("header tag", 16),
    ),
}  # fmt: skip
STARTS = (b"\x02", b"\x01\x80")
SUITES = {
    0x0578: "AES-256-GCM, key commitment, signed",
    0x0478: "AES-256-GCM, key commitment",
    0x0378: "AES-256-GCM, signed",
    0x0178: "AES-256-GCM",
}
SIGNED = {0x0578, 0x0378, 0x0346, 0x0214}
NOTES = {  # field: what is in it, or what it is for
    "version": "of the format: {version}",
    "type": "customer authenticated encrypted data",
    "algorithm suite": "{suite}",
    "message id": "random: each message has its own",
    CONTEXT: "{pairs}",
    KEYS: "{wrapped}",
    "content type": "{content}",
    "frame length": "{length:,} bytes of data in each frame but the last",
    "reserved": "zeros",
    "nonce length": "{nonce} bytes",
    "header nonce": "for the header's tag",
    "key commitment": "ties the message to one data key",
    "header tag": "authenticates all that stands before it",
    "body": "{plaintext}, encrypted; in {frames} a nonce and a tag",
    "signature": "the key to verify it is in the encryption context",
}
NO_MESSAGE = "this is no message of the AWS Encryption SDK in format 1 or 2: give one that it returned"


class Part(Struct, frozen=True):
    """Some bytes of a message: the field they belong to, what they are in it, and their value."""

    field: str
    name: str
    value: bytes

    @property
    def size(self) -> int:
        return len(self.value)


class Message(Struct, frozen=True):
    """A message's parts, in order; together they are the message."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, data: bytes) -> "Message":
        """Take a message apart. Raises ValueError for anything else, and for one that is cut off or too long."""
        if not data.startswith(STARTS):
            raise ValueError(NO_MESSAGE)
        return cls(tuple(_parts(data)))

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def fields(self) -> dict[str, int]:
        """Bytes of each field, in order."""
        sizes: dict[str, int] = {}
        for part in self.parts:
            sizes[part.field] = sizes.get(part.field, 0) + part.size
        return sizes

    def values(self, field: str, name: str = "") -> list[bytes]:
        """What stands in a field's parts of this name."""
        return [part.value for part in self.parts if part.field == field and part.name == (name or field)]

    def number(self, field: str) -> int:
        return int.from_bytes(self.values(field)[0])

    @property
    def version(self) -> int:
        return self.number("version")

    @property
    def suite(self) -> str:
        """The algorithm suite, as number and in words."""
        number = self.number("algorithm suite")
        return f"0x{number:04X}: {SUITES.get(number, 'a suite of its own')}"

    @property
    def context(self) -> tuple[tuple[str, str], ...]:
        """The encryption context, which stands in the message in clear."""
        keys, values = (self.values(CONTEXT, name) for name in ("key", "value"))
        return tuple((key.decode(), value.decode()) for key, value in zip(keys, values, strict=True))

    @property
    def keys(self) -> tuple[tuple[str, str, int], ...]:
        """Of each encrypted data key: who encrypted it, under which KMS key, and its bytes."""
        names = ("provider", "key ARN", "encrypted data key")
        data_keys = zip(*(self.values(KEYS, name) for name in names), strict=True)
        return tuple((provider.decode(), arn.decode(), len(key)) for provider, arn, key in data_keys)

    @property
    def plaintext(self) -> int:
        """Bytes of the data that it holds."""
        return sum(part.size for part in self.parts if part.name == "ciphertext")

    @property
    def frames(self) -> int:
        return sum(part.name == "ciphertext" for part in self.parts)

    @property
    def rows(self) -> list[tuple[str, int, str]]:
        """Of each field: its name, its bytes, what is in it."""
        values = {
            "version": self.version,
            "suite": self.suite,
            "pairs": ", ".join(f"{key}={value}" for key, value in self.context) or "none",
            "wrapped": "; ".join(f"{look.size(size)} for {arn} of {provider}" for provider, arn, size in self.keys),
            "content": "in frames" if self.number("content type") == FRAMED else "in one piece",
            "length": self.number("frame length"),
            "nonce": self.number("nonce length") if self.version == 1 else 0,
            "plaintext": look.size(self.plaintext),
            "frames": "its one piece" if self.frames == 1 else f"each of {self.frames} frames",
        }
        return [(name, size, NOTES[name].format_map(values)) for name, size in self.fields.items()]

    @property
    def head(self) -> int:
        """Bytes before the body."""
        return sum(part.size for part in self.parts if part.field not in ("body", "signature"))


class _Bytes:
    """A message being read from its beginning."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, field: str, name: str, size: int) -> Part:
        value = self.data[self.at : self.at + size]
        if len(value) < size:
            raise ValueError(f"the message ends within its {field}: it was cut off, fetch it again")
        self.at += size
        return Part(field, name, value)

    def counted(self, field: str, name: str) -> Iterator[Part]:
        """Two bytes of length, and so many bytes."""
        yield (length := self.take(field, "length", 2))
        yield self.take(field, name, int.from_bytes(length.value))


def _parts(data: bytes) -> Iterator[Part]:
    rest = _Bytes(data)
    fixed: dict[str, int] = {}
    for name, size in HEADERS[data[0]]:
        if name == CONTEXT:
            yield from _context(rest)
        elif name == KEYS:
            yield from _keys(rest)
        else:
            part = rest.take(name, name, size)
            fixed[name] = int.from_bytes(part.value)
            yield part
    framed = fixed["content type"] == FRAMED
    yield from _frames(rest, fixed["frame length"]) if framed else _one_piece(rest)
    if fixed["algorithm suite"] in SIGNED:
        yield from rest.counted("signature", "signature")
    if rest.at < len(data):
        raise ValueError(f"the message has {len(data) - rest.at} bytes too many at its end: fetch it again")


def _context(rest: _Bytes) -> Iterator[Part]:
    yield (length := rest.take(CONTEXT, "length", 2))
    if int.from_bytes(length.value):
        yield (count := rest.take(CONTEXT, "count", 2))
        for _ in range(int.from_bytes(count.value)):
            yield from rest.counted(CONTEXT, "key")
            yield from rest.counted(CONTEXT, "value")


def _keys(rest: _Bytes) -> Iterator[Part]:
    yield (count := rest.take(KEYS, "count", 2))
    for _ in range(int.from_bytes(count.value)):
        for name in ("provider", "key ARN", "encrypted data key"):
            yield from rest.counted(KEYS, name)


def _frames(rest: _Bytes, length: int) -> Iterator[Part]:
    last = False
    while not last:
        yield (number := rest.take("body", "frame number", 4))
        last, size = number.value == LAST_FRAME, length
        if last:
            yield rest.take("body", "frame number", 4)
        yield rest.take("body", "nonce", 12)
        if last:
            yield (left := rest.take("body", "length", 4))
            size = int.from_bytes(left.value)
        yield rest.take("body", "ciphertext", size)
        yield rest.take("body", "tag", 16)


def _one_piece(rest: _Bytes) -> Iterator[Part]:
    yield rest.take("body", "nonce", 12)
    yield (length := rest.take("body", "length", 8))
    yield rest.take("body", "ciphertext", int.from_bytes(length.value))
    yield rest.take("body", "tag", 16)
