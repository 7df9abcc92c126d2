"""Temporary credentials: made, kept, and as an answer gives them."""

import secrets
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from kms_teach.access.principals import Principal, letters
from kms_teach.operations.call import Call


def issue(call: Call, of: Principal, seconds: int, **session: Any) -> Principal:
    """Keep somebody who may call for so long with credentials of their own. session: other fields of the caller."""
    holder = replace(
        of, access_key=f"ASIA{letters()}", secret=secrets.token_urlsafe(30), token=secrets.token_urlsafe(60),
        issued=call.now, expires=call.now + timedelta(seconds=seconds), **session,
    )  # fmt: skip
    call.store.put(holder)
    return holder


def shown(holder: Principal) -> dict[str, Any]:
    return {
        "AccessKeyId": holder.access_key,
        "SecretAccessKey": holder.secret,
        "SessionToken": holder.token,
        "Expiration": holder.expires,
    }
