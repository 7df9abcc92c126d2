"""How a call opened is drawn: the scene, the path of the decision, what the trail tells.

The wide and the narrow card are made of the same parts.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from msgspec import Struct

from kms_teach.access.decision import Decision, Step
from kms_teach.drawing import scene
from kms_teach.drawing.answers import eye, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Scene, Text, grid, mark, render, rule, sketch
from kms_teach.drawing.lettering import width, wrap
from kms_teach.drawing.look import (
    ALLOWED,
    DENIED,
    HEADING,
    INK,
    LAB,
    LABEL,
    LINE,
    NARROW,
    NOTE,
    SECOND,
    WASH,
    WIDE,
    Tone,
    size,
)
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.opened_facts import IDLE, MEANING, Bytes, KeyInCall, Opened, asks, path

CALL, WHO_MAY, TRAIL_SAYS = "the call", "who may", "the trail"  # the parts that a lab shows one at a time
PLAIN = Tone(LINE, INK, WASH)
NO_KEY, NOT_REACHED = "no KMS key took part", "no KMS key was reached"
SCREEN, REGION = {WIDE: 188, LAB: 144}, {WIDE: 222, LAB: 178}  # px of width: your computer, the keys of the call
FOOT, STAND = 10, 16  # px of a computer's foot: beyond both sides, below
ITEM = 34  # px of height: one member that travels
SCALES = {"sheet": 0.74, "cipher": 0.74, "envelope": 0.66, "key": 1.05}  # of their marks
PLATE, PLATE_WIDTH = 52, 140  # px
ARROW, FURTHER = 22, 15  # px of height, with a line of words above it; of each further line
STEP, AROUND = 18, 5  # px: from line to line of a decision's step, around a step
PATH, DISC, PASSED = 20, 13, 14  # px: from the edge to the path, radius of a number, beside the path
NUMBERS, ANSWER, OUTCOME = 46, 34, 104  # px of width
ASKED = {WIDE: 264, LAB: 204}
HIGH = 500  # px: of the picture beside a lab's controls, where most calls fit in
TRAIL = 420  # px of width: what the trail says


def draw(facts: Opened, title: str, alt: str, canvas: int, part: str = "") -> str:
    """Draw the card; beside a lab's controls one `part` of it."""
    lab = canvas == LAB
    prefix = "opened-narrow" if canvas == NARROW else "opened"
    d = Drawing(prefix, title, alt, second=facts.second, width=canvas, lines=2 if lab else 1)
    refused: list[Part] = (
        [refusal(facts.code, facts.message, "Denied" if facts.denied else "Refused")] if facts.code else []
    )
    decisions: list[Part] = [_decision(facts, decision, canvas) for decision in facts.decisions]
    nobody: list[Part] = [Text("Nobody was asked who may.", fill=SECOND)]
    shown: dict[str, list[Part]] = {
        CALL: [_scene(facts, canvas), *refused],
        WHO_MAY: decisions or nobody,
        TRAIL_SAYS: [_trail(facts, wide=canvas == WIDE)],
        "": [_scene(facts, canvas), *decisions, *refused, _trail(facts, wide=canvas == WIDE)],
    }
    return render(d, Column(shown[part], gap=16), above=6 if lab else 12, least=HIGH if lab else 0)


def _scene(facts: Opened, canvas: int) -> Part:
    if not facts.caller:
        return _kms(facts)
    sent = _travel(facts.operation, facts.sent, to_kms=True, close=canvas == LAB)
    returned = _travel(facts.code or "answer", facts.returned, to_kms=False, close=canvas == LAB)
    if canvas != NARROW:
        widths = [SCREEN[canvas], None, REGION[canvas]]
        travels = Middle(Column([sent, returned], gap=8), 0)  # at the top, however high the keys are
        return Row([_caller(facts, canvas), travels, _kms(facts, "KMS" if canvas == LAB else "AWS KMS")], widths, gap=8)
    return Column([_caller(facts, canvas), sent, _kms(facts), returned], gap=20)


def _caller(facts: Opened, canvas: int) -> Box:
    def laptop(d: Drawing, x: float, y: float, w: float, h: float) -> None:
        scene.laptop(d, x + FOOT, y, w - 2 * FOOT, h - STAND, "")

    close = canvas == LAB
    person = Text(facts.person, LABEL if close else HEADING, 700)
    who = [person, Text(facts.arn, NOTE, fill=SECOND, mono=True)]
    return Box(Column(who, gap=2), sides=16 if close else 24, above=14, below=12 + STAND, frame=laptop)


def _travel(words: str, items: Sequence[Bytes], *, to_kms: bool, close: bool) -> Column:
    """An arrow with what travels along it."""
    nothing = Text("no bytes", NOTE, fill=SECOND, anchor="middle", leading=ITEM)
    return Column(
        [Arrow(words, to_kms), *(_item(item, close=close) for item in items), *([] if items else [nothing])], gap=8
    )


class Arrow(Struct, frozen=True):
    """An arrow as wide as its place, with words above it that stay between its ends; a part of a layout."""

    words: str
    to_kms: bool

    def height(self, width: float) -> float:
        return ARROW + FURTHER * (len(wrap(self.words, width, NOTE)) - 1)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        ends = (x, x + width) if self.to_kms else (x + width, x)
        at = y + self.height(width)
        d.arrow(ends[0], at, ends[1], at, above=wrap(self.words, width, NOTE))


