"""This is the picture of envelope encryption: one scene for all its steps, in which only what is filled changes."""

from kms_teach.chapters.envelope.facts import ASK, DECRYPT, DISCARD, GET, OPEN, SEAL, STEPS, STORE, Envelope
from kms_teach.chapters.envelope.readers import Reader, readers
from kms_teach.drawing import look, scene
from kms_teach.drawing.lettering import shorten
from kms_teach.drawing.look import DATA_KEY, DENIED, HEADING, INK, KMS, NOTE, SECOND, WASH, WHITE, Tone
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

HEIGHT = 650
TOP, FOOT = 178, 438  # the scene's frames
SHEET, KEY, SEALED = 107, 211, 314  # centres of the computer's three columns
NETWORK = 460  # centre of what crosses
MEMORY, DISK = 192, 306  # tops of the computer's two plates
MARKS = MEMORY + 48  # the middle of the marks in memory
STORED = DISK + 50  # the middle of the marks on the disk
CROSSINGS = ((ASK, 12, 42), (GET, 60, 58), (DECRYPT, 160, 90))  # step: below TOP, height
QUIET = (SEAL, STORE, DISCARD, OPEN)  # steps at which nothing crosses


def envelope(e: Envelope) -> Picture:
    """Draw one moment."""
    who = readers(e)
    alt = _spoken(e, who)
    d = Drawing("envelope", e.title, alt, second=e.second, height=HEIGHT)
    tone = DENIED if e.wrong else DATA_KEY
    scene.step_strip(d, STEPS, e.step, 103, tone)
    _computer(d, e, tone)
    _network(d, e, tone)
    _kms(d, e)
    _so_far(d, e)
    _readers(d, who, tone)
    rows = table(["who", "could read the file now", "why"], [(r.who, r.answer, r.why) for r in who])
    return Picture(e.title, alt, d.svg(), table=rows, facts=_facts(e, who))


def _computer(d: Drawing, e: Envelope, tone: Tone) -> None:
    scene.laptop(d, 38, TOP, 352, FOOT - TOP - 14)
    for top, height, word in ((MEMORY, 108, "memory"), (DISK, 112, "disk")):
        d.rect(50, top, 328, height, 6, fill=WASH)
        d.text(60, top + 17, word, NOTE, weight=650, fill=SECOND)
    if e.key_stored:
        d.rect(55, DISK + 23, 318, 84, 6, fill=WHITE, stroke=INK)
        d.text(KEY, STORED - 3, ["stored", "together"], NOTE, fill=SECOND, anchor="middle", step=15)
    _file(d, e, tone)
    if e.step >= SEAL:
        _ciphertext(d, e, tone)
    if e.step >= GET:
        _plain_key(d, e, tone)
        _encrypted_key(d, e, tone)
    if e.step >= STORE:
        _stored_key(d, e, tone)


def _file(d: Drawing, e: Envelope, tone: Tone) -> None:
    if e.step == OPEN:
        _spot(d, SHEET, MARKS, 72, tone)
    if e.plain_in_memory:
        d.use("sheet", SHEET - 18, MARKS - 23)
        words = "open again" if e.step == OPEN else look.size(e.size)
    else:
        scene.gone(d, "sheet", SHEET - 18, MARKS - 23)
        words = "stays shut" if e.step == OPEN else f"gone in step {SEAL}"
    _label(d, SHEET, MARKS + 38, shorten(e.name, 96, NOTE, bold=True), words)


def _ciphertext(d: Drawing, e: Envelope, tone: Tone) -> None:
    changed = e.struck("data")
    d.path("M", SHEET, MEMORY + 105, "V", STORED - 27, stroke=SECOND, head="arrow")
    d.path("M", KEY, MEMORY + 105, "V", MEMORY + 112, "H", SHEET, stroke=DATA_KEY.text)
    d.circle(SHEET, MEMORY + 112, 3.2, fill=DATA_KEY.text)
    d.text(SHEET + 9, DISK + 17, "encrypted with the key", NOTE, fill=SECOND)
    if e.step == SEAL or changed:
        _spot(d, SHEET, STORED, 64, DENIED if changed else tone, 48)
    d.use("cipher", SHEET - 16, STORED - 21, 0.9)
    _label(d, SHEET, STORED + 36, "ciphertext", "byte changed" if changed else look.size(e.stored), changed)


