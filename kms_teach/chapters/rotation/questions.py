"""The question families of "Rotation"."""

from random import Random
from typing import Any

from kms_teach.chapters.rotation.calendar_questions import (
    fewest_rotations,
    materials_of_a_key,
    years_of_a_managed_key,
)
from kms_teach.chapters.rotation.material_questions import (
    after_the_alias_moved,
    material_of_a_letter,
    rotation_from_two_regions,
    turn_your_own,
)
from kms_teach.keys.calendar import ON_DEMAND_MAX
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, scratch, told

__all__ = [
    "after_the_alias_moved", "close_old_copies", "fewest_rotations", "material_of_a_letter", "materials_of_a_key",
    "on_demand_before_due", "rotation_from_two_regions", "too_short_a_period", "turn_your_own", "what_rotates",
    "years_of_a_managed_key",
]  # fmt: skip

OPERATIONS = ("SAA-C03", "SOA-C03", "SCS-C03")


@one("too-short-a-period", subject="rotation", exams=OPERATIONS, difficulty=1)
def too_short_a_period(draw: Random) -> Asked:
    days = draw.choice((draw.choice((14, 30, 45, 60, 75)), draw.choice((90, 100, 120, 180))))
    years = ON_DEMAND_MAX * days / 365

    def run() -> list[Tried]:
        _, kms, key = scratch()
        by_itself = error(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=days)
        before = len(kms.list_key_rotations(KeyId=key)["Rotations"])
        kms.create_alias(AliasName="alias/second", TargetKeyId=key)
        by_alias = len(kms.list_key_rotations(KeyId=key)["Rotations"]) - before
        kms.rotate_key_on_demand(KeyId=key)
        by_hand = len(kms.list_key_rotations(KeyId=key)["Rotations"]) - before
        return [
            Tried(not by_itself, told(kms.enable_key_rotation, by_itself)),
            Tried(by_hand == 1 and bool(by_itself), f"`ListKeyRotations` showed {by_hand} more."),
            Tried(by_alias > 0, f"`ListKeyRotations` showed {by_alias or 'no'} more."),
        ]

    return Asked(
        f"A rule demands new key material every {days} days. What gives you that, with the fewest calls?",
        {
            f"`EnableKeyRotation` with a period of {days} days": "Automatic rotation takes periods from 90 to 2,560 "
            "days, and one call starts it.",
            f"`RotateKeyOnDemand`, called by a timer of your own every {days} days": "A key has "
            f"{ON_DEMAND_MAX} of them, here used up after {years:.1f} years; then it needs a new key behind the alias.",
            f"`CreateAlias` of a second name, every {days} days": "An alias is a name. It brings no material.",
        },
        run,
    )


@one("on-demand-before-due", subject="rotation", exams=OPERATIONS)
def on_demand_before_due(draw: Random) -> Asked:
    period, left = draw.choice((90, 180, 365, 400)), draw.randrange(2, 60)

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=period)
        sim.advance(days=period - left)
        kms.rotate_key_on_demand(KeyId=key)
        status = kms.get_key_rotation_status(KeyId=key)
        planned = (status["NextRotationDate"] - sim.now).days if status["KeyRotationEnabled"] else -1
        shown = f"`NextRotationDate` is {planned} days away." if planned >= 0 else "No rotation is planned."
        return [Tried(right, shown) for right in (planned == left, planned == period, planned < 0)]

    return Asked(
        f"A key rotates every {period} days, and is due in {left} days. You rotate on demand today. When does "
        "it rotate next?",
        {
            f"in {left} days": "A rotation on demand leaves the calendar as it is.",
            f"in {period} days": "As if today's rotation were the one that was due. The calendar knows nothing of it.",
            "not before you switch it on again": "A rotation on demand leaves the settings alone.",
        },
        run,
    )


