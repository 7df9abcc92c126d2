"""The labs of chapter 12: what is pointed at, what a mistake is answered, what the bill was counted from."""

import contextlib

import pytest

from kms_teach.chapters.watching.bill_lab import BUCKET_KEY, CACHED, EACH, SAMPLE, BillLab, counted
from kms_teach.chapters.watching.store_lab import StoreLab
from kms_teach.chapters.watching.trail_lab import NONE, TrailLab


@pytest.fixture
def made():
    """Make a lab that is closed at the end."""
    with contextlib.ExitStack() as labs:
        yield lambda kind: labs.enter_context(contextlib.closing(kind()))


def test_a_row_that_is_clicked_opens_and_another_question_closes_it(made):
    lab = made(TrailLab)
    lab.pointed("Open the event", 3)
    assert lab.facts_now.opened == 2
    assert "encryption context says paper = cargo" in lab.status
    lab.attribute.value = "EventName"
    lab.value.value = "ScheduleKeyDeletion"
    assert lab.row.value == NONE
    assert lab.status == "1 event, by petra, from 192.0.2.10. There are no older ones."


def test_the_detective_finds_the_stranger_at_another_address(made):
    lab = made(TrailLab)
    lab.attribute.value, lab.value.value = "Username", "desk"
    for _ in range(3):
        lab.older.click()
    assert lab.status == "8 events, by desk, from 2 addresses. There are older ones."


def test_what_was_never_done_is_not_found_and_that_is_told(made):
    lab = made(TrailLab)
    lab.attribute.value, lab.value.value = "EventName", "DeleteKey"
    assert lab.status.startswith("No event fits.")
    lab.older.click()
    assert lab.status == "Not done. There are no older events than these: the answer has no NextToken."


def test_the_calls_behind_a_bill_are_counted_in_the_trail():
    assert [counted(name).calls for name in (EACH, CACHED, BUCKET_KEY)] == [SAMPLE, 1, 1]


def test_the_bill_says_which_rotations_are_free(made):
    lab = made(BillLab)
    lab.rotations.value = 3
    assert lab.status.endswith("Of 3 rotations 2 are paid for, the rest is free.")


def test_the_way_out_of_failed_is_told(made):
    lab = made(StoreLab)
    lab.place.value = "outside AWS"
    lab.disconnect.click()
    lab.reachable.value = False
    lab.connect.click()
    lab.connect.click()
    assert lab.status == (
        "Refused. `CustomKeyStoreInvalidStateException`: it is FAILED. Disconnect it first, then connect it again."
    )
    lab.reachable.value = True
    lab.disconnect.click()
    lab.connect.click()
    assert lab.status.startswith("Done. `Decrypt` worked.")
