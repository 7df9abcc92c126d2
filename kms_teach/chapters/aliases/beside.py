"""How two Regions are laid out: beside each other with a border between, or one below the other on a phone."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from kms_teach.chapters.aliases.facts import KeyFacts, RegionMap, Tried
from kms_teach.chapters.aliases.pieces import (
    FILE,
    PLATE,
    SMALL,
    TAG,
    disc,
    gone_card,
    key_card,
    pairs,
    plate,
    sheet,
    tag,
)  # fmt: skip
from kms_teach.chapters.aliases.words import NEVER, count, state
from kms_teach.drawing import scene
from kms_teach.drawing.answers import GAP, MARK, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Middle, Part, Row, Scene, Text, rule, sketch
from kms_teach.drawing.look import CARD, HEADING, KMS, LAB, LABEL, NOTE, SECOND, WHITE, WIDE
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.opened_facts import RANDOM

OWN = 44  # px: width of the words before what a key has for itself
ID = "the id begins with mrk-"
SHARED = "also origin, key spec, key usage, rotation"
ROWS = 3  # of single-Region keys in the drawing; the table has all


class Measures(NamedTuple):
    """Heights and widths of a drawing that has its Regions beside each other, in px."""

    border: int  # between two Regions
    inset: int  # from a Region's frame to a card
    above: int  # from a Region's frame to the first card
    gap: int
    head: int  # what stands on a card above the band
    band: int
    low: int  # a single-Region key's card, with its tag
    attempt: int
    what: float | None  # width of what was tried
    arrow: int
    plate: tuple[int, int]
    brief: bool  # policy and grants in one line


MEASURES = {
    WIDE: Measures(32, 14, 30, 14, 34, 74, 92, 40, None, 104, PLATE, brief=False),
    LAB: Measures(20, 10, 23, 7, 28, 62, 68, 34, 164, 88, SMALL, brief=True),
}


def beside(facts: RegionMap, canvas: int, refused: Tried | None) -> Column:
    """Lay the Regions out beside each other; `refused` is the try whose refusal is told whole."""
    m = MEASURES[canvas]
    parts: list[Part] = []
    drawn: set[str] = set()

    def tries(letters: set[str]) -> None:
        parts.extend(_try(facts, each, m) for each in facts.tries if each.letter in letters - drawn)
        drawn.update(letters)

    if facts.shared:
        parts.append(Shared(facts, m))
        tries({facts.shared[0].letter})
    alone = [facts.alone(region) for region in facts.regions]
    for at in range(min(max(map(len, alone)), ROWS)):
        row = [keys[at] if at < len(keys) else None for keys in alone]
        parts.append(
            Row([_single(key, m) if key else Scene(m.low, _nothing) for key in row], gap=m.border + 2 * m.inset)
        )
        tries({key.letter for key in row if key})
    if (more := sum(max(len(keys) - ROWS, 0) for keys in alone)) > 0:
        parts.append(Text(f"and {count(more, 'more key')}, in the table", NOTE, fill=SECOND))
    body = Box(
        Column(parts, gap=m.gap), m.inset, m.above, 12, frame=partial(_frames, names=facts.regions, border=m.border)
    )
    if canvas == LAB:
        return Column([body])
    account = Box(body, 12, 24, 12, frame=partial(scene.account, name=f"account {facts.account}"))
    return Column([account, *_words(refused), rule(), Text(NEVER)], gap=12)


def _frames(d: Drawing, x: float, y: float, w: float, h: float, names: tuple[str, str], border: int) -> None:
    across = (w - border) / 2
    for left, name in zip((x, x + across + border), names, strict=True):
        scene.region(d, left, y, across, h, name)


def _words(refused: Tried | None) -> list[Part]:
    """A refusal in AWS's words."""
    return [refusal(refused.code, RANDOM.sub("…", refused.message))] if refused else []


def _nothing(d: Drawing, x: float, y: float, width: float) -> None:
    pass


