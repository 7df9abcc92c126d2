"""Parts are laid out with two counters beside them: what a part says of its height, and where it was drawn."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.drawing import look
from kms_teach.drawing.layout import (
    Box,
    Column,
    Fitted,
    Gap,
    Middle,
    Row,
    Scene,
    Text,
    card,
    grid,
    mark,
    render,
    rule,
    sketch,
)
from kms_teach.drawing.marks import EXTENTS, MARKS
from kms_teach.drawing.svg import Drawing
from tests.drawing.drawn import quarrels, words

SVG = "{http://www.w3.org/2000/svg}"
LONG = "A key policy is the document that KMS reads first, and without its consent nothing else opens the key."


@dataclass(frozen=True)
class Probe:
    """A part of a height of its own that remembers where it was drawn."""

    tall: float
    drawn: list = field(default_factory=list)

    def height(self, _width):
        return self.tall

    def draw(self, _d, x, y, width, tall=0):
        self.drawn.append((x, y, width, tall))

    @property
    def place(self):
        (place,) = self.drawn
        return place


def drawing(width=look.WIDE):
    return Drawing("a", "t", "d", width=width, height=2000)


def lay(part, width=300, x=10, y=100):
    part.draw(drawing(), x, y, width)


def baselines(part, width=300):
    d = drawing()
    part.draw(d, 10, 100, width)
    return [float(node.get("y")) for node in ET.fromstring(d.svg()).iter(f"{SVG}text")][1:]  # the first is the title


def test_a_column_stacks_its_parts_with_gaps_between_and_none_around():
    parts = [Probe(10), Probe(20), Probe(30)]
    column = Column(parts, gap=5)
    lay(column)
    assert [part.place[1] for part in parts] == [100, 115, 140]
    assert column.height(300) == 70


def test_a_part_that_takes_no_room_takes_no_gap():
    parts = [Probe(10), Text(""), Probe(30)]
    assert Column(parts, gap=5).height(300) == 45
    assert Column([], gap=5).height(300) == 0


def test_the_last_part_of_a_column_gets_the_room_that_is_left():
    last = Probe(20)
    Column([Probe(10), last], gap=5).draw(drawing(), 0, 0, 300, tall=100)
    assert last.place[3] == 85


def test_a_column_tells_where_its_parts_stand():
    column = Column([Probe(10), Text(""), Probe(30)], gap=5)
    assert [(y, high) for _, y, high in column.places(100, 300)] == [(100, 10), (115, 30)]


def test_a_row_gives_its_cells_equal_shares_unless_widths_say_otherwise():
    cells = [Probe(10), Probe(20), Probe(30)]
    lay(Row(cells, gap=12))
    assert [(x, width) for x, _, width, _ in (cell.place for cell in cells)] == [(10, 92), (114, 92), (218, 92)]
    cells = [Probe(10), Probe(20), Probe(30)]
    lay(Row(cells, [50, None, 100], gap=10))
    assert [(x, width) for x, _, width, _ in (cell.place for cell in cells)] == [(10, 50), (70, 130), (210, 100)]


def test_a_row_is_as_tall_as_its_tallest_cell_and_says_so_to_all():
    cells = [Probe(10), Probe(30)]
    row = Row(cells)
    lay(row)
    assert row.height(300) == 30
    assert [cell.place[3] for cell in cells] == [30, 30]
    with pytest.raises(ValueError, match="argument"):
        Row(cells, [50]).height(300)


@pytest.mark.parametrize(("share", "y"), [(0.5, 110), (1, 120)])
def test_what_is_shorter_than_its_row_stands_at_the_top_in_the_middle_or_at_the_foot(share, y):
    moved, stays = Probe(10), Probe(10)
    lay(Row([Middle(moved, share), Row([stays]), Probe(30)]))
    assert moved.place[1] == y
    assert stays.place[1] == 100


def test_the_columns_of_a_grid_stand_below_each_other():
    cells = [[Probe(10), Probe(20)], [Probe(30), Probe(5)]]
    laid = grid(cells, [80, None], gap=16, apart=8)
    lay(laid)
    assert [[cell.place[:2] for cell in row] for row in cells] == [[(10, 100), (106, 100)], [(10, 128), (106, 128)]]
    assert laid.height(300) == 58


def test_a_ruled_grid_has_rules_between_its_rows_only():
    d = drawing()
    laid = grid([[Probe(10)], [Probe(10)], [Probe(10)]], apart=8, ruled=True)
    laid.draw(d, 10, 100, 300)
    assert re.findall(r'd="M (\S+) (\S+) L (\S+) (\S+)"', d.svg()) == [
        ("10", "118", "310", "118"),
        ("10", "145", "310", "145"),
    ]
    assert laid.height(300) == 64


def test_a_box_leaves_room_around_its_part_and_fills_its_row():
    part, d = Probe(40), drawing()
    box = Box(part, sides=14, above=10, below=6, stroke=look.RULE)
    Row([box, Probe(90)]).draw(d, 10, 100, 600)
    assert box.height(300) == 56
    assert part.place == (24, 110, 272, 74)
    (frame,) = [node for node in ET.fromstring(d.svg()).iter(f"{SVG}rect") if node.get("rx") == "8"]
    assert [frame.get(name) for name in ("x", "y", "width", "height")] == ["10", "100", "300", "90"]


def test_a_box_may_have_a_frame_of_its_own():
    frames = []
    lay(Box(Probe(40), above=10, below=10, stroke=look.RULE, frame=lambda _d, *place: frames.append(place)))
    assert frames == [(10, 100, 300, 60)]


def test_a_box_is_never_lower_than_its_least_height():
    assert Box(Probe(40), above=10, below=10, least=90).height(300) == 90
    assert Box(Probe(80), above=10, below=10, least=90).height(300) == 100


def test_a_card_is_framed_and_one_with_a_tone_is_set_off():
    (plain, toned) = card(Probe(1)), card(Probe(1), look.DENIED, sides=8)
    assert (plain.fill, plain.stroke) == (look.WHITE, look.RULE)
    assert (toned.fill, toned.stroke, toned.sides) == (look.DENIED.wash, look.DENIED.mark, 8)
    assert card(Probe(1), look.DATA_KEY).stroke == look.DATA_KEY.text  # its mark is too light for an edge


def test_a_part_may_be_made_for_the_width_it_gets():
    made = Fitted(lambda width: Probe(10) if width > 200 else Probe(30))
    assert (made.height(300), made.height(100)) == (10, 30)
    part = Probe(5)
    lay(Row([Fitted(lambda _width: part), Probe(30)]))
    assert part.place == (10, 100, 150, 30)


@given(st.text(min_size=1), st.floats(60, 700), st.sampled_from([12, 13, 15]))
def test_words_take_as_many_lines_as_are_drawn(said, width, size):
    part, d = Text(said, size), drawing()
    part.draw(d, 10, 100, width)
    lines = words(d.svg())[1:]
    assert part.height(width) == part.step * len(lines)
    assert all(line.top >= 100 - 1 and line.foot <= 100 + part.height(width) + 1 for line in lines)
    assert all(line.right <= 10 + max(width, 27) for line in lines)


def test_lines_that_were_broken_by_hand_stay_broken():
    assert Text(["one", "two"]).lines(300) == ["one", "two"]
    assert Text(["one", LONG]).lines(300)[1] != LONG


def test_words_that_are_cut_stay_on_one_line():
    part = Text(LONG, cut=True)
    assert part.height(120) == part.step
    assert "…" in part.lines(120)[0]


@pytest.mark.parametrize(("anchor", "x"), [("start", "10"), ("middle", "160"), ("end", "310")])
def test_words_stand_at_the_start_in_the_middle_or_at_the_end_of_their_width(anchor, x):
    d = drawing()
    Text("word", anchor=anchor).draw(d, 10, 100, 300)
    assert f'x="{x}"' in d.svg()


def test_words_of_two_sizes_stand_on_one_line_in_a_row():
    row = Row([Text("big", look.HEADING, leading=20), Text("small", look.NOTE, leading=20)])
    big, small = baselines(row)
    assert big == small


@pytest.mark.parametrize("name", EXTENTS)
def test_a_mark_stands_inside_its_place(name):
    d = drawing()
    part = mark(name, 2, anchor="start")
    part.draw(d, 10, 100, 300)
    extent = EXTENTS[name]
    assert part.height(300) == 2 * extent.height
    x, y = map(float, re.search(r'<use [^>]*transform="translate\((\S+) (\S+)\)', d.svg()).groups())
    assert (x + 2 * extent.left, y + 2 * extent.top) == pytest.approx((10, 100))
    assert name in MARKS


def test_a_mark_beside_a_line_stands_in_its_middle():
    d = drawing()
    mark("allowed", tall=20).draw(d, 10, 100, 30)
    assert 'transform="translate(25 110)"' in d.svg()


def test_a_sketch_is_drawn_about_the_middle_and_a_scene_from_the_corner():
    places = []
    lay(sketch(40, lambda _d, x, y: places.append((x, y))))
    lay(Scene(40, lambda _d, x, y, width: places.append((x, y, width))))
    assert places == [(160, 120), (10, 100, 300)]


@pytest.mark.parametrize("canvas", [look.WIDE, look.LAB, look.NARROW])
def test_a_drawing_is_as_high_as_what_is_laid_on_it(canvas):
    d = drawing(canvas)
    part = Column(
        [
            Text("Heading", look.HEADING, 700),
            grid([[Text("name", look.NOTE), Text(LONG)], [Text("other"), Text(LONG)]], [60, None], ruled=True),
            rule(),
            Row([card(Text(LONG)), card(Column([Text("short"), Gap(4), mark("sheet")]), look.KMS)], gap=16),
        ],
        gap=12,
    )
    svg = render(d, part, above=10, below=20)
    assert d.height == pytest.approx(d.top + 10 + part.height(d.room) + 20)
    assert quarrels(svg) == []
    assert max(line.foot for line in words(svg)) < d.height - 20


def test_what_is_higher_than_its_row_begins_at_its_top():
    drawing, places = Drawing("x", "t", "a"), []
    part = Scene(40, lambda *place: places.append(place[2]))
    Middle(part).draw(drawing, 0, 100, 50, tall=30)
    assert places == [100]
