"""What both pictures are made of: an alias as a tag, material on its plate, a file with its key's letter."""

from functools import partial

from kms_teach.drawing import look, scene
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Box, Column, Middle, Part, Row, Scene, Text
from kms_teach.drawing.lettering import shorten, width
from kms_teach.drawing.look import CARD, KMS, LABEL, LINE, NOTE, SECOND, WHITE
from kms_teach.drawing.svg import Drawing

TAG = 24  # px: height of a tag
POINT, ROOM = 20, 12  # px: of a tag, from its point to its words; after them
PLATE, SMALL = (82, 48), (64, 40)  # px: the place of a key's material; beside a lab's controls
FILE, DISC = 27, 7.4  # px: width of a file's small sheet, radius of its letter
SCALE = 0.75
STEP = 17  # px from line to line


def tag(name: str, *, gone: bool = False, right: bool = False) -> Scene:
    """An alias; one that names another key now is the pale outline of what was here. `right`: it ends at the right."""

    def draw(d: Drawing, x: float, y: float, w: float) -> None:
        words = shorten(name, w - POINT - ROOM, bold=not gone)
        across = POINT + width(words, bold=not gone) + ROOM
        x += w - across if right else 0
        if gone:
            middle = y + TAG / 2
            d.path("M", x + 10, middle - 12, "H", x + across, "V", middle + 12, "H", x + 10, "L", x, middle + 3,
                   "V", middle - 3, "Z", fill=CARD, stroke=LINE, thick=1)  # fmt: skip
            d.text(x + POINT, middle + 4.5, words, fill=SECOND)
        else:
            scene.tag(d, x, y + TAG / 2, across)
            d.text(x + POINT, y + TAG / 2 + 4.5, words, weight=650, fill=KMS.text)

    return Scene(TAG, draw)


def plate(letter: str, number: int, size: tuple[int, int] = PLATE) -> Scene:
    """Key material where it is, with the letter of its key."""
    across, high = size

    def draw(d: Drawing, x: float, y: float, _: float) -> None:
        scene.plate(d, x, y, across, high)
        scale = across / 74
        d.text(x + 15, y + high / 2 + 5, letter, 14, weight=700, fill=WHITE, anchor="middle")
        d.use("key", x + across - 26.2 * scale - 11, y + high / 2, scale, fill=look.material(number).fill)

    return Scene(high, draw)


def disc(d: Drawing, x: float, y: float, letter: str, number: int, r: float = DISC) -> None:
    """The letter of a key, in the colours of its material, about x, y."""
    colours = look.material(number)
    d.circle(x, y, r, fill=colours.fill, stroke=colours.edge, thick=1.25)
    d.text(x, y + 4.3, letter, NOTE, weight=700, fill=colours.number, anchor="middle")


def sheet(letter: str, number: int, scale: float = SCALE) -> Scene:
    """A ciphertext, with the letter of the key that made it."""
    high = 46 * scale

    def draw(d: Drawing, x: float, y: float, _: float) -> None:
        d.use("cipher", x, y, scale)
        disc(d, x + 18 * scale, y + high / 2 + 2, letter, number, 9 if scale == 1 else DISC)

    return Scene(high, draw)


def file(name: str, letter: str, number: int, opens: bool, words: str) -> Row:
    """A file, and whether it opens here."""
    told = Column([Text(name, LABEL, 650, cut=True, leading=STEP), outcome(opens, words, NOTE, leading=STEP)])
    return Row([Middle(sheet(letter, number)), told], [FILE, None], gap=10)


def pairs(rows: list[tuple[str, str]], name: int) -> Column:
    """What a key has, and how much of it, line by line."""
    cells = [[Text(label, NOTE, fill=SECOND, leading=16), Text(words, NOTE, leading=16)] for label, words in rows]
    return Column([Row(cell, [name, None], 8) for cell in cells])


def key_card(part: Part, *, least: float = 0, sides: float = 14) -> Box:
    """A logical KMS key, without a tag."""
    return Box(part, sides, 12, 12, least=least, fill=KMS.wash, stroke=KMS.mark, r=12)


def gone_card(words: str, *, least: float = 0) -> Box:
    """The outline of a key that was here."""
    return Box(Middle(Text(words, fill=SECOND, anchor="middle")), 14, 12, 12, least=least, stroke=LINE, thick=1, r=12)


def arrow(tall: float) -> Scene:
    """From a name to its key, in the middle of a place."""
    return Scene(tall, partial(_arrow, tall))


def _arrow(tall: float, d: Drawing, x: float, y: float, w: float) -> None:
    d.arrow(x, y + tall / 2, x + w, y + tall / 2)
