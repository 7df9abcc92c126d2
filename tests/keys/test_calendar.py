from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from msgspec.structs import replace

from kms_teach.hsm.sealed import SealedKey
from kms_teach.keys.calendar import (
    CONFLICT,
    DELETION_WINDOW_MAX,
    DELETION_WINDOW_MIN,
    MATERIAL_VALID_MAX,
    ON_DEMAND_MAX,
    ROTATION_PERIOD_MAX,
    ROTATION_PERIOD_MIN,
    Due,
    due,
    first_due,
    following,
)
from kms_teach.keys.key import Key, Material
from kms_teach.wire.model import service_model

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = Key(account="111122223333", region="us-east-1", id="k", created=NOW, policy="")
ROTATING = replace(KEY, rotation_period=100, next_rotation=NOW + timedelta(days=100))


def day(number):
    return NOW + timedelta(days=number)


def imported(until, number=1, sealed=b"x", pending=""):
    return Material(SealedKey(f"{number:064x}", "SYMMETRIC_DEFAULT", sealed), NOW, valid_to=until, pending=pending)


def first(key, count=9):
    return [(event.what, (event.at - NOW).days) for event in islice(due(key), count)]


def test_nothing_is_due_for_a_key_at_rest():
    assert first(KEY) == []
    assert first_due(KEY) is None


def test_a_rotating_key_rotates_without_end():
    assert first(ROTATING, 3) == [("rotate", 100), ("rotate", 200), ("rotate", 300)]
    assert next(due(ROTATING)) == Due(day(100), "rotate")
    assert following(ROTATING, day(100)) == day(200)


def test_the_last_rotation_is_before_the_year_10000():
    late = replace(ROTATING, next_rotation=datetime(9999, 12, 1, tzinfo=UTC))
    assert len(list(due(late))) == 1


@pytest.mark.parametrize("state", ["Disabled", "PendingReplicaDeletion", "Updating"])
def test_only_an_enabled_key_rotates(state):
    assert first(replace(ROTATING, state=state)) == []


def test_a_replica_leaves_rotation_to_its_primary():
    primary = replace(ROTATING, primary_region="us-east-1")
    assert first(primary, 1) == [("rotate", 100)]
    assert first(replace(primary, primary_region="eu-west-1")) == []


def test_nothing_follows_a_deletion():
    dying = replace(ROTATING, state="PendingDeletion", deletion=day(30), materials=(imported(day(60)),))
    assert first(dying) == [("delete", 30)]


def test_material_expires_even_while_the_key_waits_for_its_deletion():
    dying = replace(KEY, state="PendingDeletion", deletion=day(30), materials=(imported(day(20)),))
    assert first(dying) == [("expire", 20), ("delete", 30)]


def test_each_material_expires_on_its_own_day():
    materials = (
        imported(day(50)),
        imported(None, 2),
        imported(day(20), 3),
        imported(day(30), 4, pending="PENDING_ROTATION"),
    )
    assert first(replace(KEY, origin="EXTERNAL", materials=materials)) == [
        ("expire", 20),
        ("expire", 30),
        ("expire", 50),
    ]


def test_what_is_gone_does_not_expire():
    assert first(replace(KEY, materials=(imported(day(5), sealed=b""),))) == []


def test_what_comes_first_is_first():
    busy = replace(ROTATING, materials=(imported(day(150)),), ready=NOW + timedelta(seconds=10))
    assert first(busy, 4) == [("become ready", 0), ("rotate", 100), ("expire", 150), ("rotate", 200)]
    assert first_due(busy) == NOW + timedelta(seconds=10)


def test_the_limits_are_those_of_the_api():
    """Foreign eyes: botocore's model, as numbers where it has them and in its prose elsewhere."""
    shapes, operations = service_model().shape_for, service_model().operation_model
    period = shapes("RotationPeriodInDaysType").metadata
    assert (period["min"], period["max"]) == (ROTATION_PERIOD_MIN, ROTATION_PERIOD_MAX)
    prose = operations("RotateKeyOnDemand").documentation
    assert f"<b>maximum of {ON_DEMAND_MAX} times</b> per KMS key" in prose
    assert f"within the next {CONFLICT // timedelta(minutes=1)} minutes" in shapes("ConflictException").documentation
    valid_to = shapes("ImportKeyMaterialRequest").members["ValidTo"].documentation
    assert f"The maximum value is {MATERIAL_VALID_MAX.days} days" in valid_to
    window = shapes("ScheduleKeyDeletionRequest").members["PendingWindowInDays"].documentation
    assert f"between {DELETION_WINDOW_MIN} and {DELETION_WINDOW_MAX}" in window
