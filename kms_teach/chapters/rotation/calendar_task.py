"""The second task of "Rotation": some keys rotate twice a year, and of those that do not the reason is known."""

from typing import Any

from kms_teach.keys.calendar import ROTATION_PERIOD_DEFAULT
from kms_teach.simulator import Simulator
from kms_teach.teaching.task import Outcome, Task
from kms_teach.trail import Record

LETTERS, ORDERS, BADGES = "Letters, rotated yearly", "Orders, not rotated", "Badges, which sign"
MOST = 180  # days
SYMMETRIC = (LETTERS, ORDERS)

ONCE = "RotateKeyOnDemand rotates once, now. What is asked for is a calendar: EnableKeyRotation, with its period."
YEARLY = f"EnableKeyRotation without a period means {ROTATION_PERIOD_DEFAULT} days. Say `RotationPeriodInDays`."
NEVER = (
    "Asymmetric keys have no automatic rotation: the key with which somebody verifies must stay the same. That one "
    "is left as it is, and the other two are not done yet."
)


def three_keys(sim: Simulator) -> dict[str, Any]:
    """A key that rotates once a year, one whose rotation somebody switched off, and one that signs."""
    kms = sim.client("kms")
    letters, orders = (kms.create_key(Description=name)["KeyMetadata"]["KeyId"] for name in SYMMETRIC)
    badges = kms.create_key(Description=BADGES, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=letters)
    kms.enable_key_rotation(KeyId=orders)
    kms.disable_key_rotation(KeyId=orders)
    return {"keys": {"letters": letters, "orders": orders, "badges": badges}}


def _often(sim: Simulator) -> Outcome:
    """By the trail, each symmetric key rotates at least every 180 days from now on."""
    records = list(sim.trail)
    begin = max((at for at, record in enumerate(records) if _made(record, LETTERS)), default=None)
    if begin is None:
        return Outcome(False, "The three keys are not made yet: press “Start again”.")
    since = records[begin:]
    keys = {name: _arn(next(r for r in since if _made(r, name))) for name in (*SYMMETRIC, BADGES)}
    later = since[next(at for at, r in enumerate(since) if r.operation == "DisableKeyRotation") + 1 :]
    periods = {name: _period([r for r in since if _about(r, keys[name])]) for name in SYMMETRIC}
    late = [name for name in SYMMETRIC if not 0 < periods[name] <= MOST]
    if late:
        return Outcome(False, _why_not(later, keys, periods, late))
    tried = any(r.operation == "EnableKeyRotation" and _about(r, keys[BADGES]) for r in later)
    badges = "The key that signs cannot, as KMS told you." if tried else "The key that signs has no automatic rotation."
    told = " and ".join(f"every {periods[name]} days" for name in SYMMETRIC)
    return Outcome(True, f"The two symmetric keys rotate {told}. {badges}")


def _why_not(later: list[Record], keys: dict[str, str], periods: dict[str, int], late: list[str]) -> str:
    mine = [record for record in later if any(_about(record, keys[name]) for name in late)]
    if any(record.operation == "RotateKeyOnDemand" and record.worked for record in mine):
        return ONCE
    enabled = [record for record in mine if record.operation == "EnableKeyRotation"]
    if enabled and enabled[-1].error:
        return f"The last EnableKeyRotation was refused: {enabled[-1].event.get('errorMessage', enabled[-1].error)}"
    if enabled and "rotationPeriodInDays" not in enabled[-1].parameters:
        return YEARLY
    if enabled and any(periods[name] > MOST for name in late):
        return f"{max(periods[name] for name in late)} days are more than {MOST}."
    if any(r.operation == "EnableKeyRotation" and r.error and _about(r, keys[BADGES]) for r in later):
        return NEVER
    if len(late) < len(SYMMETRIC):
        return f"One of the two is done. The other is the one described as “{late[0]}”."
    return f"Neither of the two symmetric keys rotates every {MOST} days. `GetKeyRotationStatus` tells of each."


def _period(records: list[Record]) -> int:
    """Days from rotation to rotation as the last change left them; 0 for never."""
    changes = [r for r in records if r.operation in ("EnableKeyRotation", "DisableKeyRotation") and r.worked]
    if not changes or changes[-1].operation == "DisableKeyRotation":
        return 0
    return int(changes[-1].parameters.get("rotationPeriodInDays") or ROTATION_PERIOD_DEFAULT)


def _made(record: Record, description: str) -> bool:
    return record.operation == "CreateKey" and record.parameters.get("description") == description and record.worked


def _arn(record: Record) -> str:
    return str(record.event["resources"][0]["ARN"])


def _about(record: Record, key: str) -> bool:
    return any(resource["ARN"] == key for resource in record.event.get("resources", ()))


NUDGE = "Ask each of the three with `GetKeyRotationStatus`. Which rotates, how often, and which one never can?"
WHERE = "`EnableKeyRotation` takes a `RotationPeriodInDays` of 90 to 2,560 days, also for a key that rotates already."
HOW = """kms = sim.client("kms")
for name in ("letters", "orders"):
    kms.enable_key_rotation(KeyId=keys[name], RotationPeriodInDays=180)"""

ROTATE_TWICE_A_YEAR = Task(
    f"An auditor wants keys that rotate at least every {MOST} days, by themselves. `keys` holds the ids of three, by "
    f"name. See to it for all that can.",
    three_keys, (NUDGE, WHERE, HOW), _often,
)  # fmt: skip
