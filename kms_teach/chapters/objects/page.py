"""S3 with KMS on one page: two yeses, calls that a bucket key saves, a key that is switched off, another key."""

from collections.abc import Sequence
from dataclasses import dataclass

from kms_teach.chapters.objects.counting import WITH, WITHOUT, Counts
from kms_teach.chapters.objects.facts import Get
from kms_teach.drawing.page import Shown, page
from kms_teach.drawing.picture import Picture
from kms_teach.trail import Record

TITLE = "An object opens when S3 says yes, and KMS says yes"


@dataclass(frozen=True, slots=True)
class ObjectsPage:
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
    def panels(self) -> Sequence[Shown]:
        counted = {setting: max((c for c in self.counts.counts if c.setting == setting), key=lambda c: c.objects)
                   for setting in (WITHOUT, WITH)}  # fmt: skip
        return (
            Shown(
                "Who reads needs two yeses", tuple((get.who[:14], not get.code) for get in self.gets),
                " ".join(f"{get.who}: {_why(get)}." for get in self.gets),
            ),
            Shown(
                "A bucket key saves calls", tuple((f"{counted[s].total:,} calls", True) for s in (WITHOUT, WITH)),
                f"{counted[WITHOUT].objects} objects, put and read: without a bucket key, and with one.",
            ),
            Shown(
                "No key, no object", ((f"{self.disabled.who[:14]} may", True), ("the key works", False)),
                f"Everybody is allowed as before, and GetObject ends in {self.disabled.code}.",
            ),
            Shown(
                "An object moves to another key", (("the same ETag", True),),
                "UpdateObjectEncryption wraps the data key anew; the object's bytes stay as they are.",
            ),
        )  # fmt: skip


def _why(get: Get) -> str:
    return f"no from {get.named}" if get.named else "both yes" if not get.code else get.code


def objects_page(facts: ObjectsPage) -> Picture:
    """Draw the chapter on one page."""
    line = "; ".join(f"{shown.message} ({shown.line})" for shown in facts.panels)
    return page("objects", TITLE, [shown.panel for shown in facts.panels], f"S3 on one page: {line}")
