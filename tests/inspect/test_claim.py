from datetime import date

import pytest
from msgspec.structs import replace

from kms_teach.inspect.claim import DATED, DEPENDS, TRUE, WRONG, Case, Claim, Finding
from kms_teach.inspect.wording import Words
from kms_teach.teaching.claim import called, on_record
from kms_teach.teaching.trial import scratch

YES, NO = Case("one", True, "yes"), Case("other", False, "no")
CLAIM = Claim("cats", ("Cats are grey.",), Words(("cats",)), "Not all.", "a cat", lambda: [YES])


def finding(*cases, **dates):
    return Finding.of(replace(CLAIM, run=lambda: cases, **dates))


@pytest.mark.parametrize(
    ("cases", "dates", "verdict", "words"),
    [
        ([YES], {}, TRUE, "true"),
        ([YES, YES], {"since": date(2019, 11, 25)}, TRUE, "true since 25 Nov 2019"),
        ([NO], {}, WRONG, "never true"),
        ([YES, NO], {}, DEPENDS, "depends"),
        ([NO], {"until": date(2022, 5, 1), "dated": "May 2022"}, DATED, "true until May 2022"),
        ([NO, YES], {"until": date(2022, 5, 1)}, DATED, "true until 1 May 2022, today it depends"),
    ],
)
def test_the_verdict_is_what_the_run_comes_to_and_its_dates(cases, dates, verdict, words):
    found = finding(*cases, **dates)
    assert (found.verdict, found.words) == (verdict, words)


def test_a_claim_that_ended_and_yet_holds_is_no_claim():
    with pytest.raises(ValueError, match=r"`cats` ended on 2022-05-01, and yet all that was tried holds"):
        finding(YES, until=date(2022, 5, 1))


def test_a_year_has_what_was_so_at_its_end():
    ended = finding(NO, YES, since=date(2019, 11, 25), until=date(2022, 5, 1))
    assert [ended.in_year(year) for year in (2018, 2019, 2021, 2022, 2026)] == [WRONG, TRUE, TRUE, DEPENDS, DEPENDS]
    assert [finding(YES).in_year(year) for year in (2014, 2026)] == [TRUE, TRUE]
    assert finding(NO).in_year(2014) == WRONG


def test_the_call_to_open_is_the_first_that_refutes():
    sim, kms, key = scratch()
    well = called(sim.trail, "a name", True, kms.describe_key, KeyId=key)
    refused = called(sim.trail, "no name", True, kms.describe_key, KeyId="alias/none")
    assert [case.held for case in (well, refused)] == [True, False]
    assert finding(well, refused).call is refused.record
    assert finding(well).call is well.record
    assert (refused.record.error, refused.shown) == (
        "NotFoundException",
        "`DescribeKey` was refused: `NotFoundException`.",
    )
    assert finding(*on_record("a paper", held=False)).call is None


def test_what_boto3_does_not_send_is_a_case_too():
    sim, kms, _ = scratch()
    unsent = called(sim.trail, "nonsense", False, kms.describe_key, Nonsense=1)
    assert unsent.held
    assert unsent.shown.startswith("boto3 does not send it. ")