CLOSING: dict[str, tuple[tuple[str, ...], str]] = {  # the first closes old copies
    "`ReEncrypt` to another key, then `DisableKey` of the first": (
        ("move", "off"), "A disabled key opens nothing. What you moved opens with the other one."),
    "`RotateKeyOnDemand`, then `ReEncrypt` with the same key": (
        ("turn", "again"), "The old copies name the old material, and the key still has it."),
    "`UpdateAlias` to another key, then `ReEncrypt` to it": (
        ("alias", "move"), "The first key is there and enabled, and the old copies name it."),
    "`EnableKeyRotation`, then `RotateKeyOnDemand`": (
        ("plan", "turn"), "Old material opens old ciphertexts for as long as the key lives."),
    "`ReEncrypt` to another key, then `DeleteAlias` of the first": (
        ("move", "unname"), "A key without a name opens what it encrypted."),
}  # fmt: skip


@one("close-old-copies", subject="rotation", exams=("SCS-C03", "SAP-C02", "SAP-C03"), difficulty=3)
def close_old_copies(draw: Random) -> Asked:
    copies = draw.choice(("last year's ciphertexts", "a backup's ciphertexts", "the ciphertexts of a test"))
    names = list(CLOSING)
    chosen = [names[0], *draw.sample(names[1:], 3)]

    def run() -> list[Tried]:
        tried = []
        for name in chosen:
            _, kms, key = scratch()
            kms.create_alias(AliasName="alias/data", TargetKeyId=key)
            old = kms.encrypt(KeyId="alias/data", Plaintext=NOTE)["CiphertextBlob"]
            second = kms.create_key()["KeyMetadata"]["KeyId"]
            acts: dict[str, tuple[Any, dict[str, Any]]] = {
                "move": (kms.re_encrypt, {"CiphertextBlob": old, "DestinationKeyId": second}),
                "again": (kms.re_encrypt, {"CiphertextBlob": old, "DestinationKeyId": key}),
                "off": (kms.disable_key, {"KeyId": key}),
                "turn": (kms.rotate_key_on_demand, {"KeyId": key}),
                "plan": (kms.enable_key_rotation, {"KeyId": key}),
                "alias": (kms.update_alias, {"AliasName": "alias/data", "TargetKeyId": second}),
                "unname": (kms.delete_alias, {"AliasName": "alias/data"}),
            }
            for act in CLOSING[name][0]:
                call, sent = acts[act]
                call(**sent)
            code = error(kms.decrypt, CiphertextBlob=old)
            tried.append(Tried(bool(code), f"After it, with an old copy: {told(kms.decrypt, code)}"))
        return tried

    return Asked(
        f"Someone has copies of {copies}, and may call `Decrypt` with every key. You still need the data. What closes "
        "the copies to that person?",
        {name: CLOSING[name][1] for name in chosen},
        run,
    )


@several("what-rotates", subject="rotation", exams=OPERATIONS, difficulty=1)
def what_rotates(draw: Random) -> Asked:
    kinds: dict[str, tuple[dict[str, Any], str]] = {
        "a symmetric key": ({}, "This is the kind that automatic rotation is for."),
        "a multi-Region primary key": (
            {"MultiRegion": True}, "Rotation is set at the primary, and its replicas get the same material.",
        ),
        "a symmetric key, with key material that you imported": (
            {"Origin": "EXTERNAL"},
            "KMS can't make material that is yours. You import new material, and rotate on demand.",
        ),
        "an HMAC key": (
            {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}, "Only symmetric encryption keys rotate.",
        ),
        "a key pair for signatures": (
            {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
            "Whoever verifies has the public key: a new pair is a new key.",
        ),
        "a key pair for key agreement": (
            {"KeySpec": "ECC_NIST_P384", "KeyUsage": "KEY_AGREEMENT"}, "An asymmetric key keeps its pair for life.",
        ),
    }  # fmt: skip
    rotating = list(kinds)[:2]
    chosen = {*rotating, *draw.sample(list(kinds)[2:], 3)}

    def run() -> list[Tried]:
        _, kms, _ = scratch()
        tried = []
        for name, (parameters, _) in kinds.items():
            if name in chosen:
                key = kms.create_key(**parameters)["KeyMetadata"]["KeyId"]
                code = error(kms.enable_key_rotation, KeyId=key)
                tried.append(Tried(not code, told(kms.enable_key_rotation, code)))
        return tried

    return Asked(
        "For which of these customer managed keys can you switch automatic rotation on? Where nothing else is "
        "said, the key is symmetric and KMS made its key material.",
        {name: why for name, (_, why) in kinds.items() if name in chosen},
        run,
    )
