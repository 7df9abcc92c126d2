"""The calls that Terraform's AWS provider makes for a role, as terraform.py has them for KMS."""

import json
from typing import Any

from tests.clients.terraform import Call, Resource

ROLE, POLICY = "terraform", "arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser"
TAGS = [{"Key": "team", "Value": "blue"}]


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def inline(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def iam(operation: str, sought: dict[str, Any] | None = None, **parameters: Any) -> Call:
    return Call(operation, {"RoleName": ROLE} | parameters, sought or {}, service="iam")


def put(name: str, action: str) -> Call:
    return iam("put_role_policy", PolicyName=name, PolicyDocument=inline(action))


def read(inlines: dict[str, str], attached: list[str], **role: Any) -> tuple[Call, ...]:
    policies = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in attached]
    return (
        iam("get_role", {"Role": {"RoleName": ROLE, "Path": "/"} | role}),
        iam("list_role_policies", {"PolicyNames": list(inlines), "IsTruncated": False}),
        *(
            iam("get_role_policy", {"PolicyName": name, "PolicyDocument": json.loads(inline(action))}, PolicyName=name)
            for name, action in inlines.items()
        ),
        iam("list_attached_role_policies", {"AttachedPolicies": policies, "IsTruncated": False}),
    )


BEFORE = read({"one": "kms:Encrypt"}, [POLICY], Description="of Terraform", MaxSessionDuration=3600, Tags=TAGS)
AFTER = read(
    {"two": "kms:Decrypt"}, [], Description="changed", MaxSessionDuration=7200,
    Tags=[{"Key": "owner", "Value": "red"}], AssumeRolePolicyDocument=json.loads(trust("lambda.amazonaws.com")),
)  # fmt: skip
BOUNDED = {"Role": {"PermissionsBoundary": {"PermissionsBoundaryArn": POLICY, "PermissionsBoundaryType": "Policy"}}}

ROLE_LIFE = Resource(
    "aws_iam_role", "with policies, inline and attached, and a boundary", "internal/service/iam/role.go",
    "0040ea6911af00bea2cca6dbb14e86829826ad8e",
    create=(
        iam(
            "create_role", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"), Path="/", Description="of Terraform",
            MaxSessionDuration=3600, Tags=TAGS,
        ),
        put("one", "kms:Encrypt"), iam("attach_role_policy", PolicyArn=POLICY), *BEFORE,
    ),
    read=(),
    updates=((
        iam("update_assume_role_policy", PolicyDocument=trust("lambda.amazonaws.com")),
        iam("update_role_description", Description="changed"), iam("update_role", MaxSessionDuration=7200),
        iam("put_role_permissions_boundary", PermissionsBoundary=POLICY), iam("get_role", BOUNDED),
        iam("delete_role_permissions_boundary"),
        iam("delete_role_policy", PolicyName="one"), put("two", "kms:Decrypt"), iam("detach_role_policy", PolicyArn=POLICY),
        iam("untag_role", TagKeys=["team"]), iam("tag_role", Tags=[{"Key": "owner", "Value": "red"}]), *AFTER,
    ),),
    destroy=(
        iam("list_instance_profiles_for_role", {"InstanceProfiles": []}),
        iam("list_attached_role_policies", {"AttachedPolicies": []}), iam("list_role_policies", {"PolicyNames": ["two"]}),
        iam("delete_role_policy", PolicyName="two"), iam("delete_role"),
    ),
)  # fmt: skip
