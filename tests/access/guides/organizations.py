"""The AWS Organizations User Guide's examples of service control policies."""

from kms_teach.access.principals import root
from tests.access.guides.example import Example, allowed, denied, role, silent, user
from tests.access.guides.iam import CARLOS, EVERYTHING, HOME, OUTSIDE_EU, region
from tests.access.people import allow, deny

ON_ROLE = ["iam:AttachRolePolicy", "iam:DeleteRole", "iam:PutRolePolicy", "iam:UpdateRole"]
MANAGED_ROLE = f"arn:aws:iam::{HOME}:role/name-of-role-to-deny"


EXAMPLES = (
    Example(
        page="orgs_manage_policies_scps_evaluation", title="each level from the root down must allow", scps=(EVERYTHING, allow(action="s3:*"), EVERYTHING), identity=EVERYTHING,
        asks=(allowed(CARLOS, "s3:ListAllMyBuckets"), silent(CARLOS, "ec2:StartInstances"), silent(root(HOME), "ec2:StartInstances"), allowed(CARLOS, "ec2:StartInstances", without=("scps",))),
    ),
    Example(
        page="orgs_manage_policies_scps_evaluation", title="a Deny at one level denies for all accounts below", scps=(EVERYTHING, (EVERYTHING, deny(action="ec2:*")), EVERYTHING), identity=EVERYTHING,
        asks=(denied(CARLOS, "ec2:StartInstances"), denied(root(HOME), "ec2:StartInstances"), allowed(CARLOS, "s3:ListAllMyBuckets")),
    ),
    Example(
        page="orgs_manage_policies_scps_examples_general", title="two Regions, global services, and two roles that may more", identity=EVERYTHING, scps=((EVERYTHING, {
            "Effect": "Deny", "NotAction": ["cloudfront:*", "iam:*", "kms:*", "sts:*"], "Resource": "*",
            "Condition": {**OUTSIDE_EU, "ArnNotLike": {"aws:PrincipalARN": [f"arn:aws:iam::*:role/Role{n}AllowedToBypassThisSCP" for n in (1, 2)]}}}),),
        asks=(
            allowed(CARLOS, "ec2:RunInstances", **region("eu-west-1")), denied(CARLOS, "ec2:RunInstances", **region("us-east-1")), allowed(CARLOS, "kms:ListKeys", "*", keys={"aws:RequestedRegion": "us-east-1"}),
            allowed(role("Role1AllowedToBypassThisSCP", HOME), "ec2:RunInstances", **region("us-east-1")), denied(role("Other", HOME), "ec2:RunInstances", **region("us-east-1")),
        ),
        note="the list of global services is cut",
    ),
    Example(
        page="orgs_manage_policies_scps_examples_general", title="nobody changes one role", scps=((EVERYTHING, deny(action=ON_ROLE, resource=["arn:aws:iam::*:role/name-of-role-to-deny"])),), identity=EVERYTHING,
        asks=(denied(CARLOS, "iam:DeleteRole", MANAGED_ROLE), denied(root(HOME), "iam:DeleteRole", MANAGED_ROLE), allowed(CARLOS, "iam:DeleteRole", f"arn:aws:iam::{HOME}:role/other")),
    ),
    Example(
        page="orgs_manage_policies_scps_examples_general", title="nobody but one administrator role changes it", identity=EVERYTHING, scps=((EVERYTHING, deny(
            action=ON_ROLE, resource=["arn:aws:iam::*:role/name-of-role-to-deny"], Condition={"ArnNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/name-of-admin-role-to-allow"}})),),
        asks=(denied(CARLOS, "iam:DeleteRole", MANAGED_ROLE), allowed(role("name-of-admin-role-to-allow", HOME), "iam:DeleteRole", MANAGED_ROLE)),
    ),
    Example(
        page="orgs_manage_policies_scps_examples_general", title="no stopping without MFA", identity=EVERYTHING,
        scps=((EVERYTHING, deny(action=["ec2:StopInstances", "ec2:TerminateInstances"], Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": False}})),),
        asks=(denied(CARLOS, "ec2:StopInstances"), denied(role("r", HOME), "ec2:StopInstances"), allowed(user("m", HOME, mfa=True), "ec2:StopInstances"), allowed(CARLOS, "ec2:StartInstances")),
    ),
    Example(
        page="orgs_manage_policies_scps_examples_general", title="nothing of one service for the root user", identity=EVERYTHING,
        scps=((EVERYTHING, deny(action=["ec2:*"], Condition={"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::*:root"]}})),),
        asks=(denied(root(HOME), "ec2:StartInstances"), allowed(CARLOS, "ec2:StartInstances"), allowed(root(HOME), "s3:ListAllMyBuckets")),
    ),
    Example(
        page="orgs_manage_policies_scps_examples_general", title="no account leaves", identity=EVERYTHING, scps=((EVERYTHING, deny(action=["organizations:LeaveOrganization"])),),
        asks=(denied(root(HOME), "organizations:LeaveOrganization"), allowed(root(HOME), "organizations:DescribeOrganization")),
    ),
)  # fmt: skip
