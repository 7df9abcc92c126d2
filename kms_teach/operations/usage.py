"""When a key was last used, so that nobody deletes one that is still needed."""

from datetime import UTC, datetime
from typing import Any

from kms_teach.keys.key import Key
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, operation

TRACKED_SINCE = datetime(2026, 4, 23, tzinfo=UTC)  # the day from which AWS keeps this; API Reference, GetKeyLastUsage


@operation(KeyParameter("KeyId", aliases=False))
def get_key_last_usage(call: Call, key: Key) -> dict[str, Any]:
    """Tell when a key last worked, and in which call.

    KMS API Reference, "GetKeyLastUsage". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException.
    """
    last = call.keys.last_usage(key)
    used = {
        "Operation": last.operation,
        "Timestamp": last.at,
        "CloudTrailEventId": last.event_id,
        "KmsRequestId": last.request_id,
    } if last else {}  # fmt: skip
    return {
        "KeyId": key.arn,
        "KeyLastUsage": used,
        "TrackingStartDate": max(TRACKED_SINCE, key.created),
        "KeyCreationDate": key.created,
    }
