import json
import re

import pytest
from botocore.exceptions import ClientError

from kms_teach.access.policy import read
from kms_teach.directory.policies import OF_AWS
from tests.iam.conftest import ADMIN, HOME, allow, document, trust
from tests.iam.test_entities import refused


def may(client):
    """Whether a client may list keys."""
    try:
        client.list_keys()
    except ClientError:
        return False
    return True


@pytest.fixture
def kms(sim, iam):
    """The KMS client of a user `alice`, who was made and given an access key over IAM."""
    iam.create_user(UserName="alice")
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    return sim.session(key).client("kms")


def test_each_way_to_a_permission_counts_from_the_next_call_on_and_ends_with_it(iam, kms):
    all_keys = document(allow("kms:ListKeys"))
    own = iam.create_policy(PolicyName="list", PolicyDocument=document(allow("kms:DescribeKey")))["Policy"]["Arn"]
    iam.create_group(GroupName="g")
    iam.attach_user_policy(UserName="alice", PolicyArn=own)
    ways = (
        (lambda: iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=all_keys), lambda: iam.delete_user_policy(UserName="alice", PolicyName="p")),
        (lambda: iam.attach_user_policy(UserName="alice", PolicyArn=ADMIN), lambda: iam.detach_user_policy(UserName="alice", PolicyArn=ADMIN)),
        (lambda: iam.create_policy_version(PolicyArn=own, PolicyDocument=all_keys, SetAsDefault=True), lambda: iam.set_default_policy_version(PolicyArn=own, VersionId="v1")),
        (lambda: iam.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=all_keys) and iam.add_user_to_group(GroupName="g", UserName="alice"), lambda: iam.remove_user_from_group(GroupName="g", UserName="alice")),
        (lambda: iam.add_user_to_group(GroupName="g", UserName="alice"), lambda: iam.delete_group_policy(GroupName="g", PolicyName="p")),
    )  # fmt: skip
    for give, take in ways:
        assert not may(kms)
        give()
        assert may(kms)
        take()
    assert not may(kms)


def test_a_boundary_limits_whatever_is_attached(iam, kms):
    iam.attach_user_policy(UserName="alice", PolicyArn=ADMIN)
    narrow = iam.create_policy(PolicyName="narrow", PolicyDocument=document(allow("s3:*")))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=narrow)
    assert not may(kms)
    assert refused(iam.delete_policy, PolicyArn=narrow)[:2] == ("DeleteConflict", 409)
    iam.delete_user_permissions_boundary(UserName="alice")
    assert may(kms)
    iam.delete_policy(PolicyArn=narrow)


