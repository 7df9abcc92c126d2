from datetime import UTC, datetime, timedelta

import pytest

from kms_teach import Simulator
from kms_teach.chapters.rotation.timeline_lab import FILES, RotationLab
from kms_teach.chapters.rotation.world import World, months_after, rotation_of
from kms_teach.keys.calendar import ON_DEMAND_MAX

YEAR = 12  # stops of the time slider


def on(year, month=1, day=1):
    return datetime(year, month, day, tzinfo=UTC)


@pytest.fixture
def lab(sim):
    return RotationLab(sim)


def materials(lab):
    return [(m.number, m.cause, m.since) for m in lab.facts_now.materials]


def test_it_opens_with_a_key_that_does_not_rotate_and_a_file_that_opens(sim, lab):
    assert materials(lab) == [(1, "", on(2026))]
    assert lab.picture.title.startswith("Never rotated")
    assert [(f.name, f.refused) for f in lab.facts_now.files] == [(FILES[0], "")]
    assert sim.trail.named("Decrypt")[-1].used[0].number == 1
    assert not lab.automatic.value


def test_ten_years_without_rotation_bring_none(lab):
    lab.time.index = 10 * YEAR
    assert len(materials(lab)) == 1
    assert lab.status == "1 Jan 2036: no rotation happened."


def test_switched_on_it_rotates_at_its_own_time_and_every_file_opens(lab):
    lab.automatic.value = True
    assert lab.status == "Automatic rotation is on, every 365 days. Next automatic rotation: 1 Jan 2027."
    lab.time.index = 2 * YEAR + 1
    assert materials(lab)[1:] == [(2, "AUTOMATIC", on(2027)), (3, "AUTOMATIC", on(2028))]
    assert lab.status == "It rotated twice, on 1 Jan 2027 and 1 Jan 2028; every file opens."
    assert lab.picture.title == "Rotated twice, and the old ciphertext still opens"


def test_a_file_encrypted_later_names_the_newer_material(sim, lab):
    lab.automatic.value = True
    lab.time.index = YEAR
    lab.encrypt.click()
    assert lab.status == f"{FILES[1]} is encrypted, with material 2."
    assert [file.material for file in lab.facts_now.files] == [1, 2]
    assert sim.trail.named("Encrypt")[-1].used[0].number == 2


def test_rotation_on_demand_comes_at_once_and_does_not_move_the_planned_date(lab):
    lab.automatic.value = True
    lab.time.index = 5
    lab.rotate.click()
    assert materials(lab)[1:] == [(2, "ON_DEMAND", on(2026, 6))]
    assert lab.status == "Rotated on demand. Material 2 encrypts from now on. The planned date did not move."
    assert lab.facts_now.planned[0] == on(2027)


@pytest.mark.slow
def test_the_twenty_sixth_rotation_on_demand_is_refused_by_aws_itself(sim, lab):
    for _ in range(ON_DEMAND_MAX + 1):
        lab.rotate.click()
    assert lab.facts_now.rotations == ON_DEMAND_MAX
    assert lab.status.startswith("Refused. `LimitExceededException`: The on-demand rotations limit has been reached")
    assert sim.trail.named("RotateKeyOnDemand")[-1].event["errorCode"] == "LimitExceededException"


def test_a_period_too_long_is_refused_by_aws_and_the_field_goes_back_to_what_is(sim, lab):
    lab.automatic.value = True
    lab.period.value = 2561
    assert lab.status.startswith("Refused. `ValidationException`: 1 validation error detected: Value '2561'")
    assert lab.status.endswith("Choose 90 to 2,560 days.")
    assert (lab.period.value, lab.automatic.value, lab.facts_now.period) == (365, True, 365)
    assert sim.trail.named("EnableKeyRotation")[-1].event["errorCode"] == "ValidationException"


def test_a_period_too_short_does_not_even_leave_boto3(sim, lab):
    lab.period.value = 89
    assert lab.status == "Switch automatic rotation on: KMS will then be asked for a period of 89 days."
    lab.automatic.value = True
    assert lab.status.startswith(
        "Not done. boto3 did not even send it: Invalid value for parameter RotationPeriodInDays"
    )
    assert not lab.automatic.value
    assert sim.trail.named("EnableKeyRotation") == []


