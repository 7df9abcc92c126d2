from datetime import UTC, datetime, timedelta

import pytest

from kms_teach.keys.calendar import ON_DEMAND_MAX
from kms_teach.keys.key import AT_HAND, Key, MaterialOwner, NumberedMaterial
from tests.steps import written

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NO_LONGER = (
    "The on-demand rotations limit has been reached for the given keyId. "
    "No more on-demand rotations can be performed for this key: {arn}"
)


def arn(key):
    return f"arn:aws:kms:us-east-1:111122223333:key/{key}"


def day(number):
    return NOW + timedelta(days=number)


def status(kms, key):
    answer = kms.get_key_rotation_status(KeyId=key)
    del answer["ResponseMetadata"]
    return answer


def dates(kms, key):
    return [(entry["RotationDate"], entry["RotationType"]) for entry in kms.list_key_rotations(KeyId=key)["Rotations"]]


def test_rotation_is_off_until_it_is_switched_on(kms, key):
    assert status(kms, key) == {"KeyId": arn(key), "KeyRotationEnabled": False}


@pytest.mark.parametrize(
    ("given", "days"), [({}, 365), ({"RotationPeriodInDays": 90}, 90), ({"RotationPeriodInDays": 2560}, 2560)]
)
def test_the_status_tells_period_and_next_date(kms, key, given, days):
    kms.enable_key_rotation(KeyId=key, **given)
    assert status(kms, key) == {
        "KeyId": arn(key), "KeyRotationEnabled": True, "RotationPeriodInDays": days, "NextRotationDate": day(days),
    }  # fmt: skip


def test_a_period_that_is_too_long(kms, key, refused):
    said = refused(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=2561)  # one too short boto3 does not send
    assert (said.code, "rotationPeriodInDays" in said.message) == ("ValidationException", True)


def test_a_key_rotates_on_its_dates_and_keeps_what_it_had(sim, kms, key):
    blob = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=100)
    sim.advance(days=250)
    assert dates(kms, key) == [(day(100), "AUTOMATIC"), (day(200), "AUTOMATIC")]
    assert status(kms, key)["NextRotationDate"] == day(300)
    opened = kms.decrypt(CiphertextBlob=blob)
    assert opened["Plaintext"] == b"old"
    assert opened["KeyMaterialId"] != kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]


def test_calling_again_counts_from_the_new_call(sim, kms, key):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=100)
    sim.advance(days=60)
    kms.enable_key_rotation(KeyId=key)
    assert status(kms, key)["NextRotationDate"] == day(60 + 365)


def test_switched_off_it_rotates_no_more(sim, kms, key):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=100)
    sim.advance(days=150)
    kms.disable_key_rotation(KeyId=key)
    sim.advance(days=500)
    assert dates(kms, key) == [(day(100), "AUTOMATIC")]
    assert status(kms, key) == {"KeyId": arn(key), "KeyRotationEnabled": False}


def test_a_rotation_is_in_the_trail(sim, kms, key):
    first = kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    sim.advance(days=91)
    event = sim.trail[-1].event
    assert (event["eventName"], event["eventTime"]) == ("RotateKey", "2026-04-01T00:00:00Z")
    assert event["serviceEventDetails"] == {
        "keyId": key, "rotationType": "AUTOMATIC", "keyOrigin": "AWS_KMS", "previousKeyMaterialId": first,
        "currentKeyMaterialId": kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"],
    }  # fmt: skip


def test_a_disabled_key_keeps_its_status_and_catches_up_when_enabled(sim, kms, key, refused):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=100)
    kms.disable_key(KeyId=key)
    said = ("DisabledException", f"{arn(key)} is disabled.")
    assert refused(kms.disable_key_rotation, KeyId=key) == said
    assert refused(kms.rotate_key_on_demand, KeyId=key) == said
    sim.advance(days=350)
    assert status(kms, key) == {
        "KeyId": arn(key), "KeyRotationEnabled": True, "RotationPeriodInDays": 100, "NextRotationDate": day(100),
    }  # fmt: skip
    assert dates(kms, key) == []
    kms.enable_key(KeyId=key)
    assert dates(kms, key) == [(day(350), "AUTOMATIC")]
    assert status(kms, key)["NextRotationDate"] == day(450)
    assert [record.event["eventName"] for record in sim.trail.named("EnableKey", "RotateKey")] == [
        "EnableKey",
        "RotateKey",
    ]


