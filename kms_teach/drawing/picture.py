"""The picture as a value: its message, the same in words, its drawing, and how a notebook shows it.

Why `<img alt>` with a data URI, not inline SVG or image/svg+xml: JupyterLab draws those two only in a trusted notebook,
and names neither for a screen reader; an image shows everywhere and keeps its words.
"""

import base64
from collections.abc import Collection, Sequence
from html import escape
from pathlib import Path

from msgspec import Struct

from kms_teach.drawing.lettering import clean

# JupyterLab's output area is some 190 px narrower than its page. On a page of 860 px the words of a wide drawing, 12 px
# on its canvas of 760, are down to 10.6: from here on the narrow drawing is better. A lab knows its own width, and
# keeps the wide one down to 560 px (`keyboard.css`): its picture and its controls are to be seen together.
NARROW_BELOW = 860  # px of the page
SCROLL_FROM = 600  # px: a drawing without a narrow form is never shown smaller, but in a box that scrolls

KEEPS_KEYS = 'data-lm-suppress-shortcuts="true"'  # JupyterLab takes no key for a command while the focus is on it

CELL = "border:1px solid var(--jp-border-color2, #76818C);padding:4px 10px;text-align:left;vertical-align:top"


class Table(Struct, frozen=True):
    """The data of a picture, as a reader would type it: one header, rows of strings."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def html(self, caption: str) -> str:
        """Give an HTML table whose first column names its rows."""
        head = "".join(f'<th scope="col" style="{CELL}">{_words(name)}</th>' for name in self.header)
        body = "".join("<tr>" + "".join(_cell(at, text) for at, text in enumerate(row)) + "</tr>" for row in self.rows)
        return (
            '<table style="border-collapse:collapse;color:inherit;background-color:transparent">'
            f'<caption style="text-align:left;color:inherit">{_words(caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Make a Table of any sequences of strings."""
    return Table(tuple(header), tuple(tuple(row) for row in rows))


class Picture(Struct, frozen=True):
    """A drawing with its message in words.

    `alt` holds the sentences that follow the title when the picture is read aloud; `narrow` is the same picture on a
    canvas of 380; `facts` is the one line that nbval compares (the title, when left out).
    """

    title: str
    alt: str
    svg: str
    narrow: str | None = None
    table: Table | None = None
    facts: str = ""

    def __repr__(self) -> str:
        return " ".join(clean(self.facts or self.title).split())

    @property
    def spoken(self) -> str:
        """Give what is read aloud in the drawing's place: the title, then the description."""
        stop = "" if self.title.endswith((".", "?", "!")) else "."
        return " ".join(clean(f"{self.title}{stop} {self.alt}").split())

    def html(self) -> str:
        """Give HTML for a cell's output or an HTML widget: the image with its words, and the data as a table."""
        if self.narrow is None:
            style = f"display:block;width:100%;min-width:{SCROLL_FROM}px;max-width:760px;height:auto"
            shown = _scroll(self.title, self._image(style))
        else:
            media = f'<source media="(max-width: {NARROW_BELOW}px)" srcset="{_uri(self.narrow)}">'
            shown = f"<picture>{media}{self._image('max-width:100%;height:auto')}</picture>"
        return shown + self.data()

    def data(self) -> str:
        """Give HTML of the data as a table, folded away; nothing when there is no table."""
        if self.table is None:
            return ""
        return folded("The same as a table", _scroll(f"Data: {self.title}", self.table.html(self.title)))

    def save(self, path: str | Path, *, narrow: bool = False) -> None:
        """Write the drawing to a file, an SVG that any browser opens."""
        drawing = self.narrow if narrow and self.narrow is not None else self.svg
        Path(path).write_text(drawing, encoding="utf-8", newline="\n")

    def _image(self, style: str) -> str:
        return f'<img alt="{escape(self.spoken)}" src="{_uri(self.svg)}" style="{style}">'

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        # No image/svg+xml: every reader that knows both takes text/html, so it would only double the notebook's size.
        return {"text/plain": repr(self), "text/html": self.html()}


def folded(summary: str, inner: str, kind: str = "") -> str:
    """HTML that shows `summary`, and `inner` once it is unfolded; `kind` is a class for whoever looks for it."""
    named = f' class="{kind}"' if kind else ""
    return f'<details{named}><summary style="cursor:pointer" {KEEPS_KEYS}>{escape(summary)}</summary>{inner}</details>'


def _scroll(label: str, inner: str) -> str:
    # A box that scrolls must be reachable by keyboard, and then needs a name; a landmark's would have to be unique.
    box = f'role="group" tabindex="0" {KEEPS_KEYS} style="overflow-x:auto;max-width:100%"'
    return f'<div {box} aria-label="{escape(clean(label))}">{inner}</div>'


def _cell(at: int, text: str) -> str:
    if at == 0:
        return f'<th scope="row" style="{CELL};font-weight:normal">{_words(text)}</th>'
    return f'<td style="{CELL}">{_words(text)}</td>'


def _words(text: str) -> str:
    return escape(clean(text))


def _uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
