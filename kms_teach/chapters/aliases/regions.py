"""The map of two Regions: what a multi-Region key shares, what each Region has for itself, what was tried across."""

from kms_teach.chapters.aliases.beside import beside, stacked
from kms_teach.chapters.aliases.facts import RegionMap
from kms_teach.chapters.aliases.words import NEVER, held, message, sentence, state, told
from kms_teach.drawing.layout import render
from kms_teach.drawing.look import LAB, NARROW, WIDE
from kms_teach.drawing.picture import Picture, Table, table
from kms_teach.drawing.svg import Drawing

SECOND_LINE = "The band is all that primary and replica share; the rest each has for itself."
FULL = 500  # px: of the picture beside a lab's controls, whatever happened
HEADER = ("key or try", "Region", "what", "state or outcome", "names, policy, grants")


def regions(facts: RegionMap, *, lines: int = 1, canvas: int = WIDE) -> Picture:
    """Draw two Regions. `lines` as in Drawing: for a title that changes."""
    title, refused = message(facts)
    alt = " ".join([f"Account {facts.account}.", *map(sentence, facts.keys), *map(told, facts.tries), NEVER])
    wide, narrow = (
        Drawing(name, title, alt, second=SECOND_LINE if width != LAB else "", width=width, lines=lines)
        for name, width in (("regions", canvas), ("regions-narrow", NARROW))
    )
    above, least = (6, FULL) if canvas == LAB else (14, 0)
    return Picture(
        title, alt, render(wide, beside(facts, canvas, refused), above=above, least=least),
        render(narrow, stacked(facts, refused), above=14), _data(facts), _line(facts),
    )  # fmt: skip


def _data(facts: RegionMap) -> Table:
    rows = [(key.words, key.region, key.role, state(key), f"{', '.join(key.named) or 'no alias'}; {held(key)}")
            for key in facts.keys]  # fmt: skip
    for each in facts.tries:
        told = f"{'names' if each.alias else 'made by'} {each.letter} in {each.made}"
        rows.append((each.name, each.region, told, each.outcome, each.why))
    return table(HEADER, rows)


def _line(facts: RegionMap) -> str:
    keys = (f"{key.letter} {key.role} in {key.region} {state(key)}, {', '.join(key.named) or 'no alias'}"
            for key in facts.keys)  # fmt: skip
    tries = "; ".join(f"{each.name} in {each.region}: {each.outcome}" for each in facts.tries)
    return f"Regions: {'; '.join(keys)}; {tries or 'nothing tried'}"
