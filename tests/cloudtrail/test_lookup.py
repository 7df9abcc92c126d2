"""What LookupEvents answers, seen by botocore's own client."""

import json
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from kms_teach import Simulator
from kms_teach.cloudtrail import lookup
from kms_teach.wire.model import service_model

from .conftest import allow, attribute, doc

ACCOUNT, AWAY = "111122223333", "444455556666"


def test_an_event_is_shown_with_what_it_is_looked_up_by(sim, kms, key, cloudtrail):
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    told = sim.trail[-1].event
    (event,) = cloudtrail.lookup_events(**attribute("EventName", "DescribeKey"))["Events"]
    assert json.loads(event.pop("CloudTrailEvent")) == told
    assert event == {
        "EventId": told["eventID"], "EventName": "DescribeKey", "ReadOnly": "true", "AccessKeyId": "test",
        "EventTime": datetime(2026, 1, 1, tzinfo=UTC), "EventSource": "kms.amazonaws.com", "Username": "root",
        "Resources": [{"ResourceType": "AWS::KMS::Key", "ResourceName": arn}],
    }  # fmt: skip


def test_every_member_of_an_event_in_botocores_model_is_shown(cloudtrail, key):
    (event,) = cloudtrail.lookup_events()["Events"]
    assert event.keys() == set(service_model("cloudtrail").shape_for("Event").members)


def test_the_newest_comes_first_and_a_lookup_is_an_event_itself(kms, key, names):
    kms.list_keys()
    assert names() == ["ListKeys", "CreateKey"]
    assert names() == ["LookupEvents", "ListKeys", "CreateKey"]


def test_a_lookup_leaves_an_event_as_cloudtrail_writes_it(sim, cloudtrail):
    end = datetime(2026, 1, 2, tzinfo=UTC)
    cloudtrail.lookup_events(**attribute("ReadOnly", "false"), EndTime=end, MaxResults=5)
    event = sim.trail[-1].event
    assert (event["eventSource"], event["eventName"]) == ("cloudtrail.amazonaws.com", "LookupEvents")
    assert (event["readOnly"], event["managementEvent"], event["responseElements"]) == (True, True, None)
    assert event["requestParameters"] == {
        "lookupAttributes": [{"attributeKey": "ReadOnly", "attributeValue": "false"}],
        "endTime": "Jan 2, 2026, 12:00:00 AM", "maxResults": 5,
    }  # fmt: skip


# --- by what ------------------------------------------------------------------------------------------------------


def test_each_attribute_finds_what_it_says(sim, kms, key, cloudtrail):
    alice = sim.user("alice", policies=[doc(allow("*"))])
    alice.client("kms").encrypt(KeyId=key, Plaintext=b"x")
    told, arn = sim.trail[-1].event, kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    sim.client("sts").get_caller_identity()
    counted = {
        ("EventId", told["eventID"]): 1, ("EventName", "Encrypt"): 1, ("ReadOnly", "false"): 1, ("ReadOnly", "true"): 6,
        ("Username", "alice"): 1, ("Username", "root"): 8, ("EventSource", "sts.amazonaws.com"): 1,
        ("ResourceType", "AWS::KMS::Key"): 3, ("ResourceName", arn): 3, ("AccessKeyId", alice.access_key.id): 1,
    }  # fmt: skip
    found = {asked: len(cloudtrail.lookup_events(**attribute(*asked))["Events"]) for asked in counted}
    assert found == counted


def test_a_value_is_compared_whole_and_case_by_case(key, names):
    for name, value in (
        ("EventName", "createkey"), ("EventName", "Create"), ("ResourceName", key), ("Username", "CreateKey"),
        ("ReadOnly", "False"), ("Username", '"'), ("Username", "é"),
    ):  # fmt: skip
        assert names(**attribute(name, value)) == []


def test_of_two_attributes_the_first_counts_and_the_second_is_passed_over(kms, key, names):
    kms.list_keys()
    both = attribute("EventName", "CreateKey")["LookupAttributes"] + attribute("Username", "nobody")["LookupAttributes"]
    assert names(LookupAttributes=both) == ["CreateKey"]
    assert names(LookupAttributes=both[::-1]) == []
    assert names(LookupAttributes=[], MaxResults=1) == ["LookupEvents"]


def test_a_session_is_looked_up_by_its_name_and_aws_itself_by_none(sim, key, cloudtrail):
    role = sim.role("app", policies=[doc(allow("kms:*"))]).client("kms")
    role.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=8)
    deleted, scheduled = cloudtrail.lookup_events(**attribute("ResourceType", "AWS::KMS::Key"), MaxResults=2)["Events"]
    assert (scheduled["EventName"], scheduled["Username"]) == ("ScheduleKeyDeletion", "kms-teach")
    assert deleted["EventName"] == "DeleteKey"
    assert not {"Username", "AccessKeyId"} & deleted.keys()


def test_an_event_without_resources_has_an_empty_list(kms, cloudtrail):
    kms.list_keys()
    assert cloudtrail.lookup_events()["Events"][0]["Resources"] == []


