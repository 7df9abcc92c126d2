"""A month, a bill, the event history, a key store that is cut off: facts and words, and that no words overlap."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from kms_teach import Simulator
from kms_teach.chapters.watching import world
from kms_teach.chapters.watching.bill import Bill
from kms_teach.chapters.watching.bill_chart import bill
from kms_teach.chapters.watching.history import history
from kms_teach.chapters.watching.looked_up import LookedUp, who_from_where
from kms_teach.chapters.watching.month import month
from kms_teach.chapters.watching.prices import SYMMETRIC
from kms_teach.chapters.watching.usage import Month
from kms_teach.drawing.look import LAB
from tests.drawing.drawn import quarrels

OURS = "111122223333"


@pytest.fixture(scope="module")
def played():
    with Simulator(start=world.SINCE) as sim:
        yield sim, world.harbour(sim)


def june(played):
    sim, left = played
    return Month.of(sim.trail, left.keys[world.PAPERS], world.PAPERS, world.SINCE, world.UNTIL)


def looked_up(played, opened=None, **more):
    sim, left = played
    asked = [{"AttributeKey": "Username", "AttributeValue": "desk"}]
    answer = sim.client("cloudtrail").lookup_events(
        LookupAttributes=asked, EndTime=world.UNTIL - timedelta(seconds=1), **more
    )
    return LookedUp.of(answer, left.names, ("Username", "desk"), opened)


def test_a_month_counts_every_call_about_the_key_once(played):
    facts = june(played)
    sim, left = played
    about = [r for r in sim.trail.about(left.keys[world.PAPERS]) if r.event["eventType"] == "AwsApiCall"]
    assert facts.calls == len(about) == 50
    assert [(each.caller, each.calls) for each in facts.uses][:2] == [("desk", 43), ("office", 6)]
    assert facts.uses[0].days[16] == max(facts.uses[0].days)  # the day of the theft
    assert facts.uses[0].refused == 1


def test_a_months_key_and_requests_are_told_at_their_price(played):
    facts = june(played)
    assert (facts.stored, facts.requests) == (1, Decimal(50) * SYMMETRIC.dollars / 10_000)


def test_more_callers_than_colours_are_added_up():
    with Simulator(start=world.SINCE) as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        for number in range(7):
            person = sim.user(f"user{number}", policies=[world.policy("kms:*")]).client("kms")
            person.describe_key(KeyId=key)
        facts = Month.of(sim.trail, key, "Shared", world.SINCE, world.UNTIL)
        assert "others: 4" in month(facts).alt


def test_a_month_without_calls_is_told(played):
    sim, _ = played
    facts = Month.of(sim.trail, "arn:aws:kms:us-east-1:111122223333:key/none", "None", world.SINCE, world.UNTIL)
    assert month(facts).title == "Nobody called"


def test_the_history_has_the_strangers_three_calls(played):
    facts = looked_up(played)
    assert who_from_where(facts.rows)["desk", world.ELSEWHERE] == 3
    assert sorted(r.error for r in facts.rows if r.source == world.ELSEWHERE) == ["", "", "InvalidCiphertextException"]


def test_an_opened_event_tells_the_encryption_context(played):
    rows = looked_up(played).rows
    at = next(n for n, r in enumerate(rows) if r.source == world.ELSEWHERE and not r.error)
    picture = history(looked_up(played, at))
    assert picture.title == "desk called Decrypt with paper = cargo, ship = Esther"
    assert world.ELSEWHERE in picture.alt


def test_no_id_that_is_new_in_every_run_is_in_the_line_that_notebooks_are_compared_by(played):
    sim, left = played
    asked = [{"AttributeKey": "ResourceName", "AttributeValue": left.keys[world.LOGS]}]
    answer = sim.client("cloudtrail").lookup_events(LookupAttributes=asked)
    named = LookedUp.of(answer, left.names, ("ResourceName", left.keys[world.LOGS]), 0)
    unnamed = LookedUp.of(answer, {}, ("ResourceName", left.keys[world.LOGS]), 0)
    for facts in (named, unnamed):
        assert not re.search(r"[0-9a-f]{8}", repr(history(facts)))


def pictures(played):
    facts = looked_up(played)
    bad = next(n for n, r in enumerate(facts.rows) if r.error)
    full = Bill.made(OURS, Decimal(15), Decimal(10), {SYMMETRIC: 100_000_000})
    yield month(june(played))
    yield bill(full)
    yield bill(Bill.made(OURS, Decimal("0.5"), Decimal(), {}))
    yield history(facts)
    yield history(looked_up(played, bad))
    yield history(looked_up(played, 0, MaxResults=8), canvas=LAB, rows=8)
    yield history(LookedUp(("EventName", "DeleteKey"), ()))


def test_no_words_overlap_or_leave_the_card(played):
    for picture in pictures(played):
        for svg in (picture.svg, picture.narrow):
            assert quarrels(svg) == []


def test_every_event_is_json_that_a_program_can_read(played):
    sim, _ = played
    for event in sim.client("cloudtrail").lookup_events()["Events"]:
        assert json.loads(event["CloudTrailEvent"])["eventID"] == event["EventId"]
