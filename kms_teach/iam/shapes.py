"""Entities as IAM's answers show them."""

from typing import Any

from kms_teach.directory import policies
from kms_teach.directory.identities import Identity
from kms_teach.directory.policies import ManagedPolicy, Version
from kms_teach.store import Store


def tags(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in pairs]


def identity(one: Identity, *, whole: bool = True) -> dict[str, Any]:
    """A user, role or group. whole: with its tags and boundary, which lists leave out."""
    kind = one.kind.title()
    shown: dict[str, Any] = {
        "Path": one.path, f"{kind}Name": one.name, f"{kind}Id": one.id, "Arn": one.arn, "CreateDate": one.created,
    }  # fmt: skip
    if one.kind == "role":
        shown["AssumeRolePolicyDocument"] = one.trust
        if one.description:
            shown["Description"] = one.description
    if whole and one.tags:
        shown["Tags"] = tags(one.tags)
    if whole and one.boundary:
        shown["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": one.boundary,
        }
    return shown


def managed(store: Store, policy: ManagedPolicy) -> dict[str, Any]:
    """A managed policy, with how often it is in use."""
    users = [one for one in store.every(Identity) if policy.arn in one.attached]
    limited = [one for one in store.every(Identity) if policy.arn == one.boundary]
    return {
        "PolicyName": policy.name, "PolicyId": policy.id, "Arn": policy.arn, "Path": policy.path,
        "DefaultVersionId": policy.default, "AttachmentCount": len(users),
        "PermissionsBoundaryUsageCount": len(limited), "IsAttachable": True, "CreateDate": policy.created,
        "UpdateDate": policy.updated,
    }  # fmt: skip


def version(policy: ManagedPolicy, one: Version, *, whole: bool = False) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "VersionId": one.id,
        "IsDefaultVersion": one.id == policy.default,
        "CreateDate": one.created,
    }
    return shown | ({"Document": one.text} if whole else {})


def attached(store: Store, arn: str) -> dict[str, str]:
    return {"PolicyName": policies.document(store, arn)[0], "PolicyArn": arn}
