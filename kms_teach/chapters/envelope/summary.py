"""Envelope encryption on one page: a line for each step, what is where, and who could read the file then."""

from collections.abc import Sequence
from functools import partial

from kms_teach.chapters.envelope.facts import ASK, DECRYPT, GET, SEAL, STEPS, Envelope
from kms_teach.chapters.envelope.readers import readers
from kms_teach.drawing import look, scene
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Text, mark, render, rule, sketch
from kms_teach.drawing.look import DATA_KEY, NOTE, SECOND
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.rows import washed
from kms_teach.drawing.svg import Drawing

NAME, BYTES = 184, 84  # px of width
MEMORY, DISK, READERS = (34, 42, 46), (44, 46), (56, 56, 56, 56)  # px of width: a mark each
TALL, LINE = 28, 15  # px: the place of a mark, from line to line
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
    lines: list[Part] = [_heads()]
    for e, can_read in zip(steps, eyes, strict=True):
        lines += [rule(), washed(_row(e, can_read), DATA_KEY if can_read == ONLY_KMS else None, around=5)]
    svg = render(Drawing("envelope-summary", title, alt, second=SECOND_LINE), Column(lines), below=12)
    header = ["step", "what is where", "to and from KMS", *HEADS]
    return Picture(title, alt, svg, table=table(header, rows), facts=f"{title}; {len(steps)} lines")


def _heads() -> Box:
    words = ("", "memory", "disk", ("KMS,", "bytes"), *(head.replace(":", ": ").split(" ") for head in HEADS))
    cells = [Middle(Text(head, NOTE, fill=SECOND, anchor="middle", leading=LINE), share=1) for head in words]
    return Box(Row(cells, (NAME, sum(MEMORY), sum(DISK), BYTES, *READERS)), sides=0, above=0, below=8)


def _row(e: Envelope, can_read: tuple[bool, ...]) -> Row:
    crossed = [part.replace(" bytes", "").replace(" to it", " in") for part in _crossed(e).split(", ") if part]
    held = (
        ("sheet", 0.6, e.plain_in_memory),
        ("data-key", 1, e.key_in_memory),
        ("envelope", 0.55, e.step in (GET, SEAL)),
        ("cipher", 0.6, e.step >= SEAL),
        ("envelope", 0.55, e.key_stored),
    )
    cells: list[Part] = [Middle(Text(_name(e), leading=16))]
    cells += [sketch(TALL, partial(scene.centred, mark=m, scale=k)) if there else Gap() for m, k, there in held]
    cells += [Middle(Text(crossed, NOTE, anchor="middle", leading=LINE))]
    cells += [mark("sees" if can else "blind", tall=TALL) for can in can_read]
    return Row(cells, (NAME, *MEMORY, *DISK, BYTES, *READERS))


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
