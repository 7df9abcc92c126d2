"""The predictions of "Aliases and Regions"."""

from kms_teach.teaching.prediction import Prediction

MOVED, TAKEN, WAITING = (
    "the new key has the name now", "AlreadyExistsException", "KMSInvalidStateException: a key is pending deletion",
)  # fmt: skip
NAME_AGAIN = Prediction(
    "The key behind `alias/photos` is pending deletion, and can be used for nothing. A script calls `CreateAlias` with "
    "that name for a new key. What does it get?",
    {
        MOVED: "The old key is of no use any more, so one would think its name is. It still has it.",
        TAKEN: "A name is taken while its key exists, in any state: until DeleteAlias, or until the key is deleted.",
        WAITING: "CreateAlias looks at the state of the key that is to get the name, and the new key is Enabled.",
    },
    tells=("stays taken", "still taken", "keeps its name", "keeps the name"),
)
BY_REPLICA, BY_PRIMARY, NO_NAME = (
    "a ciphertext, made by the replica", "a ciphertext, made by the primary in us-east-1", "NotFoundException",
)  # fmt: skip
NAME_ABROAD = Prediction(
    'The replica is in eu-west-1. Your program now runs there, with its old line `Encrypt(KeyId="alias/album")`. '
    "What does it get?",
    {
        BY_REPLICA: "The replica has id and material of the primary. A name is neither: it belongs to a Region.",
        BY_PRIMARY: "No call to KMS leaves the Region it is sent to. What is not there, is not found.",
        NO_NAME: "A replica comes without a name, and each Region has its own list of names.",
    },
    tells=("without a name", "its alias is not", "no alias of this name", "not follow"),
)
OPENS, DISABLED, PROMOTE = (
    "the plaintext", "DisabledException", "an error, until the replica has been made the primary",
)  # fmt: skip
PRIMARY_OFF = Prediction(
    "You disable the primary in us-east-1. In eu-west-1 your program sends `lake.jpg`, which was encrypted in "
    "us-east-1, to `Decrypt`. What does it get?",
    {
        OPENS: "Each of them is a whole KMS key, with a state of its own.",
        DISABLED: "As if it were one key in two places. It is two keys with the same material, and one of them is "
        "disabled.",
        PROMOTE: "Databases fail over like that. Here only replication and rotation need the primary.",
    },
    tells=("fully functional", "works on", "whole KMS key", "opens the file"),
)
