"""The three kinds of KMS key: who views one, manages one, for whom it is used, who rotates it."""

from msgspec import Struct

from kms_teach.drawing.layout import Box, Column, Part, Row, Text, mark, render, rule
from kms_teach.drawing.look import HEADING, KMS, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.rows import heads
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.ownership import KINDS, Kind
from kms_teach.trail import Record

HEADER = ("kind of KMS key", "you view it", "you manage it", "used only for your account", "who rotates it")
COLUMNS = (180, 78, 98, 122, None)  # px of width
INSET = 10  # px: from a kind's edge to its words
MARK, SCALE = 18, 0.85  # px of width, and the size of a mark in it
MANAGERS = {"CUSTOMER": "Customer managed", "AWS": "AWS managed"}  # KeyManager -> the kind's name
WHERE = {
    "Customer managed": "you make it with CreateKey; it is in your ListKeys",
    "AWS managed": "a service makes it in your account, alias/aws/…; it is in your ListKeys",
    "AWS owned": "a service's own, in its account; it is in no list of yours",
}
TITLE = "Only a customer managed key is yours to manage"
SECOND_LINE = "The three kinds of KMS key, and the calls that you made to find out"
SOURCE = "Source: KMS Developer Guide, “AWS KMS keys”, read in Nov 2026. How often a key rotates: chapter 05."


class Shown(Struct, frozen=True):
    """What a run showed of one kind of key: the calls that looked at it and that changed it, and their answers."""

    looked: tuple[str, str]  # the operation, and its error's code or ""
    changed: tuple[str, str]

    @property
    def proof(self) -> str:
        return ", ".join(f"{operation}: {code or 'answered'}" for operation, code in (self.looked, self.changed))


class KindsFacts(Struct, frozen=True):
    """The kinds as AWS documents them, and what was shown of those that can be asked about."""

    shown: tuple[tuple[str, Shown], ...]  # the kind's name, what was shown of it

    @classmethod
    def of(cls, **calls: tuple[Record, Record]) -> "KindsFacts":
        """Read two records for each KeyManager (`CUSTOMER`, `AWS`): one that looked, one that would change.

        Raises ValueError where the answers are not what AWS documents of that kind.
        """
        shown = []
        for manager, (looked, changed) in calls.items():
            kind = next(k for k in KINDS if k.name == MANAGERS[manager])
            if (looked.worked, changed.worked) != (kind.you_see, kind.you_manage):
                raise ValueError(f"{kind.name}: these two calls are not one that looks and one that would change it")
            shown.append((kind.name, Shown((looked.operation, looked.error), (changed.operation, changed.error))))
        return cls(tuple(shown))

    def proof(self, kind: Kind) -> str:
        """What the run showed of a kind."""
        shown = dict(self.shown).get(kind.name)
        return shown.proof if shown else "no call can name it"


def kinds(facts: KindsFacts) -> Picture:
    """Draw the table, and under each kind where it is and what the run showed."""
    told = " ".join(f"{_sentence(kind)} {WHERE[kind.name]}; {facts.proof(kind)}." for kind in KINDS)
    alt = f"{told} {SOURCE}"
    wide = render(Drawing("kinds", TITLE, alt, second=SECOND_LINE, width=WIDE), _wide(facts))
    narrow = render(Drawing("kinds-narrow", TITLE, alt, second=SECOND_LINE, width=NARROW), _narrow(facts))
    rows = [
        (kind.name, *map(yes, (kind.you_see, kind.you_manage, kind.yours_alone)), kind.who_rotates, facts.proof(kind))
        for kind in KINDS
    ]  # fmt: skip
    line = "; ".join(f"{kind.name}: {facts.proof(kind)}" for kind in KINDS)
    return Picture(TITLE, alt, wide, narrow, table([*HEADER, "what the calls showed"], rows), f"Three kinds: {line}")


def _sentence(kind: Kind) -> str:
    return (
        f"{kind.name}: you view it: {yes(kind.you_see)}, you manage it: {yes(kind.you_manage)}, used only for your "
        f"account: {yes(kind.yours_alone)}; who rotates it: {kind.who_rotates}."
    )


def _wide(facts: KindsFacts) -> Column:
    parts: list[Part] = [Column([Box(Row(heads(HEADER), COLUMNS), INSET, 0, 0), rule()], gap=4)]
    for kind in KINDS:
        answers = [_answer(value) for value in (kind.you_see, kind.you_manage, kind.yours_alone)]
        cells: list[Part] = [Text(kind.name, HEADING, 700, leading=20), *answers, Text(kind.who_rotates, leading=18)]
        parts.append(_set_off(kind, Column([Row(cells, COLUMNS), *_found(facts, kind)], gap=4)))
    return Column([*parts, Text(SOURCE, NOTE, fill=SECOND)], gap=10)


def _narrow(facts: KindsFacts) -> Column:
    parts: list[Part] = []
    for kind in KINDS:
        values = zip(HEADER[1:], (kind.you_see, kind.you_manage, kind.yours_alone), strict=False)
        answers = [_answer(value, f"{question}: ") for question, value in values]
        who = Text(f"{HEADER[-1].capitalize()}: {kind.who_rotates}.")
        told = Column([Text(kind.name, HEADING, 700), *answers, who, *_found(facts, kind)], gap=6)
        parts.append(_set_off(kind, told))
    return Column([*parts, Text(SOURCE, NOTE, fill=SECOND)], gap=10)


def _found(facts: KindsFacts, kind: Kind) -> list[Part]:
    where = WHERE[kind.name]
    return [
        Text(f"{where[0].upper()}{where[1:]}.", NOTE, fill=SECOND),
        Text(facts.proof(kind), NOTE, mono=True),
    ]  # fmt: skip


def _set_off(kind: Kind, part: Part) -> Box:
    """The kind that the title speaks of on the wash."""
    loud = kind.you_manage
    return Box(part, INSET, 10, 10, fill=KMS.wash if loud else "none", stroke=KMS.mark if loud else None, r=8)


def _answer(value: bool, question: str = "") -> Row:
    shown = mark("allowed" if value else "denied", SCALE, tall=20)
    return Row([shown, Text(f"{question}{yes(value)}", leading=20)], [MARK, None], gap=6)


def yes(value: bool) -> str:
    """Write a yes or a no."""
    return "yes" if value else "no"
