"""What a task's situation names, as JSON that crosses from a class's server to a notebook.

Text and numbers stand as they are; whatever else is an object of one member, which says what it is.
"""

import base64
from collections.abc import Callable
from typing import Any

Encode = Callable[[Any], dict[str, Any] | None]
Decode = Callable[[str, Any], Any]


def packed(value: Any, other: Encode) -> Any:
    """As JSON. other: for what is no data, as a client: an object of one member, or None if it knows no better."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return {"bytes": base64.b64encode(value).decode()}
        case dict():
            return {"dict": [[packed(name, other), packed(each, other)] for name, each in value.items()]}
        case tuple() | list():
            return {type(value).__name__: [packed(each, other) for each in value]}
    known = other(value)
    if known is None:
        raise TypeError(f"a {type(value).__name__} cannot be handed over")
    return known


def unpacked(value: Any, other: Decode) -> Any:
    """What `packed` made JSON of. other: makes what it made of the rest, by the name of its member."""
    if not isinstance(value, dict):
        return value
    ((kind, held),) = value.items()
    match kind:
        case "bytes":
            return base64.b64decode(held)
        case "dict":
            return {unpacked(name, other): unpacked(each, other) for name, each in held}
        case "list":
            return [unpacked(each, other) for each in held]
        case "tuple":
            return tuple(unpacked(each, other) for each in held)
    return other(kind, held)
