"""The question families of "Start here"."""

from random import Random

from kms_teach.chapters.start.allow_questions import pattern_of_actions, smallest_allow
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, error, policy, scratch

__all__ = ["bytes_of_a_key", "pattern_of_actions", "smallest_allow", "two_users"]

PEOPLE = ("ana", "ben", "chloe", "dev", "emma", "farid", "grace", "hugo")
HELD = ("backup", "letter", "password", "report", "token")


@one("bytes-of-a-key", subject="access", exams=("CLF-C02", "DVA-C02", "DVA-C03"), difficulty=1)
def bytes_of_a_key(draw: Random) -> Asked:
    spec, usage, kind = draw.choice(
        (
            ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "a symmetric key"),
            ("HMAC_256", "GENERATE_VERIFY_MAC", "a key for MACs"),
            ("ECC_NIST_P256", "SIGN_VERIFY", "a key pair for signatures"),
        )
    )

    def run() -> list[Tried]:
        _, kms, _ = scratch()
        answer = kms.create_key(KeySpec=spec, KeyUsage=usage)
        given = [name for name, value in answer["KeyMetadata"].items() if isinstance(value, bytes)]
        shown = (
            f"Of the {len(answer['KeyMetadata'])} things that `CreateKey` answered, {len(given) or 'none'} is bytes."
        )
        return [Tried(right, shown) for right in (len(given) == 1, len(given) > 1, not given)]

    return Asked(
        f"You call `CreateKey` and ask for {kind}. Which bytes of it come back to you?",
        {
            "the key itself": "A data key comes back, from `GenerateDataKey`. The key material of a KMS key stays in "
            "the HSM.",
            "the key itself, and an encrypted copy": "That is how a data key comes back. A KMS key stays in the HSM.",
            "none of them": "You get a name, the key id and its ARN, and settings.",
        },
        run,
    )


@one("two-users", subject="access", exams=("CLF-C02", "SAA-C03", "DVA-C02", "DVA-C03"))
def two_users(draw: Random) -> Asked:
    first, second = draw.sample(PEOPLE, 2)
    action, held = draw.choice(("Decrypt", "Encrypt", "ReEncryptFrom")), draw.choice(HELD)

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        users = sim.user(first, policies=[policy(f"kms:{action}")]), sim.user(second)
        opens = [not error(user.client("kms").decrypt, CiphertextBlob=blob) for user in users]
        who = " and ".join(name for name, opened in zip((first, second), opens, strict=True) if opened)
        shown = f"`Decrypt` gave the plaintext to {who or 'neither of them'}."
        return [Tried(right, shown) for right in (all(opens), opens == [True, False], not any(opens))]

    return Asked(
        f"Two users hold the same ciphertext of a {held}. {first} has an IAM policy that allows `kms:{action}`, "
        f"{second} "
        "has none. Who can read it with `Decrypt`?",
        {
            "both: they hold the same bytes": "Bytes open nothing by themselves. KMS opens them, and asks who "
            "is calling.",
            f"{first}, not {second}": "KMS does the work, so policies decide for whom, and for which action.",
            "neither of them": "KMS does not note who encrypted. It asks who is allowed `kms:Decrypt`.",
        },
        run,
    )
