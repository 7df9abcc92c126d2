"""The predictions of "Conditions, accounts, organizations"."""

from kms_teach.teaching.prediction import Prediction

WAYS = Prediction(
    "The clerk asks for a data key in four ways: by an upload to S3; by a call of its own; by a call of its own "
    "with the "
    "encryption context that S3 sends; by a new secret in Secrets Manager. How many of them are answered?",
    {
        "1": "The upload. What counts is who passes the call on, and that is S3 once.",
        "2": "An encryption context can be written by anybody. It does not make the call come through S3.",
        "3": "Secrets Manager is a service too, but not the one that the condition names.",
        "all 4": "The action and the key are allowed. But a statement applies only if its condition is met too.",
    },
    tells=("never use", "only through", "is not met", "carries"),
)
NEIGHBOUR = Prediction(
    "bob of that account has no IAM policy. He calls `Decrypt` with your key's ciphertext. What does he get?",
    {
        "the plaintext": "Your half is done: you let the account in. But its own administrators have not let bob out.",
        "AccessDeniedException": "Your key policy says yes, and bob's own account says nothing.",
        "NotFoundException": "KMS found the key by the ciphertext. It hides your policy: see its words in the lab.",
    },
    tells=("must agree", "both accounts", "neither side", "two keys to one door"),
)
