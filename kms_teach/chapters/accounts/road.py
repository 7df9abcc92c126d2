"""The road of a call through its gates: a part of a layout, from left to right or, on a phone, from top to bottom."""

from collections.abc import Iterator
from itertools import groupby

from msgspec import Struct

from kms_teach.access.reasons import Stage
from kms_teach.chapters.accounts.gate_facts import Gate, Gates, State
from kms_teach.drawing import scene
from kms_teach.drawing.layout import Part
from kms_teach.drawing.lettering import shorten
from kms_teach.drawing.lettering import width as width_of
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, INK, LAB, LINE, NOTE, RULE, SECOND, WASH, WIDE
from kms_teach.drawing.svg import Drawing

GATE_NAMES: dict[Stage, tuple[str, ...]] = {  # the last line is the short name
    Stage.RCP: ("RCP",),
    Stage.SCP: ("SCP",),
    Stage.ENDPOINT: ("VPC", "endpoint"),
    Stage.RESOURCE: ("key policy", "or grant"),
    Stage.PRINCIPAL: ("IAM", "policy"),
    Stage.BOUNDARY: ("permissions", "boundary"),
    Stage.SESSION: ("session", "policy"),
}
SHORT = {Stage.RESOURCE: "key", Stage.PRINCIPAL: "IAM", Stage.SESSION: "session"}
SAYS = {State.OPEN: ("open",), State.CLOSED: ("closed",), State.ROUND: ("gone", "round"), State.UNREAD: ("not read",)}
FOLLOWS = {State.OPEN: "yet open", State.CLOSED: "yet closed"}  # of one that was not read
POST = 7  # px of width
BADGE = 10  # px, radius
CLEAR = 22  # px from a gate that stops the call to its path
STEP = 14  # px from line to line
ASIDE = 64  # px beside the words: a gate of a road from top to bottom
BEHIND = 42  # px behind the last gate: what came of it


class Measures(Struct, frozen=True):
    """px on one canvas: before the first gate, from gate to gate; from the top to each thing; half the road; a leaf."""

    before: float
    pitch: float
    names: float
    badge: float
    road: float
    half: float
    leaf: float
    height: float


MEASURES = {
    WIDE: Measures(80, 90, 44, 80, 140, 26, 40, 224),
    LAB: Measures(70, 60, 43, 58, 97, 18, 26, 170),
}


class Road(Struct, frozen=True):
    """The gates in a row, and the call on its way as far as it comes."""

    facts: Gates
    canvas: int

    def height(self, width: float) -> float:
        return MEASURES[self.canvas].height

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        m, facts = MEASURES[self.canvas], self.facts
        way, end = y + m.road, x + width - BEHIND / 2
        places = [x + m.before + m.pitch * at for at in range(len(facts.gates))]
        d.rect(x, way - m.half, width, 2 * m.half, fill=WASH)
        for name, first, last in self._owners():
            self._bracket(d, name, places[first] - m.pitch * 0.42, places[last] + m.pitch * 0.42, y)
        room = m.before - m.half - 4
        d.text(x + 4, way - 7, shorten(facts.caller, room, NOTE, bold=True), NOTE, weight=700)
        if width_of(facts.operation, NOTE) <= room:  # a longer one stands in the second line alone
            d.text(x + 4, way + 16, facts.operation, NOTE, fill=SECOND)
        self._way(d, x, places, way, end - 20)
        for place, number, gate in zip(places, range(1, len(places) + 1), facts.gates, strict=True):
            self._gate(d, place, y, number, gate)
        d.use("allowed" if facts.allowed else "denied", end, way, 1.5)
        tone = ALLOWED if facts.allowed else DENIED
        words = "allowed" if facts.allowed else "refused"
        d.text(x + width, way - m.half - 6, words, NOTE, weight=700, fill=tone.text, anchor="end")

    def _owners(self) -> Iterator[tuple[str, int, int]]:
        """Whose documents the gates are, each with its first and its last gate."""
        wide, at_home = self.canvas == WIDE, self.facts.at_home
        organization = "the organization" if at_home else "two organizations"
        yield organization if wide else organization.removeprefix("the "), 0, 1
        yield "the network" if wide else "network", 2, 2
        yield "the key" if wide else "key", 3, 3
        yield self.facts.caller, 4, 6

    def _bracket(self, d: Drawing, name: str, left: float, right: float, y: float) -> None:
        d.text((left + right) / 2, y + 11, name, NOTE, fill=SECOND, anchor="middle")
        d.path("M", left, y + 25, "V", y + 19, "H", right, "V", y + 25, stroke=LINE)

    def _way(self, d: Drawing, x: float, places: list[float], way: float, end: float) -> None:
        """The call's path: as far as the first closed gate, and round those that it need not pass."""
        m, gates = MEASURES[self.canvas], self.facts.gates
        shut = next((place for place, gate in zip(places, gates, strict=True) if gate.stops), None)
        reaches = end if shut is None else shut - CLEAR
        if shut is not None:
            d.line(shut + CLEAR, way, end, way, stroke=LINE)
        at = x + 4.0
        path: list[str | float] = ["M", at, way]
        for round_, run in groupby(zip(places, gates, strict=True), lambda each: each[1].state is State.ROUND):
            if not round_:
                continue
            run_places = [place for place, _ in run]
            left, right = run_places[0] - m.pitch * 0.5, run_places[-1] + m.pitch * 0.5
            if left >= reaches:
                break
            low = way + m.half + 52
            path += ["H", left - 4, "Q", left + 6, way, left + 6, way + 10, "V", low - 8, "Q", left + 6, low, left + 14,
                     low, "H", right - 14, "Q", right - 6, low, right - 6, low - 8, "V", way + 10,
                     "Q", right - 6, way, right + 4, way]  # fmt: skip
            at = right + 4
        d.path(*path, "H", max(reaches, at), thick=2.5, head="arrow-ink")

    def _gate(self, d: Drawing, x: float, y: float, number: int, gate: Gate) -> None:
        m, wide = MEASURES[self.canvas], self.canvas == WIDE
        names = GATE_NAMES[gate.stage] if wide else (SHORT.get(gate.stage, GATE_NAMES[gate.stage][-1]),)
        first = y + m.names + (STEP if wide and len(names) == 1 else 0)
        d.text(x, first, names, NOTE, weight=700 if wide else 400, anchor="middle", step=STEP)
        way, tone = y + m.road, DENIED if gate.suspect and not self.facts.allowed else None
        for top, bottom in ((y + m.badge, way - m.half), (way + m.half, way + m.half + 14)):
            d.line(x, top, x, bottom, thick=POST)
        scene.badge(d, x, y + m.badge, str(number), fill=tone.text if tone else INK, r=BADGE)
        leaf(d, x, way, m.half, m.leaf, gate.state)
        words = [*SAYS[gate.state], *([FOLLOWS[gate.follows]] if gate.follows and wide else [])]
        shade, bold = (tone.text, 700) if tone else (INK, 400)
        d.text(x, way + m.half + 29, words, NOTE, weight=bold, fill=shade, anchor="middle", step=STEP)


