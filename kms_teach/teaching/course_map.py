"""The map of the course: one question a chapter, and a path from the first to the exam."""

from collections import Counter
from collections.abc import Collection
from functools import partial
from itertools import pairwise

from kms_teach.drawing import scene
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Scene, Text, mark, render, sketch
from kms_teach.drawing.look import DOTTED, INK, KMS, MATERIALS, NARROW, NOTE, SECOND, SUBTITLE, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.teaching import as_of, progress
from kms_teach.teaching.catalog import CHAPTERS, Chapter
from kms_teach.teaching.progress import Progress
from kms_teach.teaching.record import Answered, Done

ROW = 84  # px: height of a chapter
DISC, MARK, WORDS = 30, 94, 24  # px: width of the number, of its mark's place, free room after the words
RING, AWAY = 14, 15  # px: radius of a number, where the path ends before it
FOOT, TURN, BEND = 40, 26, 8  # px: the path to the next column: below a number, left of it, radius of its bends
TOP = 4  # px below the second line
SMALL = 0.8  # of a sheet


def _pair(left: Scene, right: Scene | Middle, gap: float = 8) -> Row:
    return Row([left, right], gap=gap)


def _badge(number: int) -> Scene:
    return sketch(ROW / 2, partial(scene.material_badge, number=number))


def _sealed(name: str) -> Scene:
    """A sheet with a verdict at its lower right corner."""

    def draw(d: Drawing, x: float, y: float) -> None:
        d.use("sheet", x - 18, y - 22)
        d.use(name, x + 17, y + 15)

    return sketch(ROW / 2, draw)


def _inset(part: Part, room: float) -> Row:
    return Row([Gap(), part, Gap()], [None, room, None])


def _arrow(d: Drawing, x: float, y: float, width: float) -> None:
    d.arrow(x, y + 10, x + width, y + 10)


MARKS: dict[str, Part] = {  # room: what it is about
    "start": sketch(46, lambda d, x, y: scene.laptop(d, x - 28, y - 23, 56, 34, "")),
    "key": sketch(46, lambda d, x, y: scene.plate(d, x - 36, y - 23, 72, 46, key=MATERIALS[0].fill)),
    "encrypt": _pair(mark("sheet", SMALL, anchor="end"), mark("cipher", SMALL, anchor="start")),
    "envelope": mark("envelope"),
    "objects": _pair(mark("cipher", SMALL, anchor="end"), Middle(mark("envelope", 0.62, anchor="start"), 1)),
    "rotation": _inset(Row([_badge(number) for number in range(1, len(MATERIALS))]), 66),
    "aliases": _inset(Column([Gap(12), Box(Gap(), least=30, frame=partial(scene.tagged_card, name="a"))]), 80),
    "policies": _pair(mark("allowed", 1.3, anchor="end"), mark("denied", 1.3, anchor="start")),
    "grants": _inset(Row([sketch(20, lambda d, x, y: scene.data_key(d, x - 9, y)), Scene(20, _arrow)]), 68),
    "accounts": _inset(Box(mark("allowed", 0.9), above=11, below=7, frame=partial(scene.account, name="B")), 68),
    "signing": _sealed("allowed"),
    "lifecycle": mark("gone-key", 1.6),
    "watching": mark("sees", 1.6),
    "notes": _sealed("denied"),
    "repairs": _inset(Row([mark("denied", 1.1), Scene(20, _arrow), mark("allowed", 1.1)], gap=6), 78),
    "exam": mark("allowed", 2),
}


REPAIRS = Chapter("repairs", "repairs", "Repairs", "It worked yesterday. What broke?")
EXAM = Chapter("exam", "exam", "The exam", "Would I pass?")
STOPS = (*CHAPTERS, REPAIRS, EXAM)
DISCS = {REPAIRS: "!", EXAM: "?"}  # what stands in the disc of a stop without a number


ENOUGH = 3  # questions of a chapter that were answered right, for its tick


def finished(kept: Progress) -> frozenset[str]:
    """The rooms of the chapters that are done: enough questions right, and a task where there is one."""
    right = {(each.chapter, each.family) for each in kept.of(Answered) if each.right}
    tasks = {each.chapter for each in kept.of(Done)}
    counts = Counter(room for room, _ in right)
    return frozenset(room for room, count in counts.items() if count >= ENOUGH and room in tasks)


