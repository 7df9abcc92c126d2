"""A score as a picture: right answers by subject, each with how far so few questions can tell."""

from collections.abc import Mapping
from functools import partial

from kms_teach.drawing.layout import Column, Gap, Middle, Part, Row, Scene, Text, card, render
from kms_teach.drawing.look import INK, KMS, LINE, NARROW, NOTE, RULE, SECOND, WHITE, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.teaching.paper import Score

ROW, HEAD = 28, 22  # px: height of a subject, of the axis
BAR, DOT, END = 9, 5.5, 5  # px: height of a bar, radius of its dot, half the height of an interval's end
NAMES, COUNTS, GAP = 122, 54, 12  # px of width
STOPS = (0.0, 0.5, 1.0)
MEANING = (
    "The dot is your share of right answers. The line around it is how far so few questions can tell: what you know "
    "may well be anywhere on it (Wilson's interval, 95 %)."
)


def score(subjects: Mapping[str, Score], canvas: int = WIDE) -> Picture:
    """Draw the scores of each subject, and of all together; `canvas` is look.LAB beside a lab's controls."""
    whole = Score(sum(s.right for s in subjects.values()), sum(s.asked for s in subjects.values()))
    title = f"{whole.right} of {whole.asked} right, which points to somewhere {between(whole)}"
    rows = [("all of them", whole), *subjects.items()]
    alt = " ".join(f"{name}: {_count(s)}, {between(s)}." for name, s in rows)
    data = table(("subject", "right", "what it tells"), [(name, _count(s), between(s)) for name, s in rows])
    wide = Drawing(f"score-{canvas}", title, f"{MEANING} {alt}", width=canvas)
    narrow = Drawing(f"score-{NARROW}", title, f"{MEANING} {alt}", width=NARROW)
    facts = "Score: " + ", ".join(f"{name} {s.right}/{s.asked}" for name, s in rows)
    laid = _laid(whole, subjects)
    return Picture(title, f"{MEANING} {alt}", render(wide, laid), render(narrow, laid), data, facts)


def between(score: Score) -> str:
    """The interval of a score in words."""
    low, high = score.interval
    return f"between {low:.0%} and {high:.0%}".replace("%", " %")


def _laid(whole: Score, subjects: Mapping[str, Score]) -> Column:
    rows = Column([_row(name, each, strong=False) for name, each in subjects.items()], gap=2)
    axis = _line(Gap(), Scene(HEAD, _axis), Gap())
    words = Text(MEANING, NOTE, fill=SECOND)
    return Column(
        [card(_row("all of them", whole, strong=True), KMS, above=8, below=8), card(rows), axis, words], gap=8
    )


def _row(name: str, score: Score, *, strong: bool) -> Row:
    weight = 700 if strong else 400
    count = Text(f"{score.right} of {score.asked}", weight=weight, anchor="end")
    return _line(Middle(Text(name, weight=weight)), Scene(ROW, partial(_bar, score, strong)), Middle(count))


def _line(name: Part, bar: Part, count: Part) -> Row:
    return Row([name, bar, count], [NAMES, None, COUNTS], gap=GAP)


def _bar(score: Score, strong: bool, d: Drawing, x: float, y: float, width: float) -> None:
    middle, (low, high) = y + ROW / 2, score.interval
    d.rect(x, middle - BAR / 2, width, BAR, BAR / 2, fill=WHITE, stroke=RULE, thick=1)
    color = KMS.text if strong else INK
    d.line(x + low * width, middle, x + high * width, middle, stroke=color, thick=2)
    for end in (low, high):
        d.line(x + end * width, middle - END, x + end * width, middle + END, stroke=color, thick=2)
    d.circle(x + score.share * width, middle, DOT, fill=color, stroke=WHITE, thick=1.5)


def _axis(d: Drawing, x: float, y: float, width: float) -> None:
    x, width = x + 16, width - 32  # as inside the cards above
    for stop in STOPS:
        place = x + stop * width
        d.line(place, y - 6, place, y, stroke=LINE, thick=1.5)
        d.text(place, y + 14, f"{stop:.0%}".replace("%", " %"), NOTE, fill=SECOND, anchor="middle")


def _count(score: Score) -> str:
    return f"{score.right} of {score.asked}"