def test_a_key_disabled_for_a_while_resumes_its_dates(sim, kms, key):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=100)
    kms.disable_key(KeyId=key)
    sim.advance(days=50)
    kms.enable_key(KeyId=key)
    sim.advance(days=60)
    assert dates(kms, key) == [(day(100), "AUTOMATIC")]


def test_a_key_that_waits_for_its_deletion_reports_false_until_it_is_saved(sim, kms, key):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    sim.advance(days=80)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
    sim.advance(days=20)
    assert status(kms, key) == {"KeyId": arn(key), "KeyRotationEnabled": False}
    assert dates(kms, key) == []
    kms.cancel_key_deletion(KeyId=key)
    assert status(kms, key)["KeyRotationEnabled"] is True
    kms.enable_key(KeyId=key)
    assert dates(kms, key) == [(day(100), "AUTOMATIC")]


def test_on_demand_leaves_the_calendar_alone(sim, kms, key):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=100)
    sim.advance(days=96)
    answer = kms.rotate_key_on_demand(KeyId=key)
    assert set(answer) - {"ResponseMetadata"} == {"KeyId"}
    assert answer["KeyId"] == arn(key)
    assert status(kms, key)["NextRotationDate"] == day(100)
    sim.advance(days=10)
    assert dates(kms, key) == [(day(96), "ON_DEMAND"), (day(100), "AUTOMATIC")]


def test_on_demand_has_an_end(kms, key, refused):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    for _ in range(ON_DEMAND_MAX):
        kms.rotate_key_on_demand(KeyId=key)
    said = refused(kms.rotate_key_on_demand, KeyId=key)
    assert said == ("LimitExceededException", NO_LONGER.format(arn=arn(key)))
    assert len(dates(kms, key)) == ON_DEMAND_MAX == 25


def test_the_calendar_goes_on_when_on_demand_has_ended(sim, kms, key):
    for _ in range(ON_DEMAND_MAX):
        kms.rotate_key_on_demand(KeyId=key)
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    sim.advance(days=200)
    assert [kind for _, kind in dates(kms, key)[-2:]] == ["AUTOMATIC", "AUTOMATIC"]


@pytest.mark.parametrize(("minutes", "conflict"), [(21, False), (20, True), (1, True)])
def test_on_demand_keeps_clear_of_the_calendar(sim, kms, key, refused, minutes, conflict):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    sim.advance(days=90, minutes=-minutes)
    if not conflict:
        kms.rotate_key_on_demand(KeyId=key)
        return
    said = refused(kms.rotate_key_on_demand, KeyId=key)
    assert said == (
        "ConflictException",
        f"{arn(key)} is about to rotate automatically, within 20 minutes: wait until it has",
    )
    assert dates(kms, key) == []


ONLY_SYMMETRIC = ("enable_key_rotation", "disable_key_rotation", "rotate_key_on_demand", "list_key_rotations")  # fmt: skip


@pytest.mark.parametrize("asked", ONLY_SYMMETRIC)
@pytest.mark.parametrize(("spec", "usage"), [("HMAC_256", "GENERATE_VERIFY_MAC"), ("ECC_NIST_P256", "SIGN_VERIFY")])
def test_only_symmetric_keys_rotate(kms, refused, asked, spec, usage):
    key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
    assert refused(getattr(kms, asked), KeyId=key) == ("UnsupportedOperationException", "")


def test_the_list_has_the_first_material_when_asked(sim, kms, key):
    sim.advance(days=1)
    kms.rotate_key_on_demand(KeyId=key)
    (only,) = kms.list_key_rotations(KeyId=key)["Rotations"]
    first, second = kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    assert only == second
    assert set(first) == {"KeyId", "KeyMaterialId", "KeyMaterialState"}
    assert set(second) == set(first) | {"RotationDate", "RotationType"}
    assert (first["KeyId"], first["KeyMaterialState"], second["KeyMaterialState"]) == (key, "NON_CURRENT", "CURRENT")


