"""The states of a key as a graph: boxes and arrows at their places, one layout for every state of the key.

What leads on from the state of now is dark, the way back to Enabled is numbered, all else stays where it is.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from kms_teach.chapters.lifecycle.states import GONE, way_back
from kms_teach.drawing import scene
from kms_teach.drawing.lettering import shorten, width
from kms_teach.drawing.look import (
    DOTTED,
    INK,
    KMS,
    LAB,
    LABEL,
    LINE,
    NARROW,
    NOTE,
    SECOND,
    WASH,
    WHITE,
    WIDE,
)
from kms_teach.drawing.svg import Drawing

Point = tuple[float, float]


class Place(Struct, frozen=True):
    """Where a state stands, in px from the graph's upper left; `note` is what it means, in a few words."""

    x: float
    y: float
    w: float
    h: float
    note: tuple[str, ...] = ()


class Way(Struct, frozen=True):
    """An arrow: the call that leads from one state to another ("" is from nothing), and where its words stand."""

    operation: str
    here: str
    to: str
    begin: Point
    end: Point
    words: Point
    anchor: str = "middle"
    lines: tuple[str, ...] = ()  # instead of the operation's name

    @property
    def badge(self) -> Point:
        return (self.begin[0] + self.end[0]) / 2, (self.begin[1] + self.end[1]) / 2


class Layout(Struct, frozen=True):
    """A canvas: the wash round all states that can be scheduled, the places, the arrows, and the height."""

    wash: Place
    places: Mapping[str, Place]
    ways: Sequence[Way]
    tall: float
    brief: tuple[Point, Sequence[str]] | None = None  # what is left out


SCHEDULE = ("ScheduleKeyDeletion", "PendingDeletion")
LAYOUTS = {
    WIDE: Layout(
        Place(28, 0, 704, 226),
        {
            "Enabled": Place(238, 20, 112, 104, ("the key", "works")),
            "Disabled": Place(238, 166, 112, 48),
            "PendingImport": Place(536, 20, 132, 50, ("no material",)),
            "Unavailable": Place(536, 92, 132, 50, ("store cut off",)),
            "Creating": Place(146, 62, 68, 24),
            "Updating": Place(44, 100, 68, 24),
            "PendingDeletion": Place(28, 286, 552, 138),
            GONE: Place(608, 286, 124, 138),
        },
        (
            Way("CreateKey", "", "Enabled", (44, 38), (231, 38), (138, 31)),
            Way("CreateKey", "", "PendingImport", (730, 38), (675, 38), (700, 15), lines=("CreateKey", "EXTERNAL")),
            Way("ReplicateKey", "", "Creating", (44, 74), (139, 74), (90, 67)),
            Way("", "Creating", "Enabled", (215, 74), (231, 74), (0, 0)),
            Way("UpdatePrimaryRegion", "Enabled", "Updating", (237, 117), (119, 117), (108, 138)),
            Way("", "Updating", "Enabled", (113, 106), (231, 106), (0, 0)),
            Way("ImportKeyMaterial", "PendingImport", "Enabled", (535, 36), (357, 36), (443, 29)),
            Way("DeleteImportedKeyMaterial", "Enabled", "PendingImport", (351, 53), (529, 53), (443, 70)),
            Way("ConnectCustomKeyStore", "Unavailable", "Enabled", (535, 103), (357, 103), (443, 96)),
            Way("DisconnectCustomKeyStore", "Enabled", "Unavailable", (351, 118), (529, 118), (443, 135)),
            Way("DisableKey", "Enabled", "Disabled", (258, 125), (258, 159), (250, 150), "end"),
            Way("EnableKey", "Disabled", "Enabled", (300, 165), (300, 131), (318, 152), "start"),
            Way("CancelKeyDeletion", "PendingDeletion", "Disabled", (300, 285), (300, 221), (318, 259), "start"),
            Way(*SCHEDULE[:1], "Enabled", "PendingDeletion", (200, 227), (200, 279), (191, 245), "end",
                ("ScheduleKeyDeletion", "from any but Updating")),
        ),
        424,
        ((44, 186), ("Creating and Updating", "last only seconds")),
    ),
    LAB: Layout(
        Place(28, 0, 504, 166),
        {
            "Enabled": Place(44, 24, 124, 44),
            "Disabled": Place(44, 114, 124, 42),
            "PendingImport": Place(392, 24, 128, 44),
            "PendingDeletion": Place(28, 204, 404, 82),
            GONE: Place(448, 204, 84, 82),
        },
        (
            Way("ImportKeyMaterial", "PendingImport", "Enabled", (391, 38), (175, 38), (280, 31)),
            Way("DeleteImportedKeyMaterial", "Enabled", "PendingImport", (169, 55), (385, 55), (280, 72)),
            Way("DisableKey", "Enabled", "Disabled", (62, 69), (62, 107), (70, 96), "start"),
            Way("EnableKey", "Disabled", "Enabled", (164, 113), (164, 75), (182, 97), "start"),
            Way("CancelKeyDeletion", "PendingDeletion", "Disabled", (62, 203), (62, 163), (80, 188), "start"),
            Way(*SCHEDULE[:1], "Enabled", "PendingDeletion", (330, 167), (330, 197), (338, 186), "start"),
        ),
        286,
        ((270, 148), ("Creating, Updating, Unavailable left out",)),
    ),
    NARROW: Layout(
        Place(20, 0, 340, 178),
        {
            "Enabled": Place(30, 32, 112, 46),
            "Disabled": Place(30, 128, 112, 42),
            "PendingImport": Place(238, 32, 114, 46),
            "PendingDeletion": Place(20, 226, 246, 112),
            GONE: Place(276, 226, 84, 112),
        },
        (
            Way("ImportKeyMaterial", "PendingImport", "Enabled", (237, 46), (149, 46), (196, 20)),
            Way("DeleteImportedKeyMaterial", "Enabled", "PendingImport", (143, 64), (231, 64), (352, 94), "end"),
            Way("DisableKey", "Enabled", "Disabled", (46, 79), (46, 121), (52, 108), "start"),
            Way("EnableKey", "Disabled", "Enabled", (136, 127), (136, 85), (152, 111), "start"),
            Way("CancelKeyDeletion", "PendingDeletion", "Disabled", (46, 225), (46, 177), (62, 204), "start"),
            Way(*SCHEDULE[:1], "Enabled", "PendingDeletion", (216, 179), (216, 219), (224, 196), "start",
                ("ScheduleKey", "Deletion")),
        ),
        338,
    ),
}  # fmt: skip
SMALL = 30  # px: a state that lasts only seconds is no higher


