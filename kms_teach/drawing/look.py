"""The look as names: the palette, the type sizes, and how a size, a day and an id are written."""

from datetime import date
from typing import NamedTuple


class Tone(NamedTuple):
    """One role's three colours; on a wash or a card only `text` is dark enough for words."""

    mark: str
    text: str
    wash: str


class Material(NamedTuple):
    """The colours of one numbered key material: its fill, its dark edge, its number."""

    fill: str
    edge: str
    number: str


# Colours for people who see colours differently: M. Okabe and K. Ito, "Color Universal Design", 2008.
# fmt: off
INK      = "#16202A"
SECOND   = "#4A5560"
LINE     = "#76818C"
RULE     = "#CDD3D8"
WASH     = "#F3F5F6"
CARD     = "#FDFDFB"
WHITE    = "#FFFFFF"
PLATE    = "#14212E"
KMS      = Tone("#0072B2", "#00598C", "#E7F1F8")
DATA_KEY = Tone("#E69F00", "#7A5200", "#FDF4DF")  # its text colour is also its outline
ALLOWED  = Tone("#009E73", "#00664A", "#E3F4EE")
DENIED   = Tone("#D55E00", "#A33F00", "#FCEBE1")

MATERIALS = (
    Material("#56B4E9", "#155E8B", INK),
    Material("#CC79A7", "#86355F", INK),
    Material("#F0E442", "#6B6300", INK),
    Material("#0072B2", "#004C78", WHITE),
)
# fmt: on

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace"

DOTTED, DASHED = "0.1 5", "7 5"  # "to come" and "Region"; neither says anything else
WIDE, LAB, NARROW = 760, 560, 380  # the canvases: of a page, beside a lab's controls, below `picture.NARROW_BELOW`
TITLE, SUBTITLE, HEADING, LABEL, NOTE = 21, 14, 15, 13, 12  # type sizes; nothing is smaller than NOTE

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def material(number: int) -> Material:
    """Give the colours of material `number`, from 1; the fifth takes the first's again, its number tells."""
    return MATERIALS[(number - 1) % len(MATERIALS)]


def size(count: int) -> str:
    """Write a number of bytes: exact below a million, one decimal above (1 MB is 1,000,000 bytes)."""
    for unit, one in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if count >= one:
            return f"{count / one:,.1f}".removesuffix(".0") + f" {unit}"
    return f"{count:,} byte{'' if count == 1 else 's'}"


def day(moment: date) -> str:
    """Write the day of a moment in the course's one form, whatever the reader's locale: 9 Jan 2025."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def short_id(name: str) -> str:
    """Write a key id (or the id in an ARN) by its first eight digits: 1234abcd…, mrk-1234abcd…; short names stay."""
    name = name.rpartition("/")[2] if name.startswith("arn:") else name
    kept = 12 if name.startswith("mrk-") else 8
    return name if len(name) <= kept + 4 else name[:kept] + "…"
