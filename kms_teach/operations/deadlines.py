"""What falls due with time: the record whose turn is first, and what then becomes of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kms_teach.keys.calendar import CALENDAR, due
from kms_teach.keys.key import Key
from kms_teach.operations.call import Call
from kms_teach.operations.imports import expire_material
from kms_teach.operations.key_stores import connect
from kms_teach.operations.regions import become_ready, delete_as_scheduled
from kms_teach.operations.rotation import complete_on_demand, rotate_on_schedule
from kms_teach.store import Store

WHEN_DUE: Mapping[str, Callable[[Call, Any], None]] = {
    "become ready": become_ready,
    "complete": complete_on_demand,
    "connect": connect,
    "delete": delete_as_scheduled,
    "expire": expire_material,
    "forget": lambda call, record: call.store.delete(record),
    "rotate": rotate_on_schedule,
}


def first_due(store: Store, until: datetime) -> Any:
    """The record for which something falls due first, if that is not after `until`."""
    records: list[Any] = [record for kind in CALENDAR if (record := store.first_due(kind, until))]
    return min(records, key=lambda record: next(due(record)).at, default=None)


def do(call: Call, record: Any) -> None:
    """What falls due next for a record."""
    WHEN_DUE[next(due(record)).what](call, record)


def do_overdue(call: Call) -> None:
    """Do at once what is overdue, as for a key that was disabled on its day and is enabled now."""
    while key := call.store.first_due(Key, call.now):
        do(call, key)
