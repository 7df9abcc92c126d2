import re

import pytest

from kms_teach.chapters.aliases.region_lab import RegionLab

HOME, ABROAD = "us-east-1", "eu-west-1"


@pytest.fixture
def lab():
    return RegionLab()


def call(lab, operation, key="A", region=HOME):
    lab.operation.value, lab.key.value, lab.region.value = operation, key, region
    lab.call.click()
    return lab.status


def test_it_opens_with_a_first_thing_to_do_and_a_choice_says_what_would_be_called(lab):
    assert lab.status.endswith("Press Call KMS: ReplicateKey, of A, called in us-east-1.")
    lab.key.value = "C"
    assert lab.status == "Press Call KMS: ReplicateKey, of C, called in us-east-1."


def test_a_replica_comes_with_id_and_material_alone(lab):
    assert call(lab, "ReplicateKey").startswith("Done. A replica of A is in eu-west-1: the same id, the same material.")
    assert (
        call(lab, "CreateAlias", region=ABROAD)
        == "Done. `alias/album` names A in eu-west-1. Each Region has its own names."
    )
    assert lab.picture.title == "Only a multi-Region key opens its data in both Regions"


@pytest.mark.parametrize(
    ("operation", "looked_at"),
    [
        ("DisableKey", "state"),
        ("PutKeyPolicy", "statements"),
        ("CreateGrant", "grants"),
        ("ScheduleKeyDeletion", "state"),
    ],
)
def test_what_each_region_has_for_itself_changes_there_alone(lab, operation, looked_at):
    call(lab, "ReplicateKey")
    before = {key.region: getattr(key, looked_at) for key in lab.facts_now.pair}
    assert call(lab, operation, region=ABROAD).startswith("Done.")
    after = {key.region: getattr(key, looked_at) for key in lab.facts_now.pair}
    assert after[HOME] == before[HOME]
    assert after[ABROAD] != before[ABROAD]


@pytest.mark.parametrize(
    ("key", "region", "code"),
    [
        ("A", HOME, "AlreadyExistsException"),
        ("A", ABROAD, "UnsupportedOperationException"),
        ("B", HOME, "UnsupportedOperationException"),
        ("C", HOME, "NotFoundException"),
    ],
)
def test_what_cannot_be_replicated_is_answered_with_what_to_do(lab, key, region, code):
    call(lab, "ReplicateKey")
    said = call(lab, "ReplicateKey", key, region)
    assert said.startswith(f"Refused. `{code}`")
    assert re.search(r"(There|It is there|Call)[^.]*(\.[^.]+)?\.$", said)


def test_a_primary_with_a_replica_waits_and_the_replica_works_on(lab):
    call(lab, "ReplicateKey")
    assert call(lab, "ScheduleKeyDeletion").startswith("Done. The primary waits until its last replica is gone")
    assert lab.facts_now.tries[0].allowed
    assert call(lab, "CancelKeyDeletion") == "Done. A in us-east-1 stays. It is Disabled now: enable it."


def test_a_promotion_needs_an_enabled_primary_and_moves_replication(lab):
    call(lab, "ReplicateKey")
    call(lab, "DisableKey")
    assert "DisabledException" in call(lab, "UpdatePrimaryRegion")
    call(lab, "EnableKey")
    assert call(lab, "UpdatePrimaryRegion").startswith("Done. eu-west-1 has the primary now.")
    assert "UnsupportedOperationException" in call(lab, "ReplicateKey")


def test_the_picture_is_as_high_whatever_happened(lab):
    heights = set()
    for operation in ("ReplicateKey", "CreateAlias", "DisableKey", "ScheduleKeyDeletion"):
        for region in (HOME, ABROAD):
            call(lab, operation, region=region)
            heights.add(re.search(r'viewBox="([^"]+)"', lab.picture.svg)[1])
    assert heights == {"0 0 560 500"}
