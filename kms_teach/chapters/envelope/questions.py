"""The question families of "Envelope encryption"."""

from random import Random

from kms_teach.chapters.envelope.leak_questions import after_a_leak, how_much_is_lost, stops_the_thief
from kms_teach.chapters.envelope.step_questions import envelope_steps
from kms_teach.chapters.envelope.work_questions import a_file_to_open, calls_for_the_files, right_for_a_role
from kms_teach.client_side import envelope
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

__all__ = [
    "a_file_to_open", "after_a_leak", "calls_for_the_files", "envelope_steps", "how_much_is_lost", "move_the_files",
    "right_for_a_role", "stolen_disk", "stops_the_thief", "where_the_key_lies",
]  # fmt: skip

DEVELOPER = ("DVA-C02", "DVA-C03", "SCS-C03")
NONCE = bytes(12)  # one message under each data key

KEPT: dict[str, str] = {
    "the encrypted data key": "It is of no use without `Decrypt`, and KMS keeps no copy of it for you.",
    "the plaintext data key": "Whoever has the disk then has the key too, and asks nobody.",
    "the KMS key's ARN": "It says which KMS key it was, and brings no data key back: KMS keeps none.",
}
GOALS: dict[str, tuple[bool, bool]] = {  # who reads it again: by KMS, and without
    "Whoever reads it again must be allowed to by KMS": (True, False),
    "It must be read again also while KMS cannot be reached, and by whoever has the disk": (False, True),
    "Nobody may read it again, from today on, but the record must say which KMS key it was": (False, False),
}


@one("where-the-key-lies", subject="envelope", exams=DEVELOPER, difficulty=1)
def where_the_key_lies(draw: Random) -> Asked:
    thing, goal = draw.choice(("a file", "a dump", "a mailbox", "a log")), draw.choice(tuple(GOALS))
    gigabytes = draw.randrange(2, 90)

    def run() -> list[Tried]:
        _, kms, arn = scratch()
        key = envelope.generate(kms, arn)
        sealed = key.cipher().encrypt(NONCE, NOTE, None)
        tried = []
        for blob in (key.encrypted, bytes(key.plaintext), arn.encode()):
            by_disk = len(blob) == len(key.plaintext) and envelope.DataKey(blob, b"").cipher().decrypt(
                NONCE, sealed, None
            )
            by_kms = not by_disk and not error(kms.decrypt, CiphertextBlob=blob)
            way = "Who has the disk opened it without KMS." if by_disk else "Nothing opened it again."
            shown = "`Decrypt` gave the data key back, by KMS alone." if by_kms else way
            tried.append(Tried((by_kms, bool(by_disk)) == GOALS[goal], shown))
        return tried

    return Asked(
        f"You encrypted {thing} of {gigabytes} GB with a data key. {goal}. What do you keep beside it on the disk?",
        KEPT,
        run,
    )


HAUL = {  # what lies on what was stolen, beside the ciphertext: whether data keys do, encrypted and in plaintext
    "with the encrypted data keys beside the files": (True, False),
    "with the data keys beside the files, in plaintext": (True, True),
    "without any data keys: they are stored elsewhere": (False, False),
}


@one("stolen-disk", subject="envelope", exams=("SAA-C03", "SCS-C03"))
def stolen_disk(draw: Random) -> Asked:
    what, haul = draw.choice(("A disk", "A backup tape", "A laptop", "A copy of the storage")), draw.choice(tuple(HAUL))
    files = draw.randrange(20, 900)
    keys, plain = HAUL[haul]

    def run() -> list[Tried]:
        sim, kms, arn = scratch()
        key = envelope.generate(kms, arn)
        sealed = key.cipher().encrypt(NONCE, NOTE, None)
        if plain and key.cipher().decrypt(NONCE, sealed, None) == NOTE:
            return [Tried(number == 0, "The files opened without a call.") for number in range(4)]
        bare = sim.user("thief").client("kms").decrypt
        allowed = sim.user("clerk", policies=[policy("kms:Decrypt")]).client("kms").decrypt
        blob = key.encrypted if keys else b"?"
        codes = (
            (bare, error(bare, CiphertextBlob=blob)),
            (bare, error(bare, CiphertextBlob=blob, KeyId=arn)),
            (allowed, error(allowed, CiphertextBlob=blob)),
            (allowed, error(allowed, CiphertextBlob=key.encrypted)),
        )
        least = next(number for number, (_, code) in enumerate(codes) if not code)
        return [Tried(number == least, told(call, code)) for number, (call, code) in enumerate(codes)]

    return Asked(
        f"{what} with {files} files under envelope encryption is stolen, {haul}. What more does the thief need, at the "
        "least, to read the files?",
        {
            "nothing": "A plaintext data key opens its files; an encrypted one opens nothing.",
            "credentials, and the ARN of the KMS key": "An ARN is a name and no secret. KMS asks who is calling "
            "all the same.",
            "credentials that may `Decrypt`": "So it is permissions that guard what was stolen.",
            "credentials that may `Decrypt`, and the encrypted data keys": "KMS keeps no data keys: without them there "
            "is nothing to decrypt.",
        },
        run,
    )


@one("move-the-files", subject="envelope", exams=("SAP-C02", "SAP-C03", "SCS-C03"), difficulty=3)
def move_the_files(draw: Random) -> Asked:
    terabytes = draw.randrange(2, 60)
    stay = draw.choice((True, False))  # whether the files that are there stay under the key that they have

    def run() -> list[Tried]:
        _, kms, old = scratch()
        new = kms.create_key()["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName="alias/data", TargetKeyId=old)
        sealed = kms.generate_data_key_without_plaintext(KeyId="alias/data", KeySpec="AES_256")["CiphertextBlob"]
        moved = kms.re_encrypt(CiphertextBlob=sealed, DestinationKeyId=new)["CiphertextBlob"]
        before = kms.generate_data_key_without_plaintext(KeyId="alias/data", KeySpec="AES_256")["KeyId"]
        kms.update_alias(AliasName="alias/data", TargetKeyId=new)
        after = kms.generate_data_key_without_plaintext(KeyId="alias/data", KeySpec="AES_256")["KeyId"]
        whole = error(kms.encrypt, KeyId=new, Plaintext=bytes(100_000))
        there = [kms.decrypt(CiphertextBlob=blob)["KeyId"] == new for blob in (moved, sealed)]
        come = [key == new for key in (before, after)]
        shown = [
            f"What is there opens under the {'new' if at_new else 'old'} key, what is to come under the "
            f"{'new' if next_new else 'old'} one."
            for at_new, next_new in zip(there, come, strict=True)
        ]
        right = come if stay else there
        return [Tried(not whole, told(kms.encrypt, whole)), *map(Tried, right, shown)]

    wish = (
        "They stay as they are; what the program encrypts from now on must be under another KMS key."
        if stay
        else "They must all move to another KMS key, for good."
    )
    return Asked(
        f"{terabytes} TB of files are encrypted by your own program, with a data key for each, by `alias/data`. {wish} "
        "How?",
        {
            "send the files to `Encrypt`, under the other KMS key": "They are too large, and need not be sent at all.",
            "send the data keys to `ReEncrypt`": "Some hundred bytes for each file that is there.",
            "point your program's alias at the other KMS key": "New data keys come from there. The data keys that "
            "exist name the old key.",
        },
        run,
    )
