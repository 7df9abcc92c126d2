import datetime as dt

import ipywidgets as W  # noqa: N812
import pytest

from kms_teach.teaching.controls import button, choice, number, slider, stops, text, tick, upload, uploaded


@pytest.mark.parametrize(
    "control",
    [
        button("Words"), slider("Words", 1, 9, 5), stops("Words", ["a", "b"]), choice("Words", ["a", "b"]),
        choice("Words", ["a", "b"], listed=True), tick("Words"), number("Words", 1, 9, 5), text("Words"),
        text("Words", rows=3), upload("Words"),
    ],
)  # fmt: skip
def test_every_control_has_its_words_as_a_visible_label(control):
    assert control.description == "Words"


def test_few_short_options_are_buttons_and_many_or_long_ones_a_list():
    assert isinstance(choice("Who", ["alice", "bob"]), W.ToggleButtons)
    assert isinstance(choice("Who", list("abcde")), W.Dropdown)
    assert isinstance(choice("Who", ["a" * 30, "b" * 30]), W.Dropdown)
    assert isinstance(choice("Who", ["alice", "bob"], listed=True), W.Dropdown)


@pytest.mark.parametrize("make", [choice, stops])
def test_options_are_words_pairs_or_a_mapping_and_the_first_is_chosen(make):
    assert make("Size", ["small", "large"]).value == "small"
    assert make("Size", [("small", 1), ("large", 2)]).value == 1
    assert make("Size", {"small": 1, "large": 2}, 2).value == 2


def test_a_number_outside_its_range_becomes_the_nearest():
    days = number("Days", 7, 30, 7)
    days.value = 90
    assert days.value == 30


def test_an_upload_gives_name_and_bytes():
    control = upload("Your file")
    assert uploaded(control) is None
    when = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    file = {"name": "a.txt", "type": "text/plain", "size": 2, "content": memoryview(b"hi"), "last_modified": when}
    control.value = (file,)
    assert uploaded(control) == ("a.txt", b"hi")
