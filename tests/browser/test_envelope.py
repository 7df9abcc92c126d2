"""The lab of chapter 03, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from kms_teach.pictures.envelope_facts import TITLES

ENVELOPE = """from kms_teach import Simulator
from kms_teach.widgets.envelope import EnvelopeLab
EnvelopeLab(Simulator(start="2026-01-01T00:00:00Z"))"""
PATIENCE = 30_000  # ms
MIB = 2**20
SAID = {"lose": "Refused. ValidationException", "key": "Refused. InvalidCiphertextException"}  # mistake: at step 6


@pytest.fixture
def book(scratch):
    return scratch(ENVELOPE)


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
        if any(book.has_focus(control) and name in control.name for control in controls):
            return
        book.page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {name}, only {[str(control) for control in controls]}")


def press(book, name, key):
    focus(book, name)
    book.press(key)


def test_a_file_is_encrypted_and_opened_again_step_by_step(book):
    cells = book.cells()
    focus(book, "Next step")
    for step in range(1, 8):
        book.press("Enter")
        shows(book, TITLES[step])
    says(book, "The same SHA-256 as before. It took 2 calls")
    press(book, "Back", "Enter")
    shows(book, TITLES[6])
    says(book, "Only the encrypted key went to KMS, 113 bytes, and the plaintext key came back. You are looking back")
    assert book.cells() == cells


def test_the_picture_does_not_jump_from_step_to_step(book):
    focus(book, "Next step")
    button = book.page.get_by_role("button", name="Next step")
    tops = [button.evaluate("e => e.getBoundingClientRect().top")]
    for step in range(1, 8):
        book.press("Enter")
        shows(book, TITLES[step])
        tops.append(button.evaluate("e => e.getBoundingClientRect().top"))
        assert button.evaluate("e => document.activeElement === e")
    assert max(tops) - min(tops) <= 1


def test_mistakes_are_chosen_by_arrow_and_their_refusals_read(book):
    focus(book, "Next step")
    for step in range(1, 7):
        book.press("Enter")
        shows(book, TITLES[step])
    focus(book, "What goes wrong")
    for mistake in ("forget", "lose", "data", "key"):
        book.press("ArrowDown")
        shows(book, TITLES.get((mistake, 6), TITLES[6]))
        says(book, SAID.get(mistake, "Only the encrypted key went to KMS"))
    assert book.axe() == []
    four = book.page.locator(".kms-teach li").all_inner_texts()
    assert [line.split(" did not")[0].split(" read it")[0] for line in four] == [
        "A local program", "A thief with the disk", "Who has kms:Decrypt", "KMS by itself",
    ]  # fmt: skip
    assert "AccessDeniedException: User: arn:aws:iam::111122223333:user/thief-with-the-disk" in four[1]
    press(book, "An attacker looks now", "Space")
    expect(book.page.locator(".kms-teach li")).to_have_count(0, timeout=PATIENCE)


def test_a_file_of_ones_own_comes_by_upload_and_by_path(book, tmp_path):
    small, large = tmp_path / "small.bin", tmp_path / "large.bin"
    small.write_bytes(bytes(2 * MIB))
    large.write_bytes(bytes(64 * MIB))
    book.page.on("filechooser", lambda chooser: chooser.set_files(small))
    press(book, "Your own file, up to 9 MB", "Enter")
    says(book, "small.bin has 2.1 MB")
    press(book, "Or the path of a file of any size", "Control+a")
    book.page.keyboard.type(str(large))
    book.press("Enter")
    says(book, "large.bin has 67.1 MB")
    focus(book, "Next step")
    for step in range(1, 8):
        book.press("Enter")
        shows(book, TITLES[step])
    says(book, "The same SHA-256 as before. It took 2 calls; in pieces of 4,096 bytes it would have been 32,768.")
    press(book, "Take the sample", "Enter")
    says(book, "lake.jpg has 20,911 bytes")


def test_what_is_no_file_is_answered_in_the_status_line(book):
    press(book, "Or the path of a file of any size", "x")
    book.press("Enter")
    says(book, "Not done. x cannot be read: type the path of a file of yours.")
    assert book.errors() == []


def test_on_a_narrow_page_it_scrolls_in_its_own_box(book):
    book.width(480)
    assert book.overflow() == []
    assert book.axe() == []