def test_a_new_period_counts_from_the_day_it_is_asked_for(lab):
    lab.automatic.value = True
    lab.time.index = 1
    lab.period.value = 90
    assert lab.facts_now.planned[:2] == (on(2026, 5, 2), on(2026, 7, 31))
    lab.automatic.value = False
    assert lab.facts_now.planned == ()
    assert lab.status == "Automatic rotation is off. No rotation is planned; the materials stay."


def test_a_disabled_key_opens_nothing_does_not_rotate_and_catches_up_when_enabled(lab):
    lab.automatic.value = True
    lab.enabled.value = False
    assert lab.facts_now.files[0].refused == "DisabledException"
    lab.time.index = 3 * YEAR
    assert lab.status == "1 Jan 2029: no rotation happened."
    assert lab.picture.title == "A disabled key opens nothing, and does not rotate"
    lab.enabled.value = True
    assert lab.status == "Enabled. The rotation that was overdue happened at once. Next automatic rotation: 1 Jan 2030."
    assert materials(lab)[1:] == [(2, "AUTOMATIC", on(2029))]
    assert lab.facts_now.disabled == ((on(2026), on(2029)),)


def test_what_a_disabled_key_refuses_leaves_the_controls_at_what_is(lab):
    lab.enabled.value = False
    lab.automatic.value = True
    assert lab.status.startswith("Refused. `DisabledException`")
    assert not lab.automatic.value
    lab.encrypt.click()
    assert lab.status.startswith("Refused. `DisabledException`")
    assert len(lab.facts_now.files) == 1


def test_going_back_runs_time_again_with_what_was_done_until_then(lab):
    lab.automatic.value = True
    lab.time.index = YEAR
    lab.encrypt.click()
    lab.time.index = 2 * YEAR
    lab.rotate.click()
    lab.time.index = YEAR + 6
    assert lab.status.startswith("Back on 1 Jul 2027.")
    assert "1 act of yours from later on wait" in lab.status
    assert materials(lab)[1:] == [(2, "AUTOMATIC", on(2027))]
    assert [(f.name, f.material) for f in lab.facts_now.files] == [(FILES[0], 1), (FILES[1], 2)]
    lab.time.index = 3 * YEAR
    assert [cause for _, cause, _ in materials(lab)] == ["", "AUTOMATIC", "AUTOMATIC", "ON_DEMAND", "AUTOMATIC"]
    assert lab.status.endswith("1 act of yours happened again on the way.")


def test_a_new_act_in_the_past_makes_the_later_ones_void(lab):
    lab.time.index = YEAR
    lab.rotate.click()
    lab.time.index = 6
    lab.automatic.value = True
    for index in (2 * YEAR, 0, 2 * YEAR):
        lab.time.index = index
    assert [cause for _, cause, _ in materials(lab)] == ["", "AUTOMATIC"]


def test_going_back_leaves_the_given_simulator_where_it_was(sim, lab):
    lab.time.index = YEAR
    lab.time.index = 0
    assert sim.now == on(2027)
    assert lab.world.sim is not sim
    assert lab.world.now == on(2026)


def test_controls_follow_when_time_goes_back(lab):
    lab.time.index = 1
    lab.period.value = 200
    lab.automatic.value = True
    lab.enabled.value = False
    lab.time.index = 0
    assert (lab.automatic.value, lab.enabled.value) == (False, True)
    lab.time.index = 1
    assert (lab.automatic.value, lab.period.value, lab.enabled.value) == (True, 200, False)


def test_a_ninth_file_is_answered_with_what_to_do(lab):
    for _ in range(8):
        lab.encrypt.click()
    assert lab.status == "Not done. There is room for 8 files: press Start again for new ones."
    assert len(lab.facts_now.files) == 8


