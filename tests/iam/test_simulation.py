"""SimulatePrincipalPolicy and SimulateCustomPolicy answer with the decisions that calls would get."""

import json

import pytest

from kms_teach.access.actions import ON_KEY
from kms_teach.iam.positions import positions
from tests.iam.conftest import ADMIN, HOME, allow, document

KEY = f"arn:aws:kms:us-east-1:{HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TEMPLATE = "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}"


def deny(action, resource="*", **more):
    return {**allow(action, resource, **more), "Effect": "Deny"}


@pytest.fixture
def alice(iam):
    iam.create_user(UserName="alice")
    iam.put_user_policy(
        UserName="alice", PolicyName="mine", PolicyDocument=document(allow(["kms:Encrypt", "kms:Decrypt"]))
    )
    return f"arn:aws:iam::{HOME}:user/alice"


def custom(iam, *policies, actions=("kms:Decrypt",), **more):
    asked = {"PolicyInputList": list(policies), "ActionNames": list(actions), **more}
    return iam.simulate_custom_policy(**asked)["EvaluationResults"]


def test_one_result_for_each_action_with_what_decided_it(iam, alice):
    answer = iam.simulate_principal_policy(
        PolicySourceArn=alice, ActionNames=["kms:Encrypt", "kms:Sign"], ResourceArns=[KEY]
    )
    allowed, silent = answer["EvaluationResults"]
    assert answer["IsTruncated"] is False
    matched = [
        {
            "SourcePolicyId": "user_alice_mine",
            "SourcePolicyType": "IAM Policy",
            "StartPosition": {"Line": 1, "Column": 42},
            "EndPosition": {"Line": 1, "Column": 119},
        }
    ]
    assert allowed == {
        "EvalActionName": "kms:Encrypt",
        "EvalResourceName": TEMPLATE,
        "EvalDecision": "allowed",
        "MatchedStatements": matched,
        "MissingContextValues": [],
        "EvalDecisionDetails": {},
        "ResourceSpecificResults": [
            {
                "EvalResourceName": KEY,
                "EvalResourceDecision": "allowed",
                "MatchedStatements": matched,
                "MissingContextValues": [],
            }
        ],
    }
    assert (silent["EvalDecision"], silent["MatchedStatements"]) == ("implicitDeny", [])


def test_without_resources_there_is_one_answer(iam, alice):
    (result,) = iam.simulate_principal_policy(PolicySourceArn=alice, ActionNames=["kms:Encrypt"])["EvaluationResults"]
    assert result["EvalDecision"] == "allowed"
    assert not {"ResourceSpecificResults", "EvalDecisionDetails"} & result.keys()


def test_a_deny_is_the_only_statement_that_is_named(iam):
    (result,) = custom(iam, document(allow("kms:*")), document(allow("s3:*"), deny("kms:Decrypt")))
    assert result["EvalDecision"] == "explicitDeny"
    (match,) = result["MatchedStatements"]
    assert match["SourcePolicyId"] == "PolicyInputList.2"


def test_each_resource_by_itself_and_the_most_restrictive_above(iam):
    other = KEY.replace("1234abcd", "4321abcd")
    (result,) = custom(iam, document(allow("kms:*", KEY), deny("kms:Sign")), ResourceArns=[KEY, other])
    assert result["EvalDecision"] == "implicitDeny"
    assert [one["EvalResourceDecision"] for one in result["ResourceSpecificResults"]] == ["allowed", "implicitDeny"]


