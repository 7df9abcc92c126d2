"""Encrypt on one page: what goes in, what is refused, how the key is found again, what a context is for."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from kms_teach.chapters.encrypt.blob_facts import TITLES, Pairs, difference, words
from kms_teach.drawing import look, scene
from kms_teach.drawing.look import KMS
from kms_teach.drawing.marks import EXTENTS
from kms_teach.drawing.page import Panel, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.specs import MESSAGE_MAX
from kms_teach.trail import Record

TITLE = "Encrypt is for small things, and the blob knows its key"
STRING, TAG, BESIDE = 22, 80, 26  # px: from ciphertext to tag, the tag's width, from it to the middle of the eye


class EncryptFacts(Struct, frozen=True):
    """Four calls of a run: one Encrypt that fits, one too large, one Decrypt that opens, one with another context."""

    sent: int  # bytes
    returned: int
    too_large: int
    too_large_code: str
    named: bool  # whether Decrypt was told the KeyId
    opened: int
    context: Pairs  # as the trail shows it
    mismatch: Pairs
    mismatch_code: str
    mismatch_message: str

    @classmethod
    def of(cls, encrypt: Record, too_large: Record, decrypt: Record, mismatch: Record) -> "EncryptFacts":
        """Read the facts off four records of the trail. Raises ValueError when one is not what its name says."""
        refused = [record.error for record in (too_large, mismatch)]
        if not all(refused) or not encrypt.worked or not decrypt.worked:
            raise ValueError("give an Encrypt that worked, one too large, a Decrypt that worked, one refused")
        return cls(
            encrypt.sent["Plaintext"],
            encrypt.returned["CiphertextBlob"],
            too_large.sent["Plaintext"],
            refused[0],
            "keyId" in decrypt.parameters,
            decrypt.returned["Plaintext"],
            _context_of(decrypt),
            _context_of(mismatch),
            refused[1],
            mismatch.event.get("errorMessage", ""),
        )

    @property
    def panels(self) -> tuple[tuple[str, str], ...]:
        """Give the four messages, each with its evidence."""
        fits = f"{look.size(self.sent)} went to KMS, a CiphertextBlob of {look.size(self.returned)} came back."
        larger = f"{look.size(self.too_large)}: {self.too_large_code}. You encrypt it yourself, with a data key."
        named = "with its KeyId" if self.named else "without a KeyId"
        finds_key = f"Decrypt {named} gave the {look.size(self.opened)} back. RSA ciphertext names no key."
        context = (
            f"It is no secret, the trail shows {words(self.context)}. {TITLES[difference(self.context, self.mismatch)]}"
        )
        return (
            (f"It takes up to {MESSAGE_MAX:,} bytes", fits),
            ("What is larger is refused", larger),
            ("The blob names its key", finds_key),
            ("The context must match", f"{context}: {self.mismatch_code}, {self.mismatch_message or 'no message'}."),
        )


def _context_of(record: Record) -> Pairs:
    return tuple(record.parameters.get("encryptionContext", {}).items())


def encrypt_page(facts: EncryptFacts) -> Picture:
    """Draw the chapter on one page."""
    panels = [Panel(message, evidence, draw) for (message, evidence), draw in zip(facts.panels, DRAWN, strict=True)]
    line = f"Encrypt on one page: {facts.sent} bytes in, {facts.returned} out; {facts.too_large} {facts.too_large_code}"
    return page("encrypt", TITLE, panels, f"{line}; another context {facts.mismatch_code}")


def _too_large(d: Drawing, x: float, y: float) -> None:
    for back in (2, 1):  # more sheets than one, behind it
        d.use("sheet", x + scene.OPERATION.left - 6 * back, y + scene.OPERATION.top - 4 * back)
    scene.operation(d, x, y, "Encrypt", "sheet", "denied")


def _context(d: Drawing, x: float, y: float) -> None:
    """A ciphertext with its context on a string, and who can see that."""
    left, cipher = x + scene.OPERATION.left, EXTENTS["cipher"]
    point = left + cipher.width + STRING
    d.use("cipher", left, y - cipher.height / 2)
    d.path("M", left + cipher.width, y, "H", point + 10, stroke=KMS.mark)
    scene.tag(d, point, y, TAG)
    d.text(point + 20, y + 4.5, "context", weight=650, fill=KMS.text)
    d.use("sees", point + TAG + BESIDE, y)


DRAWN: tuple[Callable[[Drawing, float, float], None], ...] = (
    partial(scene.operation, name="Encrypt", taken="sheet", given="cipher"),
    _too_large,
    partial(scene.operation, name="Decrypt", taken="cipher", given="sheet"),
    _context,
)
