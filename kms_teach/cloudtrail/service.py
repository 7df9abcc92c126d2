"""CloudTrail's one path: a call is checked, decided, answered from the trail, and stands in the trail itself."""

from collections.abc import Callable, Mapping
from typing import Any

from kms_teach.access.principals import Principal
from kms_teach.cloudtrail.lookup import check, lookup_events
from kms_teach.errors import UnsupportedOperationException
from kms_teach.operations.call import Call
from kms_teach.operations.quotas import Charge
from kms_teach.operations.request import ApiRequest, Origin
from kms_teach.service import Service
from kms_teach.trail import Trail

RATE = 2  # requests a second, of an account in a Region
TOO_OFTEN = "Rate exceeded"  # as other services that speak JSON say it; CloudTrail's own words are not on record

OPERATIONS: Mapping[str, Callable[[Call, Trail], dict[str, Any]]] = {"LookupEvents": lookup_events}


def perform(
    service: Service, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin
) -> Mapping[str, Any] | None:
    """Answer one call, or raise its KmsError."""
    operation = OPERATIONS.get(name)
    request = ApiRequest(principal, region, service.clock.now, params, origin)

    def first() -> None:
        if operation is None:
            raise UnsupportedOperationException(
                f"this simulator does not answer {name} of CloudTrail: {', '.join(OPERATIONS)} is all"
            )
        check(params)

    def act(call: Call) -> dict[str, Any]:
        assert operation is not None
        service.spend([Charge(name, RATE, call.account, call.region)], TOO_OFTEN)
        return operation(call, service.trail)

    result: Mapping[str, Any] | None = service.elsewhere("cloudtrail", request, name, act, changes=False, first=first)
    return result
