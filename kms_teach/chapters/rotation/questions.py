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
    days = draw.choice((14, 21, 30, 45, 60, 75))
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
            Tried(by_hand == 1, f"`ListKeyRotations` showed {by_hand} more."),
            Tried(by_alias > 0, f"`ListKeyRotations` showed {by_alias or 'no'} more."),
        ]

    return Asked(
        f"A rule demands new key material every {days} days. What gives you that?",
        {
            f"`EnableKeyRotation` with a period of {days} days": "Automatic rotation begins at 90 days.",
            "`RotateKeyOnDemand`, by a schedule of your own": f"After {years:.1f} years the {ON_DEMAND_MAX} of "
            "a key are "
            "used up, and you need a new key behind the alias.",
            f"a second alias every {days} days": "An alias is a name. It brings no material.",
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


@one("close-old-copies", subject="rotation", exams=("SCS-C03", "SAP-C02", "SAP-C03"), difficulty=3)
def close_old_copies(draw: Random) -> Asked:
    copies = draw.choice(
        ("last year's ciphertexts", "a backup's ciphertexts", "ciphertexts of a test", "old ciphertexts")
    )

    def run() -> list[Tried]:
        _, kms, key = scratch()
        kms.create_alias(AliasName="alias/data", TargetKeyId=key)
        old = kms.encrypt(KeyId="alias/data", Plaintext=NOTE)["CiphertextBlob"]
        kms.rotate_key_on_demand(KeyId=key)
        codes = [error(kms.decrypt, CiphertextBlob=old)]
        second = kms.create_key()["KeyMetadata"]["KeyId"]
        kms.update_alias(AliasName="alias/data", TargetKeyId=second)
        codes.append(error(kms.decrypt, CiphertextBlob=old))
        kms.re_encrypt(CiphertextBlob=old, DestinationKeyId=second)
        kms.disable_key(KeyId=key)
        codes.append(error(kms.decrypt, CiphertextBlob=old))
        return [Tried(bool(code), f"After it, with an old copy: {told(kms.decrypt, code)}") for code in codes]

    return Asked(
        f"Someone has copies of {copies}, and may call `Decrypt`. What closes those copies?",
        {
            "a rotation": "Old material opens old ciphertexts for as long as the key lives.",
            "a new key behind the alias": "The copies name the first key, which is there and enabled.",
            "`ReEncrypt` what you need to another key, then disable the first": "A disabled key opens nothing. "
            "What you "
            "moved opens with the other one.",
        },
        run,
    )


@several("what-rotates", subject="rotation", exams=OPERATIONS, difficulty=1)
def what_rotates(draw: Random) -> Asked:
    kinds: dict[str, tuple[dict[str, Any], str]] = {
        "a symmetric key with key material from KMS": ({}, "This is the kind that automatic rotation is for."),
        "a multi-Region primary key, symmetric, with key material from KMS": (
            {"MultiRegion": True}, "Rotation is set at the primary, and its replicas get the same material.",
        ),
        "a symmetric key whose key material you imported": (
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
        "For which of these customer managed keys can you switch automatic rotation on?",
        {name: why for name, (_, why) in kinds.items() if name in chosen},
        run,
    )
