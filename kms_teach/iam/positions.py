"""Where the statements of a policy stand in its text, as IAM's policy simulator counts."""

import functools
import json
from collections.abc import Iterator

from kms_teach.access.lines import TOKEN

Position = dict[str, int]


@functools.lru_cache(maxsize=256)
def positions(text: str) -> tuple[tuple[Position, Position], ...]:
    """Begin and end of each statement of a policy that has been read.

    Columns are recorded from AWS as one more than the brace's own, counted from 1.
    """
    return tuple((_position(text, start), _position(text, end)) for start, end in _statements(text))


def _statements(text: str) -> Iterator[tuple[int, int]]:
    depth, inside, begun, last = 0, 0, 0, ""
    for token in TOKEN.finditer(text):
        kind = token[0]
        if kind in "{[":
            depth += 1
            if not inside and depth == 2 and last.startswith('"') and json.loads(last) == "Statement":
                inside = 2 if kind == "{" else 3
            if depth == inside and kind == "{":
                begun = token.start()
        elif kind in "}]":
            if depth == inside and kind == "}":
                yield begun, token.start()
            depth -= 1
            if inside and depth == 1:
                return
        elif kind not in ":,":
            last = kind


def _position(text: str, offset: int) -> Position:
    line = text.count("\n", 0, offset) + 1
    return {"Line": line, "Column": offset - text.rfind("\n", 0, offset) + 1}
