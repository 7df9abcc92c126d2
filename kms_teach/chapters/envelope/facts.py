"""Envelope encryption as facts: where each thing is at a step, and what KMS got.

`envelope` draws them; words, table and drawing come from the one record, so that they cannot disagree.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from kms_teach.drawing import look
from kms_teach.trail import Record

STEPS = (
    "ask KMS for a data key",
    "get both copies of it",
    "encrypt the file here",
    "store the key with the file",
    "discard the plaintext key",
    "Decrypt the key, later",
    "open the file here again",
)
ASK, GET, SEAL, STORE, DISCARD, DECRYPT, OPEN = range(1, len(STEPS) + 1)

# mistake: the step from which it shows, and its name for a person
MISTAKES = {
    "forget": (DISCARD, "forget to discard the plaintext key"),
    "lose": (STORE, "lose the encrypted key"),
    "data": (DECRYPT, "change one byte of the data"),
    "key": (DECRYPT, "change one byte of the encrypted key"),
}

TITLES = {
    0: "The file lies open in memory; KMS knows nothing of it",
    ASK: "KMS is asked for a key, and is sent no data",
    GET: "One new key arrives twice: plain, and encrypted",
    SEAL: "Encrypted here: not one byte of the file went to KMS",
    STORE: "The file is encrypted, but the key to it still lies in memory",
    DISCARD: "The plaintext key is gone: only KMS can bring it back",
    DECRYPT: "KMS decrypts the key, and never sees the file",
    OPEN: "Opened again, and KMS handled nothing but the key",
    ("forget", DISCARD): "Not discarded: whoever reads this memory needs no KMS",
    ("forget", DECRYPT): "Not discarded: KMS decrypts a key that was never gone",
    ("forget", OPEN): "Opened again, and the key still lies about in memory",
    ("lose", STORE): "The encrypted key is not stored, and nothing tells you",
    ("lose", DISCARD): "Both copies of the key are gone: the file is lost",
    ("lose", DECRYPT): "Without its encrypted key the file is lost, to KMS as well",
    ("data", OPEN): "One changed byte is noticed, and the file is refused",
    ("key", DECRYPT): "One changed byte in the key, and KMS refuses it",
}


class Exchange(Struct, frozen=True):
    """One call to KMS: the bytes of each parameter and member, as its trail record counts them."""

    operation: str
    sent: Mapping[str, int]
    returned: Mapping[str, int]

    @classmethod
    def of(cls, record: Record) -> "Exchange":
        return cls(record.operation, record.sent, record.returned)


class Refusal(Struct, frozen=True):
    """Why it does not open: an error's code and words, in whose words they are."""

    code: str
    words: str
    whose: str = "AWS"


class Envelope(Struct, frozen=True):
    """The facts of one moment: `step` 0 is before the first. `stored` is the ciphertext's size on the disk."""

    step: int
    name: str
    size: int
    key: str
    region: str
    calls: tuple[Exchange, ...] = ()
    stored: int = 0
    mistake: str = ""
    refused: Refusal | None = None
    same: bool | None = None  # whether the file that came out is the file that went in

    @classmethod
    def of(cls, records: Sequence[Record], step: int, name: str, size: int, key: str, **more: Any) -> "Envelope":
        """Take the calls from the trail: the last GenerateDataKey, and at its step the last Decrypt."""
        last = {record.operation: record for record in records}
        steps = (("GenerateDataKey", ASK), ("Decrypt", DECRYPT))
        calls = tuple(Exchange.of(last[operation]) for operation, since in steps if step >= since)
        return cls(step, name, size, key, last["GenerateDataKey"].event["awsRegion"], calls, **more)

    def struck(self, mistake: str) -> bool:
        """Whether this mistake was made, and shows by now."""
        return self.mistake == mistake and self.step >= MISTAKES[mistake][0]

    @property
    def wrong(self) -> bool:
        """Whether the mistake shows in what there is to see now."""
        return bool(self.mistake) and self.struck(self.mistake) and (self.mistake != "data" or self.step == OPEN)

    @property
    def plain_in_memory(self) -> bool:
        return self.step < SEAL or (self.step == OPEN and not self.refused)

    @property
    def key_in_memory(self) -> bool:
        if self.step < GET:
            return False
        came_back = self.step == DECRYPT and not self.refused
        return self.step < DISCARD or came_back or self.struck("forget")

    @property
    def key_stored(self) -> bool:
        return self.step >= STORE and not self.struck("lose")

    @property
    def plain_key(self) -> int:
        """Bytes of the plaintext data key."""
        return self.calls[0].returned["Plaintext"] if self.calls else 0

    @property
    def encrypted_key(self) -> int:
        """Bytes of the encrypted data key."""
        return self.calls[0].returned["CiphertextBlob"] if self.calls else 0

    @property
    def sent(self) -> int:
        return sum(sum(call.sent.values()) for call in self.calls)

    @property
    def returned(self) -> int:
        """Bytes that came back; the answer to step 1 is step 2."""
        return 0 if self.step < GET else sum(sum(call.returned.values()) for call in self.calls)

    @property
    def of_the_file(self) -> int:
        """Bytes of the file that KMS was sent: what any call carried as Plaintext."""
        return sum(call.sent.get("Plaintext", 0) for call in self.calls)

    @property
    def title(self) -> str:
        return TITLES.get((self.mistake, self.step)) or TITLES[self.step]

    @property
    def second(self) -> str:
        """What is drawn."""
        if not self.step:
            return f"Envelope encryption, before step 1 of {len(STEPS)}"
        return f"Envelope encryption, step {self.step} of {len(STEPS)}"

    @property
    def traffic(self) -> str:
        """What crossed so far, in one line."""
        calls = f"{len(self.calls)} call{'' if len(self.calls) == 1 else 's'}"
        return f"{calls}, {look.size(self.sent)} to KMS, {look.size(self.returned)} back"

    @property
    def seen(self) -> str:
        """What KMS knows of it all."""
        if not self.calls:
            return "nothing yet."
        if self.step == ASK:
            return "a request, and no data."
        if self.step < DECRYPT:
            return "a request. It keeps no copy of the data key."
        if self.struck("lose"):
            return "a request, then one with no key in it."
        return f"a request, then {'a changed' if self.struck('key') else 'the encrypted'} key. Of the file nothing."

    @property
    def outcome(self) -> str:
        """How it ended, or "" while it goes on."""
        if self.refused:
            words, whose = self.refused.words, self.refused.whose
            message = f", in {whose}'s words: {words}" if words else f"; {whose} gives no further words"
            return f"Refused: {self.refused.code}{message}"
        if self.same is None:
            return ""
        return f"The file that came out is {'' if self.same else 'not '}the file that went in: SHA-256 says so"
