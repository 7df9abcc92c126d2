"""Names, keys and files: which alias names which key in which Region, and which file opens where."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

ROLES = {"PRIMARY": "primary", "REPLICA": "replica", "": "single-Region"}  # by MultiRegionKeyType
GONE = "deleted"


class KeyFacts(Struct, frozen=True):
    """A KMS key in one Region. `letter` stands for its key id: the same letter, the same key material.

    named: the aliases that name it now. former: those that did, and name another key now, or none.
    """

    letter: str
    id: str
    region: str
    role: str
    spec: str
    state: str
    named: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    statements: int = 0
    grants: int = 0

    @property
    def number(self) -> int:
        """The letter's place, for the colours of its material."""
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(self.letter) + 1

    @property
    def words(self) -> str:
        return f"key {self.letter}"


class Tried(Struct, frozen=True):
    """What a file or an alias came to in a Region: the letter of the key that answered, or the error's code.

    made: the Region it was made in. why: in a few words, what decided. message: AWS's words, of a refusal.
    """

    name: str
    letter: str
    made: str
    region: str
    answered: str = ""
    code: str = ""
    message: str = ""
    why: str = ""

    @property
    def alias(self) -> bool:
        return self.name.startswith("alias/")

    @property
    def allowed(self) -> bool:
        return not self.code

    @property
    def outcome(self) -> str:
        if self.code:
            return f"refused: {self.code}"
        if not self.alias:
            return "opens"
        return "names the same key" if self.answered == self.letter else f"names another key, {self.answered}"


class Board(Struct, frozen=True):
    """The facts of one Region: its keys in the order in which they were made, and the files they encrypted."""

    region: str
    keys: tuple[KeyFacts, ...]
    files: tuple[Tried, ...] = ()

    def files_of(self, key: KeyFacts) -> list[Tried]:
        return [file for file in self.files if file.letter == key.letter]

    def moves(self) -> Iterator[tuple[str, KeyFacts, KeyFacts]]:
        """Each alias that moved, with the key it named before and the one it names now."""
        for now in self.keys:
            for before in self.keys:
                yield from ((name, before, now) for name in now.named if name in before.former)


class RegionMap(Struct, frozen=True):
    """The facts of two Regions of one account: their keys, and what was tried across the border."""

    account: str
    regions: tuple[str, str]
    keys: tuple[KeyFacts, ...]
    tries: tuple[Tried, ...] = ()

    def at(self, region: str) -> list[KeyFacts]:
        return [key for key in self.keys if key.region == region]

    @property
    def shared(self) -> tuple[KeyFacts, ...]:
        """A multi-Region key, in one Region or in both, in the order of the Regions; rather one that is in both."""
        multi = [key for region in self.regions for key in self.at(region) if key.role != "single-Region"]
        together = [tuple(other for other in multi if other.id == key.id) for key in multi]
        return max(together, key=len, default=())

    @property
    def pair(self) -> tuple[KeyFacts, ...]:
        """Its primary and its replica, once it is in both Regions."""
        return self.shared if len(self.shared) == len(self.regions) else ()

    def alone(self, region: str) -> list[KeyFacts]:
        """All other keys of a Region."""
        return [key for key in self.at(region) if key not in self.shared]


def listed(words: Iterable[str]) -> str:
    """Words in a row: a, b and c."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
