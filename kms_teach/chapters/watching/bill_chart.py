"""Bills as bars: what the lines of one come to, and what a month costs in several ways, on one scale."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from kms_teach.chapters.watching.bill import Bill, dollars
from kms_teach.chapters.watching.ways import Ways, parts
from kms_teach.drawing.layout import Box, Column, Middle, Part, Row, Scene, Text, grid, render, rule, sketch
from kms_teach.drawing.look import DATA_KEY, HEADING, KMS, LAB, MATERIALS, NARROW, NOTE, SECOND, WASH, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

TONES = {
    "keys": (KMS.mark, KMS.text),
    "rotations": (MATERIALS[1].fill, MATERIALS[1].edge),
    "requests": (DATA_KEY.mark, DATA_KEY.text),
}
BAR, SWATCH = 22, 14  # px of height
WHAT = {WIDE: 250, LAB: 190, NARROW: 150}  # px of width
SUM, COUNT = 84, 92
HIGH = 450  # px, beside a lab's controls
COUNTED = "Calls of 100 messages, counted in the trail; then as many more as there are messages."
FREE = "20,000 requests a month are free."


def bill(facts: Bill) -> Picture:
    """Draw the lines of a bill, each with its bar, and their sum."""
    total = dollars(facts.total)
    title = f"A month costs account {facts.account} {total}"
    told = "; ".join(f"{_count(line.count)} {line.price.what}: {dollars(line.dollars)}" for line in facts.lines)
    wide, narrow = (
        render(
            Drawing(f"bill-{width}", title, f"{told}. {FREE}", second="What is paid for, how much of it", width=width),
            _lines(facts, width),
        )
        for width in (WIDE, NARROW)
    )  # fmt: skip
    rows = [(line.price.what, _count(line.count), f"{line.free:,}", dollars(line.dollars)) for line in facts.lines]
    data = table(["what", "how many", "of them free", "US dollars"], rows)
    return Picture(title, f"{told}. {FREE}", wide, narrow, data, f"Bill of {total}: {told}")


def ways(facts: Ways, *, canvas: int = WIDE) -> Picture:
    """Draw a bar for each way; the chosen one is set off."""
    title, second = (
        facts.title,
        f"{facts.messages:,} messages in a month, with {facts.keys} " + ("key" if facts.keys == 1 else "keys"),
    )
    told = "; ".join(f"{way.name}: {dollars(b.total)} ({_told(b)})" for way, b in facts.bills)
    wide, narrow = (
        render(
            Drawing(f"ways-{width}", title, f"{told}. {COUNTED}", second=second, width=width),
            _ways(facts), least=HIGH if width == LAB else 0,
        )
        for width in (canvas, NARROW)
    )  # fmt: skip
    rows = [
        (way.name, f"{way.requests(facts.messages):,}", *(dollars(part) for _, part in parts(b)), dollars(b.total))
        for way, b in facts.bills
    ]
    data = table(["way", "requests", "keys", "rotations", "for requests", "sum"], rows)
    line = f"Bill of {facts.messages:,} messages: " + "; ".join(
        f"{way.name} {dollars(b.total)}" for way, b in facts.bills
    )
    return Picture(title, f"{told}. {COUNTED}", wide, narrow, data, f"{line}; chosen: {facts.chosen}")


def _count(count: Decimal) -> str:
    return f"{count:,.2f}".removesuffix(".00")


def _told(bill: Bill) -> str:
    return ", ".join(f"{name} {dollars(part)}" for name, part in parts(bill) if part)


def _lines(facts: Bill, canvas: int) -> Part:
    most = max([line.dollars for line in facts.lines] or [Decimal(1)])
    rows: list[list[Part]] = []
    for line, colours in zip(facts.lines, (*TONES.values(), *[TONES["requests"]] * len(facts.lines)), strict=False):
        free = f" ({line.free:,} free)" if line.free else ""
        what = Text(f"{_count(line.count)} {line.price.what}{free}")
        bar = Scene(BAR, partial(_bars, [(line.dollars, colours)], most))
        rows.append([what, bar, Text(dollars(line.dollars), weight=700, anchor="end", leading=BAR)])
    total = Row([Text("Sum", HEADING, 700), Text(dollars(facts.total), HEADING, 700, anchor="end")], [None, 120])
    return Column([grid(rows, [WHAT[canvas], None, SUM], gap=12, apart=10), rule(), total], 12)


def _ways(facts: Ways) -> Part:
    most = facts.dearest.total
    blocks = [_way(way.name, b, most, way.name == facts.chosen) for way, b in facts.bills]
    return Column([*blocks, rule(), _legend(facts.bill), Text(f"{COUNTED} {FREE}", NOTE, fill=SECOND)], 12)


def _way(name: str, bill: Bill, most: Decimal, chosen: bool) -> Part:
    coloured = [(amount, TONES[part]) for part, amount in parts(bill)]
    head = Row([Text(name, weight=700 if chosen else 400), Text(dollars(bill.total), weight=700, anchor="end")],
               [None, 110])  # fmt: skip
    part = Column([head, Scene(BAR, partial(_bars, coloured, most))], 4)
    return Box(part, 10, 8, 8, fill=KMS.wash if chosen else "none", r=6)


def _bars(coloured: Sequence[tuple[Decimal, tuple[str, str]]], most: Decimal, d: Drawing, x: float, y: float,
          width: float) -> None:  # fmt: skip
    """Amounts one after the other; what is paid is never drawn as nothing."""
    d.rect(x, y, width, BAR, 3, fill=WASH)
    for amount, (fill, edge) in coloured:
        if amount:
            long = max(float(amount / most) * width, 2)
            d.rect(x, y, long, BAR, 2, fill=fill, stroke=edge, thick=1)
            x += long


def swatch(d: Drawing, x: float, y: float, colours: tuple[str, str]) -> None:
    """Draw a small square in fill and edge about a point, to tell what a colour stands for."""
    fill, edge = colours
    d.rect(x - SWATCH / 2, y - SWATCH / 2, SWATCH, SWATCH, 2, fill=fill, stroke=edge, thick=1.25)


def _legend(bill: Bill) -> Part:
    rows: list[list[Part]] = []
    for name, amount in parts(bill):
        rows.append(
            [
                Middle(sketch(SWATCH, partial(swatch, colours=TONES[name])), 0),
                Text(name),
                Text(dollars(amount), anchor="end"),
            ]
        )
    return grid(rows, [SWATCH, 90, COUNT], gap=10, apart=4)
