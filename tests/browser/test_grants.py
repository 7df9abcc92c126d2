"""The labs of chapter 08, by keyboard alone."""

import pytest

SIM = "from kms_teach import Simulator\n"
GRANTS = "from kms_teach.chapters.grants.lab import GrantLab\nGrantLab()"
TWO_KEYS = f"{SIM}from kms_teach.chapters.accounts.two_keys_lab import TwoKeysLab\nTwoKeysLab(Simulator())"
CONDITIONS = f"{SIM}from kms_teach.chapters.accounts.conditions_lab import ConditionLab\nConditionLab(Simulator())"


def test_a_grant_is_given_used_with_its_token_and_ended(scratch):
    book = scratch(GRANTS)
    cells = book.cells()
    book.use("Use")
    book.use("Call KMS")
    book.says("Denied. No IAM policy of worker")
    book.use("Give")
    book.use("CreateGrant", nth=1)  # the box to tick has the same name as the button
    book.shows("worker may Decrypt, and no policy was changed")
    book.use("Use")
    book.use("Call KMS")
    book.shows("Denied: grant 1 is there, but has not spread yet")
    book.use("Show the grant token")
    book.use("Call KMS")
    book.shows("With its token, grant 1 lets worker call Decrypt")
    book.use("Show the grant token")
    book.use("Let 5 minutes pass")
    book.use("Call KMS")
    book.shows("Grant 1 lets worker call Decrypt")
    book.use("End")
    book.use("RevokeGrant")
    book.says("No IAM policy of lead allows kms:RevokeGrant")
    book.use("RetireGrant")
    book.shows("Grant 1 is retired, and still counts until 00:10")
    book.use("Use")
    book.use("Let 5 minutes pass")
    book.use("Call KMS")
    book.shows("Denied: grant 1 is gone")
    assert book.cells() == cells


def test_part_of_a_grant_is_passed_on_and_the_arrows_choose_the_constraint(scratch):
    book = scratch(GRANTS)
    cells = book.cells()
    book.use("CreateGrant")
    book.use("Encryption context must be", "ArrowDown")
    book.use("CreateGrant", nth=1)
    assert "exactly tenant=Blue in the encryption context" in book.text()
    book.use("worker")
    book.use("helper")
    book.use("CreateGrant", nth=1)
    book.shows("Grant 2 passes on part of grant 1")
    assert book.cells() == cells


def test_two_keys_are_turned_one_after_the_other(scratch):
    book = scratch(TWO_KEYS)
    cells = book.cells()
    book.shows("Neither account said yes: denied")
    book.use("lets the account in")
    book.shows("Only the key's account said yes: denied")
    book.says("let bob's own account allow it too")
    book.use("allows it")
    book.shows("Both accounts said yes, and the door opens")
    book.says("Allowed. bob reads the report. The call is in both trails. 3 of 6 tried.")
    assert book.cells() == cells


def test_a_condition_is_chosen_by_arrows_and_the_call_by_space(scratch):
    book = scratch(CONDITIONS)
    cells = book.cells()
    book.use("tenant=blue")
    book.says("StringEquals compares upper and lower case too.")
    book.use("The statement's condition", "ArrowDown")
    book.shows("Denied: the call carries no kms:ViaService")
    book.use("through S3")
    book.shows("The call carries what the statement asks for")
    assert book.cells() == cells


@pytest.mark.parametrize("source", [GRANTS, TWO_KEYS, CONDITIONS])
def test_axe_finds_nothing_wrong_in_dark_and_narrow(scratch, source):
    book = scratch(source)
    book.theme("dark")
    assert book.axe() == []
    book.width(420)
    assert book.overflow() == []
