import pytest

from kms_teach.chapters.rotation.claims import NEWER, OLD_SHEET, turned
from kms_teach.chapters.rotation.table_lab import RotationTableLab
from kms_teach.keys.ownership import KINDS, LAUNCH, READ_ON


@pytest.fixture
def lab():
    return RotationTableLab()


def test_the_year_on_the_slider_is_the_year_in_the_picture_and_in_the_words(lab):
    for year in (LAUNCH.year, 2022, READ_ON.year):
        lab.year.value = year
        assert str(year) in lab.picture.title
        assert lab.status.startswith(f"In {year}. ")
        assert all(of.told(year) in lab.status for of in KINDS)


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
