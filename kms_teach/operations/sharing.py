"""Keys that accounts share through AWS RAM: with whom, and how ListKeys lists them."""

import base64
from typing import Any

from kms_teach.errors import InvalidMarkerException
from kms_teach.keys.key import Key
from kms_teach.keys.names import arn
from kms_teach.keys.sharing import Share
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import page, start_after
from kms_teach.store import Store

OWN, OTHERS = "SELF", "OTHER_ACCOUNTS_VIA_RAM"


def shared_with(store: Store, key: Key) -> tuple[str, ...]:
    """The accounts that a key is shared with."""
    return tuple(share.account for share in store.page(Share, key.region) if share.key_arn == key.arn)


def end_sharing(store: Store, key: Key) -> None:
    """What happens to the shares of a key that is deleted."""
    for account in shared_with(store, key):
        store.delete(Share(key.region, key.arn, account))


def own_keys(call: Call, limit: int, marker: str | None) -> dict[str, Any]:
    """A page of the account's own keys. InvalidMarkerException for a marker of `with_shared`."""
    after = start_after(marker)
    if "|" in after:
        raise InvalidMarkerException
    ids, more = page(call.store.names(Key, call.scope, after=after, limit=limit + 1), limit)
    return {"Keys": [{"KeyId": each, "KeyArn": arn(call.region, call.account, f"key/{each}")} for each in ids], **more}


def with_shared(call: Call, limit: int, marker: str | None, *, own: bool) -> dict[str, Any]:
    """A page of the keys that others share with the account, which come after its own if those are asked for too.

    KMS API Reference, "ListKeys": no page has both, and a marker is of use in the question that it answered alone. So a
    marker says which question that was, whose keys come next, and after which.
    """
    question = "both" if own else "others"
    asked, whose, after = _read(marker) if marker else (question, OWN if own else OTHERS, "")
    if asked != question:
        raise InvalidMarkerException
    if whose == OWN:
        keys, more = page(call.store.page(Key, call.scope, after=after, limit=limit + 1), limit)
        entries = [{"KeyId": key.id, "KeyArn": key.arn} for key in keys]
        following = _marker(question, OWN, keys[-1].place[1]) if more["Truncated"] else _marker(question, OTHERS, "")
        return {"Keys": entries, "Truncated": True, "NextMarker": following}
    shares, more = page(call.store.page(Share, call.region, call.account, after, limit + 1), limit)
    if more["Truncated"]:
        more["NextMarker"] = _marker(question, OTHERS, shares[-1].place[1])
    entries = [{"KeyId": share.key_arn.rpartition("/")[2], "KeyArn": share.key_arn} for share in shares]
    return {"Keys": entries, **more}


def _marker(*parts: str) -> str:
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode()


def _read(marker: str) -> list[str]:
    parts = start_after(marker).split("|")
    if len(parts) != 3:
        raise InvalidMarkerException
    return parts
