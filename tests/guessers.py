"""Guessers: who reads the words of a question and knows nothing of KMS; and when two questions are one in other words.

A guesser is a score for an option: it chooses the options of the highest score, as many as are right, and of equal ones
any. What it gains is its expected share of right choices less what blind choice has, so that luck plays no part.
"""

import re
from collections.abc import Callable
from itertools import pairwise

ABSOLUTE = re.compile(r"\b(all|only|always|never|every|none|no|nobody|any|neither|nothing)\b")
CAUTIOUS = re.compile(r"\b(may|can|could|should|if|unless|until|least|most|once|first|then|keep|both|each|yourself|also|"
                      r"again|under|with|without|where|which|that)\b")  # fmt: skip
WORD = re.compile(r"[a-z0-9_:/.-]{3,}")
COMMON = frozenset(
    [
        "the",
        "and",
        "for",
        "that",
        "with",
        "which",
        "this",
        "are",
        "has",
        "have",
        "from",
        "its",
        "not",
        "than",
        "one",
        "can",
        "may",
        "was",
        "how",
        "what",
        "who",
        "does",
        "each",
        "them",
        "they",
        "their",
        "you",
        "your",
        "then",
        "into",
        "under",
        "these",
        "those",
        "there",
        "where",
        "when",
        "while",
        "must",
        "will",
        "out",
        "all",
        "any",
        "own",
        "but",
    ]
)

Guesser = Callable[[str, str, int], float]


def words_of(text: str) -> frozenset[str]:
    """The words of a text that mean something."""
    return frozenset(word.strip(".:/-") for word in WORD.findall(text.lower().replace("`", " "))) - COMMON


GUESSERS: dict[str, Guesser] = {
    "the longest": lambda option, _words, _at: len(option),
    "the shortest": lambda option, _words, _at: -len(option),
    "the first": lambda _option, _words, at: -at,
    "the last": lambda _option, _words, at: at,
    "the one with the most numbers": lambda option, _words, _at: len(re.findall(r"\d+", option)),
    "the one that says all, only or always": lambda option, _words, _at: bool(ABSOLUTE.search(option.lower())),
    "the most cautious": lambda option, _words, _at: len(CAUTIOUS.findall(option.lower())) + option.count(","),
    "the one with the question's words": lambda option, words, _at: len(words_of(option) & words_of(words)),
    "the one with the most code": lambda option, _words, _at: option.count("`"),
}


def share(scores: list[float], right: frozenset[int]) -> float:
    """The expected share of right ones among as many of the highest scores as are right."""
    wanted = len(right)
    ordered = sorted(scores, reverse=True)
    edge = ordered[wanted - 1]
    above = [at for at, score in enumerate(scores) if score > edge]
    level = [at for at, score in enumerate(scores) if score == edge]
    found = len(right.intersection(above)) + len(right.intersection(level)) * (wanted - len(above)) / len(level)
    return found / wanted


def gain(guesser: Guesser, words: str, options: tuple[str, ...], right: frozenset[int]) -> float:
    """By how much it beats blind choice on a question of one or several, in points of a hundred."""
    scores = [guesser(option, words, at) for at, option in enumerate(options)]
    return 100 * (share(scores, right) - len(right) / len(options))


def matching_gain(options: tuple[str, ...], matches: tuple[str, ...], answer: tuple[int, ...]) -> float:
    """The same for a matching, whose guesser takes for each option the match that has the most of its words."""
    shares = []
    for option, right in zip(options, answer, strict=True):
        scores = [float(len(words_of(option) & words_of(match))) for match in matches]
        shares.append(share(scores, frozenset({right})) - 1 / len(matches))
    return 100 * sum(shares) / len(shares)


def ordering_gain(scores: list[float], answer: tuple[int, ...]) -> float:
    """The same for an ordering, whose guesser sorts: the share of neighbours of the right order that it has in order."""
    kept = [0.5 if scores[a] == scores[b] else float(scores[a] < scores[b]) for a, b in pairwise(answer)]
    return 100 * (sum(kept) / len(kept) - 0.5)


FACT = re.compile(r"`[^`]+`|[a-z]{2}-[a-z]+-\d|[\d,.]*\d|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b")


def bones(words: str, options: tuple[str, ...], right: frozenset[str]) -> tuple[object, ...]:
    """What is left of a question when names and other nouns are taken out of it.

    Two questions with equal bones are the same in other words: they speak of the same numbers, sizes, days, Regions,
    operations, specs and algorithms, offer the same choices, and have the same of them right. What names a thing, a
    person or an alias is no bone.
    """
    facts = tuple(fact for fact in FACT.findall(words) if not fact.startswith("`alias/"))
    return facts, tuple(sorted(map(_bare, options))), tuple(sorted(map(_bare, right)))


def _bare(option: str) -> str:
    return re.sub(r"`?alias/[\w/-]+`?", "NAME", option)
