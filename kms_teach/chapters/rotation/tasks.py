"""The task of "Rotation": the key behind an alias is suspected, and rotating it is not the repair."""

from contextlib import suppress
from typing import Any

from kms_teach.chapters.rotation.calendar_task import ROTATE_TWICE_A_YEAR
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

__all__ = [
    "RETIRE_THE_KEY",
    "ROTATE_TWICE_A_YEAR",
]

PERSON = "carol"
ALIAS = "alias/vault"
MAY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
CLOSED = ("Disabled", "PendingDeletion")


def vault(sim: Simulator) -> dict[str, Any]:
    """Let Carol make a key that rotates by itself, and encrypt a backup by its alias."""
    carol = sim.user(PERSON, policies=[MAY_ALL]).client("kms")
    key = carol.create_key(Description="Carol's vault")["KeyMetadata"]["KeyId"]
    with suppress(carol.exceptions.NotFoundException):  # of an earlier begin
        carol.delete_alias(AliasName=ALIAS)
    carol.create_alias(AliasName=ALIAS, TargetKeyId=key)
    carol.enable_key_rotation(KeyId=key)
    return {"backup": carol.encrypt(KeyId=ALIAS, Plaintext=b"Everything since 2019.")["CiphertextBlob"]}


def _retired(sim: Simulator) -> Outcome:
    """The backup exists under another key, the alias names that key, and the old key opens nothing."""
    records = list(sim.trail)
    last = max((at for at, record in enumerate(records) if _encrypted_by_carol(record)), default=None)
    if last is None:
        return Outcome(False, "Carol has encrypted nothing yet: press “Start again”.")
    kms, sealed, later = sim.client("kms"), records[last], [r for r in records[last + 1 :] if r.worked]
    old = sealed.used[0].key_arn
    state, target, moved = _state(kms, old), _target(kms), _moved(later, sealed)
    if not moved:
        return Outcome(False, _why_not_moved(later, old, state, target))
    open_now = [arn for arn in moved if _state(kms, arn) == "Enabled"]
    if not open_now:
        return Outcome(False, "The backup was moved, but its new key is not enabled: nobody can open it now.")
    if target not in open_now:
        return Outcome(
            False, f"The backup was moved. But `{ALIAS}` does not name its new key yet: point the alias at it."
        )
    if state not in CLOSED:
        return Outcome(
            False,
            "Moved. But whoever kept a copy of the old ciphertext still opens it with the old key: close that key.",
        )
    by_hand = not any(r.operation == "ReEncrypt" and _pair(r) == (old, target) for r in later)
    hint = " ReEncrypt would have moved it without showing the plaintext to anybody." if by_hand else ""
    return Outcome(True, f"Retired: the backup opens with its new key only, and `{ALIAS}` names that key.{hint}")


def _moved(later: list[Record], sealed: Record) -> list[str]:
    """The keys, other than the old one, under which the backup was encrypted again."""
    old, keys, read = sealed.used[0].key_arn, [], False
    for record in later:
        match record.operation:
            case "Decrypt" if record.sent["CiphertextBlob"] == sealed.returned["CiphertextBlob"]:
                read = read or record.used[0].key_arn == old
            case "Encrypt" if read and record.sent["Plaintext"] == sealed.sent["Plaintext"]:
                keys.append(record.used[0].key_arn)
            case "ReEncrypt" if record.sent["CiphertextBlob"] == sealed.returned["CiphertextBlob"]:
                keys += [_pair(record)[1]] if _pair(record)[0] == old else []
    return [arn for arn in keys if arn != old]


def _why_not_moved(later: list[Record], old: str, state: str, target: str) -> str:
    names = [r.operation for r in later if any(used["ARN"] == old for used in r.event.get("resources", ()))]
    if state in CLOSED:
        return (
            "Nobody can open the backup now, you neither. Bring the key back (`cancel_key_deletion`, `enable_key`), "
            "and move the backup first."
        )
    if any(_pair(r) == (old, old) for r in later if r.operation == "ReEncrypt"):
        return "You encrypted it again with the same key: the material is new, but whoever may use the key opens both."
    if target != old:
        return (
            f"`{ALIAS}` names another key now, but the backup did not go along: its ciphertext names the old key's "
            "material. Move the backup too."
        )
    if "RotateKeyOnDemand" in names:
        return (
            "You rotated the key. That changes what encrypts from now on; the old material still opens the backup. "
            "A suspected key needs another key, not another material."
        )
    return "The backup is still under the suspected key alone."


def _state(kms: Any, arn: str) -> str:
    try:
        state: str = kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"]
    except kms.exceptions.NotFoundException:  # its deletion has been carried out
        return "PendingDeletion"
    return state


def _target(kms: Any) -> str:
    try:
        arn: str = kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["Arn"]
    except kms.exceptions.NotFoundException:
        return ""
    return arn


def _pair(record: Record) -> tuple[str, str]:
    """Of a ReEncrypt: the key that decrypted, the key that encrypted."""
    roles = {used.role: used.key_arn for used in record.used}
    return roles.get("decrypts", ""), roles.get("encrypts", "")


def _encrypted_by_carol(record: Record) -> bool:
    return record.caller == PERSON and record.operation == "Encrypt" and record.worked


NUDGE = "Rotate it on demand and decrypt the backup: what still opens it? Then ask what would have to be another one."
WHERE = (
    "Three steps: the backup under a new key (ReEncrypt shows its plaintext to nobody), the alias at that key "
    "(UpdateAlias), the old key closed (DisableKey)."
)
HOW = """kms = sim.client("kms")
old = kms.describe_key(KeyId="alias/vault")["KeyMetadata"]["KeyId"]
new = kms.create_key()["KeyMetadata"]["KeyId"]
kms.re_encrypt(CiphertextBlob=backup, DestinationKeyId=new)
kms.update_alias(AliasName="alias/vault", TargetKeyId=new)
kms.disable_key(KeyId=old)"""

RETIRE_THE_KEY = Task(
    "The key behind `alias/vault` may be in wrong hands. Let Carol's `backup` open with another key only, the one that "
    "`alias/vault` then names.",
    vault, (NUDGE, WHERE, HOW), _retired,
)  # fmt: skip
