"""The question families of "Aliases and Regions": names, and what may be done with them."""

from random import Random
from typing import Any

from kms_teach.chapters.aliases.move_questions import from_one_region_to_two, the_primary_moves_on, which_half_moves
from kms_teach.chapters.aliases.name_questions import may_be_a_name, one_setting_for_all, resources_of_a_name
from kms_teach.chapters.aliases.region_questions import (
    bring_it_abroad,
    error_across_regions,
    name_abroad,
    open_in_two_regions,
)
from kms_teach.chapters.aliases.replica_questions import (
    first_region_fails,
    keep_it_in_the_union,
    primary_first,
    shared_across_regions,
)
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, policy, scratch, told

__all__ = [
    "bring_it_abroad", "error_across_regions", "first_region_fails", "from_one_region_to_two", "keep_it_in_the_union",
    "may_be_a_name", "moved_with_its_right", "name_abroad", "name_of_another_kind", "name_to_free",
    "one_setting_for_all", "open_in_two_regions", "primary_first", "resources_of_a_name", "shared_across_regions",
    "swap_the_key", "the_primary_moves_on", "which_half_moves",
]  # fmt: skip

DEVELOPERS = ("DVA-C02", "DVA-C03", "SAA-C03")
SECURITY = ("SOA-C03", "SCS-C03")
NAMES = ("photos", "orders", "payroll", "letters", "mail", "claims")


WISHES: dict[str, tuple[bool, bool, bool]] = {  # then: another KMS key, another material, old data opens
    "encrypt with another KMS key from now on, and still decrypt what it has stored": (True, True, True),
    "encrypt with another KMS key from now on, and what it has stored must not be decrypted any more":
        (True, True, False),
    "encrypt with new key material under the same key id, and still decrypt what it has stored": (False, True, True),
}  # fmt: skip


@one("swap-the-key", subject="aliases", exams=DEVELOPERS)
def swap_the_key(draw: Random) -> Asked:
    name, wish, days = f"alias/{draw.choice(NAMES)}", draw.choice(tuple(WISHES)), draw.randrange(7, 31)

    def run() -> list[Tried]:
        tried = []
        for way in range(4):
            _, kms, old = scratch()
            new = kms.create_key()["KeyMetadata"]["Arn"]
            kms.create_alias(AliasName=name, TargetKeyId=old)
            sealed = kms.encrypt(KeyId=name, Plaintext=NOTE)["CiphertextBlob"]
            before = kms.describe_key(KeyId=name)["KeyMetadata"]["CurrentKeyMaterialId"]
            if way in (0, 1):
                kms.update_alias(AliasName=name, TargetKeyId=new)
            if way == 1:
                kms.schedule_key_deletion(KeyId=old, PendingWindowInDays=days)
            elif way == 2:
                error(kms.create_alias, AliasName=name, TargetKeyId=new)
            elif way == 3:
                kms.rotate_key_on_demand(KeyId=old)
            code = error(kms.decrypt, CiphertextBlob=sealed)
            now = kms.describe_key(KeyId=name)["KeyMetadata"]
            came = (now["Arn"] == new, now["CurrentKeyMaterialId"] != before, not code)
            shown = f"The program then encrypts with the {'new' if came[0] else 'old'} key"
            shown += f"{', and new material' * (came[1] and not came[0])}. {told(kms.decrypt, code)}"
            tried.append(Tried(came == WISHES[wish], shown))
        return tried

    return Asked(
        f"A program encrypts by `{name}`, and cannot be changed. It must {wish}. What do you do?",
        {
            "`UpdateAlias`": "The name is for what comes; a ciphertext names its own key, and that is still there.",
            f"`UpdateAlias`, and `ScheduleKeyDeletion` with {days} days": "From then on the old key decrypts nothing.",
            "`CreateAlias` for a new key, with the name": "A name that is in use cannot be created again.",
            "`RotateKeyOnDemand`": "That gives the same KMS key new material, and it keeps the old.",
        },
        run,
    )


@one("name-to-free", subject="aliases", exams=(*DEVELOPERS, *SECURITY))
def name_to_free(draw: Random) -> Asked:
    name, days = f"alias/{draw.choice(NAMES)}", draw.randrange(7, 20)
    at_once = draw.choice((True, False))
    calls: dict[str, tuple[str, dict[str, Any], str]] = {
        f"`ScheduleKeyDeletion`, with {days} days": ("schedule_key_deletion", {"PendingWindowInDays": days},
                                                     "A key keeps its names until it is deleted; they go with it."),
        f"`ScheduleKeyDeletion`, with {days + 9} days": ("schedule_key_deletion", {"PendingWindowInDays": days + 9},
                                                         "A key keeps its names until it is deleted."),
        "`DeleteAlias`": ("delete_alias", {}, "The name is free at once. The key is not touched by it."),
        "`DisableKey`": ("disable_key", {}, "A disabled key keeps its names."),
    }  # fmt: skip

    def run() -> list[Tried]:
        tried = []
        for act, more, _ in calls.values():
            sim, kms, old = scratch()
            new = kms.create_key()["KeyMetadata"]["Arn"]
            kms.create_alias(AliasName=name, TargetKeyId=old)
            getattr(kms, act)(**({"AliasName": name} if act == "delete_alias" else {"KeyId": old}), **more)
            sim.advance(days=0 if at_once else days + 3)
            code = error(kms.create_alias, AliasName=name, TargetKeyId=new)
            gone = error(kms.describe_key, KeyId=old) == "NotFoundException"
            there = f"{told(kms.create_alias, code)} The old key is {'gone' if gone else 'there'}."
            tried.append(Tried(not code and (gone or at_once), there))
        return tried

    when = "within minutes" if at_once else f"{days + 3} days later; by then the old key must be gone"
    return Asked(
        f"A stack is torn down, and built anew {when}. Its key has the name `{name}`, and the new stack calls "
        "`CreateAlias` with that name. Which call, made as the old stack is torn down, makes that work?",
        {call: why for call, (_, _, why) in calls.items()},
        run,
    )