class Shared:
    """A multi-Region key in its Regions, and the band of what they share; a place is kept for a replica to come."""

    def __init__(self, facts: RegionMap, m: Measures) -> None:
        self.m, self.both = m, bool(facts.pair)
        self.keys = [next((key for key in facts.shared if key.region == region), None) for region in facts.regions]

    def height(self, width: float) -> float:
        return TAG / 2 + self.m.head + self.m.band + (2 if self.m.brief else 3) * 16 + 16

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        apart, top = self.m.border + 2 * self.m.inset, y + TAG / 2
        across, high = (width - apart) / 2, self.height(width) - TAG / 2
        lefts = (x, x + across + apart)
        for left, key in zip(lefts, self.keys, strict=True):
            if key:
                _member(d, left, top, across, high, key, self.m)
            else:
                gone_card("no key of its id here", least=high).draw(d, left, top, across)
        left, key = next((left, key) for left, key in zip(lefts, self.keys, strict=True) if key)
        room = (width if self.both else across) - 16
        _band(d, left + 8, top + self.m.head, room, key, self.m, both=self.both)


def _member(d: Drawing, x: float, y: float, w: float, h: float, key: KeyFacts, m: Measures) -> None:
    """One Region's card: its tag, its role, and below the band what it has for itself."""
    d.rect(x, y, w, h, 12, fill=KMS.wash, stroke=KMS.mark)
    if key.named:
        tag(_first(key)).draw(d, x + 12, y - TAG / 2, w - 84)
    d.text(x + w - 14, y + m.head - 10, key.role, weight=700, fill=KMS.text, anchor="end")
    _own(key, brief=m.brief).draw(d, x + 18, y + m.head + m.band + 8, w - 30)


def _first(key: KeyFacts) -> str:
    return key.named[0] + (f" +{len(key.named) - 1}" if len(key.named) > 1 else "")


def _own(key: KeyFacts, *, brief: bool = False) -> Part:
    """What a key has in this Region for itself; `brief` in two lines."""
    statements, now = count(key.statements, "statement"), Text(state(key), NOTE, 700, leading=16, cut=True)
    if brief:
        held = f"policy: {statements}; {count(key.grants, 'grant')}"
        return Column([Text(held, NOTE, fill=SECOND, leading=16, cut=True), now])
    label = Text("state", NOTE, fill=SECOND, leading=16)
    rows = [("policy", statements), ("grants", str(key.grants or "none"))]
    return Column([pairs(rows, OWN), Row([label, now], [OWN, None], 8)])


def _band(d: Drawing, x: float, y: float, w: float, key: KeyFacts, m: Measures, *, both: bool) -> None:
    """What the Regions share, drawn once, across the border."""
    d.rect(x, y, w, m.band, 8, fill=WHITE, stroke=KMS.mark, thick=2.5)
    across, high = m.plate
    top = y + (m.band - high) / 2
    material = plate(key.letter, key.number, m.plate)
    material.draw(d, x + 10, top, across)
    if both:
        material.draw(d, x + w - 10 - across, top, across)
        words: list[Part] = [
            Text(f"one key id, the same key material {key.letter}", weight=700, anchor="middle", leading=19)
        ]
        words += [Text(line, NOTE, fill=SECOND, anchor="middle", leading=17) for line in (ID, SHARED)]
        room = w - 2 * across - 40
    else:
        words, room = [Text(line, NOTE, leading=18) for line in ("multi-Region:", "may be replicated")], w - across - 34
    told = Column(words)
    told.draw(d, x + across + (20 if both else 22), y + (m.band - told.height(room)) / 2, room)


def _single(key: KeyFacts, m: Measures) -> Scene:
    """A key that is in one Region only."""

    def draw(d: Drawing, x: float, y: float, w: float) -> None:
        top, (across, high) = y + TAG / 2, m.plate
        d.rect(x, top, w, m.low - TAG / 2, 12, fill=KMS.wash, stroke=KMS.mark)
        if key.named:
            tag(_first(key)).draw(d, x + 12, y, w - 20)
        lines = [Text(key.role, LABEL, 700, KMS.text, leading=17), Text(state(key), NOTE, 700, leading=16, cut=True)]
        told = Column(lines if m.brief else [*lines, Text(f"stays in {key.region}", NOTE, fill=SECOND, leading=16)])
        room, foot = w - across - 32, y + m.low
        plate(key.letter, key.number, m.plate).draw(d, x + 12, foot - high - (4 if m.brief else 10), across)
        told.draw(d, x + across + 26, foot - told.height(room) - (8 if m.brief else 12), room)

    return Scene(m.low, draw)


