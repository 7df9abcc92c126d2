"""A month of a key as a chart: calls by day and caller; below it who asked for what, and what it cost."""

from functools import partial
from typing import TYPE_CHECKING

from kms_teach.chapters.watching.bill import dollars
from kms_teach.chapters.watching.bill_chart import SWATCH, swatch
from kms_teach.chapters.watching.usage import Month, Uses
from kms_teach.drawing.chart import Plot, chart
from kms_teach.drawing.layout import Column, Middle, Part, Text, grid, rule, sketch
from kms_teach.drawing.look import DATA_KEY, KMS, LINE, MATERIALS, MONTHS, NOTE, RULE, SECOND
from kms_teach.drawing.picture import Picture, table

if TYPE_CHECKING:  # matplotlib is imported only when a chart is drawn
    from matplotlib.axes import Axes

TALL = 200  # px, of the bars
SHOWN = 4  # callers with a colour of their own; the rest is one more
COLOURS = (
    (KMS.mark, KMS.text), (DATA_KEY.mark, DATA_KEY.text), (MATERIALS[1].fill, MATERIALS[1].edge),
    (MATERIALS[0].fill, MATERIALS[0].edge), (RULE, LINE),
)  # fmt: skip
CALLER, CALLS = 92, 60  # px of width: the caller's name, the number of calls
REST = "others"


def month(facts: Month) -> Picture:
    """Draw the bars, one for each day, in the colours of the callers."""
    uses = _shown(facts)
    first = uses[0] if uses else None
    title = f"{_name(first.caller)} made {first.calls} of the {facts.calls} calls" if first else "Nobody called"
    when = f"{MONTHS[facts.since.month - 1]} {facts.since.year}"
    cost = (
        f"The key cost {dollars(facts.stored)} to keep. {facts.calls:,} requests cost {dollars(facts.requests)}, "
        "where the month's free ones are used up."
    )
    told = ". ".join(f"{_name(each.caller)}: {each.calls}, {_operations(each)}" for each in uses)
    alt = f"Bar chart of the calls on each day of {when}. {told}. {cost}"
    rows = [(each.caller, f"{each.calls:,}", _operations(each), f"{each.refused:,}") for each in facts.uses]
    data = table(["caller", "calls", "operations", "refused"], rows)
    line = f"Month of {facts.key}: {', '.join(f'{each.caller} {each.calls}' for each in facts.uses) or 'no calls'}"
    line += f"; key {dollars(facts.stored)}, requests {dollars(facts.requests)}"
    second = f"“{facts.key}” in {when}: calls on each day, in the colour of who called"
    return chart("month", title, alt, partial(_laid, facts, uses, cost), data, second=second, facts=line)


def _shown(facts: Month) -> tuple[Uses, ...]:
    """The callers that are drawn; more than have colours are added up."""
    first, rest = facts.uses[:SHOWN], facts.uses[SHOWN:]
    if not rest:
        return first
    days = tuple(map(sum, zip(*(each.days for each in rest), strict=True)))
    return (*first, Uses(REST, days, (("calls", sum(days)),), sum(each.refused for each in rest)))


def _name(caller: str) -> str:
    return "root" if caller.startswith("the root user") else caller


def _operations(uses: Uses) -> str:
    refused = f", {uses.refused} refused" if uses.refused else ""
    return ", ".join(f"{name} {count}" for name, count in uses.operations) + refused


def _laid(facts: Month, uses: tuple[Uses, ...], cost: str, wide: bool) -> Part:
    rows: list[list[Part]] = []
    for each, colours in zip(uses, COLOURS, strict=False):
        square = Middle(sketch(SWATCH, partial(swatch, colours=colours)), 0)
        count = Text(f"{each.calls:,}", anchor="end")
        rows.append([square, Text(_name(each.caller), weight=700), count, Text(_operations(each), fill=SECOND)])
    widths = [SWATCH, CALLER if wide else 72, CALLS if wide else 34, None]
    plot = Plot(TALL, partial(_plot, facts, uses))
    return Column([plot, grid(rows, widths, gap=12, apart=6), rule(), Text(cost)], gap=12)


def _plot(facts: Month, uses: tuple[Uses, ...], axes: "Axes") -> None:
    below = [0] * facts.days
    for each, (fill, edge) in zip(uses, COLOURS, strict=False):
        on = [day for day, calls in enumerate(each.days) if calls]
        axes.bar([day + 1 for day in on], [each.days[day] for day in on], 0.72, [below[day] for day in on],
                 color=fill, edgecolor=edge, linewidth=1)  # fmt: skip
        below = [low + more for low, more in zip(below, each.days, strict=True)]
    axes.set_xlim(0.4, facts.days + 0.6)
    axes.set_xticks([1, *range(5, facts.days + 1, 5)])
    most = max([*below, 1])
    axes.set_ylim(0, most * 1.08)
    axes.set_yticks(sorted({0, most // 2, most}))
    axes.tick_params(length=0, pad=5, labelsize=NOTE)
    axes.grid(axis="y", color=RULE, linewidth=1)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set(color=LINE, linewidth=1)
