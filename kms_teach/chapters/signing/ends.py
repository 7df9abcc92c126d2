"""The two ends of this chapter's pictures: KMS with the private half on its plate, a partner with public keys alone."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.drawing import scene
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Scene, Text, mark, sketch
from kms_teach.drawing.look import DENIED, HEADING, KMS, LAB, MATERIALS, NARROW, NOTE, SECOND, WHITE, WIDE
from kms_teach.drawing.svg import Drawing

WIDTHS = {WIDE: (196, 196), LAB: (146, 160)}  # px of the ends; between them they leave the rest
GAPS = {WIDE: 16, LAB: 10, NARROW: 16}
PLATE = 62, 124  # px: height, width
ARROW, ITEM, SLOT = 22, 30, 40  # px of height, of height, of width
FOOT, STAND = 10, 16  # px of a computer's foot: beyond both sides, below
SCALE, RING = 0.95, 8  # of a public half's key, px from its left edge to the middle of its ring
HELD = 178  # px of height inside an end, whatever it holds


class Item(Struct, frozen=True):
    """One thing that travels, or that an end holds: a mark with its name and what is to be said of it.

    "public" is a public half: an outline, since it hides nothing; "secret" a shared secret, drawn as a data key.
    """

    mark: str
    name: str
    words: str = ""
    wrong: bool = False


def ends(kms: Part, between: Sequence[Part], partner: Part, canvas: int) -> Part:
    """KMS, what travels, the partner: beside each other, or one below the other."""
    gap = GAPS[canvas]
    if canvas == NARROW:
        return Column([kms, *between, partner], gap=gap)
    left, right = WIDTHS[canvas]
    return Row([kms, Middle(Column(between, gap=gap)), partner], [left, None, right], gap=gap)


def kms_end(works: str, items: Sequence[Item], canvas: int) -> Box:
    """The KMS key: its private half on the plate, and what KMS answers with."""

    def plate(d: Drawing, x: float, y: float) -> None:
        high, wide = PLATE
        scene.plate(d, x - wide / 2, y - high / 2, wide, high, "private half", key=MATERIALS[0].fill)

    told = Text(works, NOTE, anchor="middle", fill=SECOND)
    frame = partial(scene.tagged_card, name="Your KMS key", close=canvas == LAB)
    part = Column([sketch(PLATE[0], plate), told, *map(item, items)], gap=6)
    return Box(part, sides=10, above=22, below=10, least=_least(canvas), frame=frame)


def partner_end(items: Sequence[Item], canvas: int, *, name: str = "The partner") -> Box:
    """A computer without an AWS account, and what it holds."""

    def laptop(d: Drawing, x: float, y: float, w: float, h: float) -> None:
        scene.laptop(d, x + FOOT, y, w - 2 * FOOT, h - STAND, "")

    who = [Text(name, HEADING, 700), Text("no AWS account", NOTE, fill=SECOND)]
    part = Column([Column(who, gap=2), *map(item, items)], gap=8)
    return Box(part, sides=22 if canvas != LAB else 18, above=12, below=12 + STAND, least=_least(canvas), frame=laptop)


def travel(words: str, items: Sequence[Item], *, to_kms: bool = False, wrong: bool = False) -> Column:
    """An arrow with the name of a call above, and what travels along it."""

    def arrow(d: Drawing, x: float, y: float, w: float) -> None:
        begin, end = (x + w, x) if to_kms else (x, x + w)
        d.arrow(begin, y + ARROW, end, y + ARROW, above=words)

    cross = [
        Row([mark("denied", tall=20), Text("changed on the way", NOTE, 700, DENIED.text, leading=20)], [20, None], 8)
    ]
    return Column([Scene(ARROW, arrow), *map(item, items), *(cross if wrong else [])], gap=6)


def item(each: Item) -> Row:
    """A mark with its name."""
    if each.mark in ("public", "secret"):
        shown: Part = sketch(ITEM, partial(_key, each))
    else:
        shown = mark(each.mark, 0.6, tall=ITEM) if each.mark else Gap(ITEM)
    tone = DENIED.text if each.wrong else SECOND
    if not each.words:
        return Row([shown, Text(each.name, weight=650, leading=ITEM)], [SLOT, None], gap=6)
    words = Column([Text(each.name, weight=650), Text(each.words, NOTE, 700 if each.wrong else 400, tone)])
    return Row([shown, words], [SLOT, None], gap=6)


def _key(each: Item, d: Drawing, x: float, y: float) -> None:
    if each.mark == "secret":
        scene.data_key(d, x - RING, y, SCALE)
        return
    edge = DENIED.text if each.wrong else KMS.mark
    d.use("key", x - RING, y, SCALE, fill=WHITE, stroke=edge, thick=1.6)


def _least(canvas: int) -> float:
    return 0 if canvas == NARROW else HELD
