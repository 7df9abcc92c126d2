"""The question families of "Start here"."""

from random import Random
from typing import Any

from kms_teach.chapters.start.allow_questions import pattern_of_actions, smallest_allow
from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, error, policy, scratch

__all__ = ["bytes_of_a_key", "pattern_of_actions", "smallest_allow", "two_users"]

PEOPLE = ("ana", "ben", "chloe", "dev", "emma", "farid", "grace", "hugo")
HELD = ("backup", "letter", "password", "report", "token")


CALLS: dict[str, tuple[str, dict[str, Any]]] = {  # what makes a key, or a part of one
    "`CreateKey` with `KeySpec` {spec}": ("create_key", {}),
    "`GenerateDataKey` with a KMS key and `KeySpec` AES_256": ("generate_data_key", {"KeySpec": "AES_256"}),
    "`GenerateDataKeyWithoutPlaintext` with a KMS key and `KeySpec` AES_256": (
        "generate_data_key_without_plaintext", {"KeySpec": "AES_256"},
    ),
}  # fmt: skip
SPECS = {"SYMMETRIC_DEFAULT": "ENCRYPT_DECRYPT", "HMAC_256": "GENERATE_VERIFY_MAC", "ECC_NIST_P256": "SIGN_VERIFY"}


@one("bytes-of-a-key", subject="access", exams=("CLF-C02", "DVA-C02", "DVA-C03"), difficulty=1)
def bytes_of_a_key(draw: Random) -> Asked:
    spec, call = draw.choice(tuple(SPECS)), draw.choice(tuple(CALLS))

    def run() -> list[Tried]:
        _, kms, key = scratch()
        act, more = CALLS[call]
        sent = {"KeyId": key, **more} if more else {"KeySpec": spec, "KeyUsage": SPECS[spec]}
        answer = getattr(kms, act)(**sent)
        found = {name for name, value in answer.items() if isinstance(value, bytes)}
        found |= {name for name, value in answer.get("KeyMetadata", {}).items() if isinstance(value, bytes)}
        shown = f"The answer has {', '.join(f'`{name}`' for name in sorted(found)) or 'no bytes at all'}."
        proved: tuple[set[str], ...] = ({"Plaintext"}, {"CiphertextBlob"}, {"Plaintext", "CiphertextBlob"}, set())
        return [Tried(found == names, shown) for names in proved]

    return Asked(
        f"You call {call.format(spec=spec)}. Which bytes of the new key come back to you?",
        {
            "the key itself": "No operation gives a new key and nothing to keep of it.",
            "an encrypted copy": "`GenerateDataKeyWithoutPlaintext` gives that, for whoever is to store it.",
            "both the key and an encrypted copy": "That is how `GenerateDataKey` gives a data key.",
            "none": "The key material of a KMS key stays in the HSM. You get a name, the key id and its ARN.",
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
            "both of them": "Bytes open nothing by themselves. KMS opens them, and asks who is calling.",
            f"{first} alone": "KMS does the work, so policies decide for whom, and for which action.",
            "neither": "KMS does not note who encrypted. It asks who is allowed `kms:Decrypt`.",
        },
        run,
    )