@several("name-of-another-kind", subject="aliases", exams=DEVELOPERS)
def name_of_another_kind(draw: Random) -> Asked:
    name = f"alias/{draw.choice(NAMES)}"
    kinds: dict[str, tuple[dict[str, Any], str]] = {
        "a symmetric key": ({}, "It is of the same kind and usage."),
        "a symmetric primary key": ({"MultiRegion": True}, "Multi-Region or not, it is of the same kind."),
        "a symmetric key, `PendingImport`": (
            {"Origin": "EXTERNAL"}, "The name may move, and the next Encrypt fails until the material is there.",
        ),
        "an RSA key, made for `ENCRYPT_DECRYPT`": (
            {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"}, "The usage is the same, but the key is asymmetric.",
        ),
        "an HMAC key": (
            {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}, "It has another key usage.",
        ),
        "an ECC key, made for `SIGN_VERIFY`": (
            {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}, "It has another key usage.",
        ),
    }  # fmt: skip
    names = list(kinds)
    chosen = [*draw.sample(names[:3], 2), *names[3:]]

    def run() -> list[Tried]:
        tried = []
        for each in chosen:
            _, kms, old = scratch()
            kms.create_alias(AliasName=name, TargetKeyId=old)
            key = kms.create_key(**kinds[each][0])["KeyMetadata"]["KeyId"]
            code = error(kms.update_alias, AliasName=name, TargetKeyId=key)
            tried.append(Tried(not code, told(kms.update_alias, code)))
        return tried

    return Asked(
        f"`{name}` names a SYMMETRIC_DEFAULT key. Which of these keys can `UpdateAlias` move it to?",
        {each: kinds[each][1] for each in chosen},
        run,
    )


@one("moved-with-its-right", subject="aliases", exams=SECURITY, difficulty=3)
def moved_with_its_right(draw: Random) -> Asked:
    team, other = (f"alias/{word}" for word in draw.sample(NAMES, 2))
    person = draw.choice(("alice", "bob", "carla", "dmitri"))
    operator, value = draw.choice(
        (("ForAnyValue:StringEquals", team), ("ForAnyValue:StringLike", f"{team}-*"), ("ForAnyValue:StringLike", "*"))
    )

    def run() -> list[Tried]:
        tried = []
        for way in range(4):
            sim, kms, theirs = scratch()
            secret = kms.create_key()["KeyMetadata"]["Arn"]
            kms.create_alias(AliasName=team, TargetKeyId=theirs)
            kms.create_alias(AliasName=other, TargetKeyId=secret)
            sealed = kms.encrypt(KeyId=secret, Plaintext=NOTE)["CiphertextBlob"]
            named = {operator: {"kms:ResourceAliases": value}}
            reader = sim.user(person, policies=[policy("kms:Decrypt", Condition=named)]).client("kms")
            if way == 0:
                kms.update_alias(AliasName=team, TargetKeyId=secret)
            elif way == 1:
                kms.create_alias(AliasName=f"{team}-2", TargetKeyId=secret)
            elif way == 2:
                kms.delete_alias(AliasName=other)
            code = error(reader.decrypt, CiphertextBlob=sealed)
            tried.append(Tried(not code, told(reader.decrypt, code)))
        first = next(number for number in (3, 0, 1, 2) if tried[number].outcome)
        return [Tried(number == first, each.shown) for number, each in enumerate(tried)]

    return Asked(
        f"{person} has an IAM policy that allows `kms:Decrypt` under the condition `{operator}`, with "
        f"`kms:ResourceAliases` and the value `{value}`. Data is encrypted under the key `{other}`; another key is "
        f"`{team}`. What must happen, at the least, for {person} to read the data?",
        {
            f"`{team}` moves to the data's key": "The condition asks for the names a key has at this moment.",
            f"the data's key is also named `{team}-2`": "A pattern may fit that name, and one word alone does not.",
            f"the name `{other}` is taken away": "A key without a name fits no name.",
            "nothing": "Then the names it has would have to be allowed as they are.",
        },
        run,
    )
