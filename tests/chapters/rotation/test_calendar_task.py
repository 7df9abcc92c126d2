from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.rotation.calendar_task import three_keys
from kms_teach.chapters.rotation.tasks import ROTATE_TWICE_A_YEAR


@pytest.fixture
def keys(sim):
    return three_keys(sim)["keys"]


def enable(kms, key, **period):
    with suppress(ClientError):
        kms.enable_key_rotation(KeyId=key, **period)


def every(days):
    return {"RotationPeriodInDays": days}


def both_at_the_limit(sim, kms, keys):
    enable(kms, keys["letters"], **every(180))
    enable(kms, keys["orders"], **every(180))


def as_often_as_can_be(sim, kms, keys):
    for key in keys.values():  # that of the key that signs is refused
        enable(kms, key, **every(90))


def by_somebody_else_after_an_interruption(sim, kms, keys):
    actions = ["kms:EnableKeyRotation", "kms:DisableKeyRotation"]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    admin = sim.user("admin", policies=[policy]).client("kms")
    admin.disable_key_rotation(KeyId=keys["letters"])
    enable(admin, keys["letters"], **every(120))
    enable(admin, keys["orders"], **every(91))


@pytest.mark.parametrize("way", [both_at_the_limit, as_often_as_can_be, by_somebody_else_after_an_interruption])
def test_any_calendar_that_is_frequent_enough_is_right(sim, kms, keys, way):
    assert not ROTATE_TWICE_A_YEAR.check(sim).done
    way(sim, kms, keys)
    outcome = ROTATE_TWICE_A_YEAR.check(sim)
    assert outcome.done, outcome.feedback
    for name in ("letters", "orders"):
        assert kms.get_key_rotation_status(KeyId=keys[name])["RotationPeriodInDays"] <= 180


def nothing(sim, kms, keys):
    pass


def on_demand(sim, kms, keys):
    for name in ("letters", "orders"):
        kms.rotate_key_on_demand(KeyId=keys[name])


def without_a_period(sim, kms, keys):
    enable(kms, keys["orders"])


def by_somebody_who_may_not(sim, kms, keys):
    enable(sim.user("stranger").client("kms"), keys["letters"], **every(90))


def not_often_enough(sim, kms, keys):
    for name in ("letters", "orders"):
        enable(kms, keys[name], **every(200))


def the_key_that_signs(sim, kms, keys):
    enable(kms, keys["badges"], **every(180))


def one_of_two(sim, kms, keys):
    enable(kms, keys["letters"], **every(180))


def switched_off_again(sim, kms, keys):
    both_at_the_limit(sim, kms, keys)
    kms.disable_key_rotation(KeyId=keys["letters"])


@pytest.mark.parametrize(("way", "says"), [
    (nothing, "Neither of the two"),
    (on_demand, "rotates once, now"),
    (without_a_period, "without a period means 365 days"),
    (by_somebody_who_may_not, "was refused"),
    (not_often_enough, "200 days are more than 180"),
    (the_key_that_signs, "have no automatic rotation"),
    (one_of_two, "“Orders, not rotated”"),
    (switched_off_again, "“Letters, rotated yearly”"),
])  # fmt: skip
def test_a_way_that_leads_astray_is_answered_by_its_name(sim, kms, keys, way, says):
    way(sim, kms, keys)
    outcome = ROTATE_TWICE_A_YEAR.check(sim)
    assert not outcome.done
    assert says in outcome.feedback
