"""The labs of chapter 02, by keyboard alone."""

import pytest

LIMIT = "from kms_teach import Simulator\nfrom kms_teach.widgets.limit import LimitLab\nLimitLab(Simulator())"
BLOB = "from kms_teach import Simulator\nfrom kms_teach.widgets.blob import BlobLab\nBlobLab(Simulator())"


@pytest.fixture
def limit(scratch):
    return scratch(LIMIT)


@pytest.fixture
def blob(scratch):
    return scratch(BLOB)


def status(book):
    return book.page.locator(".kms-status [role=status]").inner_text().strip()


def title(book):
    """The name of the picture that is shown."""
    (name,) = [picture["name"] for picture in book.pictures() if picture["shown"] and picture["tag"] == "svg"]
    return name


def focus(book, name):
    """Go to a control with the Tab key, from the first control on."""
    controls = [control for area in book.controls() for control in area]
    controls[0].element.focus()
    for _ in controls:
        if any(book.has_focus(control) and control.name == name for control in controls):
            return
        book.press("Tab")
    raise AssertionError(f"the Tab key does not reach {name}, only {[str(control) for control in controls]}")


def test_the_arrow_keys_cross_the_limit_byte_by_byte_and_come_back(limit):
    cells = limit.cells()
    focus(limit, "Size in bytes")
    assert title(limit) == "4,096 bytes fit, and not one more would"
    slider = limit.page.get_by_role("slider", name="Size in bytes")
    assert slider.get_attribute("aria-valuetext") == "4,096"
    assert limit.page.locator(".kms-status [role=status]").get_attribute("aria-live") == "polite"
    limit.press("ArrowRight")
    assert title(limit) == "One byte too many, and KMS encrypts nothing"
    assert "ValidationException, one too many" in status(limit)
    limit.press("ArrowLeft")
    assert status(limit).startswith("Encrypted: 4,096 bytes")
    limit.press("End")
    assert title(limit) == "1,536 bytes too many, and KMS encrypts nothing"
    limit.press("Home")
    assert title(limit) == "Nothing to encrypt, so KMS encrypts nothing"
    assert limit.cells() == cells


def test_a_photo_is_typed_and_refused_and_nonsense_is_answered_in_a_sentence(limit):
    focus(limit, "Or type a size")
    limit.page.keyboard.press("ControlOrMeta+a")
    limit.page.keyboard.type("3400000")
    limit.press("Enter")
    assert title(limit) == "3.4 MB is 830 times the limit: KMS encrypts nothing"
    limit.page.keyboard.press("ControlOrMeta+a")
    limit.page.keyboard.type("my photo")
    limit.press("Enter")
    assert "my photo is not a size" in status(limit)
    assert title(limit) == "3.4 MB is 830 times the limit: KMS encrypts nothing"
    assert limit.errors() == []


def test_another_key_spec_is_chosen_with_the_arrow_keys(limit):
    focus(limit, "Key spec and algorithm")
    limit.press("ArrowDown")
    limit.page.wait_for_function(
        "() => document.querySelector('.kms-status [role=status]').innerText.startsWith('Encrypted: 214 bytes')"
    )
    limit.settle()
    assert title(limit) == "214 bytes fit, and not one more would"


def test_a_bit_is_flipped_and_the_context_changed_without_a_mouse(blob):
    cells = blob.cells()
    assert title(blob) == "Same blob, same context: it opens"
    focus(blob, "Byte to flip (0: none)")
    blob.press("ArrowRight")
    assert title(blob) == "One flipped bit, and it is no blob any more"
    for _ in range(5):
        blob.page.keyboard.press("ArrowRight")
    blob.settle()
    assert title(blob) == "One flipped bit, and KMS looks for another key"
    assert "bit 0 of byte 6 was flipped (key material id)" in status(blob)
    blob.press("Home")
    assert title(blob) == "Same blob, same context: it opens"
    focus(blob, "At Decrypt, bring")
    blob.press("ArrowDown")
    assert title(blob) == "The pairs in another order: it opens all the same"
    blob.press("End")
    assert title(blob) == "Without its context, nothing opens"
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
