"""Imported key material: your copy, the KMS key that has it or not, until when, and what opens."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from msgspec import Struct

from kms_teach.drawing import scene
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Box, Column, Part, Row, Scene, Text, mark, render
from kms_teach.drawing.look import HEADING, INK, KMS, LAB, LABEL, NARROW, NOTE, SECOND, WHITE, WIDE, day
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.scene import gone
from kms_teach.drawing.svg import Drawing
from kms_teach.drawing.timescale import Scale

SECOND_LINE = "Your side left, KMS right: where the key material is now"
YOURS, BETWEEN = {WIDE: 190, LAB: 146}, {WIDE: 150, LAB: 104}  # px of width: your side, the arrow's room
HIGH, CARD = 400, 196  # px: of the picture in a lab; of the KMS key
PLATE = (132, 76)  # px: width and height


class Imported(Struct, frozen=True, kw_only=True):
    """The facts: a key of origin EXTERNAL, whether its material is here, and what it did last for `thing`.

    ever: whether material was imported before. attempt: the operation tried now, and its error's code or "".
    """

    name: str
    state: str
    now: datetime
    mine: str  # what you keep
    ever: bool = False
    begun: datetime | None = None
    expires: datetime | None = None
    attempt: tuple[str, str] = ("", "")
    refused: str = ""  # the code of the last import, when it was refused

    @property
    def present(self) -> bool:
        return self.state != "PendingImport"


def read(
    name: str, described: Mapping[str, Any], now: datetime, mine: str, *, begun: datetime | None = None,
    attempt: tuple[str, str] = ("", ""), ever: bool = False, refused: str = "",
) -> Imported:  # fmt: skip
    """Read them from DescribeKey's metadata. `begun` is when the material came."""
    until = described.get("ValidTo")
    return Imported(
        name=name, state=described["KeyState"], now=now, mine=mine, ever=ever, begun=begun, attempt=attempt,
        expires=until.astimezone(UTC) if until else None, refused=refused,
    )  # fmt: skip


def title(facts: Imported) -> str:
    if facts.present and facts.expires:
        return f"KMS has your material until {day(facts.expires)}; you have it for longer"
    if facts.present:
        return "KMS has your material, and you have a copy"
    if facts.ever:
        return "The key is here, its material is not: only the same bytes bring it back"
    return "A KMS key without material: it has a name and a policy, and does no work"


def imported(facts: Imported, *, canvas: int = WIDE) -> Picture:
    """Draw where the material is; `canvas` is look.LAB beside a lab's controls."""
    head = title(facts)
    operation, error = facts.attempt
    told = [
        f"On your side: {facts.mine}.",
        f"{facts.name}, origin EXTERNAL, is {facts.state} on {day(facts.now)}; "
        + ("its key material is on the plate" if facts.present else "the plate is empty")
        + (f" until {day(facts.expires)}." if facts.expires else "."),
        *([f"{operation}: {error or 'works'}."] if operation else []),
        *([f"The last import was refused: {facts.refused}."] if facts.refused else []),
    ]
    alt = " ".join(told)
    wide = Drawing("imported", head, alt, second=SECOND_LINE, width=canvas, lines=2 if canvas == LAB else 1)
    narrow = Drawing("imported-narrow", head, alt, second="Where the key material is now", width=NARROW)
    here = f"until {day(facts.expires)}" if facts.expires else "here" if facts.present else "not here"
    rows = [("your side", facts.mine), ("KMS key", f"{facts.name}, {facts.state}"), ("material", here)]
    rows += [(operation, error or "works")] if operation else []
    line = ", ".join(f"{name}: {words}" for name, words in rows)
    svg = render(wide, _laid(facts, canvas), above=18, least=HIGH if canvas == LAB else 0)
    return Picture(head, alt, svg, render(narrow, _laid(facts, NARROW), above=18), table(("what", "how it is"), rows),
                   f"Imported on {facts.now:%Y-%m-%d}: {line}")  # fmt: skip


