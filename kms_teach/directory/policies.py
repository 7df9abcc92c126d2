"""Managed policies: an account's own with their versions, and those of AWS that a course on KMS uses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kms_teach.access.principals import letters
from kms_teach.store import Store

AWS = "arn:aws:iam::aws:policy"
VERSIONS_MAX = 5


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a managed policy."""

    id: str  # v1, v2, …
    text: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedPolicy:
    """A managed policy. `default` is the id of the version that counts."""

    account: str  # "aws" for AWS's own
    name: str
    path: str = "/"
    id: str = field(default_factory=lambda: f"ANPA{letters()}{letters()[:1]}")
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


def _aws(name: str, description: str, version: str, created: str, edited: str, text: str) -> ManagedPolicy:
    first, last = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (created, edited))
    versions = (Version(version, text, last),)
    return ManagedPolicy(
        account="aws", name=name, id=f"ANPA{name.upper():A<17.17}", created=first, updated=last,
        description=description, versions=versions, default=version,
    )  # fmt: skip


# AWS Managed Policy Reference Guide, read in November 2026. Another one of AWS's is refused as one that does not exist.
OF_AWS: Mapping[str, ManagedPolicy] = {
    policy.arn: policy
    for policy in (
        _aws(
            "AdministratorAccess", "Provides full access to AWS services and resources.", "v1", "2015-02-06 18:39",
            "2015-02-06 18:39",
            '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}',
        ),
        _aws(
            "AWSKeyManagementServicePowerUser", "Provides access to AWS Key Management Service (KMS).", "v2",
            "2015-02-06 18:40", "2017-03-07 00:55",
            '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["kms:CreateAlias", '
            '"kms:CreateKey", "kms:DeleteAlias", "kms:Describe*", "kms:GenerateRandom", "kms:Get*", "kms:List*", '
            '"kms:TagResource", "kms:UntagResource", "iam:ListGroups", "iam:ListRoles", "iam:ListUsers"], '
            '"Resource": "*"}]}',
        ),
    )
}  # fmt: skip


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
