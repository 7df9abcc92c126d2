"""IAM's one path: a call is checked, decided, done in one transaction, and stands in the trail of us-east-1."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from kms_teach.access.principals import Principal
from kms_teach.iam import (  # noqa: F401 (they fill the catalog)
    account,
    entities,
    keys,
    managed,
    permissions,
    roles,
    simulation,
    tags,
)
from kms_teach.iam.catalog import CATALOG, answer, check_paths
from kms_teach.operations.request import ApiRequest, Origin
from kms_teach.service import Service

REGION = "us-east-1"  # IAM has one endpoint for all Regions, and its events are there


def perform(
    service: Service, principal: Principal, _region: str, name: str, params: Mapping[str, Any], origin: Origin
) -> Mapping[str, Any] | None:
    """Answer one call, or raise its KmsError; of whatever Region it is signed for."""
    operation = CATALOG.get(name)
    request = ApiRequest(principal, REGION, service.clock.now, params, origin)
    changes = operation is not None and operation.changes
    act = partial(answer, operation=operation) if operation else None
    result: Mapping[str, Any] | None = service.elsewhere(
        "iam", request, name, act, changes=changes, first=lambda: check_paths(params)
    )
    return result
