import base64
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from kms_teach.chapters.start.legend import legend
from kms_teach.drawing.picture import NARROW_BELOW, Picture, table
from kms_teach.drawing.svg import Drawing


class Tags(HTMLParser):
    """Collects the start tags of a page with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, wanted):
        return [attributes for tag, attributes in self.found if tag == wanted]


def drawn(title, desc, **more):
    return Picture(title, desc, Drawing("a", title, desc, height=100).svg(), **more)


@given(st.text(min_size=1), st.text())
def test_the_image_says_title_and_description_whatever_they_hold(title, desc):
    picture = drawn(title, desc)
    (image,) = Tags(picture.html()).all("img")
    assert image["alt"] == picture.spoken
    assert "\n" not in repr(picture)


def test_the_spoken_words_are_the_title_and_then_the_description():
    assert drawn("Denied", "One. Two.").spoken == "Denied. One. Two."
    assert drawn("Why?", "Because.").spoken == "Why? Because."


def test_the_image_in_the_page_is_the_drawing():
    picture = drawn("a", "b")
    (image,) = Tags(picture.html()).all("img")
    assert base64.b64decode(image["src"].partition(",")[2]).decode() == picture.svg


def test_a_bundle_is_the_same_bytes_each_time():
    first, second = legend()._repr_mimebundle_(), legend()._repr_mimebundle_()
    assert first == second
    assert list(first) == ["text/plain", "text/html"]
    assert first["text/plain"] == repr(legend())


def test_a_wide_drawing_scrolls_in_a_named_box_that_the_keyboard_reaches():
    (box,) = Tags(drawn("a title", "b").html()).all("div")
    assert (box["role"], box["tabindex"], box["aria-label"]) == ("group", "0", "a title")
    assert "overflow-x:auto" in box["style"]


def test_a_narrow_drawing_replaces_the_box_and_the_image_stays_when_a_sanitiser_takes_the_rest():
    tags = Tags(drawn("a", "b", narrow="<svg/>").html())
    assert [tag for tag, _ in tags.found] == ["picture", "source", "img"]
    assert f"{NARROW_BELOW}px" in tags.all("source")[0]["media"]


@given(st.text(), st.text())
def test_a_table_holds_any_text_and_names_its_columns_and_rows(header, cell):
    tags = Tags(drawn("a", "b", table=table([header, "n"], [[cell, "1"]])).html())
    assert [head["scope"] for head in tags.all("th")] == ["col", "col", "row"]
    assert len(tags.all("td")) == len(tags.all("details")) == 1


def test_saving_writes_the_drawing_and_the_narrow_one_on_demand(tmp_path):
    picture = legend()
    picture.save(tmp_path / "wide.svg")
    picture.save(tmp_path / "narrow.svg", narrow=True)
    assert (tmp_path / "wide.svg").read_text("utf-8") == picture.svg
    assert (tmp_path / "narrow.svg").read_text("utf-8") == picture.narrow


def test_the_legend_says_the_same_wide_and_narrow_and_shares_no_id_between_them():
    picture = legend()
    wide, narrow = ET.fromstring(picture.svg), ET.fromstring(picture.narrow)
    for svg in (wide, narrow):
        assert [svg[0].text, svg[1].text] == [picture.title, picture.alt]
    assert not {node.get("id") for node in wide.iter()} & {node.get("id") for node in narrow.iter()} - {None}
