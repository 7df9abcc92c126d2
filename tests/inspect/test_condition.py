import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.inspect.condition import Held, condition
from tests.drawing.drawn import quarrels, texts

S3 = "s3.us-east-1.amazonaws.com"
TENANT = "kms:EncryptionContext:tenant"


@pytest.fixture
def held(sim, key):
    """Call GenerateDataKey as a clerk whose only statement has this condition, and give the facts."""

    def call(asked, context=None, **client):
        statement = {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "*", "Condition": asked}
        clerk = sim.user("clerk", policies=[{"Version": "2012-10-17", "Statement": [statement]}])
        with suppress(ClientError):
            clerk.client("kms", **client).generate_data_key(
                KeyId=key, KeySpec="AES_256", EncryptionContext=context or {}
            )
        return Held.of(sim.authorization(sim.trail[-1]))

    return call


def test_a_condition_that_is_met(held):
    facts = held({"StringEquals": {TENANT: "Blue"}}, {"tenant": "Blue"})
    assert (facts.allowed, facts.missed) == (True, ())
    assert condition(facts).title == "The call carries what the statement asks for"


@pytest.mark.parametrize(
    ("context", "title"),
    [
        ({}, f"Denied: the call carries no {TENANT}"),
        ({"tenant": "Red"}, f"Denied: {TENANT} is Red, not Blue"),
        ({"tenant": "blue"}, f"Denied: {TENANT} is blue, not Blue"),
    ],
)
def test_the_title_names_what_is_missing_or_differs(held, context, title):
    assert condition(held({"StringEquals": {TENANT: "Blue"}}, context)).title == title


def test_every_condition_of_the_statement_is_held_against_the_call(held):
    facts = held({"StringEquals": {TENANT: "Blue", "kms:ViaService": S3}}, {"tenant": "Blue"})
    assert [(row.key, row.had, row.holds) for row in facts.rows] == [
        (TENANT, "Blue", True),
        ("kms:ViaService", "", False),
    ]
    assert f"kms:ViaService must be {S3}, and the call carries nothing" in condition(facts).alt
    both = held({"StringEquals": {TENANT: "Blue", "kms:ViaService": S3}})
    assert condition(both).title.endswith(", and 1 more")


def test_through_a_service_there_is_no_address(held):
    facts = held({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, source_ip="192.0.2.44", via="s3")
    assert (facts.rows[0].had, facts.allowed) == ("", False)
    assert ("kms:ViaService", S3) in facts.carries
    assert held({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, source_ip="192.0.2.44").allowed


def test_a_statement_without_effect_on_an_allowed_call_is_told_apart(sim, key, held):
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    narrow = {**statement, "Condition": {"StringEquals": {TENANT: "Blue"}}}
    clerk = sim.user("clerk", policies=[{"Version": "2012-10-17", "Statement": [statement, narrow]}])
    clerk.client("kms").generate_data_key(KeyId=key, KeySpec="AES_256")
    facts = Held.of(sim.authorization(sim.trail[-1]))
    assert condition(facts).title == f"Allowed, though not by this statement: {TENANT} differs"


@pytest.mark.parametrize("nearer_first", [True, False])
def test_of_two_statements_the_nearer_miss_is_held(sim, key, nearer_first):
    may = {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "*"}
    near = {**may, "Condition": {"StringEquals": {TENANT: "Blue"}}}
    far = {**may, "Condition": {"StringEquals": {TENANT: "Red", "kms:ViaService": S3}}}
    statements = [near, far] if nearer_first else [far, near]
    clerk = sim.user("clerk", policies=[{"Version": "2012-10-17", "Statement": statements}])
    with suppress(ClientError):
        clerk.client("kms").generate_data_key(KeyId=key, KeySpec="AES_256")
    assert [row.key for row in Held.of(sim.authorization(sim.trail[-1])).rows] == [TENANT]


def test_a_key_policy_sees_no_aliases_and_an_iam_policy_does(sim, kms, key):
    kms.create_alias(AliasName="alias/a", TargetKeyId=key)
    asked = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}}
    may = {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "*", "Condition": asked}
    had = []
    for iam in ([may], []):
        policies = [{"Version": "2012-10-17", "Statement": iam}] if iam else []
        clerk = sim.user("clerk", policies=policies)
        policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
        if not iam:
            policy["Statement"].append({**may, "Principal": {"AWS": clerk.arn}})
            kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
        with suppress(ClientError):
            clerk.client("kms").generate_data_key(KeyId=key, KeySpec="AES_256")
        had.append(Held.of(sim.authorization(sim.trail[-1])).rows[0].had)
    assert had == ["alias/a", ""]


def test_without_a_condition_there_is_nothing_to_hold(sim, kms, key):
    kms.describe_key(KeyId=key)
    with pytest.raises(ValueError, match="no statement about this caller"):
        Held.of(sim.authorization(sim.trail[-1]))


def test_words_get_along_also_with_long_values(held):
    asked = {"ArnEquals": {"aws:SourceArn": "arn:aws:logs:us-east-1:111122223333:log-group:" + "audit" * 12},
             "StringEquals": {TENANT: "Blue"}}  # fmt: skip
    picture = condition(held(asked, {"tenant": "Red", "other": "x" * 60}))
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert "Nothing else allows it." in texts(picture.svg)
    assert picture.title == "Denied: the call carries no aws:SourceArn, and 1 more"


def test_a_title_has_no_room_for_two_arns(held):
    source = "arn:aws:logs:us-east-1:{}:log-group:audit"
    asked = {"ArnEquals": {"aws:SourceArn": source.format("111122223333")}}
    picture = condition(held(asked, source_arn=source.format("999988887777")))
    assert picture.title == "Denied: aws:SourceArn is not what the statement asks for"
    assert source.format("999988887777") in picture.alt
