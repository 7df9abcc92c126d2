"""The predictions of "Envelope encryption"."""

from kms_teach.chapters.envelope.pieces import in_pieces
from kms_teach.teaching.prediction import Prediction

BACKUP = 100_000_000  # bytes
IN_PIECES = f"{in_pieces(BACKUP).calls:,}, two for every 4,096 bytes"
CALLS = Prediction(
    f"You encrypt a backup of {BACKUP // 1_000_000} MB with a KMS key, and open it once. How many calls to KMS "
    "does that need "
    "at least?",
    {
        IN_PIECES: "That is the way in pieces. It works, and every byte of the backup travels to KMS and back.",
        "2": "One to get a data key, one to get it again. The backup stays with you.",
        "none": "Without KMS you could encrypt, but then you would have to guard the data key yourself.",
    },
    tells=("two calls", "2 calls"),
)
SAFE, LOCKED, READ = (
    "Yes: rotation ends the old data key",
    "Yes: without the KMS key nothing opens",
    "No: the thief needs no KMS",
)
STOLEN_KEY = Prediction(
    "A program copies the plaintext data key out of memory. You rotate the KMS key and disable it. Is the photo safe?",
    {
        SAFE: "Rotation changes what KMS encrypts new keys with. This one is out.",
        LOCKED: "That is true of the encrypted copy. The thief has the other one.",
        READ: "The data key opens the photo by itself, and no call is left that KMS could refuse.",
    },
    tells=("its file for ever", "needs no KMS", "can read it all the same"),
)
