"""What a CiphertextBlob and one try to open it amount to, in words: the facts that the picture draws."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from kms_teach.drawing import look
from kms_teach.hsm.blob import fields
from kms_teach.trail import Record

Pairs = tuple[tuple[str, str], ...]

HIDDEN = "ciphertext"  # the one field that tells nothing without the key
TO_SCALE = 128  # bytes of ciphertext; a longer one is drawn shorter than it is
MATERIAL_ID = "key material id"
PARTS = {  # field: what it is for; what a changed bit does
    "version": ("how to read the rest", "it is no blob any more"),
    MATERIAL_ID: ("names the key material", "KMS looks for another key"),
    "salt": ("random: a key for this call", "the tag no longer fits"),
    "nonce": ("random: AES-GCM starts here", "the tag no longer fits"),
    HIDDEN: ("your {size}, encrypted", "the tag no longer fits"),
    "tag": ("checks it all, context too", "the tag no longer fits"),
}


class BlobFacts(Struct, frozen=True):
    """A blob, and the Decrypt that was tried on it, if one was. `sealed` is the encryption context of Encrypt."""

    fields: tuple[tuple[str, int], ...]  # name and size in bytes, in order
    sealed: Pairs = ()
    brought: Pairs | None = None  # the context of Decrypt; None: not tried
    flipped: tuple[int, int] | None = None  # byte, from 1, and bit, 7 to 0
    opened: int | None = None  # bytes of plaintext that came back
    code: str = ""
    message: str = ""  # AWS's words; for InvalidCiphertextException it has none

    @classmethod
    def of(cls, blob: bytes, context: Mapping[str, str] | None = None) -> "BlobFacts":
        """Read the fields off a blob. Raises ValueError when it is none of ours."""
        parts = fields(blob)
        if not parts:
            raise ValueError("this is no CiphertextBlob of a symmetric key: give one that Encrypt returned")
        return cls(parts, tuple((context or {}).items()))

    def tried(
        self, decrypt: Record, context: Mapping[str, str] | None = None, flipped: tuple[int, int] | None = None
    ) -> "BlobFacts":
        """Add what Decrypt answered, with the context it was sent and the bit that was flipped before, if one was."""
        return replace(
            self,
            brought=tuple((context or {}).items()),
            flipped=flipped,
            opened=decrypt.returned.get("Plaintext"),
            code=decrypt.error,
            message=decrypt.event.get("errorMessage", ""),
        )

    @property
    def size(self) -> int:
        """Give the bytes of the whole blob."""
        return sum(size for _, size in self.fields)

    @property
    def plaintext(self) -> int:
        """Give the bytes that it hides."""
        return dict(self.fields)[HIDDEN]

    @property
    def hit(self) -> str:
        """Name the field of the flipped byte, "" without one."""
        if self.flipped is None:
            return ""
        end = 0
        return next(name for name, size in self.fields if self.flipped[0] <= (end := end + size))

    @property
    def title(self) -> str:
        """Give the message of the picture."""
        if self.brought is None:
            return f"A blob names its key and hides your {look.size(self.plaintext)}"
        if self.flipped is not None:
            ends = {"version": "it is no blob any more", MATERIAL_ID: "KMS looks for another key"}
            return f"One flipped bit, and {ends.get(self.hit, 'nothing opens')}"
        return TITLES[difference(self.sealed, self.brought)]

    @property
    def second(self) -> str:
        """Say what is drawn."""
        if self.flipped is not None:
            return f"Bit {self.flipped[1]} of byte {self.flipped[0]:,} of {self.size:,} is flipped, in the {self.hit}"
        drawn = "drawn to scale" if self.plaintext <= TO_SCALE else "the ciphertext drawn shorter than it is"
        return f"A CiphertextBlob of {look.size(self.size)}, {drawn}"

    @property
    def outcome(self) -> str:
        """Say what Decrypt answered, in a sentence, "" when it was not tried."""
        if self.brought is None:
            return ""
        if self.opened is not None:
            return f"Decrypt opened it: {look.size(self.opened)} came back."
        return f"Decrypt refused, {self.code}: {self.message or 'AWS sends no message with it'}."

    @property
    def rows(self) -> list[tuple[str, int, bool, str, str]]:
        """Give each field: name, size, whether anyone can read it, what it is for, what a changed bit does."""
        return [
            (name, size, name != HIDDEN, PARTS[name][0].format(size=look.size(size)), PARTS[name][1])
            for name, size in self.fields
        ]


def difference(sealed: Pairs, brought: Pairs) -> str:
    """Name what distinguishes two encryption contexts: a word of TITLES."""
    before, after = dict(sealed), dict(brought)
    if before == after:
        return "order" if sealed != brought else "same"
    if not after:
        return "none"
    if _folded(before) == _folded(after):
        return "case"
    if after.items() < before.items():
        return "missing"
    return "extra" if after.items() > before.items() else "other"


TITLES = {
    "same": "Same blob, same context: it opens",
    "order": "The pairs in another order: it opens all the same",
    "none": "Without its context, nothing opens",
    "case": "One letter in another case, and nothing opens",
    "missing": "One pair missing, and nothing opens",
    "extra": "One pair too many, and nothing opens",
    "other": "Another context, and nothing opens",
}


def words(pairs: Pairs) -> str:
    """Write a context as a reader would: name=value, name=value."""
    return ", ".join(f"{name}={value}" for name, value in pairs) or "none"


def _folded(context: Mapping[str, str]) -> set[tuple[str, str]]:
    return {(name.casefold(), value.casefold()) for name, value in context.items()}
