"""What falls due for a key, or for what goes with one, if nobody touches it: a pure function of the record."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from heapq import merge
from typing import Any

from msgspec import Struct

from kms_teach.access.grants import Grant
from kms_teach.keys.delays import delay
from kms_teach.keys.key import Alias, Key
from kms_teach.keys.stores import KeyStore

ROTATION_PERIOD_MIN, ROTATION_PERIOD_DEFAULT, ROTATION_PERIOD_MAX = (
    90,
    365,
    2560,
)  # days; EnableKeyRotation, since 12 Apr 2024
ON_DEMAND_MAX = 25  # rotations in the life of a key; KMS Developer Guide, "Resource quotas"
CONFLICT = timedelta(minutes=20)  # no rotation on demand so shortly before one by the calendar; RotateKeyOnDemand
DELETION_WINDOW_MIN, DELETION_WINDOW_DEFAULT, DELETION_WINDOW_MAX = 7, 30, 30  # days; ScheduleKeyDeletion
MATERIAL_VALID_MAX = timedelta(days=365)  # ImportKeyMaterial, ValidTo


class Due(Struct, frozen=True):
    """Something that will happen at a time.

    `what` is, of a key: `rotate`, `delete`, `expire` (of imported material), `become ready` (when it is Creating or
    Updating) or `complete` (a rotation on demand); of a key store `connect`; of an alias or a grant that was ended
    `forget`.
    """

    at: datetime
    what: str


def due(record: Any) -> Iterator[Due]:
    """What is due for a key, alias, grant or key store, soonest first; without end while a key rotates.

    A disabled key keeps its date and does not rotate; a key that waits for its deletion does not either. A replica
    rotates when its primary does, which only the primary's calendar tells.
    """
    for event in merge(*(source(record) for source in CALENDAR[type(record)]), key=lambda event: event.at):
        yield event
        if event.what == "delete":
            return


def following(key: Key, at: datetime) -> datetime:
    """When a key that rotates at `at` rotates next."""
    assert key.rotation_period is not None
    return at + timedelta(days=key.rotation_period)


def first_due(record: Any) -> datetime | None:
    return next((event.at for event in due(record)), None)


def _becoming_ready(key: Key) -> Iterator[Due]:
    if key.ready is not None:
        yield Due(key.ready, "become ready")


def _expiries(key: Key) -> Iterator[Due]:
    for at in sorted(m.valid_to for m in key.materials if m.present and m.valid_to is not None):
        yield Due(at, "expire")


def _rotations(key: Key) -> Iterator[Due]:
    at = key.next_rotation
    if at is None or key.rotation_period is None or not _rotates(key):
        return
    while True:
        yield Due(at, "rotate")
        try:
            at = following(key, at)
        except OverflowError:  # after the year 9999
            return


def _on_demand(key: Key) -> Iterator[Due]:
    if key.on_demand_since is not None and _rotates(key):
        yield Due(key.on_demand_since + delay("a rotation on demand", slow=True), "complete")


def _rotates(key: Key) -> bool:
    return key.state == "Enabled" and not key.is_replica


def _deletion(key: Key) -> Iterator[Due]:
    if key.deletion is not None:
        yield Due(key.deletion, "delete")


def _connecting(store: KeyStore) -> Iterator[Due]:
    if store.connecting_since is not None:
        yield Due(store.connecting_since + delay("connecting a custom key store", slow=True), "connect")


def _forgotten(alias: Alias) -> Iterator[Due]:
    if not alias.target:
        yield Due(alias.updated + delay("an alias in a policy", slow=True), "forget")


def _ended(grant: Grant) -> Iterator[Due]:
    if grant.until is not None:
        yield Due(grant.until, "forget")


CALENDAR: Mapping[type[Any], tuple[Callable[[Any], Iterator[Due]], ...]] = {
    Key: (_becoming_ready, _on_demand, _expiries, _rotations, _deletion),
    KeyStore: (_connecting,),
    Alias: (_forgotten,),
    Grant: (_ended,),
}
