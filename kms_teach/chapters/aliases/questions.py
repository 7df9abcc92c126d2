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


@one("swap-the-key", subject="aliases", exams=DEVELOPERS)
def swap_the_key(draw: Random) -> Asked:
    name = f"alias/{draw.choice(NAMES)}"

    def run() -> list[Tried]:
        tried = []
        for way in range(4):
            _, kms, old = scratch()
            new = kms.create_key()["KeyMetadata"]["Arn"]
            kms.create_alias(AliasName=name, TargetKeyId=old)
            blob = kms.encrypt(KeyId=name, Plaintext=NOTE)["CiphertextBlob"]
            if way == 0:
                kms.update_alias(AliasName=name, TargetKeyId=new)
            elif way == 1:
                kms.update_alias(AliasName=name, TargetKeyId=new)
                kms.schedule_key_deletion(KeyId=old)
            elif way == 2:
                error(kms.create_alias, AliasName=name, TargetKeyId=new)
            else:
                kms.rotate_key_on_demand(KeyId=old)
            code = error(kms.decrypt, CiphertextBlob=blob)
            by = "new" if kms.encrypt(KeyId=name, Plaintext=NOTE)["KeyId"] == new else "old"
            tried.append(
                Tried(
                    by == "new" and not code, f"The program then encrypts with the {by} key. {told(kms.decrypt, code)}"
                )
            )
        return tried

    return Asked(
        f"A program encrypts by `{name}`, and cannot be changed. It must encrypt with another KMS key from now on, and "
        "still decrypt what it has stored. What do you do?",
        {
            "`UpdateAlias`, and keep the old key": "The name is for what comes; a ciphertext names its own key.",
            "`UpdateAlias`, then schedule the deletion of the old key": "From then on the old key decrypts nothing.",
            "`CreateAlias` with the same name for the new key": "A name that is in use cannot be created again.",
            "`RotateKeyOnDemand`": "That gives the same KMS key new material.",
        },
        run,
    )


@one("name-to-free", subject="aliases", exams=(*DEVELOPERS, *SECURITY))
def name_to_free(draw: Random) -> Asked:
    name, days = f"alias/{draw.choice(NAMES)}", draw.randrange(7, 31)

    def run() -> list[Tried]:
        tried = []
        for way in ("", "wait", "delete", "disable"):
            sim, kms, old = scratch()
            new = kms.create_key()["KeyMetadata"]["Arn"]
            kms.create_alias(AliasName=name, TargetKeyId=old)
            if way == "disable":
                kms.disable_key(KeyId=old)
            else:
                kms.schedule_key_deletion(KeyId=old, PendingWindowInDays=days)
            if way == "wait":
                sim.advance(days=1)
            if way == "delete":
                kms.delete_alias(AliasName=name)
            code = error(kms.create_alias, AliasName=name, TargetKeyId=new)
            tried.append(Tried(not code, told(kms.create_alias, code)))
        return tried

    return Asked(
        f"A stack is torn down and built anew within minutes. Its key was `{name}`, and the new stack calls "
        "`CreateAlias` with that name. What must happen to the old stack for that to work?",
        {
            f"`ScheduleKeyDeletion` of its key, with {days} days": "A key that is pending deletion keeps its names.",
            "the same, and a day's patience": "The name goes with the key, when its waiting period is over.",
            "`DeleteAlias`": "The key is not touched by it.",
            "`DisableKey`": "A disabled key keeps its names.",
        },
        run,
    )


@several("name-of-another-kind", subject="aliases", exams=DEVELOPERS)
def name_of_another_kind(draw: Random) -> Asked:
    name = f"alias/{draw.choice(NAMES)}"
    kinds: dict[str, tuple[dict[str, Any], str]] = {
        "a symmetric key with key material from KMS": ({}, "It is of the same kind and usage."),
        "a symmetric multi-Region primary key": ({"MultiRegion": True}, "Multi-Region or not, it is of the same kind."),
        "a symmetric key whose material is yet to be imported": (
            {"Origin": "EXTERNAL"}, "The name may move, and the next Encrypt fails until the material is there.",
        ),
        "an RSA key for encryption": (
            {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"}, "The usage is the same, but the key is asymmetric.",
        ),
        "an HMAC key": (
            {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}, "It has another key usage.",
        ),
        "a key pair for signatures": (
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
        f"`{name}` names a symmetric encryption key. Which of these keys can `UpdateAlias` move it to?",
        {each: kinds[each][1] for each in chosen},
        run,
    )


@one("moved-with-its-right", subject="aliases", exams=SECURITY, difficulty=3)
def moved_with_its_right(draw: Random) -> Asked:
    team, other = (f"alias/{word}" for word in draw.sample(NAMES, 2))
    person = draw.choice(("alice", "bob", "carla", "dmitri"))

    def run() -> list[Tried]:
        tried = []
        for way in range(3):
            sim, kms, theirs = scratch()
            secret = kms.create_key()["KeyMetadata"]["Arn"]
            kms.create_alias(AliasName=team, TargetKeyId=theirs)
            kms.create_alias(AliasName=other, TargetKeyId=secret)
            blob = kms.encrypt(KeyId=secret, Plaintext=NOTE)["CiphertextBlob"]
            named = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": team}}
            reader = sim.user(person, policies=[policy("kms:Decrypt", Condition=named)]).client("kms")
            if way == 0:
                kms.update_alias(AliasName=team, TargetKeyId=secret)
            elif way == 1:
                kms.create_alias(AliasName=f"{team}-2", TargetKeyId=secret)
            code = error(reader.decrypt, CiphertextBlob=blob)
            tried.append(Tried(not code, told(reader.decrypt, code)))
        return tried

    return Asked(
        f"{person} may `Decrypt` with every key that `kms:ResourceAliases` shows as `{team}`. Data is encrypted under "
        f"the key `{other}`. What lets {person} read it?",
        {
            f"somebody moves `{team}` to that key": "The condition asks for the names a key has at this moment.",
            f"somebody gives that key the name `{team}-2`": "The condition asks for one name, and that is another.",
            "nothing has to happen": f"The key is not called `{team}`, and the policy allows no other.",
        },
        run,
    )
