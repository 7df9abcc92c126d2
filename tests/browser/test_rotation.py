"""The labs of chapter 05, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import PATIENCE

ROTATION = """from kms_teach import Simulator
from kms_teach.chapters.rotation.timeline_lab import RotationLab
RotationLab(Simulator(start="2026-01-01T00:00:00Z"))"""
TABLE = "from kms_teach.chapters.rotation.table_lab import RotationTableLab\nRotationTableLab()"


@pytest.fixture
def rotation(scratch):
    return scratch(ROTATION)


@pytest.fixture
def table(scratch):
    return scratch(TABLE)


def test_ten_years_of_rotation_and_back(rotation):
    cells = rotation.cells()
    rotation.use("Automatic rotation")
    rotation.says("Automatic rotation is on, every 365 days. Next automatic rotation: 1 Jan 2027.")
    rotation.use("Time", "End")
    rotation.shows("Rotated ten times, and the old ciphertext still opens")
    assert "and 6 more," in rotation.text()
    rotation.use("Encrypt a file now", "Enter")
    rotation.says("ledger.csv is encrypted, with material 11.")
    rotation.use("Time", "Home")
    rotation.says("Back on 1 Jan 2026.")
    rotation.shows("Not rotated yet: one material does all the work")
    for _ in range(12):
        rotation.press("ArrowRight")
    rotation.says("It rotated once, on 1 Jan 2027; every file opens.")
    slider = rotation.page.get_by_role("slider", name="Time")
    expect(slider).to_have_attribute("aria-valuetext", "1 Jan 2027", timeout=PATIENCE)
    assert rotation.cells() == cells


def test_the_date_beside_the_slider_cannot_be_typed_over(rotation):
    date = rotation.page.locator(".kms-stops .widget-readout")
    expect(date).to_have_attribute("contenteditable", "false", timeout=PATIENCE)
    date.click()
    rotation.page.keyboard.type("nonsense")
    expect(date).to_have_text("1 Jan 2026")


def test_what_aws_and_boto3_refuse_is_said_and_the_field_shows_what_is(rotation):
    rotation.use("Automatic rotation")
    rotation.write("Period in days", "2561")
    rotation.says("ValidationException")
    assert rotation.page.get_by_label("Period in days").input_value() == "365"
    rotation.write("Period in days", "89")
    rotation.says("Not done. boto3 did not even send it")
    rotation.write("Period in days", "90")
    rotation.says("Automatic rotation is on, every 90 days. Next automatic rotation: 1 Apr 2026.")


def test_a_key_is_disabled_refuses_and_is_enabled_again(rotation):
    rotation.use("Key enabled")
    rotation.shows("A disabled key opens nothing, and does not rotate")
    rotation.use("Rotate on demand", "Enter")
    rotation.says("DisabledException")
    rotation.use("Key enabled")
    rotation.use("Rotate on demand", "Enter")
    rotation.says("Rotated on demand. Material 2 encrypts from now on.")
    rotation.use("Start again", "Enter")
    rotation.shows("Never rotated: one material does all the work")
    assert rotation.axe() == []


def test_the_picture_does_not_jump_while_time_moves(rotation):
    rotation.use("Automatic rotation")
    rotation.go("Time")
    place = "e => e.getBoundingClientRect().top"
    slider = rotation.page.get_by_role("slider", name="Time")
    tops = [slider.evaluate(place)]
    for key in ("PageUp", "PageUp", "End", "Home"):
        before = slider.get_attribute("aria-valuetext")
        rotation.press(key)
        expect(slider).not_to_have_attribute("aria-valuetext", before, timeout=PATIENCE)
        rotation.settle()
        tops.append(slider.evaluate(place))
    assert max(tops) - min(tops) <= 1


def test_a_claim_is_dated_by_the_year_in_which_it_turned(table):
    cells = table.cells()
    table.use("It turned in this year", "Enter")
    table.says("It did not turn in 2019. “AWS managed: every 1,095 days”. Look later.")
    table.go("Year")
    for _ in range(3):
        table.press("ArrowRight")
    table.shows("3 of 3 bars covered: date a claim to lift one")
    table.use("It turned in this year", "Enter")
    table.says("Right. “AWS managed: every 1,095 days”: true until May 2022.")
    table.shows("2 of 3 bars covered: date a claim to lift one")
    table.use("Claim", "ArrowDown")
    table.use("It never turned", "Enter")
    table.says("Right. “AWS owned: varies”: still true.")
    table.use("Uncover all", "Enter")
    table.shows("In 2022 “every 1,095 days” stopped being true")
    assert table.cells() == cells


def test_on_a_narrow_page_the_table_is_restacked(table):
    table.width(420)
    assert table.overflow() == []
    (shown,) = [picture for picture in table.pictures() if picture["shown"] and picture["tag"] == "svg"]
    assert 'viewBox="0 0 380 ' in shown["start"]
    assert table.axe() == []
