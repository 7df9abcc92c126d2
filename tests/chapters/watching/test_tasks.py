"""The tasks of chapter 12: different right ways pass, and each belief that leads astray is answered by its name."""

import json

import pytest

from kms_teach import Simulator
from kms_teach.chapters.watching.tasks import (
    AGES,
    BUSY,
    LEDGER,
    NOBODY_USES_IT,
    QUIET,
    STRANGE,
    WHAT_WAS_READ,
    WHO_SCHEDULED_IT,
)

TASKS = (WHO_SCHEDULED_IT, WHAT_WAS_READ, NOBODY_USES_IT)


@pytest.fixture
def sim():
    with Simulator(start="2026-06-01T00:00:00Z") as one:
        yield one


def tag(sim, key, name, value):
    sim.client("kms").tag_resource(KeyId=key, Tags=[{"TagKey": name, "TagValue": value}])


def back(sim, key):
    kms = sim.client("kms")
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)


def lookup(sim, name, value):
    found = sim.client("cloudtrail").lookup_events(LookupAttributes=[{"AttributeKey": name, "AttributeValue": value}])
    return found["Events"]


@pytest.mark.parametrize("task", TASKS)
def test_the_third_hint_reaches_the_goal(sim, task):
    given = {"sim": sim, **task.situation(sim)}
    assert not task.check(sim).done
    exec(task.solution, given)
    assert task.check(sim).done


@pytest.mark.parametrize("task", TASKS)
def test_what_was_not_begun_is_told(sim, task):
    assert "press “Start again”" in task.check(sim).feedback


@pytest.mark.parametrize("task", TASKS)
def test_what_was_done_begins_anew(sim, task):
    exec(task.solution, {"sim": sim, **task.situation(sim)})
    task.situation(sim)
    assert not task.check(sim).done


# --- who scheduled it ---


def by_event_name(sim, key):
    return lookup(sim, "EventName", "ScheduleKeyDeletion")[0]["Username"]


def by_the_trail(sim, key):
    return sim.trail.named("ScheduleKeyDeletion")[-1].caller


def by_the_event_in_json(sim, key):
    events = [json.loads(each["CloudTrailEvent"]) for each in lookup(sim, "ReadOnly", "false")]
    return next(e["userIdentity"]["userName"] for e in events if e["eventName"] == "ScheduleKeyDeletion")


@pytest.mark.parametrize("way", [by_event_name, by_the_trail, by_the_event_in_json])
def test_whoever_finds_who_scheduled_it_is_right_however(sim, way):
    key = WHO_SCHEDULED_IT.situation(sim)["ledger_key"]
    found = way(sim, key)
    assert "still scheduled" in WHO_SCHEDULED_IT.check(sim).feedback
    sim.client("kms").cancel_key_deletion(KeyId=key)
    assert "leaves the key Disabled" in WHO_SCHEDULED_IT.check(sim).feedback
    sim.client("kms").enable_key(KeyId=key)
    tag(sim, key, "scheduled-by", found)
    assert WHO_SCHEDULED_IT.check(sim).done


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("nils", "`DisableKey`. That deletes nothing"),
        ("otto", "`DescribeKey`. That deletes nothing"),
        ("root", "`DeleteKey` comes when the days are over"),
        ("somebody", "the name of nobody"),
    ],
)
def test_the_wrong_one_is_answered_with_what_they_did(sim, name, named):
    key = WHO_SCHEDULED_IT.situation(sim)["ledger_key"]
    back(sim, key)
    assert "no tag" in WHO_SCHEDULED_IT.check(sim).feedback
    tag(sim, key, "scheduled-by", name)
    assert named in WHO_SCHEDULED_IT.check(sim).feedback


def test_a_key_of_the_same_description_that_was_not_made_here_is_no_ledger(sim):
    sim.client("kms").create_key(Description=LEDGER)
    assert not WHO_SCHEDULED_IT.check(sim).done


# --- what was read ---


def by_address_in_the_trail(sim, key):
    return {
        r.parameters["encryptionContext"]["crew"]
        for r in sim.trail.named("Decrypt")
        if r.event["sourceIPAddress"] == STRANGE and r.worked
    }


