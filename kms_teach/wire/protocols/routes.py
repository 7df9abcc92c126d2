"""Which operation of a REST service a request is: by its method, its path, its query and its headers.

The model has for each a path such as /{Bucket}/{Key+}?uploads, and members that stand in the query or in a header. Of
those that fit, the one that asks for most is meant: PUT /b/k with `uploadId` and `partNumber` is UploadPart.
"""

import functools
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from botocore.model import OperationModel, ServiceModel

from kms_teach.wire.model import service_model


class Route(NamedTuple):
    """Where an operation is found. level: how much of the path is named, from the service (0) to the object (2).

    fixed: parts of the query as they must be. queries, headers: those that must be there.
    """

    name: str
    method: str
    level: int
    fixed: tuple[tuple[str, str], ...]
    queries: tuple[str, ...]
    headers: tuple[str, ...]

    @property
    def weight(self) -> tuple[int, int]:
        return len(self.fixed), len(self.queries) + len(self.headers)

    def fits(self, method: str, level: int, query: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        return (
            (method, level) == (self.method, self.level)
            and all(query.get(name) == value or (not value and name in query) for name, value in self.fixed)
            and all(name in query for name in self.queries)
            and all(name in headers for name in self.headers)
        )


# The older of two that are asked for alike, one for another kind of bucket, and one that goes to an address of its own
NEVER = {
    "GetBucketLifecycle", "PutBucketLifecycle", "GetBucketNotification", "PutBucketNotification",
    "ListDirectoryBuckets", "WriteGetObjectResponse",
}  # fmt: skip


def route(model: ServiceModel, method: str, level: int, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The name of the operation; "" for none."""
    fitting = [each for each in routes(model.service_name) if each.fits(method, level, query, headers)]
    return max(fitting, key=lambda each: each.weight).name if fitting else ""


@functools.cache
def routes(service: str) -> tuple[Route, ...]:
    """Those of a service, from its model as botocore's clients have not changed it yet."""
    model = service_model(service)
    return tuple(_route(model.operation_model(name)) for name in model.operation_names if name not in NEVER)


def _route(operation: OperationModel) -> Route:
    shape, uri = operation.input_shape, operation.http["requestUri"]
    members = shape.members if shape else {}
    level = sum(member.serialization.get("location") == "uri" for member in members.values())
    required = [members[name].serialization for name in (shape.required_members if shape else ())]
    return Route(
        operation.name, operation.http["method"], level,
        tuple(parse_qsl(uri.partition("?")[2], keep_blank_values=True)),
        tuple(each["name"] for each in required if each.get("location") == "querystring"),
        tuple(each["name"].lower() for each in required if each.get("location") == "header"),
    )  # fmt: skip