def test_a_policy_has_five_versions_at_most_and_its_default_stays(iam):
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(allow("*")), Description="d")["Policy"]["Arn"]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("kms:*")))
    assert refused(iam.create_policy_version, PolicyArn=arn, PolicyDocument=document(allow("*"))) == (
        "LimitExceeded", 409,
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
    )  # fmt: skip
    assert refused(iam.delete_policy_version, PolicyArn=arn, VersionId="v1")[0] == "DeleteConflict"
    assert refused(iam.delete_policy, PolicyArn=arn)[2].startswith("This policy has more than one version.")
    for version in ("v2", "v3", "v4", "v5"):
        iam.delete_policy_version(PolicyArn=arn, VersionId=version)
    new = iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("*")), SetAsDefault=True)
    assert new["PolicyVersion"]["VersionId"] == "v6"  # a number is never used again
    shown = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (shown["DefaultVersionId"], shown["Description"], shown["Tags"]) == ("v6", "d", [])
    assert [each["VersionId"] for each in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == ["v6", "v1"]


def test_what_is_in_use_is_counted_and_cannot_be_deleted(iam):
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(allow("*")))["Policy"]["Arn"]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust(), PermissionsBoundary=arn)
    iam.create_user(UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    iam.attach_user_policy(UserName="u", PolicyArn=arn)  # twice is once
    shown = iam.get_policy(PolicyArn=arn)["Policy"]
    assert (shown["AttachmentCount"], shown["PermissionsBoundaryUsageCount"]) == (1, 1)
    assert [each["UserName"] for each in iam.list_entities_for_policy(PolicyArn=arn)["PolicyUsers"]] == ["u"]
    assert refused(iam.delete_policy, PolicyArn=arn)[2] == "Cannot delete a policy attached to entities."
    assert [each["PolicyName"] for each in iam.list_policies(OnlyAttached=True)["Policies"]] == ["p"]
    assert {
        each["PolicyName"] for each in iam.list_policies(Scope="AWS", PathPrefix="/aws-service-role/")["Policies"]
    } == {
        "AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy",
        "AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy",
    }
    assert iam.list_policies(Scope="Local")["Policies"] == [shown_in_lists(shown)]


def shown_in_lists(policy):
    return {name: value for name, value in policy.items() if name != "Tags"}


@pytest.mark.parametrize("arn", sorted(OF_AWS))
def test_policies_of_aws_can_be_read_and_are_only_awss_to_change(iam, arn):
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    assert re.fullmatch("ANPA[A-Z2-7]{17}", policy["PolicyId"])
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    assert read(json.dumps(version["Document"]), "IAM policy").statements
    assert refused(iam.create_policy_version, PolicyArn=arn, PolicyDocument=document(allow("*")))[0] == "AccessDenied"
    assert refused(iam.delete_policy, PolicyArn=arn)[0] == "AccessDenied"


def test_a_policy_of_another_account_is_none_here(sim, iam):
    other = sim.client("iam", account="444455556666")
    arn = other.create_policy(PolicyName="theirs", PolicyDocument=document(allow("*")))["Policy"]["Arn"]
    iam.create_user(UserName="u")
    assert refused(iam.get_policy, PolicyArn=arn)[0] == "NoSuchEntity"
    assert refused(iam.delete_policy, PolicyArn=arn)[0] == "NoSuchEntity"
    assert refused(iam.attach_user_policy, UserName="u", PolicyArn=arn)[0] == "NoSuchEntity"
    assert refused(iam.put_user_permissions_boundary, UserName="u", PermissionsBoundary=arn)[0] == "NoSuchEntity"
    assert other.get_policy(PolicyArn=arn)["Policy"]["PolicyName"] == "theirs"


def test_what_a_service_linked_role_may_is_for_no_other_role(iam):
    role = iam.create_service_linked_role(AWSServiceName="mrk.kms.amazonaws.com")["Role"]["RoleName"]
    (policy,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert policy["PolicyName"] == "AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy"
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust())
    assert refused(iam.attach_role_policy, RoleName="r", PolicyArn=policy["PolicyArn"]) == (
        "PolicyNotAttachable", 400, "Cannot attach a Service Role Policy to a Customer Role."
    )  # fmt: skip
    assert refused(iam.delete_service_linked_role, RoleName="r")[0] == "InvalidInput"


@pytest.mark.parametrize(("kind", "most"), [("user", 2048), ("role", 10240), ("group", 5120)])
def test_inline_policies_together_are_limited(iam, kind, most):
    called = f"{kind.title()}Name"
    more = {"AssumeRolePolicyDocument": trust()} if kind == "role" else {}
    getattr(iam, f"create_{kind}")(**{called: "x"}, **more)
    put = getattr(iam, f"put_{kind}_policy")
    long = document(allow("kms:*", ["arn:aws:kms:*:*:key/" + "k" * (most // 2)]))
    put(**{called: "x"}, PolicyName="a", PolicyDocument=long)
    put(**{called: "x"}, PolicyName="a", PolicyDocument=long)  # replaces
    words = f"Maximum policy size of {most} bytes exceeded for {kind} x"
    assert refused(put, **{called: "x"}, PolicyName="b", PolicyDocument=long) == ("LimitExceeded", 409, words)
    assert getattr(iam, f"list_{kind}_policies")(**{called: "x"})["PolicyNames"] == ["a"]


def test_policies_that_were_given_in_python_are_seen_over_iam(sim, iam):
    sim.user("alice", policies=[document(allow("kms:*"))], boundary=document(allow("*")))
    assert iam.list_user_policies(UserName="alice")["PolicyNames"] == ["policy-1"]
    assert (
        iam.get_user_policy(UserName="alice", PolicyName="policy-1")["PolicyDocument"]["Statement"][0]["Action"]
        == "kms:*"
    )
    boundary = iam.get_user(UserName="alice")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert boundary == f"arn:aws:iam::{HOME}:policy/alice-boundary"
    assert may(sim.user("alice", policies=[document(allow("kms:*"))]).client("kms"))


def test_a_tag_counts_in_the_next_decision(sim, iam, kms):
    condition = {"StringEquals": {"aws:PrincipalTag/Team": "blue"}}
    iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document(allow("kms:*", Condition=condition)))
    assert not may(kms)
    iam.tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "red"}])
    iam.tag_user(UserName="alice", Tags=[{"Key": "Team", "Value": "blue"}])
    assert iam.list_user_tags(UserName="alice")["Tags"] == [{"Key": "Team", "Value": "blue"}]
    assert may(kms)
    iam.untag_user(UserName="alice", TagKeys=["TEAM"])
    assert not may(kms)
