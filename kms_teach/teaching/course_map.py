"""The map of the course: one question a chapter, and a path from the first to the exam."""

from collections.abc import Callable, Collection
from itertools import pairwise

from kms_teach.drawing import scene
from kms_teach.drawing.lettering import wrap
from kms_teach.drawing.look import DOTTED, INK, KMS, MATERIALS, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.teaching.catalog import CHAPTERS, Chapter

ROW = 84  # height of a chapter


def _badges(d: Drawing, x: float, y: float) -> None:
    for number in range(1, len(MATERIALS)):
        scene.material_badge(d, x - 44 + 22 * number, y, number)


def _verdicts(d: Drawing, x: float, y: float) -> None:
    d.use("allowed", x - 14, y, 1.3)
    d.use("denied", x + 16, y, 1.3)


def _before_and_after(d: Drawing, x: float, y: float) -> None:
    d.use("sheet", x - 33, y - 18, 0.8)
    d.use("cipher", x + 5, y - 18, 0.8)


def _object(d: Drawing, x: float, y: float) -> None:
    d.use("cipher", x - 36, y - 18, 0.8)
    d.use("envelope", x - 2, y - 8, 0.62)


def _passed_on(d: Drawing, x: float, y: float) -> None:
    scene.data_key(d, x - 34, y, 1.1)
    d.arrow(x - 8, y, x + 26, y)


def _guest(d: Drawing, x: float, y: float) -> None:
    scene.account(d, x - 34, y - 16, 68, 34, "B")
    d.use("allowed", x, y + 3, 0.9)


def _verified(d: Drawing, x: float, y: float) -> None:
    d.use("sheet", x - 18, y - 22, 0.95)
    d.use("allowed", x + 17, y + 15, 0.95)


def _doubted(d: Drawing, x: float, y: float) -> None:
    d.use("sheet", x - 18, y - 22, 0.95)
    d.use("denied", x + 17, y + 15, 0.95)


Mark = Callable[[Drawing, float, float], None]
MARKS: dict[str, Mark] = {  # room: what it is about, drawn around a point
    "start": lambda d, x, y: scene.laptop(d, x - 28, y - 23, 56, 34, ""),
    "key": lambda d, x, y: scene.plate(d, x - 36, y - 23, 72, 46, key=MATERIALS[0].fill),
    "encrypt": _before_and_after,
    "envelope": lambda d, x, y: d.use("envelope", x - 30, y - 20),
    "objects": _object,
    "rotation": _badges,
    "aliases": lambda d, x, y: scene.tagged_card(d, x - 40, y - 8, 80, 30, "a"),
    "policies": _verdicts,
    "grants": _passed_on,
    "accounts": _guest,
    "signing": _verified,
    "lifecycle": lambda d, x, y: scene.gone(d, "key", x - 14, y, 1.6),
    "watching": lambda d, x, y: d.use("sees", x, y, 1.6),
    "notes": _doubted,
    "exam": lambda d, x, y: d.use("allowed", x, y, 2),
}
EXAM = Chapter("exam", "exam", "The exam", "Would I pass?")
STOPS = (*CHAPTERS, EXAM)


def course_map(notebooks: Collection[str]) -> Picture:
    """Draw the chapters; one without a notebook of its number among these file names is still to come."""
    here = [any(name.startswith(chapter.number) for name in notebooks) for chapter in STOPS]
    missing = len(STOPS) - sum(here)
    title = "One question a chapter, and every answer is run"
    second = "From one key to the exam; 15 to 25 minutes a chapter"
    second += "; a dotted ring is still to come" if missing else ""
    states = ["here" if there else "to come" for there in here]
    rows = [(c.number, c.name, c.question, state) for c, state in zip(STOPS, states, strict=True)]
    alt = " ".join(f"{number} {name}: {question} ({state})." for number, name, question, state in rows)
    data = table(("chapter", "name", "question", "state"), rows)
    facts = f"Map of the course: {len(CHAPTERS)} chapters and the exam; {missing or 'none'} to come"
    wide = Drawing("map", title, alt, second=second, width=WIDE)
    narrow = Drawing("map-narrow", title, alt, second=second, width=NARROW)
    return Picture(title, alt, _draw(wide, here, columns=2), _draw(narrow, here, columns=1), data, facts)


def _draw(d: Drawing, here: list[bool], columns: int) -> str:
    rows = -(-len(STOPS) // columns)
    column = d.room / columns
    places = [(d.left + 15 + column * (at // rows), d.top + 46 + ROW * (at % rows)) for at in range(len(STOPS))]
    for at, ((x1, y1), (x2, y2)) in enumerate(pairwise(places)):
        _way(d, x1, y1, x2, y2, walked=here[at] and here[at + 1])
    for chapter, there, (x, y) in zip(STOPS, here, places, strict=True):
        _chapter(d, chapter, there, x, y, column)
    d.height = d.top + 46 + ROW * (rows - 1) + 54
    return d.svg()


def _way(d: Drawing, x1: float, y1: float, x2: float, y2: float, *, walked: bool) -> None:
    """The path from one disc to the next; to the next column it goes below and between them."""
    parts: tuple[str | float, ...] = ("M", x1, y1 + 15, "V", y2 - 15)
    if x1 != x2:
        foot, gap = y1 + 40, x2 - 26
        down = ("M", x1, y1 + 15, "V", foot - 8, "Q", x1, foot, x1 + 8, foot)
        across = ("H", gap - 8, "Q", gap, foot, gap, foot - 8)
        up = ("V", y2 + 8, "Q", gap, y2, gap + 8, y2, "H", x2 - 15)
        parts = (*down, *across, *up)
    d.path(*parts, stroke=INK, thick=2 if walked else 2.4, dash=None if walked else DOTTED)


def _chapter(d: Drawing, chapter: Chapter, there: bool, x: float, y: float, column: float) -> None:
    label = "?" if chapter is EXAM else chapter.number
    if there:
        scene.badge(d, x, y, label, fill=KMS.text, r=14)
    else:
        d.circle(x, y, 14, stroke=SECOND, thick=1.8, dash=DOTTED)
        d.text(x, y + 4.7, label, weight=700, fill=SECOND, anchor="middle")
    MARKS[chapter.room](d, x + 62, y)
    room = column - 150
    question = wrap(chapter.question, room, 14, bold=True)
    name = wrap(chapter.name, room, NOTE)
    top = y - 9 * (len(question) + len(name) - 1) + 5
    below = d.text(x + 112, top, question, 14, weight=700, fill=INK if there else SECOND, step=18)
    d.text(x + 112, below, name, NOTE, fill=SECOND, step=16)
