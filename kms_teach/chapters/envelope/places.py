"""Your computer, KMS and the way between them: in all steps each thing keeps its place, and only what fills it changes.

Why not laid out: arrows run from one thing to another, so they are placed together.
"""

from functools import partial

from kms_teach.chapters.envelope.facts import ASK, DECRYPT, DISCARD, GET, MISTAKES, OPEN, SEAL, STORE, Envelope
from kms_teach.chapters.envelope.measures import MEASURES, Measures, Place
from kms_teach.drawing import look, scene
from kms_teach.drawing.layout import Box, Column, Part, Text, sketch
from kms_teach.drawing.lettering import shorten
from kms_teach.drawing.look import DATA_KEY, DENIED, INK, KMS, NOTE, SECOND, WASH, WHITE, Tone
from kms_teach.drawing.svg import Drawing

LABEL, STEP = 12, 15  # px: from a mark's ground to the words below it, from line to line
STAND = 14  # px: the computer's foot
CROSS = (ASK, GET, DECRYPT)  # steps at which something crosses
QUIET = (SEAL, STORE, DISCARD, OPEN)  # steps at which nothing crosses


def measures(d: Drawing) -> Measures:
    return MEASURES[d.width]


def computer(d: Drawing, e: Envelope, tone: Tone) -> None:
    """Draw memory and disk."""
    m = measures(d)
    left, across = m.computer
    scene.laptop(d, left, m.top, across, m.foot - m.top - STAND)
    for (top, high), word in ((m.memory, "memory"), (m.disk, "disk")):
        d.rect(left + m.inset, top, across - 2 * m.inset, high, 6, fill=WASH)
        d.text(left + m.inset + 10, top + (17 if d.width == look.WIDE else 13), word, NOTE, weight=650, fill=SECOND)
    if e.key_stored:
        inside = m.inset + 5
        d.rect(left + inside, m.disk[0] + m.together[0], across - 2 * inside, m.together[1], 6, fill=WHITE, stroke=INK)
        d.text(m.plain_key.x, m.stored_key.y - 3, ["stored", "together"], NOTE, fill=SECOND, anchor="middle", step=STEP)
    _file(d, e, tone)
    if e.step >= SEAL:
        _ciphertext(d, e, tone)
    if e.step >= GET:
        _plain_key(d, e, tone)
        _sealed_key(d, e, tone)
    if e.step >= STORE:
        _stored_key(d, e, tone)
    if d.width == look.LAB:
        _to_take(d, e)


def _to_take(d: Drawing, e: Envelope) -> None:
    """Let a thing be pressed to have it go wrong, and once more to have it right again."""
    m = measures(d)
    things = {"forget": m.plain_key, "lose": m.sealed_key, "data": m.ciphertext, "key": m.stored_key}
    for at, mistake in enumerate(MISTAKES, 1):
        left, top, across, high, _ = _ground(things[mistake])
        chosen = 0 if e.mistake == mistake else at
        d.points(left, top, across, high + LABEL + STEP, "What goes wrong", chosen)


def _file(d: Drawing, e: Envelope, tone: Tone) -> None:
    last = e.step == OPEN
    here, gone = ("open again", "stays shut") if last else (look.size(e.size), f"gone in step {SEAL}")
    words = here if e.plain_in_memory else gone
    name = shorten(e.name, 96, NOTE, bold=True)
    _put(d, measures(d).file, name, words, there=e.plain_in_memory, spot=tone if last else None)


def _ciphertext(d: Drawing, e: Envelope, tone: Tone) -> None:
    m, changed = measures(d), e.struck("data")
    x, (starts, turns) = m.ciphertext.x, (m.memory[0] + each for each in m.turns)
    d.path("M", x, starts, "V", m.ciphertext.y - m.arrives, stroke=SECOND, head="arrow")
    d.path("M", m.plain_key.x, starts, "V", turns, "H", x, stroke=DATA_KEY.text)
    d.circle(x, turns, 3.2, fill=DATA_KEY.text)
    if d.width == look.WIDE:
        d.text(x + 9, m.disk[0] + 17, "encrypted with the key", NOTE, fill=SECOND)
    spot = DENIED if changed else tone if e.step == SEAL else None
    _put(d, m.ciphertext, "ciphertext", "byte changed" if changed else look.size(e.stored), loud=changed, spot=spot)


def _plain_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    here, left = e.key_in_memory, e.struck("forget")
    loud = left or e.step in (GET, DISCARD) or (e.step == DECRYPT and here)
    if not loud and here and e.mistake != "forget":  # it will go
        d.rect(*_ground(measures(d).plain_key), stroke=DATA_KEY.text, thick=2, dash=look.DOTTED)
    words = "gone again" if e.step == OPEN else f"gone in step {DISCARD}"
    again = ", again" if e.step == DECRYPT and d.width == look.WIDE else ""
    if here:
        words = "never discarded" if left else look.size(e.plain_key) + again
    _put(d, measures(d).plain_key, "plaintext key", words, there=here, loud=left, spot=tone if loud else None)


def _sealed_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    here, lost = e.step < STORE, e.struck("lose")
    words = look.size(e.encrypted_key) if here else "not stored" if lost else f"stored in step {STORE}"
    _put(d, measures(d).sealed_key, "encrypted key", words, there=here, loud=lost, spot=tone if e.step == GET else None)


def _stored_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    m, lost, changed = measures(d), e.struck("lose"), e.struck("key")
    if not lost:
        starts, ends = m.memory[0] + m.turns[0], m.stored_key.y - m.arrives
        d.path("M", m.stored_key.x, starts, "V", ends, stroke=SECOND, head="arrow")
    words = "lost" if lost else "byte changed" if changed else look.size(e.encrypted_key)
    wrong = lost or changed
    spot = tone if e.step == STORE or wrong else None
    _put(d, m.stored_key, "encrypted key", words, there=not lost, loud=wrong, spot=spot)


