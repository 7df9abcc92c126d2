"""The predictions of "Start here"."""

from kms_teach.teaching.prediction import Prediction

ALICE = Prediction(
    "alice calls `Decrypt` with your ciphertext. What does she get?",
    {
        "the plaintext": "She holds every byte. But KMS opens it, not she, and KMS asks first who is calling.",
        "AccessDeniedException": "KMS can open it, and will not: nothing says that alice may ask for it.",
        "InvalidCiphertextException": "That is the answer when bytes were changed. Hers are the right ones.",
    },
    tells=("a denial", "are denied", "is denied", "was denied", "AccessDenied"),
)
