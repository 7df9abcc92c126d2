"""The part of a policy that a picture shows: some lines of its text, with their numbers.

Ids of keys are random, so they are left out (`key/…`), and the same run gives the same picture.
"""

from collections.abc import Sequence

from msgspec import Struct

from kms_teach.access.lines import lines
from kms_teach.access.statement import Document
from kms_teach.inspect.opened_facts import RANDOM

MOST_LINES = 6  # of a policy shown beside a step
LONGEST = 400  # characters of one line of a policy that is shown


class Line(Struct, frozen=True):
    """One line of a policy's text; `loud` when it is the one that speaks."""

    number: int
    text: str
    loud: bool


def excerpt(document: Document, number: int, *elements: str) -> tuple[Line, ...]:
    """The lines on which elements of a statement stand, the last of them loud; two elements may be nested."""
    places, text = lines(document.text), document.text.splitlines()
    base: tuple[str | int, ...] = ("Statement", number - 1)
    if base not in places:  # one statement that is not in a list
        base = ("Statement",)
    nested = (*base, *elements) in places
    paths = [(*base, *elements)] if nested else [(*base, element) for element in elements]
    found: dict[int, bool] = {}
    for path in paths:
        if path in places:
            span = [line for place, line in places.items() if place[: len(path)] == path]
            found |= dict.fromkeys(range(min(span), max(span) + 1), path is paths[-1])
    shown = sorted(found.items())[:MOST_LINES]
    cut = [(n, text[n - 1], loud) for n, loud in shown]
    indent = min((len(t) - len(t.lstrip()) for _, t, _ in cut), default=0)
    return tuple(Line(n, known(_around(t[indent:].rstrip(), elements[-1])), loud) for n, t, loud in cut)


def _around(text: str, element: str) -> str:
    """A line, or of a very long one the part where the element stands."""
    if len(text) <= LONGEST:
        return text
    at = max(0, text.find(f'"{element}"'))
    return ("… " if at else "") + text[at : at + LONGEST] + " …"


def where(document: Document, shown: Sequence[Line]) -> str:
    if not shown:
        return document.label
    first, last = shown[0].number, shown[-1].number
    return f"{document.label}, line {first}" if first == last else f"{document.label}, lines {first} to {last}"


def known(words: str) -> str:
    """Words without random ids."""
    return RANDOM.sub("…", words)
