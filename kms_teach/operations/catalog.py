"""The catalog of operations: what each needs before it is run.

An operation is a function `f(call, *keys, **parameters)`: a key for each of its key parameters, in order, then the
other parameters by botocore's snake_case names. What is the same for many (finding the key, deciding, usage, state,
the trail) is declared here and done once, in `service`. One that only changes the state has an empty body: the table
did it.

The docstring of an operation names its errors where each is first checked, those of `service` among them. Before them
all comes ValidationException, for parameters that the model does not allow, then ThrottlingException, where there are
request quotas; KMSInternalException may come at any time.
"""

import base64
import binascii
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore import xform_name
from msgspec import Struct

from kms_teach.access.grants import Terms
from kms_teach.errors import InvalidMarkerException
from kms_teach.hsm.boundary import Hsm

# A function answers at once, or with the work that is left, which changes nothing in the store and opens no key: it may
# take its time, and is done when others have their turn.
Answer = Mapping[str, Any] | None | Callable[[], Mapping[str, Any]]


class KeyParameter(Struct, frozen=True):
    """Which parameter names a key, and the permission needed on it ("" means kms:<operation>).

    blob: the parameter whose ciphertext names the key when `parameter` is absent. algorithm: the parameter that names
    an algorithm, which the key must support (SYMMETRIC_DEFAULT when it is absent). aliases: whether an alias may stand
    there. via_alias: the parameter is an alias, and the key is the one it points at.
    """

    parameter: str
    permission: str = ""
    blob: str = ""
    algorithm: str = ""
    aliases: bool = True
    via_alias: bool = False


class Operation(Struct, frozen=True, kw_only=True):
    """One operation of the API."""

    name: str
    function: Callable[..., Answer]
    on: tuple[KeyParameter, ...]
    parameters: Mapping[str, str]  # wire name -> Python name
    ciphertexts: frozenset[str] = frozenset()  # the parameters that are ciphertexts which name their keys
    usage: str = ""  # the only KeyUsage it takes; "" takes any
    changes: bool = False  # what CloudTrail does not call read-only
    alias: str = ""  # the parameter that names an alias on which the permission is needed too
    symmetric: bool = False  # only symmetric encryption keys
    origins: tuple[str, ...] = ()  # the only origins of material it takes; () takes any
    primary: bool = False  # only the primary of a multi-Region key
    decides: bool = False  # the function itself asks for the permission
    terms: Callable[[Mapping[str, Any]], Terms] | None = None  # of the grant that it is to make
    before: Callable[[Hsm, Mapping[str, Any]], Any] | None = None  # slow work, done before the store is its own


CATALOG: dict[str, Operation] = {}


def operation(*on: KeyParameter, **rules: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function into the catalog under its name in CamelCase. rules: the fields of `Operation` that it sets."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__.title().replace("_", "")
        own = list(inspect.signature(function).parameters)[1 + len(on) :]
        parameters = {wire_name(python_name): python_name for python_name in own}
        blobs = frozenset(each.blob for each in on if each.blob)
        CATALOG[name] = Operation(
            name=name, function=function, on=on, parameters=parameters, ciphertexts=blobs, **rules
        )
        return function

    return enter


def wire_name(python_name: str) -> str:
    """`key_id` -> `KeyId`."""
    name = python_name.title().replace("_", "")
    assert xform_name(name) == python_name, python_name
    return name


def page(records: list[Any], limit: int) -> tuple[list[Any], dict[str, Any]]:
    """Cut a list of records, or of their names, read one longer than `limit`: it, with Truncated and NextMarker."""
    if len(records) <= limit:
        return records, {"Truncated": False}
    entries = records[:limit]
    last = entries[-1] if isinstance(entries[-1], str) else entries[-1].place[1]
    return entries, {"Truncated": True, "NextMarker": base64.urlsafe_b64encode(last.encode()).decode()}


def cut(entries: Sequence[Any], limit: int, marker: str | None) -> tuple[Sequence[Any], dict[str, Any]]:
    """The page of a short list that begins where `marker` says, with Truncated and NextMarker."""
    start = position(marker, len(entries))
    stop = start + limit
    more = {"Truncated": True, "NextMarker": str(stop)} if stop < len(entries) else {"Truncated": False}
    return entries[start:stop], more


def position(marker: str | None, most: int) -> int:
    """The place from 0 to `most` that a marker of `cut` names. InvalidMarkerException for any other marker."""
    place = int(marker) if marker and marker.isascii() and marker.isdigit() and len(marker) < 10 else 0
    if (marker and str(place) != marker) or place > most:
        raise InvalidMarkerException
    return place


def start_after(marker: str | None) -> str:
    """The name after which the next page begins. InvalidMarkerException for a marker that is not ours."""
    try:
        return base64.b64decode(marker or "", b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidMarkerException from None
