import re

import pytest

from kms_teach.chapters.rotation.sheet import NEWER, OLD_SHEET, RotationClaim, footnotes, turned, verdict, verdict_in
from kms_teach.keys.calendar import ON_DEMAND_MAX
from kms_teach.keys.ownership import KINDS, LAUNCH, READ_ON


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (OLD_SHEET[0], "one option since 12 Apr 2024"),
        (OLD_SHEET[1], "true until May 2022"),
        (OLD_SHEET[2], "still true"),
        (RotationClaim("AWS managed", 365), "true since May 2022"),
        (RotationClaim("Customer managed", 180), "one option since 12 Apr 2024"),
        (RotationClaim("Customer managed", 60), "never true"),
        (RotationClaim("Customer managed", None, on_demand=True), "true since 12 Apr 2024"),
        (RotationClaim("AWS managed", None, on_demand=True), "never true"),
        (RotationClaim("AWS owned", 365), "never true"),
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
        (RotationClaim("AWS managed", 365), 2022, "false until May 2022, then true"),
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


def test_every_claim_is_about_a_kind_and_the_sheet_has_one_of_each():
    assert {c.kind for c in (*OLD_SHEET, *NEWER)} <= {k.name for k in KINDS}
    assert [c.kind for c in OLD_SHEET] == [k.name for k in KINDS]


def test_a_footnote_says_how_often_a_key_is_rotated_on_demand():
    assert any(f"{ON_DEMAND_MAX} times" in words for words in footnotes())


@pytest.mark.parametrize(
    ("year", "times"), [(2019, ""), (2023, ""), (2024, "10"), (2025, "10"), (2026, "25"), (None, "25")]
)
def test_how_often_on_demand_is_told_as_it_was_in_the_year(year, times):
    told = [re.search(r"at most (\d+) times", words)[1] for words in footnotes(year) if "at most" in words]
    assert told == ([times] if times else [])
