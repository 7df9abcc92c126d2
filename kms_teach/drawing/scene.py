"""Stage props: shapes that depend on what they hold, each drawn on a Drawing given first."""

from collections.abc import Sequence

from kms_teach.drawing import look
from kms_teach.drawing.lettering import shorten, width, wrap
from kms_teach.drawing.look import (
    ALLOWED,
    CARD,
    DASHED,
    DATA_KEY,
    DENIED,
    DOTTED,
    INK,
    KMS,
    LINE,
    NOTE,
    PLATE,
    RULE,
    SECOND,
    WHITE,
    Tone,
)
from kms_teach.drawing.marks import EXTENTS, Extent
from kms_teach.drawing.svg import Drawing

OPERATION, ARROW = Extent(-88, -23, 176, 46), 84  # px: an operation's room about its middle; its arrow's length


def plate(d: Drawing, x: float, y: float, w: float, h: float, words: str = "", *, key: str | None = None) -> None:
    """Draw the HSM's boundary; `key` is the fill of a key in its middle, `words` stand at its foot in white.

    Plaintext key material is drawn on it and nowhere else; no arrow enters or leaves it.
    """
    d.rect(x, y, w, h, 7, fill=CARD, stroke=PLATE, thick=1.75)
    d.rect(x + 4, y + 4, w - 8, h - 8, 4, fill=PLATE)
    if key:
        scale = min(1.8, h / 40)
        d.use("key", x + w / 2 - 9.1 * scale, y + h / 2 - (12 if words else 0), scale, fill=key)
    if words:
        d.text(x + w / 2, y + h - 18, words, NOTE, fill=WHITE, anchor="middle")


def material_key(d: Drawing, x: float, y: float, number: int, scale: float = 1.35) -> None:
    """Draw numbered key material on the plate: the number left of the key whose ring is at x, y."""
    d.text(x - 24, y + 5, str(number), 14, weight=700, fill=WHITE, anchor="middle")
    d.use("key", x, y, scale, fill=look.material(number).fill)


def material_badge(d: Drawing, x: float, y: float, number: int) -> None:
    """Draw a small numbered disc in the material's colours, to tie a ciphertext to the material that made it."""
    material = look.material(number)
    d.circle(x, y, 8.2, fill=material.fill, stroke=material.edge, thick=1.25)
    d.text(x, y + 4.4, str(number), NOTE, weight=700, fill=material.number, anchor="middle")


def data_key(d: Drawing, x: float, y: float, scale: float = 1) -> None:
    """Draw a plaintext data key, its ring at x, y; the encrypted one is d.use("envelope", …)."""
    d.use("key", x, y, scale, fill=DATA_KEY.mark, stroke=DATA_KEY.text, thick=1.5 / scale)


def centred(d: Drawing, x: float, y: float, mark: str, scale: float = 1) -> None:
    """Draw a mark with its middle at x, y; "data-key" is the key in the data keys' colours."""
    name = "key" if mark == "data-key" else mark
    room = EXTENTS[name]
    left, top = x - (room.left + room.width / 2) * scale, y - (room.top + room.height / 2) * scale
    if name == mark:
        d.use(name, left, top, scale)
    else:
        data_key(d, left, top, scale)


def operation(d: Drawing, x: float, y: float, name: str, taken: str, given: str) -> None:
    """Draw an operation about x, y: the "sheet" or "cipher" it takes, its name over an arrow, what it gives.

    An operation that is refused gives "denied".
    """
    left, half = x + OPERATION.left, EXTENTS[taken].width / 2
    d.use(taken, left, y + OPERATION.top)
    d.arrow(x - ARROW / 2, y, x + ARROW / 2, y, above=name)
    if given == "denied":
        d.use(given, left + OPERATION.width - half, y, 1.6)
    else:
        d.use(given, left + OPERATION.width - 2 * half, y + OPERATION.top)


def gone(d: Drawing, mark: str, x: float, y: float, scale: float = 1) -> None:
    """Draw the pale outline of a "sheet", a "cipher", an "envelope" or a "key" that was here."""
    d.use("gone-" + ("sheet" if mark == "cipher" else mark), x, y, scale)


def tagged_card(d: Drawing, x: float, y: float, w: float, h: float, name: str, *, close: bool = False) -> None:
    """Draw a logical KMS key: a card whose upper edge, at y, bears the tag with its name (12 above, 12 below).

    `close` is for a narrow card: the tag takes its whole width, in smaller letters.
    """
    d.rect(x, y, w, h, 12, fill=KMS.wash, stroke=KMS.mark)
    if close:
        tag(d, x + 2, y, w - 8)
        d.text(x + 18, y + 4.5, shorten(name, w - 28, NOTE, bold=True), NOTE, weight=650, fill=KMS.text)
        return
    words = shorten(name, w - 54, bold=True)
    tag(d, x + 12, y, 30 + width(words, bold=True))
    d.text(x + 12 + 20, y + 4.5, words, weight=650, fill=KMS.text)


def tag(d: Drawing, x: float, y: float, w: float, below: float = 12, edge: str = KMS.mark) -> None:
    """Draw an empty tag with its point at x, y and its hole beside it; it reaches 12 above and `below` under them."""
    d.path("M", x + 10, y - 12, "H", x + w, "V", y + below, "H", x + 10, "L", x, y + 3, "V", y - 3, "Z",
           fill=WHITE, stroke=edge)  # fmt: skip
    d.circle(x + 10, y, 2.6, fill=edge)


def region(d: Drawing, x: float, y: float, w: float, h: float, name: str) -> None:
    """Draw a Region: a dashed frame, its name in the upper line."""
    _frame(d, x, y, w, h, name, DASHED)


