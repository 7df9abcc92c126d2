"""The predictions of "Encrypt, and the 4 KB limit"."""

from kms_teach.teaching.prediction import Prediction

SIZES = (4_000, 4_015, 4_096, 16_384)  # bytes
LARGEST = Prediction(
    "How many bytes of the photo does `Encrypt` take in one call at most?",
    {
        f"{SIZES[0]:,}": "That is how makers of disks count 4 KB. KMS counts 1,024 bytes for each KB.",
        f"{SIZES[1]:,}, and KMS adds the rest": "The ciphertext is longer, that is so. But the limit is on what "
        "you send.",
        f"{SIZES[2]:,}": "To the byte, and however long the ciphertext becomes.",
        f"{SIZES[3]:,}": "That is a record of TLS, which carries the call. KMS is asked for less.",
    },
    tells=("4,096", "4096"),
)
NO_KEY_ID = Prediction(
    "You send `Decrypt` the blob and its context, and do not say which KMS key. What comes back?",
    {
        "the note": "The blob names its key material, so KMS knows which key to ask for.",
        "ValidationException": "With an RSA key you are right: its ciphertext names no key. See below.",
        "InvalidCiphertextException": "The blob is as it was, and so is its context: there is nothing to refuse.",
    },
    tells=("finds the key", "names its key", "which* key", "key material id", "Decrypt always needs"),
)
CONTEXT = Prediction(
    'The note was encrypted with `{"tenant": "Blue", "purpose": "backup"}`. Which of these opens it?',
    {
        "the pairs in another order": "The order of the pairs does not count. Every letter of them does.",
        "tenant: blue, in small letters": "Host names forgive case. A context is compared byte by byte.",
        "both": "The order of the pairs does not count. Case does: other bytes, another context.",
    },
    tells=("another order", "every letter", "byte by byte"),
)
