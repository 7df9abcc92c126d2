"""The labs of chapter 08, by keyboard alone."""

import pytest

SIM = "from kms_teach import Simulator\n"
GRANTS = "from kms_teach.widgets.grants import GrantLab\nGrantLab()"
TWO_KEYS = f"{SIM}from kms_teach.widgets.two_keys import TwoKeysLab\nTwoKeysLab(Simulator())"
CONDITIONS = f"{SIM}from kms_teach.widgets.conditions import ConditionLab\nConditionLab(Simulator())"


def status(book):
    return book.page.locator(".kms-status [role=status][aria-live=polite]").inner_text().strip()


def title(book):
    """The name of the picture that is shown."""
    (name,) = [picture["name"] for picture in book.pictures() if picture["shown"] and picture["tag"] == "svg"]
    return name


def go(book, name, occurrence=0):
    """Go to a control with the Tab key, from the first control on; `occurrence` counts those of the same name."""
    controls = [control for area in book.controls() for control in area]
    wanted = [control for control in controls if control.name == name][occurrence]
    controls[0].element.focus()
    for _ in controls:
        if book.has_focus(wanted):
            return
        book.page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {name}, only {[str(control) for control in controls]}")


def press(book, name, occurrence=0):
    go(book, name, occurrence)
    book.press("Space")


def test_a_grant_is_given_used_with_its_token_and_ended(scratch):
    book = scratch(GRANTS)
    cells = book.cells()
    press(book, "Call KMS")
    assert status(book).startswith("Denied. No IAM policy of worker")
    press(book, "CreateGrant", 1)  # the box to tick has the same name as the button
    assert title(book) == "worker may Decrypt, and no policy was changed"
    press(book, "Call KMS")
    assert title(book) == "Denied: grant 1 is there, but has not spread yet"
    press(book, "Show the grant token")
    press(book, "Call KMS")
    assert title(book) == "With its token, grant 1 lets worker call Decrypt"
    press(book, "Show the grant token")
    press(book, "Let 5 minutes pass")
    press(book, "Call KMS")
    assert title(book) == "Grant 1 lets worker call Decrypt"
    press(book, "RevokeGrant")
    assert "No IAM policy of lead allows kms:RevokeGrant" in status(book)
    press(book, "RetireGrant", 1)
    assert title(book) == "Grant 1 is retired, and still counts until 00:10"
    press(book, "Let 5 minutes pass")
    press(book, "Call KMS")
    assert title(book) == "Denied: grant 1 is gone"
    assert book.cells() == cells


def test_part_of_a_grant_is_passed_on_and_the_arrows_choose_the_constraint(scratch):
    book = scratch(GRANTS)
    cells = book.cells()
    press(book, "CreateGrant", 0)
    go(book, "Encryption context must be")
    book.press("ArrowDown")
    press(book, "CreateGrant", 1)
    assert "exactly tenant=Blue in the encryption context" in book.text()
    press(book, "worker", 0)
    press(book, "helper", 0)
    press(book, "CreateGrant", 1)
    assert title(book) == "Grant 2 passes on part of grant 1"
    assert book.cells() == cells


def test_two_keys_are_turned_one_after_the_other(scratch):
    book = scratch(TWO_KEYS)
    cells = book.cells()
    assert title(book) == "Neither account said yes: denied"
    press(book, "lets the account in")
    assert title(book) == "Only the key's account said yes: denied"
    assert "let bob's own account allow it too" in status(book)
    press(book, "allows it")
    assert title(book) == "Both accounts said yes, and the door opens"
    assert status(book).startswith("Allowed. bob reads the report. 3 of 6 tried.")
    assert book.cells() == cells


def test_a_condition_is_chosen_by_arrows_and_the_call_by_space(scratch):
    book = scratch(CONDITIONS)
    cells = book.cells()
    press(book, "tenant=blue")
    assert "StringEquals compares upper and lower case too." in status(book)
    go(book, "The statement's condition")
    book.press("ArrowDown")
    assert title(book) == "Denied: the call carries no kms:ViaService"
    press(book, "through S3")
    assert title(book) == "The call carries what the statement asks for"
    assert book.cells() == cells


@pytest.mark.parametrize("source", [GRANTS, TWO_KEYS, CONDITIONS])
def test_axe_finds_nothing_wrong_in_dark_and_narrow(scratch, source):
    book = scratch(source)
    book.theme("dark")
    assert book.axe() == []
    book.width(420)
    assert book.overflow() == []
