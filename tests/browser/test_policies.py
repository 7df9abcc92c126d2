"""The labs of policies, used by keyboard alone."""

import re
from collections.abc import Callable

import pytest

from tests.browser.jupyter import Book

POLICY = "from kms_teach.chapters.policies.policy_lab import PolicyLab; PolicyLab({example})"
WHO = "from kms_teach.chapters.policies.who_may_lab import WhoMayLab; WhoMayLab()"
Scratch = Callable[..., Book]


def test_a_denial_is_repaired_and_the_repair_undone_without_a_mouse(scratch: Scratch) -> None:
    book = scratch(POLICY.format(example=0))
    cells = book.cells()
    book.shows(re.compile("^Denied: the key policy lets IAM decide"))
    book.use("Make this change", "Enter")
    book.shows(re.compile("^Allowed"))
    book.says("Done: give alice an IAM policy that allows kms:Encrypt on this key")
    book.use("Undo", "Enter")
    book.shows(re.compile("^Denied"))
    book.says("Undone.")
    assert book.cells() == cells


def test_a_policy_is_typed_and_put_by_leaving_the_field(scratch: Scratch) -> None:
    book = scratch(POLICY.format(example=0))
    cells = book.cells()
    book.go("IAM policy of alice")
    policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}'
    book.page.keyboard.type(policy)
    book.press("Tab")
    book.shows("Allowed: the key policy lets IAM decide, and IAM says yes")
    book.says("alice calls Encrypt: allowed.")
    assert book.cells() == cells


def test_a_mistake_is_read_out_with_its_line_and_the_text_stays_to_be_corrected(scratch: Scratch) -> None:
    book = scratch(POLICY.format(example=0))
    book.go("Key policy")
    book.page.keyboard.press("Control+End")
    book.page.keyboard.press("Backspace")
    book.press("Tab")
    book.says("is not valid JSON (line 1")
    book.says("Refused.")
    field = book.page.get_by_role("textbox", name="Key policy", exact=True)
    assert not field.input_value().endswith("}")
    field.focus()
    book.page.keyboard.press("Control+End")
    book.page.keyboard.type("}")
    book.press("Tab")
    book.use("Make this change", "Enter")
    book.says("Done:")


def test_another_example_and_another_caller_are_chosen_with_the_arrow_keys(scratch: Scratch) -> None:
    book = scratch(POLICY.format(example=3))
    cells = book.cells()
    book.shows("Denied: the key policy names neither alice nor the account")
    book.use("Start from", "ArrowDown")
    book.shows("Denied: the key policy does not name the account, so root has no say")
    book.use("admin")
    book.shows("Allowed: the key policy names admin, and that is enough")
    assert book.cells() == cells


def test_the_cells_that_an_edit_turned_are_shown_and_explained_without_a_mouse(scratch: Scratch) -> None:
    book = scratch(WHO)
    cells = book.cells()
    book.shows("Only the root user, admin and bob may Decrypt")
    book.use("The key policy names", "ArrowDown")
    book.shows("The edit opens 4 permissions for alice")
    book.use("who may now")
    book.shows("Only the root user, admin, alice and bob may Decrypt")
    book.use("may or may not", "ArrowDown")
    book.says("Decrypt: yes")
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