def account(d: Drawing, x: float, y: float, w: float, h: float, name: str) -> None:
    """Draw an account: a solid frame, its name in the upper line."""
    _frame(d, x, y, w, h, name, None)


def laptop(d: Drawing, x: float, y: float, w: float, h: float, name: str = "Your computer") -> None:
    """Draw your computer; its foot reaches 10 beyond both sides and 14 below."""
    d.rect(x, y, w, h, 12 if w > 120 else 6, fill=WHITE, stroke=INK, thick=3)
    d.path("M", x - 10, y + h + 2, "H", x + w + 10, "L", x + w + 2, y + h + 12, "H", x - 2, "Z", fill=INK, thick=2)
    if name:
        d.text(x + 20, y + 4.5, name, weight=650, halo=CARD, halo_width=11)


def now_line(d: Drawing, x: float, y1: float, y2: float, words: str = "now") -> None:
    """Draw the line between past and future from y1 to y2, its flag standing on top."""
    half = width(words, bold=True) / 2 + 7
    d.line(x, y1, x, y2, thick=1.75)
    d.rect(x - half, y1 - 15, 2 * half, 21, 4, fill=INK)
    d.text(x, y1, words, weight=700, fill=WHITE, anchor="middle")


def badge(d: Drawing, x: float, y: float, words: str, *, fill: str = INK, color: str = WHITE, r: float = 13) -> None:
    """Draw a filled disc with a number in it."""
    d.circle(x, y, r, fill=fill)
    d.text(x, y + 4.7, words, weight=700, fill=color, anchor="middle")


def passed_by(d: Drawing, x: float, y: float, words: str) -> None:
    """Draw a pale disc with a number in it: a step that was not asked, or did not count."""
    d.circle(x, y, 13, fill=CARD, stroke=LINE, thick=1.25)
    d.text(x, y + 4.7, words, weight=700, fill=SECOND, anchor="middle")


def step_strip(
    d: Drawing, steps: Sequence[str], here: int, y: float, accent: Tone | None = None, *, brief: bool = False
) -> float:
    """Draw the steps of a path, `here` counted from 1 (one more than there are: all done); give the y below it.

    The labels' places do not depend on `here`; when `brief`, the step's alone is drawn, in one line, and a control
    named Step is set by pointing at a step. `accent` colours the disc of the step.
    """
    column = d.room / len(steps)
    xs = [d.left + column * (at + 0.5) for at in range(len(steps))]
    split = xs[min(max(here, 1), len(steps)) - 1]
    d.line(xs[0], y, split, y, thick=2)
    if split < xs[-1]:
        d.dotted(split, y, xs[-1], y, stroke=INK, thick=2.4)
    bottom = y + 34
    for at, (x, step) in enumerate(zip(xs, steps, strict=True), 1):
        if at == here:
            dark = accent is not DATA_KEY
            d.circle(x, y, 17, fill=CARD, stroke=accent.text if accent else INK)
            fill = DATA_KEY.mark if not dark else accent.text if accent else INK
            badge(d, x, y, str(at), fill=fill, color=WHITE if dark else INK)
        elif at < here:
            badge(d, x, y, str(at), r=12)
        else:
            d.circle(x, y, 12, fill=CARD, stroke=SECOND, thick=1.8, dash=DOTTED)
            d.text(x, y + 4.6, str(at), weight=700, fill=SECOND, anchor="middle")
        if brief:
            if at == here:
                half = width(step, NOTE, bold=True) / 2
                middle = min(max(x, d.left + half), d.right - half)
                d.text(middle, y + 32, step, NOTE, weight=700, anchor="middle")
            d.points(x - column / 2, y - 20, column, 58, "Step", at)  # last: it lies over the disc
            continue
        lines = wrap(step, column - 6, NOTE, bold=True)  # as if bold, so that it breaks alike at every step
        weight, fill = (700, INK) if at == here else (400, SECOND)
        bottom = max(bottom, d.text(x, y + 34, lines, NOTE, weight=weight, fill=fill, anchor="middle", step=15))
    return bottom


def card(d: Drawing, x: float, y: float, w: float, h: float, tone: Tone | None = None) -> None:
    """Draw a box for words: white with a pale edge, or with a tone's wash and edge for the one that matters."""
    edge = RULE if tone is None else tone.text if tone is DATA_KEY else tone.mark
    d.rect(x, y, w, h, 8, fill=tone.wash if tone else WHITE, stroke=edge, thick=1.75 if tone else 1.5)


def outcome(d: Drawing, x: float, y: float, allowed: bool, words: str = "", size: float = look.HEADING) -> None:
    """Draw tick or cross about x, y, and the word after it; never one without the other."""
    tone = ALLOWED if allowed else DENIED
    d.use("allowed" if allowed else "denied", x, y)
    d.text(x + 22, y + size / 3, words or ("Allowed" if allowed else "Denied"), size, weight=700, fill=tone.text)


def eye(d: Drawing, x: float, y: float, can_read: bool, words: str = "") -> None:
    """Draw "could read it now" about x, y: an open or a closed eye, and its word."""
    d.use("sees" if can_read else "blind", x, y)
    d.text(x + 20, y + 4.5, words or ("yes" if can_read else "no"), weight=700)


def _frame(d: Drawing, x: float, y: float, w: float, h: float, name: str, dash: str | None) -> None:
    d.rect(x, y, w, h, 10, stroke=LINE, dash=dash)
    d.text(x + 20, y + 4.5, shorten(name, w - 40, bold=True), weight=650, halo=CARD, halo_width=11)
