import re

import pytest

from kms_teach.drawing import scene
from kms_teach.drawing.marks import EXTENTS
from kms_teach.drawing.svg import Drawing


def placed(svg):
    """Each mark with the x of its origin, from left to right."""
    return sorted((float(x), mark) for mark, x in re.findall(r'href="#s-([\w-]+)" transform="translate\(([\d.]+)', svg))


@pytest.mark.parametrize(("taken", "given"), [("sheet", "cipher"), ("cipher", "sheet"), ("sheet", "denied")])
def test_an_operation_is_drawn_from_what_it_takes_to_what_it_gives_inside_its_room(taken, given):
    d = Drawing("s", "", "")
    scene.operation(d, 300, 100, "Encrypt", taken, given)
    svg = d.svg()
    (left, first), (right, last) = placed(svg)
    begin, end = map(float, re.search(r'd="M ([\d.]+) 100 L ([\d.]+) 100"', svg).groups())
    assert (first, last) == (taken, given)
    assert left == 300 + scene.OPERATION.left
    assert left + EXTENTS[taken].width < begin < end < right + EXTENTS[given].left
    assert right + EXTENTS[given].left + EXTENTS[given].width <= left + scene.OPERATION.width
    assert "Encrypt" in svg


def test_a_tag_has_its_point_where_it_is_told_and_grows_downwards():
    d = Drawing("s", "", "")
    scene.tag(d, 50, 100, 120, below=48)
    outline = re.search(r'd="(M[^"]+Z)"', d.svg())[1]
    ys = [float(y) for y in re.findall(r"V ([\d.]+)", outline)]
    assert "L 50" in outline
    assert "H 170" in outline
    assert max(ys) == 148


@pytest.mark.parametrize("mark", ["sheet", "envelope", "key", "gone-key", "denied", "blind", "data-key"])
def test_a_centred_mark_has_its_middle_where_it_is_told(mark):
    d = Drawing("s", "", "")
    scene.centred(d, 300, 100, mark, 2)
    name = mark.removeprefix("data-")
    room = EXTENTS[name]
    use = re.search(rf'<use href="#s-{name}" transform="translate\(([\d.]+) ([\d.]+)\).*>', d.svg())
    x, y = map(float, use.groups())
    assert (x + 2 * (room.left + room.width / 2), y + 2 * (room.top + room.height / 2)) == (300, 100)
    assert ('stroke="#7A5200"' in use[0]) == (mark == "data-key")
