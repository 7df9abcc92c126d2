"""The questions of "Envelope encryption"."""

from kms_teach.chapters.envelope.pieces import in_pieces
from kms_teach.client_side import envelope
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Question
from kms_teach.teaching.trial import NOTE, error, only, policy

IN_PIECES = f"{in_pieces(10**9).calls:,}, two for every 4,096 bytes"
CALLS = Question(
    "You encrypt a backup of 1 GB with a KMS key, and open it once. How many calls to KMS does that need at least?",
    {
        IN_PIECES: "That is the way in pieces. It works, and every byte of the backup travels to KMS and back.",
        "2": "One to get a data key, one to get it again. The backup stays with you.",
        "none": "Without KMS you could encrypt, but then you would have to guard the data key yourself.",
    },
)
SAFE, LOCKED, READ = (
    "Yes: rotation ends the old data key",
    "Yes: without the KMS key nothing opens",
    "No: the thief needs no KMS",
)
STOLEN_KEY = Question(
    "A program copies the plaintext data key out of memory. You rotate the KMS key and disable it. Is the photo safe?",
    {
        SAFE: "Rotation changes what KMS encrypts new keys with. This one is out.",
        LOCKED: "That is true of the encrypted copy. The thief has the other one.",
        READ: "The data key opens the photo by itself, and no call is left that KMS could refuse.",
    },
)

ASK, ENCRYPT, DISCARD = "`GenerateDataKey`", "encrypt the file", "discard the plaintext data key"
STORE, STORE_OPEN = "store the encrypted data key", "store the plaintext data key"
ORDERS = {
    (ASK, DISCARD, ENCRYPT, STORE): "Then there is no key left to encrypt with.",
    (ASK, ENCRYPT, STORE, DISCARD): "What is stored opens by `Decrypt` alone, and memory holds no key.",
    (ASK, ENCRYPT, STORE_OPEN, DISCARD): "Whoever has the disk then has the key too, and needs no KMS.",
}


def _needs_kms(steps: tuple[str, ...]) -> bool:
    """Whether these steps leave a file that opens with what KMS decrypts, and with nothing that lies about."""
    kms = Simulator().client("kms")
    key = envelope.generate(kms, kms.create_key()["KeyMetadata"]["KeyId"])
    disk: dict[str, bytes] = {}
    for step in steps[1:]:
        if step == ENCRYPT:
            if key.discarded:
                return False
            disk["file"] = key.cipher().encrypt(bytes(12), NOTE, None)
        elif step == DISCARD:
            key.discard()
        else:
            disk[step] = key.encrypted if step == STORE else bytes(key.plaintext)
    if STORE_OPEN in disk or not key.discarded:
        return False
    return envelope.recover(kms, disk[STORE]).cipher().decrypt(bytes(12), disk["file"], None) == NOTE


def _order() -> str:
    return only(ORDER.options, map(_needs_kms, ORDERS))


ORDER = Question(
    "In which order do you store a file, so that KMS has to be asked before anybody reads it again?",
    {"; ".join(steps): why for steps, why in ORDERS.items()},
    _order,
)


def _stolen_disk() -> str:
    sim = Simulator()
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    sealed = kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")["CiphertextBlob"]
    bare = sim.user("thief").client("kms")
    allowed = sim.user("clerk", policies=[policy("kms:Decrypt")]).client("kms")
    codes = (
        error(bare.decrypt, CiphertextBlob=sealed),
        error(bare.decrypt, CiphertextBlob=sealed, KeyId=key),
        error(allowed.decrypt, CiphertextBlob=sealed),
    )
    return only(STOLEN_DISK.options, (not code for code in codes))


STOLEN_DISK = Question(
    "A disk with ciphertext and the encrypted data keys is stolen. What does the thief need to read it?",
    {
        "nothing more": "The data keys on it are encrypted: on the disk nothing opens them.",
        "the ARN of the KMS key": "An ARN is a name and no secret. KMS asks who is calling all the same.",
        "permission for `kms:Decrypt` on the KMS key": "So the thief needs credentials of somebody who may.",
    },
    _stolen_disk,
)


def _ten_terabytes() -> str:
    sim = Simulator()
    kms = sim.client("kms")
    old, new = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/data", TargetKeyId=old)
    sealed = kms.generate_data_key_without_plaintext(KeyId="alias/data", KeySpec="AES_256")["CiphertextBlob"]
    moved = kms.re_encrypt(CiphertextBlob=sealed, DestinationKeyId=new)["CiphertextBlob"]
    kms.update_alias(AliasName="alias/data", TargetKeyId=new)

    opened_by = [kms.decrypt(CiphertextBlob=blob)["KeyId"].rpartition("/")[2] for blob in (moved, sealed)]
    fits = not error(kms.encrypt, KeyId=new, Plaintext=bytes(1_000_000))
    return only(TEN_TERABYTES.options, (fits, *(name == new for name in opened_by)))


TEN_TERABYTES = Question(
    "10 TB of files are encrypted by your own program, a data key for each. They must move to another KMS key. How?",
    {
        "send the files to `Encrypt`, with the new key": "They are too large, and need not move at all.",
        "send the encrypted data keys to `ReEncrypt`": "Some hundred bytes for each file. The files stay as they are.",
        "point the alias at the new key": "That counts from now on. The data keys that exist name the old key.",
    },
    _ten_terabytes,
)
