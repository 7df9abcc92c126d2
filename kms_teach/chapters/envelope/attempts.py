"""Four who look at a file at some moment: each tries for real, with what it has, and nothing is asserted."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from msgspec import Struct

from kms_teach.client_side.envelope import PREFIX_SIZE, DataKey, EnvelopeError, glimpse, pieces, recover, split
from kms_teach.drawing import look
from kms_teach.trail import Record

SHOWN = 6  # bytes of what was read, as proof


class Attempt(Struct, frozen=True):
    """What one of them got: whether that was the file, and how it went."""

    who: str
    got: bool
    words: str


class Memory(Struct, frozen=True):
    """What the learner's program holds at a moment; what it does not hold is empty, or None."""

    plain: bytes = b""  # the file's first bytes
    key: DataKey | None = None
    header: bytes = b""  # of the sealed file, as long as it is not stored


def attempts(
    memory: Memory, disk: Path, thief: Any, reader: Any, context: Mapping[str, str], calls: Sequence[Record]
) -> tuple[Attempt, ...]:
    """Let all four try: with the program's memory, with its disk and a client of their own, with what KMS was sent."""
    return (
        _program(memory, disk),
        _with_disk("A thief with the disk", disk, thief, context),
        _with_disk("Who has kms:Decrypt", disk, reader, context),
        _kms(calls),
    )


def _program(memory: Memory, disk: Path) -> Attempt:
    who = "A local program"
    if memory.plain:
        return Attempt(who, True, f"found the file in memory: {_proof(memory.plain)}")
    if memory.key is None:
        return Attempt(who, False, "found neither the file nor a plaintext key in memory")
    with disk.open("rb") as file:
        if memory.header:
            file.seek(len(memory.header))
            prefix, body = memory.header[-PREFIX_SIZE:], pieces(file)
        else:
            _, prefix, body = split(pieces(file))
        read = glimpse(memory.key, prefix, body)
    return Attempt(who, True, f"took the plaintext key from memory, the file from the disk: {_proof(read)}")


def _with_disk(who: str, disk: Path, kms: Any, context: Mapping[str, str]) -> Attempt:
    if not disk.exists():
        return Attempt(who, False, "found nothing on the disk")
    encrypted = b""
    try:
        with disk.open("rb") as file:
            encrypted, prefix, body = split(pieces(file))
            with recover(kms, encrypted, context) as key:
                return Attempt(who, True, f"had KMS decrypt the stored key: {_proof(glimpse(key, prefix, body))}")
    except EnvelopeError:
        return Attempt(who, False, "found ciphertext on the disk, and no key with it yet")
    except ClientError as error:
        request = "asked KMS to decrypt the stored key" if encrypted else "had no encrypted key to send to KMS"
        refusal = error.response["Error"]
        words = f": {refusal['Message']}" if refusal.get("Message") else ", and no further word"
        return Attempt(who, False, f"{request}: `{refusal['Code']}`{words}")


def _kms(calls: Sequence[Record]) -> Attempt:
    who = "KMS by itself"
    if not calls:
        return Attempt(who, False, "was sent nothing")
    sent = sum(sum(call.sent.values()) for call in calls)
    plain = sum(call.sent.get("Plaintext", 0) for call in calls)
    names = ", then ".join(f"`{call.operation}`" for call in calls)
    return Attempt(who, plain > 0, f"was sent {names}: {look.size(sent)} of data, {look.size(plain)} of the file")


def _proof(data: bytes) -> str:
    """The first bytes, so that one can see that they were read."""
    return f"it begins `{data[:SHOWN].hex(' ')}`"
