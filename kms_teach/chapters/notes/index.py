"""Thirty things that people believe of KMS, and the section in which each is tried."""

from collections.abc import Collection

from msgspec import Struct

from kms_teach.chapters.notes.pasted import claim
from kms_teach.inspect.claim import Finding
from kms_teach.teaching import catalog


class Belief(Struct, frozen=True):
    """A claim, the chapter and the section whose cell tries it, and a piece of that cell."""

    claim: str
    room: str
    section: str
    cell: str


BELIEFS = (
    Belief("rotation-reencrypts", "rotation", "A backup, and a year", "kms.decrypt(CiphertextBlob=stored)"),
    Belief("rotation-cuts-off", "rotation", "A stolen data key", "AESGCM(stolen).decrypt("),
    Belief("on-demand-new-key", "rotation", "On demand", "len(kms.list_keys()"),
    Belief("imported-new-key", "notes", "Is a new key the only way?", 'ImportType="NEW_KEY_MATERIAL"'),
    Belief("managed-three-years", "notes", "How often did aws/s3 rotate?", "list_key_rotations("),
    Belief(
        "asymmetric-rotate",
        "signing",
        "“I tick automatic rotation for every key, and give every call a context”",
        "kms.enable_key_rotation(",
    ),
    Belief("big-data", "encrypt", "“GenerateDataKey encrypts what is larger than 4 KB”", "Plaintext=photo"),
    Belief("key-id-needed", "encrypt", "What comes back from Encrypt", "kms.decrypt(CiphertextBlob=number"),
    Belief("admin-uses-all", "policies", "Who can always get in?", "predictions.ALWAYS_ADMIN"),
    Belief("root-is-everyone", "policies", "A new key, and a colleague", "alice_kms.encrypt("),
    Belief("root-is-root", "policies", "The word `root`", 'alice.client("kms").encrypt('),
    Belief("root-always", "policies", "Who can always get in?", "predictions.ALWAYS_ROOT"),
    Belief("clear-error", "encrypt", "The encryption context", '"tenant": "blue"'),
    Belief("secret-context", "encrypt", "Is the context a secret?", '["encryptionContext"]'),
    Belief(
        "context-with-rsa",
        "signing",
        "“I tick automatic rotation for every key, and give every call a context”",
        "kms.encrypt(KeyId=rsa",
    ),
    Belief("alias-in-resource", "policies", "A policy that names the alias", '"alias/letters"'),
    Belief("alias-everywhere", "aliases", "The same name, in another Region?", 'eu.encrypt(KeyId="alias/album"'),
    Belief("same-bytes", "aliases", "And if both keys are made of the same bytes?", "eu.decrypt(KeyId=twin"),
    Belief("one-global-key", "aliases", "The first Region is gone. Who has to do what?", "us.disable_key("),
    Belief("any-replicates", "aliases", "And if both keys are made of the same bytes?", "eu.replicate_key("),
    Belief("deleted-now", "lifecycle", "Can it be gone by tomorrow?", "PendingWindowInDays="),
    Belief("dies-alone", "lifecycle", "Does a key die by itself?", 'until="2036-01-01"'),
    Belief("alias-freed", "aliases", "Is the name free again?", "TargetKeyId=third"),
    Belief("cancelled-restores", "lifecycle", "Can it be gone by tomorrow?", "kms.cancel_key_deletion("),
    Belief("disable-stops-all", "lifecycle", "It is closed. What stays open?", "in_memory.decrypt("),
    Belief(
        "bucket-policy-enough",
        "objects",
        "bob may get every object. Does he get this one?",
        'bob.client("s3").get_object(',
    ),
    Belief(
        "managed-abroad",
        "accounts",
        "“Share the snapshot: it is only encrypted with the default key”",
        "kms.put_key_policy(KeyId=ebs",
    ),
    Belief("one-side", "accounts", "The neighbour", "bob.decrypt("),
    Belief("grant-at-once", "grants", "One night's work", "worker_kms.decrypt("),
    Belief("reads-the-sdk", "notes", "Is it all one envelope?", "sdk_message.bin"),
)


def table(notebooks: Collection[str]) -> str:
    """The beliefs as a table in Markdown, with a link to each chapter; `notebooks` are file names."""
    rows = ["| No. | What one hears | Tried | Where |", "|---|---|---|---|"]
    for number, belief in enumerate(BELIEFS, 1):
        heard = claim(belief.claim)
        rows.append(f"| {number} | {heard.sentence} | {Finding.of(heard).words} | {_where(belief, notebooks)} |")
    return "\n".join(rows)


def _where(belief: Belief, notebooks: Collection[str]) -> str:
    chapter = catalog.chapter(belief.room)
    if belief.room == "notes":
        return f"here: {belief.section}"
    (file,) = (name for name in notebooks if name.startswith(chapter.number))
    return f"[{chapter.number} {chapter.name}]({file}): {belief.section}"
