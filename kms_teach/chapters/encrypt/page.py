"""This is Encrypt on one page: what goes in, what is refused, how the key is found again, what a context is for."""

from dataclasses import dataclass

from kms_teach.chapters.encrypt.blob_facts import TITLES, Pairs, difference, words
from kms_teach.drawing import look
from kms_teach.drawing.look import KMS, WHITE
from kms_teach.drawing.page import Panel, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.specs import MESSAGE_MAX
from kms_teach.trail import Record

TITLE = "Encrypt is for small things, and the blob knows its key"


@dataclass(frozen=True, slots=True)
class EncryptFacts:
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
        refused = [record.event.get("errorCode", "") for record in (too_large, mismatch)]
        if not all(refused) or "errorCode" in encrypt.event or "errorCode" in decrypt.event:
            raise ValueError("give an Encrypt that worked, one too large, a Decrypt that worked, one refused")
        return cls(
            encrypt.sent["Plaintext"],
            encrypt.returned["CiphertextBlob"],
            too_large.sent["Plaintext"],
            refused[0],
            "keyId" in (decrypt.event["requestParameters"] or {}),
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
        found = f"Decrypt {named} gave the {look.size(self.opened)} back. RSA ciphertext names no key."
        context = (
            f"It is no secret, the trail shows {words(self.context)}. {TITLES[difference(self.context, self.mismatch)]}"
        )
        return (
            (f"It takes up to {MESSAGE_MAX:,} bytes", fits),
            ("What is larger is refused", larger),
            ("The blob names its key", found),
            ("The context must match", f"{context}: {self.mismatch_code}, {self.mismatch_message or 'no message'}."),
        )


def _context_of(record: Record) -> Pairs:
    return tuple((record.event["requestParameters"] or {}).get("encryptionContext", {}).items())


def encrypt_page(facts: EncryptFacts) -> Picture:
    """Draw the chapter on one page."""
    panels = [Panel(message, evidence, draw) for (message, evidence), draw in zip(facts.panels, DRAWN, strict=True)]
    line = f"Encrypt on one page: {facts.sent} bytes in, {facts.returned} out; {facts.too_large} {facts.too_large_code}"
    return page("encrypt", TITLE, panels, f"{line}; another context {facts.mismatch_code}")


def _fits(d: Drawing, x: float, y: float) -> None:
    d.use("sheet", x - 88, y - 22)
    d.arrow(x - 42, y, x + 42, y, above="Encrypt")
    d.use("cipher", x + 52, y - 22)


def _too_large(d: Drawing, x: float, y: float) -> None:
    for at in range(3):
        d.use("sheet", x - 98 + 6 * at, y - 26 + 4 * at)
    d.arrow(x - 42, y, x + 42, y, above="Encrypt")
    d.use("denied", x + 70, y, 1.6)


def _names(d: Drawing, x: float, y: float) -> None:
    d.use("cipher", x - 88, y - 22)
    d.arrow(x - 42, y, x + 42, y, above="Decrypt")
    d.use("sheet", x + 52, y - 22)


def _context(d: Drawing, x: float, y: float) -> None:
    d.use("cipher", x - 88, y - 22)
    d.path("M", x - 52, y, "H", x - 30, stroke=KMS.mark)
    d.path("M", x - 20, y - 13, "H", x + 50, "V", y + 13, "H", x - 20, "L", x - 30, y + 4, "V", y - 4, "Z",
           fill=WHITE, stroke=KMS.mark)  # fmt: skip
    d.circle(x - 20, y, 2.6, fill=KMS.mark)
    d.text(x - 10, y + 4.5, "context", weight=650, fill=KMS.text)
    d.use("sees", x + 76, y)


DRAWN = (_fits, _too_large, _names, _context)
