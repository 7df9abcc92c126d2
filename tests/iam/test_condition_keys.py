"""What policies can ask of a request to IAM."""

import pytest

from tests.iam.conftest import ADMIN, HOME, allow, document, trust
from tests.iam.test_entities import refused

POWER = "arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser"
TAGS = [{"Key": "Team", "Value": "blue"}]
OTHER_TAGS = [{"Key": "Team", "Value": "red"}]
# condition, operation, parameters that meet it, parameters that do not
ASKED = [
    ({"ArnEquals": {"iam:PolicyARN": POWER}}, "attach_user_policy", {"UserName": "bob", "PolicyArn": POWER}, {"UserName": "bob", "PolicyArn": ADMIN}),
    ({"ArnEquals": {"iam:PolicyARN": POWER}}, "detach_role_policy", {"RoleName": "app", "PolicyArn": POWER}, {"RoleName": "app", "PolicyArn": ADMIN}),
    ({"StringEquals": {"iam:PermissionsBoundary": ADMIN}}, "create_user", {"UserName": "eve", "PermissionsBoundary": ADMIN}, {"UserName": "eve"}),
    ({"StringEquals": {"iam:PermissionsBoundary": ADMIN}}, "put_role_permissions_boundary", {"RoleName": "app", "PermissionsBoundary": ADMIN}, {"RoleName": "app", "PermissionsBoundary": POWER}),
    ({"StringEquals": {"iam:PermissionsBoundary": ADMIN}}, "put_user_policy", {"UserName": "bob", "PolicyName": "p", "PolicyDocument": document(allow("*"))}, {"UserName": "carol", "PolicyName": "p", "PolicyDocument": document(allow("*"))}),
    ({"StringEquals": {"iam:AWSServiceName": "mrk.kms.amazonaws.com"}}, "create_service_linked_role", {"AWSServiceName": "mrk.kms.amazonaws.com"}, {"AWSServiceName": "cks.kms.amazonaws.com"}),
    ({"StringEquals": {"aws:RequestTag/Team": "blue"}}, "create_user", {"UserName": "eve", "Tags": TAGS}, {"UserName": "eve", "Tags": OTHER_TAGS}),
    ({"ForAllValues:StringEquals": {"aws:TagKeys": ["Team"]}}, "untag_user", {"UserName": "bob", "TagKeys": ["Team"]}, {"UserName": "bob", "TagKeys": ["Team", "Cost"]}),
    ({"StringEquals": {"iam:ResourceTag/Team": "blue"}}, "get_user", {"UserName": "bob"}, {"UserName": "carol"}),
    ({"StringEquals": {"aws:ResourceTag/Team": "blue"}}, "delete_user", {"UserName": "dan"}, {"UserName": "carol"}),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "name", "meets", "misses"), ASKED)
def test_a_condition_is_about_what_the_request_carries(sim, iam, condition, name, meets, misses):
    iam.create_user(UserName="bob", Tags=TAGS, PermissionsBoundary=ADMIN)
    iam.create_user(UserName="carol")
    iam.create_user(UserName="dan", Tags=TAGS)
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust())
    iam.attach_role_policy(RoleName="app", PolicyArn=POWER)
    alice = sim.user("alice", policies=[document(allow("iam:*", Condition=condition))]).client("iam")
    assert refused(getattr(alice, name), **misses)[0] == "AccessDenied"
    getattr(alice, name)(**meets)


def test_a_service_linked_role_is_asked_for_by_its_own_arn(sim):
    arn = f"arn:aws:iam::{HOME}:role/aws-service-role/mrk.kms.amazonaws.com/*"
    alice = sim.user("alice", policies=[document(allow("iam:CreateServiceLinkedRole", arn))]).client("iam")
    assert refused(alice.create_service_linked_role, AWSServiceName="cks.kms.amazonaws.com")[0] == "AccessDenied"
    alice.create_service_linked_role(AWSServiceName="mrk.kms.amazonaws.com")
