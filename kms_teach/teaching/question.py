"""Question families: one function of a seed gives a situation, its options, and the run that answers it.

@one("rsa-limit", subject="limits", exams=("DVA-C02", "SCS-C03"))
def rsa_limit(draw: Random) -> Asked:
    size = draw.randrange(191, 215)

    def run() -> Iterator[Tried]:
        ...  # calls, in a simulator of its own

    return Asked(f"You must encrypt {size} bytes …", {"`RSAES_OAEP_SHA_1` only": "It takes 214 bytes.", …}, run)

The right option stands nowhere: `run` tries each of them. One seed gives the same words in every process.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import permutations
from typing import Any, get_args

from msgspec import Struct

from kms_teach.teaching.certifications import CODES, Format

FEWEST = {"one": 3, "several": 5, "ordering": 3, "matching": 3}  # options; most are what fits on a screen
MOST = 6
OPEN = -1  # the index of what was not chosen yet
SUBJECTS = (
    "access", "accounts", "aliases", "asymmetric keys", "context", "deletion", "envelope", "grants", "import",
    "key stores", "limits", "multi-Region", "pricing", "rotation", "S3", "trail",
)  # fmt: skip
DIFFICULTIES = (1, 2, 3)
NUMBERS = ("", "one", "two", "three", "four", "five")

Order = tuple[str, ...]


class Tried(Struct, frozen=True):
    """What became of an option. `outcome`: whether it proved right; in a matching, which of the matches it came to.

    `shown` is what the run showed, in a sentence, or "".
    """

    outcome: bool | str
    shown: str = ""


class Asked(Struct, frozen=True):
    """What a family asks for one seed. `options`: the words of each, and what is to be said of it once it was tried.

    `run` tries them: called without anything, it gives one `Tried` for each option, in their order; for an ordering it
    is called with an order of the options, and gives the one `Tried` for that.
    """

    words: str
    options: Mapping[str, str]
    run: Callable[..., Any]
    matches: Sequence[str] = ()


class Family(Struct, frozen=True):
    """All questions that differ by their seed alone. `chapter` is the package that it lives in.

    `difficulty` counts what must be known at once: 1 is one rule as its page states it, 2 is a rule applied to a case
    that looks like another, 3 is several rules weighed against each other, as in a design with constraints.
    """

    id: str
    subject: str
    chapter: str
    exams: tuple[str, ...]
    format: Format
    ask: Callable[[random.Random], Asked]
    difficulty: int = 2

    def __post_init__(self) -> None:
        if self.subject not in SUBJECTS:
            raise ValueError(f"`{self.subject}` is no subject: choose from {', '.join(SUBJECTS)}")
        if unknown := set(self.exams) - set(CODES):
            raise ValueError(f"no exam is called {', '.join(sorted(unknown))}: choose from {', '.join(CODES)}")
        if self.difficulty not in DIFFICULTIES:
            raise ValueError(f"`{self.difficulty}` is no difficulty: choose from {', '.join(map(str, DIFFICULTIES))}")

    def question(self, seed: int) -> "Question":
        """The question for a seed, its options shuffled.

        Raises:
            ValueError: the family asks with too few or too many options, or twice the same.
        """
        draw = random.Random(f"{self.id} {seed}")  # noqa: S311 (the same in every process, as of a str)
        asked = self.ask(draw)
        options, matches = list(asked.options), list(asked.matches)
        if not FEWEST[self.format] <= len(options) <= MOST or bool(matches) != (self.format == "matching"):
            raise ValueError(f"`{self.id}` asks with {len(options)} options and {len(matches)} matches")
        draw.shuffle(options)
        draw.shuffle(matches)
        return Question(self, seed, asked, tuple(options), tuple(matches))


class Question(Struct, frozen=True, dict=True):
    """One question: a family and a seed. What is right is not known before `answer` has tried it."""

    family: Family
    seed: int
    asked: Asked
    options: tuple[str, ...]
    matches: tuple[str, ...]

    @property
    def words(self) -> str:
        """The situation and what is asked; how many are right is said where several are."""
        if self.family.format != "several":
            return self.asked.words
        return f"{self.asked.words} (Choose {NUMBERS[len(self._right(self._seen))]}.)"

    def answer(self) -> frozenset[int] | tuple[int, ...]:
        """The indices of the right options, found by a run made now.

        An ordering gives them in the right order; a matching gives for each option the index of its match.

        Raises:
            ValueError: the run finds none of the options, or more right ones than the format has.
        """
        if self.family.format == "ordering":
            right = [order for order in permutations(self.options) if self.asked.run(order).outcome]
            self._expect(len(right) == 1, f"{len(right)} orders prove right")
            return tuple(map(self.options.index, right[0]))
        return self._right(self._tried())

    def feedback(self, index: int) -> str:
        """What is to be said of an option, in a sentence or two: what the run showed, and why."""
        return self._told(index, () if self.family.format == "ordering" else self._seen)

    def judged(self, given: Iterable[int]) -> tuple[bool, str]:
        """Whether these indices, as `answer` gives them, are right, and what the run says of them."""
        given = tuple(given)
        if self.family.format == "ordering":
            tried = self.asked.run(tuple(self.options[index] for index in given))
            return tried.outcome is True, tried.shown
        tries = self._tried()
        right = self._right(tries)
        if isinstance(right, tuple):
            wrong = [index for index, match in enumerate(given) if match != right[index]]
            return not wrong, " ".join(self._told(index, tries) for index in wrong[:1])
        wrong = [index for index in given if index not in right]
        said = [self._told(index, tries) for index in wrong or given]
        if len(said) > 1:  # one after another, they must say of which option each is
            said = [f"“{self.options[index]}”: {words}" for index, words in zip(wrong or given, said, strict=True)]
        missing = [] if wrong or len(given) == len(right) else ["That is not all of it."]
        return set(given) == right, " ".join([*said, *missing])

    def refuted(self, given: Iterable[int]) -> tuple[Tried, ...]:
        """What was tried, in a run made now, that shows these indices to be wrong; nothing when they are right."""
        given = tuple(given)
        if self.family.format == "ordering":
            tried = self.asked.run(tuple(self.options[index] for index in given))
            return () if tried.outcome is True else (tried,)
        tries = self._tried()
        right = self._right(tries)
        if isinstance(right, tuple):
            return tuple(tries[index] for index, match in enumerate(given) if match != right[index])
        return tuple(tries[index] for index in given if index not in right)

    @cached_property
    def _seen(self) -> tuple[Tried, ...]:
        """What became of each option when it was first tried: enough to speak of them one by one."""
        return self._tried()

    def _tried(self) -> tuple[Tried, ...]:
        """What became of each option, in the order in which they are shown."""
        tried = dict(zip(self.asked.options, self.asked.run(), strict=True))
        return tuple(tried[option] for option in self.options)

    def _right(self, tries: Sequence[Tried]) -> frozenset[int] | tuple[int, ...]:
        if self.family.format == "matching":
            return tuple(self.matches.index(str(tried.outcome)) for tried in tries)
        right = frozenset(index for index, tried in enumerate(tries) if tried.outcome is True)
        most = 1 if self.family.format == "one" else len(tries) - 1
        self._expect((self.family.format == "several") < len(right) <= most, f"{len(right)} options prove right")
        return right

    def _told(self, index: int, tries: Sequence[Tried]) -> str:
        shown = tries[index].shown if tries else ""
        return " ".join(filter(None, [shown, self.asked.options[self.options[index]]]))

    def _expect(self, held: bool, found: str) -> None:
        if not held:
            raise ValueError(f"`{self.family.id}`, seed {self.seed}, is no question: {found}")


def _registered(format_: Format) -> Callable[..., Callable[[Callable[[random.Random], Asked]], Family]]:
    def families(
        name: str, *, subject: str, exams: Sequence[str], difficulty: int = 2
    ) -> Callable[[Callable[[random.Random], Asked]], Family]:
        def family(ask: Callable[[random.Random], Asked]) -> Family:
            chapter = ask.__module__.rpartition(".")[0].rpartition(".")[2]
            return Family(name, subject, chapter, tuple(exams), format_, ask, difficulty)

        return family

    return families


one, several, ordering, matching = map(_registered, get_args(Format))
