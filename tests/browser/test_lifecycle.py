"""The labs of chapter 11, by keyboard alone."""

import pytest

STATES = "from kms_teach.chapters.lifecycle.lab import StateLab\nStateLab()"
IMPORTS = "from kms_teach.chapters.lifecycle.lab import ImportLab\nImportLab()"


def test_a_key_is_scheduled_saved_on_the_last_day_and_lost_the_next_time(scratch):
    book = scratch(STATES)
    cells = book.cells()
    book.use("ScheduleKeyDeletion")
    book.shows("For 30 more days nothing is lost, and KMS opens nothing")
    book.use("Decrypt photos.zip")
    book.says("Refused. KMSInvalidStateException")
    for _ in range(4):
        book.use("Let 7 days pass")
    book.use("Let 1 day pass")
    book.shows("For 1 more day nothing is lost, and KMS opens nothing")
    book.use("CancelKeyDeletion")
    book.shows("Disabled: nothing is lost, and nothing opens until one call")
    book.use("EnableKey")
    book.shows("Enabled: the key works, and photos.zip opens")
    book.use("ScheduleKeyDeletion")
    for _ in range(5):
        book.use("Let 7 days pass")
    book.shows("The key is gone, and photos.zip will not open again")
    book.use("CancelKeyDeletion")
    book.says("Nothing brings it back: press Start again")
    assert book.cells() == cells


def test_material_of_a_private_key_is_sent_in_three_forms(scratch):
    book = scratch(IMPORTS)
    cells = book.cells()
    book.use("P-256, to sign")
    book.use("ImportKeyMaterial")
    book.says("That is SEC1, without an algorithm.")
    book.use("Send", "ArrowDown")
    book.use("Valid until", "ArrowDown")
    book.use("ImportKeyMaterial")
    book.shows("KMS has your material until 31 Jan 2026; you have it for longer")
    book.use("Let 30 days pass")
    book.shows("The key is here, its material is not: only the same bytes bring it back")
    assert book.cells() == cells


@pytest.mark.parametrize("source", [STATES, IMPORTS])
def test_axe_finds_nothing_wrong_in_dark_and_narrow(scratch, source):
    book = scratch(source)
    book.theme("dark")
    assert book.axe() == []
    book.width(420)
    assert book.overflow() == []
