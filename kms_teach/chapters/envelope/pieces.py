"""The comparison behind envelope encryption: a whole file through KMS in pieces, or one data key for it."""

import math
from functools import partial

from msgspec import Struct

from kms_teach.drawing import look
from kms_teach.drawing.layout import BELOW_MIDDLE, Column, Fitted, Scene, Text, render
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import DATA_KEY, HEADING, INK, NARROW, NOTE, RULE, SECOND, WASH
from kms_teach.drawing.markup import number
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.hsm.blob import OVERHEAD
from kms_teach.keys.specs import DATA_KEY_SIZES, MESSAGE_MAX

DATA = "#DCE3E9"  # a plaintext sheet's colour
BAR, ROUND, BESIDE = 30, 3, 10  # px: the bar's height, its corners, from its end to its words
THINNEST = 2  # px: a bar that would be thinner is drawn so, and said to be
SECOND_LINE = "Encrypt the file once, open it once: what goes to KMS and comes back, to scale"


class Way(Struct, frozen=True):
    """What one way of encrypting a file and opening it again asks of KMS, in calls and bytes."""

    name: str
    how: str
    calls: int
    sent: int
    returned: int
    of_the_file: int  # bytes of the plaintext file that pass through KMS

    @property
    def crossed(self) -> int:
        return self.sent + self.returned


def in_pieces(size: int) -> Way:
    """Every byte through Encrypt, and later through Decrypt, as much at a time as Encrypt takes."""
    calls = -(-size // MESSAGE_MAX)
    encrypted = size + calls * OVERHEAD
    how = f"Encrypt for every {MESSAGE_MAX:,} bytes, later Decrypt for each piece"
    return Way("In pieces through KMS", how, 2 * calls, size + encrypted, encrypted + size, size)


def one_envelope() -> Way:
    """One data key from KMS, and later that key decrypted, whatever the file's size."""
    key = DATA_KEY_SIZES["AES_256"]
    how = "GenerateDataKey once, later Decrypt once; the file is encrypted on your computer"
    return Way("In one envelope", how, 2, key + OVERHEAD, key + (key + OVERHEAD) + key, 0)


def pieces_or_envelope(size: int) -> Picture:
    """Draw both ways for a file of `size` bytes, at least 1."""
    if size < 1:
        raise ValueError("compare for a file of at least 1 byte")
    ways = (in_pieces(size), one_envelope())
    title = _title(size, *ways)
    alt = f"{SECOND_LINE}. " + " ".join(
        f"{way.name}: {way.calls:,} calls; {look.size(way.sent)} to KMS, {look.size(way.returned)} back;"
        f" of the file, {look.size(way.of_the_file)} pass through KMS. {way.how}."
        for way in ways
    )
    wide = render(Drawing("pieces", title, alt, second=SECOND_LINE), _laid(ways))
    narrow = render(Drawing("pieces-narrow", title, alt, second=SECOND_LINE, width=NARROW), _laid(ways))
    header = ["way", "calls to KMS", "bytes to KMS", "bytes back", "bytes of the file in KMS"]
    rows = [(w.name, f"{w.calls:,}", f"{w.sent:,}", f"{w.returned:,}", f"{w.of_the_file:,}") for w in ways]
    return Picture(title, alt, wide, narrow, table(header, rows), facts=f"{title} ({size:,} bytes)")


def _title(size: int, pieces: Way, envelope: Way) -> str:
    if pieces.calls <= envelope.calls:
        return f"Up to {MESSAGE_MAX:,} bytes, Encrypt alone needs no more calls"
    return f"{look.size(size)}: {pieces.calls:,} calls in pieces, {envelope.calls} in an envelope"


def _laid(ways: tuple[Way, ...]) -> Column:
    most = max(way.crossed for way in ways)
    return Column([Fitted(partial(_way, way, most)) for way in ways], gap=24)


def _way(way: Way, most: int, width: float) -> Column:
    long = way.crossed * width / most
    words = f"{'Every byte' if way.of_the_file else 'Not one byte'} of the file passes through KMS."
    if long < THINNEST:
        digits = max(1, math.ceil(-math.log10(long)))
        words += f" To scale, this bar would be {number(long, digits)} px wide."
    head = Column([Text(f"{way.name}: {way.calls:,} calls", HEADING, 700), Text(way.how, NOTE, fill=SECOND)])
    return Column([head, Scene(BAR, partial(_bar, way, max(long, THINNEST))), Text(words)], gap=6)


def _bar(way: Way, long: float, d: Drawing, x: float, y: float, room: float) -> None:
    fill, edge = (DATA, INK) if way.of_the_file else (DATA_KEY.mark, DATA_KEY.text)
    d.rect(x, y, room, BAR, ROUND, fill=WASH, stroke=RULE, thick=1)
    d.rect(x, y, long, BAR, min(ROUND, long / 2), fill=fill, stroke=edge, thick=1)
    words = f"{look.size(way.sent)} to KMS, {look.size(way.returned)} back"
    beside = long + BESIDE + width(words, bold=True) < room - BESIDE
    d.text(x + BESIDE + (long if beside else 0), y + BAR / 2 + BELOW_MIDDLE, words, weight=650)
