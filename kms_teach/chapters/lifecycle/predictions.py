"""The predictions of "Life and death of a key"."""

from kms_teach.teaching.prediction import Prediction

PLAINTEXT, STATE, NOT_FOUND = "the plaintext", "KMSInvalidStateException", "NotFoundException"
WAITING = Prediction(
    "The deletion is scheduled for day 30. On day 7 a program sends the ciphertext of `photos.zip` to `Decrypt`. What "
    "does it get?",
    {
        PLAINTEXT: "So the word *wait* suggests. But the key is out of use from the call on: whoever still needs it "
        "finds out while it can be saved.".replace("*", ""),
        STATE: "The key is there, with all that belongs to it, and out of use. Whoever still needs it finds out now, "
        "while it can be saved.",
        NOT_FOUND: "The key is not gone yet: `DescribeKey` still answers.",
    },
    tells=("is pending deletion", "out of use", "opens nothing", "opened by nobody"),
)
CIPHERTEXT, DISABLED = "a ciphertext", "DisabledException"
CANCELLED = Prediction(
    "`CancelKeyDeletion` goes well. In the next second a program calls `Encrypt`. What does it get?",
    {
        CIPHERTEXT: "So one would wish it. To keep a key and to let it work are two decisions, and two calls.",
        DISABLED: "To keep a key and to let it work are two decisions, and two calls.",
        STATE: "The waiting is over with the call. But the key did not go back to the state it came from.",
    },
    tells=("two calls", "two decisions", "leaves the key", "stays Disabled"),
)
AS_TYPED, LATER, EARLIER = "18:00 on 1 June", "03:00 on 2 June", "09:00 on 1 June"
EXPIRY = Prediction(
    "The clerk who typed `ValidTo=datetime(2026, 6, 1, 18, 0)` sits in Tokyo, nine hours ahead of UTC. What does the "
    "clock on the wall there show when the material expires?",
    {
        AS_TYPED: "So it was meant. Nothing in that datetime says Tokyo, and boto3 does not ask the computer.",
        LATER: "A datetime without a time zone is sent as UTC.",
        EARLIER: "That would be nine hours too early; the mistake goes the other way.",
    },
    tells=("as UTC", "without a time zone", "hours too", "naive"),
)
