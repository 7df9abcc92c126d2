"""How a client in this process waits when it is throttled, as botocore sees it."""

import time

import pytest

from kms_teach import Simulator


@pytest.fixture
def sim(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail(f"slept {seconds} s") if seconds else None)
    with Simulator(start="2026-01-01T00:00:00Z", quota=2) as sim:
        yield sim


def draw(client, times):
    for _ in range(times):
        client.generate_random(NumberOfBytes=1)


def test_it_waits_on_the_simulators_clock_and_then_goes_on(sim):
    begin = sim.now
    draw(sim.client("kms"), 6)
    assert (sim.now - begin).total_seconds() == 2
    assert [record.error for record in sim.trail] == [
        "",
        "",
        "ThrottlingException",
        "",
        "",
        "ThrottlingException",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("retries", "waits"),
    [({}, [1, 2]), ({"mode": "legacy"}, [1, 2, 4, 8]), ({"max_attempts": 1}, [1]), ({"total_max_attempts": 1}, [])],
)  # fmt: skip
def test_it_gives_up_when_botocore_does(sim, refused, monkeypatch, retries, waits):
    waited, began = [], sim.now
    draw(sim.client("kms"), 2)
    monkeypatch.setattr(sim.service, "advance", lambda to: waited.append((to - began).total_seconds()))  # in vain
    kms = sim.root().client("kms", retries=retries)
    assert refused(draw, kms, 1).code == "ThrottlingException"
    assert waited == waits


def test_what_falls_due_while_it_waits_happens(sim):
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=7, seconds=-1)
    draw(kms, 3)
    assert [record.operation for record in sim.trail][-3:] == ["GenerateRandom", "DeleteKey", "GenerateRandom"]


def test_the_paginator_of_the_event_history_waits_for_its_turn(sim):
    kms, begin = sim.client("kms"), sim.now
    for _ in range(5):
        kms.list_keys()
    pages = sim.client("cloudtrail").get_paginator("lookup_events").paginate(PaginationConfig={"PageSize": 1})
    assert len([event for page in pages for event in page["Events"]]) == 5
    assert (sim.now - begin).total_seconds() == 2


def test_s3_that_is_slowed_down_waits_too(sim):
    s3 = sim.client("s3")
    s3.create_bucket(Bucket="notes-of-a-class")
    for key in "abc":
        s3.put_object(Bucket="notes-of-a-class", Key=key, Body=b"x", ServerSideEncryption="aws:kms")
    assert [record.error for record in sim.trail if record.operation == "PutObject"] == ["", "", "SlowDown", ""]


def test_other_errors_are_not_waited_for(sim, refused):
    begin = sim.now
    assert refused(sim.client("kms").generate_random, NumberOfBytes=2000).code == "ValidationException"
    assert sim.now == begin
