"""Trials: what becomes of a call, in a simulator made for one question."""

from collections.abc import Callable, Iterable
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

NOTE = b"Meet me at noon."


def error(call: Callable[..., Any], **parameters: Any) -> str:
    """The code of the error that the call ends in; "" when it goes well. What boto3 does not even send is one too."""
    try:
        call(**parameters)
    except ClientError as refused:
        return str(refused.response["Error"]["Code"])
    except ParamValidationError as unsent:
        return type(unsent).__name__
    return ""


def only(options: Iterable[str], proved: Iterable[bool]) -> str:
    """The one option that proved right. Raises ValueError when there is none, or more than one."""
    (right_one,) = (option for option, right in zip(options, proved, strict=True) if right)
    return right_one


def policy(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    """An IAM policy of one statement that allows; `more` are further elements of it, as Condition."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}
