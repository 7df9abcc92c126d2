"""The door between two accounts: each has a gate, and a call comes as far as the first one that is shut."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.drawing import scene
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Text, sketch
from kms_teach.drawing.look import ALLOWED, CARD, DENIED, HEADING, LAB, LABEL, NARROW, WIDE, material
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.cross_account import TwoKeys

SCREEN, CALLER = (84, 46), 104  # px: the caller's computer, and its width at the foot
KEY, PLATE = (124, 74), (60, 44)  # px: the KMS key's card, the HSM's boundary on it
SIDES = 20  # px from an account's frame to what is in it
BELOW = 36  # px between the accounts, one below the other
CLEAR = 10  # px from an arrow to what it points at, and from a path to words beside it

OPENING, POST, BAR = (10, 48), (14, 6), (8, 48)  # px across and along the frame: a gate's gap, a post, what shuts it
TICK = 39  # px from a gate's middle to its tick
STOP = 16  # px before a gate that is shut


class Room(Struct, frozen=True):
    """Measures of a canvas, px: height for the caller or the key, between the accounts, in a frame above and below."""

    place: int
    beside: int
    above: int
    below: int


ROOMS = {WIDE: Room(98, 96, 24, 18), LAB: Room(84, 64, 18, 8), NARROW: Room(98, 0, 24, 18)}
Gates = Sequence[tuple[float, bool]]  # where on the path, and whether it is open


class Door(Struct, frozen=True):
    """The last call on its way from the caller's account to the key's; a part of a layout."""

    facts: TwoKeys
    canvas: int

    @property
    def _room(self) -> Room:
        return ROOMS[self.canvas]

    @property
    def _opens(self) -> tuple[bool, bool]:
        return self.facts.last.iam, self.facts.last.admits != "nobody"

    @property
    def _accounts(self) -> tuple[Box, Box]:
        last, (mine, theirs) = self.facts.last, self._opens
        room = self._room
        caller, key = sketch(room.place, partial(_caller, name=last.who)), sketch(room.place, _key)
        iam = _policy(f"{last.who}'s IAM policy", last.iam_policy, opens=mine)
        policy = _policy("the key's policy", last.key_policy, opens=theirs)
        if self.canvas != NARROW:
            home = Column([Row([caller, Gap()], [CALLER, None]), iam], gap=4)
            away = Column([Row([Gap(), key], [None, KEY[0]]), policy], gap=4)
            inside = partial(_account, above=room.above, below=room.below)
            return inside(last.account, home), inside(self.facts.owner, away)
        beside = Row([policy, Gap()], [None, KEY[0] / 2 + CLEAR])
        below = Column([beside, Row([Gap(), key], [None, KEY[0]])], gap=8)
        within = Row([Middle(iam), caller], [None, KEY[0]])
        return _account(last.account, within, above=0), _account(self.facts.owner, below, above=24, below=4)

    @property
    def _laid(self) -> Row | Column:
        home, away = self._accounts
        if self.canvas == NARROW:
            return Column([home, away], BELOW)
        return Row([home, Gap(), away], [None, self._room.beside, None])

    def height(self, width: float) -> float:
        return self._laid.height(width)

    def draw(self, d: Drawing, x: float, y: float, width: float, tall: float = 0) -> None:
        laid, place = self._laid, self._room.place
        laid.draw(d, x, y, width)
        if isinstance(laid, Row):
            (home, left, across), _, (_, right, _) = laid.places(x, width)
            assert isinstance(home, Box)
            start, end = left + SIDES + CALLER, x + width - SIDES - KEY[0] - CLEAR
            way, edges = y + home.above + place / 2, (left + across, right)
        else:
            (_, top, high), (away, below, deep) = laid.places(y, width)
            assert isinstance(away, Box)
            start, end = top + place - CLEAR, below + deep - away.below - place - CLEAR
            way, edges = x + width - SIDES - KEY[0] / 2, (top + high, below)
        _path(d, way, start, end, tuple(zip(edges, self._opens, strict=True)), upright=self.canvas != NARROW)


def _account(number: str, inside: Part, *, above: float, below: float = 18) -> Box:
    return Box(inside, SIDES, above, below, frame=partial(scene.account, name=f"account {number}"))


def _policy(name: str, words: str, *, opens: bool) -> Column:
    return Column([Text(name, weight=700), outcome(opens, words, LABEL)], gap=8)


def _caller(d: Drawing, x: float, y: float, name: str) -> None:
    w, h = SCREEN
    scene.laptop(d, x - w / 2, y - h / 2, w, h, "")
    d.text(x, y + HEADING / 3, name, HEADING, weight=700, anchor="middle")


def _key(d: Drawing, x: float, y: float) -> None:
    (w, h), (across, high) = KEY, PLATE
    scene.tagged_card(d, x - w / 2, y - h / 2, w, h, "KMS key")
    scene.plate(d, x - across / 2, y + CLEAR / 2 - high / 2, across, high, key=material(1).fill)


def _path(d: Drawing, way: float, start: float, end: float, gates: Gates, *, upright: bool) -> None:
    """The call's path through the gates, as far as it comes; gates stand upright when it runs from left to right."""
    shut = next((at for at, opens in gates if not opens), None)
    for at, opens in gates:
        _gate(d, way, at, opens, upright=upright)
    last = end if shut is None else shut - STOP
    ends = (start, way, last, way) if upright else (way, start, way, last)
    d.path("M", *ends[:2], "L", *ends[2:], thick=2.5, head="arrow-ink")


def _gate(d: Drawing, way: float, at: float, opens: bool, *, upright: bool) -> None:
    """A gap in an account's frame: two posts, and a bar across it when it is shut."""
    x, y = (at, way) if upright else (way, at)
    tone, half = ALLOWED if opens else DENIED, OPENING[1] / 2
    bar = partial(_bar, d, upright=upright)
    bar(x, y, OPENING, CARD)
    for side in (-half, half):
        post = (x, y + side) if upright else (x + side, y)
        bar(*post, POST, tone.text, r=2)
    if opens:
        d.use("allowed", *((x, y - TICK) if upright else (x + TICK, y)))
    else:
        bar(x, y, BAR, tone.mark, r=2)
        d.use("denied", x, y, 1.2)


def _bar(
    d: Drawing, x: float, y: float, measures: tuple[float, float], fill: str, *, upright: bool, r: float = 0
) -> None:
    w, h = measures if upright else reversed(measures)
    d.rect(x - w / 2, y - h / 2, w, h, r, fill=fill)