def _plain_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    here, left = e.key_in_memory, e.struck("forget")
    if left or e.step in (GET, DISCARD) or (e.step == DECRYPT and here):
        _spot(d, KEY, MARKS, 94, tone)
    elif here and e.mistake != "forget":  # it will go
        d.rect(KEY - 47, MARKS - 26, 94, 52, 26, stroke=DATA_KEY.text, thick=2, dash=look.DOTTED)
    if here:
        scene.data_key(d, KEY - 17, MARKS, 1.9)
        words = "never discarded" if left else look.size(e.plain_key) + (", again" if e.step == DECRYPT else "")
    else:
        scene.gone(d, "key", KEY - 17, MARKS, 1.9)
        words = "gone again" if e.step == OPEN else f"gone in step {DISCARD}"
    _label(d, KEY, MARKS + 38, "plaintext key", words, left)


def _encrypted_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    lost = e.struck("lose")
    if e.step == GET:
        _spot(d, SEALED, MARKS, 94, tone)
    if e.step < STORE:
        d.use("envelope", SEALED - 31.5, MARKS - 21, 1.05)
        words = look.size(e.encrypted_key)
    else:
        scene.gone(d, "envelope", SEALED - 31.5, MARKS - 21, 1.05)
        words = "not stored" if lost else f"stored in step {STORE}"
    _label(d, SEALED, MARKS + 38, "encrypted key", words, lost)


def _stored_key(d: Drawing, e: Envelope, tone: Tone) -> None:
    lost, changed = e.struck("lose"), e.struck("key")
    if e.step == STORE or lost or changed:
        _spot(d, SEALED, STORED, 80, tone, 48)
    if lost:
        scene.gone(d, "envelope", SEALED - 27, STORED - 18, 0.9)
    else:
        d.path("M", SEALED, MEMORY + 105, "V", STORED - 27, stroke=SECOND, head="arrow")
        d.use("envelope", SEALED - 27, STORED - 18, 0.9)
    words = "lost" if lost else "byte changed" if changed else look.size(e.encrypted_key)
    _label(d, SEALED, STORED + 36, "encrypted key", words, lost or changed)


def _network(d: Drawing, e: Envelope, tone: Tone) -> None:
    x = NETWORK
    for step, below, high in CROSSINGS:
        if e.step == step:
            _spot(d, x, TOP + below + high / 2, 116, tone, high, 8)
    _arrow(d, e.step, ASK, TOP + 34, f"step {ASK}: no data", above="GenerateDataKey")
    if e.step >= GET:
        scene.data_key(d, x - 40, TOP + 77, 0.95)
        d.use("envelope", x + 3, TOP + 62, 0.72)
    both = look.size(e.plain_key + e.encrypted_key) if e.step >= GET else "both keys"
    _arrow(d, e.step, GET, TOP + 96, f"step {GET}: {both}", back=True)
    if e.step in QUIET:
        d.text(x, TOP + 136, ["now: nothing", "crosses"], weight=700, anchor="middle", step=16)
    asked = look.size(e.calls[-1].sent.get("CiphertextBlob", 0)) if e.step >= DECRYPT else "this key"
    _arrow(d, e.step, DECRYPT, TOP + 182, f"step {DECRYPT}: {asked}", above="Decrypt")
    if e.refused and e.step == DECRYPT:
        d.use("denied", x - 29, TOP + 228)
        d.text(x - 14, TOP + 232, "refused", NOTE, weight=700, fill=DENIED.text)
        return
    if e.step >= DECRYPT:
        scene.data_key(d, x - 9, TOP + 212, 0.95)
    back = f"{look.size(e.calls[-1].returned['Plaintext'])} back" if e.step >= DECRYPT else "the plaintext key"
    _arrow(d, e.step, DECRYPT, TOP + 228, back, back=True)


def _arrow(d: Drawing, now: int, step: int, y: float, below: str, *, above: str = "", back: bool = False) -> None:
    # An exchange in its place: to come, now, or done
    start, end = (512, 404) if back else (405, 513)
    fill = INK if now == step else SECOND
    if now < step:
        d.path("M", start, y, "H", end, stroke=fill, thick=2.2, dash=look.DOTTED, head="arrow")
    else:
        d.path("M", start, y, "H", end, stroke=fill, head="arrow-ink" if now == step else "arrow")
    if above:
        d.text(NETWORK, y - 8, above, NOTE, fill=fill, anchor="middle")
    d.text(NETWORK, y + 16, below, NOTE, fill=fill, anchor="middle")


