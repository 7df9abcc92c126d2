"""The predictions of "What a KMS key is"."""

from kms_teach.teaching.prediction import Prediction

PUBLIC, NEW, IMPORT, NONE = "GetPublicKey", "GenerateDataKey", "GetParametersForImport", "none of the three"
COPY = Prediction(
    "You call the three with your key, as the root user. Which of them answers with a key?",
    {
        PUBLIC: "It gives out the public half of a key pair. A symmetric key has none.",
        NEW: "It does. But look closer: twice asked, it gives two keys, and neither is yours.",
        IMPORT: "It prepares a way in, for material that you bring to a key made for that. There is no way out.",
        NONE: "Of your key nothing comes out, so far you are right. One of them makes a key and gives you that.",
    },
    tells=("no way out", "stays in the HSM", "neither is yours", "two keys", "came back"),
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