def leaf(d: Drawing, x: float, way: float, half: float, long: float, state: State, *, upright: bool = True) -> None:
    """What fills a gate's gap: a leaf swung open, a bar, a pale bar, a question mark."""

    def line(a: float, b: float, c: float, e: float, tone: str) -> None:
        ends = (x + a, way + b, x + c, way + e) if upright else (x + b, way + a, x + e, way + c)
        d.path("M", *ends[:2], "L", *ends[2:], stroke=tone, thick=6)

    if state is State.OPEN:
        line(0, -half, long, 9 - half, ALLOWED.mark)
    elif state is State.UNREAD:
        d.circle(x, way, min(half - 4, 18), fill=DENIED.wash, stroke=DENIED.mark, thick=2.5)
        d.text(x, way + 5.5, "?", HEADING, weight=700, fill=DENIED.text, anchor="middle")
    else:
        line(0, -half, 0, half, DENIED.mark if state is State.CLOSED else RULE)
        if state is State.CLOSED:
            d.use("denied", x, way, 1.2)


class Upright(Struct, frozen=True):
    """One gate of a road from top to bottom, with words beside it. comes, leaves: whether the call does."""

    gate: Gate
    words: Part
    comes: bool
    leaves: bool

    def height(self, width: float) -> float:
        return self.words.height(width - ASIDE)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        high, half = max(self.height(width), tall), ASIDE / 2 - 8
        way, middle = x + half, y + high / 2
        d.rect(way - half + POST, y, 2 * (half - POST), high, fill=WASH)
        round_ = self.gate.state is State.ROUND
        for shown, top, bottom in ((self.comes, y, middle), (self.leaves, middle, y + high)):
            if not round_:
                d.line(way, top, way, bottom, stroke=INK if shown else LINE, thick=2.5 if shown else 1.5)
        if round_:
            far = way + half - 2
            tone = INK if self.comes else LINE
            d.path(
                "M", way, y, "V", y + 8, "L", far, middle - 8, "V", middle + 8, "L", way, y + high - 8, "V", y + high,
                stroke=tone, thick=2.5,
            )  # fmt: skip
        for side in (-half + POST / 2, half - POST / 2):
            d.line(way + side - POST / 2, middle, way + side + POST / 2, middle, thick=POST)
        leaf(d, way, middle, half - POST, 16, self.gate.state, upright=False)
        self.words.draw(d, x + ASIDE, y, width - ASIDE, high)
