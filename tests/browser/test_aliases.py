"""The labs of chapter 06, by keyboard alone."""

import pytest

NAMES = "from kms_teach.chapters.aliases.lab import AliasLab\nAliasLab()"
REGIONS = "from kms_teach.chapters.aliases.lab import RegionLab\nRegionLab()"


def test_a_name_is_moved_and_the_old_key_goes_with_its_file(scratch):
    book = scratch(NAMES)
    cells = book.cells()
    book.shows("alias/photos names key A, and no other")
    book.use("Key", "ArrowDown")
    book.says("Key B is Enabled, and has no names")
    book.use("UpdateAlias")
    book.shows("alias/photos moved on, and the old file still opens")
    book.use("CreateAlias")
    book.says("One name names one key")
    book.use("Key", "ArrowUp")
    book.use("Schedule deletion")
    book.shows("alias/photos moved on, and lake.jpg is closed with its key")
    assert book.cells() == cells


def test_a_key_is_replicated_and_its_primary_switched_off(scratch):
    book = scratch(REGIONS)
    cells = book.cells()
    book.shows("Nothing made in us-east-1 opens in eu-west-1")
    book.use("Call KMS")
    book.shows("The replica is in eu-west-1, and its alias is not")
    book.use("Operation", "ArrowDown")
    book.use("eu-west-1")
    book.use("Call KMS")
    book.shows("Only a multi-Region key opens its data in both Regions")
    book.use("Operation", "ArrowDown")
    book.use("us-east-1")
    book.use("Call KMS")
    book.shows("The primary is Disabled, and its replica opens the file")
    book.says("Nothing changed in eu-west-1")
    assert book.cells() == cells


@pytest.mark.parametrize("source", [NAMES, REGIONS])
def test_axe_finds_nothing_wrong_in_dark_and_narrow(scratch, source):
    book = scratch(source)
    book.theme("dark")
    assert book.axe() == []
    book.width(420)
    assert book.overflow() == []
