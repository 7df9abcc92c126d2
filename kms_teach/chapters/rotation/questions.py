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


RENEWING: dict[str, tuple[tuple[str, ...], str]] = {  # what is done, one call after the other
    "`ReEncrypt` to another key, then `DisableKey` of the first": (
        ("move", "off"), "A disabled key opens nothing. What you moved opens with the other one."),
    "`RotateKeyOnDemand`, then `ReEncrypt` with the same key": (
        ("turn", "again"), "What you moved has new material, the old copies the old one, and the key has both."),
    "`UpdateAlias` to another key, then `ReEncrypt` to it": (
        ("alias", "move"), "All is under the other key from then on. The first is enabled, and opens the old copies."),
    "`EnableKeyRotation`, then `RotateKeyOnDemand`": (
        ("plan", "turn"), "What is encrypted later has new material. Old material opens old ciphertexts as before."),
    "`ReEncrypt` to another key, then `DeleteAlias` of the first": (
        ("move", "unname"), "A key without a name opens what it encrypted, and no program finds it by the name."),
}  # fmt: skip
STATES: dict[str, dict[str, bool]] = {  # what is wanted, in the order of what can come to it: what must be so
    "Someone has copies of {copies}, and may call `Decrypt` with every key. You still need the data, and that person "
    "must not get it.": {"old copies open": False, "kept under the first key": False},
    "An audit demands that {copies}, which you keep, have key material of this week, and that their key stays "
    "the same.":
        {"kept under the first key": True, "kept with new material": True},
    "A team takes over {copies}, and what programs encrypt by the alias. From now on, all that must be under a key of "
    "that team, and copies elsewhere must open as before.":
        {"kept under the first key": False, "new under the first key": False, "old copies open": True},
    "What programs encrypt by the alias must have new key material from today, and again each year. You leave {copies} "
    "as they are.": {"new with new material": True, "new each year": True},
}  # fmt: skip


@one("close-old-copies", subject="rotation", exams=("SCS-C03", "SAP-C02", "SAP-C03"), difficulty=3)
def close_old_copies(draw: Random) -> Asked:
    copies = draw.choice(("last year's ciphertexts", "a backup's ciphertexts", "the ciphertexts of a test"))
    number = draw.randrange(len(STATES))
    wish, names = list(STATES)[number], list(RENEWING)
    other = draw.choice([name for name in names if name != names[number]])  # one of the others is left out
    ways = {name: way for name, way in RENEWING.items() if name != other}

    def run() -> list[Tried]:
        tried = []
        for order, _ in ways.values():
            _, kms, key = scratch()
            kms.create_alias(AliasName="alias/data", TargetKeyId=key)
            old = kept = kms.encrypt(KeyId="alias/data", Plaintext=NOTE)["CiphertextBlob"]
            second = kms.create_key()["KeyMetadata"]["KeyId"]
            first = kms.decrypt(CiphertextBlob=old)["KeyMaterialId"]
            acts: dict[str, tuple[Any, dict[str, Any]]] = {
                "move": (kms.re_encrypt, {"CiphertextBlob": old, "DestinationKeyId": second}),
                "again": (kms.re_encrypt, {"CiphertextBlob": old, "DestinationKeyId": key}),
                "off": (kms.disable_key, {"KeyId": key}),
                "turn": (kms.rotate_key_on_demand, {"KeyId": key}),
                "plan": (kms.enable_key_rotation, {"KeyId": key}),
                "alias": (kms.update_alias, {"AliasName": "alias/data", "TargetKeyId": second}),
                "unname": (kms.delete_alias, {"AliasName": "alias/data"}),
            }
            for act in order:
                call, sent = acts[act]
                kept = call(**sent).get("CiphertextBlob", kept)
            found = {"old copies open": not error(kms.decrypt, CiphertextBlob=old)}
            blobs, by_name = {"kept": kept}, {"KeyId": "alias/data"}
            if not error(kms.encrypt, **by_name, Plaintext=NOTE):
                blobs["new"] = kms.encrypt(**by_name, Plaintext=NOTE)["CiphertextBlob"]
                now = kms.describe_key(**by_name)["KeyMetadata"]["KeyId"]
                found["new each year"] = kms.get_key_rotation_status(KeyId=now)["KeyRotationEnabled"]
            for what, blob in blobs.items():
                opened = kms.decrypt(CiphertextBlob=blob)
                found[f"{what} under the first key"] = opened["KeyId"] == key
                found[f"{what} with new material"] = opened["KeyMaterialId"] != first
            seen = ", ".join(f"{what}: {'yes' if value else 'no'}" for what, value in found.items())
            right = all(found.get(what) == value for what, value in STATES[wish].items())
            tried.append(Tried(right, f"In the end, {seen}."))
        return tried

    return Asked(
        f"{wish.format(copies=copies)} What do you do?",
        {name: why for name, (_, why) in ways.items()},
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
