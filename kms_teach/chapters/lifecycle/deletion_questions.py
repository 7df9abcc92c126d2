"""The question families of "Life and death of a key" about deletion: who waits how long, what is lost, and for whom."""

from collections.abc import Callable
from random import Random
from typing import Any

from kms_teach.chapters.lifecycle.use_questions import ALL, OPERATIONS
from kms_teach.client_side import envelope, imports, partner
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, awaiting, error, policy, scratch, told

CONDITION = "kms:ScheduleKeyDeletionPendingWindowInDays"


@one("long-waits-only", subject="deletion", exams=(*OPERATIONS, "SAP-C03"))
def long_waits_only(draw: Random) -> Asked:
    least, person = draw.randrange(14, 28), draw.choice(("alice", "bob", "carla", "dmitri"))
    short = draw.choice((True, False))  # whether it is the short waits that the rule forbids
    operators = {
        "`NumericLessThan`": "It is true of every wait that is shorter.",
        "`NumericGreaterThan`": "It is true of every wait that is longer.",
        "`NumericEquals`": "It is true of one number of days alone.",
        "`NumericNotEquals`": "It is true of every other number of days.",
    }

    def run() -> list[Tried]:
        tried = []
        for operator in operators:
            sim, _, key = scratch()
            statement = {
                "Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*",
                "Condition": {operator.strip("`"): {CONDITION: str(least)}},
            }  # fmt: skip
            deny = {"Version": "2012-10-17", "Statement": [statement]}
            kms = sim.user(person, policies=[policy("kms:*"), deny]).client("kms")
            codes = []
            for days in (7, least, 30):
                codes.append(error(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=days))
                error(kms.cancel_key_deletion, KeyId=key)
            wanted = [True, False, False] if short else [False, False, True]
            said = ", ".join(f"{days} days: {'refused' if code else 'done'}" for days, code in
                             zip((7, least, 30), codes, strict=True))  # fmt: skip
            tried.append(Tried([bool(code) for code in codes] == wanted, f"{said[0].upper()}{said[1:]}."))
        return tried

    rule = f"fewer than {least} days" if short else f"more than {least} days"
    return Asked(
        f"{person} may schedule the deletion of keys, but never with {rule} to wait; any other wait is fine. You add a "
        f"statement that denies `kms:ScheduleKeyDeletion`, with a condition on `{CONDITION}` and the value {least}. "
        "Which operator?",
        operators,
        run,
    )


LEFT: dict[str, str] = {
    "what was moved to another KMS key by `ReEncrypt`": "Its ciphertext names the other key.",
    "files whose plaintext data key a program still has": "A data key works without KMS.",
    "signatures, checked with the public key": "The public half is outside KMS, and checks for ever.",
    "ciphertexts that were made just before": "The material that made them is no more.",
    "ciphertexts of the years before a rotation": "The key's older materials go with it.",
    "files whose encrypted data key lies beside them": "Nobody opens that data key any more.",
    "ciphertexts, with a new key of the same alias": "The ciphertext names the key that is gone.",
}


@several("after-the-deletion", subject="deletion", exams=ALL)
def after_the_deletion(draw: Random) -> Asked:
    names, right, days = list(LEFT), draw.choice((2, 3)), draw.randrange(7, 31)
    chosen = [*draw.sample(names[:3], right), *draw.sample(names[3:], 5 - right)]

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        pair = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName="alias/files", TargetKeyId=key)
        old = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        kms.rotate_key_on_demand(KeyId=key)
        new = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
        other = kms.create_key()["KeyMetadata"]["Arn"]
        moved = kms.re_encrypt(CiphertextBlob=old, DestinationKeyId=other)["CiphertextBlob"]
        data_key = envelope.generate(kms, key)
        sealed = data_key.cipher().encrypt(bytes(12), NOTE, None)
        public = kms.get_public_key(KeyId=pair)["PublicKey"]
        signature = kms.sign(KeyId=pair, Message=NOTE, SigningAlgorithm="ECDSA_SHA_256")["Signature"]
        for each in (key, pair):
            kms.schedule_key_deletion(KeyId=each, PendingWindowInDays=days)
        sim.advance(days=days + 1)
        error(kms.create_alias, AliasName="alias/files", TargetKeyId=other)
        by_hand = data_key.cipher().decrypt(bytes(12), sealed, None) == NOTE
        fits = partner.verifies(public, "ECDSA_SHA_256", NOTE, signature)
        blobs = {names[0]: moved, names[3]: new, names[4]: old, names[5]: data_key.encrypted, names[6]: new}
        named = {names[6]: {"KeyId": "alias/files"}}
        tried = []
        for name in chosen:
            if name in blobs:
                code = error(kms.decrypt, CiphertextBlob=blobs[name], **named.get(name, {}))
                tried.append(Tried(not code, told(kms.decrypt, code)))
            else:
                works = by_hand if "data key" in name else fits
                tried.append(Tried(works, f"It {'worked' if works else 'failed'}, and KMS was not asked."))
        return tried

    return Asked(
        f"A company let two KMS keys be deleted, a symmetric one and an ECC key pair; the {days} days are over. "
        "For what is it not too late?",
        {name: LEFT[name] for name in chosen},
        run,
    )


