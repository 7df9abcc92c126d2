"""This is the picture of an AWS Encryption SDK message: the same envelope, as a tool of AWS's own writes it."""

from kms_teach.chapters.envelope.sdk_message_facts import KEYS, Message
from kms_teach.drawing import look
from kms_teach.drawing.lettering import width, wrap
from kms_teach.drawing.look import DATA_KEY, INK, NARROW, NOTE, SECOND, WASH
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

TITLE = "In an SDK message, the encrypted key comes along"
HIGH, LENS = 30, 34  # of a bar; between the whole message and its header
NUMBERED = 11  # px: the least that takes a number


def sdk_message(data: bytes) -> Picture:
    """Draw a message. Raises ValueError when the bytes are none."""
    message = Message.of(data)
    second = f"An AWS Encryption SDK message of {look.size(message.size)}, format {message.version}, to scale"
    fields = " ".join(f"{name}, {look.size(size)}: {note}." for name, size, note in message.rows)
    alt = f"{second}. Its fields in order. {fields} The header is the first {look.size(message.head)}."
    wide = _draw(Drawing("sdk", TITLE, alt, second=second), message)
    narrow = _draw(Drawing("sdk-narrow", TITLE, alt, second=second, width=NARROW), message)
    rows = table(["field", "bytes", "in it"], [(name, f"{size:,}", note) for name, size, note in message.rows])
    facts = f"SDK message, format {message.version}: {', '.join(message.fields)}"
    return Picture(TITLE, alt, wide, narrow, rows, facts)


def _draw(d: Drawing, message: Message) -> str:
    y = _whole(d, message, d.top + 28)
    y = _header(d, message, y + LENS)
    d.height = (_stacked if d.width == NARROW else _rows)(d, message, y + 30)
    return d.svg()


def _whole(d: Drawing, message: Message, y: float) -> float:
    """The message from end to end; its header is spread below."""
    scale = d.room / message.size
    head, body = message.head * scale, message.fields["body"] * scale
    d.text(d.left, y - 8, "header", NOTE, weight=650)
    label = f"body, {look.size(message.fields['body'])}"
    last = d.room - width(label, NOTE, bold=True) - width("signature", NOTE, bold=True) - 16
    d.text(d.left + min(max(head, 52) + 8, last), y - 8, label, NOTE, weight=650)
    d.rect(d.left, y, head, HIGH, fill=DATA_KEY.wash, stroke=INK)
    d.hatched(d.left + head, y, body, HIGH)
    if "signature" in message.fields:
        d.rect(d.left + head + body, y, message.fields["signature"] * scale, HIGH, fill=WASH, stroke=INK)
        d.text(d.right, y - 8, "signature", NOTE, weight=650, anchor="end")
    d.path("M", d.left, y + HIGH, "V", y + HIGH + LENS, stroke=look.LINE, thick=1)
    d.path("M", d.left + head, y + HIGH, "L", d.right, y + HIGH + LENS, stroke=look.LINE, thick=1)
    return y + HIGH


def _header(d: Drawing, message: Message, y: float) -> float:
    """The header's fields; those with room for it bear their number in the table."""
    scale, x = d.room / message.head, float(d.left)
    for at, (name, size, _) in enumerate(message.rows, 1):
        if name == "body":
            break
        w = size * scale
        d.rect(x, y, w, HIGH, fill=WASH, stroke=INK, thick=1)
        if name == KEYS:
            d.rect(x, y, w, HIGH, fill=DATA_KEY.wash, stroke=DATA_KEY.text, thick=2)
            d.use("envelope", x + w / 2 - 18, y + 3, 0.6)
        if w >= NUMBERED:
            d.text(x + w / 2, y + HIGH + 16, str(at), NOTE, weight=700, anchor="middle")
        x += w
    return y + HIGH + 16


def _rows(d: Drawing, message: Message, y: float) -> float:
    for x, head, anchor in ((d.left + 26, "field", "start"), (262, "bytes", "end"), (284, "in it", "start")):
        d.text(x, y, head, NOTE, fill=SECOND, anchor=anchor)
    for at, (name, size, note) in enumerate(message.rows, 1):
        lines = wrap(note, d.right - 284, NOTE)
        d.rule(y + 9)
        y += 27
        if name == KEYS:
            d.rect(d.left - 8, y - 17, d.room + 16, 24 + 15 * (len(lines) - 1), 4, fill=DATA_KEY.wash)
        d.text(d.left + 14, y, str(at), weight=700, anchor="end")
        d.text(d.left + 26, y, name, weight=700)
        d.text(262, y, f"{size:,}", anchor="end")
        d.text(284, y, lines, NOTE, step=15)
        y += 15 * (len(lines) - 1)
    return y + 22


def _stacked(d: Drawing, message: Message, y: float) -> float:
    for at, (name, size, note) in enumerate(message.rows, 1):
        lines = wrap(note, d.room - 26, NOTE)
        d.rule(y - 14)
        if name == KEYS:
            d.rect(d.left - 8, y - 13, d.room + 16, 29 + 15 * len(lines), 4, fill=DATA_KEY.wash)
        d.text(d.left + 14, y + 4, str(at), weight=700, anchor="end")
        d.text(d.left + 26, y + 4, f"{name}, {look.size(size)}", weight=700)
        y = d.text(d.left + 26, y + 21, lines, NOTE, step=15) + 16
    return y
