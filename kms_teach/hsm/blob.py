"""The layout of a symmetric CiphertextBlob, and how an encryption context becomes authenticated data.

AWS publishes no layout and may change its own; this one is ours, with the first five bytes that AWS's blobs are seen to
have (so base64 starts `AQICAHg`). Like AWS's, it names in clear the key material that made it, so decryption
goes to that one material and never tries the others.

    magic(5) ‖ material id(32) ‖ salt(16) ‖ nonce(12) ‖ ciphertext(n) ‖ tag(16)
"""

from collections.abc import Mapping

from msgspec import Struct

MAGIC = bytes.fromhex("0102020078")
MATERIAL_ID_SIZE = 32  # bytes
SALT_SIZE = 16  # bytes; AWS derives a key per call from 16 random bytes as well (KMS Cryptographic Details)
NONCE_SIZE = 12  # bytes
TAG_SIZE = 16  # bytes
OVERHEAD = len(MAGIC) + MATERIAL_ID_SIZE + SALT_SIZE + NONCE_SIZE + TAG_SIZE  # 81 bytes


class Blob(Struct, frozen=True):
    """The fields of a CiphertextBlob. `body` is ciphertext ‖ tag."""

    material_id: str  # 64 hex digits
    salt: bytes
    nonce: bytes
    body: bytes

    def __bytes__(self) -> bytes:
        return self.header + self.salt + self.nonce + self.body

    @property
    def header(self) -> bytes:
        """What stands in clear and is authenticated: magic ‖ material id."""
        return MAGIC + bytes.fromhex(self.material_id)


def parse(data: bytes) -> Blob | None:
    """The fields of `data`, or None when it cannot be a blob of ours."""
    if len(data) < OVERHEAD + 1 or not data.startswith(MAGIC):
        return None
    at = len(MAGIC)
    material_id, at = data[at : at + MATERIAL_ID_SIZE].hex(), at + MATERIAL_ID_SIZE
    salt, at = data[at : at + SALT_SIZE], at + SALT_SIZE
    nonce, at = data[at : at + NONCE_SIZE], at + NONCE_SIZE
    return Blob(material_id, salt, nonce, data[at:])


def fields(data: bytes) -> tuple[tuple[str, int], ...]:
    """Name and size in bytes of each part of a blob, in order, for pictures; empty when it is not a blob of ours."""
    blob = parse(data)
    if blob is None:
        return ()
    return (
        ("version", len(MAGIC)),
        ("key material id", MATERIAL_ID_SIZE),
        ("salt", SALT_SIZE),
        ("nonce", NONCE_SIZE),
        ("ciphertext", len(blob.body) - TAG_SIZE),
        ("tag", TAG_SIZE),
    )


def additional_data(context: Mapping[str, str]) -> bytes:
    """The encryption context as bytes: count(4), then per pair, sorted by key: length(4) ‖ key ‖ length(4) ‖ value.

    Each string carries its length, so no two contexts give the same bytes: {"a": "bc"} and {"ab": "c"} differ.
    """
    strings = (string.encode() for pair in sorted(context.items()) for string in pair)
    return b"".join([len(context).to_bytes(4), *(len(string).to_bytes(4) + string for string in strings)])
