import re

import pytest

from kms_teach.drawing.layout import Column, Text, render
from kms_teach.drawing.look import DENIED
from kms_teach.drawing.rows import BEYOND, heads, washed
from kms_teach.drawing.svg import Drawing
from tests.drawing.drawn import words


def drawn(part):
    return render(Drawing("rows", "", ""), part)


def test_a_wash_reaches_beyond_its_row_and_moves_no_word():
    plain, loud = (
        drawn(Column([Text("before"), washed(Text("a row"), tone), Text("after")])) for tone in (None, DENIED)
    )
    assert words(plain) == words(loud)
    (wash,) = re.findall(rf'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*fill="{DENIED.wash}"', loud)
    assert [float(number) for number in wash] == [28 - BEYOND, 704 + 2 * BEYOND]
    assert DENIED.wash not in plain


def test_a_head_stands_at_the_side_of_its_columns_words():
    assert [head.anchor for head in heads(["a", "b"])] == ["start", "start"]
    assert [head.anchor for head in heads(["a", "b"], ["start", "end"])] == ["start", "end"]
    with pytest.raises(ValueError, match="zip"):
        heads(["a", "b"], ["end"])
