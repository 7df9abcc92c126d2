"""This is where each element of a policy's text stands: which line a statement, an action or a condition is on."""

import functools
import re
from bisect import bisect
from collections.abc import Mapping

Path = tuple[str | int, ...]

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


@functools.lru_cache(maxsize=1024)
def lines(text: str) -> Mapping[Path, int]:
    """The line of each element of a JSON text that has been read, counted from 1; () is the whole."""
    found: dict[Path, int] = {}
    path: list[str | int] = []
    opened: list[str] = []
    name = ""
    ends = [end.start() for end in re.finditer("\n", text)]
    for token in TOKEN.finditer(text):
        kind, line = token[0][0], bisect(ends, token.start()) + 1
        if kind in "{[":
            found.setdefault(tuple(path), line)
            opened.append(kind)
            path.append(0 if kind == "[" else "")
        elif kind in "}]":
            opened.pop()
            path.pop()
        elif kind == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else ""
        elif kind == ":":
            path[-1] = name
        elif opened and opened[-1] == "{" and path[-1] == "":
            name = token[0][1:-1]
            found[(*path[:-1], name)] = line
        else:
            found.setdefault(tuple(path), line)
    return found
