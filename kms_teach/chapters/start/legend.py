"""This is the legend: every mark of the course beside its meaning, the first picture a learner meets."""

from collections.abc import Callable

from kms_teach.drawing import scene
from kms_teach.drawing.look import INK, MATERIALS, NOTE, SECOND
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

TITLE = "Hatched means unreadable, wherever you see it"
SECOND_LINE = "The marks of this course, the same in every picture"
ROW = 70


def _badges(d: Drawing, x: float, y: float) -> None:
    for at in range(len(MATERIALS)):
        scene.material_badge(d, x - 33 + 22 * at, y, at + 1)


# what it stands for, what one sees, the mark drawn about x, y (the row's middle, marks are about 90 wide)
ROWS: tuple[tuple[str, str, Callable[[Drawing, float, float], None]], ...] = (
    ("KMS key", "a card with a tag: the logical key, its name, policy, state",
     lambda d, x, y: scene.tagged_card(d, x - 52, y - 14, 104, 44, "alias/a")),
    ("key material", "on the HSM's dark plate; plaintext key material never leaves it",
     lambda d, x, y: scene.plate(d, x - 38, y - 25, 76, 50, key=MATERIALS[0].fill)),
    ("data key, plaintext", "solid and orange: whoever holds it reads the data",
     lambda d, x, y: scene.data_key(d, x - 15, y, 1.7)),
    ("data key, encrypted", "in a closed, hatched envelope; a KMS key sealed it",
     lambda d, x, y: d.use("envelope", x - 33, y - 22, 1.1)),
    ("data, plaintext", "a sheet with lines you can read",
     lambda d, x, y: d.use("sheet", x - 19, y - 24, 1.05)),
    ("data, ciphertext", "a hatched sheet: unreadable",
     lambda d, x, y: d.use("cipher", x - 19, y - 24, 1.05)),
    ("Region", "a dashed frame with its name",
     lambda d, x, y: scene.region(d, x - 50, y - 20, 104, 44, "Region")),
    ("account", "a solid frame with its name",
     lambda d, x, y: scene.account(d, x - 50, y - 20, 100, 44, "account")),
    ("your computer", "what is inside is yours to guard",
     lambda d, x, y: scene.laptop(d, x - 34, y - 28, 68, 42, "")),
    ("a call to KMS", "an arrow, the operation's name",
     lambda d, x, y: d.arrow(x - 40, y, x + 42, y, above="Encrypt")),
    ("allowed", "a green circle, tick, word",
     lambda d, x, y: d.use("allowed", x, y, 1.6)),
    ("denied", "a vermilion octagon, cross, word",
     lambda d, x, y: d.use("denied", x, y, 1.6)),
    ("could read it now", "an open eye",
     lambda d, x, y: d.use("sees", x, y, 1.5)),
    ("could not read it now", "a closed eye",
     lambda d, x, y: d.use("blind", x, y - 4, 1.5)),
    ("was here, is gone", "a pale outline",
     lambda d, x, y: scene.gone(d, "sheet", x - 19, y - 24, 1.05)),
    ("key materials 1, 2, 3, 4", "a number and a colour tie a ciphertext to its material",
     _badges),
)  # fmt: skip
TIME = "Past: a solid line; now: a ruled line with the word; future: a dotted line."
STEPS = "Steps: a filled disc is done, a ringed one is here, a dotted one is to come."


def legend() -> Picture:
    """Draw all marks with their meanings."""
    alt = " ".join(["The marks of every picture.", *(f"{name}: {looks}." for name, looks, _ in ROWS), TIME, STEPS])
    wide = _marks(Drawing("legend", TITLE, alt, second=SECOND_LINE), columns=2)
    narrow = _marks(Drawing("legend-narrow", TITLE, alt, second=SECOND_LINE, width=380), columns=1)
    rows = table(["stands for", "looks like"], [(name, looks) for name, looks, _ in ROWS])
    return Picture(TITLE, alt, wide, narrow, rows, facts=f"Legend: {len(ROWS)} marks, time and steps")


def _marks(d: Drawing, columns: int) -> str:
    column, gap = (d.room - 24 * (columns - 1)) / columns, 24
    for at, (name, looks, draw) in enumerate(ROWS):
        x, y = d.left + (column + gap) * (at % columns), d.top + 40 + ROW * (at // columns)
        if at >= columns:
            d.rule(y - ROW / 2, x, x + column)
        draw(d, x + 52, y)
        d.text(x + 116, y - 8, name, 14, weight=700)
        d.text(x + 116, y + 9, looks, NOTE, fill=SECOND, room=column - 116, step=15)
    y = d.top + 40 + ROW * (len(ROWS) // columns) - ROW / 2
    d.rule(y)
    now = d.left + d.room * 0.55
    d.text(d.left, y + 28, "time", 14, weight=700)
    d.line(d.left, y + 52, now, y + 52, thick=2.2)
    d.dotted(now + 6, y + 52, d.right, y + 52, stroke=INK, thick=2.4)
    scene.now_line(d, now, y + 36, y + 64)
    d.text(now - 30, y + 43, "past: solid", NOTE, fill=SECOND, anchor="end")
    d.text(now + 30, y + 43, "future: dotted", NOTE, fill=SECOND)
    d.rule(y + 80)
    d.text(d.left, y + 106, "steps", 14, weight=700)
    bottom = scene.step_strip(d, ["done", "you are here", "to come"], 2, y + 132)
    d.height = bottom + 6
    return d.svg()