def by_user_name(sim, key):
    events = [json.loads(each["CloudTrailEvent"]) for each in lookup(sim, "Username", "pilot")]
    strange = [e for e in events if e["sourceIPAddress"] != "192.0.2.10" and not e.get("errorCode")]
    return {e["requestParameters"]["encryptionContext"]["crew"] for e in strange}


def by_access_key(sim, key):
    pilot = json.loads(lookup(sim, "Username", "pilot")[0]["CloudTrailEvent"])["userIdentity"]["accessKeyId"]
    events = [json.loads(each["CloudTrailEvent"]) for each in lookup(sim, "AccessKeyId", pilot)]
    strange = [e for e in events if e["sourceIPAddress"] == STRANGE and "errorCode" not in e]
    return {e["requestParameters"]["encryptionContext"]["crew"] for e in strange}


@pytest.mark.parametrize("way", [by_address_in_the_trail, by_user_name, by_access_key])
def test_whoever_finds_what_was_read_is_right_however(sim, way):
    key = WHAT_WAS_READ.situation(sim)["letters_key"]
    tag(sim, key, "read", " ".join(way(sim, key)))
    outcome = WHAT_WAS_READ.check(sim)
    assert outcome.done, outcome.feedback


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("Bela Dita Emma", "asked for, and not read"),
        ("Anna Bela Cora Dita", "what the pilot read from home"),
        ("Dita", "One is missing"),
        ("everything", "names no crew"),
    ],
)
def test_a_wrong_list_is_answered_with_the_belief_behind_it(sim, value, named):
    key = WHAT_WAS_READ.situation(sim)["letters_key"]
    tag(sim, key, "read", value)
    assert named in WHAT_WAS_READ.check(sim).feedback


# --- is this key still in use ---


def by_last_usage(sim, keys):
    kms = sim.client("kms")
    used = {name: kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]["Timestamp"] for name, key in keys.items()}
    return min(used, key=used.get)


def by_the_records(sim, keys):
    last = {name: max(r.event["eventTime"] for r in sim.trail if any(u.key_arn == key for u in r.used))
            for name, key in keys.items()}  # fmt: skip
    return min(last, key=last.get)


def by_asking_each(sim, keys):
    kms = sim.client("kms")
    ages = {n: sim.now - kms.get_key_last_usage(KeyId=k)["KeyLastUsage"]["Timestamp"] for n, k in keys.items()}
    return next(name for name, age in ages.items() if age.days > 150)


@pytest.mark.parametrize("way", [by_last_usage, by_the_records, by_asking_each])
def test_the_key_that_nobody_used_is_found_however(sim, way):
    keys = NOBODY_USES_IT.situation(sim)["old_keys"]
    sim.client("kms").schedule_key_deletion(KeyId=keys[way(sim, keys)], PendingWindowInDays=7)
    assert NOBODY_USES_IT.check(sim).done


def no_event_no_use(sim, keys):
    sim.client("kms").schedule_key_deletion(KeyId=keys[AGES])


def the_one_of_today(sim, keys):
    sim.client("kms").schedule_key_deletion(KeyId=keys[BUSY])


def disabled_only(sim, keys):
    sim.client("kms").disable_key(KeyId=keys[QUIET])


def another_switched_off(sim, keys):
    kms = sim.client("kms")
    kms.schedule_key_deletion(KeyId=keys[QUIET])
    kms.disable_key(KeyId=keys[AGES])


def nothing(sim, keys):
    pass


def looked_up(sim, keys):
    lookup(sim, "ResourceName", keys[QUIET])


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (no_event_no_use, "no event there does not mean no use"),
        (the_one_of_today, "was used today"),
        (disabled_only, "a good first step"),
        (another_switched_off, "Leave it as it was"),
        (looked_up, "Neither used it"),
        (nothing, "which of the three"),
    ],
)
def test_a_wrong_key_is_answered_with_the_belief_behind_it(sim, way, named):
    way(sim, NOBODY_USES_IT.situation(sim)["old_keys"])
    outcome = NOBODY_USES_IT.check(sim)
    assert not outcome.done
    assert named in outcome.feedback
