"""What people give to the public functions: a value of the wrong type is answered with an example of what to type."""

import functools
import inspect
import os
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, ParamSpec, TypeVar, Union, get_args, get_origin

P = ParamSpec("P")
R = TypeVar("R")

WORDS: Mapping[Any, str] = {
    str: "text", bytes: "bytes", int: "a whole number", float: "a number", bool: "True or False",
    os.PathLike: "a path", Mapping: "a mapping", Sequence: "a list", Iterable: "a list",
}  # fmt: skip
EXAMPLES: Mapping[str, str] = {
    "account": '"111122223333"', "actions": '["Encrypt", "Decrypt"]', "at": "sim.now",
    "boundary": "{…}, an IAM policy", "index": "-1",
    "ciphertext_for_recipient": 'answer["CiphertextForRecipient"]', "credentials": 'answer["Credentials"]',
    "endpoint": "sim.vpc_endpoint()", "image": 'b"the program"', "keep": "10_000", "key_exchange": '"X25519MLKEM768"',
    "key_id": '"alias/mine"', "kind": '"AWS_CLOUDHSM"', "max_session_duration": "3600", "name": '"alice"',
    "nonce": 'b"once"', "operations": '"Encrypt"', "organization": '"o-exampleorg"', "path": '"/team/"',
    "policies": "[{…}], a list of policies", "policy": "{…}, a policy", "port": "8080", "quota": "10",
    "rcps": "[{…}], a list of policies", "record": "sim.trail[-1]", "region": '"us-east-1"',
    "request_id": 'answer["ResponseMetadata"]["RequestId"]', "retries": '{"total_max_attempts": 1}',
    "role": 'sim.role("app")', "scps": "[{…}], a list of policies", "source_account": '"111122223333"',
    "source_arn": '"arn:aws:s3:::reports"', "source_ip": '"192.0.2.44"', "start": '"2026-01-01"',
    "sim": "Simulator()", "store": '"class.db"', "tags": '{"team": "blue"}', "trust": "{…}, a trust policy",
    "user_data": 'b"a note"', "via": '"s3"', "with_account": '"444455556666"',
}  # fmt: skip


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function refuse, before it does anything, values that are not of its parameters' types. TypeError.

    What a value of the right type may be, the function knows.
    """
    parameters = inspect.signature(function).parameters.values()
    hints = {each.name: each.annotation for each in parameters if each.annotation is not each.empty}
    names = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    several = next((each.name for each in parameters if each.kind is each.VAR_POSITIONAL), "")

    @functools.wraps(function)
    def check(*given: P.args, **named: P.kwargs) -> R:
        each = [*zip(names, given, strict=False), *((several, value) for value in given[len(names) :] if several)]
        for name, value in (*each, *named.items()):
            if name in hints and not fits(value, hints[name]):
                example = f", such as {EXAMPLES[name]}" if name in EXAMPLES else ""
                raise TypeError(f"`{name}` is {told(hints[name])}{example}, and not {reprlib.repr(value)}")
        return function(*given, **named)

    return check


def fits(value: object, hint: Any) -> bool:
    """Whether a value is of a type, as annotations write it; text with half a character in it is none."""
    kind, inner = get_origin(hint) or hint, get_args(hint)
    if kind in (Union, UnionType):
        return any(fits(value, each) for each in inner)
    if kind in (Any, object):
        return True
    if kind in (Sequence, Iterable):
        if isinstance(value, str | Mapping):  # where it may be one of them, the function says what is missing
            return inner[0] is not str and fits(value, inner[0])
        listed = isinstance(value, Sequence)  # what is gone through once is not looked at
        return isinstance(value, Iterable) and not isinstance(value, bytes) and (
            not listed or all(fits(each, inner[0]) for each in value)
        )  # fmt: skip
    if kind in (int, float):
        return isinstance(value, int | kind) and not isinstance(value, bool)
    if kind is str:
        return isinstance(value, str) and _whole(value)
    return value is None if kind in (None, NoneType) else isinstance(value, kind)


def told(hint: Any) -> str:
    """A type in words."""
    kind, inner = get_origin(hint) or hint, get_args(hint)
    if kind in (Union, UnionType):
        words = dict.fromkeys(told(each) for each in inner if each is not NoneType)
        return " or ".join(words)
    return WORDS.get(kind) or f"a {kind.__name__}"


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
