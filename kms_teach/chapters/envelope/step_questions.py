"""The question family of "Envelope encryption" that plays its steps, in the order that is given."""

from random import Random

from kms_teach.client_side import envelope
from kms_teach.teaching.question import Asked, Order, Tried, ordering
from kms_teach.teaching.trial import NOTE, shared

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
NONCE = bytes(12)  # one message under each data key

ASK, SEAL, DISCARD, STORE = (
    "call `GenerateDataKey`", "encrypt the file with the plaintext data key", "discard the plaintext data key",
    "write the encrypted file and the encrypted data key to disk",
)  # fmt: skip
PREPARE = "call `GenerateDataKeyWithoutPlaintext`"
READ, UNWRAP, OPEN = (
    "read the encrypted file and the encrypted data key from disk", "call `Decrypt` with the encrypted data key",
    "decrypt the file with the plaintext data key",
)  # fmt: skip


class Desk:
    """A program's memory and disk, and its key at KMS: what the steps work on. A step that cannot be done raises."""

    def __init__(self, *, stored: bool) -> None:
        self.kms, self.arn = shared("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
        made = envelope.generate(self.kms, self.arn)
        sealed = {"key": made.encrypted, "file": made.cipher().encrypt(NONCE, NOTE, None)}
        self.disk: dict[str, bytes] = sealed if stored else {}
        self.memory: dict[str, bytes] = {}
        self.key: envelope.DataKey | None = None
        self.used, self.idle = False, 0  # `idle`: steps with a plaintext data key in memory that nothing needs

    def take(self, step: str) -> None:
        self.idle += self.key is not None and self.used and step != DISCARD
        {ASK: self.ask, PREPARE: self.prepare,
         SEAL: self.seal, STORE: self.store, READ: self.read, UNWRAP: self.unwrap, OPEN: self.open,
         DISCARD: self.discard}[step]()  # fmt: skip

    def ask(self) -> None:
        self.key = envelope.generate(self.kms, self.arn)
        self.memory["key"] = self.key.encrypted

    def prepare(self) -> None:
        made = self.kms.generate_data_key_without_plaintext(KeyId=self.arn, KeySpec="AES_256")
        self.memory["key"] = made["CiphertextBlob"]

    def seal(self) -> None:
        self.memory["file"], self.used = self._needed().cipher().encrypt(NONCE, NOTE, None), True

    def store(self) -> None:
        self._expect("file" in self.memory, "There is no encrypted file yet that could be written.")
        self.disk.update(self.memory)

    def read(self) -> None:
        self.memory.update(self.disk)

    def unwrap(self) -> None:
        self._expect("key" in self.memory, "`Decrypt` comes before there is an encrypted data key to send.")
        self.key = envelope.recover(self.kms, self.memory["key"])

    def open(self) -> None:
        self._expect("file" in self.memory, "The file was not read from disk before it was to be decrypted.")
        self.used = self._needed().cipher().decrypt(NONCE, self.memory["file"], None) == NOTE

    def discard(self) -> None:
        self._needed().discard()
        self._expect(self.used, "The data key is gone before the file was touched.")
        self.key = None

    def _needed(self) -> envelope.DataKey:
        self._expect(self.key is not None, "There is no plaintext data key in memory at that moment.")
        assert self.key is not None
        return self.key

    @staticmethod
    def _expect(held: bool, otherwise: str) -> None:
        if not held:
            raise ValueError(otherwise)


def _played(order: Order) -> Tried:
    """Whether these steps can be done, and leave a file that opens; and whether the data key lay about meanwhile."""
    desk = Desk(stored=READ in order)
    try:
        for step in order:
            desk.take(step)
    except ValueError as stuck:
        return Tried(False, str(stuck))
    if desk.idle:
        return Tried(False, "It works, but the plaintext data key stays in memory longer than it is needed.")
    left = desk.disk or desk.memory
    key = envelope.recover(desk.kms, left["key"])
    opened = key.cipher().decrypt(NONCE, left["file"], None)
    return Tried(opened == NOTE, "It works, and the plaintext data key is in memory no longer than it must be.")


@ordering("envelope-steps", subject="envelope", exams=("SAA-C03", *DEVELOPER))
def envelope_steps(draw: Random) -> Asked:
    thing = draw.choice(("a report", "a photo", "a backup", "a recording", "a contract"))
    storing = {
        ASK: "It answers with both copies of a new data key.",
        SEAL: "The plaintext data key does it, in your program.",
        DISCARD: "As soon as the file is encrypted, nobody needs it.",
        STORE: "Both are of no use to whoever may not call `Decrypt`.",
    }
    reading = {
        READ: "The encrypted data key lies beside the file.",
        UNWRAP: "KMS opens the data key, if the caller may.",
        OPEN: "The plaintext data key does it, in your program.",
        DISCARD: "As soon as the file is decrypted, nobody needs it.",
    }
    filling = {
        PREPARE: "It answers with the encrypted copy of a new data key.",
        UNWRAP: "KMS opens the data key, if the caller may.",
        SEAL: "The plaintext data key does it, in your program.",
        DISCARD: "As soon as the file is encrypted, nobody needs it.",
    }
    act, steps, asking = draw.choice(
        (("store", storing, "GenerateDataKey"), ("encrypt", filling, "Decrypt"), ("read", reading, "Decrypt"))
    )
    return Asked(
        f"In which order does a program {act} {thing} by envelope encryption, with the plaintext data key that "
        f"`{asking}` gives it in memory no longer than it must be?",
        steps,
        _played,
    )
