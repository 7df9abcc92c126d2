"""The tasks of "Life and death of a key": a deletion to be stopped, a tenant to be forgotten, a key to be brought."""

from contextlib import suppress
from datetime import UTC
from typing import Any

from kms_teach.chapters.lifecycle.import_task import BRING_MY_KEY
from kms_teach.drawing.look import day
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

__all__ = ["BRING_MY_KEY", "SAVE_THE_ARCHIVE", "SHRED_BLUE"]

MAY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
WRONG_PERSON, ARCHIVE = "trainee", "alias/archive"
TENANTS = {"Blue": "alias/blue", "Red": "alias/red"}
GONE = "deleted"


def an_archive(sim: Simulator) -> dict[str, Any]:
    """Let Dora encrypt an archive, and a trainee schedule the deletion of its key, five days ago."""
    dora, trainee = (sim.user(name, policies=[MAY_ALL]).client("kms") for name in ("dora", WRONG_PERSON))
    key = _named(dora, ARCHIVE, "Dora's archive")
    archive = dora.encrypt(KeyId=ARCHIVE, Plaintext=b"Twenty years of photos.")["CiphertextBlob"]
    trainee.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=5)
    return {"archive": archive, "kms": sim.client("kms")}


def _saved(sim: Simulator) -> Outcome:
    """The archive was opened, or moved to a key that works, after its key's deletion had been scheduled."""
    scheduled = [r for r in sim.trail.named("ScheduleKeyDeletion") if r.caller == WRONG_PERSON and r.worked]
    if not scheduled:
        return Outcome(False, "Nobody has scheduled anything yet: press “Start again”.")
    key, kms = scheduled[-1].event["resources"][0]["ARN"], sim.client("kms")
    records = list(sim.trail)
    later = records[max(at for at, r in enumerate(records) if r.request_id == scheduled[-1].request_id) + 1 :]
    described = _described(kms, key)
    state = described["KeyState"] if described else GONE
    opened = [r for r in later if r.operation in ("Decrypt", "ReEncrypt") and r.worked and _by(r, "decrypts") == key]
    moved = [to for r in opened if (to := _by(r, "encrypts")) not in ("", key) and _state(kms, to) == "Enabled"]
    who = f"It was `{WRONG_PERSON}` who scheduled it: ask who needs `kms:ScheduleKeyDeletion` at all."
    if moved:
        return Outcome(
            True, f"Saved: the archive is under a key of its own now, whatever becomes of the old one. {who}"
        )
    match state:
        case "Enabled" if opened:
            return Outcome(True, f"Saved: the archive opens. {who}")
        case "Enabled":
            return Outcome(False, "The key works again. Show it: send `archive` to Decrypt.")
        case "Disabled":
            return Outcome(
                False, "The deletion is cancelled, the key is Disabled: to keep it and to let it work are two calls."
            )
        case "PendingDeletion" if described:
            return Outcome(False, _why_waiting(later, key, described["DeletionDate"].astimezone(UTC)))
    return Outcome(False, "Too late: the wait is over, and the key is deleted. “Start again” begins before that day.")


def _why_waiting(later: list[Record], key: str, date: Any) -> str:
    until = f"The key is still to be deleted on {day(date)}."
    names = [r.operation for r in later]
    if any(r.operation == "EnableKey" and not r.worked and _about(r, key) for r in later):
        return f"{until} EnableKey is refused until somebody has cancelled that."
    if "CreateKey" in names or "UpdateAlias" in names:
        return (
            f"{until} A new key has other material, under whatever name: it opens nothing that the old one encrypted."
        )
    if any(r.operation == "Decrypt" and not r.worked for r in later):
        return f"{until} KMSInvalidStateException says so: the key is there, and out of use."
    return f"{until} Look at its state with DescribeKey."


def two_tenants(sim: Simulator) -> dict[str, Any]:
    """Let Dora keep the orders of two tenants, each under a key of its own."""
    dora = sim.user("dora", policies=[MAY_ALL]).client("kms")
    orders = {}
    for tenant, alias in TENANTS.items():
        _named(dora, alias, f"tenant {tenant}")
        blob = dora.encrypt(KeyId=alias, Plaintext=f"What {tenant} ordered.".encode())["CiphertextBlob"]
        orders[tenant] = blob
    return {"orders": orders, "kms": sim.client("kms")}


