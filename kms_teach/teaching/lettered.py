"""Answers as letters: how an answer is typed, and what was meant by it."""

import re
from collections.abc import Iterable, Sequence
from string import ascii_uppercase

from kms_teach.drawing.lettering import clean
from kms_teach.teaching.question import Question
from kms_teach.teaching.record import Given

HOW = {
    "one": "Your answer (a letter)",
    "several": "Your answer (letters, such as A C)",
    "ordering": "Your order (all letters, such as B A C)",
    "matching": "Your matches (such as A2 B1 C3)",
}


def letters(question: Question) -> str:
    """A letter for each option, in their order."""
    return ascii_uppercase[: len(question.options)]


def read_answer(question: Question, words: str) -> Given:
    """An answer of letters, and of numbers in a matching, as indices.

    Raises:
        ValueError: it is none; it says what is wanted.
    """
    count, known = len(question.options), letters(question)
    wanted = f"`{clean(words)}` is no answer here: give {HOW[question.family.format].partition('(')[2].rstrip(')')}"
    if question.family.format == "matching":
        pairs = re.findall(r"([A-Z])\W*(\d+)", words.upper())
        matches = {letter: int(number) - 1 for letter, number in pairs}
        if set(matches) != set(known) or len(pairs) != count or not _all_in(matches.values(), question.matches):
            raise ValueError(f"{wanted}, each of {known[0]} to {known[-1]} once")
        return tuple(matches[letter] for letter in known)
    chosen = [letter for letter in words.upper() if letter.isalnum()]
    indices = tuple(known.find(letter) for letter in chosen)
    if not indices or not _all_in(indices, question.options) or len(set(indices)) < len(indices):
        raise ValueError(f"{wanted}, from {known[0]} to {known[-1]}")
    if (question.family.format == "one" and len(indices) > 1) or (
        question.family.format == "ordering" and len(indices) < count
    ):
        raise ValueError(wanted)
    return indices if question.family.format == "ordering" else tuple(sorted(indices))


def _all_in(indices: Iterable[int], among: Sequence[str]) -> bool:
    return all(0 <= index < len(among) for index in indices)
