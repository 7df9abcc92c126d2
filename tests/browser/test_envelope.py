"""The lab of chapter 03, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from kms_teach.chapters.envelope.facts import TITLES
from tests.browser.jupyter import PATIENCE

ENVELOPE = """from kms_teach import Simulator
from kms_teach.chapters.envelope.lab import EnvelopeLab
EnvelopeLab(Simulator(start="2026-01-01T00:00:00Z"))"""
MIB = 2**20
SAID = {"lose": "Refused. ValidationException", "key": "Refused. InvalidCiphertextException"}  # mistake: at step 6


@pytest.fixture
def book(scratch):
    return scratch(ENVELOPE)


def test_a_file_is_encrypted_and_opened_again_step_by_step(book):
    cells = book.cells()
    book.go("Next step")
    for step in range(1, 8):
        book.press("Enter")
        book.shows(TITLES[step])
    book.says("The same SHA-256 as before. It took 2 calls")
    book.use("Back", "Enter")
    book.shows(TITLES[6])
    book.says("Only the encrypted key went to KMS, 113 bytes, and the plaintext key came back. You are looking back")
    assert book.cells() == cells


def test_the_picture_does_not_jump_from_step_to_step(book):
    book.go("Next step")
    button = book.page.get_by_role("button", name="Next step")
    tops = [button.evaluate("e => e.getBoundingClientRect().top")]
    for step in range(1, 8):
        book.press("Enter")
        book.shows(TITLES[step])
        tops.append(button.evaluate("e => e.getBoundingClientRect().top"))
        assert button.evaluate("e => document.activeElement === e")
    assert max(tops) - min(tops) <= 1


def test_a_step_is_clicked_where_it_is_drawn_and_moved_by_the_arrow_keys(book):
    book.page.locator(".kms-view [data-points=Step][data-value='4']:visible").click()
    book.shows(TITLES[4])
    expect(book.page.get_by_role("slider", name="Step")).to_be_focused(timeout=PATIENCE)
    book.press("ArrowRight")
    book.shows(TITLES[5])
    book.press("Home")
    book.shows(TITLES[0])


def test_mistakes_are_chosen_by_arrow_and_their_refusals_read(book):
    book.go("Next step")
    for step in range(1, 7):
        book.press("Enter")
        book.shows(TITLES[step])
    book.go("What goes wrong")
    for mistake in ("forget", "lose", "data", "key"):
        book.press("ArrowDown")
        book.shows(TITLES.get((mistake, 6), TITLES[6]))
        book.says(SAID.get(mistake, "Only the encrypted key went to KMS"))
    assert book.axe() == []
    four = book.page.locator(".kms-teach li").all_inner_texts()
    assert [line.split(" did not")[0].split(" read it")[0] for line in four] == [
        "A local program", "A thief with the disk", "Who has kms:Decrypt", "KMS by itself",
    ]  # fmt: skip
    assert "AccessDeniedException: User: arn:aws:iam::111122223333:user/thief-with-the-disk" in four[1]
    book.use("An attacker looks now")
    expect(book.page.locator(".kms-teach li")).to_have_count(0, timeout=PATIENCE)


def test_a_file_of_ones_own_comes_by_upload_and_by_path(book, tmp_path):
    small, large = tmp_path / "small.bin", tmp_path / "large.bin"
    small.write_bytes(bytes(2 * MIB))
    large.write_bytes(bytes(64 * MIB))
    book.page.once("filechooser", lambda chooser: chooser.set_files(small))
    book.use("Your own file, up to 9 MB (0)", "Enter")
    book.says("small.bin has 2.1 MB")
    book.write("Or the path of a file of any size", str(large))
    book.says("large.bin has 67.1 MB")
    book.go("Next step")
    for step in range(1, 8):
        book.press("Enter")
        book.shows(TITLES[step])
    book.says("The same SHA-256 as before. It took 2 calls; in pieces of 4,096 bytes it would have been 32,768.")
    book.use("Take the sample", "Enter")
    book.says("lake.jpg has 20,911 bytes")


def test_what_is_no_file_is_answered_in_the_status_line(book):
    book.write("Or the path of a file of any size", "x")
    book.says("Not done. x cannot be read: type the path of a file of yours.")
    assert book.errors() == []


def test_on_a_narrow_page_it_scrolls_in_its_own_box(book):
    book.width(480)
    assert book.overflow() == []
    assert book.axe() == []
