"""A class's answers as a picture: what was missed most, and the wrong answer that most believed."""

from functools import partial

from kms_teach.drawing.layout import Column, Middle, Part, Row, Scene, Text, card, render
from kms_teach.drawing.look import ALLOWED, INK, NARROW, NOTE, RULE, SECOND, WHITE, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.teaching.grading import Missed, Report
from kms_teach.teaching.sections import title as chapter_title

BAR, HIGH, COUNT, GAP = 120, 10, 62, 14  # px: width and height of a bar, width of its count, between them
LONGEST = 150  # characters of a question's words


def class_picture(report: Report) -> Picture:
    """Draw how a class answered: a row for each question, the most missed first. Raises ValueError without answers."""
    if not report.grades or not report.missed:
        raise ValueError("nobody has handed in an answer yet")
    first = report.missed[0]
    title = f"The most missed question: {count(first)} had it right"
    second = f"{report.assignment.title}: {len(report.grades)} learners, the most missed first"
    rows = [(each.family, chapter(each), count(each), belief(each)) for each in report.missed]
    alt = " ".join(f"{name} ({where}): {right}. {words}".strip() for name, where, right, words in rows)
    data = table(("question", "chapter", "right", "the commonest wrong answer"), rows)
    laid = Column([card(_row(each)) for each in report.missed], gap=8)
    wide = Drawing("class", title, alt, second=second, width=WIDE)
    narrow = Drawing("class-narrow", title, alt, second=second, width=NARROW)
    facts = f"Class: {len(report.grades)} learners, " + ", ".join(f"{name} {right}" for name, _, right, _ in rows)
    return Picture(title, alt, render(wide, laid), render(narrow, laid), data, facts)


def chapter(missed: Missed) -> str:
    """Where the question is taught."""
    return chapter_title(missed.example.family.chapter)


def count(missed: Missed) -> str:
    """How many had it right."""
    return f"{missed.score.right} of {missed.score.asked}"


def belief(missed: Missed) -> str:
    """The commonest wrong answer in a sentence, or ""."""
    if not missed.believed_by:
        return ""
    who = "1 learner" if missed.believed_by == 1 else f"{missed.believed_by} learners"
    return f"{who} chose: {plain(missed.belief)}"


def plain(words: str) -> str:
    """Words without the marks of code, and not too many of them."""
    words = words.replace("`", "")
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"


def _row(missed: Missed) -> Column:
    bar = Scene(18, partial(_bar, missed.score.share))
    counted = Middle(Text(count(missed), weight=700, anchor="end"))
    head = Row([Middle(Text(chapter(missed), NOTE, fill=SECOND)), bar, counted], [None, BAR, COUNT], gap=GAP)
    parts: list[Part] = [head, Text(plain(missed.example.words), weight=700)]
    if words := belief(missed):
        parts.append(Text(words, NOTE))
    return Column(parts, gap=4)


def _bar(share: float, d: Drawing, x: float, y: float, width: float) -> None:
    middle = y + 9
    d.rect(x, middle - HIGH / 2, width, HIGH, HIGH / 2, fill=WHITE, stroke=RULE, thick=1)
    if share:
        d.rect(x, middle - HIGH / 2, max(HIGH, share * width), HIGH, HIGH / 2, fill=ALLOWED.text, stroke=INK, thick=0)
