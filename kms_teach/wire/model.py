"""botocore's models of the services, read at run time, and what they do not allow, worded as AWS words it.

botocore's client checks only types and `min`; `max`, `enum` and `pattern` are checked by the service.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from botocore.model import OperationModel, ServiceModel, Shape

from kms_teach.errors import ValidationException, cut
from kms_teach.wire.loader import loader
from kms_teach.wire.services import APIS


@functools.cache
def service_model(name: str = "kms") -> ServiceModel:
    return ServiceModel(loader().load_service_model(name, "service-2"), name)


@functools.cache
def operation_model(name: str, service: str = "kms") -> OperationModel:
    return service_model(service).operation_model(name)


@functools.cache
def error_codes(service: str) -> Mapping[str, tuple[str, int]]:
    """Code and status of a Query service's errors as its model has them, by code and by the name of their shape."""
    model = service_model(service)
    if model.protocol != "query":
        return {}
    told = {shape.name: shape.metadata["error"] for shape in model.error_shapes if "error" in shape.metadata}
    known = {each["code"]: (each["code"], each["httpStatusCode"]) for each in told.values()}
    return known | {name: known[each["code"]] for name, each in told.items()}


class Violation(NamedTuple):
    """A constraint that a value breaks: where the value stands, what it must do, and for an enum what is allowed."""

    path: str
    value: Any
    must: str
    allowed: tuple[str, ...] = ()

    def sentence(self, shows: bool) -> str:
        """In AWS's words. shows: whether the value is repeated and what is allowed is listed; some services do not."""
        value = "Value"  # bytes are never repeated
        if self.value is None:
            value = "Value null"
        elif shows and isinstance(self.value, str | int):
            value = f"Value '{cut(str(self.value))}'"
        listed = f": [{', '.join(self.allowed)}]" if shows and self.allowed else ""
        return f"{value} at '{self.path}' failed to satisfy constraint: Member must {self.must}{listed}"


def check(name: str, params: Mapping[str, Any], service: str = "kms") -> None:
    """Raise a ValidationException that lists all violations at once, as AWS does."""
    shape = operation_model(name, service).input_shape
    if shape is None:
        return
    broken = [violation.sentence(APIS[service].shows_values) for violation in violations(shape, params)]
    if broken:
        errors = "error" if len(broken) == 1 else "errors"
        raise ValidationException(f"{len(broken)} validation {errors} detected: {'; '.join(broken)}")


def violations(shape: Shape, value: Any, path: str = "") -> Iterator[Violation]:
    """Every constraint of `shape` that `value` breaks, in the order of the members."""
    for rule in _rules(shape):
        yield from rule(shape, value, path)


def _members(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    for member, inner in shape.members.items():
        where = f"{path}.{_lower(member)}" if path else _lower(member)
        if value.get(member) is not None:
            yield from violations(inner, value[member], where)
        elif member in shape.required_members:
            yield Violation(where, None, "not be null")


def _elements(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    for number, element in enumerate(value, 1):
        yield from violations(shape.member, element, f"{path}.{number}.member")


def _pairs(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    for key, element in value.items():
        yield from violations(shape.key, key, f"{path}.key")
        yield from violations(shape.value, element, f"{path}.{key}.member")


def _size(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    for bound in _bounds(shape, len(value)):
        yield Violation(path, value, f"have length {bound}")


def _number(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    for bound in _bounds(shape, value):
        yield Violation(path, value, f"have value {bound}")


def _bounds(shape: Shape, number: int) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and number < least:
        yield f"greater than or equal to {least}"
    if most is not None and number > most:
        yield f"less than or equal to {most}"


# AWS's server lists the values of an enum in an order of its own, which is recorded of this one alone
SERVERS_ORDER = {"MacAlgorithmSpec": ("HMAC_SHA_384", "HMAC_SHA_256", "HMAC_SHA_224", "HMAC_SHA_512")}


def _enum(shape: Shape, value: str, path: str) -> Iterator[Violation]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield Violation(path, value, "satisfy enum value set", SERVERS_ORDER.get(shape.name, tuple(allowed)))


def _pattern(shape: Shape, value: str, path: str) -> Iterator[Violation]:
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(_ascii(value) if r"\p{" in pattern else value):
        yield Violation(path, value, f"satisfy regular expression pattern: {pattern}")


# What is checked of each type of shape, in order.
RULES: dict[str, tuple[Callable[[Shape, Any, str], Iterator[Violation]], ...]] = {
    "structure": (_members,),
    "list": (_size, _elements),
    "map": (_size, _pairs),
    "blob": (_size,),
    "string": (_size, _enum, _pattern),
    "integer": (_number,),
    "long": (_number,),
}
NEEDS = {_size: ("min", "max"), _number: ("min", "max"), _enum: ("enum",), _pattern: ("pattern",)}


@functools.cache
def _rules(shape: Shape) -> tuple[Callable[[Shape, Any, str], Iterator[Violation]], ...]:
    """The rules of its type that have something to check in this shape."""
    rules = RULES.get(shape.type_name, ())
    return tuple(rule for rule in rules if rule not in NEEDS or any(name in shape.metadata for name in NEEDS[rule]))


# Java's classes of Unicode, which Python lacks: the ASCII characters each has, and one that stands for the others.
CLASSES = {"L": ("A-Za-z", "a"), "N": ("0-9", "0"), "Z": (" ", " ")}
# what is beyond 16 bits, as Java writes it and as Python does
BEYOND = (r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for name, (letters, _) in CLASSES.items():
        pattern = pattern.replace(rf"\p{{{name}}}", letters)
    pattern = pattern.replace(*BEYOND)
    # Java's patterns: its word characters are ASCII, Python's only when told to be
    return re.compile(pattern, re.ASCII)


def _ascii(value: str) -> str:
    """The value with each letter, digit and blank beyond ASCII as one of ASCII."""
    classes = ((c, unicodedata.category(c)[0]) for c in value)
    return "".join(c if c.isascii() or name not in CLASSES else CLASSES[name][1] for c, name in classes)


@functools.cache
def _lower(member: str) -> str:
    return member[0].lower() + member[1:]
