"""Crypto-shredding: what becomes of the copies of a thing when the one key they are under is gone."""

from collections.abc import Sequence

from msgspec import Struct

from kms_teach.drawing import scene
from kms_teach.drawing.answers import eye
from kms_teach.drawing.layout import Column, Gap, Part, Row, Text, grid, mark, render, sketch
from kms_teach.drawing.look import HEADING, KMS, LABEL, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

SECOND_LINE = "Who finds a copy: can they read it?"
COLUMNS = {WIDE: (None, 150, 170), NARROW: (None, 84, 96)}  # px of width
INDENT = {WIDE: 46, NARROW: 10}  # px: left of an eye
HEADS = ("while the key lives", "once it is deleted")


class Copy(Struct, frozen=True):
    """One copy and where it is, and whether it could be read before and after. `sealed`: only KMS can open it."""

    place: str
    before: bool
    after: bool
    sealed: bool = True


class Shredding(Struct, frozen=True):
    """The facts: a key that was deleted, and the copies of what it encrypted."""

    name: str
    copies: tuple[Copy, ...]

    @classmethod
    def of(cls, name: str, places: Sequence[str], tried: Sequence[Record], outside: Sequence[str] = ()) -> "Shredding":
        """Read them off what was `tried`: a Decrypt of the copy in each place before the deletion, then each after it.

        `outside` are places where it lies readable. Raises ValueError when not each copy was tried twice.
        """
        if len(tried) != 2 * len(places):
            raise ValueError("try the copy in each place once before the key's deletion, and once after it")
        halves = zip(tried[: len(places)], tried[len(places) :], strict=True)
        sealed = (Copy(place, *(r.worked for r in pair)) for place, pair in zip(places, halves, strict=True))
        return cls(name, (*sealed, *(Copy(place, True, True, sealed=False) for place in outside)))

    @property
    def shut(self) -> tuple[Copy, ...]:
        return tuple(copy for copy in self.copies if copy.before and not copy.after)

    @property
    def open(self) -> tuple[Copy, ...]:
        return tuple(copy for copy in self.copies if copy.after)


def title(facts: Shredding) -> str:
    if not facts.shut:
        return f"{facts.name} was not what these copies were under: all are as they were"
    shut = f"One key is gone, and {len(facts.shut)} {'copy is' if len(facts.shut) == 1 else 'copies are'} shut"
    return f"{shut}; {len(facts.open)} {'stays' if len(facts.open) == 1 else 'stay'} open" if facts.open else shut


def shredding(facts: Shredding) -> Picture:
    """Draw the key before and after, and below it each copy with an open or a closed eye."""
    head = title(facts)
    told = [
        f"{copy.place}, {'ciphertext' if copy.sealed else 'plaintext'}: "
        f"{_word(copy.before)} while {facts.name} lives, {_word(copy.after)} once it is deleted."
        for copy in facts.copies
    ]
    alt = " ".join(told)
    wide, narrow = (
        Drawing(name, head, alt, second=SECOND_LINE, width=canvas)
        for name, canvas in (("shredding", WIDE), ("shredding-narrow", NARROW))
    )
    data = table(
        ("copy", "is", *HEADS),
        [(c.place, "ciphertext" if c.sealed else "plaintext", _word(c.before), _word(c.after)) for c in facts.copies],
    )
    line = "; ".join(f"{c.place}: {_word(c.before)}, then {_word(c.after)}" for c in facts.copies)
    return Picture(head, alt, render(wide, _laid(facts, WIDE)), render(narrow, _laid(facts, NARROW)), data,
                   f"Shredding with {facts.name}: {line}")  # fmt: skip


def _word(readable: bool) -> str:
    return "readable" if readable else "unreadable"


def _laid(facts: Shredding, canvas: int) -> Part:
    size = LABEL if canvas == WIDE else NOTE
    heads: list[Part] = [Gap(), *(Text(words, size, 700, anchor="middle", leading=16) for words in HEADS)]
    name = Text([facts.name, "the KMS key"], HEADING if canvas == WIDE else LABEL, 700, KMS.text, leading=22)
    keys: list[Part] = [name, sketch(50, _plate), sketch(50, _pale)]
    rows: list[list[Part]] = [
        heads,
        keys,
        *([_copy(copy), _eye(copy.before, canvas), _eye(copy.after, canvas)] for copy in facts.copies),
    ]
    return grid(rows, COLUMNS[canvas], gap=10, apart=8, ruled=True)


def _copy(copy: Copy) -> Part:
    what = Column([Text(copy.place, LABEL, 650, leading=17),
                   Text("ciphertext" if copy.sealed else "plaintext", NOTE, fill=SECOND, leading=15)])  # fmt: skip
    return Row([mark("cipher" if copy.sealed else "sheet", 0.7, tall=34), what], [30, None], gap=10)


def _eye(readable: bool, canvas: int) -> Part:
    return Row([Gap(), eye(readable, leading=34)], [INDENT[canvas], None])


def _plate(d: Drawing, x: float, y: float) -> None:
    scene.plate(d, x - 36, y - 20, 72, 40, key="#56B4E9")


def _pale(d: Drawing, x: float, y: float) -> None:
    scene.gone(d, "key", x - 14, y, 1.5)
