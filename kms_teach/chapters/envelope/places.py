"""Your computer, KMS and the way between them: in all steps each thing keeps its place, and only what fills it changes.

Why not laid out: arrows run from one thing to another, so they are placed together.
"""

from dataclasses import dataclass
from functools import partial

from kms_teach.chapters.envelope.facts import ASK, DECRYPT, DISCARD, GET, OPEN, SEAL, STORE, Envelope
from kms_teach.drawing import look, scene
from kms_teach.drawing.layout import Box, Column, Text, sketch
from kms_teach.drawing.lettering import shorten
from kms_teach.drawing.look import DATA_KEY, DENIED, INK, KMS, NOTE, SECOND, WASH, WHITE, Tone
from kms_teach.drawing.svg import Drawing

TOP, FOOT = 178, 438  # of the frames
COMPUTER, WAY, REGION = (38, 352), (460, 108), (520, 212)  # left and width; of the way its middle and an arrow's length
STAND, INSET = 14, 12  # px: the computer's foot; from its edge to memory and disk
MEMORY, DISK = (192, 108), (306, 112)  # top and height
IN_MEMORY, ON_DISK = MEMORY[0] + 48, DISK[0] + 50  # middles of the marks
LABEL, STEP = 12, 15  # px: from a mark's ground to the words below it, from line to line
TOGETHER = (23, 84)  # px: from the disk's top to what is stored together, its height
FILE_ENDS, KEY_TURNS, STORED = MEMORY[0] + 105, MEMORY[0] + 112, ON_DISK - 27  # from the marks in memory to the disk's
CARD, PLATE = 154, (148, 76)  # px: the KMS key's height; width and height of the plate on it

# The way's exchanges: where the arrow runs, and what lights up at its step (middle, height); all below TOP.
SPOTS = {ASK: (33, 42), GET: (89, 58), DECRYPT: (205, 90)}
ASKED, GOT, SENT, BACK = TOP + 34, TOP + 96, TOP + 182, TOP + 228
QUIET = (SEAL, STORE, DISCARD, OPEN)  # steps at which nothing crosses


@dataclass(frozen=True, slots=True)
class Place:
    """A thing's place on the computer: its middle, its mark, the ground under it when it is what changed."""

    x: float
    y: float
    mark: str
    scale: float
    across: float
    high: float


# fmt: off
FILE       = Place(107, IN_MEMORY, "sheet",    1,    72, 52)
PLAIN_KEY  = Place(211, IN_MEMORY, "data-key", 1.9,  94, 52)
SEALED_KEY = Place(314, IN_MEMORY, "envelope", 1.05, 94, 52)
CIPHERTEXT = Place(107, ON_DISK,   "cipher",   0.9,  64, 48)
STORED_KEY = Place(314, ON_DISK,   "envelope", 0.9,  80, 48)
# fmt: on


def computer(d: Drawing, e: Envelope, tone: Tone) -> None:
    """Draw memory and disk."""
    left, across = COMPUTER
    scene.laptop(d, left, TOP, across, FOOT - TOP - STAND)
    for (top, high), word in ((MEMORY, "memory"), (DISK, "disk")):
        d.rect(left + INSET, top, across - 2 * INSET, high, 6, fill=WASH)
        d.text(left + INSET + 10, top + 17, word, NOTE, weight=650, fill=SECOND)
    if e.key_stored:
        inside = INSET + 5
        d.rect(left + inside, DISK[0] + TOGETHER[0], across - 2 * inside, TOGETHER[1], 6, fill=WHITE, stroke=INK)
        d.text(PLAIN_KEY.x, ON_DISK - 3, ["stored", "together"], NOTE, fill=SECOND, anchor="middle", step=STEP)
    _file(d, e, tone)
    if e.step >= SEAL:
        _ciphertext(d, e, tone)
    if e.step >= GET:
        _plain_key(d, e, tone)
        _sealed_key(d, e, tone)
    if e.step >= STORE:
        _stored_key(d, e, tone)


def _file(d: Drawing, e: Envelope, tone: Tone) -> None:
    last = e.step == OPEN
    here, gone = ("open again", "stays shut") if last else (look.size(e.size), f"gone in step {SEAL}")
    words = here if e.plain_in_memory else gone
    name = shorten(e.name, 96, NOTE, bold=True)
    _put(d, FILE, name, words, there=e.plain_in_memory, spot=tone if last else None)


