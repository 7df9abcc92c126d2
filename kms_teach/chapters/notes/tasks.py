"""The tasks of "What the notes say": lines of a sheet to be refuted by calls, and a key to be rotated in place."""

import os
from collections.abc import Callable, Sequence
from typing import Any

from kms_teach.access.reasons import Check
from kms_teach.client_side import imports
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

OWNER, NAME = "dora", "alias/notebook"
MAY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
OLD_DATA, AT_ONCE, EVERYONE = (
    "Rotating a key re-encrypts the old data.",
    "A KMS key can be deleted at once.",
    "The root statement lets every user of the account use the key.",
)
SHEET = (OLD_DATA, AT_ONCE, EVERYONE)
KEY_WORK = ("Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncrypt")


def a_sheet(sim: Simulator) -> dict[str, Any]:
    """Let Dora encrypt a page of her notebook under a new key."""
    dora = sim.user(OWNER, policies=[MAY_ALL]).client("kms")
    key = dora.create_key(Description="Dora's notebook")["KeyMetadata"]["KeyId"]
    page = dora.encrypt(KeyId=key, Plaintext=b"What I knew in 2019.")["CiphertextBlob"]
    return {"sheet": SHEET, "key": key, "page": page, "kms": sim.client("kms")}


def _refuted(sim: Simulator) -> Outcome:
    """For each line there is a call that cannot be, if the line is true."""
    records = list(sim.trail)
    begin = max((at for at, r in enumerate(records) if r.caller == OWNER and r.operation == "CreateKey"), default=None)
    if begin is None:
        return Outcome(False, "There is no sheet yet: press “Start again”.")
    later = records[begin + 1 :]
    checks: Sequence[tuple[str, Callable[[list[Record]], str]]] = (
        (OLD_DATA, _old_data), (AT_ONCE, _deleted), (EVERYONE, _everyone),
    )  # fmt: skip
    open_ = [(line, why) for line, check in checks if (why := check(later))]
    if not open_:
        return Outcome(True, "All three lines are refuted, each by a call that could not be if it were true.")
    done = len(SHEET) - len(open_)
    line, why = open_[0]
    return Outcome(False, f"{done} of {len(SHEET)} refuted. “{line}” {why}")


def _old_data(later: list[Record]) -> str:
    """Give "" when old material opened something after its key had rotated; else what is missing."""
    opened = [used for r in later if r.worked for used in r.used if used.role == "decrypts"]
    if any(used.number < used.of for used in opened):
        return ""
    if any(used.of > 1 for used in opened):
        return "What you opened was made after the rotation: take the page from before, its bytes unchanged."
    if any(r.operation in ("RotateKeyOnDemand", "RotateKey") and r.worked for r in later):
        return "The key has rotated. Now open what was encrypted before: which material does it take?"
    if any(r.operation == "EnableKeyRotation" and r.worked for r in later):
        return "A rotation is planned, and none has been: let a year pass, or rotate on demand."
    if any(r.operation == "UpdateAlias" and r.worked for r in later):
        return "Another key behind a name is no rotation: KMS knows nothing of it."
    return "Rotate a key that has encrypted something, and open that."


def _deleted(later: list[Record]) -> str:
    """Give "" when KMS refused to hurry, or a key that was to go was still there; else what is missing."""
    asked = [r for r in later if r.operation == "ScheduleKeyDeletion"]
    if any(r.error == "ValidationException" for r in asked):
        return ""
    scheduled = [r for r in asked if r.worked]
    if not scheduled:
        if any(r.operation == "DisableKey" and r.worked for r in later):
            return "DisableKey deletes nothing: it can be enabled again. Ask KMS to delete a key."
        return "Ask KMS to delete a key, as fast as it can."
    keys = {each["ARN"] for r in scheduled for each in r.event.get("resources", ())}
    looked = later[later.index(scheduled[0]) + 1 :]
    names = ("DescribeKey", "CancelKeyDeletion", "GetKeyPolicy")
    if any(r.operation in names and r.worked and _about(r, keys) for r in looked):
        return ""
    return "The deletion is scheduled, which deletes nothing yet: show that the key is still there."


def _everyone(later: list[Record]) -> str:
    """Give "" when somebody of the account was denied on a key whose policy trusts it, for want of an IAM policy."""
    people = [r for r in later if r.caller != OWNER and r.event["userIdentity"].get("type") != "Root"]
    used = [r for r in people if r.operation in KEY_WORK]
    denied = [r for r in used if r.error == "AccessDeniedException" and r.decision]
    if any(r.decision and r.decision.says_yes(Check.DELEGATED) and not _explicit(r) for r in denied):
        return ""
    if denied and _explicit(denied[-1]):
        return "That was an explicit deny, which stops everybody. Try somebody for whom nobody has written anything."
    if denied:
        return "That key's policy does not have the root statement: take one with the policy that CreateKey gives."
    if any(r.worked for r in used):
        return "It was an IAM policy, or a grant, that allowed this: try a user of the account who has none."
    return "Let a user without any policy try."


