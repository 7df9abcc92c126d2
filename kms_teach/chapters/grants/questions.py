"""The questions of "Grants"."""

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Question
from kms_teach.teaching.trial import NOTE, error, only

AT_ONCE, NOT_YET, NEVER = (
    "the plaintext", "AccessDeniedException, for the moment", "AccessDeniedException, until a policy allows it too",
)  # fmt: skip
GRANTED = Question(
    "You make a grant: the worker may `Decrypt`. In the same second it calls `Decrypt`. What does it get?",
    {
        AT_ONCE: "So it often is. But a grant is known to every part of KMS only after a while.",
        NOT_YET: "With the grant's token it counts at once, and a few minutes later without.",
        NEVER: "A grant needs no policy beside it: the same worker, in the same second, is allowed with its token.",
    },
)


def _next_line() -> str:
    sim = Simulator(slow=True)
    kms, worker = sim.client("kms"), sim.role("worker")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    how = {"KeyId": key, "GranteePrincipal": worker.arn, "Operations": ["Decrypt"]}
    token = kms.create_grant(**how)["GrantToken"]
    call = worker.client("kms").decrypt
    shown = not error(call, CiphertextBlob=blob, GrantTokens=[token])
    kms.create_grant(**how)
    twice = not error(call, CiphertextBlob=blob)
    again = not error(call, CiphertextBlob=blob)
    return only(NEXT_LINE.options, (twice, shown, again))


NEXT_LINE = Question(
    "A program makes a grant and uses it in the next line. Now and then it gets `AccessDeniedException`. What helps?",
    {
        "make the grant twice": "The second one has to spread as well.",
        "pass the grant token in the call": '`GrantTokens=[answer["GrantToken"]]`: with it the grant counts at once.',
        "call again at once": "It helps when the grant has spread by then, and that takes up to some minutes.",
    },
    _next_line,
)