Design = Callable[[Any, Any, str, Any], tuple[str, str, Callable[[], Any]]]  # two customers' keys; the end of the first


def _key_each(_: Any, kms: Any, _key: str, _given: Any) -> tuple[str, str, Callable[[], Any]]:
    keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    return keys[0], keys[1], lambda: kms.schedule_key_deletion(KeyId=keys[0], PendingWindowInDays=7)


def _material_each(_: Any, kms: Any, own: str, given: Any) -> tuple[str, str, Callable[[], Any]]:
    kms.import_key_material(**imports.parameters(given, bytes(32)))
    return own, kms.create_key()["KeyMetadata"]["Arn"], lambda: kms.delete_imported_key_material(KeyId=own)


def _name_each(_: Any, kms: Any, _key: str, _given: Any) -> tuple[str, str, Callable[[], Any]]:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/first", TargetKeyId=key)
    return key, key, lambda: kms.delete_alias(AliasName="alias/first")


def _grant_each(sim: Any, kms: Any, _key: str, _given: Any) -> tuple[str, str, Callable[[], Any]]:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    role = sim.role("first")
    grant = kms.create_grant(KeyId=key, GranteePrincipal=role.arn, Operations=["Decrypt"])["GrantId"]
    return key, key, lambda: kms.revoke_grant(KeyId=key, GrantId=grant)


DESIGNS: dict[str, tuple[Design, str]] = {
    "a KMS key each, made by KMS, and `ScheduleKeyDeletion`": (
        _key_each, "Seven days are the least, and until then it can be cancelled."),
    "a KMS key each, with imported material, and `DeleteImportedKeyMaterial`": (
        _material_each, "It works at once. Without the bytes nobody brings the key back."),
    "one KMS key with an alias each, and `DeleteAlias`": (_name_each, "A ciphertext names its key, and no alias."),
    "one KMS key with a grant each, and `RevokeGrant`": (
        _grant_each, "That closes it for the grantee, and not for everybody."),
}  # fmt: skip


@one("one-customer-less", subject="deletion", exams=("SCS-C03", "SAA-C03", "SAP-C03"), difficulty=3)
def one_customer_less(draw: Random) -> Asked:
    customers, soon = draw.randrange(30, 900), draw.choice((True, False))
    days = draw.randrange(1, 7) if soon else draw.randrange(8, 31)

    def run() -> list[Tried]:
        tried = []
        for design, _ in DESIGNS.values():
            sim, kms, waiting, given = awaiting()
            own, other, end = design(sim, kms, waiting, given)
            blobs = [kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"] for key in (own, other)]
            imported = kms.describe_key(KeyId=own)["KeyMetadata"]["Origin"] == "EXTERNAL"
            end()
            sim.advance(days=days)
            for call in (kms.cancel_key_deletion, kms.enable_key):
                error(call, KeyId=own)
            lost, kept = (error(kms.decrypt, CiphertextBlob=blob) for blob in blobs)
            shown = f"The one who left: {told(kms.decrypt, lost)} Another: {told(kms.decrypt, kept)}"
            tried.append(Tried(bool(lost) and not kept and (soon or not imported), shown))
        return tried

    within = "1 day" if days == 1 else f"{days} days"
    also = "" if soon else " The company is not to handle key material of its own."
    return Asked(
        f"A service keeps the data of {customers} customers. When a contract ends, within {within} nobody may be "
        f"able to read this customer's data any more, not the root user either, and others must not notice.{also} "
        "Which design, and which call at the contract's end?",
        {name: why for name, (_, why) in DESIGNS.items()},
        run,
    )
