"""Who gave whom what: a KMS key, the grants on it, the grants made by means of those, and the last call."""

from kms_teach.chapters.grants.facts import Chain, Given, Use, moment
from kms_teach.chapters.grants.words import outcome, rows, sentence, status, title
from kms_teach.drawing import scene
from kms_teach.drawing.lettering import width, wrap
from kms_teach.drawing.look import (
    ALLOWED,
    CARD,
    DENIED,
    DOTTED,
    HEADING,
    INK,
    KMS,
    LINE,
    NARROW,
    NOTE,
    RULE,
    SECOND,
    WHITE,
    Tone,
)
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

SHOWN = 6  # grants in the drawing, the newest; the table has all
PALE = Tone(LINE, SECOND, CARD)
PLAIN = Tone(LINE, INK, WHITE)
NOTCH = 6  # radius of the bite that makes a card a ticket
SECOND_LINE = "Who gave whom what on this key, and what still counts"
HEADER = ("grant", "from", "to", "may", "only with", "made by means of", "counts")


def grant_chain(facts: Chain, *, lines: int = 1) -> Picture:
    """Draw a key's grants as a chain of tickets. `lines` as in Drawing: for a title that changes."""
    message = title(facts)
    told = " ".join(f"{sentence(facts, grant)}" for grant in facts.grants) or "The key has no grants."
    last = f" Last, {facts.use.call}: {outcome(facts.use)}." if facts.use else ""
    alt = f"{facts.key} of account {facts.account}, {moment(facts.now)} UTC. {told}{last}"
    wide = _draw(Drawing("grants", message, alt, second=SECOND_LINE, lines=lines), facts, indent=34)
    narrow = _draw(
        Drawing("grants-narrow", message, alt, second=SECOND_LINE, width=NARROW, lines=lines), facts, indent=12
    )
    data = [
        (g.words, g.giver, g.grantee, ", ".join(g.operations), g.context or "any context",
         f"grant {g.parent}" if g.parent else "policies", status(facts, g))
        for g in facts.grants
    ]  # fmt: skip
    line = "; ".join(f"{g.number} {g.giver} to {g.grantee}, {status(facts, g)}" for g in facts.grants) or "none"
    use = f". {facts.use.call}: {outcome(facts.use)}" if facts.use else ""
    return Picture(message, alt, wide, narrow, table(HEADER, data) if data else None, f"Grants: {line}{use}")


def _draw(d: Drawing, facts: Chain, indent: int) -> str:
    y = d.top + 22
    scene.tagged_card(d, d.left, y, 216 if d.width > NARROW else d.room, 58, facts.key)
    d.text(d.left + 14, y + 36, f"of account {facts.account}", NOTE, fill=SECOND)
    x = d.left + (236 if d.width > NARROW else 14)
    words = "Key policy and IAM policies say who may give the first grant."
    if d.width > NARROW:
        d.text(x, y + 14, words, NOTE, fill=SECOND, room=250, step=16)
        _clock(d, facts, y + 4)
        y += 58
    else:
        y = d.text(d.left + 14, y + 78, words, NOTE, fill=SECOND, room=d.room - 14, step=16) - 14
    hidden = len(facts.grants) - SHOWN
    if hidden > 0:
        y = d.text(
            d.left + indent, y + 22, f"and {hidden} older {'grant' if hidden == 1 else 'grants'}", NOTE, fill=SECOND
        )
    y = _tickets(d, facts, 0, d.left, y, indent)
    if not facts.grants:
        d.text(d.left + indent, y + 34, "no grants", fill=SECOND)
        y += 44
    d.height = (_last(d, facts.use, y + 18) if facts.use else y) + 20
    return d.svg()


def _clock(d: Drawing, facts: Chain, y: float) -> None:
    words = f"now {moment(facts.now)} UTC"
    half = width(words, NOTE, bold=True) / 2 + 9
    d.rect(d.right - 2 * half, y - 14, 2 * half, 22, 4, fill=INK)
    d.text(d.right - half, y + 1.5, words, NOTE, weight=700, fill=WHITE, anchor="middle")


def _tickets(d: Drawing, facts: Chain, parent: int, x: float, y: float, indent: int) -> float:
    """The grants made by means of one (0: of the policies), each with its own below it; gives the y below."""
    first, shown = y, [g for g in facts.grants[-SHOWN:] if _parent(facts, g) == parent]
    for grant in shown:
        top = y + 16
        joint = top + 24
        pale = bool(grant.ended)
        end = x + indent + 6 if indent > 20 else x + 26
        d.path(
            "M", x + 14, first, "V", joint - 8, "Q", x + 14, joint, x + 22, joint, "H", end,
            stroke=LINE if pale else INK, thick=1.5 if pale else 2,
        )  # fmt: skip
        y = _ticket(d, facts, grant, x + max(indent, 26), top)
        y = _tickets(d, facts, grant.number, x + max(indent, 26), y, indent)
    return y


