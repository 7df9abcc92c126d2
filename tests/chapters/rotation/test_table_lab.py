import xml.etree.ElementTree as ET

import pytest

from kms_teach.chapters.rotation.sheet import NEWER, OLD_SHEET, turned
from kms_teach.chapters.rotation.table_lab import RotationTableLab
from kms_teach.keys.ownership import KINDS, LAUNCH, READ_ON
from tests.drawing.drawn import quarrels, texts


@pytest.fixture
def lab():
    return RotationTableLab()


def test_the_year_on_the_slider_is_the_year_in_the_picture_and_in_the_words(lab):
    lab.uncover.click()
    for year in (LAUNCH.year, 2022, READ_ON.year):
        lab.year.value = year
        assert str(year) in lab.picture.title
        assert lab.status.startswith(f"In {year}. ")
        assert all(of.told(year) in lab.status for of in KINDS)


def test_a_bar_is_covered_until_a_claim_about_it_is_dated(lab):
    told = [rotation.words for of in KINDS for rotation in of.rotations]
    assert lab.covered == {of.name for of in KINDS}
    for year in range(LAUNCH.year, READ_ON.year + 1):
        lab.year.value = year
        shown = f"{lab.status} {lab.picture.alt} {lab.picture.title} {lab.picture!r} {lab.picture.table}"
        shown += " ".join(texts(lab.picture.svg) + texts(lab.picture.narrow))
        assert [words for words in told if words in shown] == []
    lab.year.value = 2022
    lab.turned.click()
    assert lab.covered == {"Customer managed", "AWS owned"}
    assert "every 1,095 days (3 years)" in " ".join(texts(lab.picture.svg))
    lab.uncover.click()
    assert lab.covered == set()
    assert lab.picture.title == "In 2022 “every 1,095 days” stopped being true"


def test_the_picture_is_as_high_in_every_year_covered_or_not(lab):
    sizes = set()
    for _ in range(2):
        for year in range(LAUNCH.year, READ_ON.year + 1):
            lab.year.value = year
            sizes.add(ET.fromstring(lab.picture.svg).get("viewBox"))
            assert quarrels(lab.picture.svg) == []
        lab.uncover.click()
    assert len(sizes) == 1
    assert float(sizes.pop().split()[3]) <= 500


def test_the_slider_goes_from_the_launch_to_the_day_the_sources_were_read(lab):
    assert (lab.year.min, lab.year.max) == (LAUNCH.year, READ_ON.year)


@pytest.mark.parametrize("claim", [*OLD_SHEET, *NEWER], ids=lambda c: f"{c.kind} {c.words}")
def test_every_claim_can_be_dated_in_its_year_and_in_no_other(lab, claim):
    at = turned(claim)
    lab.claim.value = claim
    for year in range(LAUNCH.year, READ_ON.year + 1):
        lab.year.value = year
        lab.turned.click()
        right = at is not None and at.year == year
        assert lab.status.startswith("Right. " if right else f"It did not turn in {year}. ")
        if at and not right:
            assert lab.status.endswith("Look later." if at.year > year else "Look earlier.")
    lab.never.click()
    assert lab.status.startswith("Right. " if at is None else "It did. ")


def test_choosing_a_claim_says_what_to_do(lab):
    lab.claim.value = NEWER[0]
    assert lab.status == (
        "“AWS managed: every 365 days”: find the year in which it turned true or false, or say that it never did."
    )


def test_a_right_date_comes_with_its_source(lab):
    lab.year.value = 2022
    lab.turned.click()
    assert lab.status == (
        "Right. “AWS managed: every 1,095 days”: true until May 2022. "
        "Source: KMS Developer Guide, “Rotate AWS KMS keys”."
    )


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run(lab):
    one, two = lab._repr_mimebundle_(), RotationTableLab()._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])


def test_every_control_has_a_label(lab):
    assert all(control.description for control in lab.controls)
