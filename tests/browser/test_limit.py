"""The labs of chapter 02, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import PATIENCE

LIMIT = (
    "from kms_teach import Simulator\nfrom kms_teach.chapters.encrypt.limit_lab import LimitLab\nLimitLab(Simulator())"
)
BLOB = "from kms_teach import Simulator\nfrom kms_teach.chapters.encrypt.blob_lab import BlobLab\nBlobLab(Simulator())"


@pytest.fixture
def limit(scratch):
    return scratch(LIMIT)


@pytest.fixture
def blob(scratch):
    return scratch(BLOB)


def test_the_arrow_keys_cross_the_limit_byte_by_byte_and_come_back(limit):
    cells = limit.cells()
    limit.go("Size in bytes")
    limit.shows("4,096 bytes fit, and not one more would")
    slider = limit.page.get_by_role("slider", name="Size in bytes")
    expect(slider).to_have_attribute("aria-valuetext", "4,096", timeout=PATIENCE)
    limit.press("ArrowRight")
    limit.shows("One byte too many, and KMS encrypts nothing")
    limit.says("ValidationException, one too many")
    limit.press("ArrowLeft")
    limit.says("Encrypted: 4,096 bytes")
    limit.press("End")
    limit.shows("1,536 bytes too many, and KMS encrypts nothing")
    limit.press("Home")
    limit.shows("Nothing to encrypt, so KMS encrypts nothing")
    assert limit.cells() == cells


def test_a_photo_is_typed_and_refused_and_nonsense_is_answered_in_a_sentence(limit):
    limit.write("Or type a size", "3400000")
    limit.shows("3.4 MB is 830 times the limit: KMS encrypts nothing")
    limit.write("Or type a size", "my photo")
    limit.says("my photo is not a size")
    limit.shows("3.4 MB is 830 times the limit: KMS encrypts nothing")
    assert limit.errors() == []


def test_another_key_spec_is_chosen_with_the_arrow_keys(limit):
    limit.use("Key spec and algorithm", "ArrowDown")
    limit.says("3,882 too many. Send less, or encrypt with a data key of a SYMMETRIC_DEFAULT key: this one gives none.")
    limit.shows("4,096 bytes is 19 times the limit: KMS encrypts nothing")
    limit.write("Or type a size", "214")
    limit.shows("214 bytes fit, and not one more would")


def test_the_end_of_the_bar_is_dragged_across_the_limit_and_the_arrows_go_on_from_there(limit):
    place = limit.page.locator(".kms-view [data-points='Size in bytes']:visible")
    box = place.bounding_box()
    limit.page.mouse.move(box["x"] + box["width"] * 4096.5 / 5633, box["y"] + box["height"] / 2)
    limit.page.mouse.down()
    limit.page.mouse.move(box["x"] + box["width"] * 5000.5 / 5633, box["y"] + box["height"] / 2, steps=5)
    limit.page.mouse.up()
    limit.settle()
    limit.shows(re.compile("^9[0-9][0-9] bytes too many, and KMS encrypts nothing"))
    slider = limit.page.get_by_role("slider", name="Size in bytes")
    expect(slider).to_be_focused(timeout=PATIENCE)
    before = slider.get_attribute("aria-valuenow")
    limit.press("ArrowRight")
    expect(slider).not_to_have_attribute("aria-valuenow", before, timeout=PATIENCE)


def test_a_bit_is_flipped_and_the_context_changed_without_a_mouse(blob):
    cells = blob.cells()
    blob.shows("Same blob, same context: it opens")
    blob.use("Byte to flip (0: none)", "ArrowRight")
    blob.shows("One flipped bit, and it is no blob any more")
    for _ in range(5):
        blob.page.keyboard.press("ArrowRight")
    blob.shows("One flipped bit, and KMS looks for another key")
    blob.says("bit 0 of byte 6 was flipped (key material id)")
    blob.press("Home")
    blob.shows("Same blob, same context: it opens")
    blob.use("At Decrypt, bring", "ArrowDown")
    blob.shows("The pairs in another order: it opens all the same")
    blob.press("End")
    blob.shows("Without its context, nothing opens")
    assert blob.cells() == cells


def test_nothing_sticks_out_and_nothing_is_unnamed_at_any_width_in_either_theme(scratch):
    book = scratch(LIMIT, BLOB)
    for theme in ("light", "dark"):
        book.theme(theme)
        for width in (1280, 800, 420):
            book.width(width)
            assert book.overflow() == []
            assert book.axe() == []
    assert book.errors() == []
    assert all(control.name for area in book.controls() for control in area)
