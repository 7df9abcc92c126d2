"""GETs of one object by several people: who was refused, at which gate, and which document said no."""

from collections.abc import Sequence

from kms_teach.chapters.objects.facts import Gate, Get
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Column, Part, Text, grid, render
from kms_teach.drawing.look import NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

HEADS = ("who", "S3: s3:GetObject", "KMS: kms:Decrypt", "who said no")
WIDTHS = {WIDE: (90, 150, 150, None), NARROW: (56, 76, 86, None)}
LINE_STEP = 20  # px from line to line


def refusals(gets: Sequence[Get]) -> Picture:
    """Draw a row for each GET. Raises ValueError for none."""
    if not gets:
        raise ValueError("give one GET or more")
    refused = [get for get in gets if get.refused_by]
    names = ("no", "one", "two", "three", "four", "five")
    places = len({get.refused_by for get in refused})
    title = (
        f"{names[len(refused)].capitalize()} times 403, from {names[places]} polic{'y' if places == 1 else 'ies'}"
        if refused
        else "Nobody was refused"
    )
    rows = [(get.who, _word(get.s3), _word(get.kms), get.refused_by or "nobody") for get in gets]
    alt = " ".join(
        f"{who}: S3 says {s3}; KMS {'was not asked' if kms == 'not asked' else f'says {kms}'}; refused by: {by}."
        for who, s3, kms, by in rows
    )
    wide, narrow = (
        render(Drawing(f"refusals-{width}", title, alt, second="Each GET needs two yeses", width=width),
               _laid(gets, width))
        for width in (WIDE, NARROW)
    )  # fmt: skip
    line = "; ".join(f"{who}: {by}" for who, _, _, by in rows)
    return Picture(title, alt, wide, narrow, table(HEADS, rows), f"Who said no: {line}")


def _word(gate: Gate | None) -> str:
    return "not asked" if gate is None else "yes" if gate.allowed else "no"


def _laid(gets: Sequence[Get], canvas: int) -> Column:
    heads = HEADS if canvas == WIDE else ("who", "S3", "KMS", "who said no")
    rows: list[list[Part]] = [[Text(words, NOTE, fill=SECOND) for words in heads]]
    rows += [
        [Text(get.who, weight=700, leading=LINE_STEP), _cell(get.s3), _cell(get.kms),
         Text(get.refused_by or "nobody", leading=LINE_STEP)]
        for get in gets
    ]  # fmt: skip
    return grid(rows, WIDTHS[canvas], gap=12, apart=10, ruled=True)


def _cell(gate: Gate | None) -> Part:
    if gate is None:
        return Text("not asked", NOTE, fill=SECOND, leading=LINE_STEP)
    return outcome(gate.allowed, _word(gate), 13, leading=LINE_STEP)
