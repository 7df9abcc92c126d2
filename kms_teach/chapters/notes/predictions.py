"""The predictions of "What the notes say"."""

from kms_teach.teaching.prediction import Prediction

NONE_YET, ONE_A_YEAR, NOT_TOLD = "none", "one", "KMS does not tell"
MANAGED = Prediction(
    "`aws/s3` is 366 days old. The note says that it rotates every 1,095 days. How many rotations does "
    "`ListKeyRotations` show?",
    {
        NONE_YET: "So it was, and the note was right when it was written. AWS changed it, and told nobody's note.",
        ONE_A_YEAR: "AWS managed keys rotate once a year, and have done so since May 2022.",
        NOT_TOLD: "Of an AWS owned key you are told nothing. This one is in your account, to be looked at.",
    },
    tells=("once a year", "every 365 days", "May 2022"),
)
BY_NAME, IN_PLACE, LOST = "only if another key takes over", "yes, both", "the new one only"
IMPORTED = Prediction(
    "A key has material of yours, and a ciphertext. You import other material and rotate to it, in the same key. "
    "Does that work, and do the old ciphertext and a new one open?",
    {
        BY_NAME: "That was the way until June 2025, and most sheets still have it.",
        IN_PLACE: "Since June 2025 a key may have several imported materials, and each ciphertext finds its own.",
        LOST: "Nothing is lost as long as each of the materials is there.",
    },
    tells=("June 2025", "several imported materials", "two materials"),
)
STILL = ("17", "13", "7")
LEDGER = Prediction(
    "The note has 19 lines. How many of them are true today as they stand, without an “only if”?",
    {
        "17": "In no year were so many of them right: some never were.",
        "13": "So many were right in 2019. A sheet is a photograph.",
        "7": "The rest ended on some day, depends on the key, or was never so.",
    },
    tells=("today 7", "7 of 19", "13 of 19"),
)