def test_start_again_gives_a_new_key_on_the_first_day(lab):
    first = lab.picture
    lab.automatic.value = True
    lab.time.index = 50
    lab.again.click()
    assert lab.picture == first
    assert (lab.time.index, lab.automatic.value) == (0, False)
    assert lab.status.startswith("A new key, and backup.tar encrypted with it.")


def test_the_picture_keeps_its_size_and_its_scale_while_time_moves(lab):
    lab.automatic.value = True
    sizes = set()
    for index in (0, 13, 40, 77, 120):
        lab.time.index = index
        sizes.add(lab.picture.svg.split("viewBox=")[1].split('"')[1])
    assert len(sizes) == 1


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run():
    one, two = RotationLab()._repr_mimebundle_(), RotationLab()._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])
    assert "alias/backups on 2026-01-01" in one["text/plain"]


def test_two_labs_on_one_simulator_have_a_key_each(sim, lab):
    other = RotationLab(sim)
    assert (lab.world.name, other.world.name) == ("alias/backups", "alias/backups-2")
    assert lab.world.key != other.world.key


def test_every_control_has_a_label(lab):
    assert all(control.description for control in lab.controls)


def test_seen_reads_everything_from_the_answers_and_the_trail(sim, kms, key):
    kms.create_alias(AliasName="alias/a", TargetKeyId=key)
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=100)
    answers = {"one": kms.encrypt(KeyId=key, Plaintext=b"1", EncryptionContext={"a": "b"})}
    sim.advance(days=150)
    answers["two"] = kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    kms.disable_key(KeyId=key)
    sim.advance(days=10)
    kms.enable_key(KeyId=key)
    facts = rotation_of(sim, "alias/a", answers)
    assert [(f.name, f.material, f.refused) for f in facts.files] == [("one", 1, ""), ("two", 2, "")]
    assert [f.made for f in facts.files] == [on(2026), on(2026) + timedelta(days=150)]
    assert facts.planned[0] == on(2026) + timedelta(days=200)
    assert facts.disabled == ((on(2026) + timedelta(days=150), on(2026) + timedelta(days=160)),)
    assert (facts.name, facts.period, facts.now) == ("alias/a", 100, sim.now)


def test_seen_tells_a_tampered_file_and_a_key_that_waits_for_its_deletion(sim, kms, key):
    answer = kms.encrypt(KeyId=key, Plaintext=b"1")
    blob = answer["CiphertextBlob"]
    broken = answer | {"CiphertextBlob": blob[:-1] + bytes([blob[-1] ^ 1])}
    assert [f.refused for f in rotation_of(sim, key, {"ok": answer, "broken": broken}).files] == [
        "",
        "InvalidCiphertextException",
    ]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    facts = rotation_of(sim, key, {"ok": answer})
    assert (facts.state, facts.deletion) == ("PendingDeletion", on(2026, 1, 8))
    assert facts.files[0].refused == "KMSInvalidStateException"


def test_seen_tells_imported_material_as_far_as_there_is_any(sim, kms):
    key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    assert rotation_of(sim, key, {}).materials == ()


def test_seen_refuses_a_file_of_another_key(sim, kms, key):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    with pytest.raises(ValueError, match="`x` was not encrypted with this key"):
        rotation_of(sim, key, {"x": kms.encrypt(KeyId=other, Plaintext=b"1")})


def test_a_world_gives_the_same_history_however_often_time_is_moved():
    world = World(Simulator(start="2026-03-31T12:00:00Z"), on(2036), 6)
    world.do("enable_key_rotation", RotationPeriodInDays=90)
    world.go(on(2027))
    world.do("encrypt", file="a", Plaintext=b"a")
    world.go(on(2028))
    straight = world.facts()
    for to in (on(2026, 6), on(2027, 6), on(2026, 4), on(2028)):
        world.go(to)
    assert world.facts() == straight


@pytest.mark.parametrize(
    ("months", "day"), [(0, on(2026, 1, 31)), (1, on(2026, 2, 28)), (2, on(2026, 3, 28)), (13, on(2027, 2, 28))]
)
def test_months_after_a_last_of_a_month_stay_in_their_month(months, day):
    assert months_after(on(2026, 1, 31), months) == day
