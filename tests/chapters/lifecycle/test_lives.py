import pytest

from kms_teach import Simulator
from kms_teach.chapters.lifecycle.lives import Lives, lives
from kms_teach.chapters.lifecycle.states import GONE
from tests.drawing.drawn import quarrels


@pytest.fixture
def sim():
    with Simulator(start="2026-01-01T00:00:00Z") as simulator:
        yield simulator


def keys(sim, *names, **how):
    return {sim.client("kms").create_key(**how)["KeyMetadata"]["Arn"]: name for name in names}


def states(facts):
    return [[span.state for span in key.spans] for key in facts.keys]


def test_a_key_that_nobody_schedules_is_enabled_after_ten_years(sim):
    named = keys(sim, "never", "seven days")
    never, seven = named
    sim.client("kms").schedule_key_deletion(KeyId=seven, PendingWindowInDays=7)
    sim.advance(until="2036-01-01")
    facts = Lives.of(sim.trail, named, sim.now)
    assert states(facts) == [["Enabled"], ["PendingDeletion", GONE]]
    assert lives(facts).title == "1 of 2 keys is gone: what nobody schedules, stays"
    assert (facts.keys[1].spans[0].end - facts.keys[1].spans[0].begin).days == 7
    assert sim.client("kms").describe_key(KeyId=never)["KeyMetadata"]["KeyState"] == "Enabled"


def test_a_cancelled_deletion_leaves_the_key_disabled_until_it_is_enabled(sim):
    named = keys(sim, "saved")
    (key,), kms = named, sim.client("kms")
    sim.advance(days=1)
    kms.schedule_key_deletion(KeyId=key)
    assert lives(Lives.of(sim.trail, named, sim.now)).title == "1 of 1 keys wait for their deletion"
    sim.advance(days=3)
    kms.cancel_key_deletion(KeyId=key)
    sim.advance(days=1)
    kms.enable_key(KeyId=key)
    sim.advance(days=1)
    assert states(Lives.of(sim.trail, named, sim.now)) == [["Enabled", "PendingDeletion", "Disabled", "Enabled"]]


def test_what_is_to_come_is_told_by_the_answer_of_the_call(sim):
    named = keys(sim, "thirty")
    answer = sim.client("kms").schedule_key_deletion(KeyId=next(iter(named)), PendingWindowInDays=30)
    sim.advance(days=2)
    (key,) = Lives.of(sim.trail, named, sim.now).keys
    assert key.deletion == answer["DeletionDate"]


def test_material_that_expires_shows_in_the_states(sim):
    from kms_teach.client_side import imports

    named = keys(sim, "own", Origin="EXTERNAL")
    sim.advance(days=1)
    imports.bring(sim.client("kms"), next(iter(named)), bytes(32), ValidTo=sim.now.replace(day=20))
    sim.advance(days=30)
    assert states(Lives.of(sim.trail, named, sim.now)) == [["PendingImport", "Enabled", "PendingImport"]]


def test_refused_calls_change_nothing(sim):
    named = keys(sim, "one")
    (key,), kms = named, sim.client("kms")
    with pytest.raises(kms.exceptions.KMSInvalidStateException):
        kms.cancel_key_deletion(KeyId=key)
    sim.advance(days=1)
    assert states(Lives.of(sim.trail, named, sim.now)) == [["Enabled"]]


def test_a_key_whose_creation_is_not_known_is_named(sim):
    with pytest.raises(ValueError, match="how `one` was created"):
        Lives.of(sim.trail, {"arn:aws:kms:us-east-1:111122223333:key/0": "one"}, sim.now)


@pytest.mark.parametrize("days", [1, 20, 400])
def test_words_get_along(sim, days):
    named = keys(sim, "never", "seven", "thirty")
    for key, window in zip(list(named)[1:], (7, 30), strict=True):
        sim.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=window)
    sim.advance(days=days)
    picture = lives(Lives.of(sim.trail, named, sim.now))
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert picture.table.rows[0][0] == "never"
