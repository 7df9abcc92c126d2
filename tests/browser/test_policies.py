"""The labs of policies, used by keyboard alone."""

from collections.abc import Callable

import pytest

from tests.browser.jupyter import Book

POLICY = "from kms_teach.widgets.policy import PolicyLab; PolicyLab({example})"
WHO = "from kms_teach.widgets.who_may import WhoMayLab; WhoMayLab()"
Scratch = Callable[..., Book]


def status(book: Book) -> str:
    """What a screen reader was told last."""
    return book.page.locator("[role=status]").last.inner_text().strip()


def title(book: Book) -> str:
    assert book.errors() == []
    return book.page.locator(".kms-wide svg > title").first.text_content(timeout=10_000) or ""


def tab_to(book: Book, role: str, name: str) -> None:
    """Press Tab until the control has the focus."""
    control = book.page.get_by_role(role, name=name, exact=True)
    for _ in range(30):
        if control.evaluate("e => document.activeElement === e"):
            return
        book.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {role} {name}")


def start(book: Book) -> None:
    book.page.locator(".kms-teach").get_by_role("combobox").first.focus()


def test_a_denial_is_repaired_and_the_repair_undone_without_a_mouse(scratch: Scratch) -> None:
    book = scratch(POLICY.format(example=0))
    cells = book.cells()
    assert title(book).startswith("Denied: the key policy lets IAM decide")
    start(book)
    tab_to(book, "button", "Make this change")
    book.press("Enter")
    assert title(book).startswith("Allowed")
    assert status(book).startswith("Done: give alice an IAM policy that allows kms:Encrypt on this")
    tab_to(book, "button", "Undo")
    book.press("Enter")
    assert title(book).startswith("Denied")
    assert status(book).startswith("Undone.")
    assert book.cells() == cells


def test_a_policy_is_typed_and_put_by_leaving_the_field(scratch: Scratch) -> None:
    book = scratch(POLICY.format(example=0))
    cells = book.cells()
    start(book)
    tab_to(book, "textbox", "IAM policy of alice")
    policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}'
    book.page.keyboard.type(policy)
    book.press("Tab")
    assert title(book) == "Allowed: the key policy lets IAM decide, and IAM says yes"
    assert "alice calls Encrypt: allowed." in status(book)
    assert book.cells() == cells


def test_a_mistake_is_read_out_with_its_line_and_the_text_stays_to_be_corrected(scratch: Scratch) -> None:
    book = scratch(POLICY.format(example=0))
    start(book)
    tab_to(book, "textbox", "Key policy")
    book.page.keyboard.press("Control+End")
    book.page.keyboard.press("Backspace")
    book.press("Tab")
    assert "is not valid JSON (line 1" in status(book)
    assert status(book).startswith("Refused.")
    field = book.page.get_by_role("textbox", name="Key policy", exact=True)
    assert not field.input_value().endswith("}")
    field.focus()
    book.page.keyboard.press("Control+End")
    book.page.keyboard.type("}")
    book.press("Tab")
    tab_to(book, "button", "Make this change")
    book.press("Enter")
    assert status(book).startswith("Done:")


def test_another_example_and_another_caller_are_chosen_with_the_arrow_keys(scratch: Scratch) -> None:
    book = scratch(POLICY.format(example=3))
    cells = book.cells()
    assert title(book) == "Denied: the key policy names neither alice nor the account"
    start(book)
    book.press("ArrowDown")
    assert title(book) == "Denied: the key policy does not name the account, so root has no say"
    tab_to(book, "button", "admin")
    book.press("Space")
    assert title(book) == "Allowed: the key policy names admin, and that is enough"
    assert book.cells() == cells


def test_the_cells_that_an_edit_turned_are_shown_and_explained_without_a_mouse(scratch: Scratch) -> None:
    book = scratch(WHO)
    cells = book.cells()
    assert title(book) == "Only the root user, admin and bob may Decrypt"
    start(book)
    book.press("ArrowDown")
    assert title(book) == "The edit opens 4 permissions for alice"
    tab_to(book, "button", "who may now")
    book.press("Space")
    assert title(book) == "Only the root user, admin, alice and bob may Decrypt"
    tab_to(book, "combobox", "may or may not")
    book.press("ArrowDown")
    assert "Decrypt: yes" in status(book)
    assert book.cells() == cells


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("source", [POLICY.format(example=5), WHO], ids=["policy", "who"])
def test_nothing_sticks_out_and_nothing_is_unnamed_at_any_width(scratch: Scratch, source: str, theme: str) -> None:
    book = scratch(source, theme=theme)
    for width in (1280, 800, 480):
        book.width(width)
        assert book.overflow() == []
    assert book.axe() == []
    assert [str(control) for area in book.controls() for control in area if not control.name] == []
    assert book.errors() == []
