from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.drawing.lettering import width
from kms_teach.drawing.timescale import Scale

START = datetime(2026, 1, 1, tzinfo=UTC)


def scale(start=START, **span):
    return Scale(start, start + timedelta(**span), 100, 600)


def test_time_is_drawn_to_scale():
    whole = scale(days=100)
    assert [whole.x(START + timedelta(days=n)) for n in (0, 50, 100)] == [100, 350, 600]


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ({"days": 3}, "1 Jan", "4 Jan"),
        ({"days": 30}, "1 Jan", "29 Jan"),
        ({"days": 200}, "Jan 2026", "Jul 2026"),
        ({"days": 3653}, "2026", "2036"),
        ({"days": 36525}, "2030", "2120"),
    ],
)
def test_marks_are_days_months_or_years_as_the_span_allows(span, first, last):
    marks = scale(**span).marks()
    assert (marks[0][1], marks[-1][1]) == (first, last)


@given(
    st.timedeltas(timedelta(days=-9000), timedelta(days=9000)).map(lambda apart: START + apart),
    st.timedeltas(timedelta(days=1), timedelta(days=40000)),
)
def test_marks_lie_on_the_scale_and_their_words_do_not_touch(start, span):
    whole = Scale(start, start + span, 100, 600)
    marks = whole.marks()
    assert all(100 <= x <= 600 for x, _ in marks)
    assert all(b - a > width(words, 12) for (a, words), (b, _) in pairwise(marks))
    assert marks or span < timedelta(days=3)
