"""What is tried for a claim: a call as a case, and what no call can tell."""

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError
from msgspec.structs import replace

from kms_teach.inspect.claim import Case
from kms_teach.teaching.trial import told
from kms_teach.trail import Trail


def called(trail: Trail, words: str, well: bool, call: Callable[..., Any], **parameters: Any) -> Case:
    """Make a call: the sentence holds in this case if it goes well, or (not `well`) if it is refused."""
    code, record = "", None
    try:
        answer = call(**parameters)
    except ClientError as refusal:
        answer, code = refusal.response, str(refusal.response["Error"]["Code"])
    except ParamValidationError as unsent:
        why = str(unsent).splitlines()[-1].partition(",")[0]  # its first line says that validation failed
        return Case(words, not well, f"boto3 does not send it. {why}.")
    record = trail.by_request(answer["ResponseMetadata"]["RequestId"])
    return Case(words, well is not bool(code), told(call, code), record)


def on_record(words: str, held: bool) -> tuple[Case, ...]:
    """What no call can tell, and a document does."""
    return (Case(words, held, "No call tells this; the source does."),)


def denied(run: Callable[[], Sequence[Case]]) -> Callable[[], tuple[Case, ...]]:
    """What is tried for a claim, for the sentence that denies it: it holds where that one does not."""
    return lambda: tuple(replace(case, held=not case.held) for case in run())
