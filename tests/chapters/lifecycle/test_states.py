"""The picture's graph and its groups, against the table of states."""

import pytest

from kms_teach.chapters.lifecycle.graph import LAYOUTS
from kms_teach.chapters.lifecycle.state_table import MISSING, SHOWN, rows, state_table
from kms_teach.chapters.lifecycle.states import GONE, GROUPS, allowed, leads, refusal, refused, way_back
from kms_teach.drawing.look import LAB, NARROW, WIDE
from kms_teach.keys.states import LIFECYCLE, STATES
from tests.drawing.drawn import quarrels, texts

ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHERWISE = {  # what leads from state to state and is in no cell: of materials, key stores, Regions
    "CreateKey", "ReplicateKey", "UpdatePrimaryRegion", "DeleteImportedKeyMaterial", "ConnectCustomKeyStore",
    "DisconnectCustomKeyStore",
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.words)
def test_the_operations_of_a_group_are_answered_alike_in_every_state(group, state):
    assert len({allowed(operation, state) for operation in group.operations}) == 1
    if not allowed(group.operations[0], state):
        assert len({refusal(operation, state, ARN) for operation in group.operations}) == 1


@pytest.mark.parametrize("state", STATES)
def test_all_that_is_refused_in_a_state_is_refused_in_the_same_words(state):
    assert len({refusal(group.operations[0], state, ARN) for group in refused(state)}) <= 1


def test_of_a_key_that_waits_four_groups_are_refused_and_of_one_that_is_gone_all():
    assert [group.words for group in refused("PendingDeletion")] == ["Use it", "Lend it", "Switch it", "Label it"]
    assert [group.words for group in refused("Disabled")] == ["Use it", "Lend it"]
    assert len(refused(GONE)) == len(GROUPS)
    assert refused("Enabled") == ()


@pytest.mark.parametrize("canvas", [WIDE, LAB, NARROW])
def test_every_arrow_is_in_the_table_and_every_step_of_the_table_has_its_arrow(canvas):
    layout = LAYOUTS[canvas]
    drawn = {(way.operation, way.here, way.to) for way in layout.ways if way.operation}
    for operation, here, to in drawn:
        if operation not in OTHERWISE:
            assert (here, to) in set(leads(operation)), operation
    in_table = {(operation, to) for operation in LIFECYCLE for _, to in leads(operation)}
    assert in_table <= {(operation, to) for operation, _, to in drawn}


def test_a_deletion_can_be_scheduled_from_what_the_words_say():
    assert {here for here, _ in leads("ScheduleKeyDeletion")} == set(STATES) - {
        "Updating", "PendingDeletion", "PendingReplicaDeletion",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "calls"),
    [
        ("Enabled", ()), ("Disabled", ("EnableKey",)), ("PendingDeletion", ("CancelKeyDeletion", "EnableKey")),
        ("PendingImport", ("ImportKeyMaterial",)), ("Unavailable", ()), (GONE, ()),
    ],
)  # fmt: skip
def test_the_way_back_is_the_shortest_by_the_table_and_never_leads_over_a_deletion(state, calls):
    assert way_back(state) == calls


def test_the_table_has_every_operation_once_and_every_state():
    names = [name for operations, _ in rows() for name in operations]
    assert sorted(names) == sorted(LIFECYCLE)
    assert set(SHOWN) | set(MISSING) == set(STATES)
    for state in MISSING:  # shown as PendingDeletion
        assert all(cells[state] == cells["PendingDeletion"] for cells in LIFECYCLE.values())


def test_the_table_is_drawn_and_told():
    picture = state_table("PendingDeletion")
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert "CancelKeyDeletion: done in PendingDeletion." in picture.alt
    assert {row[0]: row for row in picture.table.rows}["CancelKeyDeletion"].count("done") == 1
    assert "CreateGrant" in texts(picture.svg)
    assert "PendingDeletion set off" in repr(picture)