def _explicit(record: Record) -> bool:
    return "explicit deny" in str(record.event.get("errorMessage", ""))


def _about(record: Record, keys: set[str]) -> bool:
    return any(each["ARN"] in keys for each in record.event.get("resources", ()))


def an_imported_key(sim: Simulator) -> dict[str, Any]:
    """Let Dora bring material of her own, and encrypt with it."""
    dora = sim.user(OWNER, policies=[MAY_ALL]).client("kms")
    key = dora.create_key(Origin="EXTERNAL", Description="Dora's own material")["KeyMetadata"]["KeyId"]
    imports.bring(dora, key, os.urandom(32))
    backup = dora.encrypt(KeyId=key, Plaintext=b"All that was before.")["CiphertextBlob"]
    return {"backup": backup, "key": key, "kms": sim.client("kms")}


def _rotated_in_place(sim: Simulator) -> Outcome:
    """The same key has encrypted with other material of hers, and opens what the first one made."""
    records = list(sim.trail)
    made = [at for at, r in enumerate(records) if r.caller == OWNER and r.operation == "Encrypt" and r.worked]
    if not made:
        return Outcome(False, "Dora has encrypted nothing yet: press “Start again”.")
    old, later = records[made[-1]].used[0], records[made[-1] + 1 :]
    mine = [used for r in later if r.worked for used in r.used if used.key_arn == old.key_arn]
    fresh = [used for used in mine if used.role == "encrypts" and used.material_id != old.material_id]
    opened = [used for used in mine if used.role == "decrypts" and used.material_id == old.material_id and used.of > 1]
    if fresh and opened:
        return Outcome(True, "Rotated in place: one key, two materials of Dora's, and each opens what it made.")
    if fresh:
        return Outcome(False, "New data takes the new material. Now open `backup`: does the old one still work?")
    if opened:
        return Outcome(False, "`backup` opens, and nothing has been encrypted with the new material yet.")
    return Outcome(False, _why_not(later, old.key_arn))


def _why_not(later: list[Record], key: str) -> str:
    calls = [r for r in later if _about(r, {key})]
    if any(r.operation == "RotateKeyOnDemand" and r.worked for r in calls):
        return "The key has rotated. Show it: encrypt something new, and open `backup`."
    if any(r.operation == "EnableKeyRotation" and r.error for r in later):
        return "Imported material never rotates by the calendar: import other material, then call RotateKeyOnDemand."
    brought = [r for r in calls if r.operation == "ImportKeyMaterial"]
    if brought and brought[-1].worked:
        return "The new material waits, PENDING_ROTATION: RotateKeyOnDemand makes it the one that encrypts."
    if brought:
        return (
            f"{brought[-1].error}: a key takes its own bytes back and no others, unless you say "
            'ImportType="NEW_KEY_MATERIAL".'
        )
    if any(r.operation == "RotateKeyOnDemand" for r in calls):
        return "There is nothing to rotate to: the key has one material. Import another first."
    if any(r.operation in ("CreateKey", "UpdateAlias", "CreateAlias") and r.worked for r in later):
        return "A new key and an alias: that was the only way until 5 June 2025. Do it in the same key."
    return "Nothing has happened to Dora's key yet."


REFUTE_THE_SHEET = Task(
    "A colleague's `sheet` has three lines that were never true. Refute each by a call that could not be if it were.",
    a_sheet,
    (
        "A line that says what always happens falls by one case in which it does not. Read `sheet` line by line.",
        "Open `page` after a rotation. Ask for a deletion tomorrow. Let a user without any policy encrypt.",
        """from contextlib import suppress
kms = sim.client("kms")
kms.rotate_key_on_demand(KeyId=key)
kms.decrypt(CiphertextBlob=page)
with suppress(Exception):
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=1)
with suppress(Exception):
    sim.user("nobody-special").client("kms").encrypt(KeyId=key, Plaintext=b"mine?")""",
    ),
    _refuted,
)
ROTATE_IN_PLACE = Task(
    "A sheet says: imported material is rotated by a new key and an alias, and by nothing else. Rotate Dora's `key` to "
    "other material of your own without another key, then encrypt something with it, and open `backup`.",
    an_imported_key,
    (
        "ImportKeyMaterial has a parameter for material that a key has not had.",
        'Import 32 new bytes with `ImportType="NEW_KEY_MATERIAL"`; then RotateKeyOnDemand, Encrypt, Decrypt.',
        """import os
from kms_teach.client_side import imports
kms = sim.client("kms")
imports.bring(kms, key, os.urandom(32), ImportType="NEW_KEY_MATERIAL")
kms.rotate_key_on_demand(KeyId=key)
kms.encrypt(KeyId=key, Plaintext=b"All that comes.")
kms.decrypt(CiphertextBlob=backup)""",
    ),
    _rotated_in_place,
)
