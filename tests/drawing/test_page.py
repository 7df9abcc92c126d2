import pytest

from kms_teach.drawing.page import Panel, page
from tests.drawing.drawn import quarrels, texts, words


def panel(name, evidence="It was tried."):
    return Panel(name, evidence, lambda d, x, y: d.text(x, y, f"drawing of {name}", anchor="middle"))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_panel_is_numbered_drawn_and_told_in_order(count):
    names = ["one", "two", "three", "four"][:count]
    picture = page("a", "All of it", [panel(name) for name in names], "facts")
    for canvas in (picture.svg, picture.narrow):
        said = texts(canvas)
        assert [word for word in said if word in names] == names
        assert [word for word in said if word.isdigit()] == [str(n) for n in range(1, count + 1)]
        assert {f"drawing of {name}" for name in names} <= set(said)
        assert quarrels(canvas) == []
    assert picture.alt == " ".join(f"{n}. {name}: It was tried." for n, name in enumerate(names, 1))


def test_panels_stand_two_in_a_row_and_one_where_it_is_narrow():
    picture = page("a", "t", [panel("one"), panel("two")], "facts")
    wide, narrow = ({w.text: w for w in words(canvas)} for canvas in (picture.svg, picture.narrow))
    assert wide["one"].top == wide["two"].top
    assert wide["one"].right < wide["two"].left
    assert narrow["one"].left == narrow["two"].left
    assert narrow["one"].foot < narrow["two"].top


def test_panels_of_a_row_are_as_tall_as_the_longest_evidence_needs():
    long = " ".join(["evidence"] * 30)
    picture = page("a", "t", [panel("one", long), panel("two"), panel("three")], "facts")
    assert quarrels(picture.svg) == []
    found = words(picture.svg)
    last = max(w.foot for w in found if "evidence" in w.text)
    assert next(w.top for w in found if w.text == "three") > last
