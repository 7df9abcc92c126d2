"""Which half leaves KMS: a signature is made with the private half, and checked by whoever holds the public one."""

from kms_teach.chapters.signing.ends import Item, ends, kms_end, partner_end, travel
from kms_teach.chapters.signing.facts import Halves
from kms_teach.drawing.answers import framed, outcome
from kms_teach.drawing.layout import Box, Column, Part, Row, Text, render
from kms_teach.drawing.look import ALLOWED, DENIED, LAB, LABEL, LINE, NARROW, NOTE, SECOND, WASH, WIDE, size
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing

HIGH = 452  # px of height beside a lab's controls, in every state
ANSWER = {WIDE: 84, LAB: 106, NARROW: 92}  # px of height, for every answer


def halves(facts: Halves, *, canvas: int = WIDE, lines: int = 1) -> Picture:
    """Draw a signature on its way, and both answers. `lines` as in Drawing, for a title that changes."""
    second = f"A signature of {facts.spec}, checked at two places"
    who = "somebody else's public key" if facts.stranger else "the public key"
    way = "The message was changed on its way. " if facts.changed else ""
    state = "The KMS key is disabled. " if facts.disabled else ""
    alt = (
        f"{second}. The private half stays on the plate of the HSM. GetPublicKey gave the public half, "
        f"{size(facts.public)}; Sign gave a signature of {_signed(facts)} for a message of {size(facts.message)}. "
        f"{way}{state}The partner, who has no AWS account and holds {who}: {facts.outside}. KMS: {facts.inside}."
    )
    drawings = [
        Drawing(name, facts.title, alt, second=second, width=width, lines=lines)
        for name, width in (("halves", canvas), ("halves-narrow", NARROW))
    ]
    wide, narrow = (render(d, _laid(facts, d.width), least=HIGH if d.width == LAB else 0) for d in drawings)
    line = f"Signature, {facts.spec}: {'fits' if facts.fits else 'does not fit'} outside; {facts.inside}"
    return Picture(facts.title, alt, wide, narrow, facts=line)


def _signed(facts: Halves) -> str:
    at_most = "at most " if facts.spec.startswith("ECC_NIST_P") else ""
    return f"{at_most}{size(facts.signature)}"


def _laid(facts: Halves, canvas: int) -> Column:
    works = "is disabled: signs no more" if facts.disabled else "signs"
    kms = kms_end(works, [Item("public", "public half", size(facts.public))], canvas)
    given = travel("GetPublicKey, once", [Item("public", "public half", "no secret")])
    count = f", {facts.checked} times" if facts.checked > 1 else ""
    message = Item("sheet", "message", f"+ signature, {_signed(facts)}")
    signed = travel(f"Sign{count}", [message], wrong=facts.changed)
    held = (
        Item("public", "public half", "of somebody else", wrong=True)
        if facts.stranger
        else Item("public", "public half")
    )
    came = Item("sheet", "message", "changed", wrong=True) if facts.changed else Item("sheet", "message", "as sent")
    partner = partner_end([held, came], canvas)
    answers = [_outside(facts, canvas), _inside(facts, canvas)]
    below: Part = Column(answers, gap=12) if canvas == NARROW else Row(answers, gap=16)
    return Column([ends(kms, [given, signed], partner, canvas), below], gap=16)


def _outside(facts: Halves, canvas: int) -> Box:
    answer = outcome(facts.fits, "fits" if facts.fits else "does not fit", LABEL)
    return _card(
        "Outside, with the public half", answer, "No call, no permission, no record in a trail.", facts.fits, canvas
    )


def _inside(facts: Halves, canvas: int) -> Box:
    heading = "At KMS, with Verify"
    if not facts.asked:
        told = Text("not asked", weight=700, fill=SECOND, leading=20)
        part = Column([Text(heading, weight=700), told, Text("The trail has no Verify.", NOTE, fill=SECOND)], gap=4)
        return Box(part, fill=WASH, stroke=LINE, thick=1, least=ANSWER[canvas])
    answer = outcome(not facts.code, facts.code or "SignatureValid", LABEL)
    return _card(heading, answer, "A call, with permission, and a record in the trail.", not facts.code, canvas)


def _card(heading: str, answer: Row, note: str, good: bool, canvas: int) -> Box:
    part = Column([Text(heading, weight=700), answer, Text(note, NOTE, fill=SECOND)], gap=4)
    return framed(part, ALLOWED if good else DENIED, least=ANSWER[canvas])