def test_what_a_condition_or_a_variable_needs_and_nobody_gave_is_named(iam, alice):
    needs = allow("s3:*", "arn:aws:s3:::${aws:PrincipalTag/team}", Condition={"Bool": {"aws:SecureTransport": "true"}})
    needs_more = allow("kms:*", Condition={"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}})
    policy = document(needs, needs_more)
    (result,) = custom(iam, policy)
    names = ["aws:SecureTransport", "aws:PrincipalTag/team", "kms:ViaService"]
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("implicitDeny", names)
    entries = [
        {
            "ContextKeyName": "KMS:viaservice",
            "ContextKeyType": "string",
            "ContextKeyValues": ["s3.us-east-1.amazonaws.com"],
        }
    ]
    (result,) = custom(iam, policy, ContextEntries=entries, ResourceArns=[KEY])
    (one,) = result["ResourceSpecificResults"]
    assert (one["EvalResourceDecision"], one["MissingContextValues"]) == ("allowed", names[:2])


def test_who_the_principal_is_is_known_and_of_a_custom_policy_is_not(iam, alice):
    policy = document(allow("kms:CreateAlias", f"arn:aws:kms:us-east-1:{HOME}:alias/${{aws:username}}"))
    asked = {"ActionNames": ["kms:CreateAlias"], "ResourceArns": [f"arn:aws:kms:us-east-1:{HOME}:alias/alice"]}
    (known,) = iam.simulate_principal_policy(PolicySourceArn=alice, PolicyInputList=[policy], **asked)[
        "EvaluationResults"
    ]
    assert (known["EvalDecision"], known["MissingContextValues"]) == ("allowed", [])
    (unknown,) = iam.simulate_custom_policy(PolicyInputList=[policy], **asked)["EvaluationResults"]
    assert (unknown["EvalDecision"], unknown["MissingContextValues"]) == ("implicitDeny", ["aws:username"])


def test_groups_managed_policies_and_boundaries_count(iam, alice):
    iam.create_group(GroupName="team")
    iam.put_group_policy(GroupName="team", PolicyName="more", PolicyDocument=document(allow("kms:Sign")))
    iam.add_user_to_group(GroupName="team", UserName="alice")

    def simulated(action, **more):
        asked = {"PolicySourceArn": alice, "ActionNames": [action], **more}
        (result,) = iam.simulate_principal_policy(**asked)["EvaluationResults"]
        return result

    (match,) = simulated("kms:Sign")["MatchedStatements"]
    assert match["SourcePolicyId"] == "group_team_more"
    assert simulated("kms:Verify")["EvalDecision"] == "implicitDeny"
    iam.attach_user_policy(UserName="alice", PolicyArn=ADMIN)
    assert simulated("kms:Verify")["MatchedStatements"][0]["SourcePolicyId"] == "AdministratorAccess"
    bounded = simulated("kms:Verify", PermissionsBoundaryPolicyInputList=[document(allow("kms:Sign"))])
    assert bounded["EvalDecision"] == "implicitDeny"
    assert bounded["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_a_resource_policy_is_read_as_a_key_policy(iam, alice):
    closed = document({**allow("kms:*"), "Principal": {"AWS": f"arn:aws:iam::{HOME}:user/alice"}})
    everybody = {"ResourcePolicy": closed, "ResourceArns": [KEY], "CallerArn": alice}
    (named,) = custom(iam, document(allow("s3:*")), **everybody)
    assert named["EvalDecision"] == "allowed"
    assert named["MatchedStatements"][0]["SourcePolicyId"] == "ResourcePolicy"
    bob = f"arn:aws:iam::{HOME}:user/bob"
    (other,) = custom(iam, document(allow("kms:*")), **{**everybody, "CallerArn": bob})
    assert other["EvalDecision"] == "implicitDeny"  # an IAM policy alone opens no key


def test_the_decisions_are_those_of_the_calls(sim, iam, alice):
    kms = sim.client("kms")
    key = kms.create_key()["KeyMetadata"]
    arn = key["Arn"]
    iam.put_user_policy(
        UserName="alice",
        PolicyName="mine",
        PolicyDocument=document(allow(["kms:*"], arn), deny("kms:Decrypt"), deny(["kms:List*", "kms:Schedule*"])),
    )
    asked = {"PolicySourceArn": alice, "ResourceArns": [arn], "ActionNames": [f"kms:{name}" for name in ON_KEY]}
    policy = kms.get_key_policy(KeyId=arn)["Policy"]
    results = iam.simulate_principal_policy(ResourcePolicy=policy, CallerArn=alice, **asked)["EvaluationResults"]
    simulated = {r["EvalActionName"].removeprefix("kms:") for r in results if r["EvalDecision"] == "allowed"}
    may = {action for caller, action in sim.who_may(arn, ON_KEY).allowed() if caller == alice}
    assert simulated == may
    assert len(ON_KEY) > len(may) > 10


def test_the_list_is_paged_and_nothing_is_changed(sim, iam, alice):
    asked = {"PolicySourceArn": alice, "ActionNames": [f"kms:{name}" for name in ON_KEY]}
    pages = list(iam.get_paginator("simulate_principal_policy").paginate(**asked, PaginationConfig={"PageSize": 10}))
    assert len(pages) > 2
    assert [r["EvalActionName"] for page in pages for r in page["EvaluationResults"]] == asked["ActionNames"]
    assert sim.trail[-1].event["eventName"] == "SimulatePrincipalPolicy"
    assert not any(record.event["eventName"] == "Encrypt" for record in sim.trail)


POLICY = document(allow("kms:*"))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"PolicyInputList": ["{"]}, "InvalidInput"),
        ({"PolicyInputList": [POLICY.replace("kms:*", "k*:Decrypt")]}, "InvalidInput"),
        ({"ActionNames": ["Decrypt"]}, "InvalidInput"),
        ({"ActionNames": ["kms:a:b"]}, "InvalidInput"),
        ({"PermissionsBoundaryPolicyInputList": [POLICY, POLICY]}, "InvalidInput"),
        ({"ResourcePolicy": document({**allow("kms:*"), "Principal": "*"})}, "InvalidInput"),
        ({"CallerArn": "alice"}, "InvalidInput"),
        ({"CallerArn": f"arn:aws:sts::{HOME}:assumed-role/app/run"}, "InvalidInput"),
        ({"ResourceHandlingOption": "EC2-VPC-InstanceStore"}, "InvalidInput"),
        ({"ResourceOwner": "somebody"}, "InvalidInput"),
    ],
)
def test_what_cannot_be_simulated_is_refused(iam, refused, asked, code):
    parameters = {"PolicyInputList": [POLICY], "ActionNames": ["kms:Decrypt"], **asked}
    assert refused(iam.simulate_custom_policy, **parameters).code == code


