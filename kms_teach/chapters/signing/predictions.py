"""The predictions of "Signing, MACs, agreement, post-quantum"."""

from kms_teach.teaching.prediction import Prediction

FITS, NO_LONGER, REFUSED = "it fits, as before", "it no longer fits", "DisabledException"
SWITCHED_OFF = Prediction(
    "Tonight you disable the KMS key. Tomorrow Nora checks the first invoice again. What does she get?",
    {
        FITS: "The check needs the public key, the message and the signature. None of them is in KMS.",
        NO_LONGER: "The check is arithmetic with numbers that Nora has. The state of a key is none of them.",
        REFUSED: "That is what `Verify` answers. Nora did not call it.",
    },
    tells=("switched off", "still fits", "does not recall", "cannot take back"),
)
CODE, OTHER, SAME = "InvalidCiphertextException", "32 bytes, but other ones", "the same 32 bytes"
FLIPPED = Prediction(
    "On its way to you one bit of what Nora encapsulated is flipped. What does `Decapsulate` answer?",
    {
        CODE: "So `Decrypt` does, and so does `Decapsulate` when the length is wrong. Not when a bit is.",
        OTHER: "FIPS 203 wants it so: an error would tell a forger something.",
        SAME: "One bit makes a secret that has nothing to do with the other.",
    },
    tells=("no error", "other ones", "implicit rejection", "different secrets"),
)
