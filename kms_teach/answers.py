"""What a store has answered, remembered until something changes: true while one process alone writes to it."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

SHORT = 8  # records; an answer of no more is remembered
REMEMBERED = 1024  # answers of a kind
T = TypeVar("T")


class Answers:
    """Short answers about records of one kind, and what follows from records of some kinds. It has no lock."""

    def __init__(self, kinds: Iterable[type]) -> None:
        self._read: dict[type, dict[Hashable, list[Any]]] = {kind: {} for kind in kinds}
        self._derived: dict[tuple[type, ...], dict[Hashable, Any]] = {}

    def read(self, kind: type, question: Hashable, find: Callable[[], list[T]]) -> list[T]:
        """The records that `find` finds, remembered when they are few until one of the kind changes."""
        return _remembered(self._read[kind], question, find, _short)

    def derived(
        self, kinds: tuple[type, ...], question: Hashable, find: Callable[[], T], keep: Callable[[T], bool]
    ) -> T:
        """What `find` makes of records of these kinds alone, remembered until one of them changes.

        keep: whether an answer is small enough to be remembered.
        """
        answers: dict[Hashable, T] = self._derived.setdefault(kinds, {})
        return _remembered(answers, question, find, keep)

    def change(self, kind: type) -> None:
        """Forget what is no longer so when a record of this kind changes."""
        self._read[kind].clear()
        for kinds, derived in self._derived.items():
            if kind in kinds:
                derived.clear()

    def forget(self) -> None:
        for answers in (*self._read.values(), *self._derived.values()):
            answers.clear()


def _short(records: list[Any]) -> bool:
    return len(records) <= SHORT


def _remembered(
    answers: dict[Hashable, T], question: Hashable, find: Callable[[], T], keep: Callable[[T], bool]
) -> T:  # fmt: skip
    answer = answers.get(question)
    if answer is None:
        answer = find()
        if keep(answer):
            if len(answers) >= REMEMBERED:
                answers.clear()
            answers[question] = answer
    return answer
