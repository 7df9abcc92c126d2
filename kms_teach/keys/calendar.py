"""This is what time will do to a key if nobody touches it, as a pure function of the key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kms_teach.keys.key import Key

ROTATION_PERIOD_MIN, ROTATION_PERIOD_DEFAULT, ROTATION_PERIOD_MAX = (
    90,
    365,
    2560,
)  # days; EnableKeyRotation, since 12 Apr 2024
ON_DEMAND_MAX = 25  # rotations in the life of a key; KMS Developer Guide, "Resource quotas"
DELETION_WINDOW_MIN, DELETION_WINDOW_DEFAULT, DELETION_WINDOW_MAX = 7, 30, 30  # days; ScheduleKeyDeletion


@dataclass(frozen=True, slots=True)
class Due:
    """Something that will happen to a key at a time: `what` is `rotate` or `delete`."""

    at: datetime
    what: str


def due(key: Key) -> Iterator[Due]:
    """What is due for a key, soonest first; without end while it rotates.

    A disabled key keeps its date and does not rotate; a key that waits for its deletion does nothing else.
    """
    if key.deletion is not None:
        yield Due(key.deletion, "delete")
    elif key.state == "Enabled" and key.rotation_period is not None and key.next_rotation is not None:
        at = key.next_rotation
        while True:
            yield Due(at, "rotate")
            try:
                at = following(key, at)
            except OverflowError:  # after the year 9999
                return


def following(key: Key, at: datetime) -> datetime:
    """When a key that rotates at `at` rotates next."""
    assert key.rotation_period is not None
    return at + timedelta(days=key.rotation_period)


def first_due(key: Key) -> datetime | None:
    return next((event.at for event in due(key)), None)