def _parent(facts: Chain, grant: Given) -> int:
    """The parent, if it is shown; else the key."""
    return grant.parent if grant.parent > len(facts.grants) - SHOWN else 0


def _tone(facts: Chain, grant: Given) -> Tone:
    """The one accent: the grant that decided, or the one that changed."""
    if facts.use and facts.use.by == grant.number:
        return ALLOWED if facts.use.allowed else DENIED
    if grant.ended:
        return PALE
    return KMS if facts.changed == grant.number else PLAIN


def _ticket(d: Drawing, facts: Chain, grant: Given, x: float, y: float) -> float:
    tone, w = _tone(facts, grant), d.right - x
    ink = SECOND if grant.ended else INK
    stub, column = x + 44, x + 56
    values = column + (78 if d.width > NARROW else 70)
    head = 40 if d.width > NARROW else 62
    lines = [(label, wrap(words, d.right - 12 - values, NOTE)) for label, words in rows(grant)]
    tall = head + sum(17 * len(words) for _, words in lines) + 14
    _outline(d, x, y, w, tall, stub, tone)
    _number_on(d, x + 22, y + tall / 2, grant, tone)
    base = y + 28
    d.text(column, base, grant.giver, HEADING, weight=700, fill=ink)
    start = column + width(grant.giver, HEADING, bold=True) + 10
    d.arrow(start, base - 5, start + 44, base - 5)
    d.text(start + 54, base, grant.grantee, HEADING, weight=700, fill=ink)
    if grant.name and d.width > NARROW:
        after = start + 64 + width(grant.grantee, HEADING, bold=True)
        d.text(after, base, f"“{grant.name}”", fill=SECOND)
    _state(d, facts, grant, base)
    at = y + head + 12
    for label, words in lines:
        d.text(column, at, label, NOTE, fill=SECOND)
        at = d.text(values, at, words, NOTE, fill=ink, step=17)
    return y + tall


def _outline(d: Drawing, x: float, y: float, w: float, h: float, stub: float, tone: Tone) -> None:
    """A ticket: a card with two bites where its stub is torn off."""
    right, foot, r = x + w, y + h, 8
    bite = "A", NOTCH, NOTCH, "0 0 0"
    d.path(
        "M", x + r, y, "H", stub - NOTCH, *bite, stub + NOTCH, y, "H", right - r, "Q", right, y, right, y + r,
        "V", foot - r, "Q", right, foot, right - r, foot, "H", stub + NOTCH, *bite, stub - NOTCH, foot,
        "H", x + r, "Q", x, foot, x, foot - r, "V", y + r, "Q", x, y, x + r, y, "Z",
        fill=tone.wash, stroke=tone.mark, thick=1.75 if tone not in (PLAIN, PALE) else 1.25,
    )  # fmt: skip
    d.line(stub, y + NOTCH + 4, stub, foot - NOTCH - 4, stroke=RULE, thick=1)


def _number_on(d: Drawing, x: float, y: float, grant: Given, tone: Tone) -> None:
    if grant.ended:
        scene.passed_by(d, x, y, str(grant.number))
    else:
        scene.badge(d, x, y, str(grant.number), fill=tone.text)


def _state(d: Drawing, facts: Chain, grant: Given, base: float) -> None:
    """Whether it counts, at the right end of the first line; on the narrow card below it."""
    until = facts.lingers(grant)
    words = f"token needed until {grant.effective:%H:%M}" if facts.waits(grant) else "counts"
    words = f"still counts until {until}" if until else "gone" if grant.ended else words
    x, y = d.right - 38 - width(words, bold=True), base - 5 if d.width > NARROW else base + 19
    if facts.waits(grant) or until:
        d.circle(x, y, 9, stroke=SECOND, thick=2, dash=DOTTED)
        d.text(x + 22, y + 4.3, words, weight=700)
    elif grant.ended:
        d.circle(x, y, 9, stroke=LINE, thick=1.25)
        d.text(x + 22, y + 4.3, words, weight=700, fill=SECOND)
    else:
        scene.outcome(d, x, y, True, words, 13)


def _last(d: Drawing, use: Use, y: float) -> float:
    """The last call, and what decided; gives the y below."""
    d.rule(y)
    y = d.text(d.left, y + 26, f"{use.call}.", HEADING, weight=700, room=d.room)
    if use.allowed:
        scene.outcome(d, d.left + 10, y + 3, True)
        return d.text(d.left + 112, y + 8, f"What decided: {use.why}.", room=d.room - 112) - 6
    y = d.text(d.left, y + 4, f"What was read: {use.why}.", room=d.room)
    word = "Denied" if use.code == "AccessDeniedException" else "Refused"
    return scene.aws_words(d, d.left, y, d.room, use.code, use.message or "(AWS sends no message with it)", word)
