"""What a timeline stands on: the key's card, the plate with its materials, the panel with its scale and its lanes."""

from collections.abc import Sequence
from dataclasses import dataclass

from kms_teach.chapters.rotation.facts import Backing, Timeline
from kms_teach.drawing import scene
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import CARD, NOTE, RULE, SECOND, SUBTITLE, WHITE
from kms_teach.drawing.marks import KEY
from kms_teach.drawing.markup import number
from kms_teach.drawing.svg import Drawing
from kms_teach.drawing.timescale import Scale

CARD_LEFT, CARD_WIDE = 28, 704  # px: from the edge of the canvas, and width
PLATE_LEFT, PLATE_WIDE = 40, 112
PANEL_LEFT, PANEL_RIGHT = 164, 720
NUMBER, RING, MIDDLE = 58, 82, 96  # of a material on the plate: its number, its key's ring; the plate's middle
KEY_SCALE = 1.35
WINDOW, FIRST = 32, 84  # px: from the card's top to the panel, to the first lane
LAST, EDGE, FRAME = 34, 14, 26  # px: from the last lane to the scale's words, from them to the panel's foot, the card's
GRID, BASE, BESIDE = 8, 10, 5  # px: from the panel's top to its lines, from their foot, from their side to the words
PITCH, DENSE, ROOMY = 64, 50, 5  # px from lane to lane; with more than so many lanes, the smaller
GHOST = "#C9D3DB"  # what is to come or gone, on the dark plate


def tall(facts: Timeline) -> int:
    """The height of the key's card."""
    return FIRST + _pitch(facts) * (_rows(facts) - 1) + LAST + FRAME


def _rows(facts: Timeline) -> int:
    return max(len(facts.shown) + 1, facts.lanes + 1, 3)  # one more: what is to come


def _pitch(facts: Timeline) -> int:
    return PITCH if _rows(facts) <= ROOMY else DENSE


@dataclass(frozen=True, slots=True)
class Ground:
    """The card with its upper edge at `top`."""

    facts: Timeline
    scale: Scale
    top: float

    @property
    def now(self) -> float:
        return self.scale.x(self.facts.now)

    @property
    def head(self) -> float:
        """Where the panel's lines begin."""
        return self.top + WINDOW + GRID

    @property
    def foot(self) -> float:
        """Where they end."""
        return self.y(_rows(self.facts) - 1) + LAST - BASE

    def y(self, lane: int) -> float:
        """The middle of a lane, from 0."""
        return self.top + FIRST + _pitch(self.facts) * lane

    def draw(self, d: Drawing) -> None:
        top = self.top + WINDOW
        high = self.foot + BASE + EDGE - top
        scene.tagged_card(d, CARD_LEFT, self.top, CARD_WIDE, tall(self.facts), self.facts.name)
        d.rect(PANEL_LEFT, top, PANEL_RIGHT - PANEL_LEFT, high, 6, fill=CARD)
        scene.plate(d, PLATE_LEFT, top, PLATE_WIDE, high)
        d.text(MIDDLE, top + 24, "key material", NOTE, fill=WHITE, anchor="middle")

    def draw_scale(self, d: Drawing) -> None:
        """Draw the lines of the years, or months or days, and now."""
        for x, words in self.scale.marks():
            d.line(x, self.head, x, self.foot, stroke=RULE, thick=1)
            if x + BESIDE + width(words, NOTE) < PANEL_RIGHT - 2:
                d.text(x + BESIDE, self.foot + BASE + 2, words, NOTE, fill=SECOND)
        scene.now_line(d, self.now, self.head - GRID, self.foot)


def plate_key(d: Drawing, y: float, materials: Sequence[Backing]) -> None:
    """Draw a lane's material on the plate, or the numbers of those that share it."""
    first, last = materials[0], materials[-1]
    if first is not last:
        words = f"{first.number} to {last.number}"
        d.text(MIDDLE, y + 5, words, SUBTITLE, weight=700, fill=WHITE, anchor="middle")
    elif first.present:
        scene.material_key(d, RING, y, first.number)
    else:
        _pale(d, y, first.number)
        scene.gone(d, "key", RING, y, KEY_SCALE)


def key_to_come(d: Drawing, y: float, following: int) -> None:
    """Draw the material that the next rotation will make, dotted."""
    _pale(d, y, following)
    place = f"translate({RING} {number(y)}) scale({KEY_SCALE})"
    dots = 'stroke-width="1.2" stroke-dasharray="0.1 2.4" stroke-linecap="round"'
    d.add(f'<path transform="{place}" d="{KEY}" fill="none" stroke="{GHOST}" {dots}/>')


def _pale(d: Drawing, y: float, material: int) -> None:
    d.text(NUMBER, y + 5, str(material), SUBTITLE, weight=700, fill=GHOST, anchor="middle")
