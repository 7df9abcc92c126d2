"""The labs of chapter 05, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

ROTATION = """from kms_teach import Simulator
from kms_teach.widgets.rotation import RotationLab
RotationLab(Simulator(start="2026-01-01T00:00:00Z"))"""
PATIENCE = 30_000  # ms
TABLE = "from kms_teach.widgets.rotation_table import RotationTableLab\nRotationTableLab()"


@pytest.fixture
def rotation(scratch):
    return scratch(ROTATION)


@pytest.fixture
def table(scratch):
    return scratch(TABLE)


def says(book, words):
    """Wait until the status line says this, or begins so: the kernel may need its time."""
    expect(book.page.locator(".kms-status [role=status]")).to_have_text(re.compile(re.escape(words)), timeout=PATIENCE)


def shows(book, title):
    """Wait until the picture shown has this name."""
    expect(book.page.locator("svg[role=img]:visible > title")).to_have_text(title, timeout=PATIENCE)


def focus(book, name):
    """Go to a control with the Tab key, from the first control on."""
    controls = [control for area in book.controls() for control in area]
    controls[0].element.focus()
    for _ in controls:
        if any(book.has_focus(control) and control.name == name for control in controls):
            return
        book.page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {name}, only {[str(control) for control in controls]}")


def press(book, name, key):
    focus(book, name)
    book.press(key)


def typed(book, name, words):
    press(book, name, "Control+a")
    book.page.keyboard.type(words)
    book.press("Enter")


def test_ten_years_of_rotation_and_back(rotation):
    cells = rotation.cells()
    press(rotation, "Automatic rotation", "Space")
    says(rotation, "Automatic rotation is on, every 365 days. Next automatic rotation: 1 Jan 2027.")
    press(rotation, "Time", "End")
    shows(rotation, "Rotated ten times, and the old ciphertext still opens")
    assert "and 6 more," in rotation.text()
    press(rotation, "Encrypt a file now", "Enter")
    says(rotation, "ledger.csv is encrypted, with material 11.")
    press(rotation, "Time", "Home")
    says(rotation, "Back on 1 Jan 2026.")
    shows(rotation, "Not rotated yet: one material does all the work")
    for _ in range(12):
        rotation.press("ArrowRight")
    says(rotation, "It rotated once, on 1 Jan 2027; every file opens.")
    slider = rotation.page.get_by_role("slider", name="Time")
    assert slider.get_attribute("aria-valuetext") == "1 Jan 2027"
    assert rotation.cells() == cells


def test_what_aws_and_boto3_refuse_is_said_and_the_field_shows_what_is(rotation):
    press(rotation, "Automatic rotation", "Space")
    typed(rotation, "Period in days", "2561")
    says(rotation, "ValidationException")
    assert rotation.page.get_by_label("Period in days").input_value() == "365"
    typed(rotation, "Period in days", "89")
    says(rotation, "Not done. boto3 did not even send it")
    typed(rotation, "Period in days", "90")
    says(rotation, "Automatic rotation is on, every 90 days. Next automatic rotation: 1 Apr 2026.")


def test_a_key_is_disabled_refuses_and_is_enabled_again(rotation):
    press(rotation, "Key enabled", "Space")
    shows(rotation, "A disabled key opens nothing, and does not rotate")
    press(rotation, "Rotate on demand", "Enter")
    says(rotation, "DisabledException")
    press(rotation, "Key enabled", "Space")
    press(rotation, "Rotate on demand", "Enter")
    says(rotation, "Rotated on demand. Material 2 encrypts from now on.")
    press(rotation, "Start again", "Enter")
    shows(rotation, "Never rotated: one material does all the work")
    assert rotation.axe() == []


def test_the_picture_does_not_jump_while_time_moves(rotation):
    press(rotation, "Automatic rotation", "Space")
    focus(rotation, "Time")
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
    press(table, "It turned in this year", "Enter")
    says(table, "It did not turn in 2019. “AWS managed: every 1,095 days”: true in 2019. Look later.")
    focus(table, "Year")
    for _ in range(3):
        table.press("ArrowRight")
    shows(table, "In 2022 “every 1,095 days” stopped being true")
    press(table, "It turned in this year", "Enter")
    says(table, "Right. “AWS managed: every 1,095 days”: true until May 2022.")
    press(table, "Claim", "ArrowDown")
    press(table, "It never turned", "Enter")
    says(table, "Right. “AWS owned: varies”: still true.")
    assert table.cells() == cells


def test_on_a_narrow_page_the_table_is_restacked(table):
    table.width(420)
    assert table.overflow() == []
    (shown,) = [picture for picture in table.pictures() if picture["shown"] and picture["tag"] == "svg"]
    assert 'viewBox="0 0 380 ' in shown["start"]
    assert table.axe() == []
