import pytest

from kms_teach.chapters.rotation.sheet import OLD_SHEET, footnotes, verdict, verdict_in
from kms_teach.chapters.rotation.table import rotation_table
from kms_teach.drawing.look import KMS
from kms_teach.keys.ownership import KINDS, LAUNCH, READ_ON
from tests.drawing.drawn import quarrels, texts

YEARS = range(LAUNCH.year, READ_ON.year + 1)


def flat(svg):
    return " ".join(texts(svg))


@pytest.mark.parametrize("year", [None, *YEARS])
def test_the_table_says_the_same_wide_and_narrow_for_every_year(year):
    picture = rotation_table(KINDS, year)
    for svg in (picture.svg, picture.narrow):
        said = flat(svg)
        for of in KINDS:
            assert of.name in said
            assert all(r.words in said for r in of.rotations)
            assert all(of.ended(r) in said for r in of.rotations)
        for claim in OLD_SHEET:
            assert (verdict(claim) if year is None else verdict_in(claim, year)) in said
        assert all(words in said for words in footnotes(year))


@pytest.mark.parametrize("year", [None, *YEARS])
def test_nothing_overlaps_or_leaves_the_card(year):
    picture = rotation_table(KINDS, year)
    assert quarrels(picture.svg) == []
    assert quarrels(picture.narrow) == []


@pytest.mark.parametrize("year", [None, *YEARS])
def test_what_held_is_set_off_and_nothing_else(year):
    loud = sum(len(of.rotations[-1:] if year is None else of.in_year(year)) for of in KINDS)
    assert rotation_table(KINDS, year).svg.count(f'fill="{KMS.wash}"') == loud


def test_all_years_have_one_size_so_that_the_slider_moves_only_what_changes():
    for drawing in ("svg", "narrow"):
        sizes = {getattr(rotation_table(KINDS, year), drawing).split("viewBox=")[1].split('"')[1] for year in YEARS}
        assert len(sizes) == 1


@pytest.mark.parametrize(
    ("year", "title"),
    [
        (None, "“Every 1,095 days” has not been true since May 2022"),
        (2019, "In 2019 “every 1,095 days” was true"),
        (2022, "In 2022 “every 1,095 days” stopped being true"),
        (2025, "In 2025 “every 1,095 days” was true no more"),
    ],
)
def test_the_title_dates_the_sentence_of_the_old_sheet(year, title):
    assert rotation_table(KINDS, year).title == title


def test_the_words_for_those_who_do_not_see_it_hold_every_period_and_what_held_then():
    alt = rotation_table(KINDS, 2022).alt
    assert "In 2022: " in alt
    assert all(of.told(2022) in alt for of in KINDS)
    assert all(r.words in alt for of in KINDS for r in of.rotations)


def test_the_data_has_a_row_for_each_period():
    rows = rotation_table(KINDS).table.rows
    assert [row[0] for row in rows] == [of.name for of in KINDS for _ in of.rotations]
    assert [row[-1] for row in rows] == ["12 Apr 2024", "today", "May 2022", "today", "today"]


def test_some_kinds_alone_can_be_drawn():
    picture = rotation_table(KINDS[2:])
    assert picture.title == "Who rotates a KMS key, and how often"
    assert quarrels(picture.svg) == []


@pytest.mark.parametrize("year", [LAUNCH.year - 1, READ_ON.year + 1])
def test_a_year_outside_is_refused(year):
    with pytest.raises(ValueError, match="choose a year from 2014 to 2026"):
        rotation_table(KINDS, year)
