"""A secret at two ends: what each sends, what each keeps, and whether they came to the same."""

from kms_teach.chapters.signing.ends import Item, ends, kms_end, partner_end, travel
from kms_teach.chapters.signing.facts import Secret
from kms_teach.drawing.answers import eye, framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Part, Row, Text, render
from kms_teach.drawing.look import ALLOWED, DENIED, LAB, NARROW, NOTE, WIDE, size
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing

HIGH = 496  # px of height beside a lab's controls, in every state
ANSWER = {WIDE: 84, LAB: 96, NARROW: 118}  # px of height, for every answer
WATCHED = "Whoever watches the wire sees"


def secret(facts: Secret, *, canvas: int = WIDE, lines: int = 1) -> Picture:
    """Draw the two ends and what went between them. `lines` as in Drawing, for a title that changes."""
    second = f"{facts.operation} with a key of {facts.spec}"
    bent = " A bit of it was flipped on the way." if facts.bent else ""
    came = (
        f"KMS answered {facts.code}: {facts.message.rstrip('.') or 'no message'}."
        if facts.code
        else f"Both ends have {size(facts.secret)}, {'the same' if facts.same else 'not the same, and nobody is told'}."
    )
    alt = (
        f"{second}. KMS keeps its private half on the plate, and gave the public half, {size(facts.to_partner)}. The "
        f"partner sent {_sent(facts)}, {size(facts.from_partner)}.{bent} {came} {WATCHED} {_seen(facts)}, and can make "
        "no secret of it."
    )
    drawings = [
        Drawing(name, facts.title, alt, second=second, width=width, lines=lines)
        for name, width in (("secret", canvas), ("secret-narrow", NARROW))
    ]
    wide, narrow = (render(d, _laid(facts, d.width), least=HIGH if d.width == LAB else 0) for d in drawings)
    ended = facts.code or ("the same secret" if facts.same else "two different secrets")
    return Picture(facts.title, alt, wide, narrow, facts=f"Secret, {facts.operation}, {facts.spec}: {ended}")


def _sent(facts: Secret) -> str:
    return "a public key of its own" if facts.travels == "public key" else "an encapsulation"


def _seen(facts: Secret) -> str:
    return "two public keys" if facts.travels == "public key" else "a public key and an encapsulation"


def _laid(facts: Secret, canvas: int) -> Column:
    held = [] if facts.code else [Item("secret", "secret", f"{size(facts.secret)}, to you")]
    own = Item("public", "own pair", "just made") if facts.how == "ECDH" else Item("", "no own pair")
    theirs = [own]
    if not facts.code:
        theirs.append(Item("secret", "secret", "the same" if facts.same else "another one", not facts.same))
    kms = kms_end("agrees" if facts.how == "ECDH" else "decapsulates", held, canvas)
    given = travel("GetPublicKey", [Item("public", "public half", size(facts.to_partner))])
    mark = "public" if facts.travels == "public key" else "cipher"
    sent = travel(facts.operation, [Item(mark, facts.travels, size(facts.from_partner))], to_kms=True, wrong=facts.bent)
    partner = partner_end(theirs, canvas)
    seen = Text(f"{WATCHED} {_seen(facts)}.", NOTE)
    watcher = Row([eye(False, "the secret"), seen], [132, None], gap=16)
    if canvas == NARROW:
        watcher_part: Part = Column([eye(False, "the secret"), seen], gap=2)
    else:
        watcher_part = watcher
    return Column([ends(kms, [given, sent], partner, canvas), _answer(facts, canvas), watcher_part], gap=14)


def _answer(facts: Secret, canvas: int) -> Box:
    if facts.code:
        return refusal(facts.code, facts.message, least=ANSWER[canvas])
    if facts.same:
        note = "Derive a key from it (HKDF, with both names in it) before you use it."
        part = Column([outcome(True, f"Both have the same {size(facts.secret)}"), Text(note, NOTE)], gap=6)
        return framed(part, ALLOWED, least=ANSWER[canvas])
    note = (
        "KMS answers with other bytes, so that a forger learns nothing. The next thing that is opened with them fails."
    )
    part = Column([outcome(False, "No error, and no common secret"), Text(note, NOTE)], gap=6)
    return framed(part, DENIED, least=ANSWER[canvas])
