"""Where everything of the envelope's scene is, on each canvas."""

from msgspec import Struct

from kms_teach.drawing import look


class Place(Struct, frozen=True):
    """A thing's place on the computer: its middle, its mark, the ground under it when it is what changed."""

    x: float
    y: float
    mark: str
    scale: float
    across: float
    high: float


class Measures(Struct, frozen=True):
    """Where everything is on a canvas, in px; the way's exchanges are measured from the frames' top."""

    top: int
    foot: int  # of the frames
    computer: tuple[int, int]  # left and width
    way: tuple[int, int]  # its middle, an arrow's length
    region: tuple[int, int]
    inset: int  # from the computer's edge to memory and disk
    memory: tuple[int, int]  # top and height
    disk: tuple[int, int]
    together: tuple[int, int]  # from the disk's top to what is stored together, its height
    turns: tuple[int, int]  # from the memory's top: where the arrows to the disk begin, where the key's turns
    arrives: int  # from the middle of a mark on the disk up to the point of the arrow to it
    file: Place
    plain_key: Place
    sealed_key: Place
    ciphertext: Place
    stored_key: Place
    asked: int
    got: int
    sent: int
    back: int
    quiet: int  # from what was got to the words that nothing crosses
    spots: tuple[tuple[int, int], ...]  # what lights up at the steps that cross: middle, height
    card: int  # the KMS key's height
    plate: tuple[int, int]
    sides: int  # from the Region's frame to the card
    head: int  # and above it


# fmt: off
MEASURES = {
    look.WIDE: Measures(
        178, 438, (38, 352), (460, 108), (520, 212), 12, (192, 108), (306, 112), (23, 84), (105, 112), 27,
        Place(107, 240, "sheet",    1,    72, 52),
        Place(211, 240, "data-key", 1.9,  94, 52),
        Place(314, 240, "envelope", 1.05, 94, 52),
        Place(107, 356, "cipher",   0.9,  64, 48),
        Place(314, 356, "envelope", 0.9,  80, 48),
        34, 96, 182, 228, 40, ((33, 42), (89, 58), (205, 90)), 154, (148, 76), 14, 36,
    ),
    look.LAB: Measures(
        141, 350, (30, 284), (369, 92), (424, 120), 8, (150, 86), (240, 94), (3, 89), (84, 88), 20,
        Place(74,  186, "sheet",    0.7,  60, 38),
        Place(168, 186, "data-key", 1.5,  80, 38),
        Place(262, 186, "envelope", 0.85, 80, 38),
        Place(74,  280, "cipher",   0.7,  56, 36),
        Place(262, 280, "envelope", 0.75, 70, 36),
        26, 80, 144, 180, 34, ((25, 40), (73, 52), (161, 78)), 108, (96, 46), 3, 22,
    ),
}
# fmt: on
