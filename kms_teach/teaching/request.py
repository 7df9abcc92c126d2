"""Requests of a lab's own: the record of each, found by the id that its answer carries.

Why not the trail's last record, because what fell due with a call, or another client, may have written one since.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.trail import Record, Trail


def record_of(trail: Trail, call: Callable[..., Any], **parameters: Any) -> Record:
    """Make a call, and give its record, which tells of a refusal too."""
    try:
        answer = call(**parameters)
    except ClientError as refusal:  # to read the id, which it has like any answer
        answer = refusal.response
    return trail.by_request(answer["ResponseMetadata"]["RequestId"])


@contextmanager
def records_of(trail: Trail, client: Any) -> Iterator[list[Record]]:
    """The records of all that a client calls meanwhile, for a program whose answers nobody hands on."""
    records: list[Record] = []

    def note(parsed: Any, **_: Any) -> None:
        records.append(trail.by_request(parsed["ResponseMetadata"]["RequestId"]))

    event = f"after-call.{client.meta.service_model.service_id.hyphenize()}"
    client.meta.events.register(event, note)
    try:
        yield records
    finally:
        client.meta.events.unregister(event, note)
