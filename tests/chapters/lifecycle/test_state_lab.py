import pytest

from kms_teach.chapters.lifecycle.state_lab import StateLab


@pytest.fixture
def lab():
    one = StateLab()
    yield one
    one.close()


def press(lab, *names):
    for name in names:
        getattr(lab, name).click()


def state(lab):
    return repr(lab.picture).split(": ")[2].split(";")[0].split(",")[0]


def test_it_opens_with_a_key_that_works(lab):
    assert lab.picture.title == "Enabled: the key works, and photos.zip opens"
    assert state(lab) == "Enabled"


def test_a_scheduled_key_is_out_of_use_from_the_call_on(lab):
    press(lab, "schedule", "decrypt")
    assert lab.status.startswith("Refused. `KMSInvalidStateException`")
    assert "press CancelKeyDeletion, then press EnableKey" in lab.status
    assert lab.picture.title == "For 30 more days nothing is lost, and KMS opens nothing"


def test_cancelling_alone_does_not_let_it_work(lab):
    press(lab, "schedule", "week", "cancel")
    assert state(lab) == "Disabled"
    press(lab, "decrypt")
    assert lab.status.startswith("Refused. `DisabledException`") and lab.status.endswith("Press EnableKey.")
    press(lab, "enable", "decrypt")
    assert lab.status == "Done. photos.zip opens."


@pytest.mark.parametrize("days", [1, 6, 31, 99])
def test_a_window_that_kms_does_not_take_is_refused_and_changes_nothing(lab, days):
    lab.days.value = days
    press(lab, "schedule")
    assert lab.status.endswith("Choose 7 to 30 days.")
    assert state(lab) == "Enabled"


def test_on_the_day_the_key_is_gone_and_nothing_brings_it_back(lab):
    lab.days.value = 7
    press(lab, "schedule", "day", "day", "day", "day", "day", "day")
    assert "1 day is left" in lab.status
    press(lab, "day")
    assert state(lab) == "deleted"
    for name in ("cancel", "enable", "disable", "schedule"):
        press(lab, name)
        assert lab.status.startswith("Refused. `NotFoundException`")
    press(lab, "decrypt")
    assert lab.status.startswith("Refused. `AccessDeniedException`")  # KMS does not tell what it was
    press(lab, "again")
    assert state(lab) == "Enabled"


def test_each_press_is_a_call_that_the_trail_has(lab):
    press(lab, "disable", "enable", "schedule", "cancel")
    named = [r.operation for r in lab.sim.trail if r.operation not in ("Decrypt", "DescribeKey")]
    assert named[-4:] == ["DisableKey", "EnableKey", "ScheduleKeyDeletion", "CancelKeyDeletion"]


def test_the_number_of_days_alone_does_nothing(lab):
    lab.days.value = 12
    assert lab.status == "ScheduleKeyDeletion will ask for 12 days."
    assert state(lab) == "Enabled"
