"""This is botocore's service model of KMS, read at run time, and what it does not allow, worded as AWS words it.

botocore's client checks only types and `min`; `max`, `enum` and `pattern` are checked by the service.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.model import OperationModel, ServiceModel, Shape

from kms_teach.errors import ValidationException
from kms_teach.wire.loader import loader


@functools.cache
def service_model() -> ServiceModel:
    return ServiceModel(loader().load_service_model("kms", "service-2"), "kms")


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
    for rule in RULES.get(shape.type_name, ()):
        yield from rule(shape, value, path)


def _members(shape: Shape, value: Any, path: str) -> Iterator[str]:
    for member, inner in shape.members.items():
        where = f"{path}.{_lower(member)}" if path else _lower(member)
        if value.get(member) is not None:
            yield from violations(inner, value[member], where)
        elif member in shape.required_members:
            yield f"Value null at '{where}' {FAILED} not be null"


def _elements(shape: Shape, value: Any, path: str) -> Iterator[str]:
    for number, element in enumerate(value, 1):
        yield from violations(shape.member, element, f"{path}.{number}.member")


def _pairs(shape: Shape, value: Any, path: str) -> Iterator[str]:
    for key, element in value.items():
        yield from violations(shape.key, key, f"{path}.key")
        yield from violations(shape.value, element, f"{path}.{key}.member")


def _size(shape: Shape, value: Any, path: str) -> Iterator[str]:
    shows = f"Value '{value}'" if isinstance(value, str) else "Value"  # AWS does not repeat bytes
    for broken in _bounds(shape, len(value)):
        yield f"{shows} at '{path}' {FAILED} have length {broken}"


def _number(shape: Shape, value: Any, path: str) -> Iterator[str]:
    for broken in _bounds(shape, value):
        yield f"Value '{value}' at '{path}' {FAILED} have value {broken}"


def _bounds(shape: Shape, number: int) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and number < least:
        yield f"greater than or equal to {least}"
    if most is not None and number > most:
        yield f"less than or equal to {most}"


def _enum(shape: Shape, value: str, path: str) -> Iterator[str]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"Value '{value}' at '{path}' {FAILED} satisfy enum value set: [{', '.join(allowed)}]"


def _pattern(shape: Shape, value: str, path: str) -> Iterator[str]:
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        yield f"Value '{value}' at '{path}' {FAILED} satisfy regular expression pattern: {pattern}"


# What is checked of each type of shape, in order.
RULES: dict[str, tuple[Callable[[Shape, Any, str], Iterator[str]], ...]] = {
    "structure": (_members,),
    "list": (_size, _elements),
    "map": (_size, _pairs),
    "blob": (_size,),
    "string": (_size, _enum, _pattern),
    "integer": (_number,),
    "long": (_number,),
}
FAILED = "failed to satisfy constraint: Member must"


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Java's patterns: its word characters are ASCII, Python's only when told to be
    return re.compile(pattern, re.ASCII)


@functools.cache
def _lower(member: str) -> str:
    return member[0].lower() + member[1:]