def place(canvas: int, state: str) -> Place:
    """Where a state stands; both waiting periods stand in one place."""
    places = LAYOUTS[canvas].places
    return places.get("PendingDeletion" if state == "PendingReplicaDeletion" else state, places["Enabled"])


def draw(d: Drawing, y: float, state: str, name: str) -> None:
    """Draw the graph with its top at y, and the key's tag on its state of now."""
    layout = LAYOUTS[d.width]
    wash = layout.wash
    d.rect(wash.x, y + wash.y, wash.w, wash.h, 12, fill=WASH)
    for each, at in layout.places.items():
        _box(d, y, each, at, here=at is place(d.width, state) and (state in layout.places or each != "Enabled"))
    back = way_back(state)
    for way in layout.ways:
        _way(d, y, way, dark=_dark(way, state), step=back.index(way.operation) + 1 if _on(way, back, state) else 0)
    if layout.brief:
        (x, down), words = layout.brief
        d.text(x, y + down, words, NOTE, fill=SECOND)
    at = place(d.width, state)
    if state != GONE:
        _tag(d, at, y, name)


def _dark(way: Way, state: str) -> bool:
    """Whether a call leads on from here; the deletion from any state but the waiting ones and Updating."""
    if way.operation == SCHEDULE[0]:
        return state not in ("PendingDeletion", "PendingReplicaDeletion", "Updating", GONE)
    return bool(way.operation) and way.here == state


def _on(way: Way, back: Sequence[str], state: str) -> bool:
    return bool(way.here) and way.operation in back and state != "Enabled"


def _box(d: Drawing, y: float, state: str, at: Place, *, here: bool) -> None:
    top, gone = y + at.y, state == GONE
    if gone:
        d.rect(at.x, top, at.w, at.h, 12, stroke=INK if here else SECOND, thick=2.2, dash=None if here else DOTTED)
    elif here:
        d.rect(at.x, top, at.w, at.h, 10, fill=KMS.wash, stroke=KMS.mark, thick=2.5)
    else:
        d.rect(at.x, top, at.w, at.h, 10, fill=WHITE, stroke=LINE, thick=1.25)
    if at.h <= SMALL:
        d.text(at.x + at.w / 2, top + 16, state, NOTE, anchor="middle")
        return
    if state in ("PendingDeletion", GONE):  # what stands in them is drawn by who knows the dates
        return
    size = NOTE if d.width == NARROW else LABEL
    ink = KMS.text if here else INK
    first = top + (46 if at.h > 60 else 28 if at.note else 30)
    d.text(at.x + at.w / 2, first, state, size, weight=700, fill=ink, anchor="middle")
    if at.note:
        d.text(at.x + at.w / 2, first + 14, at.note, NOTE, fill=SECOND, anchor="middle", step=15)


def _way(d: Drawing, y: float, way: Way, *, dark: bool, step: int) -> None:
    (x1, y1), (x2, y2), (x, words) = way.begin, way.end, way.words
    if step:
        d.path("M", x1, y + y1, "L", x2, y + y2, thick=2, head="arrow-ink")
    else:
        d.path("M", x1, y + y1, "L", x2, y + y2, stroke=INK if dark else SECOND, thick=2 if dark else 1.5, head="arrow")
    if way.operation:
        lines = way.lines or (way.operation,)
        ink, weight = INK if dark or step else SECOND, 650 if step else 400
        d.text(x, y + words, lines, NOTE, weight=weight, fill=ink, anchor=way.anchor, step=15)
    if step:
        across, down = way.badge
        scene.badge(d, across, y + down, str(step), r=9.5)


def _tag(d: Drawing, at: Place, y: float, name: str) -> None:
    words = shorten(name, min(at.w - 24, 124), NOTE, bold=True)
    left = at.x + (44 if at.w > 200 else 4)
    scene.tag(d, left, y + at.y, 28 + width(words, NOTE, bold=True))
    d.text(left + 20, y + at.y + 4.3, words, NOTE, weight=650, fill=KMS.text)
