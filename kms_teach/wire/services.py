"""The services that answer here, in one table: how their requests are performed, and how they word errors.

What a service's model says (protocol, names on the wire, version, errors and their status) is read from botocore.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from kms_teach.access.principals import Principal
from kms_teach.operations.request import Origin
from kms_teach.service import Service
from kms_teach.sts import service as sts

Perform = Callable[[Service, Principal, str, str, Mapping[str, Any], Origin], Mapping[str, Any] | None]


class Wording(Struct, frozen=True):
    """What a service calls an error that most services have. A message only where AWS says it in other words."""

    code: str
    status: int
    message: str = ""


NO_TOKEN = "Request is missing Authentication Token"  # noqa: S105 (a message)
# KMS's word for it -> how the services of the Query protocol say it: IAM API Reference, "Common Errors"; messages
# recorded from STS and IAM
QUERY_ERRORS: Mapping[str, Wording] = {
    "AccessDeniedException":               Wording("AccessDenied", 403),
    "ExpiredTokenException":               Wording("ExpiredToken", 403),
    "IncompleteSignatureException":        Wording("IncompleteSignature", 403),
    "InvalidSignatureException":           Wording("SignatureDoesNotMatch", 403),
    "MissingAuthenticationTokenException": Wording("MissingAuthenticationToken", 403, NO_TOKEN),
    "SerializationException":              Wording("MalformedInput", 400),
    "UnknownOperationException":           Wording("InvalidAction", 400),
    "UnrecognizedClientException":         Wording("InvalidClientTokenId", 403),
    "ValidationException":                 Wording("ValidationError", 400),
}  # fmt: skip

# the same, as S3 says it: S3 API Reference, "Error responses"
S3_ERRORS: Mapping[str, Wording] = {
    "AccessDeniedException":               Wording("AccessDenied", 403),
    "ExpiredTokenException":               Wording("ExpiredToken", 400, "The provided token has expired."),
    "IncompleteSignatureException":        Wording("AuthorizationHeaderMalformed", 400),
    "InvalidSignatureException":           Wording("SignatureDoesNotMatch", 403),
    "MissingAuthenticationTokenException": Wording("AccessDenied", 403, "Access Denied"),
    "SerializationException":              Wording(
        "MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema"
    ),
    "UnknownOperationException":           Wording(
        "MethodNotAllowed", 405, "The specified method is not allowed against this resource."
    ),
    "UnrecognizedClientException":         Wording(
        "InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."
    ),
}  # fmt: skip


class Api(Struct, frozen=True, kw_only=True):
    """One service that answers here.

    perform: answers one call, or raises its KmsError. errors: how it says what KMS says otherwise. skew: how many
    minutes a signature is good for, as its message says: `(20151120T202346Z - 5 min.)`. regional: whether its
    signatures must name a Region. shows_values: whether its validation errors repeat the value, and list an enum's.
    """

    name: str  # botocore's
    perform: Perform
    errors: Mapping[str, Wording] = field(default_factory=dict)
    skew: int = 5
    regional: bool = True
    shows_values: bool = True


def _iam(
    service: Service, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin
) -> Mapping[str, Any] | None:
    from kms_teach.iam.service import perform

    return perform(service, principal, region, name, params, origin)


def _s3(
    service: Service, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin
) -> Mapping[str, Any] | None:
    from kms_teach.s3.service import perform

    return perform(service, principal, region, name, params, origin)


def _cloudtrail(
    service: Service, principal: Principal, region: str, name: str, params: Mapping[str, Any], origin: Origin
) -> Mapping[str, Any] | None:
    from kms_teach.cloudtrail.service import perform

    return perform(service, principal, region, name, params, origin)


ALL = (
    Api(name="kms", perform=Service.perform),
    Api(name="iam", perform=_iam, errors=QUERY_ERRORS, skew=15, regional=False, shows_values=False),
    Api(name="sts", perform=sts.perform, errors=QUERY_ERRORS, skew=15),
    Api(name="s3", perform=_s3, errors=S3_ERRORS, skew=15),
    Api(name="cloudtrail", perform=_cloudtrail),
)
APIS: Mapping[str, Api] = {api.name: api for api in ALL}