# --- whose, where, when -------------------------------------------------------------------------------------------


def test_an_account_sees_its_own_events_and_those_on_its_keys(sim, kms, key):
    there = sim.user("guest", AWAY, policies=[doc(allow("*"))])
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    opened = doc({"Effect": "Allow", "Principal": {"AWS": [ACCOUNT, AWAY]}, "Action": "kms:*", "Resource": "*"})
    kms.put_key_policy(KeyId=key, Policy=json.dumps(opened))
    there.client("kms").encrypt(KeyId=arn, Plaintext=b"x")
    (theirs,) = there.client("cloudtrail").lookup_events()["Events"]
    mine = sim.client("cloudtrail").lookup_events()["Events"]
    assert theirs["Username"] == "guest"
    assert [event["EventName"] for event in mine] == ["Encrypt", "PutKeyPolicy", "DescribeKey", "CreateKey"]
    assert "Username" not in mine[0]
    assert (
        json.loads(mine[0]["CloudTrailEvent"])["sharedEventID"]
        == json.loads(theirs["CloudTrailEvent"])["sharedEventID"]
    )


def test_events_stay_in_their_region_and_those_of_iam_in_us_east_1(sim, names):
    ireland = {name: sim.client(name, region="eu-west-1") for name in ("kms", "iam", "sts", "cloudtrail")}
    ireland["kms"].list_keys()
    ireland["iam"].list_users()
    ireland["sts"].get_caller_identity()
    there = [event["EventName"] for event in ireland["cloudtrail"].lookup_events()["Events"]]
    assert there == ["GetCallerIdentity", "ListKeys"]
    assert names() == ["ListUsers"]


def test_what_was_done_to_objects_is_not_in_the_history(sim, names):
    s3 = sim.client("s3")
    s3.create_bucket(Bucket="notes-of-a-class")
    s3.put_object(Bucket="notes-of-a-class", Key="a", Body=b"x")
    assert sim.trail[-1].operation == "PutObject"
    assert names() == ["CreateBucket"]


def test_both_ends_of_a_time_belong_to_it(sim, kms, names):
    for name in ("list_keys", "list_aliases", "generate_random", "create_key"):
        getattr(kms, name)(**({"NumberOfBytes": 1} if name == "generate_random" else {}))
        sim.advance(hours=1)
    noon = datetime(2026, 1, 1, tzinfo=UTC)
    one, two = noon + timedelta(hours=1), noon + timedelta(hours=2)
    assert names(StartTime=one, EndTime=two) == ["GenerateRandom", "ListAliases"]
    assert names(EndTime=noon) == ["ListKeys"]
    assert names(StartTime=two, EndTime=noon + timedelta(hours=3)) == ["CreateKey", "GenerateRandom"]
    assert names(StartTime=one + timedelta(milliseconds=1), EndTime=two - timedelta(milliseconds=1)) == []
    assert names(EndTime=noon - timedelta(hours=1)) == []


def test_after_ninety_days_an_event_is_gone(sim, kms, names):
    kms.list_keys()
    sim.advance(days=90)
    assert names() == ["ListKeys"]
    sim.advance(seconds=1)
    assert names(StartTime=datetime(2020, 1, 1, tzinfo=UTC)) == ["LookupEvents"]
    assert len(sim.trail) == 3


# --- page by page -------------------------------------------------------------------------------------------------


@pytest.fixture
def many(kms):
    kms.list_aliases()
    for count in range(70):
        kms.list_keys(Limit=count + 1)


def limits(events):
    return [json.loads(event["CloudTrailEvent"])["requestParameters"]["limit"] for event in events]


def test_botocores_paginator_sees_each_event_once_though_new_ones_come(many, kms, cloudtrail):
    pages = []
    for page in cloudtrail.get_paginator("lookup_events").paginate(**attribute("EventName", "ListKeys")):
        pages.append(limits(page["Events"]))
        kms.list_keys(Limit=999)
    assert [len(page) for page in pages] == [50, 20]
    assert [*chain(*pages)] == list(range(70, 0, -1))


def test_the_last_page_has_no_token_even_when_it_is_full(many, cloudtrail):
    first = cloudtrail.lookup_events(**attribute("EventName", "ListKeys"), MaxResults=35)
    last = cloudtrail.lookup_events(**attribute("EventName", "ListKeys"), MaxResults=35, NextToken=first["NextToken"])
    assert limits(last["Events"]) == list(range(35, 0, -1))
    assert "NextToken" not in last


def test_a_token_holds_with_the_same_parameters_alone(sim, many, cloudtrail, refused):
    asked = {**attribute("EventName", "ListKeys"), "MaxResults": 10}
    token = cloudtrail.lookup_events(**asked)["NextToken"]
    for others in (
        {"MaxResults": 10}, asked | {"MaxResults": 11}, asked | attribute("EventName", "Encrypt"),
        asked | {"StartTime": sim.now - timedelta(days=1)},
    ):  # fmt: skip
        assert refused(cloudtrail.lookup_events, NextToken=token, **others).code == "InvalidNextTokenException"
    for elsewhere in (sim.client("cloudtrail", region="eu-west-1"), sim.client("cloudtrail", account=AWAY)):
        assert refused(elsewhere.lookup_events, NextToken=token, **asked).code == "InvalidNextTokenException"
    assert len(cloudtrail.lookup_events(NextToken=token, **asked)["Events"]) == 10


