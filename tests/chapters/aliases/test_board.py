import pytest

from kms_teach.chapters.aliases.board import alias_board
from kms_teach.chapters.aliases.facts import Board, KeyFacts, Tried
from kms_teach.chapters.aliases.world import board_of
from kms_teach.drawing.look import LAB
from tests.drawing.drawn import quarrels, texts

NAME = "alias/photos"


@pytest.fixture
def keys(kms):
    return [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(3)]


@pytest.fixture
def files(kms, keys):
    """A name that was given to the first key and moved to the second, with a file of each."""
    kms.create_alias(AliasName=NAME, TargetKeyId=keys[0])
    old = kms.encrypt(KeyId=NAME, Plaintext=b"x")
    kms.update_alias(AliasName=NAME, TargetKeyId=f"arn:aws:kms:us-east-1:111122223333:key/{keys[1]}")
    return {"lake.jpg": old, "hill.jpg": kms.encrypt(KeyId=NAME, Plaintext=b"x")}


def test_a_name_that_moved_leaves_its_outline_and_a_file_stays_with_its_key(sim, keys, files):
    facts = board_of(sim, files)
    assert [(key.letter, key.named, key.former) for key in facts.keys] == [
        ("A", (), (NAME,)), ("B", (NAME,), ()), ("C", (), ())
    ]  # fmt: skip
    assert [(file.name, file.letter, file.allowed) for file in facts.files] == [
        ("lake.jpg", "A", True), ("hill.jpg", "B", True)
    ]  # fmt: skip
    picture = alias_board(facts)
    assert picture.title == "alias/photos moved on, and the old file still opens"
    assert repr(picture) == (
        "Aliases in us-east-1: A Enabled, named before by alias/photos; B Enabled, named by alias/photos; "
        "C Enabled, no name; lake.jpg by A opens; hill.jpg by B opens"
    )
    assert texts(picture.svg).count(NAME) == 2  # the tag, and its outline


def test_a_name_that_came_back_has_no_outline_where_it_is(sim, kms, keys, files):
    kms.update_alias(AliasName=NAME, TargetKeyId=keys[0])
    first, second, _ = board_of(sim, files).keys
    assert (first.named, first.former, second.named, second.former) == ((NAME,), (), (), (NAME,))


def test_a_name_may_still_be_that_of_a_key_that_goes(sim, kms, keys, files):
    kms.schedule_key_deletion(KeyId=keys[1], PendingWindowInDays=7)
    picture = alias_board(board_of(sim, files))
    assert picture.title == "alias/photos still names a key that is pending deletion"
    assert picture.table.rows[1] == ("B", "symmetric", "pending deletion", NAME, "", "hill.jpg (closed)")


def test_what_a_deleted_key_made_is_closed_and_its_place_stays(sim, kms, keys, files):
    kms.schedule_key_deletion(KeyId=keys[0], PendingWindowInDays=7)
    sim.advance(days=8)
    picture = alias_board(board_of(sim, files))
    assert picture.title == "alias/photos moved on, and lake.jpg is closed with its key"
    assert picture.table.rows[0][2] == "deleted"
    assert "key A: deleted" in texts(picture.svg)


def test_a_key_may_have_two_names_and_a_region_none(sim, kms, keys):
    assert alias_board(board_of(sim, {})).title == "No alias here names a key"
    for name in ("alias/a", "alias/b"):
        kms.create_alias(AliasName=name, TargetKeyId=keys[2])
    assert alias_board(board_of(sim, {})).title == "Key C has 2 names, and each names this key alone"
    kms.delete_alias(AliasName="alias/b")
    assert alias_board(board_of(sim, {})).title == "alias/a names key C, and no other"


def test_keys_of_another_region_or_account_are_not_on_the_board(sim, keys, files):
    for where in ({"region": "eu-west-1"}, {"account": "444455556666"}):
        sim.client("kms", **where).create_key()
    facts = board_of(sim, files)
    assert [key.id for key in facts.keys] == keys
    assert [key.letter for key in board_of(sim, files, "eu-west-1").keys] == ["D"]


def crowded() -> Board:
    long = "alias/a-name-that-is-longer-than-any-column-of-any-picture-of-this-course"
    keys = tuple(
        KeyFacts(
            letter, letter, "us-east-1", "single-Region", "SYMMETRIC_DEFAULT", "PendingDeletion", (long, long), (long,)
        )
        for letter in "ABCDEF"
    )
    files = tuple(Tried(f"file-{at}-with-a-long-name.jpg", "F", "us-east-1", "us-east-1", code="X") for at in range(5))
    return Board("us-east-1", keys, files)


@pytest.mark.parametrize("facts", [crowded(), Board("us-east-1", ())], ids=["crowded", "empty"])
def test_words_get_along_whatever_the_names_are(facts):
    for picture in (alias_board(facts), alias_board(facts, canvas=LAB, lines=2)):
        assert quarrels(picture.svg) == quarrels(picture.narrow) == []


def test_what_has_no_room_is_said_to_be_there():
    shown = texts(alias_board(crowded()).svg)
    assert "and 2 older keys" in shown
    assert "and 2 more" in shown
    assert len(alias_board(crowded()).table.rows) == 6
