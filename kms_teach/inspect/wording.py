"""Wording: whether a sentence of a cram sheet says what a claim says, or only something like it.

Why words and patterns, not a measure of likeness: "AWS managed keys rotate every year" is one letter in ten away from
"every 3 years", and a "not" is less. Another number, a negation or a hedge is another sentence.
"""

import re
import unicodedata
from collections.abc import Mapping

from msgspec import Struct

NUMBERS: Mapping[str, str] = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905 (a line of words)
    )
    if number not in (0, 1)  # "one of the keys" counts nothing
} | {"fifteen": "15", "twenty": "20", "thirty": "30", "ninety": "90"}
DAYS = {"year": 365, "yr": 365, "week": 7}
REWRITTEN = (  # what is written in several ways, and how it is compared
    (r"[’`]", "'"),
    (r"(?<=\d),(?=\d{3}\b)", ""),
    (r"\bre[- ]?(encrypt|wrap)", r"re\1"),
    (r"\b(4 ?ki?b|4 ?kilobytes?|4096 ?b|4096 bytes?|4 k)\b", "4096 bytes"),
    (r"(?<=\d) ?(-|–|to|and) ?(?=\d+ days)", " to "),
    (r"\b(yearly|annually|once (a|per) year|(every|each) year|per year|a year)\b", "every 365 days"),
    (r"\b(customer master keys?|cmks?|kms keys?|master keys?)\b", "cmk key"),
    (r"\bdomain \d\b", "domain"),
    (r"\bl(?=[1-4]\b)", "level "),
    (r"\b(kms )?customer[- ]managed (cmk )?keys?\b", "customer managed key"),
    (r"\baws[- ]managed (cmk )?keys?\b", "aws managed key"),
    (r"\baws[- ]owned (cmk )?keys?\b", "aws owned key"),
    (r"\b(data (encryption )?keys?|deks?)\b", "data key"),
    (r"\bautomatic(ally)?\b|\bby (it|them)sel(f|ves)\b", "automatically"),
)
NEGATION = re.compile(r"\b(not|never|no|none|nobody|nothing|cannot|without|neither|nor|unless|except|false|wrong|myth"
                      r"|incorrect|untrue|refused?|fails?|forbidden|impossible)\b|n't\b")  # fmt: skip
ONLY = re.compile(r"\b(only|solely|exclusively|just|alone)\b")
HEDGE = re.compile(
    r"\b(used to|formerly|previously|until|since|was|were|had|deprecated|anymore|any more|in the past"
    r"|some|sometimes|might|usually|often|mostly|partly|almost|if|when|whether|but|however)\b"
)
NUMBER = re.compile(r"(?<![\w.\-/])\d+(?![\w\-]|\.\d)")  # not those of a name, as in RSA-2048 and FIPS 140-2
BULLET = re.compile(r"^\s*(?:[-*•–>#|]+|\d+[.)])\s*")
BREAK = re.compile(r"(?<=[.!?;])\s+|\n+")


class Words(Struct, frozen=True):
    """`has`: patterns that a sentence must all contain; `lacks`: what would make it say something else.

    numbers: those it must contain, and no others. negated, only: whether it says "not", or "only". hedged: it contains
    words of HEDGE by its nature. Otherwise a sentence with such words says something else.
    """

    has: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    negated: bool = False
    only: bool = False
    hedged: bool = False

    def fit(self, sentence: str) -> bool:
        """Whether a sentence says this."""
        plain = normal(sentence)
        return (
            not sentence.rstrip().endswith("?")
            and {int(found) for found in NUMBER.findall(plain)} == set(self.numbers)
            and bool(NEGATION.search(plain)) is self.negated
            and bool(ONLY.search(plain)) is self.only
            and (self.hedged or not HEDGE.search(plain))
            and all(re.search(pattern, plain) for pattern in self.has)
            and not any(re.search(pattern, plain) for pattern in self.lacks)
        )


def normal(sentence: str) -> str:
    """A sentence as it is compared: lower case, numbers as digits, years as days, one word for one thing."""
    plain = unicodedata.normalize("NFKC", sentence).lower()
    for word, digits in NUMBERS.items():
        plain = re.sub(rf"\b{word}\b", digits, plain)
    for pattern, replacement in REWRITTEN:
        plain = re.sub(pattern, replacement, plain)
    plain = re.sub(r"\b(\d+)[- ](year|yr|week)s?\b", lambda m: f"{int(m[1]) * DAYS[m[2]]} days", plain)
    return " ".join(re.sub(r"[\"“”*_()]", " ", plain).split())


def sentences(sheet: str) -> tuple[str, ...]:
    """The sentences of a sheet, one for each line or full stop, without bullets; each once."""
    parts = (BULLET.sub("", part).strip() for line in sheet.splitlines() for part in BREAK.split(line))
    return tuple(dict.fromkeys(part for part in parts if part))
