"""The questions of "Start here"."""

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Question
from kms_teach.teaching.trial import NOTE, error, only, policy

ALICE = Question(
    "alice calls `Decrypt` with your ciphertext. What does she get?",
    {
        "the plaintext": "She holds every byte. But KMS opens it, not she, and KMS asks first who is calling.",
        "AccessDeniedException": "KMS can open it, and will not: nothing says that alice may ask for it.",
        "InvalidCiphertextException": "That is the answer when bytes were changed. Hers are the right ones.",
    },
)


def _bytes_of_a_key() -> str:
    answer = Simulator().client("kms").create_key()
    given = [value for value in answer["KeyMetadata"].values() if isinstance(value, bytes)]
    return only(BYTES_OF_A_KEY.options, (len(given) == 1, len(given) > 1, not given))


BYTES_OF_A_KEY = Question(
    "You call `CreateKey`. Which bytes of the new key come back to you?",
    {
        "its 32 bytes": "A data key comes so, from `GenerateDataKey`. The key material of a KMS key stays in the HSM.",
        "its 32 bytes, and the same encrypted": "So a data key comes. A KMS key stays in the HSM.",
        "none": "You get a name, the key id and its ARN, and settings.",
    },
    _bytes_of_a_key,
)


def _two_users() -> str:
    sim = Simulator()
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
    without, allowed = sim.user("without"), sim.user("allowed", policies=[policy("kms:Decrypt")])
    opens = [not error(user.client("kms").decrypt, CiphertextBlob=blob) for user in (without, allowed)]
    return only(TWO_USERS.options, (all(opens), opens == [False, True], not any(opens)))


TWO_USERS = Question(
    "Two users hold the same ciphertext. One has an IAM policy that allows `kms:Decrypt`. Who can open it?",
    {
        "both: they hold the same bytes": "Bytes open nothing by themselves. KMS opens them, and asks who is calling.",
        "the one with the policy": "KMS does the work, so policies decide for whom.",
        "neither: only who encrypted it": "KMS does not note who encrypted. It asks who may decrypt.",
    },
    _two_users,
)
