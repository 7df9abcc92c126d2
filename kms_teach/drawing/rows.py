"""Rows of a table inside a drawing: their pale heads, and the row that matters on a wash."""

from collections.abc import Sequence

from kms_teach.drawing.layout import Anchor, Box, Part, Text
from kms_teach.drawing.look import NOTE, SECOND, Tone

BEYOND = 8  # px that a wash reaches beyond the words of its row, so that they stay in their column


def heads(words: Sequence[str], anchors: Sequence[Anchor] = ()) -> list[Part]:
    """Give the heads of columns, each at the side where its column's words stand."""
    sides = anchors or ["start"] * len(words)
    return [Text(head, NOTE, fill=SECOND, anchor=side) for head, side in zip(words, sides, strict=True)]


def washed(part: Part, tone: Tone | None, *, around: float = 4) -> Box:
    """Give a row with room around it, on the wash of a tone if it has one."""
    row = Box(part, BEYOND, around, around, fill=tone.wash if tone else "none", r=4)
    return Box(row, -BEYOND, above=0, below=0)