def _ciphertext(d: Drawing, e: Envelope, tone: Tone) -> None:
    changed, x = e.struck("data"), CIPHERTEXT.x
    d.path("M", x, FILE_ENDS, "V", STORED, stroke=SECOND, head="arrow")
    d.path("M", PLAIN_KEY.x, FILE_ENDS, "V", KEY_TURNS, "H", x, stroke=DATA_KEY.text)
    d.circle(x, KEY_TURNS, 3.2, fill=DATA_KEY.text)
    d.text(x + 9, DISK[0] + 17, "encrypted with the key", NOTE, fill=SECOND)
    spot = DENIED if changed else tone if e.step == SEAL else None
    _put(d, CIPHERTEXT, "ciphertext", "byte changed" if changed else look.size(e.stored), loud=changed, spot=spot)


def _plain_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    here, left = e.key_in_memory, e.struck("forget")
    loud = left or e.step in (GET, DISCARD) or (e.step == DECRYPT and here)
    if not loud and here and e.mistake != "forget":  # it will go
        d.rect(*_ground(PLAIN_KEY), stroke=DATA_KEY.text, thick=2, dash=look.DOTTED)
    words = "gone again" if e.step == OPEN else f"gone in step {DISCARD}"
    if here:
        words = "never discarded" if left else look.size(e.plain_key) + (", again" if e.step == DECRYPT else "")
    _put(d, PLAIN_KEY, "plaintext key", words, there=here, loud=left, spot=tone if loud else None)


def _sealed_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    here, lost = e.step < STORE, e.struck("lose")
    words = look.size(e.encrypted_key) if here else "not stored" if lost else f"stored in step {STORE}"
    _put(d, SEALED_KEY, "encrypted key", words, there=here, loud=lost, spot=tone if e.step == GET else None)


def _stored_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    lost, changed = e.struck("lose"), e.struck("key")
    if not lost:
        d.path("M", STORED_KEY.x, FILE_ENDS, "V", STORED, stroke=SECOND, head="arrow")
    words = "lost" if lost else "byte changed" if changed else look.size(e.encrypted_key)
    wrong = lost or changed
    spot = tone if e.step == STORE or wrong else None
    _put(d, STORED_KEY, "encrypted key", words, there=not lost, loud=wrong, spot=spot)


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
    x, across = WAY
    if e.step in SPOTS:
        middle, high = SPOTS[e.step]
        _spot(d, tone, x - across / 2 - 4, TOP + middle - high / 2, across + 8, high, 8)
    _arrow(d, e.step, ASK, ASKED, f"step {ASK}: no data", above="GenerateDataKey")
    if e.step >= GET:
        scene.centred(d, x - 31, GOT - 19, "data-key", 0.95)
        scene.centred(d, x + 25, GOT - 19, "envelope", 0.72)
    both = look.size(e.plain_key + e.encrypted_key) if e.step >= GET else "both keys"
    _arrow(d, e.step, GET, GOT, f"step {GET}: {both}", back=True)
    if e.step in QUIET:
        d.text(x, GOT + 40, ["now: nothing", "crosses"], weight=700, anchor="middle", step=STEP + 1)
    request = look.size(e.calls[-1].sent.get("CiphertextBlob", 0)) if e.step >= DECRYPT else "this key"
    _arrow(d, e.step, DECRYPT, SENT, f"step {DECRYPT}: {request}", above="Decrypt")
    if e.refused and e.step == DECRYPT:
        d.use("denied", x - 29, BACK)
        d.text(x - 14, BACK + 4, "refused", NOTE, weight=700, fill=DENIED.text)
        return
    if e.step >= DECRYPT:
        scene.centred(d, x, BACK - 16, "data-key", 0.95)
    back = f"{look.size(e.calls[-1].returned['Plaintext'])} back" if e.step >= DECRYPT else "the plaintext key"
    _arrow(d, e.step, DECRYPT, BACK, back, back=True)


def _arrow(d: Drawing, now: int, step: int, y: float, below: str, *, above: str = "", back: bool = False) -> None:
    # An exchange in its place: to come, now, or done
    x, across = WAY
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
    across, high = PLATE

    def plate(d: Drawing, x: float, y: float) -> None:
        scene.plate(d, x - across / 2, y - high / 2, across, high, "key material", key=look.MATERIALS[0].fill)

    never = Text("never crosses this line", NOTE, fill=KMS.text, anchor="middle")
    key = Column([Text("KMS key", weight=650, fill=KMS.text), sketch(high, plate), never], gap=4)
    card = Box(key, sides=18, above=24, below=8, least=CARD, frame=partial(scene.tagged_card, name=e.key))
    seen = Column([Text("KMS has seen:", NOTE, 650, leading=STEP), Text(e.seen, NOTE, leading=STEP)])
    region = partial(scene.region, name=f"AWS KMS, {e.region}" if e.region else "AWS KMS")
    left, room = REGION
    Box(Column([card, seen], gap=8), sides=14, above=36, below=0, least=FOOT - TOP, frame=region).draw(
        d, left, TOP, room
    )
