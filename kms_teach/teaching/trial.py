"""Trials: what becomes of a call, in a simulator made for one question."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Self

from botocore.exceptions import ClientError, ParamValidationError

from kms_teach.client_side import imports
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Tried

UNKNOWN = "Unknown parameter"  # with what boto3 begins to say so
NOTE = b"Meet me at noon."
START = "2026-01-01T00:00:00Z"

Call = Callable[..., Any]
_MADE: ContextVar[list[Simulator] | None] = ContextVar("simulators that trials have made", default=None)


class Answer(str):
    """What is said of a call: the code of its error, or a sentence. `request` is the call's id, as in the trail.

    `why` is what boto3 says of a call that it does not send.
    """

    __slots__ = ("request", "why")
    request: str
    why: str

    def __new__(cls, words: str, request: str = "", why: str = "") -> Self:
        answer = super().__new__(cls, words)
        answer.request, answer.why = request, why
        return answer


@contextmanager
def watched() -> Iterator[list[Simulator]]:
    """The simulators that trials make inside."""
    made: list[Simulator] = []
    token = _MADE.set(made)
    try:
        yield made
    finally:
        _MADE.reset(token)


def simulator() -> Simulator:
    """A simulator for one question."""
    return _noted(Simulator(start=START))


def rehearsed(sim: Simulator) -> Simulator:
    """Another simulator for one question, as this one is now: what several options begin with is made once."""
    return _noted(sim.rehearsal())


def _noted(sim: Simulator) -> Simulator:
    made = _MADE.get()
    if made is not None:
        made.append(sim)
    return sim


def scratch(**parameters: Any) -> tuple[Simulator, Any, str]:
    """A simulator, its root user's client, and the ARN of a new key; `parameters` are those of CreateKey."""
    sim = simulator()
    kms = sim.client("kms")
    return sim, kms, kms.create_key(**parameters)["KeyMetadata"]["Arn"]


@cache
def shared(spec: str, usage: str) -> tuple[Any, str]:
    """A client and an asymmetric key, made once in the process: for calls that change nothing, as its material "
    "is slow."""
    _, kms, key = scratch(KeySpec=spec, KeyUsage=usage)
    return kms, key


def awaiting(algorithm: str = imports.OAEP, **parameters: Any) -> tuple[Simulator, Any, str, Any]:
    """A simulator, its root user's client, a key that waits for its material, and what it is to be wrapped with.

    `parameters` are those of CreateKey. The wrapping key was made once in the process, as each is slow to make.
    """
    sim, key, given = _awaiting(algorithm, tuple(parameters.items()))
    copy = rehearsed(sim)
    return copy, copy.client("kms"), key, given


@cache
def _awaiting(algorithm: str, parameters: tuple[tuple[str, Any], ...]) -> tuple[Simulator, str, Any]:
    sim, kms, key = scratch(Origin="EXTERNAL", **dict(parameters))
    return sim, key, imports.ask(kms, key, algorithm)


def error(call: Call, **parameters: Any) -> str:
    """The code of the error that the call ends in; "" when it goes well. What boto3 does not even send is one too."""
    try:
        answer = call(**parameters)
    except ClientError as refused:
        return Answer(refused.response["Error"]["Code"], _request(refused.response))
    except ParamValidationError as unsent:
        return Answer(type(unsent).__name__, why=str(unsent).splitlines()[-1])
    return Answer("", _request(answer))


def told(call: Call, code: str, before: str = "") -> str:
    """What the call was answered, in a sentence, after words of yours; `code` as `error` gives it."""
    kms: Any = getattr(call, "__self__")  # noqa: B009 (a client's method, which types do not show)
    operation = kms.meta.method_to_api_mapping[call.__name__]
    if code == ParamValidationError.__name__:
        why = str(getattr(code, "why", ""))
        why = "the operation has no such parameter" if why.startswith(UNKNOWN) else f"{why[:1].lower()}{why[1:]}"
        return f"{before} boto3 does not send this `{operation}`: {why}.".strip()
    words = f"`{operation}` was refused: `{code}`." if code else f"`{operation}` went well."
    return Answer(f"{before} {words}".strip(), getattr(code, "request", ""))


def _request(response: Any) -> str:
    return str(response.get("ResponseMetadata", {}).get("RequestId", ""))


def attempted(call: Call, **parameters: Any) -> Tried:
    """A call as an option that proves right where it goes well."""
    code = error(call, **parameters)
    return Tried(not code, told(call, code))


def policy(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """An IAM policy of one statement that allows; `more` are further elements of it, as Condition."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def statement(principal: Any, action: str | list[str], **more: Any) -> dict[str, Any]:
    """A statement of a resource-based policy that allows; `principal` is an ARN, or the element itself."""
    named = {"AWS": principal} if isinstance(principal, str) and principal != "*" else principal
    return {"Effect": "Allow", "Principal": named, "Action": action, "Resource": "*", **more}


def amend(kms: Any, key: str, *statements: dict[str, Any]) -> None:
    """Add statements to a key policy; what it says already stays."""
    document = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    document["Statement"] += statements
    kms.put_key_policy(KeyId=key, Policy=json.dumps(document))
