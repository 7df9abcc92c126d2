"""Functions that remember their answers: many about short texts, few about long ones, so that memory has an end.

What is parsed takes ten times as much memory as its text. A policy may have 32 KB, and anybody may put another one with
each call: a cache that counts answers alone, as functools has it, would hold gigabytes.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

SHORT = 2048  # characters
LONG_KEPT = 16  # answers about longer texts
Function = TypeVar("Function", bound=Callable[..., Any])


def remembered(most: int, size: Callable[[Any], int] = len) -> Callable[[Function], Function]:
    """Remember the answers of a function to its last arguments; size: the characters that its first one has."""

    def remembering(function: Function) -> Function:
        short, long = functools.lru_cache(most)(function), functools.lru_cache(LONG_KEPT)(function)

        @functools.wraps(function)
        def answer(first: Any, *rest: Any, **more: Any) -> Any:
            return (short if size(first) <= SHORT else long)(first, *rest, **more)

        def cache_clear() -> None:
            short.cache_clear()
            long.cache_clear()

        vars(answer)["cache_clear"] = cache_clear
        return cast("Function", answer)

    return remembering
