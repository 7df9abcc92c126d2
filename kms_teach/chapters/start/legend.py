"""The legend: every mark of the course beside its meaning, the first picture a learner meets."""

from functools import partial

from kms_teach.drawing import scene
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Scene, Text, grid, mark, render, rule, sketch
from kms_teach.drawing.look import INK, MATERIALS, NARROW, NOTE, SECOND, SUBTITLE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

TITLE = "Hatched means unreadable, wherever you see it"
SECOND_LINE = "The marks of this course, the same in every picture"
ROW, MARK = 69, 104  # px: height of a mark's row, width of its place
FRAME, FLAG = 44, 24  # px of height: a frame with its name, the line of time
NOW = 0.55  # of the line of time
STEPS = ("done", "you are here", "to come")


def _framed(frame: Box) -> Box:
    return Box(frame, sides=0, above=6, below=0)


def _badge(number: int) -> Scene:
    return sketch(FRAME, partial(scene.material_badge, number=number))


def _laptop(d: Drawing, x: float, y: float) -> None:
    scene.laptop(d, x - 34, y - 28, 68, 42, "")


# what it stands for, what one sees, the mark
ROWS: tuple[tuple[str, str, Part], ...] = (
    ("KMS key", "a card with a tag: the logical key, its name, policy, state",
     _framed(Box(Gap(), least=FRAME, frame=partial(scene.tagged_card, name="alias/a")))),
    ("key material", "on the HSM's dark plate; plaintext key material never leaves it",
     sketch(50, lambda d, x, y: scene.plate(d, x - 38, y - 25, 76, 50, key=MATERIALS[0].fill))),
    ("data key, plaintext", "solid and orange: whoever holds it reads the data",
     sketch(FRAME, lambda d, x, y: scene.data_key(d, x - 15, y, 1.7))),
    ("data key, encrypted", "in a closed, hatched envelope; a KMS key sealed it", mark("envelope", 1.1)),
    ("data, plaintext", "a sheet with lines you can read", mark("sheet")),
    ("data, ciphertext", "a hatched sheet: unreadable", mark("cipher")),
    ("Region", "a dashed frame with its name",
     _framed(Box(Gap(), least=FRAME, frame=partial(scene.region, name="Region")))),
    ("account", "a solid frame with its name",
     _framed(Box(Gap(), least=FRAME, frame=partial(scene.account, name="account")))),
    ("your computer", "what is inside is yours to guard", sketch(FRAME, _laptop)),
    ("a call to KMS", "an arrow, the operation's name",
     sketch(FRAME, lambda d, x, y: d.arrow(x - 40, y, x + 42, y, above="Encrypt"))),
    ("allowed", "a green circle, tick, word", mark("allowed", 1.6)),
    ("denied", "a vermilion octagon, cross, word", mark("denied", 1.6)),
    ("could read it now", "an open eye", mark("sees", 1.5)),
    ("could not read it now", "a closed eye", mark("blind", 1.5)),
    ("was here, is gone", "a pale outline", mark("gone-sheet")),
    ("key materials 1, 2, 3, 4", "a number and a colour tie a ciphertext to its material",
     Row([_badge(at) for at in range(1, len(MATERIALS) + 1)])),
)  # fmt: skip
TIME = "Past: a solid line; now: a ruled line with the word; future: a dotted line."
PATH = "Steps: a filled disc is done, a ringed one is here, a dotted one is to come."


def legend() -> Picture:
    """Draw all marks with their meanings."""
    alt = " ".join(["The marks of every picture.", *(f"{name}: {looks}." for name, looks, _ in ROWS), TIME, PATH])
    wide = render(Drawing("legend", TITLE, alt, second=SECOND_LINE), _laid(columns=2))
    narrow = render(Drawing("legend-narrow", TITLE, alt, second=SECOND_LINE, width=NARROW), _laid(columns=1))
    rows = table(["stands for", "looks like"], [(name, looks) for name, looks, _ in ROWS])
    return Picture(TITLE, alt, wide, narrow, rows, facts=f"Legend: {len(ROWS)} marks, time and steps")


def _laid(columns: int) -> Column:
    marks = []
    for at, (name, looks, drawn) in enumerate(ROWS):
        words = Column([Text(name, SUBTITLE, 700), Text(looks, NOTE, fill=SECOND)])
        row = Box(Row([Middle(drawn), Middle(words)], [MARK, None], gap=12), 0, 4, 4, least=ROW)
        marks.append(row if at < columns else Column([rule(), row]))
    rows = [marks[at : at + columns] for at in range(0, len(marks), columns)]
    time, steps = (Text(word, SUBTITLE, 700) for word in ("time", "steps"))
    strip = Scene(56, _strip)
    return Column([grid(rows, gap=24, apart=0), rule(), time, Scene(FLAG, _time), rule(), steps, strip], gap=12)


def _time(d: Drawing, x: float, y: float, width: float) -> None:
    now, line, above = x + NOW * width, y + 12, y + 3
    d.line(x, line, now, line, thick=2.2)
    d.dotted(now + 6, line, x + width, line, stroke=INK, thick=2.4)
    scene.now_line(d, now, y - 4, y + FLAG)
    d.text(now - 30, above, "past: solid", NOTE, fill=SECOND, anchor="end")
    d.text(now + 30, above, "future: dotted", NOTE, fill=SECOND)


def _strip(d: Drawing, _x: float, y: float, _width: float) -> None:
    scene.step_strip(d, STEPS, 2, y + 17)
