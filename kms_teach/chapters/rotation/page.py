"""Rotation on one page: what opens old files, what stays as planned, what is not repaired, and another way."""

from functools import partial

from msgspec import Struct

from kms_teach.chapters.rotation.facts import Timeline
from kms_teach.drawing import look, scene
from kms_teach.drawing.look import DOTTED, KMS, LINE, NOTE, SECOND
from kms_teach.drawing.marks import EXTENTS
from kms_teach.drawing.page import Panel, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

TITLE = "A rotation adds material, and takes nothing from anybody"
ACROSS, ABOVE, BELOW = 236, -30, 20  # px: the line of dates; from it to the words above and below
NAMELESS, NAMED, CARD = (-150, 126), (-12, 162), 48  # px: a key's left edge from the middle, its width; both heights


class RotatedFacts(Struct, frozen=True):
    """A key that was rotated, and calls of the same run; what stands in the panels is read off them."""

    key: Timeline
    worked: int  # the number of the material that opened an old file
    newest: int  # the number of the material that encrypted then
    stolen_calls: int  # how often KMS was asked when the thief read
    moved: str  # the alias that names another key now

    @classmethod
    def of(cls, key: Timeline, opened: Record, stolen_calls: int, fresh: Record, old: Record) -> "RotatedFacts":
        """Read the facts: a Decrypt after a rotation; later an Encrypt by the alias, and a Decrypt of the old file.

        Raises ValueError when the key was not rotated on demand, or a call is not what its name says.
        """
        alias = str(fresh.parameters.get("keyId", ""))
        if key.unmoved is None or not key.planned:
            raise ValueError("give a key that rotates automatically, and was rotated on demand in between")
        if not alias.startswith("alias/") or not opened.used or fresh.used[0].key_arn == old.used[0].key_arn:
            raise ValueError("give a Decrypt that worked, an Encrypt by an alias, a Decrypt by the key before it")
        return cls(key, opened.used[0].number, opened.used[0].of, stolen_calls, alias)

    @property
    def panels(self) -> tuple[Panel, ...]:
        on_demand, planned = self.key.unmoved, self.key.planned[0]
        assert on_demand is not None
        times = "once" if self.stolen_calls == 1 else f"{self.stolen_calls} times"
        return (
            Panel(
                "Old material opens old files",
                f"Material {self.worked} of {self.newest} opened its own file. Material {self.newest} encrypts now.",
                partial(_opens, self.worked),
            ),
            Panel(
                "On demand moves no date",
                f"Rotated on demand on {look.day(on_demand)}. "
                f"The next automatic rotation is still {look.day(planned)}.",
                partial(_dates, self.key),
            ),
            Panel(
                "A stolen data key still opens",
                f"After the rotation the thief read the file, and KMS was asked {times}.",
                _stolen,
            ),
            Panel(
                "Another key behind the name",
                f"{self.moved} names a second key. The old file was opened by the first, so that one must stay.",
                partial(_behind, self.moved),
            ),
        )  # fmt: skip


def rotation_page(facts: RotatedFacts) -> Picture:
    """Draw the chapter on one page."""
    line = (
        f"Rotation on one page: opened by material {facts.worked} of {facts.newest}; on demand moved nothing; "
        f"{facts.stolen_calls} calls by the thief; {facts.moved} names another key"
    )
    return page("rotated", TITLE, facts.panels, line)


def _opens(number: int, d: Drawing, x: float, y: float) -> None:
    scene.operation(d, x, y, "Decrypt", "cipher", "sheet")
    scene.material_badge(d, x + scene.OPERATION.left + EXTENTS["cipher"].width / 2, y, number)


def _dates(key: Timeline, d: Drawing, x: float, y: float) -> None:
    """The last automatic rotation, the one on demand, and the next: to scale."""
    on_demand, planned = key.unmoved, key.planned[0]
    before = max(m.since for m in key.established if m.since and on_demand and m.since < on_demand)
    assert on_demand is not None
    left, right = x - ACROSS / 2, x + ACROSS / 2
    middle = left + ACROSS * ((on_demand - before) / (planned - before))
    d.line(left, y, middle, y, thick=2)
    d.dotted(middle, y, right, y)
    dots = (
        (left, before, "automatic", ABOVE),
        (middle, on_demand, "on demand", BELOW),
        (right, planned, "planned", ABOVE),
    )
    for at, moment, label, base in dots:
        late = at == right
        d.circle(at, y, 6, fill=look.CARD if late else look.INK, stroke=look.INK, dash=DOTTED if late else None)
        d.text(at, y + base, [label, look.day(moment)], NOTE, fill=SECOND, anchor="middle", step=15)


def _stolen(d: Drawing, x: float, y: float) -> None:
    scene.centred(d, x - 90, y, "cipher")
    d.text(x - 58, y + 5, "+", look.HEADING, weight=700, anchor="middle")
    scene.centred(d, x - 21, y, "data-key", 1.2)
    d.arrow(x + 14, y, x + 62, y)
    scene.centred(d, x + 92, y, "sheet")


def _behind(alias: str, d: Drawing, x: float, y: float) -> None:
    """The first key without a name, the second with it, and what each does."""
    (left, across), (right, beside), top = NAMELESS, NAMED, y - 14
    d.rect(x + left, top, across, CARD, 12, fill=KMS.wash, stroke=LINE)
    d.text(x + left + across / 2, y + 24, "opens old files", anchor="middle")
    scene.tagged_card(d, x + right, top, beside, CARD, alias)
    d.text(x + right + beside / 2, y + 24, "encrypts new files", anchor="middle")