def test_the_list_comes_in_pages(kms, key, refused):
    for _ in range(5):
        kms.rotate_key_on_demand(KeyId=key)
    page = kms.list_key_rotations(KeyId=key, Limit=2)
    assert (len(page["Rotations"]), page["Truncated"]) == (2, True)
    pages = kms.get_paginator("list_key_rotations").paginate(KeyId=key, PaginationConfig={"PageSize": 2})
    assert [len(page["Rotations"]) for page in pages] == [2, 2, 1]
    assert "NextMarker" not in kms.list_key_rotations(KeyId=key)
    assert refused(kms.list_key_rotations, KeyId=key, Marker="nonsense").code == "InvalidMarkerException"


def test_a_key_rotates_at_the_very_moment_that_was_told(sim, kms, key):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    planned = kms.get_key_rotation_status(KeyId=key)["NextRotationDate"]
    sim.advance(seconds=(planned - sim.now).total_seconds())
    assert [each["RotationDate"] for each in kms.list_key_rotations(KeyId=key)["Rotations"]] == [planned]


def rotated(sim, kms, key, times):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    sim.advance(days=90 * times)


def test_a_rotation_writes_as_much_after_hundreds_as_after_some(sim, kms, key):
    rotated(sim, kms, key, 50)
    few = written(sim, lambda: sim.advance(days=90 * 50))
    sim.advance(days=90 * 300)
    assert written(sim, lambda: sim.advance(days=90 * 50)) < 1.1 * few


def test_what_the_first_material_encrypted_opens_after_hundreds_of_rotations(sim, kms, key):
    blobs = []
    for _ in range(3):
        blobs.append(kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"])
        rotated(sim, kms, key, AT_HAND)
    for number, blob in enumerate(blobs):
        opened = kms.decrypt(CiphertextBlob=blob)
        (used,) = sim.trail[-1].used
        assert (opened["Plaintext"], opened["KeyMaterialId"]) == (b"old", used.material_id)
        assert (used.number, used.of) == (1 + number * AT_HAND, 1 + 3 * AT_HAND)


def test_the_list_tells_every_rotation_of_hundreds_once_and_in_order(sim, kms, key):
    rotated(sim, kms, key, 2 * AT_HAND + 5)
    pages = list(kms.get_paginator("list_key_rotations").paginate(KeyId=key, PaginationConfig={"PageSize": 7}))
    told = [entry["RotationDate"] for page in pages for entry in page["Rotations"]]
    assert told == [day(90 * n) for n in range(1, 2 * AT_HAND + 6)]
    everything = kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL", Limit=1000)["Rotations"]
    assert len({entry["KeyMaterialId"] for entry in everything}) == 2 * AT_HAND + 6
    assert [entry["KeyMaterialState"] for entry in everything].count("CURRENT") == 1


def test_rotations_on_demand_count_however_long_ago_they_were(sim, kms, key, refused):
    for _ in range(ON_DEMAND_MAX):
        kms.rotate_key_on_demand(KeyId=key)
    rotated(sim, kms, key, 2 * AT_HAND)
    assert refused(kms.rotate_key_on_demand, KeyId=key).message == NO_LONGER.format(arn=arn(key))


def test_a_replica_opens_what_its_primary_encrypted_hundreds_of_rotations_ago(sim, kms):
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    rotated(sim, kms, key, AT_HAND + 8)
    kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    sim.advance(days=90 * AT_HAND)
    ireland = sim.client("kms", region="eu-west-1")
    assert ireland.decrypt(CiphertextBlob=blob)["Plaintext"] == b"old"
    here, there = (client.list_key_rotations(KeyId=key, Limit=1000)["Rotations"] for client in (kms, ireland))
    assert here == there
    assert len(here) == 2 * AT_HAND + 8


def test_a_key_that_rotated_hundreds_of_times_is_deleted_whole(sim, kms, key, refused):
    blob = kms.encrypt(KeyId=key, Plaintext=b"old")["CiphertextBlob"]
    rotated(sim, kms, key, 2 * AT_HAND)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=8)
    assert refused(kms.decrypt, CiphertextBlob=blob).code == "AccessDeniedException"
    store = sim.service.store
    assert [store.every(kind) for kind in (Key, MaterialOwner, NumberedMaterial)] == [[], [], []]
