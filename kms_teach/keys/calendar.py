"""This is what time will do to a key if nobody touches it, as a pure function of the key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge

from kms_teach.keys.key import Key

ROTATION_PERIOD_MIN, ROTATION_PERIOD_DEFAULT, ROTATION_PERIOD_MAX = (
    90,
    365,
    2560,
)  # days; EnableKeyRotation, since 12 Apr 2024
ON_DEMAND_MAX = 25  # rotations in the life of a key; KMS Developer Guide, "Resource quotas"
CONFLICT = timedelta(minutes=20)  # no rotation on demand so shortly before one by the calendar; RotateKeyOnDemand
DELETION_WINDOW_MIN, DELETION_WINDOW_DEFAULT, DELETION_WINDOW_MAX = 7, 30, 30  # days; ScheduleKeyDeletion
TOKEN_VALID = timedelta(hours=24)  # GetParametersForImport
MATERIAL_VALID_MAX = timedelta(days=365)  # ImportKeyMaterial, ValidTo
TRANSIENT = timedelta(seconds=10)  # Creating and Updating; "a few seconds" at AWS


@dataclass(frozen=True, slots=True)
class Due:
    """Something that will happen to a key at a time.

    `what` is `rotate`, `delete`, `expire` (of imported material) or `settle` (of a Creating or Updating key).
    """

    at: datetime
    what: str


def due(key: Key) -> Iterator[Due]:
    """What is due for a key, soonest first; without end while it rotates.

    A disabled key keeps its date and does not rotate; a key that waits for its deletion does not either. A replica
    rotates when its primary does, which only the primary's calendar tells.
    """
    for event in merge(_settling(key), _expiries(key), _rotations(key), _deletion(key), key=lambda event: event.at):
        yield event
        if event.what == "delete":
            return


def following(key: Key, at: datetime) -> datetime:
    """When a key that rotates at `at` rotates next."""
    assert key.rotation_period is not None
    return at + timedelta(days=key.rotation_period)


def first_due(key: Key) -> datetime | None:
    return next((event.at for event in due(key)), None)


def _settling(key: Key) -> Iterator[Due]:
    if key.ready is not None:
        yield Due(key.ready, "settle")


def _expiries(key: Key) -> Iterator[Due]:
    for at in sorted(m.valid_to for m in key.materials if m.present and m.valid_to is not None):
        yield Due(at, "expire")


def _rotations(key: Key) -> Iterator[Due]:
    at = key.next_rotation
    if at is None or key.rotation_period is None or key.state != "Enabled" or key.is_replica:
        return
    while True:
        yield Due(at, "rotate")
        try:
            at = following(key, at)
        except OverflowError:  # after the year 9999
            return


def _deletion(key: Key) -> Iterator[Due]:
    if key.deletion is not None:
        yield Due(key.deletion, "delete")
