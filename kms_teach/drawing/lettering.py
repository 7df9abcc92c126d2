"""How wide words are, before anyone draws them: measure, wrap, shorten.

Why a table of DejaVu Sans, not the reader's font: that is known only in the reader's browser, and DejaVu is the widest
that a browser is likely to take, so what fits in it fits in all.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from kms_teach.drawing.look import LABEL

# Advance in hundredths of the type size, rounded up: DejaVu Sans 2.37, its bold, and its mono (one width for all).
REGULAR = {
    28: "'ijl", 30: "IJ", 32: " ,.·\u2019", 34: r"/:;\|", 36: "f", 37: "-", 40: "()[]t", 41: "!", 42: "r", 46: '"',
    50: "*_`\u2013", 52: "“”", 53: "sz", 54: "?", 55: "c", 56: "L", 58: "Fk", 60: "vxy", 61: "P", 62: "TYaeo",
    64: "$0123456789ESbdghnpqu{}", 66: "K", 69: "ABVXZ", 70: "CR", 74: "U", 75: "N", 76: "H", 78: "&DG", 79: "OQ",
    82: "w", 84: "#+<=>^~→≤\u00d7", 87: "M", 96: "%", 98: "m", 99: "W", 100: "@…—",
}  # fmt: skip
BOLD = {
    31: "'", 35: " ijl", 37: r"/\|", 38: ",.IJ·\u2019", 40: ":;", 42: "-", 44: "f", 46: "!()[]", 48: "t",
    50: "_`r\u2013", 53: '"*', 59: "?z", 60: "cs", 64: "L", 65: "x", 66: "vy“”", 67: "k", 68: "ae", 69: "EFTo",
    70: "$0123456789", 72: "bdghnpqu{}", 73: "SYZ", 74: "CP", 77: "B", 78: "AKRVX", 82: "U", 83: "G",
    84: "#+<=>DHN^~→≤\u00d7", 86: "OQ", 88: "&", 93: "w", 100: "@M…—", 101: "%", 105: "m", 111: "W",
}  # fmt: skip
MONO_ADVANCE = 61
WIDEST = 130  # an emoji, a CJK character, whatever the table does not know

ADVANCES = {
    bold: {letter: advance for advance, letters in table.items() for letter in letters}
    for bold, table in ((False, REGULAR), (True, BOLD))
}
# Where a name that is wider than its room may break: first after a sign, then between the words of CamelCase.
BREAKS = (re.compile(r"(?<=[/:,_\-])"), re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"), re.compile(""))
UNDRAWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(words: str) -> str:
    """Make any text drawable: line breaks and tabs become spaces, what XML cannot hold becomes U+FFFD."""
    return UNDRAWABLE.sub("\ufffd", re.sub(r"[\t\n\r]", " ", words))


def width(words: str, size: float = LABEL, *, bold: bool = False, mono: bool = False) -> float:
    """Measure one line in px, on the wide side; weights from 600 up are bold."""
    return sum(_advance(letter, bold, mono) for letter in words) * size / 100


def wrap(words: str, room: float, size: float = LABEL, *, bold: bool = False, mono: bool = False) -> list[str]:
    """Break words into lines no wider than `room`; a long name breaks after a sign or in CamelCase, at last anywhere.

    Only a single letter wider than the room sticks out. No words, no lines.
    """
    return list(_lines(words, room, size, bold, mono))


@lru_cache(4096)  # the same words are asked for their height, drawn, and drawn again at the next step of a lab
def _lines(words: str, room: float, size: float, bold: bool, mono: bool) -> tuple[str, ...]:
    def fits(part: str) -> bool:
        return width(part, size, bold=bold, mono=mono) <= room

    lines, line = [], ""
    for word in clean(words).split():
        parts = [word]
        for place in BREAKS:
            parts = [p for part in parts for p in ([part] if fits(part) else filter(None, place.split(part)))]
        glue = " " if line else ""
        for part in parts:
            if line and not fits(line + glue + part):
                lines.append(line)
                line = part
            else:
                line += glue + part
            glue = ""
    return (*lines, line) if line else ()


def shorten(words: str, room: float, size: float = LABEL, *, bold: bool = False, mono: bool = False) -> str:
    """Fit words on one line by leaving out their middle, so that both ends of an ARN stay."""
    words = clean(words)
    advances = [_advance(letter, bold, mono) for letter in words]
    if sum(advances) * size / 100 <= room:
        return words
    # Letters that stay at the front and at the back: measured once, then as many as there is room for.
    front, back = [0, *accumulate(advances)], [0, *accumulate(reversed(advances))]
    dots = _advance("…", bold, mono)

    def needed(kept: int) -> float:
        return (front[(kept + 1) // 2] + dots + back[kept // 2]) * size / 100

    kept = max(bisect_right(range(len(words)), room, key=needed) - 1, 0)
    return words[: (kept + 1) // 2] + "…" + words[len(words) - kept // 2 :]


@lru_cache(4096)
def _advance(letter: str, bold: bool, mono: bool) -> int:
    if unicodedata.combining(letter):
        return 0
    base = unicodedata.normalize("NFD", letter)[0]  # é is as wide as e
    known = ADVANCES[bold].get(base)
    return WIDEST if known is None else MONO_ADVANCE if mono else known
