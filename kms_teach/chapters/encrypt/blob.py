"""This is the anatomy of a CiphertextBlob: its fields to scale, who can read them, and what one changed bit does."""

from kms_teach.chapters.encrypt.blob_facts import HIDDEN, MATERIAL_ID, TO_SCALE, BlobFacts, difference, words
from kms_teach.drawing import look, scene
from kms_teach.drawing.lettering import shorten, width, wrap
from kms_teach.drawing.look import ALLOWED, DENIED, INK, KMS, NOTE, RULE, SECOND, WASH, WHITE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

BROKEN = 0.3  # of the bar, for a ciphertext that is drawn broken
HERE = "Here / at AWS: AWS publishes no layout and may change its own. This one is the simulator's."
TOP = 127  # px: below two lines of title and two of what is drawn, on the narrow canvas
HEADER = ("field", "bytes", "in clear", "what it is for", "change one bit, and")


def blob(facts: BlobFacts) -> Picture:
    """Draw a blob; with a try to open it, the context that was brought, the flipped bit, and AWS's answer."""
    rows = [(name, f"{size:,}", "yes" if clear else "no", use, then) for name, size, clear, use, then in facts.rows]
    listed = " ".join(
        f"{name}, {look.size(size)}, {'in clear' if clear else 'unreadable'}: {use}."
        for name, size, clear, use, _ in facts.rows
    )
    brought = "" if facts.brought is None else f" Decrypt brought: {words(facts.brought)}."
    alt = (
        f"{facts.second}. In order: {listed} All of it is authenticated: change one bit, and nothing opens. "
        f"The encryption context ({words(facts.sealed)}) is authenticated too, but not inside: Decrypt must bring it."
        f"{brought} {facts.outcome} {HERE}"
    )
    line = f"Blob of {facts.size:,} bytes: {', '.join(f'{name} {size}' for name, size in facts.fields)}"
    if facts.brought is not None:
        line += f"; context: {difference(facts.sealed, facts.brought)}; flipped: {facts.hit or 'none'}. {facts.outcome}"
    wide = _draw(Drawing("blob", facts.title, alt, second=facts.second), facts)
    narrow = _draw(Drawing("blob-narrow", facts.title, alt, second=facts.second, width=look.NARROW, lines=2), facts)
    return Picture(facts.title, " ".join(alt.split()), wide, narrow, table(HEADER, rows), line)


def _draw(d: Drawing, facts: BlobFacts) -> str:
    small = d.width == look.NARROW
    y = _bar(d, facts, max(d.top, TOP) + 34 if small else d.top + 34, small)
    y = _contexts(d, facts, y + 34)
    y = (_stacked if small else _rows)(d, facts, y)
    if facts.brought is not None:
        y = _answer(d, facts, y + 8, small) + 8
    d.height = d.text(d.left, y + 18, HERE, NOTE, fill=SECOND, room=d.room, step=16) + 4
    return d.svg()


def _spans(facts: BlobFacts, left: float, room: float) -> list[tuple[str, int, float, float]]:
    """Give each field: name, size, left end, and px for each byte."""
    broken = facts.plaintext > TO_SCALE
    rest = facts.size - facts.plaintext
    each = room * (1 - BROKEN) / rest if broken else room / facts.size
    spans, x = [], left
    for name, size in facts.fields:
        scale = room * BROKEN / size if broken and name == HIDDEN else each
        spans.append((name, size, x, scale))
        x += size * scale
    return spans


def _bar(d: Drawing, facts: BlobFacts, y: float, small: bool) -> float:
    high, first, taken = 44, 1, float(d.left)
    for at, (name, size, x, scale) in enumerate(_spans(facts, d.left, d.room), 1):
        w = size * scale
        if name == HIDDEN:
            d.hatched(x, y, w, high)
        else:
            d.rect(x, y, w, high, fill=KMS.wash if name == MATERIAL_ID else WASH, stroke=INK)
            for byte in range(1, 0 if small else size):
                d.line(x + byte * scale, y + 1, x + byte * scale, y + high - 1, stroke=RULE, thick=0.75)
        label = str(at) if small else name
        half = width(label, bold=True) / 2
        start = max(taken, min(x + w / 2 - half, d.right - 2 * half))
        taken = start + 2 * half + 10
        d.text(start + half, y - 9, label, weight=700, fill=DENIED.text if name == facts.hit else INK, anchor="middle")
        if facts.flipped and first <= facts.flipped[0] < first + size:
            d.rect(x + (facts.flipped[0] - first) * scale, y - 4, max(scale, 3), high + 8, 1, fill=DENIED.mark)
        first += size
    if facts.plaintext > TO_SCALE:
        _, _, x, scale = next(span for span in _spans(facts, d.left, d.room) if span[0] == HIDDEN)
        for part in (0.5, 0.56):
            place = x + facts.plaintext * scale * part
            d.path("M", place - 4, y + high + 4, "L", place + 4, y - 4, stroke=look.CARD, thick=5)
    return y + high


