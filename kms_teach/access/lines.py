"""Places in a policy's text: the path of an element, and the line on which it stands."""

import json
import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from kms_teach.access.remembered import remembered

Path = tuple[str | int, ...]  # from the document down, as ("Statement", 0, "Action", 1); () is the whole

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class Place(Struct, frozen=True):
    """Where something stands in a policy document, or where it is missing."""

    path: Path

    @property
    def statement(self) -> int | None:
        """The number of the statement, from 1, also of one that stands alone; None for the document's own parts."""
        if len(self.path) < 2 or self.path[0] != "Statement":
            return None
        return self.path[1] + 1 if isinstance(self.path[1], int) else 1

    @property
    def element(self) -> str:
        """The element of the statement, or of the document; "" for a statement as a whole."""
        inside = self.path if self.statement is None else self.path[1:]
        return next((name for name in inside if isinstance(name, str)), "")

    def line(self, text: str) -> int:
        """The line of it in the text, from 1; of what it is missing in, when it is not there."""
        where = lines(text)
        return next(where[self.path[:n]] for n in range(len(self.path), -1, -1) if self.path[:n] in where)


@remembered(256)
def lines(text: str) -> Mapping[Path, int]:
    """The line of each element of a JSON text that has been read, counted from 1; () is the whole."""
    line_of: dict[Path, int] = {}
    for path, line, is_name in _walk(text):
        if is_name:
            line_of[path] = line
        else:
            line_of.setdefault(path, line)
    return line_of


def repeated(text: str, name: str) -> Place | None:
    """Where a name stands for the second time in one object."""
    seen: set[Path] = set()
    for path, _, is_name in _walk(text):
        if is_name and path[-1] == name and path in seen:
            return Place(path)
        if is_name:
            seen.add(path)
    return None


def principal_place(text: str, arn: str) -> Place | None:
    """Where a policy that has been read names a principal."""
    leaves = _leaves(json.loads(text), ())
    named = (path for path, value in leaves if value == arn and {"Principal", "NotPrincipal"}.intersection(path))
    return next(map(Place, named), None)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*path, name))
    else:
        yield path, value


def _walk(text: str) -> Iterator[tuple[Path, int, bool]]:
    """Each name, value and bracket that opens, in the order of the text: its path, its line, whether it is a name."""
    path: list[str | int] = []
    opened: list[str] = []
    name = ""
    ends = [end.start() for end in re.finditer("\n", text)]
    for token in TOKEN.finditer(text):
        kind, line = token[0][0], bisect(ends, token.start()) + 1
        if kind in "{[":
            yield tuple(path), line, False
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
            yield (*path[:-1], name), line, True
        else:
            yield tuple(path), line, False
