from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from kms_teach.hsm.sealed import SealedKey
from kms_teach.keys.key import Key, Material
from kms_teach.keys.states import follow_material

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, SECOND, THIRD = (
    Material(SealedKey(f"{n:064x}", "SYMMETRIC_DEFAULT", b"sealed"), NOW, valid_to=NOW, description="mine")
    for n in range(3)
)
WAITING = replace(THIRD, pending="PENDING_ROTATION")
KEY = Key(account="111122223333", region="us-east-1", id="k", created=NOW, policy="", origin="EXTERNAL")
FULL = replace(KEY, materials=(FIRST, SECOND, WAITING))


def test_a_key_is_never_changed_in_place():
    with pytest.raises(AttributeError, match="immutable"):
        KEY.state = "Disabled"


def test_the_last_material_that_does_not_wait_encrypts():
    assert FULL.established == (FIRST, SECOND)
    assert FULL.current == SECOND
    assert replace(FULL, materials=(FIRST, SECOND, THIRD)).current == THIRD


def test_a_material_is_found_by_its_id_and_numbered_from_one():
    assert FULL.material(SECOND.id) == SECOND
    assert [(each.number, each.material) for each in FULL.numbered] == [(1, FIRST), (2, SECOND), (3, WAITING)]
    assert replace(FULL, earlier=40).numbered[1].number == 42
    assert FULL.material("0" * 63 + "9") is None


def test_emptied_material_keeps_its_name_and_nothing_else_of_value():
    emptied = FIRST.emptied
    assert (emptied.id, emptied.description, emptied.since) == (FIRST.id, "mine", NOW)
    assert (emptied.present, emptied.sealed.sealed, emptied.valid_to) == (False, b"", None)


def test_changing_one_material_leaves_the_others_and_their_order():
    assert FULL.with_changed(SECOND.emptied).materials == (FIRST, SECOND.emptied, WAITING)


@pytest.mark.parametrize(
    ("materials", "complete"),
    [
        ((), False),
        ((FIRST,), True),
        ((FIRST.emptied,), False),
        ((FIRST, SECOND.emptied), False),
        ((FIRST, WAITING.emptied), True),
        ((WAITING,), False),
    ],
)
def test_an_imported_key_is_complete_with_all_that_ever_encrypted(materials, complete):
    key = replace(KEY, materials=materials)
    assert key.complete is complete
    assert replace(key, origin="AWS_KMS").complete is True


@pytest.mark.parametrize(
    ("state", "full", "empty"),
    [
        ("Enabled", "Enabled", "PendingImport"),
        ("Disabled", "Disabled", "PendingImport"),
        ("PendingImport", "Enabled", "PendingImport"),
        ("PendingDeletion", "PendingDeletion", "PendingDeletion"),
        ("PendingReplicaDeletion", "PendingReplicaDeletion", "PendingReplicaDeletion"),
        ("Creating", "Creating", "Creating"),
        ("Updating", "Updating", "Updating"),
    ],
)
def test_the_state_follows_the_material(state, full, empty):
    assert follow_material(replace(KEY, state=state, materials=(FIRST,))).state == full
    assert follow_material(replace(KEY, state=state)).state == empty


def test_a_key_is_a_replica_outside_its_primarys_region():
    assert (KEY.multi_region, KEY.is_replica) == (False, False)
    primary = replace(KEY, primary_region="us-east-1")
    assert (primary.multi_region, primary.is_replica) == (True, False)
    assert replace(primary, region="eu-west-1").is_replica
    assert replace(primary, region="eu-west-1").arn == "arn:aws:kms:eu-west-1:111122223333:key/k"
