"""Session tags: checked, inherited in a chain of roles, and laid over the role's own.

IAM User Guide, "Pass session tags in AWS STS". Keys are compared without their case, and keep it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from kms_teach.access.principals import Principal
from kms_teach.errors import InvalidParameterValue

Tags = tuple[tuple[str, str], ...]

# recorded from AWS
TWICE = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
NOT_REQUESTED = "The specified transitive tag key must be included in the requested tags."
INHERITED = (
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the"
    " calling session."
)


class SessionTags(Struct, frozen=True):
    """The tags of a session: those asked for, and those that the calling session passes on."""

    requested: Tags = ()
    inherited: Tags = ()
    transitive: tuple[str, ...] = ()  # keys of those that pass on from the new session

    def over(self, of_role: Tags) -> Tags:
        """The tags of the principal: a session's go before those of its role."""
        own = (*self.inherited, *self.requested)
        keys = _lowered(key for key, _ in own)
        return (*((key, value) for key, value in of_role if key.lower() not in keys), *own)


def session_tags(caller: Principal, params: Mapping[str, Any]) -> SessionTags:
    """Raises InvalidParameterValue: a key twice, one that is inherited, a transitive one that is not requested."""
    requested = tuple((tag["Key"], tag["Value"]) for tag in params.get("Tags") or ())
    transitive = tuple(params.get("TransitiveTagKeys") or ())
    keys, passed = _lowered(key for key, _ in requested), _lowered(caller.transitive)
    if len(keys) < len(requested):
        raise InvalidParameterValue(TWICE)
    if passed & (keys | _lowered(transitive)):
        raise InvalidParameterValue(INHERITED)
    if not _lowered(transitive) <= keys:
        raise InvalidParameterValue(NOT_REQUESTED)
    inherited = tuple((key, value) for key, value in caller.tags if key.lower() in passed)
    return SessionTags(requested, inherited, (*caller.transitive, *transitive))


def _lowered(keys: Iterable[str]) -> set[str]:
    return {key.lower() for key in keys}
