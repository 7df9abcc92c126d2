"""This is envelope encryption on one page: a line for each step, what is where, and who could read the file then."""

from collections.abc import Sequence

from kms_teach.chapters.envelope.facts import ASK, DECRYPT, GET, SEAL, STEPS, Envelope
from kms_teach.chapters.envelope.readers import readers
from kms_teach.drawing import look, scene
from kms_teach.drawing.lettering import wrap
from kms_teach.drawing.look import DATA_KEY, NOTE, SECOND
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

ROW = 40
PLAIN, KEY, SEALED, CIPHER, STORED, NETWORK = 222, 260, 304, 356, 396, 466  # centres of the columns
EYES = (536, 591, 647, 704)
HEADS = ("local program", "thief, disk", "kms:Decrypt", "KMS alone")
ONLY_KMS = (False, False, True, False)  # who can read: only who has kms:Decrypt
SAFE = "Discard the key, and only kms:Decrypt opens the file"
NEVER = "At no step did the file need kms:Decrypt to be read"
SECOND_LINE = "Envelope encryption, step by step: what is where, and who could read the file"


def envelope_summary(steps: Sequence[Envelope]) -> Picture:
    """Draw the steps of one file, from before the first to the last."""
    eyes = [tuple(reader.can for reader in readers(e)) for e in steps]
    title = SAFE if ONLY_KMS in eyes else NEVER
    rows = [
        (_name(e), _there(e), _crossed(e) or "nothing", *("yes" if can else "no" for can in can_read))
        for e, can_read in zip(steps, eyes, strict=True)
    ]
    alt = f"{SECOND_LINE}. " + " ".join(_line(*row) for row in rows)
    d = Drawing("envelope-summary", title, alt, second=SECOND_LINE)
    y = d.top + 16
    for words, left, right in (("memory", PLAIN, SEALED), ("disk", CIPHER, STORED), ("bytes", NETWORK, NETWORK)):
        d.text((left + right) / 2, y + 15, words, NOTE, fill=SECOND, anchor="middle")
    d.text(NETWORK, y, "KMS,", NOTE, fill=SECOND, anchor="middle")
    for x, head in zip(EYES, HEADS, strict=True):
        d.text(x, y, head.replace(":", ": ").split(" "), NOTE, fill=SECOND, anchor="middle", step=15)
    y += 28
    for e, can_read in zip(steps, eyes, strict=True):
        _row(d, e, can_read, y)
        y += ROW
    d.height = y + 12
    header = ["step", "what is where", "to and from KMS", *HEADS]
    return Picture(title, alt, d.svg(), table=table(header, rows), facts=f"{title}; {len(steps)} lines")


def _row(d: Drawing, e: Envelope, can_read: tuple[bool, ...], y: float) -> None:
    middle = y + ROW / 2
    if can_read == ONLY_KMS:
        d.rect(d.left - 8, y + 1, d.room + 16, ROW - 1, 4, fill=DATA_KEY.wash)
    d.rule(y)
    lines = wrap(_name(e), 184)
    d.text(d.left, middle + 5 - 8 * (len(lines) - 1), lines, step=16)
    if e.plain_in_memory:
        d.use("sheet", PLAIN - 11, middle - 14, 0.6)
    if e.key_in_memory:
        scene.data_key(d, KEY - 9, middle, 1)
    if e.step in (GET, SEAL):
        d.use("envelope", SEALED - 16.5, middle - 11, 0.55)
    if e.step >= SEAL:
        d.use("cipher", CIPHER - 11, middle - 14, 0.6)
    if e.key_stored:
        d.use("envelope", STORED - 16.5, middle - 11, 0.55)
    crossed = [part.replace(" bytes", "").replace(" to it", " in") for part in _crossed(e).split(", ") if part]
    d.text(NETWORK, middle + 5 - 7.5 * (len(crossed) - 1), crossed, NOTE, anchor="middle", step=15)
    for x, can in zip(EYES, can_read, strict=True):
        d.use("sees" if can else "blind", x, middle - (0 if can else 3))


def _name(e: Envelope) -> str:
    return f"{e.step}  {STEPS[e.step - 1]}" if e.step else "before"


def _there(e: Envelope) -> str:
    held = (("file", e.plain_in_memory), ("plaintext key", e.key_in_memory), ("encrypted key", e.step in (GET, SEAL)))
    memory = [name for name, there in held if there]
    disk = [name for name, there in (("ciphertext", e.step >= SEAL), ("encrypted key", e.key_stored)) if there]
    return f"memory: {', '.join(memory) or 'nothing'}; disk: {', '.join(disk) or 'nothing'}"


def _crossed(e: Envelope) -> str:
    """What this step sent and got."""
    if e.step == ASK:
        return f"{look.size(sum(e.calls[0].sent.values()))} to it"
    if e.step == GET:
        return f"{look.size(sum(e.calls[0].returned.values()))} back"
    if e.step == DECRYPT:
        call = e.calls[-1]
        return f"{look.size(sum(call.sent.values()))} to it, {look.size(sum(call.returned.values()))} back"
    return ""


def _line(name: str, there: str, crossed: str, *can_read: str) -> str:
    who = [head for head, can in zip(HEADS, can_read, strict=True) if can == "yes"]
    return f"{name}: {there}; KMS: {crossed}; could read it: {', '.join(who) or 'nobody'}."
