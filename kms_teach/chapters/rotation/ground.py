"""What a timeline stands on: the key's card, the plate with its materials, the panel with its scale and its lanes."""

from collections.abc import Sequence

from msgspec import Struct

from kms_teach.chapters.rotation.facts import Backing, Timeline
from kms_teach.drawing import look, scene
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import CARD, NOTE, RULE, SECOND, SUBTITLE, WHITE
from kms_teach.drawing.marks import KEY
from kms_teach.drawing.markup import number
from kms_teach.drawing.svg import Drawing
from kms_teach.drawing.timescale import Scale

KEY_SCALE = 1.35
EDGE, FRAME = 14, 26  # px: from the scale's words to the panel's foot, to the card's
GRID, BASE, BESIDE = 8, 10, 5  # px: from the panel's top to its lines, from their foot, from their side to the words


class Measures(Struct, frozen=True):
    """Measures of a canvas, in px."""

    card: tuple[int, int]  # left, width
    plate: tuple[int, int]
    panel: tuple[int, int]  # left, right
    number: int  # of a material on the plate
    ring: int  # its key's
    window: int  # from the card's top to the panel
    first: int  # to the first lane
    last: int  # from the last lane to the scale's words
    pitch: int  # from lane to lane
    dense: int  # with more than `roomy` lanes
    roomy: int

    @property
    def middle(self) -> float:
        """Of the plate."""
        return self.plate[0] + self.plate[1] / 2


MEASURES = {
    look.WIDE: Measures((28, 704), (40, 112), (164, 720), 58, 82, 32, 84, 34, 64, 50, 5),
    look.LAB: Measures((28, 504), (36, 86), (128, 526), 50, 74, 24, 70, 30, 50, 37, 4),
}
GHOST = "#C9D3DB"  # what is to come or gone, on the dark plate


def tall(facts: Timeline, canvas: int) -> int:
    """The height of the key's card."""
    m = MEASURES[canvas]
    return m.first + _pitch(facts, m) * (_rows(facts) - 1) + m.last + FRAME


def _rows(facts: Timeline) -> int:
    return max(len(facts.shown) + 1, facts.lanes + 1, 3)  # one more: what is to come


def _pitch(facts: Timeline, m: Measures) -> int:
    return m.pitch if _rows(facts) <= m.roomy else m.dense


class Ground(Struct, frozen=True):
    """The card with its upper edge at `top`."""

    facts: Timeline
    scale: Scale
    top: float
    canvas: int = look.WIDE

    @property
    def m(self) -> Measures:
        return MEASURES[self.canvas]

    @property
    def now(self) -> float:
        return self.scale.x(self.facts.now)

    @property
    def head(self) -> float:
        """Where the panel's lines begin."""
        return self.top + self.m.window + GRID

    @property
    def foot(self) -> float:
        """Where they end."""
        return self.y(_rows(self.facts) - 1) + self.m.last - BASE

    def y(self, lane: int) -> float:
        """The middle of a lane, from 0."""
        return self.top + self.m.first + _pitch(self.facts, self.m) * lane

    def draw(self, d: Drawing) -> None:
        m, top = self.m, self.top + self.m.window
        high = self.foot + BASE + EDGE - top
        (card, across), (left, right), (plate, room) = m.card, m.panel, m.plate
        scene.tagged_card(d, card, self.top, across, tall(self.facts, self.canvas), self.facts.name)
        d.rect(left, top, right - left, high, 6, fill=CARD)
        scene.plate(d, plate, top, room, high)
        d.text(m.middle, top + 20, "key material", NOTE, fill=WHITE, anchor="middle")

    def draw_scale(self, d: Drawing) -> None:
        """Draw the lines of the years, or months or days, and now."""
        for x, words in self.scale.marks():
            d.line(x, self.head, x, self.foot, stroke=RULE, thick=1)
            if x + BESIDE + width(words, NOTE) < self.m.panel[1] - 2:
                d.text(x + BESIDE, self.foot + BASE + 2, words, NOTE, fill=SECOND)
        scene.now_line(d, self.now, self.head - GRID, self.foot)


def plate_key(d: Drawing, y: float, materials: Sequence[Backing]) -> None:
    """Draw a lane's material on the plate, or the numbers of those that share it."""
    m, first, last = MEASURES[d.width], materials[0], materials[-1]
    if first is not last:
        words = f"{first.number} to {last.number}"
        d.text(m.middle, y + 5, words, SUBTITLE, weight=700, fill=WHITE, anchor="middle")
    elif first.present:
        scene.material_key(d, m.ring, y, first.number)
    else:
        _pale(d, y, first.number)
        scene.gone(d, "key", m.ring, y, KEY_SCALE)


def key_to_come(d: Drawing, y: float, following: int) -> None:
    """Draw the material that the next rotation will make, dotted."""
    _pale(d, y, following)
    place = f"translate({MEASURES[d.width].ring} {number(y)}) scale({KEY_SCALE})"
    dots = 'stroke-width="1.2" stroke-dasharray="0.1 2.4" stroke-linecap="round"'
    d.add(f'<path transform="{place}" d="{KEY}" fill="none" stroke="{GHOST}" {dots}/>')


def _pale(d: Drawing, y: float, material: int) -> None:
    d.text(MEASURES[d.width].number, y + 5, str(material), SUBTITLE, weight=700, fill=GHOST, anchor="middle")