def _shredded(sim: Simulator) -> Outcome:
    """Blue's key is deleted, Red's works."""
    made = [
        r for r in sim.trail.named("Encrypt") if r.caller == "dora" and r.parameters.get("keyId") in TENANTS.values()
    ]
    if len(made) < len(TENANTS):
        return Outcome(False, "Dora has encrypted nothing yet: press “Start again”.")
    keys = {r.parameters["keyId"]: r.used[0].key_arn for r in made}
    kms = sim.client("kms")
    blue, red = keys[TENANTS["Blue"]], keys[TENANTS["Red"]]
    if (state := _state(kms, red)) != "Enabled":
        return Outcome(False, f"Red's key is {state}: Red's orders are shut as well, and Red has not left.")
    described = _described(kms, blue)
    if described is None:
        return Outcome(
            True, "Shredded: every copy of Blue's orders is shut, also those that nobody knows of. Red's open."
        )
    match described["KeyState"]:
        case "PendingDeletion":
            date = day(described["DeletionDate"].astimezone(UTC))
            shut = f"Scheduled. The copies are shut already, and until {date} somebody can undo it"
            return Outcome(False, f"{shut}: let the days pass with `sim.advance`.")
        case "Disabled":
            return Outcome(
                False, "DisableKey shuts the copies, until somebody calls EnableKey. For good is another call."
            )
    return Outcome(False, _why_readable(sim, blue))


def _why_readable(sim: Simulator, blue: str) -> str:
    named = [r.operation for r in sim.trail.about(blue) if r.worked]
    aliases = [r for r in sim.trail.named("DeleteAlias", "UpdateAlias") if r.worked and r.caller != "dora"]
    if aliases and aliases[-1].parameters.get("aliasName") == TENANTS["Blue"]:
        return "The name is gone or moved, the key is not: a ciphertext names key material, never an alias."
    if "RotateKeyOnDemand" in named or "EnableKeyRotation" in named:
        return "A rotation adds material. The old one stays, and opens Blue's orders."
    if "PutKeyPolicy" in named:
        return "A key policy shuts people out, and whoever may put a policy lets them in again."
    if "DeleteImportedKeyMaterial" in [r.operation for r in sim.trail.about(blue)]:
        return "Only imported material can be deleted alone; KMS made this. The key itself must go."
    return "Blue's key is Enabled, so whoever may use it reads every copy."


def _named(kms: Any, alias: str, words: str) -> str:
    """A new key that has this alias, also when an earlier one had it."""
    key: str = kms.create_key(Description=words)["KeyMetadata"]["KeyId"]
    with suppress(kms.exceptions.NotFoundException):  # of an earlier begin
        kms.delete_alias(AliasName=alias)
    kms.create_alias(AliasName=alias, TargetKeyId=key)
    return key


def _described(kms: Any, arn: str) -> Any:
    """DescribeKey's metadata; None once the key is deleted."""
    try:
        return kms.describe_key(KeyId=arn)["KeyMetadata"]
    except kms.exceptions.NotFoundException:  # its deletion has been carried out
        return None


def _state(kms: Any, arn: str) -> str:
    described = _described(kms, arn)
    return described["KeyState"] if described else GONE


def _by(record: Record, role: str) -> str:
    """The key that did this in a call."""
    return next((used.key_arn for used in record.used if used.role == role), "")


def _about(record: Record, key: str) -> bool:
    return any(each["ARN"] == key for each in record.event.get("resources", ()))


SAVE_THE_ARCHIVE = Task(
    "Dora's `archive` does not open any more. Let it open again, and show it with a `Decrypt`.",
    an_archive,
    (
        "Ask KMS how the key is: DescribeKey of `alias/archive` tells its state, and a date.",
        "Two calls: CancelKeyDeletion keeps the key, EnableKey lets it work. Both take a key id or an ARN, no alias.",
        """kms = sim.client("kms")
key = kms.describe_key(KeyId="alias/archive")["KeyMetadata"]["KeyId"]
kms.cancel_key_deletion(KeyId=key)
kms.enable_key(KeyId=key)
kms.decrypt(CiphertextBlob=archive)""",
    ),
    _saved,
)  # fmt: skip
SHRED_BLUE = Task(
    "Tenant Blue has left. Of its `orders` there are copies that nobody can list. Make all of them unreadable for "
    "good, and let Red's open.",
    two_tenants,
    (
        "You need not find the copies. What do all of them need?",
        "ScheduleKeyDeletion of the key behind `alias/blue`, with the fewest days that KMS takes. Then they must pass.",
        """kms = sim.client("kms")
blue = kms.describe_key(KeyId="alias/blue")["KeyMetadata"]["KeyId"]
kms.schedule_key_deletion(KeyId=blue, PendingWindowInDays=7)
sim.advance(days=7)""",
    ),
    _shredded,
)  # fmt: skip