def course_map(notebooks: Collection[str], done: Collection[str] | None = None) -> Picture:
    """Draw the chapters; one without a notebook of its number among these file names is still to come.

    Where no second notebook is among them the folder is alone, not the course: Colab and others bring one file.
    Those of the rooms in `done` have a tick; without it, those that this learner has done.
    """
    done = finished(progress.mine()) if done is None else done
    ticked = [chapter.room in done for chapter in STOPS]
    here = [any(name.startswith(chapter.number) for name in notebooks) for chapter in STOPS]
    if sum(here) <= 1:
        here = [True] * len(STOPS)
    missing = len(STOPS) - sum(here)
    title = "One question a chapter, and every answer is run"
    second = f"From one key to the exam, {as_of.WORDS}; 15 to 25 minutes each"
    second += "; a dotted ring is still to come" if missing else ""
    states = [("done" if tick else "here") if there else "to come" for there, tick in zip(here, ticked, strict=True)]
    rows = [(c.number, c.name, c.question, state) for c, state in zip(STOPS, states, strict=True)]
    alt = " ".join(f"{number} {name}: {question} ({state})." for number, name, question, state in rows)
    data = table(("chapter", "name", "question", "state"), rows)
    facts = f"Map of the course: {len(CHAPTERS)} chapters, the repairs and the exam; {missing or 'none'} to come"
    wide = Drawing("map", title, alt, second=second, width=WIDE)
    narrow = Drawing("map-narrow", title, alt, second=second, width=NARROW)
    return Picture(title, alt, _draw(wide, here, ticked, 2), _draw(narrow, here, ticked, 1), data, facts)


def _draw(d: Drawing, here: list[bool], ticked: list[bool], columns: int) -> str:
    rows = -(-len(STOPS) // columns)
    stops = [_stop(*stop) for stop in zip(STOPS, here, ticked, strict=True)]
    parts = [Column(stops[at : at + rows]) for at in range(0, len(stops), rows)]
    laid = Row([Middle(part, 0) for part in parts])
    places = [
        (x + DISC / 2, y + high / 2)
        for part, (_, x, width) in zip(parts, laid.places(d.left, d.room), strict=True)
        for _, y, high in part.places(d.top + TOP, width)
    ]
    for at, (start, end) in enumerate(pairwise(places)):
        _way(d, *start, *end, walked=here[at] and here[at + 1])
    return render(d, laid, above=TOP, below=8)


def _way(d: Drawing, x1: float, y1: float, x2: float, y2: float, *, walked: bool) -> None:
    """The path from one disc to the next; to the next column it goes below and between them."""
    parts: tuple[str | float, ...] = ("M", x1, y1 + AWAY, "V", y2 - AWAY)
    if x1 != x2:
        foot, gap = y1 + FOOT, x2 - TURN
        down = ("M", x1, y1 + AWAY, "V", foot - BEND, "Q", x1, foot, x1 + BEND, foot)
        across = ("H", gap - BEND, "Q", gap, foot, gap, foot - BEND)
        up = ("V", y2 + BEND, "Q", gap, y2, gap + BEND, y2, "H", x2 - AWAY)
        parts = (*down, *across, *up)
    d.path(*parts, stroke=INK, thick=2 if walked else 2.4, dash=None if walked else DOTTED)


def _stop(chapter: Chapter, there: bool, done: bool) -> Box:
    number = sketch(2 * RING, partial(_number, DISCS.get(chapter, chapter.number), there))
    question = Text(chapter.question, SUBTITLE, 700, INK if there else SECOND, leading=18)
    words = Middle(Column([question, Text(chapter.name, NOTE, fill=SECOND)]))
    tick = Middle(mark("allowed")) if done and there else Gap()
    row = Row([Middle(number), Middle(MARKS[chapter.room]), words, tick], [DISC, MARK, None, WORDS])
    return Box(row, 0, 0, 0, least=ROW)


def _number(words: str, there: bool, d: Drawing, x: float, y: float) -> None:
    if there:
        scene.badge(d, x, y, words, fill=KMS.text, r=RING)
    else:
        d.circle(x, y, RING, stroke=SECOND, thick=1.8, dash=DOTTED)
        d.text(x, y + 4.7, words, weight=700, fill=SECOND, anchor="middle")