def _kms(d: Drawing, e: Envelope) -> None:
    scene.region(d, 520, TOP, 212, FOOT - TOP, f"AWS KMS, {e.region}" if e.region else "AWS KMS")
    scene.tagged_card(d, 536, TOP + 36, 180, 154, e.key)
    d.text(552, TOP + 67, "KMS key", weight=650, fill=KMS.text)
    scene.plate(d, 552, TOP + 77, 148, 76, "key material", key=look.MATERIALS[0].fill)
    d.text(626, TOP + 174, "never crosses this line", NOTE, fill=KMS.text, anchor="middle")
    d.text(536, TOP + 212, "KMS has seen:", NOTE, weight=650)
    d.text(536, TOP + 228, e.seen, NOTE, room=184, step=15)


def _so_far(d: Drawing, e: Envelope) -> None:
    y = FOOT + 25
    of_it = look.size(e.of_the_file) if e.of_the_file else "nothing"
    d.text(28, y, f"So far: {e.traffic}.", weight=700)
    d.text(732, y, f"Of {shorten(e.name, 150)}, {look.size(e.size)}, KMS got {of_it}.", anchor="end")
    if e.outcome:
        good = not e.refused and e.same
        d.use("allowed" if good else "denied", 37, y + 16, 0.9)
        fill = look.ALLOWED.text if good else DENIED.text
        d.text(54, y + 20, e.outcome, NOTE, weight=650, fill=fill, room=678, step=15)


def _readers(d: Drawing, who: tuple[Reader, ...], tone: Tone) -> None:
    top, gap = HEIGHT - 108, 8
    across = (d.room - gap * (len(who) - 1)) / len(who)
    d.rule(top - 34)
    d.text(28, top - 11, "Who could read the file at this moment?", HEADING, weight=700)
    for at, reader in enumerate(who):
        x = 28 + (across + gap) * at
        scene.card(d, x, top, across, 92, tone if reader.changed else None)
        scene.eye(d, x + 24, top + 22, reader.can, reader.answer)
        d.text(x + 12, top + 50, reader.who, NOTE, weight=650)
        d.text(x + 12, top + 66, reader.why, NOTE, fill=SECOND, room=across - 18, step=15)


def _spot(d: Drawing, x: float, y: float, across: float, tone: Tone, high: float = 52, r: float = 26) -> None:
    # The accent: a ground of its own under what changed in this step
    edge = tone.text if tone is DATA_KEY else tone.mark
    d.rect(x - across / 2, y - high / 2, across, high, min(r, high / 2), fill=tone.wash, stroke=edge)


def _label(d: Drawing, x: float, y: float, name: str, words: str, loud: bool = False) -> None:
    d.text(x, y, name, NOTE, weight=650, anchor="middle")
    weight, fill = (700, DENIED.text) if loud else (400, INK)
    d.text(x, y + 15, words, NOTE, weight=weight, fill=fill, anchor="middle")


def _spoken(e: Envelope, who: tuple[Reader, ...]) -> str:
    step = f", {STEPS[e.step - 1]}" if e.step else ""
    changed = {kind: ", with one byte changed" if e.struck(kind) else "" for kind in ("data", "key")}
    memory = [f"{e.name}, plain, {look.size(e.size)}"] if e.plain_in_memory else []
    if e.key_in_memory:
        memory.append(f"the plaintext data key, {look.size(e.plain_key)}")
    if e.step in (GET, SEAL):
        memory.append(f"the encrypted data key, {look.size(e.encrypted_key)}")
    disk = [f"the ciphertext of {e.name}, {look.size(e.stored)}{changed['data']}"] if e.step >= SEAL else []
    if e.key_stored:
        disk.append(f"beside it the encrypted data key, {look.size(e.encrypted_key)}{changed['key']}")
    parts = [
        f"{e.second}{step}.",
        f"In your computer's memory: {', '.join(memory) or 'neither file nor key'}.",
        f"On its disk: {', '.join(disk) or 'nothing'}.",
        "The encrypted data key was not stored and is lost." if e.struck("lose") else "",
        f"In AWS KMS: the key material of the KMS key {e.key}, in the HSM; it never crosses that boundary.",
        f"KMS has seen: {e.seen}",
        f"So far: {e.traffic}; of the file KMS got {look.size(e.of_the_file)}.",
        f"{e.outcome}." if e.outcome else "",
        "Who could read the file at this moment?",
        *(f"{reader.who}: {reader.answer}. {reader.why}" for reader in who),
    ]
    return " ".join(filter(None, parts))


def _facts(e: Envelope, who: tuple[Reader, ...]) -> str:
    can = ", ".join(reader.who for reader in who if reader.can) or "nobody"
    return f"Envelope, step {e.step} of {len(STEPS)}: {e.title}; {e.traffic}; could read it: {can}"
