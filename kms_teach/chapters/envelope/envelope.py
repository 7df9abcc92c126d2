"""The picture of envelope encryption: one scene for all its steps, in which only what is filled changes."""

from kms_teach.chapters.envelope import places
from kms_teach.chapters.envelope.facts import GET, SEAL, STEPS, Envelope
from kms_teach.chapters.envelope.readers import Reader, readers
from kms_teach.drawing import look, scene
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Box, Column, Part, Row, Scene, Text, card, mark, rule
from kms_teach.drawing.lettering import shorten, width
from kms_teach.drawing.look import DATA_KEY, DENIED, HEADING, LAB, NOTE, SECOND, WIDE, Tone
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

STRIP = {WIDE: 103, LAB: 95}  # the middle of the steps' discs
LINE = 15  # px from line to line
OUTCOME, CARD, CLOSE = 3 * LINE, 92, 53  # px of height, kept at every step
NAME = 150  # px: the file's name in a sentence


def envelope(e: Envelope, *, canvas: int = WIDE) -> Picture:
    """Draw one moment; a lab's status line says how it ended."""
    who, wide = readers(e), canvas == WIDE
    alt = _spoken(e, who)
    d = Drawing("envelope", e.title, alt, second=e.second if wide else "", width=canvas, lines=1 if wide else 2)
    tone = DENIED if e.wrong else DATA_KEY
    scene.step_strip(d, STEPS, e.step, STRIP[canvas], tone, brief=not wide)
    places.computer(d, e, tone)
    places.way(d, e, tone)
    places.kms(d, e)
    parts: list[Part] = [_so_far(e), rule(), _readers(who, tone)] if wide else [_readers_close(e, who, tone)]
    told, y = Column(parts, gap=6), places.measures(d).foot + (12 if wide else 6)
    told.draw(d, d.left, y, d.room)
    d.height = y + told.height(d.room) + (16 if wide else 12)
    rows = table(["who", "could read the file now", "why"], [(r.who, r.answer, r.why) for r in who])
    return Picture(e.title, alt, d.svg(), table=rows, facts=_facts(e, who))


def _so_far(e: Envelope) -> Column:
    traffic = f"So far: {e.traffic}."
    got = look.size(e.of_the_file) if e.of_the_file else "nothing"
    of_it = f"Of {shorten(e.name, NAME)}, {look.size(e.size)}, KMS got {got}."
    both = Row([Text(traffic, weight=700), Text(of_it, anchor="end", cut=True)], [width(traffic, bold=True), None])
    ended = outcome(not e.refused and e.same is True, e.outcome, NOTE, leading=LINE, weight=650)
    return Column([both, Box(ended if e.outcome else Column([]), sides=0, above=0, below=0, least=OUTCOME)], gap=4)


def _readers_close(e: Envelope, who: tuple[Reader, ...], tone: Tone) -> Column:
    """What crossed so far, and the four in two rows, the eye beside who it is."""
    heading, traffic = "Who could read it now?", Text(f"{e.traffic}", NOTE, anchor="end", leading=20)
    head = Row([Text(heading, HEADING, 700), traffic], [width(heading, HEADING, bold=True), None])
    first, second = (Row([_beside(reader, tone) for reader in pair], gap=8) for pair in (who[:2], who[2:]))
    return Column([head, first, second], gap=4)


def _beside(reader: Reader, tone: Tone) -> Box:
    answer = Text("yes" if reader.can else "no", NOTE, 700, anchor="middle", leading=LINE)
    seen = Column([mark("sees" if reader.can else "blind", tall=24), answer])
    words = [Text(reader.who, NOTE, 650, leading=LINE), Text(reader.why, NOTE, fill=SECOND, leading=LINE)]
    inside = Row([seen, Column(words)], [28, None], gap=8)
    return Box(card(inside, tone if reader.changed else None, sides=8, above=4, below=4), 0, 0, 0, least=CLOSE)


def _readers(who: tuple[Reader, ...], tone: Tone) -> Column:
    cards = Row([_reader(reader, tone) for reader in who], gap=8)
    kept = Box(cards, sides=0, above=0, below=0, least=CARD)
    return Column([Text("Who could read the file at this moment?", HEADING, 700), kept], gap=6)


def _reader(reader: Reader, tone: Tone) -> Box:
    # Beside the eye the answer has less free room than a row would keep.
    answer = Scene(18, lambda d, x, y, _: scene.eye(d, x + 12, y + 8, reader.can, reader.answer))
    words = [Text(reader.who, NOTE, 650, leading=16), Text(reader.why, NOTE, fill=SECOND, leading=LINE)]
    return card(Column([answer, Column(words)], gap=6), tone if reader.changed else None, sides=10, above=12, below=10)


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