def _try(facts: RegionMap, tried: Tried, m: Measures) -> Row:
    """A file or a name, the arrow across the border, and what came of it there."""
    cells: list[Part] = [
        Middle(_what(facts, tried, "here")),
        _way(tried, facts, m),
        Middle(_came(facts, tried, NOTE if m.brief else LABEL)),
    ]
    widths = [m.what, m.arrow, None]
    if tried.made == facts.regions[1]:
        cells.reverse()
        widths.reverse()
    return Row(cells, widths, gap=10)


def _what(facts: RegionMap, tried: Tried, where: str) -> Part:
    if tried.alias:
        return tag(tried.name)
    words = Column([Text(tried.name, weight=650, cut=True, leading=17),
                    Text(f"made {where}, by {tried.letter}", NOTE, fill=SECOND, leading=16)])  # fmt: skip
    return Row([Middle(sheet(tried.letter, _number(facts, tried.letter))), Middle(words)], [FILE, None], gap=12)


def _number(facts: RegionMap, letter: str) -> int:
    return next((key.number for key in facts.keys if key.letter == letter), 1)


def _way(tried: Tried, facts: RegionMap, m: Measures) -> Scene:
    words = ("same name" if tried.alias else "Decrypt", f"in {tried.region}")

    def draw(d: Drawing, x: float, y: float, w: float) -> None:
        ends, middle = (x + w, x) if tried.made == facts.regions[1] else (x, x + w), y + m.attempt / 2
        for line, baseline in zip(words, (middle - 6, middle + 15), strict=True):
            d.text(x + w / 2, baseline, line, NOTE, fill=SECOND, anchor="middle", halo=CARD, halo_width=6)
        d.arrow(ends[0], middle, ends[1], middle)

    return Scene(m.attempt, draw)


def _came(facts: RegionMap, tried: Tried, size: int = LABEL) -> Part:
    why = Text(tried.why, NOTE, fill=SECOND, leading=15)
    if tried.alias and tried.allowed:
        there = sketch(18, partial(disc, letter=tried.answered, number=_number(facts, tried.answered), r=9))
        return Column([Row([there, Text(tried.outcome, size, 700, leading=18)], [MARK, None], GAP), why])
    return Column([outcome(tried.allowed, tried.code or "opens", size, leading=18), why])


def stacked(facts: RegionMap, refused: Tried | None) -> Column:
    """Lay them out for a phone: one Region, what crosses, the other Region, what was tried."""
    border: list[Part] = []
    if facts.pair:
        words = [f"one key id, the same key material {facts.pair[0].letter}", SHARED]
        told = Text(words, NOTE, 700, anchor="middle", leading=17)
        border = [Box(told, 10, 10, 10, fill=WHITE, stroke=KMS.mark, thick=2.5)]
    left, right = facts.regions
    parts = [_region(facts, left, shared_last=True), *border, _region(facts, right)]
    return Column(
        [*parts, *(_told(facts, each) for each in facts.tries), *_words(refused), rule(), Text(NEVER)], gap=14
    )


def _region(facts: RegionMap, region: str, *, shared_last: bool = False) -> Box:
    shared = [key for key in facts.shared if key.region == region]
    keys: Sequence[KeyFacts] = [*facts.alone(region), *shared] if shared_last else [*shared, *facts.alone(region)]
    inside = Column([_whole(key) for key in keys] or [Text("no key here", fill=SECOND)], gap=12)
    return Box(inside, 12, 24, 14, frame=partial(scene.region, name=region))


def _whole(key: KeyFacts) -> Part:
    told = Column([Text(key.role, HEADING, 700, KMS.text, leading=20), _own(key)])
    card = key_card(Row([Middle(plate(key.letter, key.number, SMALL)), told], [SMALL[0], None], 14))
    return Column([*(tag(name) for name in key.named), card], gap=6)


def _told(facts: RegionMap, tried: Tried) -> Part:
    asked = f"{'The same name' if tried.alias else 'Decrypt'} in {tried.region}:"
    came = Column([Text(asked, NOTE, fill=SECOND, leading=16), _came(facts, tried)], gap=2)
    return Column([_what(facts, tried, f"in {tried.made}"), Box(came, 40, 0, 0)], gap=4)
