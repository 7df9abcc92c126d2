"""The predictions of "What a KMS key is"."""

from kms_teach.teaching.prediction import Prediction

PUBLIC, NEW, IMPORT, NONE = "GetPublicKey", "GenerateDataKey", "GetParametersForImport", "none of the three"
COPY = Prediction(
    "You want the bytes of this key on a stick, for the safe. You are the root user. Which call gives them to you?",
    {
        PUBLIC: "It gives out the public half of a key pair. A symmetric key has none.",
        NEW: "It gives you a key in plaintext, but a new one with each call. Yours encrypted nothing but that.",
        IMPORT: "It prepares the way in, for material that you bring. There is no way out.",
        NONE: "The API has no operation that gives out what is secret in a KMS key. Nor does AWS's staff have one.",
    },
    tells=("no way out", "no operation gives", "stays in the HSM", "cannot get it", "cannot be exported"),
)
OPENED, DENIED, NOT_FOUND = "the plaintext", "AccessDeniedException", "NotFoundException"
REGION = Prediction(
    "As the same root user you send the ciphertext to `Decrypt` in eu-west-1. What comes back?",
    {
        OPENED: "The account is the same, the user too. But this KMS is another one: its HSMs do not hold your key.",
        DENIED: "You may do everything. Still there is nothing here that you could be allowed to use.",
        NOT_FOUND: "That is so when you name the key by its ARN. Without a name KMS does not say whether it exists.",
    },
    tells=("does not exist in this Region", "AccessDenied", "another KMS", "no such key"),
)
DONE, REFUSED, NO_KEY = "the policy is changed", "AccessDeniedException: nobody may", "NotFoundException: not yours"
SHARE = Prediction(
    "You put a key policy on this key that lets the partner's account in. You are the root user. What happens?",
    {
        DONE: "In your account, in your list: so it looks like yours to manage. AWS manages it.",
        REFUSED: "Its policy lets you look at it, and AWS alone change it.",
        NO_KEY: "It is in your account, and DescribeKey answers. You may look at it.",
    },
    tells=("nobody may", "cannot change it", "AWS alone", "cannot be shared", "cannot manage"),
)
