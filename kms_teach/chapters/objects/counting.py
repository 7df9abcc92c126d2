"""How often S3 asked KMS for some objects: counted in the trail, with a bucket key and without."""

from collections.abc import Sequence

from msgspec import Struct

from kms_teach.chapters.objects.facts import BY_S3, CONTEXT
from kms_teach.drawing.layout import Column, Part, Row, Scene, Text, grid, render
from kms_teach.drawing.look import DATA_KEY, HEADING, KMS, NARROW, NOTE, SECOND, WASH, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

WITHOUT, WITH = "without a bucket key", "with a bucket key"
CANVAS = {WIDE: (170, 120), NARROW: (112, 84)}  # px of width: the setting, the number
BAR = 20  # px of height
MANY = 10_000  # objects, which nobody waits for here: without a bucket key the calls are in proportion


class Count(Struct, frozen=True):
    """Objects that were put and read once each, and the calls that S3 sent to KMS meanwhile."""

    setting: str
    objects: int
    calls: tuple[tuple[str, int], ...]  # operation, how often
    contexts: int  # different ones

    @classmethod
    def of(cls, setting: str, records: Sequence[Record]) -> "Count":
        """Count records of the trail. Raises ValueError where no object was put."""
        puts = {(r.parameters["bucketName"], r.parameters["key"]) for r in records if r.operation == "PutObject"}
        if not puts:
            raise ValueError("give the records of puts and gets of objects")
        asked = [r for r in records if r.event["userIdentity"].get("invokedBy") == BY_S3]
        names = sorted({r.operation for r in asked}, reverse=True)
        calls = tuple((name, sum(r.operation == name for r in asked)) for name in names)
        return cls(setting, len(puts), calls, len({r.parameters["encryptionContext"][CONTEXT] for r in asked}))

    @property
    def total(self) -> int:
        return sum(count for _, count in self.calls)

    @property
    def told(self) -> str:
        calls = ", ".join(f"{count:,} {name}" for name, count in self.calls) or "none"
        return f"{self.objects:,} objects {self.setting}: {self.total:,} calls to KMS ({calls})"


class Counts(Struct, frozen=True):
    """Counts side by side, in the order in which they are drawn."""

    counts: tuple[Count, ...]

    @property
    def title(self) -> str:
        totals = {c.total for c in self.counts if c.setting == WITH}
        if len(totals) == 1 and len({c.objects for c in self.counts if c.setting == WITH}) > 1:
            return "With a bucket key, more objects make no more calls"
        return "Each object costs calls, unless there is a bucket key"

    @property
    def for_many(self) -> str:
        """What 10,000 objects come to where the calls are in proportion to the objects; "" where none was counted."""
        each = {c.total / c.objects for c in self.counts if c.setting == WITHOUT}
        if len(each) != 1:
            return ""
        return f"At this rate {MANY:,} objects without a bucket key make {round(each.pop() * MANY):,} calls."


def counts(facts: Counts) -> Picture:
    """Draw a bar for each count, all on one scale."""
    alt = ". ".join(count.told for count in facts.counts) + f". {facts.for_many}".rstrip()
    second = "Calls of S3 to KMS, each object put once and read once"
    wide, narrow = (
        render(Drawing(f"counts-{width}", facts.title, alt, second=second, width=width), _laid(facts, width))
        for width in (WIDE, NARROW)
    )
    rows = [(c.setting, f"{c.objects:,}", f"{c.total:,}", f"{c.contexts:,}") for c in facts.counts]
    data = table(("setting", "objects", "calls to KMS", "different contexts"), rows)
    line = "; ".join(f"{c.objects} objects {c.setting}: {c.total} calls" for c in facts.counts)
    return Picture(facts.title, alt, wide, narrow, data, f"Calls to KMS: {line}")


def _laid(facts: Counts, canvas: int) -> Column:
    most = max(count.total for count in facts.counts)
    parts: list[Part] = []
    for objects in dict.fromkeys(count.objects for count in facts.counts):
        rows = [_bar(count, most, canvas) for count in facts.counts if count.objects == objects]
        parts.append(
            Column([Text(f"{objects:,} objects", HEADING, 700), grid(rows, (CANVAS[canvas][0], None), gap=12)], 8)
        )
    return Column([*parts, Text(facts.for_many, fill=SECOND)], 16)


def _bar(count: Count, most: int, canvas: int) -> list[Part]:
    tone = KMS if count.setting == WITH else DATA_KEY

    def draw(d: Drawing, x: float, y: float, width: float) -> None:
        d.rect(x, y, width, BAR, 3, fill=WASH)
        d.rect(x, y, max(count.total / most * width, 4), BAR, 3, fill=tone.mark)

    number = Text(f"{count.total:,} call{'' if count.total == 1 else 's'}", weight=700, leading=BAR)
    return [
        Text(count.setting, NOTE if canvas == NARROW else 13, leading=BAR if canvas == WIDE else 16),
        Row([Scene(BAR, draw), number], [None, CANVAS[canvas][1] - 20], 10),
    ]
