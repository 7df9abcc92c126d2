"""The predictions of "Key policies and IAM"."""

from kms_teach.teaching.prediction import Prediction

NEW_KEY = Prediction(
    "alice has no IAM policy. She calls `Encrypt` with this key. What does KMS answer?",
    {
        "a ciphertext": "It says Allow and kms:*, and many people read it that way. But it does not speak of alice.",
        "AccessDeniedException": "Nothing in this policy speaks of alice.",
        "NotFoundException": "That is for a key that does not exist. This one does, and is of alice's own account.",
    },
    tells=("alice is denied", "alice was denied", "AccessDenied", "the account may use IAM"),
)
THROUGH_IAM, NOT_ROOT, NAMED_ONLY = (
    "a ciphertext", "AccessDeniedException: she is not the root user",
    "AccessDeniedException: the key policy must name her",
)  # fmt: skip
ROOT = Prediction(
    'You give alice an IAM policy that allows `kms:Encrypt`. The key policy still says "root". She calls again. '
    "What does she get?",
    {
        THROUGH_IAM: "The key policy lets the account's IAM policies decide, and now one of them says yes.",
        NOT_ROOT: "`:root` is how a policy writes the account as a whole. The bare number 111122223333 means the same.",
        NAMED_ONLY: "It may name her, and need not: it lets the IAM policies of its account decide.",
    },
    tells=("account as a whole", "may decide", "lets IAM", "let IAM", "means the account", "is the account"),
)
ALIAS = Prediction(
    "alice's IAM policy allows `kms:Encrypt` on `arn:aws:kms:us-east-1:111122223333:alias/letters`. "
    'She calls `Encrypt(KeyId="alias/letters")`, and then `Encrypt` with the key\'s ARN. Which call is answered?',
    {
        "by the alias": "She names it so in her call. But KMS asks about the key that the alias points at, and its "
        "ARN is another one.",
        "both": "An alias and its key are one thing to you. In a policy they are two names, and KMS asks about "
        "the key.",
        "neither": "The policy speaks of a name, and KMS asks about the key.",
    },
    tells=("never stands", "never names", "RequestAlias"),
)
ALWAYS_ROOT, ALWAYS_ADMIN, BOTH, NEITHER = (
    "the root user, as always", "carol, the IAM administrator", "both", "neither of them",
)  # fmt: skip
TIDIED = Prediction(
    "Who can still encrypt with the key?",
    {
        ALWAYS_ROOT: "In IAM the root user may do everything. A KMS key knows only its key policy.",
        ALWAYS_ADMIN: "kms:* on * is all that IAM can say. This key does not ask IAM.",
        BOTH: "Both rest on the statement about the account, and that is gone.",
        NEITHER: "The key policy names one role. It asks nobody else, and lets nobody else in.",
    },
    tells=("locked out", "no right to a key", "nobody else could"),
)
