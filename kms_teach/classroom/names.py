"""The list of a class: a file with one name a line, as a spreadsheet saves it."""

import csv
import unicodedata
from pathlib import Path

HEADS = ("name", "names", "learner")  # what may stand above the names
LONGEST = 64  # characters of a name
MOST = 500  # learners of one server


class ListError(Exception):
    """The list cannot be used; the message says what to do about it."""


def read(path: Path) -> tuple[str, ...]:
    """The names, in their order. Raises ListError for the first thing that is wrong."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ListError(f"{path} is not UTF-8: save it as “CSV UTF-8”") from None
    except OSError as error:
        raise ListError(f"{path} cannot be read ({error.strerror}): give a file with one name a line") from None
    names: dict[str, str] = {}
    rows = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        for row in rows:
            _take(row, f"{path}, line {rows.line_num}", names)
    except csv.Error as error:
        raise ListError(f"{path}, line {rows.line_num} is broken ({error}): write one name a line") from None
    if not names:
        raise ListError(f"{path} has no names: write one a line")
    if len(names) > MOST:
        raise ListError(f"{path} has {len(names)} names, and one server takes {MOST}: make two lists")
    return tuple(names.values())


def same(name: str) -> str:
    """What two names have in common that are one to a reader."""
    return unicodedata.normalize("NFKC", name).casefold()


def _take(row: list[str], where: str, names: dict[str, str]) -> None:
    cells = [cell.strip() for cell in row]
    if not any(cells):
        return
    if len(cells) > 1:
        raise ListError(f"{where} has {len(cells)} columns: write one name a line, in quotes where it has a comma")
    name = unicodedata.normalize("NFC", cells[0])
    if not names and name.lower() in HEADS:
        return
    if len(name) > LONGEST or not name.isprintable():
        raise ListError(f"{where} is no name: use at most {LONGEST} characters that can be printed")
    if same(name) in names:
        raise ListError(f"{where} has `{name}` again: tell the two apart, as {name} B and {name} M")
    names[same(name)] = name
