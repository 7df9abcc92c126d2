"""What a call to STS leaves in the trail."""

import json

from .conftest import ALL, allow, doc, tags, trusts

AWAY = "444455556666"


def test_the_event_tells_who_got_which_access_key_but_no_secret(sim, as_sts, alice):
    role = sim.role("app", trust=doc(trusts(alice.arn, *ALL)))
    answer = as_sts(alice).assume(role, Tags=tags(team="blue"), TransitiveTagKeys=["team"], SourceIdentity="alice")
    event = sim.trail[-1].event
    given = answer["Credentials"]
    assert (event["eventSource"], event["eventName"]) == ("sts.amazonaws.com", "AssumeRole")
    assert event["readOnly"] is True
    assert event["resources"] == [{"accountId": "111122223333", "type": "AWS::IAM::Role", "ARN": role.arn}]
    assert event["requestParameters"] == {
        "roleArn": role.arn, "roleSessionName": "monday", "sourceIdentity": "alice",
        "tags": [{"key": "team", "value": "blue"}], "transitiveTagKeys": ["team"],
    }  # fmt: skip
    assert event["responseElements"]["credentials"].keys() == {"accessKeyId", "expiration"}
    assert event["responseElements"]["credentials"]["accessKeyId"] == given["AccessKeyId"]
    assert event["responseElements"]["assumedRoleUser"]["arn"] == answer["AssumedRoleUser"]["Arn"]
    assert "sharedEventID" not in event
    written = json.dumps(event)
    assert given["SecretAccessKey"] not in written
    assert given["SessionToken"] not in written


def test_a_sessions_calls_tell_its_role_and_when_it_began(sim, as_sts, alice):
    role = sim.role("app", policies=[doc(allow())], trust=doc(trusts(alice.arn)))
    given = as_sts(alice).assume(role)["Credentials"]
    began = f"{sim.now:%Y-%m-%dT%H:%M:%SZ}"
    sim.advance(minutes=5)
    sim.session(given).client("kms").list_keys()
    identity = sim.trail[-1].event["userIdentity"]
    assert (identity["type"], identity["accessKeyId"]) == ("AssumedRole", given["AccessKeyId"])
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == role.arn
    assert identity["sessionContext"]["attributes"] == {"creationDate": began, "mfaAuthenticated": "false"}


def test_a_role_of_another_account_stands_in_both_trails(sim, as_sts):
    guest = sim.user("guest", account=AWAY, policies=[doc(allow())])
    role = sim.role("shared", trust=doc(trusts(AWAY)))
    as_sts(guest).assume(role)
    theirs, mine = (record.event for record in sim.trail[-2:])
    assert theirs["sharedEventID"] == mine["sharedEventID"]
    assert theirs["eventID"] != mine["eventID"]
    assert (theirs["recipientAccountId"], mine["recipientAccountId"]) == ("111122223333", AWAY)
    assert theirs["userIdentity"].keys() == {"type", "principalId", "accountId"}


def test_a_denial_is_told_to_the_callers_account_alone(sim, as_sts):
    guest = sim.user("guest", account=AWAY, policies=[doc(allow())])
    role = sim.role("shared")
    before = len(sim.trail)
    as_sts(guest).no(role)
    assert len(sim.trail) == before + 1
    assert sim.trail[-1].event["errorCode"] == "AccessDenied"
    assert sim.authorization(sim.trail[-1]).decision == sim.trail[-1].decision
