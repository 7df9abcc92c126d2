"""What the tests of drawn pictures share: the words of a drawing, where they stand, and whether they get along."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import NamedTuple

from kms_teach.drawing.lettering import width

SVG = "{http://www.w3.org/2000/svg}"


class Words(NamedTuple):
    """One line of text and the box that it fills in the widest font."""

    text: str
    left: float
    top: float
    right: float
    foot: float


def words(svg: str) -> list[Words]:
    """Every line of text of a drawing, in the order of painting; a drawing inside it, as of a chart, counts as well."""
    return list(_words(ET.fromstring(svg), 0, 0))


def _words(node: ET.Element, across: float, down: float) -> Iterator[Words]:
    for child in node:
        if child.tag == f"{SVG}svg":
            yield from _words(child, across + float(child.get("x")), down + float(child.get("y")))
        elif child.tag == f"{SVG}text":
            yield from _lines(child, across, down)
        else:
            yield from _words(child, across, down)


def _lines(node: ET.Element, across: float, down: float) -> Iterator[Words]:
    style = dict(part.strip().split(": ", 1) for part in node.get("style", "").split(";") if part)  # matplotlib's way
    size, weight, anchor = (
        node.get(name, style.get(name, default).removesuffix("px"))
        for name, default in (("font-size", "13"), ("font-weight", "400"), ("text-anchor", "start"))
    )
    size, y = float(size), down + float(node.get("y"))
    for line in list(node) or [node]:
        y += float(line.get("dy", 0)) if line is not node else 0
        room = width(line.text or "", size, bold=int(weight) >= 600)
        x = across + float(line.get("x"))
        left = x - {"start": 0, "middle": room / 2, "end": room}[anchor]
        yield Words(line.text or "", left, y - 0.72 * size, left + room, y + 0.1 * size)


def texts(svg: str) -> list[str]:
    """The same, without the places."""
    return [line.text for line in words(svg)]


def quarrels(svg: str) -> list[str]:
    """Words that overlap each other or leave the card."""
    root = ET.fromstring(svg)
    card_width, card_height = map(float, root.get("viewBox").split()[2:])
    found = words(svg)
    out = [
        f"leaves the card: {w.text}" for w in found if w.left < 14 or w.right > card_width - 14 or w.foot > card_height
    ]
    for at, a in enumerate(found):
        out += [
            f"{a.text} overlaps {b.text}"
            for b in found[at + 1 :]
            if a.left < b.right - 1 and b.left < a.right - 1 and a.top < b.foot - 1 and b.top < a.foot - 1
        ]
    return out