def _item(item: Bytes, *, close: bool) -> Row:
    scale = SCALES[item.mark]
    shown = mark(item.mark, scale)
    if item.mark == "key":
        shown = sketch(ITEM, lambda d, x, y: scene.data_key(d, x - 9, y, scale))
    words = [Text(item.member, weight=650), Text(f"{size(item.count)}, {MEANING[item.mark]}", NOTE, fill=SECOND)]
    if close:
        words[0] = Text(item.member, NOTE, 650)
        return Row([Middle(shown), Column(words)], [36, None], gap=6)
    return Row([Gap(), Middle(shown), Column(words)], [4, 40, None], gap=8)


def _kms(facts: Opened, service: str = "AWS KMS") -> Box:
    """The Region with the keys of the call in it."""
    none = Text(NOT_REACHED if facts.code else NO_KEY, fill=SECOND, anchor="middle")
    keys = Column([_key(key) for key in facts.keys], gap=26) if facts.keys else Middle(none)
    region = partial(scene.region, name=f"{service}, {facts.region}")
    return Box(keys, sides=12, above=36 if facts.keys else 12, least=60, frame=region)


def _key(key: KeyInCall) -> Box:
    def plate(number: int | None, d: Drawing, x: float, y: float) -> None:
        scene.plate(d, x - PLATE_WIDTH / 2, y - PLATE / 2, PLATE_WIDTH, PLATE)
        if number is not None:
            scene.material_key(d, x - 4, y, number)

    works: list[Part] = []
    for work in key.works or (None,):
        words = Text(work.words if work else IDLE, NOTE, anchor="middle")
        works.append(Column([sketch(PLATE, partial(plate, work.number if work else None)), words], gap=4))
    owner = f"of account {key.account}" if key.account else ""
    works.append(Text(owner, NOTE, fill=SECOND, anchor="middle"))
    frame = partial(scene.tagged_card, name=key.name)
    return Box(Column(works, gap=4), sides=4, above=22, below=8, frame=frame)


def _decision(facts: Opened, decision: Decision, canvas: int) -> Column:
    """The steps up to the one that decided, as a path."""
    tone = DENIED if not decision.allowed else PLAIN if facts.code else ALLOWED  # one accent: where it went wrong
    heading = Row([Text(asks(facts, decision), HEADING, 700), outcome(decision.allowed)], [None, OUTCOME], gap=12)
    return Column([rule(), heading, Steps(tuple(path(decision)), tone, canvas)], gap=8 if canvas == LAB else 12)


class Steps(Struct, frozen=True):
    """Numbered steps, and the line from the first to the last one that counts; a part of a layout."""

    steps: Sequence[tuple[int, Step]]
    tone: Tone
    canvas: int

    @property
    def _laid(self) -> Column:
        return Column([self._step(number, step) for number, step in self.steps], gap=2)

    def height(self, width: float) -> float:
        return self._laid.height(width)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        self._laid.draw(d, x, y, width)
        placed = zip(self._laid.places(y, width), self.steps, strict=True)
        middles = [top + AROUND + STEP / 2 for (_, top, _), (_, step) in placed if step.counts]
        for above, below in pairwise(middles):
            d.line(x + PATH, above + DISC, x + PATH, below - DISC, thick=2.5)

    def _step(self, number: int, step: Step) -> Box:
        """One question with its answer and what was read."""
        weight, ink = (650, INK) if step.counts else (400, SECOND)
        inside = 0 if step.counts else PASSED
        asked = Text(step.question, weight=weight, fill=ink, leading=STEP)
        answer = Text("yes" if step.answer else "no", weight=700, fill=self.tone.text if step.decided else ink,
                      anchor="end", leading=STEP)  # fmt: skip
        read = Text(f"{step.read}{'' if step.counts else '; it does not count here'}", NOTE, fill=SECOND, leading=STEP)
        decided = Text("This step decided." if step.decided else "", NOTE, 700, self.tone.text, leading=STEP)
        badge = Scene(STEP, lambda d, x, y, _: self._badge(d, number, step, x + PATH, y + STEP / 2))
        first: list[Part] = [badge, asked, answer]
        told = Column([read, decided])
        widths = [NUMBERS + inside, ASKED.get(self.canvas, 0) - inside, ANSWER]
        if self.canvas != NARROW:
            laid: Part = Row([*first, Gap(), told], [*widths, 24, None])
        else:
            laid = Column([Row(first, [widths[0], None, ANSWER]), Row([Gap(), told], [widths[0], None])])
        fill, stroke = (self.tone.wash, self.tone.mark) if step.decided else ("none", None)
        return Box(Row([laid, Gap()], [None, 12]), 0, AROUND, AROUND, fill=fill, stroke=stroke)

    def _badge(self, d: Drawing, number: int, step: Step, x: float, y: float) -> None:
        if step.counts:
            scene.badge(d, x, y, str(number), fill=self.tone.text if step.decided else INK)
        else:
            scene.passed_by(d, x + PASSED, y, str(number))


def _trail(facts: Opened, *, wide: bool) -> Column:
    """What the trail tells beside what it does not."""
    names = max(width(name, NOTE) for name, _ in facts.says)
    rows = [[Text(name, NOTE, fill=SECOND), Text(value, NOTE, mono=True)] for name, value in facts.says]
    says = Column([eye(True, "What the trail says"), grid(rows, [names, None], gap=12, apart=2)], gap=8)
    silent = Column([Text(words, NOTE) for words in facts.silent], gap=2)
    never = Column([eye(False, "What it never says"), silent], gap=8)
    return Column([rule(), Row([says, never], [TRAIL, None], gap=24) if wide else Column([says, never], 16)], gap=12)
