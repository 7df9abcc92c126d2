"""The condition keys of IAM's own requests.

Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity and Access Management".
"""

from collections.abc import Mapping
from typing import Any

from kms_teach.access.condition_keys import Values
from kms_teach.directory.identities import Identity
from kms_teach.directory.policies import ManagedPolicy

ATTACHING = {f"{verb}{kind}Policy" for verb in ("Attach", "Detach") for kind in ("User", "Role", "Group")}
GIVEN = {f"{verb}{kind}" for verb in ("Create", "Put") for kind in ("User", "Role")}  # a boundary, in the request
OWN = {  # the boundary that limits whoever is changed
    f"{verb}{kind}{what}"
    for kind in ("User", "Role")
    for verb, what in (
        ("Attach", "Policy"), ("Detach", "Policy"), ("Put", "Policy"), ("Delete", "Policy"),
        ("Delete", "PermissionsBoundary"),
    )
}  # fmt: skip


def condition_keys(
    operation: str, params: Mapping[str, Any], entity: Identity | ManagedPolicy | None
) -> dict[str, Values]:
    """What a request to IAM carries besides what every request does."""
    limit = entity.boundary if isinstance(entity, Identity) and operation in OWN else None
    given = operation.removesuffix("PermissionsBoundary") in GIVEN and params.get("PermissionsBoundary")
    keys: dict[str, Values] = {
        "iam:PolicyARN": params["PolicyArn"] if operation in ATTACHING else None,
        "iam:PermissionsBoundary": limit or given or None,
        "iam:AWSServiceName": params.get("AWSServiceName"),
    }
    for name, value in entity.tags if entity else ():
        keys[f"aws:ResourceTag/{name}"] = value
        if isinstance(entity, Identity):
            keys[f"iam:ResourceTag/{name}"] = value
    return keys
