from datetime import date, timedelta

import botocore.session
import pytest

from kms_teach.keys.calendar import ON_DEMAND_MAX
from kms_teach.keys.ownership import (
    CHOICE,
    FOOTNOTES,
    KINDS,
    LAUNCH,
    NEWER,
    OLD_SHEET,
    READ_ON,
    YEARLY,
    Claim,
    kind,
    turned,
    verdict,
    verdict_in,
)

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
    assert any(f"{ON_DEMAND_MAX} times" in words for words in FOOTNOTES)


def test_each_kind_gives_away_less_than_the_one_before():
    rows = [(k.you_see, k.you_manage, k.rotation(READ_ON).days is not None) for k in KINDS]
    assert rows == [(True, True, True), (True, False, True), (False, False, False)]


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (OLD_SHEET[0], "one option since 12 Apr 2024"),
        (OLD_SHEET[1], "true until May 2022"),
        (OLD_SHEET[2], "still true"),
        (Claim("AWS managed", 365), "true since May 2022"),
        (Claim("Customer managed", 180), "one option since 12 Apr 2024"),
        (Claim("Customer managed", 60), "never true"),
        (Claim("Customer managed", None, on_demand=True), "true since 12 Apr 2024"),
        (Claim("AWS managed", None, on_demand=True), "never true"),
        (Claim("AWS owned", 365), "never true"),
    ],
)
def test_a_claim_is_dated_by_the_table(claim, said):
    assert verdict(claim) == said


@pytest.mark.parametrize(
    ("claim", "year", "said"),
    [
        (OLD_SHEET[1], 2013, "no KMS yet"),
        (OLD_SHEET[1], 2019, "true in 2019"),
        (OLD_SHEET[1], 2022, "true until May 2022, then false"),
        (OLD_SHEET[1], 2023, "not true in 2023"),
        (OLD_SHEET[0], 2024, "true until 12 Apr 2024, then one option"),
        (OLD_SHEET[0], 2025, "one option in 2025"),
        (Claim("AWS managed", 365), 2022, "false until May 2022, then true"),
    ],
)
def test_a_claim_is_told_for_a_year(claim, year, said):
    assert verdict_in(claim, year) == said


@pytest.mark.parametrize("claim", [*OLD_SHEET, *NEWER], ids=lambda c: f"{c.kind} {c.words}")
def test_a_claim_changes_in_the_year_in_which_it_turned_and_in_no_other(claim):
    years = range(LAUNCH.year, READ_ON.year + 1)
    assert [y for y in years if ", then " in verdict_in(claim, y)] == [
        y for y in years if turned(claim) and turned(claim).year == y
    ]


def test_a_year_of_change_is_told_with_its_day():
    assert MANAGED.told(2022) == "every 1,095 days (3 years) until May 2022, then every 365 days (about a year)"
    assert MANAGED.told() == MANAGED.told(READ_ON.year) == "every 365 days (about a year)"


def test_every_claim_is_about_a_kind_and_an_unknown_kind_is_refused():
    assert {c.kind for c in (*OLD_SHEET, *NEWER)} <= {k.name for k in KINDS}
    assert [c.kind for c in OLD_SHEET] == [k.name for k in KINDS]
    with pytest.raises(KeyError):
        kind("CMK")
