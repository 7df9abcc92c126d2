"""The question families of "Envelope encryption"."""

from random import Random

from kms_teach.chapters.envelope.leak_questions import after_a_leak, how_much_is_lost, stops_the_thief
from kms_teach.chapters.envelope.work_questions import a_file_to_open, calls_for_the_files, right_for_a_role
from kms_teach.client_side import envelope
from kms_teach.teaching.question import Asked, Order, Tried, one, ordering
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

__all__ = [
    "a_file_to_open", "after_a_leak", "calls_for_the_files", "envelope_steps", "how_much_is_lost", "move_the_files",
    "right_for_a_role", "stolen_disk", "stops_the_thief", "where_the_key_lies",
]  # fmt: skip

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
NONCE = bytes(12)  # one message under each data key

ASK, SEAL, DISCARD, STORE = (
    "call `GenerateDataKey`", "encrypt the file with the plaintext data key", "discard the plaintext data key",
    "write the encrypted file and the encrypted data key to disk",
)  # fmt: skip
READ, UNWRAP, OPEN = (
    "read the encrypted file and the encrypted data key from disk", "call `Decrypt` with the encrypted data key",
    "decrypt the file with the plaintext data key",
)  # fmt: skip


class Desk:
    """A program's memory and disk, and its key at KMS: what the steps work on. A step that cannot be done raises."""

    def __init__(self, *, stored: bool) -> None:
        _, self.kms, self.arn = scratch()
        made = envelope.generate(self.kms, self.arn)
        sealed = {"key": made.encrypted, "file": made.cipher().encrypt(NONCE, NOTE, None)}
        self.disk: dict[str, bytes] = sealed if stored else {}
        self.memory: dict[str, bytes] = {}
        self.key: envelope.DataKey | None = None
        self.used, self.idle = False, 0  # `idle`: steps with a plaintext data key in memory that nothing needs

    def take(self, step: str) -> None:
        self.idle += self.key is not None and self.used and step != DISCARD
        {ASK: self.ask, SEAL: self.seal, STORE: self.store, READ: self.read, UNWRAP: self.unwrap, OPEN: self.open,
         DISCARD: self.discard}[step]()  # fmt: skip

    def ask(self) -> None:
        self.key = envelope.generate(self.kms, self.arn)
        self.memory["key"] = self.key.encrypted

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
    key = envelope.recover(desk.kms, desk.disk["key"])
    opened = key.cipher().decrypt(NONCE, desk.disk["file"], None)
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
    act, steps = draw.choice((("store", storing), ("read", reading)))
    return Asked(
        f"In which order does a program {act} {thing} by envelope encryption, with the plaintext data key in "
        "memory no longer than it must be?",
        steps,
        _played,
    )


@one("where-the-key-lies", subject="envelope", exams=DEVELOPER, difficulty=1)
def where_the_key_lies(draw: Random) -> Asked:
    thing = draw.choice(("a file", "a database dump", "a mailbox", "a log"))

    def run() -> list[Tried]:
        _, kms, arn = scratch()
        key = envelope.generate(kms, arn)
        sealed = key.cipher().encrypt(NONCE, NOTE, None)
        stored = {"encrypted": key.encrypted, "plaintext": bytes(key.plaintext), "none": b""}
        tried = []
        for blob in (stored["encrypted"], stored["plaintext"], stored["none"]):
            by_disk = len(blob) == len(key.plaintext) and envelope.DataKey(blob, b"").cipher().decrypt(
                NONCE, sealed, None
            )
            by_kms = not by_disk and not error(kms.decrypt, CiphertextBlob=blob or b"?")
            shown = (
                "Who has the disk opened it without KMS."
                if by_disk
                else "`Decrypt` gave the data key back, by KMS alone."
            )
            tried.append(Tried(by_kms, shown if by_disk or by_kms else "Nothing opened it again."))
        return tried

    return Asked(
        f"You encrypted {thing} with a data key, and nobody should read it again without asking KMS. What do you "
        "keep beside it?",
        {
            "the encrypted data key": "It is of no use without `Decrypt`, and KMS keeps no copy of it for you.",
            "the plaintext data key": "Whoever has the disk then has the key too.",
            "no data key: KMS keeps them": "KMS keeps none: what you do not keep is lost.",
        },
        run,
    )


@one("stolen-disk", subject="envelope", exams=("SAA-C03", "SCS-C03"))
def stolen_disk(draw: Random) -> Asked:
    what = draw.choice(("A disk", "A backup tape", "A laptop", "A copy of the storage"))

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        sealed = kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")["CiphertextBlob"]
        bare = sim.user("thief").client("kms").decrypt
        allowed = sim.user("clerk", policies=[policy("kms:Decrypt")]).client("kms").decrypt
        codes = (error(bare, CiphertextBlob=sealed), error(bare, CiphertextBlob=sealed, KeyId=key))
        found = error(allowed, CiphertextBlob=sealed)
        return [Tried(not code, told(bare, code)) for code in (*codes, found)]

    return Asked(
        f"{what} with ciphertext and the encrypted data keys is stolen. What does the thief need to read it?",
        {
            "nothing more than credentials of some user": "Credentials without a permission are refused.",
            "credentials, and the ARN of the KMS key": "An ARN is a name and no secret. KMS asks who is calling "
            "all the same.",
            "credentials of somebody who may `kms:Decrypt` with the KMS key": "So it is permissions that guard "
            "what was "
            "stolen.",
        },
        run,
    )


@one("move-the-files", subject="envelope", exams=("SAP-C02", "SAP-C03", "SCS-C03"), difficulty=3)
def move_the_files(draw: Random) -> Asked:
    terabytes = draw.randrange(2, 60)

    def run() -> list[Tried]:
        _, kms, old = scratch()
        new = kms.create_key()["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName="alias/data", TargetKeyId=old)
        sealed = kms.generate_data_key_without_plaintext(KeyId="alias/data", KeySpec="AES_256")["CiphertextBlob"]
        moved = kms.re_encrypt(CiphertextBlob=sealed, DestinationKeyId=new)["CiphertextBlob"]
        kms.update_alias(AliasName="alias/data", TargetKeyId=new)
        whole = error(kms.encrypt, KeyId=new, Plaintext=bytes(100_000))
        by = [kms.decrypt(CiphertextBlob=blob)["KeyId"] == new for blob in (moved, sealed)]
        names = [
            "What came back opens under the new key." if at_new else "It still opens under the old key."
            for at_new in by
        ]
        return [Tried(not whole, told(kms.encrypt, whole)), Tried(by[0], names[0]), Tried(by[1], names[1])]

    return Asked(
        f"{terabytes} TB of files are encrypted by your own program, a data key for each. They must move to "
        "another KMS key. "
        "How?",
        {
            "send the files to `Encrypt`, with the new key": "They are too large, and need not move at all.",
            "send the encrypted data keys to `ReEncrypt`": "Some hundred bytes for each file. The files stay as "
            "they are.",
            "point the alias at the new key": "That counts from now on. The data keys that exist name the old key.",
        },
        run,
    )
