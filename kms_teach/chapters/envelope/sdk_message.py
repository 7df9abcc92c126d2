"""An AWS Encryption SDK message as a picture: the same envelope, as a tool of AWS's own writes it."""

from functools import partial

from kms_teach.chapters.envelope.sdk_message_facts import KEYS, Message
from kms_teach.drawing import look, scene
from kms_teach.drawing.layout import Column, Gap, Part, Row, Scene, Text, render, rule
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import DATA_KEY, INK, LINE, NARROW, NOTE, WASH
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.rows import heads, washed
from kms_teach.drawing.svg import Drawing

TITLE = "In an SDK message, the encrypted key comes along"
HEADER = ("field", "bytes", "in it")
HEADS, HIGH, LENS, FEET = 18, 30, 34, 16  # px: words above a bar, a bar, between the two bars, numbers below
BASELINE, APART = 8, 12  # px: from words to the bar below them, between words
NUMBERED = 11  # px: the least that takes a number
COLUMNS = (20, 152, 64, None)  # px of width: number, field, bytes, what is in it
STEP = 16  # px: the height of a line, so that words of two sizes stand on one line


def sdk_message(data: bytes) -> Picture:
    """Draw a message. Raises ValueError when the bytes are none."""
    message = Message.of(data)
    second = f"An AWS Encryption SDK message of {look.size(message.size)}, format {message.version}, to scale"
    fields = " ".join(f"{name}, {look.size(size)}: {note}." for name, size, note in message.rows)
    alt = f"{second}. Its fields in order. {fields} The header is the first {look.size(message.head)}."
    bars = Scene(HEADS + HIGH + LENS + HIGH + FEET, partial(_bars, message))
    wide = render(Drawing("sdk", TITLE, alt, second=second), Column([bars, _rows(message)], gap=12))
    narrow = Drawing("sdk-narrow", TITLE, alt, second=second, width=NARROW)
    stacked = render(narrow, Column([bars, _stacked(message)], gap=12))
    rows = table(HEADER, [(name, f"{size:,}", note) for name, size, note in message.rows])
    facts = f"SDK message, format {message.version}: {', '.join(message.fields)}"
    return Picture(TITLE, alt, wide, stacked, rows, facts)


def _bars(message: Message, d: Drawing, x: float, y: float, room: float) -> None:
    _whole(d, message, x, y + HEADS, room)
    _header(d, message, x, y + HEADS + HIGH + LENS, room)


def _whole(d: Drawing, message: Message, x: float, y: float, room: float) -> None:
    """The message from end to end; its header is spread below."""
    scale, end, label = room / message.size, x + room, f"body, {look.size(message.fields['body'])}"
    head, body = message.head * scale, message.fields["body"] * scale
    header, named, signature = (width(words, NOTE, bold=True) for words in ("header", label, "signature"))
    base = y - BASELINE
    d.text(x, base, "header", NOTE, weight=650)
    d.text(x + min(max(head, header) + APART, room - named - signature - 2 * APART), base, label, NOTE, weight=650)
    d.rect(x, y, head, HIGH, fill=DATA_KEY.wash, stroke=INK)
    d.hatched(x + head, y, body, HIGH)
    if "signature" in message.fields:
        d.rect(x + head + body, y, message.fields["signature"] * scale, HIGH, fill=WASH, stroke=INK)
        d.text(end, base, "signature", NOTE, weight=650, anchor="end")
    d.path("M", x, y + HIGH, "V", y + HIGH + LENS, stroke=LINE, thick=1)
    d.path("M", x + head, y + HIGH, "L", end, y + HIGH + LENS, stroke=LINE, thick=1)


def _header(d: Drawing, message: Message, x: float, y: float, room: float) -> None:
    """The header's fields; those with room for it bear their number in the table."""
    for at, (name, size, _) in enumerate(message.rows, 1):
        if name == "body":
            break
        w = size * room / message.head
        d.rect(x, y, w, HIGH, fill=WASH, stroke=INK, thick=1)
        if name == KEYS:
            d.rect(x, y, w, HIGH, fill=DATA_KEY.wash, stroke=DATA_KEY.text, thick=2)
            scene.centred(d, x + w / 2, y + HIGH / 2, "envelope", 0.6)
        if w >= NUMBERED:
            d.text(x + w / 2, y + HIGH + FEET, str(at), NOTE, weight=700, anchor="middle")
        x += w


def _rows(message: Message) -> Column:
    parts: list[Part] = [Row(heads(("", *HEADER), ("end", "start", "end", "start")), COLUMNS, gap=12), Gap(4)]
    for at, (name, size, note) in enumerate(message.rows, 1):
        cells: list[Part] = [
            Text(str(at), weight=700, anchor="end", leading=STEP),
            Text(name, weight=700, leading=STEP),
            Text(f"{size:,}", anchor="end", leading=STEP),
            Text(note, NOTE, leading=STEP),
        ]
        parts += [rule(), washed(Row(cells, COLUMNS, gap=12), DATA_KEY if name == KEYS else None)]
    return Column(parts)


def _stacked(message: Message) -> Column:
    parts: list[Part] = []
    for at, (name, size, note) in enumerate(message.rows, 1):
        words = Column([Text(f"{name}, {look.size(size)}", weight=700), Text(note, NOTE)])
        row = Row([Text(str(at), weight=700, anchor="end"), words], [COLUMNS[0], None], gap=12)
        parts += [rule(), washed(row, DATA_KEY if name == KEYS else None, around=6)]
    return Column(parts)
