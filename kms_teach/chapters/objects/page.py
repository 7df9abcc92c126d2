"""S3 with KMS on one page: two yeses, calls that a bucket key saves, a key that is switched off, another key."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.chapters.objects.counting import WITH, WITHOUT, Counts
from kms_teach.chapters.objects.facts import Get
from kms_teach.drawing.look import DATA_KEY, KMS
from kms_teach.drawing.page import Panel, Shown, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

TITLE = "An object opens when S3 says yes, and KMS says yes"
ROWS, LONGEST = 3, 170  # people in a panel; px of the longest bar


class ObjectsPage(Struct, frozen=True):
    """What the chapter's calls showed: GETs by several people, counts of calls, a GET after the key was disabled."""

    gets: tuple[Get, ...]
    counts: Counts
    disabled: Get
    moved: Record

    def __post_init__(self) -> None:
        worked = self.moved.operation == "UpdateObjectEncryption" and self.moved.worked
        if not (worked and self.gets and self.disabled.code and self.disabled.kms and self.disabled.kms.allowed):
            raise ValueError("give some GETs, one refused for the key's state, and an UpdateObjectEncryption")

    @property
    def panels(self) -> Sequence[Panel]:
        counted = {setting: max((c for c in self.counts.counts if c.setting == setting), key=lambda c: c.objects)
                   for setting in (WITHOUT, WITH)}  # fmt: skip
        return (
            Shown(
                "Who reads needs two yeses", tuple((get.who[:14], not get.code) for get in self.gets[:ROWS]),
                " ".join(f"{get.who}: {_why(get)}." for get in self.gets[:ROWS]),
            ).panel,
            Panel(
                "A bucket key saves calls",
                f"{counted[WITHOUT].objects} objects, put and read: {counted[WITHOUT].total:,} calls to KMS without a "
                f"bucket key, {counted[WITH].total:,} with one.",
                partial(_bars, (counted[WITHOUT].total, counted[WITH].total)),
            ),
            Shown(
                "No key, no object", ((f"{self.disabled.who[:14]} may", True), ("it opens", False)),
                f"Everybody is allowed as before, and GetObject ends in {self.disabled.code}.",
            ).panel,
            Shown(
                "An object moves to another key", (("a new wrap", True),),
                "UpdateObjectEncryption wraps the data key anew; the object's bytes stay as they are.",
            ).panel,
        )  # fmt: skip


def _why(get: Get) -> str:
    return f"no from {get.named}" if get.named else "both yes" if not get.code else get.code


def objects_page(facts: ObjectsPage) -> Picture:
    """Draw the chapter on one page."""
    read = ", ".join(f"{get.who}: {_why(get)}" for get in facts.gets[:ROWS])
    counted = ", ".join(f"{count.total} calls {count.setting}" for count in facts.counts.counts[-2:])
    line = f"{read}; {counted}; a disabled key: {facts.disabled.code}; moved by {facts.moved.operation}"
    return page("objects", TITLE, facts.panels, f"S3 on one page: {line}")


def _bars(totals: tuple[int, int], d: Drawing, x: float, y: float) -> None:
    """One bar below the other, on one scale, each with its number."""
    left, most = x - 130, max(totals)
    for total, tone, top in zip(totals, (DATA_KEY, KMS), (y - 26, y + 6), strict=True):
        d.rect(left, top, max(LONGEST * total / most, 4), 20, 3, fill=tone.mark)
        d.text(left + LONGEST + 10, top + 14.6, f"{total:,} calls")
