"""The question families of "Envelope encryption" about theft: what a thief reads, and what stops that."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from msgspec import Struct

from kms_teach.client_side import envelope
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import NOTE, error, policy, scratch

SECURITY = ("SCS-C03", "SAA-C03", "SAP-C03")
NONCE = bytes(12)  # one message under each data key
PLACES = ("a bucket", "a file share", "a backup", "a tape")


@one("how-much-is-lost", subject="envelope", exams=(*SECURITY, "DVA-C02", "DVA-C03"))
def how_much_is_lost(draw: Random) -> Asked:
    folders, size = draw.choice(((3, 4), (4, 5), (5, 3), (3, 5), (4, 6), (6, 3), (5, 4), (2, 5)))
    whole, place = folders * size, draw.choice(PLACES)
    thefts = {
        "and the plaintext data key of one folder": (True, False),
        "the encrypted data keys among them": (False, False),
        "the encrypted data keys among them, and holds credentials that may call `Decrypt` with it": (False, True),
    }
    theft = draw.choice(tuple(thefts))
    has_key, may_decrypt = thefts[theft]

    def run() -> list[Tried]:
        sim, kms, arn = scratch()
        thief = sim.user("thief", policies=[policy("kms:Decrypt")] if may_decrypt else []).client("kms")
        keys = [envelope.generate(kms, arn) for _ in range(folders)]
        nonces = [number.to_bytes(12) for number in range(size)]
        files = [(nonce, key.cipher().encrypt(nonce, NOTE, None)) for key in keys for nonce in nonces]
        held = [keys[0]] if has_key else []
        if may_decrypt:
            held = [envelope.recover(thief, key.encrypted) for key in keys]
        opened = sum(any(_opens(key, nonce, sealed) for key in held) for nonce, sealed in files)
        return [Tried(opened == number, f"The thief opened {opened} files.") for number in numbers]

    numbers = (0, size, folders, whole)
    why = (
        "An encrypted data key opens nothing without a `Decrypt` that is allowed.",
        "One data key opens what was encrypted with it: the files of its folder.",
        "The number of folders counts data keys, and not what they open.",
        "Who may call `Decrypt` opens every data key, and so every file.",
    )
    return Asked(
        f"{whole} files lie in {folders} folders of {size}. Each folder has a data key of its own, encrypted under one "
        f"KMS key. A thief has copies of all files from {place}, {theft}. How many files can the thief read?",
        {f"{number}": each for number, each in zip(numbers, why, strict=True)},
        run,
    )


def _opens(key: envelope.DataKey, nonce: bytes, sealed: bytes) -> bool:
    try:
        return key.open(nonce, sealed) == NOTE
    except envelope.EnvelopeError:
        return False


class Place(Struct):
    """A file and its encrypted data key, as they lie in storage; the KMS key, and who administers it."""

    sim: Any
    kms: Any
    arn: str
    key: envelope.DataKey
    sealed: bytes

    @classmethod
    def new(cls) -> "Place":
        sim, kms, arn = scratch()
        kms.create_alias(AliasName="alias/files", TargetKeyId=arn)
        key = envelope.generate(kms, "alias/files")
        return cls(sim, kms, arn, key, key.cipher().encrypt(NONCE, NOTE, None))

    def encrypt_anew(self) -> None:
        self.key = envelope.generate(self.kms, self.arn)
        self.sealed = self.key.cipher().encrypt(NONCE, NOTE, None)

    def move(self) -> None:
        other = self.kms.create_key()["KeyMetadata"]["Arn"]
        moved = self.kms.re_encrypt(CiphertextBlob=self.key.encrypted, DestinationKeyId=other)["CiphertextBlob"]
        self.key = envelope.DataKey(bytes(self.key.plaintext), moved)

    def point_elsewhere(self) -> None:
        self.kms.update_alias(AliasName="alias/files", TargetKeyId=self.kms.create_key()["KeyMetadata"]["KeyId"])

    def forbid(self, principal: str) -> None:
        document = json.loads(self.kms.get_key_policy(KeyId=self.arn)["Policy"])
        deny = {"Effect": "Deny", "Principal": {"AWS": principal}, "Action": "kms:*", "Resource": "*"}
        text = json.dumps({**document, "Statement": [*document["Statement"], deny]})
        self.kms.put_key_policy(KeyId=self.arn, Policy=text)


SIDE_STEPS: dict[str, tuple[Callable[[Place], Any], str]] = {  # one of them is drawn; none of them helps
    "`RotateKeyOnDemand` of the KMS key": (
        lambda at: at.kms.rotate_key_on_demand(KeyId=at.arn), "Old material goes on opening what it encrypted."),
    "`UpdateAlias`, to a new KMS key": (
        lambda at: at.point_elsewhere(), "The encrypted data key names its KMS key, and no alias."),
    "`EnableKeyRotation` of the KMS key": (
        lambda at: at.kms.enable_key_rotation(KeyId=at.arn), "Old material goes on opening what it encrypted."),
}  # fmt: skip
STEPS: dict[str, tuple[Callable[[Place], Any], str]] = {
    "`DisableKey` of the KMS key": (
        lambda at: at.kms.disable_key(KeyId=at.arn), "It stops `Decrypt`, and nothing that works without KMS."),
    "`ReEncrypt` of the data key, under another KMS key": (
        Place.move, "The data key stays what it was; only its wrapping is another."),
    "a new data key, and the file encrypted anew with it": (
        Place.encrypt_anew, "What the old data key opens is then no longer in storage."),
}  # fmt: skip


@one("after-a-leak", subject="envelope", exams=SECURITY, difficulty=3)
def after_a_leak(draw: Random) -> Asked:
    knows, place = draw.choice((True, False)), draw.choice(("a bucket", "a file share", "an archive", "a wiki"))
    aside = draw.choice(tuple(SIDE_STEPS))
    steps = {aside: SIDE_STEPS[aside], **STEPS}
    leaked = (
        "the plaintext data key of a file stood in a log that anybody could read"
        if knows
        else "somebody got credentials that may `Decrypt` with every KMS key of the account"
    )

    def run() -> list[Tried]:
        tried = []
        for act, _ in steps.values():
            at = Place.new()
            leak = at.key
            other = at.sim.user("other", policies=[policy("kms:Decrypt")]).client("kms")
            act(at)
            held = [leak] if knows else []
            if not knows and not error(other.decrypt, CiphertextBlob=at.key.encrypted):
                held.append(envelope.recover(other, at.key.encrypted))
            reads = any(_opens(key, NONCE, at.sealed) for key in held)
            tried.append(Tried(not reads, f"The file in storage {'was' if reads else 'could not be'} read."))
        return tried

    return Asked(
        f"A file and its encrypted data key lie in {place} that many may read. Today you learn that {leaked}. Nobody "
        "has opened the file yet. Which single act keeps the file in storage from being read with what leaked?",
        {name: why for name, (_, why) in steps.items()},
        run,
    )


ROLE = "app"
ACTS: dict[str, tuple[Callable[[Place, str], Any], str]] = {  # the first four end it
    "`DisableKey` for the KMS key": (
        lambda at, _: at.kms.disable_key(KeyId=at.arn), "A disabled key opens nothing, for anybody."),
    "`ScheduleKeyDeletion` for the KMS key": (
        lambda at, _: at.kms.schedule_key_deletion(KeyId=at.arn), "A key that waits for its deletion opens nothing."),
    "a Deny for the role in the key policy": (
        lambda at, arn: at.forbid(arn), "A Deny holds against every Allow, in whichever policy."),
    "the role's IAM policy without `kms:Decrypt`": (
        lambda at, _: at.sim.role(ROLE, policies=[policy("kms:DescribeKey")]),
        "The key policy leaves it to IAM who may, and IAM no longer says so."),
    "`RotateKeyOnDemand` for the KMS key": (
        lambda at, _: at.kms.rotate_key_on_demand(KeyId=at.arn), "Old material opens what it encrypted."),
    "`UpdateAlias` to a new KMS key": (
        lambda at, _: at.point_elsewhere(), "The encrypted data keys name their KMS key, and no alias."),
    "`DeleteAlias` for the KMS key": (
        lambda at, _: at.kms.delete_alias(AliasName="alias/files"), "A key without a name works as before."),
    "`ReEncrypt` for the data keys in storage": (
        lambda at, _: at.move(), "The thief has the old copies, and their KMS key still opens them."),
}  # fmt: skip


@several("stops-the-thief", subject="envelope", exams=SECURITY, difficulty=3)
def stops_the_thief(draw: Random) -> Asked:
    place, right = draw.choice(PLACES), draw.choice((2, 3))
    names = list(ACTS)
    chosen = [*draw.sample(names[:4], right), *draw.sample(names[4:], 5 - right)]

    def run() -> list[Tried]:
        tried = []
        for name in chosen:
            at = Place.new()
            stolen = at.key.encrypted
            role = at.sim.role(ROLE, policies=[policy("kms:Decrypt")])
            thief = role.client("kms")
            ACTS[name][0](at, role.arn)
            code = error(thief.decrypt, CiphertextBlob=stolen)
            tried.append(Tried(bool(code), f"The thief's `Decrypt`: `{code}`." if code else "The thief's `Decrypt` "
                               "went well."))  # fmt: skip
        return tried

    return Asked(
        f"A thief copied files with their encrypted data keys from {place}, and uses stolen credentials of the role "
        f"`{ROLE}`, whose IAM policy allows `kms:Decrypt`. The KMS key has the default key policy. Which of these, "
        "each by itself, makes the copies unreadable for the thief?",
        {name: ACTS[name][1] for name in chosen},
        run,
    )
