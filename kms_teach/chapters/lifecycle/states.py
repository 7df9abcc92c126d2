"""What `keys.states` says of a key's life, as a picture needs it: which calls lead where, and what is answered when.

One source: the table that the simulator goes by. What stands here is in what order and by what names it is shown.
"""

from collections import deque
from collections.abc import Iterator

from msgspec import Struct

from kms_teach.keys.states import ERRORS, LIFECYCLE, STATES

GONE = "deleted"  # no state of AWS's: there is no key any more to have one


class Group(Struct, frozen=True):
    """What a person wants of a key, and the operations for it: all of them have the same answer in each state."""

    words: str
    operations: tuple[str, ...]
    more: bool = False  # whether there are others like them


GROUPS = (
    Group("Use it", ("Encrypt", "Decrypt", "GenerateDataKey", "ReEncrypt", "Sign"), more=True),
    Group("Lend it", ("CreateGrant",)),
    Group("Switch it", ("EnableKey", "DisableKey")),
    Group("Label it", ("CreateAlias", "UpdateAlias", "TagResource")),
    Group("Look at it", ("DescribeKey", "GetKeyPolicy", "ListGrants"), more=True),
    Group("Take back", ("RevokeGrant", "RetireGrant", "DeleteAlias")),
)


def allowed(operation: str, state: str) -> bool:
    """Whether the table lets an operation happen in a state; nothing happens to a key that is gone."""
    return state != GONE and LIFECYCLE[operation][state] not in ERRORS


def refusal(operation: str, state: str, arn: str) -> tuple[str, str]:
    """The code and the words in which KMS refuses an operation in a state."""
    if state == GONE:
        return "NotFoundException", f"Key '{arn}' does not exist"
    error, words = ERRORS[LIFECYCLE[operation][state]]
    return error.__name__, words.format(arn=arn)


def refused(state: str) -> tuple[Group, ...]:
    """The groups that are refused in a state."""
    return tuple(group for group in GROUPS if not allowed(group.operations[0], state))


def leads(operation: str) -> Iterator[tuple[str, str]]:
    """From which state to which the table lets an operation lead."""
    return ((here, to) for here, to in LIFECYCLE[operation].items() if to in STATES and to != here)


def way_back(state: str) -> tuple[str, ...]:
    """The fewest calls that lead from a state to Enabled, by the table; none where there is no way."""
    ways: deque[tuple[str, tuple[str, ...]]] = deque([(state, ())])
    seen = {state, GONE}
    while ways:
        here, calls = ways.popleft()
        if here == "Enabled":
            return calls
        for operation in (each for each in LIFECYCLE if each != "ScheduleKeyDeletion"):  # no way back
            to = LIFECYCLE[operation].get(here, "")
            if to in STATES and to not in seen:
                seen.add(to)
                ways.append((to, (*calls, operation)))
    return ()
