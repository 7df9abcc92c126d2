"""How SVG is written: words, numbers and attributes, the same bytes on every machine."""

from html import escape

from kms_teach.drawing.lettering import clean
from kms_teach.drawing.look import DOTTED


def escaped(words: str) -> str:
    """Make any text safe as SVG text or attribute."""
    return escape(clean(words))


def number(value: float, digits: int = 1) -> str:
    """Write a coordinate, at most `digits` decimals, the same on every machine."""
    short = f"{value:.{digits}f}"
    if "." in short:
        short = short.rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def stroked(stroke: str | None, thick: float, dash: str | None) -> dict[str, str | float | None]:
    """The attributes of a stroke; none without one. What is still to come is dotted, with round ends."""
    if stroke is None:
        return {}
    cap = "round" if dash == DOTTED else None
    return {"stroke": stroke, "stroke_width": thick, "stroke_dasharray": dash, "stroke_linecap": cap}


def written(**pairs: str | float | None) -> str:
    """Write attributes, each with a space before it; None leaves one out, `_` becomes `-`."""
    return "".join(_attribute(name, value) for name, value in pairs.items() if value is not None)


def _attribute(name: str, value: str | float) -> str:
    text = escaped(value) if isinstance(value, str) else number(value, 2 if name == "stroke_width" else 1)
    return f' {"xml:space" if name == "xml_space" else name.replace("_", "-")}="{text}"'
