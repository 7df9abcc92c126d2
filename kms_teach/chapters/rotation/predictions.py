"""The predictions of "Rotation"."""

from kms_teach.teaching.prediction import Prediction

YEAR = Prediction(
    "A year and a day pass, and the key rotates. You send the bytes from your disk to `Decrypt`. What comes back?",
    {
        "an error": "A new key opens nothing that an old one closed, that is so. But the old material is still in the "
        "HSM: it stopped encrypting, not decrypting.",
        "the plaintext, by the new material": "Then somebody would have encrypted the backup again. Nobody could: the "
        "bytes lay on your disk, and KMS keeps none.",
        "the plaintext, by the old material": "KMS kept it for this, and read in the bytes which one it was.",
    },
    tells=("old material", "stays for as long", "opens what it made"),
)
AS_BEFORE, A_YEAR_ON, NOT_PLANNED = (
    "1 January 2028, as before", "12 April 2028, a year after the call", "none is planned until you switch it on again",
)  # fmt: skip
ON_DEMAND = Prediction(
    "On 12 April 2027 you call `RotateKeyOnDemand`. The next automatic rotation was planned for 1 January 2028. "
    "For when is "
    "it planned now?",
    {
        AS_BEFORE: "KMS keeps its calendar: `NextRotationDate` is the same as before.",
        A_YEAR_ON: "That is how the next service of a car is counted. KMS keeps its calendar.",
        NOT_PLANNED: "A rotation on demand leaves the settings alone.",
    },
    tells=("calendar", "does not move", "NextRotationDate"),
)