def _put(
    d: Drawing, at: Place, name: str, words: str, *, there: bool = True, loud: bool = False, spot: Tone | None = None
) -> None:
    """Draw a thing, or the pale outline of what was there, on its accent if it has one; its name and words below."""
    if spot:
        _spot(d, spot, *_ground(at))
    outline = {"data-key": "key", "cipher": "sheet"}.get(at.mark, at.mark)
    scene.centred(d, at.x, at.y, at.mark if there else f"gone-{outline}", at.scale)
    y = at.y + at.high / 2 + LABEL
    d.text(at.x, y, name, NOTE, weight=650, anchor="middle")
    weight, fill = (700, DENIED.text) if loud else (400, INK)
    d.text(at.x, y + STEP, words, NOTE, weight=weight, fill=fill, anchor="middle")


def _ground(at: Place) -> tuple[float, float, float, float, float]:
    return at.x - at.across / 2, at.y - at.high / 2, at.across, at.high, at.high / 2


def _spot(d: Drawing, tone: Tone, x: float, y: float, w: float, h: float, r: float) -> None:
    # The accent: a ground of its own under what changed in this step
    d.rect(x, y, w, h, r, fill=tone.wash, stroke=tone.text if tone is DATA_KEY else tone.mark)


def way(d: Drawing, e: Envelope, tone: Tone) -> None:
    """Draw what crosses the network."""
    m = measures(d)
    x, across = m.way
    got, sent, back = m.top + m.got, m.top + m.sent, m.top + m.back
    if e.step in CROSS:
        middle, high = m.spots[CROSS.index(e.step)]
        _spot(d, tone, x - across / 2 - 4, m.top + middle - high / 2, across + 8, high, 8)
    _arrow(d, e.step, ASK, m.top + m.asked, f"step {ASK}: no data", above="GenerateDataKey")
    if e.step >= GET:
        scene.centred(d, x - 31, got - 19, "data-key", 0.95)
        scene.centred(d, x + 25, got - 19, "envelope", 0.72)
    both = look.size(e.plain_key + e.encrypted_key) if e.step >= GET else "both keys"
    _arrow(d, e.step, GET, got, f"step {GET}: {both}", back=True)
    if e.step in QUIET and d.width == look.WIDE:
        d.text(x, got + m.quiet, ["now: nothing", "crosses"], weight=700, anchor="middle", step=STEP + 1)
    request = look.size(e.calls[-1].sent.get("CiphertextBlob", 0)) if e.step >= DECRYPT else "this key"
    _arrow(d, e.step, DECRYPT, sent, f"step {DECRYPT}: {request}", above="Decrypt")
    if e.refused and e.step == DECRYPT:
        d.use("denied", x - 29, back)
        d.text(x - 14, back + 4, "refused", NOTE, weight=700, fill=DENIED.text)
        return
    if e.step >= DECRYPT and d.width == look.WIDE:
        scene.centred(d, x, back - 16, "data-key", 0.95)
    returned = f"{look.size(e.calls[-1].returned['Plaintext'])} back" if e.step >= DECRYPT else "the plaintext key"
    _arrow(d, e.step, DECRYPT, back, returned, back=True)


def _arrow(d: Drawing, now: int, step: int, y: float, below: str, *, above: str = "", back: bool = False) -> None:
    # An exchange in its place: to come, now, or done
    x, across = measures(d).way
    start, end = (x + across / 2, x - across / 2) if back else (x - across / 2, x + across / 2)
    fill = INK if now == step else SECOND
    if now < step:
        d.path("M", start, y, "H", end, stroke=fill, thick=2.2, dash=look.DOTTED, head="arrow")
    else:
        d.path("M", start, y, "H", end, stroke=fill, head="arrow-ink" if now == step else "arrow")
    if above:
        d.text(x, y - 8, above, NOTE, fill=fill, anchor="middle")
    d.text(x, y + 16, below, NOTE, fill=fill, anchor="middle")


def kms(d: Drawing, e: Envelope) -> None:
    """Draw the Region with the KMS key in it, and what KMS has seen."""
    m, wide = measures(d), d.width == look.WIDE
    across, high = m.plate
    words = "key material" if wide else ""

    def plate(d: Drawing, x: float, y: float) -> None:
        scene.plate(d, x - across / 2, y - high / 2, across, high, words, key=look.MATERIALS[0].fill)

    never = Text("never crosses this line" if wide else "never leaves", NOTE, fill=KMS.text, anchor="middle")
    named = Text("KMS key" if wide else "key material", weight=650, fill=KMS.text, size=13 if wide else NOTE)
    key = Column([named, sketch(high, plate), never], gap=4 if wide else 2)
    frame = partial(scene.tagged_card, name=e.key, close=not wide)
    card = Box(
        key, sides=18 if wide else 4, above=24 if wide else 16, below=8 if wide else 4, least=m.card, frame=frame
    )
    seen: Part = Column([Text("KMS has seen:", NOTE, 650, leading=STEP), Text(e.seen, NOTE, leading=STEP)])
    if not wide:
        seen = Box(seen, 5, 0, 0)
    region = partial(scene.region, name=f"AWS KMS, {e.region}" if e.region and wide else "AWS KMS")
    left, room = m.region
    Box(Column([card, seen], gap=8 if wide else 4), m.sides, m.head, 0, m.foot - m.top, frame=region).draw(
        d, left, m.top, room
    )
