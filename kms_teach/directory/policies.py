"""Managed policies: an account's own with their versions, and those of AWS that a course on KMS uses."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field

from kms_teach.access.principals import unique_id
from kms_teach.store import Store

AWS = "arn:aws:iam::aws:policy"
VERSIONS_MAX = 5


class Version(Struct, frozen=True):
    """One version of a managed policy."""

    id: str  # v1, v2, …
    text: str
    created: datetime


class ManagedPolicy(Struct, frozen=True, kw_only=True):
    """A managed policy. `default` is the id of the version that counts."""

    account: str  # "aws" for AWS's own
    name: str
    path: str = "/"
    id: str = field(default_factory=lambda: unique_id("ANPA"))
    created: datetime
    updated: datetime
    description: str = ""
    versions: tuple[Version, ...]
    default: str
    newest: int = 1  # number of the version made last
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:policy{self.path}{self.name}"

    @property
    def place(self) -> tuple[str, str, str]:
        return f"policy {self.account}", self.name.lower(), self.id

    def version(self, version: str) -> Version | None:
        return next((each for each in self.versions if each.id == version), None)

    @property
    def text(self) -> str:
        return next(each.text for each in self.versions if each.id == self.default)


def _aws(
    name: str, description: str, version: str, created: str, edited: str, *statements: dict[str, Any], path: str = "/"
) -> ManagedPolicy:
    first, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (created, edited))
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)
    versions = (Version(version, text, last),)
    return ManagedPolicy(
        account="aws", name=name, path=path, id=_id_of_aws(name), created=first, updated=last,
        description=description, versions=versions, default=version,
    )  # fmt: skip


def _id_of_aws(name: str) -> str:
    """An id that is the same in each simulator; AWS's own are not documented."""
    digest = hashlib.sha256(name.encode()).digest()
    return f"ANPA{base64.b32encode(digest).decode()[:17]}"


def _allow(*actions: str, sid: str = "") -> dict[str, Any]:
    named = {"Sid": sid} if sid else {}
    action: Any = actions[0] if actions == ("*",) else list(actions)
    return {**named, "Effect": "Allow", "Action": action, "Resource": "*"}


SERVICE_ROLE = "/aws-service-role/"
# AWS Managed Policy Reference Guide, read in November 2026. Another one of AWS's is refused as one that does not exist.
OF_AWS: Mapping[str, ManagedPolicy] = {
    policy.arn: policy
    for policy in (
        _aws(
            "AdministratorAccess", "Provides full access to AWS services and resources.", "v1", "2015-02-06 18:39",
            "2015-02-06 18:39", _allow("*"),
        ),
        _aws(
            "PowerUserAccess",
            "Provides full access to AWS services and resources, but does not allow management of Users and groups.",
            "v12", "2015-02-06 18:39", "2026-02-12 17:59",
            {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
            _allow(
                "account:GetAccountInformation", "account:GetGovCloudAccountInformation", "account:GetPrimaryEmail",
                "account:ListRegions", "iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles",
                "organizations:DescribeEffectivePolicy", "organizations:DescribeOrganization",
            ),
        ),
        _aws(
            "AWSKeyManagementServicePowerUser", "Provides access to AWS Key Management Service (KMS).", "v2",
            "2015-02-06 18:40", "2017-03-07 00:55",
            _allow(
                "kms:CreateAlias", "kms:CreateKey", "kms:DeleteAlias", "kms:Describe*", "kms:GenerateRandom",
                "kms:Get*", "kms:List*", "kms:TagResource", "kms:UntagResource", "iam:ListGroups", "iam:ListRoles",
                "iam:ListUsers",
            ),
        ),
        _aws(
            "IAMFullAccess", "Provides full access to IAM via the AWS Management Console.", "v2", "2015-02-06 18:40",
            "2019-06-21 19:40",
            _allow("iam:*", *(f"organizations:{action}" for action in (
                "DescribeAccount", "DescribeOrganization", "DescribeOrganizationalUnit", "DescribePolicy",
                "ListChildren", "ListParents", "ListPoliciesForTarget", "ListRoots", "ListPolicies",
                "ListTargetsForPolicy",
            ))),
        ),
        _aws(
            "IAMReadOnlyAccess", "Provides read only access to IAM via the AWS Management Console.", "v4",
            "2015-02-06 18:40", "2018-01-25 19:11",
            _allow(
                "iam:GenerateCredentialReport", "iam:GenerateServiceLastAccessedDetails", "iam:Get*", "iam:List*",
                "iam:SimulateCustomPolicy", "iam:SimulatePrincipalPolicy",
            ),
        ),
        _aws(
            "AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy",
            "Enables AWS KMS to synchronize the shared properties of multi-Region keys.", "v2", "2021-06-16 15:37",
            "2024-11-13 22:53", _allow("kms:SynchronizeMultiRegionKey", sid="KMSSynchronizeMultiRegionKey"),
            path=SERVICE_ROLE,
        ),
        _aws(
            "AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy",
            "Enables access to AWS services and resources required for AWS KMS custom key stores", "v2",
            "2018-11-14 20:10", "2023-11-10 19:03",
            _allow(
                "cloudhsm:Describe*", "ec2:CreateNetworkInterface", "ec2:AuthorizeSecurityGroupIngress",
                "ec2:CreateSecurityGroup", "ec2:DescribeSecurityGroups", "ec2:RevokeSecurityGroupEgress",
                "ec2:DeleteSecurityGroup", "ec2:DescribeVpcs", "ec2:DescribeNetworkAcls",
                "ec2:DescribeNetworkInterfaces",
            ),
            path=SERVICE_ROLE,
        ),
    )
}  # fmt: skip
SERVICE_ROLES = {  # service -> the ARN of what its service-linked role may, which cannot be attached to another
    "mrk.kms.amazonaws.com": f"{AWS}{SERVICE_ROLE}AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy",
    "cks.kms.amazonaws.com": f"{AWS}{SERVICE_ROLE}AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy",
}


def known(store: Store, account: str, arn: str) -> ManagedPolicy | None:
    """The policy of an ARN that an account can use, its own or AWS's, or None."""
    policy = by_arn(store, arn)
    return policy if policy and policy.account in (account, "aws") else None


def by_arn(store: Store, arn: str) -> ManagedPolicy | None:
    """The policy of an ARN, or None."""
    if arn in OF_AWS:
        return OF_AWS[arn]
    parts = arn.split(":")
    name = parts[5].rpartition("/")[2] if len(parts) == 6 and parts[5].startswith("policy/") else ""
    policy = store.get(ManagedPolicy, f"policy {parts[4]}", name.lower()) if name else None
    return policy if policy and policy.arn == arn else None


def document(store: Store, arn: str) -> tuple[str, str]:
    """Name and text of a managed policy that is in use."""
    policy = by_arn(store, arn)
    assert policy, "a policy in use cannot be deleted"
    return policy.name, policy.text