def test_a_source_that_nobody_is(iam, refused):
    for name in ("user/nobody", "role/nobody", "group/nobody", "policy/x", "root"):
        arn = f"arn:aws:iam::{HOME}:{name}"
        said = refused(iam.simulate_principal_policy, PolicySourceArn=arn, ActionNames=["kms:Decrypt"])
        assert said.code == "NoSuchEntity"


def test_who_may_simulate(sim, iam, alice, refused):
    statement = {"Version": "2012-10-17", "Statement": [allow("iam:SimulatePrincipalPolicy", alice)]}
    client = sim.user("bob", policies=[statement]).client("iam")
    client.simulate_principal_policy(PolicySourceArn=alice, ActionNames=["kms:Decrypt"])
    other = f"arn:aws:iam::{HOME}:user/bob"
    for call, more in (
        (client.simulate_principal_policy, {"PolicySourceArn": other}),
        (client.simulate_custom_policy, {"PolicyInputList": [POLICY]}),
    ):
        assert refused(call, ActionNames=["kms:Decrypt"], **more).code == "AccessDenied"


def test_positions_are_counted_as_recorded():
    single = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}'
    assert positions(single) == (({"Line": 1, "Column": 41}, {"Line": 1, "Column": len(single)}),)
    policy = {"Statement": [{"Effect": "Allow"}, {"Condition": {"Bool": {"a": ["{", "]"]}}}], "Id": "x"}
    starts = [start for start, _ in positions(json.dumps(policy, indent=1))]
    assert starts == [{"Line": 3, "Column": 4}, {"Line": 6, "Column": 4}]
    assert len(positions('{"Id": "Statement", "Statemen\\u0074": [{}, {}]}')) == 2
