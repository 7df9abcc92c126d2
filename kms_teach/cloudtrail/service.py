"""CloudTrail's one path: a call is checked, decided, answered from the trail, and stands in the trail itself."""

from collections.abc import Callable, Mapping
from typing import Any

from kms_teach.access.principals import Principal
from kms_teach.cloudtrail.lookup import allowed, check, lookup_events
from kms_teach.errors import KmsError, UnsupportedOperationException
from kms_teach.operations.audit import Audit
from kms_teach.operations.quotas import Charge
from kms_teach.operations.request import ApiRequest, Origin
from kms_teach.service import Service
from kms_teach.trail import Trail

RATE = 2  # requests a second, of an account in a Region
TOO_OFTEN = "Rate exceeded"  # as other services that speak JSON say it; CloudTrail's own words are not on record

OPERATIONS: Mapping[str, Callable[[ApiRequest, Trail], dict[str, Any]]] = {"LookupEvents": lookup_events}


def perform(
    service: Service, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin
) -> Mapping[str, Any] | None:
    """Answer one call, or raise its KmsError. While the trail is read, others have their turn."""
    request, audit = ApiRequest(principal, region, service.clock.now, params, origin), Audit()
    try:
        if name not in OPERATIONS:
            raise UnsupportedOperationException(
                f"this simulator does not answer {name} of CloudTrail: {', '.join(OPERATIONS)} is all"
            )
        check(params)
        service.check(name, params, "cloudtrail")
        service.spend([Charge(name, RATE, request.account, region)], TOO_OFTEN)
        with service.step(request, audit) as call:
            allowed(call)
        result = OPERATIONS[name](request, service.trail)
    except KmsError as error:
        service.record(request, audit, name, "cloudtrail", changes=False, error=error)
        raise
    service.record(request, audit, name, "cloudtrail", changes=False, result=result)
    return result
