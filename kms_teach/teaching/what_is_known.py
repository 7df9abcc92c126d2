"""What is known, what fades and what is next, as a chart by chapter; made of the first answers that were given."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from kms_teach.drawing import look
from kms_teach.drawing.chart import Plot, chart
from kms_teach.drawing.look import INK, KMS, LINE, NOTE, RULE, SECOND
from kms_teach.drawing.picture import Picture, table
from kms_teach.teaching import recall
from kms_teach.teaching.recall import Known
from kms_teach.teaching.record import Answered
from kms_teach.teaching.sections import title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WEEK = timedelta(days=7)
ROW, FOOT = 30, 36  # px: height of a chapter, of the axis
MEANING = (
    "The dark bar is how much of it you likely remember today, the mark where that will be in a week. "
    "What you got wrong counts too, since you were shown the answer then, but it fades sooner."
)


class Fading(Struct, frozen=True):
    """A chapter: how much of what was answered there is likely remembered now and in a week, and what is due next."""

    chapter: str
    families: int
    now: float
    in_a_week: float
    due: datetime


def fading(answers: Iterable[Answered], now: datetime) -> list[Fading]:
    """A row for each chapter that has answers, what fades first at the front."""
    by_chapter: dict[str, list[Known]] = {}
    for each in recall.known(answers):
        by_chapter.setdefault(each.chapter, []).append(each)
    rows = [
        Fading(chapter, len(all_), _mean(all_, now), _mean(all_, now + WEEK), min(each.due for each in all_))
        for chapter, all_ in by_chapter.items()
    ]
    return sorted(rows, key=lambda row: (row.in_a_week, row.chapter))


def what_is_known(rows: Sequence[Fading]) -> Picture:
    """Draw the rows. Raises ValueError for none."""
    if not rows:
        raise ValueError("nothing was answered yet: sit the fifteen questions above, or practise")
    first = rows[0]
    heading = f"{title(first.chapter)} fades first"
    data = [
        (title(row.chapter), str(row.families), _percent(row.now), _percent(row.in_a_week), look.day(row.due))
        for row in rows
    ]
    alt = f"{MEANING} " + " ".join(
        f"{name}: {now} now, {later} in a week, next due {due}." for name, _, now, later, due in data
    )
    columns = table(("chapter", "questions", "remembered now", "in a week", "next due"), data)
    facts = "Known: " + ", ".join(f"{name} {now}" for name, _, now, _, _ in data)
    return chart(
        "known", heading, alt, lambda _: Plot(len(rows) * ROW + FOOT, partial(_plot, rows)), columns,
        second=MEANING, facts=facts,
    )  # fmt: skip


def _plot(rows: Sequence[Fading], axes: "Axes") -> None:
    places = range(len(rows))
    axes.barh(places, [1.0] * len(rows), 0.34, color="white", edgecolor=RULE, linewidth=1)
    axes.barh(places, [row.now for row in rows], 0.34, color=KMS.mark, edgecolor=KMS.text, linewidth=1)
    axes.plot([row.in_a_week for row in rows], places, "D", color=INK, markersize=7, markeredgecolor="white")
    axes.set_yticks(list(places), [title(row.chapter)[:2] for row in rows], fontsize=NOTE, weight="bold")
    axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.set_xlim(-0.01, 1.02)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(length=0, labelcolor=SECOND)
    axes.spines["left"].set(color=LINE)
    axes.spines["bottom"].set_visible(False)


def _mean(all_: Sequence[Known], at: datetime) -> float:
    return sum(each.remembered(at) for each in all_) / len(all_)


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
