"""The predictions of this chapter."""

from kms_teach.teaching.prediction import Prediction

TEXT, BLOBS, CONTEXTS, COUNT = (
    "the papers' text", "the ciphertexts", "the encryption context of each", "only that it was Decrypt, three times",
)  # fmt: skip
STOLEN = Prediction(
    "On 17 June somebody called `Decrypt` three times with the desk's stolen access key. You have the events. What do "
    "they tell you about what was read?",
    {
        TEXT: "No event holds plaintext, or a trail would be the best place to steal from.",
        BLOBS: "Bytes are left out of events, the encrypted ones too.",
        CONTEXTS: "It is in the event in clear, as the program gave it. A program that gives none leaves you nothing.",
        COUNT: "So it would be, had the program given no encryption context.",
    },
    tells=("encryption context of each", "ship = Calypso", "ship = Esther"),
)
USED, REFUSED, LOOKED = (
    "that of the archiver, on 7 June", "your refused Encrypt, on 3 July", "your DescribeKey, on 4 July",
)  # fmt: skip
LAST_USE = Prediction(
    "The archiver used the key of the old logs until 7 June. On 3 July you call `Encrypt` with it, and are refused: "
    "its deletion is scheduled. On 4 July you look at it with `DescribeKey`. Which call does `GetKeyLastUsage` name?",
    {
        USED: "It names the last cryptographic operation that went well. Attempts and looks move nothing.",
        REFUSED: "A refused call did not use the key. It is in the trail, and is no use.",
        LOOKED: "Looking at a key does not use its material.",
    },
    tells=("names 7 June", "GenerateDataKey on 7 June"),
)
THREE, FIVE, SEVEN, NINE = "$3", "$5", "$7", "$9"
THREE_KEYS = Prediction(
    "Three KMS keys, all made before this month. One was rotated four times. One has two replicas in other Regions. "
    "What do they cost this month, without any request?",
    {
        THREE: "Each replica is a key of its own, and pays. Rotations may cost something too.",
        FIVE: "Replicas are in it: five KMS keys. The rotated one costs more than the others.",
        SEVEN: "Five keys at $1, and the first two rotations at $1 each. The third and the fourth are free.",
        NINE: "So it was until 2024, when each rotation was paid for, for ever.",
    },
    tells=("$7.00", "come to $7"),
)
PLAIN, INVALID, DISABLED = "the plaintext", "KMSInvalidStateException", "DisabledException"
CUT = Prediction(
    "The key material is in a key manager outside AWS. Its owner pulls the plug of the proxy. `DescribeKey` still says "
    "`Enabled`. What does `Decrypt` answer?",
    {
        PLAIN: "KMS holds no copy of the external key: it must ask, each time.",
        INVALID: "KMS asked, and nobody answered. No permission is missing, and nobody at AWS can help.",
        DISABLED: "Nobody disabled the key: its state is still Enabled.",
    },
    tells=("stops before the proxy",),
)
