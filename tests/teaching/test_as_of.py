"""The course says as of which day it speaks, once and everywhere the same."""

from kms_teach.keys import delays
from kms_teach.teaching import as_of, certifications, mock_exam
from kms_teach.teaching.course_map import course_map
from scripts import site


def test_it_is_the_earliest_day_on_which_a_source_was_read() -> None:
    assert max(delays.READ, certifications.READ) > as_of.AS_OF == certifications.READ
    assert as_of.WORDS == "as of 23 Nov 2026"


def test_map_exam_and_site_say_it() -> None:
    drawn = course_map(["00_start_here.ipynb"], done=())
    assert all(as_of.WORDS in svg for svg in (drawn.svg, drawn.narrow))
    assert as_of.WORDS in mock_exam.ABOUT
    assert as_of.WORDS in site.index()
