"""This is botocore's service model of KMS, read at run time, and what it does not allow, worded as AWS words it.

botocore's client checks only types and `min`; `max`, `enum` and `pattern` are checked by the service.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape

from kms_teach.errors import ValidationException


@functools.cache
def service_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("kms", "service-2"), "kms")


@functools.cache
def operation_model(name: str) -> OperationModel:
    return service_model().operation_model(name)


def check(name: str, params: Mapping[str, Any]) -> None:
    """Raise a ValidationException that lists all violations at once, as AWS does."""
    shape = operation_model(name).input_shape
    if shape is None:
        return
    found = list(violations(shape, params))
    if found:
        errors = "error" if len(found) == 1 else "errors"
        raise ValidationException(f"{len(found)} validation {errors} detected: {'; '.join(found)}")


def violations(shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """Every constraint of `shape` that `value` breaks, in the order of the members."""
    match shape.type_name:
        case "structure":
            for member, inner in shape.members.items():
                where = f"{path}.{_lower(member)}" if path else _lower(member)
                if value.get(member) is not None:
                    yield from violations(inner, value[member], where)
                elif member in shape.required_members:
                    yield f"Value null at '{where}' failed to satisfy constraint: Member must not be null"
        case "list":
            yield from _size(shape, value, path, shown=False)
            for number, element in enumerate(value, 1):
                yield from violations(shape.member, element, f"{path}.{number}.member")
        case "map":
            yield from _size(shape, value, path, shown=False)
            for key, element in value.items():
                yield from violations(shape.key, key, f"{path}.key")
                yield from violations(shape.value, element, f"{path}.{key}.member")
        case "blob":
            yield from _size(shape, value, path, shown=False)
        case "string":
            yield from _size(shape, value, path, shown=True)
            yield from _enum(shape, value, path)
            yield from _pattern(shape, value, path)
        case "integer" | "long":
            for bound, words, broken in (("min", "greater", value.__lt__), ("max", "less", value.__gt__)):
                limit = shape.metadata.get(bound)
                if limit is not None and broken(limit):
                    yield f"Value '{value}' at '{path}' failed to satisfy constraint: Member must have value {words} than or equal to {limit}"


def _size(shape: Shape, value: Any, path: str, *, shown: bool) -> Iterator[str]:
    shows = f"Value '{value}'" if shown else "Value"  # AWS does not repeat bytes
    for bound, words, broken in (("min", "greater", len(value).__lt__), ("max", "less", len(value).__gt__)):
        limit = shape.metadata.get(bound)
        if limit is not None and broken(limit):
            yield f"{shows} at '{path}' failed to satisfy constraint: Member must have length {words} than or equal to {limit}"


def _enum(shape: Shape, value: str, path: str) -> Iterator[str]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: Member must satisfy enum value set: [{', '.join(allowed)}]"


def _pattern(shape: Shape, value: str, path: str) -> Iterator[str]:
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        yield f"Value '{value}' at '{path}' failed to satisfy constraint: Member must satisfy regular expression pattern: {pattern}"


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Java's patterns: its word characters are ASCII, Python's only when told to be
    return re.compile(pattern, re.ASCII)


@functools.cache
def _lower(member: str) -> str:
    return member[0].lower() + member[1:]
