"""Tags: labels on a key, for people, bills and policies."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from kms_teach.errors import TagException
from kms_teach.keys.delays import remembering
from kms_teach.keys.key import Key
from kms_teach.keys.key import Tags as Pairs
from kms_teach.operations.call import Call
from kms_teach.operations.catalog import KeyParameter, cut, operation
from kms_teach.operations.permission import authorize

TAGS_MAX = 50  # of a key; KMS Developer Guide, "Tagging keys"
ONE_KEY = KeyParameter("KeyId", aliases=False)

Tags = Sequence[Mapping[str, str]]


@operation(ONE_KEY, changes=True)
def tag_resource(call: Call, key: Key, tags: Tags) -> None:
    """Put labels on a key, or change them.

    KMS API Reference, "TagResource". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, KMSInvalidStateException, TagException.
    """
    merged = dict(key.tags) | dict(_pairs(tags))
    if len(merged) > TAGS_MAX:
        raise TagException("Too many tags")
    _change(call, key, tuple(merged.items()))


@operation(ONE_KEY, changes=True)
def untag_resource(call: Call, key: Key, tag_keys: Sequence[str]) -> None:
    """Take labels off a key.

    KMS API Reference, "UntagResource". Errors, in the order they are checked: InvalidArnException, NotFoundException,
    AccessDeniedException, KMSInvalidStateException.
    """
    _change(call, key, tuple(pair for pair in key.tags if pair[0] not in tag_keys))


@operation(ONE_KEY)
def list_resource_tags(call: Call, key: Key, limit: int = TAGS_MAX, marker: str | None = None) -> dict[str, Any]:
    """List a key's labels.

    KMS API Reference, "ListResourceTags". Errors, in the order they are checked: InvalidArnException,
    NotFoundException, AccessDeniedException, InvalidMarkerException.
    """
    entries, more = cut(key.tags, limit, marker)
    return {"Tags": [{"TagKey": name, "TagValue": value} for name, value in entries], **more}


def with_tags(call: Call, key: Key, tags: Tags) -> Key:
    """A new key with its tags. TagException as AWS words it.

    They need kms:TagResource in an IAM policy too: KMS Developer Guide, "Control access to tags".
    """
    if tags:
        authorize(call, "kms:TagResource", key.arn)
    return replace(key, tags=_pairs(tags))


def _change(call: Call, key: Key, tags: Pairs) -> None:
    earlier = remembering(key.earlier_tags, key.tags, call.now, call.takes("a tag in a policy"))
    call.keys.save(replace(key, tags=tags, earlier_tags=earlier))


def _pairs(tags: Tags) -> Pairs:
    pairs = tuple((tag["TagKey"], tag["TagValue"]) for tag in tags)
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise TagException("Duplicate tag keys")
    if len(names) > TAGS_MAX:
        raise TagException("Too many tags")
    if any(name.lower().startswith("aws:") for name in names):
        raise TagException("Tags beginning with aws: are reserved")
    return pairs
