"""A hybrid handshake: two secrets made one, what that costs in bytes, and where the trail tells of it."""

from kms_teach.chapters.signing.facts import HYBRID, Handshake
from kms_teach.drawing.layout import Column, Part, Row, Scene, Text, card, render, rule
from kms_teach.drawing.look import HEADING, KMS, NARROW, NOTE, SECOND, WIDE, size
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.rows import heads, washed
from kms_teach.drawing.svg import Drawing

TITLE = "Hybrid: whoever wants the secret must break both exchanges"
SECOND_LINE = "The key exchange of a TLS connection to KMS, and what the trail tells of it"
WHAT = {"ML-KEM-768": "against quantum computers", "X25519": "against everybody of today"}
ARROW = 26  # px of height
COLUMNS = (92, 130, None, 96)  # px of width: caller, operation, keyExchange, verdict
FIELD = "tlsDetails.keyExchange"


def hybrid(facts: Handshake) -> Picture:
    """Draw the two parts of the handshake, and the calls of a trail with their key exchange."""
    client, server, secret = facts.total
    parts = "; ".join(
        f"{name}, {WHAT[name]}: the client sends {size(sent)}, the server {size(back)}, a secret of {size(made)}"
        for name, sent, back, made in facts.shares
    )
    calls = "; ".join(f"{who} calls {operation} over {group}" for who, operation, group in facts.calls)
    together = f"Together {size(client)} go out, {size(server)} come back, and the secret has {size(secret)}."
    alt = f"{SECOND_LINE}. {parts}. {together if facts.shares else NOT_MADE} In the trail, as {FIELD}: {calls}."
    drawings = [
        Drawing(name, TITLE, alt, second=SECOND_LINE, width=width)
        for name, width in (("hybrid", WIDE), ("hybrid-narrow", NARROW))
    ]
    wide, narrow = (render(d, _laid(facts, wide=d.width == WIDE)) for d in drawings)
    data = table(["caller", "operation", FIELD], facts.calls)
    line = ", ".join(f"{who} {group}" for who, _, group in facts.calls)
    sizes = f"{client} bytes out, {server} back, secret {secret}" if facts.shares else "not made here"
    return Picture(TITLE, alt, wide, narrow, data, f"Hybrid handshake: {sizes}; trail: {line}")


NOT_MADE = "The `cryptography` that is installed here has no ML-KEM, so no handshake was made."


def _laid(facts: Handshake, *, wide: bool) -> Column:
    return Column([_handshake(facts, wide=wide), rule(), _trail(facts, wide=wide)], gap=16)


def _handshake(facts: Handshake, *, wide: bool) -> Part:
    if not facts.shares:
        return card(Text(NOT_MADE.replace("`", "")))
    client, server, secret = facts.total
    parts: list[Part] = [
        card(Column([Text(name, HEADING, 700), Text(WHAT[name], NOTE, fill=SECOND), _arrow(f"{sent:,} bytes"),
                     _arrow(f"{back:,} bytes", back=True), Text(f"a secret of {size(made)}", weight=650)], gap=4))
        for name, sent, back, made in facts.shares
    ]  # fmt: skip
    joined = card(
        Column([Text("X25519MLKEM768", HEADING, 700, KMS.text), Text("both, one after the other", NOTE, fill=SECOND),
                _arrow(f"{client:,} bytes"), _arrow(f"{server:,} bytes", back=True),
                Text(f"one secret of {size(secret)}", weight=650)], gap=4), KMS,
    )  # fmt: skip
    return Row([*parts, joined], gap=16) if wide else Column([*parts, joined], gap=12)


def _arrow(words: str, *, back: bool = False) -> Scene:
    def draw(d: Drawing, x: float, y: float, w: float) -> None:
        begin, end = (x + w, x) if back else (x, x + w)
        d.arrow(begin, y + ARROW - 4, end, y + ARROW - 4, above=f"{'server' if back else 'client'}: {words}")

    return Scene(ARROW, draw)


def _trail(facts: Handshake, *, wide: bool) -> Column:
    rows: list[Part] = []
    for who, operation, group in facts.calls:
        safe = HYBRID in group
        verdict = Text("hybrid" if safe else "classical", weight=400 if safe else 700, leading=18)
        name = Text(group, mono=True, leading=18)
        if wide:
            laid: Part = Row([Text(who, leading=18), Text(operation, leading=18), name, verdict], COLUMNS, gap=12)
        else:
            laid = Column([Row([Text(f"{who}, {operation}", leading=18), verdict], [None, COLUMNS[-1]], gap=8), name])
        rows.append(washed(laid, None))
    told = [Row(heads(("caller", "operation", FIELD, "")), COLUMNS, gap=12)] if wide else []
    heading = Text("In the trail" if wide else f"In the trail: {FIELD}", HEADING, 700)
    return Column([heading, *told, Column(rows, gap=2)], gap=6)
