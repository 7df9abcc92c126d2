import re

from kms_teach.drawing.look import LAB
from kms_teach.teaching.paper import Score
from kms_teach.teaching.score import score
from tests.drawing.drawn import quarrels

SUBJECTS = {"access": Score(3, 4), "asymmetric keys": Score(1, 2), "grants": Score(0, 2), "S3": Score(2, 2)}


def places(svg):
    """Where dots stand, and from where to where the lines around them go, in px of the width."""
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"[^>]*r="5.5"', svg)]
    lines = re.findall(
        r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', svg.replace(" L", "L").replace("M ", "M").replace("L ", "L")
    )
    return dots, [(float(x1), float(x2)) for x1, y1, x2, y2 in lines if y1 == y2]


def test_the_title_says_what_so_few_questions_tell():
    picture = score(SUBJECTS)
    assert picture.title == "6 of 10 right, which points to somewhere between 31 % and 83 %"
    assert repr(picture) == "Score: all of them 6/10, access 3/4, asymmetric keys 1/2, grants 0/2, S3 2/2"


def test_the_table_has_every_subject_after_the_whole():
    rows = score(SUBJECTS).table.rows
    assert [row[0] for row in rows] == ["all of them", *SUBJECTS]
    assert rows[3] == ("grants", "0 of 2", "between 0 % and 66 %")


def test_each_share_stands_inside_its_interval_and_no_words_overlap():
    for picture in (score(SUBJECTS), score(SUBJECTS, LAB)):
        for svg in (picture.svg, picture.narrow):
            dots, lines = places(svg)
            assert len(dots) == len(lines) == len(SUBJECTS) + 1
            assert all(low - 0.1 <= dot <= high + 0.1 for dot, (low, high) in zip(dots, lines, strict=True))
            assert dots[3] < dots[2] < dots[1] < dots[4]
            assert quarrels(svg) == []
