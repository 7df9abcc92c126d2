from datetime import date, timedelta

import botocore.session
import pytest

from kms_teach.keys.ownership import CHOICE, KINDS, LAUNCH, READ_ON, YEARLY, kind

DAY = timedelta(days=1)
CUSTOMER, MANAGED, OWNED = KINDS


@pytest.mark.parametrize("of", KINDS, ids=lambda k: k.name)
def test_on_every_day_since_the_launch_exactly_one_way_of_rotating_holds(of):
    assert of.rotation(LAUNCH - DAY) is None
    day = LAUNCH
    while day <= READ_ON:
        holding = [r for r in of.rotations if r.since <= day and (r.until is None or day < r.until)]
        assert holding == [of.rotation(day)]
        day += DAY


@pytest.mark.parametrize("of", KINDS, ids=lambda k: k.name)
def test_what_began_later_says_when_and_the_last_one_holds(of):
    assert [bool(r.since_words) for r in of.rotations] == [r.since != LAUNCH for r in of.rotations]
    assert of.ended(of.rotations[-1]) == ""
    assert all(of.ended(r) for r in of.rotations[:-1])


def test_aws_managed_keys_went_from_three_years_to_one_in_may_2022():
    assert MANAGED.rotation(YEARLY - DAY).days == (1095, 1095)
    assert MANAGED.rotation(YEARLY).days == (365, 365)
    assert (YEARLY.year, YEARLY.month) == (2022, 5)


def test_customer_managed_keys_got_a_choice_and_rotation_on_demand_on_12_apr_2024():
    before, after = CUSTOMER.rotation(CHOICE - DAY), CUSTOMER.rotation(CHOICE)
    assert (before.days, before.on_demand) == ((365, 365), False)
    assert after.on_demand
    assert date(2024, 4, 12) == CHOICE


def test_the_choice_is_the_one_that_awss_own_model_allows_and_the_words_say_it():
    model = botocore.session.get_session().get_service_model("kms")
    period = model.operation_model("EnableKeyRotation").input_shape.members["RotationPeriodInDays"].metadata
    today = CUSTOMER.rotation(READ_ON)
    assert today.days == (period["min"], period["max"])
    assert f"{period['min']} to {period['max']:,} days" in today.words


def test_each_kind_gives_away_less_than_the_one_before():
    rows = [(k.you_see, k.you_manage, k.yours_alone, k.rotation(READ_ON).days is not None) for k in KINDS]
    assert rows == [(True, True, True, True), (True, False, True, True), (False, False, False, False)]


def test_a_year_of_change_is_told_with_its_day():
    assert MANAGED.told(2022) == "every 1,095 days (3 years) until May 2022, then every 365 days (about a year)"
    assert MANAGED.told() == MANAGED.told(READ_ON.year) == "every 365 days (about a year)"


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        kind("CMK")
