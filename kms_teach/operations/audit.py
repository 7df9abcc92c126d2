"""What a call leaves for the trail, collected while it runs; `events` writes it down."""

from typing import Any

from msgspec import Struct, field

from kms_teach.access.authorization import Authorization
from kms_teach.access.decision import Decision
from kms_teach.keys.key import Key, NumberedMaterial
from kms_teach.trail import Used


class OwnEvent(Struct, frozen=True):
    """What AWS does to a key of its own accord. Without details, its event is shaped like a call's."""

    key: Key
    name: str
    details: dict[str, Any] | None


class Echo(Struct, frozen=True):
    """What the trail of another Region shows of a call: AWS makes it again there, on `key`."""

    key: Key
    name: str
    parameters: dict[str, Any]
    answer: dict[str, Any] | None


class Audit(Struct):
    """The one thing about a call that changes while it runs. It is read when the call is over, and not before."""

    resources: list[Key] = field(default_factory=list)
    roles: list[tuple[str, str]] = field(default_factory=list)  # ARN and account of those that the call is about
    buckets: list[tuple[str, str, str]] = field(default_factory=list)  # type, ARN, account of what of S3's it is about
    data_event: bool = False  # of what is in a bucket, which CloudTrail logs only when told to
    authorizations: list[Authorization] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)  # the answers to them
    used: list[tuple[Key, Used]] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)  # of the request, filled in with their defaults
    event_data: dict[str, Any] = field(default_factory=dict)  # additionalEventData
    own_events: list[OwnEvent] = field(default_factory=list)
    echoes: list[Echo] = field(default_factory=list)

    def use(self, key: Key, numbered: NumberedMaterial, role: str) -> None:
        """Note that this material works in the call; role as in `trail.Used`."""
        self.used.append((key, Used(key.arn, numbered.material.id, numbered.number, key.material_count, role)))