@pytest.mark.parametrize("token", ["", "x", "MQ==", "é", "MTo=", "9" * 6000, "Ly86YQ=="])
def test_what_is_no_token_is_refused(cloudtrail, refused, token):
    assert refused(cloudtrail.lookup_events, NextToken=token).code == "InvalidNextTokenException"


def test_of_a_long_trail_a_page_looks_at_so_many_records(many, cloudtrail, monkeypatch):
    monkeypatch.setattr(lookup, "LOOKED_AT", 20)
    pages = cloudtrail.get_paginator("lookup_events").paginate(**attribute("EventName", "ListKeys"))
    found = [limits(page["Events"]) for page in pages]
    assert [len(page) for page in found] == [20, 20, 20, 10]
    assert [*chain(*found)] == list(range(70, 0, -1))


def test_of_a_trail_in_a_file_only_what_is_asked_for_is_read(tmp_path, monkeypatch):
    with Simulator(tmp_path / "class.db", start="2026-01-01T00:00:00Z") as sim:
        kms = sim.client("kms")
        for _ in range(60):
            for _ in range(10):
                kms.list_keys()
            sim.advance(hours=1)
        read, recorded = [], sim.service.store.recorded
        monkeypatch.setattr(
            sim.service.store, "recorded", lambda start, stop: read.append(stop - start) or recorded(start, stop)
        )
        at = datetime(2026, 1, 2, tzinfo=UTC)
        events = sim.client("cloudtrail").lookup_events(StartTime=at, EndTime=at + timedelta(hours=1))["Events"]
        assert len(events) == 20
        assert sum(read) < 200


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (attribute("EventNames", "Encrypt"), "InvalidLookupAttributesException"),
        (attribute("Username", "a" * 2001), "InvalidLookupAttributesException"),
        (attribute("Username", "_" * 1001), "InvalidLookupAttributesException"),
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"EventCategory": "management"}, "InvalidEventCategoryException"),
        ({"StartTime": datetime(2026, 1, 2, tzinfo=UTC), "EndTime": datetime(2026, 1, 1, tzinfo=UTC)}, "InvalidTimeRangeException"),
    ],
    ids=["no attribute", "a long value", "a value that counts twice", "too many", "a category", "a time that runs back"],
)  # fmt: skip
def test_what_is_asked_wrongly_has_an_error_of_its_own(sim, cloudtrail, refused, asked, code):
    said = refused(cloudtrail.lookup_events, **asked)
    assert said.code == code
    assert issubclass(getattr(cloudtrail.exceptions, code), Exception)
    event = sim.trail[-1].event
    assert (event["errorCode"], event["errorMessage"]) == said


def test_the_longest_value_and_times_that_hold_nothing_are_answered(cloudtrail):
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    for asked in (
        attribute("Username", "a" * 2000), attribute("Username", "_" * 1000), {"EventCategory": "insight"},
        {"StartTime": instant, "EndTime": instant, **attribute("Username", "alice")},
        {"StartTime": datetime(9999, 12, 31, tzinfo=UTC)}, {"EndTime": datetime(1970, 1, 1, tzinfo=UTC)},
    ):  # fmt: skip
        assert cloudtrail.lookup_events(**asked)["Events"] == []


def test_every_other_operation_is_refused_by_name(sim, cloudtrail, refused):
    said = refused(cloudtrail.list_trails)
    assert said == (
        "UnsupportedOperationException",
        "this simulator does not answer ListTrails of CloudTrail: LookupEvents is all",
    )
    assert sim.trail[-1].error == "UnsupportedOperationException"


# --- who may ------------------------------------------------------------------------------------------------------


def test_lookup_events_is_a_permission_of_iam(sim, refused):
    assert (
        sim.user("alice", policies=[doc(allow("cloudtrail:LookupEvents"))])
        .client("cloudtrail")
        .lookup_events()["Events"]
        == []
    )
    bob = sim.user("bob", policies=[doc(allow("kms:*"))])
    said = refused(bob.client("cloudtrail").lookup_events)
    assert said.code == "AccessDeniedException"
    assert said.message == (
        f"User: {bob.arn} is not authorized to perform: cloudtrail:LookupEvents because no identity-based policy allows "
        "the cloudtrail:LookupEvents action"
    )
    assert sim.trail[-1].event["errorCode"] == "AccessDenied"
    assert not sim.trail[-1].decision.allowed


def test_an_organization_can_forbid_it_even_to_root(sim, cloudtrail, refused):
    deny = {"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*"}
    sim.account(ACCOUNT, scps=[doc(allow("*"), deny)])
    message = refused(cloudtrail.lookup_events).message
    # recorded from AWS in 2024
    assert message.endswith(
        "is not authorized to perform: cloudtrail:LookupEvents with an explicit deny in a service control policy"
    )
