"""The questions of "Rotation"."""

from typing import Any

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Question
from kms_teach.teaching.trial import NOTE, error, only

YEAR = Question(
    "A year and a day pass, and the key rotates. You send the bytes from your disk to `Decrypt`. What comes back?",
    {
        "an error": "A new key opens nothing that an old one closed, that is so. But the old material is still in the "
        "HSM: it stopped encrypting, not decrypting.",
        "the plaintext, by the new material": "Then somebody would have encrypted the backup again. Nobody could: the "
        "bytes lay on your disk, and KMS keeps none.",
        "the plaintext, by the old material": "KMS kept it for this, and read in the bytes which one it was.",
    },
)
ON_DEMAND = Question(
    "You call `RotateKeyOnDemand` in April. What is different afterwards?",
    {
        "there is a second KMS key": "So some exam sheets still say. `ListKeys` shows what it showed before the call.",
        "the next automatic rotation moves": "As a service interval would. KMS keeps its calendar: `NextRotationDate` "
        "is the same as before.",
        "one more material, nothing else": "The same key, the same calendar, and new material to encrypt with.",
    },
)
THIEF = Question(
    "You rotate the KMS key. Can the thief read the file?",
    {
        "no": "As if the locks had been changed. But this lock hangs on the file, and its key is the stolen one.",
        "yes, if KMS helps": "KMS is not asked, so it cannot refuse, and your trail shows nothing.",
        "yes, alone": "The data key opens the file, and no rotation changes the file.",
    },
)


def _key() -> tuple[Simulator, Any, str]:
    sim = Simulator(start="2026-01-01T00:00:00Z")
    kms = sim.client("kms")
    return sim, kms, kms.create_key()["KeyMetadata"]["KeyId"]


def _sixty_days() -> str:
    _, kms, key = _key()
    before = len(kms.list_key_rotations(KeyId=key)["Rotations"])
    kms.create_alias(AliasName="alias/second", TargetKeyId=key)
    by_alias = len(kms.list_key_rotations(KeyId=key)["Rotations"]) > before
    kms.rotate_key_on_demand(KeyId=key)
    by_hand = len(kms.list_key_rotations(KeyId=key)["Rotations"]) > before
    by_itself = not error(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=60)
    return only(SIXTY_DAYS.options, (by_itself, by_hand, by_alias))


SIXTY_DAYS = Question(
    "A rule demands new key material every 60 days. What gives you that?",
    {
        "`EnableKeyRotation` with a period of 60 days": "Automatic rotation begins at 90 days: the call is refused.",
        "`RotateKeyOnDemand`, by a schedule of your own": "Six times a year: after four years the 25 of a key are used "
        "up, and you need a new key behind the alias.",
        "a second alias every 60 days": "An alias is a name. It brings no material.",
    },
    _sixty_days,
)


def _four_days() -> str:
    sim, kms, key = _key()
    kms.enable_key_rotation(KeyId=key)
    sim.advance(days=361)
    kms.rotate_key_on_demand(KeyId=key)
    left = (kms.get_key_rotation_status(KeyId=key)["NextRotationDate"] - sim.now).days
    return only(FOUR_DAYS.options, (left == 4, left == 365, left < 0))


FOUR_DAYS = Question(
    "Automatic rotation is due in four days. You rotate on demand today. When does the key rotate next?",
    {
        "in four days": "`NextRotationDate` does not move.",
        "in a year from today": "As if today's rotation were the one that was due. The calendar knows nothing of it.",
        "not any more, until you switch it on again": "A rotation on demand leaves the settings alone.",
    },
    _four_days,
)


def _not_any_more() -> str:
    _, kms, key = _key()
    kms.create_alias(AliasName="alias/data", TargetKeyId=key)
    old = kms.encrypt(KeyId="alias/data", Plaintext=NOTE)["CiphertextBlob"]
    kms.rotate_key_on_demand(KeyId=key)
    closed = [bool(error(kms.decrypt, CiphertextBlob=old))]
    second = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.update_alias(AliasName="alias/data", TargetKeyId=second)
    closed.append(bool(error(kms.decrypt, CiphertextBlob=old)))
    kms.re_encrypt(CiphertextBlob=old, DestinationKeyId=second)
    kms.disable_key(KeyId=key)
    closed.append(bool(error(kms.decrypt, CiphertextBlob=old)))
    return only(NOT_ANY_MORE.options, closed)


NOT_ANY_MORE = Question(
    "Someone has copies of last year's ciphertexts, and may call `Decrypt`. What closes those copies?",
    {
        "a rotation": "Old material opens old ciphertexts for as long as the key lives.",
        "a new key behind the alias": "The copies name the first key, which is there and enabled.",
        "`ReEncrypt` what you need to another key, then disable the first": "A disabled key opens nothing. What you "
        "moved opens with the other one.",
    },
    _not_any_more,
)
