"""The predictions of "Grants"."""

from kms_teach.teaching.prediction import Prediction

AT_ONCE, NOT_YET, NEVER = (
    "the plaintext", "AccessDeniedException, for the moment", "AccessDeniedException, until a policy allows it too",
)  # fmt: skip
GRANTED = Prediction(
    "You make a grant: the worker may `Decrypt`. In the same second it calls `Decrypt`. What does it get?",
    {
        AT_ONCE: "Often it does. But a grant is known to every part of KMS only after a while.",
        NOT_YET: "With the grant's token it counts at once, and a few minutes later without.",
        NEVER: "A grant needs no policy beside it: the same worker, in the same second, is allowed with its token.",
    },
    tells=("takes its time", "spread", "minutes"),
)
BOTH, ONE, NONE = "a grant for both", "a grant for `Decrypt` alone", "no grant"
PASSED_ON = Prediction(
    "The worker asks for a grant for the helper: `Decrypt`, and `GenerateDataKey`, which it does not have "
    "itself. What does "
    "it get?",
    {
        BOTH: "It may make grants, that is true. It may not give what it does not have.",
        ONE: "A helpful person might do that. KMS does not make half of what was asked.",
        NONE: "The whole call is denied. It must ask for what it has.",
    },
    tells=("whole call", "never grow", "at most what", "only become less"),
)
GONE, LINGERS, REVOKED_ONLY = (
    "AccessDeniedException", "the plaintext, for some minutes", "the plaintext, until somebody revokes the grant",
)  # fmt: skip
RETIRED = Prediction(
    "The lead retires the grant, and `ListGrants` no longer shows it. In the same second the worker calls "
    "`Decrypt`. What does "
    "it get?",
    {
        GONE: "You would expect that. But the end of a grant spreads as its beginning did.",
        LINGERS: "The end of a grant spreads as its beginning did: count on some minutes.",
        REVOKED_ONLY: "Retiring a grant deletes it just as revoking does: nothing is left to revoke.",
    },
    tells=("still counts", "its beginning", "five minutes later:"),
)