def _contexts(d: Drawing, facts: BlobFacts, y: float) -> float:
    """Draw the encryption context as a tag on a string, and the one that Decrypt brought."""
    x = d.left + 26
    d.path("M", d.left + 8, y - 34, "V", y, "H", x, stroke=KMS.mark)
    below = _tag(d, x, y, "encryption context", [(f"{name}={value}", True) for name, value in facts.sealed], True)
    if facts.brought is not None:
        fits = difference(facts.sealed, facts.brought) in {"same", "order"}
        missing = [name for name, _ in facts.sealed if name not in dict(facts.brought)]
        parts = [(f"{name}={value}", (name, value) in facts.sealed) for name, value in facts.brought]
        parts += [(f"{name} is missing", False) for name in missing]
        d.use("allowed" if fits else "denied", d.left + 10, below + 26)
        below = _tag(d, x, below + 26, "Decrypt brought", parts, fits)
    note = (
        "Needed to open the blob, but not inside it. It is no secret: the trail shows it."
        if facts.sealed
        else "None was given, so Decrypt must bring none."
    )
    return d.text(x, below + 22, note, NOTE, fill=SECOND, room=d.right - x, step=16) + 16


def _tag(d: Drawing, x: float, y: float, label: str, parts: list[tuple[str, bool]], fits: bool) -> float:
    """Draw a tag whose point is at x, y, the parts that do not fit set off; give the y of its foot."""
    placed: list[tuple[float, float, str, bool]] = []
    at, line, end = x + 30 + width(label, bold=True), y + 4.5, 0.0
    for number, (part, right) in enumerate(parts or [("none", True)], 1):
        written = shorten(part, d.right - x - 60, bold=True) + ("," if number < len(parts) else "")
        if at + width(written, bold=True) > d.right - 14:
            at, line = x + 20, line + 18
        placed.append((at, line, written, right))
        at += width(written, bold=not right) + 7
        end = max(end, at + 4)
    foot, edge = line + 8.5, KMS.mark if fits else DENIED.mark
    end = max(end, x + 40 + width(label, bold=True))
    d.path(
        "M", x + 10, y - 13, "H", end, "V", foot, "H", x + 10, "L", x, y + 4, "V", y - 4, "Z", fill=WHITE, stroke=edge
    )
    d.circle(x + 10, y, 2.6, fill=edge)
    d.text(x + 20, y + 4.5, label, weight=700)
    for left, base, written, right in placed:
        d.text(left, base, written, weight=400 if right else 700, fill=INK if right else DENIED.text)
    return foot


def _rows(d: Drawing, facts: BlobFacts, y: float) -> float:
    """Draw the fields as a table, one line for each."""
    columns = (d.left, 190, 214, 316, 552)
    for x, head, anchor in zip(columns, HEADER, ("start", "end", "start", "start", "start"), strict=True):
        d.text(x, y, head, NOTE, fill=SECOND, anchor=anchor)
    d.rule(y + 8)
    for name, size, clear, use, then in facts.rows:
        y += 27
        if name == facts.hit:
            d.rect(d.left - 8, y - 9, d.room + 16, 25, 4, fill=DENIED.wash)
        ink = DENIED.text if name == facts.hit else INK
        d.text(columns[0], y + 8, name, weight=700)
        d.text(columns[1], y + 8, f"{size:,}", anchor="end")
        scene.eye(d, columns[2] + 13, y + 3, clear)
        d.text(columns[3], y + 8, use, NOTE)
        d.text(columns[4], y + 8, then, NOTE, weight=700 if name == facts.hit else 400, fill=ink)
    return y + 24


def _stacked(d: Drawing, facts: BlobFacts, y: float) -> float:
    """Draw the fields one under the other, numbered as in the bar."""
    y += 6
    for at, (name, size, clear, use, then) in enumerate(facts.rows, 1):
        d.rule(y - 12)
        if name == facts.hit:
            d.rect(d.left - 8, y - 8, d.room + 16, 56, 4, fill=DENIED.wash)
        d.text(d.left, y + 8, f"{at}  {name}, {look.size(size)}", weight=700)
        scene.eye(d, d.right - 106, y + 3, clear, "in clear" if clear else "unreadable")
        d.text(d.left + 18, y + 25, use, NOTE)
        d.text(d.left + 18, y + 41, f"change one bit: {then}", NOTE, fill=SECOND)
        y += 64
    return y


def _answer(d: Drawing, facts: BlobFacts, y: float, small: bool) -> float:
    """Draw what Decrypt answered, in a place of the same height for every answer."""
    high = 182 if small else 94
    if facts.message:
        word = "Denied" if facts.code.startswith("AccessDenied") else "Refused"
        scene.aws_words(d, d.left, y, d.room, facts.code, facts.message, word)
        return y + high
    tone = DENIED if facts.opened is None else ALLOWED
    d.rect(d.left, y, d.room, high, 8, fill=WHITE, stroke=tone.mark, thick=1.75)
    if facts.opened is None:
        d.use("denied", d.left + 28, y + 24)
        heads = wrap(f"Refused: {facts.code}", d.room - 66, look.HEADING, bold=True)
        below = d.text(d.left + 48, y + 29, heads, look.HEADING, weight=700, fill=tone.text, step=19)
        said = ["AWS sends this code and no message.", "It does not say whether a byte or the context is wrong."]
        d.text(d.left + 16, below + 4, said, room=d.room - 32, step=18)
        return y + high
    scene.outcome(d, d.left + 28, y + 24, True, "Decrypted")
    d.text(d.left + 16, y + 54, f"{look.size(facts.opened)} of plaintext came back.")
    x, top = (d.left + 70, y + 92) if small else (d.right - 230, y + 24)
    d.use("cipher", x, top)
    d.arrow(x + 44, top + 26, x + 146, top + 26, above="Decrypt")
    d.use("sheet", x + 156, top)
    return y + high
