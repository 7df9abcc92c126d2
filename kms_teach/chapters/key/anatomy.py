"""A KMS key in two parts: the logical key in your account, and its key material in the HSM."""

from functools import partial

from kms_teach.chapters.key.facts import KeyFacts, Request
from kms_teach.drawing import scene
from kms_teach.drawing.answers import eye, framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Scene, Text, grid, mark, render, sketch
from kms_teach.drawing.look import ALLOWED, HEADING, LAB, NARROW, NOTE, SECOND, WHITE, WIDE, size
from kms_teach.drawing.marks import EXTENTS
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.opened_facts import MEANING, Bytes

ACCOUNT = {WIDE: 366, LAB: 300}  # px of width: the account with its logical key
NAMES = {WIDE: 104, LAB: 84, NARROW: 104}  # px: of the fields' names
PLATE = {WIDE: 92, LAB: 74, NARROW: 92}  # px of height
ANSWER = {WIDE: 88, LAB: 104, NARROW: 150}  # px of height, for every answer
HIGH = 496  # px: beside a lab's controls, in every state
NOT_ASKED = "Nobody has asked for the key yet."


def anatomy(facts: KeyFacts, *, canvas: int = WIDE) -> Picture:
    """Draw the logical key in its account, the material in the HSM, and what came of asking for it."""
    second = f"A key of {facts.region}: what you can see, and what nobody can"
    held = ", ".join(f"{name} {value}" for name, value in facts.rows)
    looked = f"Inside, a look that AWS gives nobody: {facts.secret}, in plaintext" if facts.opened else "It is closed"
    rest = f"; stored sealed, {size(facts.sealed)}, unreadable outside an HSM" if facts.sealed else ""
    asked = facts.asked
    told = f" Asked for the key: {asked.told} {asked.message}".rstrip() if asked else ""
    alt = (
        f"In the Region {facts.region}: account {facts.account} with the logical key {facts.name}: {held}. Beside the "
        f"account, not in it, the HSM with the key material. {looked}{rest}.{told}"
    )
    drawings = [
        Drawing(name, facts.title, alt, second=second, width=width, lines=2 if width == NARROW else 1)
        for name, width in (("anatomy", canvas), ("anatomy-narrow", NARROW))
    ]
    wide, narrow = (render(d, _laid(facts, d.width), least=HIGH if d.width == LAB else 0) for d in drawings)
    data = table(["what", "where", "value"], [
        *((name, "in your account", value) for name, value in facts.rows),
        ("key material", "in the HSM", f"{facts.secret}, never given out"),
    ])  # fmt: skip
    ended = asked.told if asked else NOT_ASKED
    line = f"Key of {facts.region}, {facts.spec}, {facts.usage}, HSM {'open' if facts.opened else 'closed'}: {ended}"
    return Picture(facts.title, alt, wide, narrow, data, line)


def _laid(facts: KeyFacts, canvas: int) -> Column:
    inside: list[Part] = [_account(facts, canvas), _hsm(facts, canvas)]
    parts: Part = Row(inside, [ACCOUNT[canvas], None], gap=20) if canvas != NARROW else Column(inside, gap=20)
    region = Box(parts, sides=14, above=24, below=14, frame=partial(scene.region, name=f"AWS KMS, {facts.region}"))
    asked = [] if facts.asked is None and canvas != LAB else [_asked(facts.asked, canvas)]
    return Column([Gap(2), region, *asked], gap=14)


def _account(facts: KeyFacts, canvas: int) -> Box:
    """The account's frame, and in it the card of the logical key."""
    rows = [[Text(name, NOTE, fill=SECOND), Text(value, NOTE, mono=True)] for name, value in facts.rows]
    rows = rows[:-1] if canvas == LAB else rows  # there is little room
    listed = grid(rows, [NAMES[canvas], None], gap=8, apart=4)
    key = Box(listed, sides=12, above=22, below=12, frame=partial(scene.tagged_card, name=facts.name))
    sees = eye(True, "you can see all of this")
    frame = partial(scene.account, name=f"account {facts.account}")
    return Box(Column([key, sees], gap=10), sides=12, above=28, below=12, frame=frame)


def _hsm(facts: KeyFacts, canvas: int) -> Column:
    """The plate, its key when it is opened, and how the material is stored."""
    words = facts.secret if facts.opened else "closed"
    plate = Scene(PLATE[canvas], partial(_plate, words, facts.opened, PLATE[canvas]))
    rest: list[Part] = []
    if facts.sealed:
        stored = [Text("stored sealed", weight=650), Text(size(facts.sealed), NOTE, fill=SECOND)]
        rest = [Row([mark("cipher", 0.74), Middle(Column(stored))], [36, None], gap=8)]
    head = [Text("HSM", HEADING, 700), Text("AWS's, for all accounts", NOTE, fill=SECOND)]
    nobody = eye(False, "not even AWS sees it")
    return Column([Column(head), plate, nobody, *rest], gap=8)


def _plate(words: str, opened: bool, high: float, d: Drawing, x: float, y: float, width: float) -> None:
    scene.plate(d, x, y, width, high)
    middle = x + width / 2
    if opened:
        scene.material_key(d, middle - 4, y + high / 2 - 10, 1, 1.6)
    d.text(middle, y + (high - 13 if opened else high / 2 + 4.5), words, NOTE, fill=WHITE, anchor="middle")


def _asked(asked: Request | None, canvas: int) -> Part:
    """What came back, in a place of the same height for every answer."""
    least = ANSWER[canvas]
    if asked is None:
        return Box(Middle(Text(NOT_ASKED, fill=SECOND, anchor="middle")), 0, 0, 0, least=least)
    if asked.code:
        return refusal(asked.code, asked.message, f"{asked.operation} refused" if canvas != LAB else "Refused",
                       least=least)  # fmt: skip
    items: list[Part] = [_item(item) for item in asked.returned]
    shown = Row(items, gap=8) if canvas != NARROW else Column(items, gap=8)
    return framed(Column([outcome(True, asked.told, 13), shown], gap=8), ALLOWED, least=least)


def _item(item: Bytes) -> Row:
    """A member of the answer with its mark."""
    if item.mark == "key":
        drawn = sketch(34, lambda d, x, y: scene.data_key(d, x - 9, y, 1.05))
    else:
        drawn = mark(item.mark, 34 / EXTENTS[item.mark].height if item.mark != "envelope" else 0.66)
    words = [Text(item.member, NOTE, 650), Text(f"{size(item.count)}, {MEANING[item.mark]}", NOTE, fill=SECOND)]
    return Row([Middle(drawn), Column(words)], [42, None], gap=6)