def _laid(facts: Imported, canvas: int) -> Part:
    mine = Box(
        Column([Text("Your side", HEADING, 700), mark("sheet", tall=56), Text(facts.mine, NOTE, anchor="middle"),
                Text("your copy: KMS never gives it back", NOTE, fill=SECOND, anchor="middle")], gap=6),
        12, 12, 12, least=0 if canvas == NARROW else CARD, fill=WHITE, stroke=INK,
    )  # fmt: skip
    kms = Scene(CARD, partial(_kms, facts=facts))
    operation, error = facts.attempt
    tried: list[Part] = [
        Row([mark("cipher", 0.45, tall=22), outcome(not error, f"{operation}: {error or 'works'}", LABEL, leading=22)],
            [20, None], gap=8)
    ] if operation else [Text("Nothing was encrypted or signed with it yet.", fill=SECOND, leading=22)]  # fmt: skip
    if canvas == NARROW:
        return Column([mine, Scene(46, partial(_down, facts=facts)), kms, *tried], gap=10)
    way = Scene(CARD, partial(_way, facts=facts))
    return Column([Row([mine, way, kms], [YOURS[canvas], BETWEEN[canvas], None]), *tried], gap=16)


def _way(d: Drawing, x: float, y: float, across: float, facts: Imported) -> None:
    middle = y + CARD / 2
    d.arrow(x + 10, middle, x + across - 8, middle, above=["Import", "KeyMaterial"])
    if facts.refused:
        d.use("denied", x + across / 2, middle + 18)
        d.text(x + across / 2, middle + 42, "refused", NOTE, weight=700, anchor="middle")
    else:
        d.text(x + across / 2, middle + 18, ["wrapped on", "the way"], NOTE, fill=SECOND, anchor="middle", step=15)


def _down(d: Drawing, x: float, y: float, _across: float, facts: Imported) -> None:
    d.arrow(x + 60, y + 2, x + 60, y + 40)
    d.text(x + 74, y + 18, "ImportKeyMaterial", NOTE, fill=SECOND)
    d.text(x + 74, y + 34, "refused" if facts.refused else "wrapped on the way", NOTE, fill=SECOND)


def _kms(d: Drawing, x: float, y: float, across: float, facts: Imported) -> None:
    scene.tagged_card(d, x, y, across, CARD, facts.name)
    d.text(x + 16, y + 36, facts.state, HEADING, weight=700, fill=KMS.text)
    (wide, high), top = PLATE, y + 48
    scene.plate(d, x + 16, top, wide, high, key="#56B4E9" if facts.present else None)
    if not facts.present and facts.ever:
        gone(d, "key", x + 16 + wide / 2 - 12, top + high / 2, 1.5)
    if facts.expires and facts.begun:
        _until(d, x + 16, x + across - 16, y + 168, facts)
    else:
        words = "no end is set" if facts.present else "no material"
        d.text(x + 16, y + 150, words, NOTE, fill=SECOND)


def _until(d: Drawing, left: float, right: float, y: float, facts: Imported) -> None:
    """The days of the material, to scale."""
    assert facts.begun
    assert facts.expires
    scale = Scale(facts.begun, facts.expires, left, right)
    now = scale.x(min(facts.now, facts.expires))
    d.path("M", left, y - 6, "V", y + 6, "M", left, y, "H", now, thick=2.5)
    d.dotted(now + 6, y, right, y)
    flag = min(max(now, left + 17), right - 17)
    d.rect(flag - 17, y - 28, 34, 18, 4, fill=INK)
    d.line(now, y - 8, now, y + 8, thick=1.75)
    d.text(flag, y - 15, "now", NOTE, weight=700, fill=WHITE, anchor="middle")
    d.text(right, y + 20, f"until {day(facts.expires)}", NOTE, anchor="end")
