"""What the newest calls asked whether they may, with all that was read to decide it; in this process only."""

from collections import OrderedDict

from kms_teach.access.authorization import Authorization

CALLS_KEPT = 1000
CHARACTERS_KEPT = 4_000_000  # of their policies, which take ten times as much once they are read


class Asked(OrderedDict[str, tuple[Authorization, ...]]):
    """The authorizations of calls by the ids of their events, the oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self._characters = 0

    def remember(self, event_id: str, authorizations: tuple[Authorization, ...]) -> None:
        """Remember a call, and forget the oldest ones when there are too many, or too much of them."""
        self[event_id] = authorizations
        self._characters += _characters(authorizations)
        while len(self) > CALLS_KEPT or (self._characters > CHARACTERS_KEPT and len(self) > 1):
            self._characters -= _characters(self.popitem(last=False)[1])

    def copied(self) -> "Asked":
        copy = Asked()
        copy.update(self)
        copy._characters = self._characters
        return copy


def _characters(authorizations: tuple[Authorization, ...]) -> int:
    return sum(each.documents.size for each in authorizations)
