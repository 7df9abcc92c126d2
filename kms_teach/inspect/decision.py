"""A decision on its way: the checks in their order, the line that decided, AWS's words, the smallest change.

decision(sim.authorization(sim.trail[-1])) draws the newest call.
"""

from kms_teach.access.authorization import Authorization
from kms_teach.drawing import scene
from kms_teach.drawing.lettering import wrap
from kms_teach.drawing.look import ALLOWED, CARD, DENIED, HEADING, INK, NARROW, NOTE, RULE, SECOND, WHITE, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.decision_facts import Change, Facts, Row, read
from kms_teach.inspect.decision_path import STEP, drawn


def decision(authorization: Authorization) -> Picture:
    """Draw why a call was allowed or denied."""
    facts = read(authorization)
    rows = [(str(row.number), row.question, row.answer, _told(row)) for row in facts.rows]
    alt = " ".join(_sentences(facts))
    wide, narrow = (_draw(facts, alt, canvas) for canvas in (WIDE, NARROW))
    line = f"{facts.caller}, {facts.action}: {facts.title}"
    change = f"; {facts.change.says}" if facts.change else ""
    return Picture(facts.title, alt, wide, narrow, table(("step", "question", "answer", "read"), rows), line + change)


def _told(row: Row) -> str:
    shown = " ".join(f"{line.number}: {line.text.strip()}" for line in row.lines)
    return " ".join(
        part for part in (f"{row.read}.", f"{row.where}: {shown}" if row.where else "", row.verdict) if part
    )


def _sentences(facts: Facts) -> list[str]:
    found = [facts.second]
    found += [f"{row.number}, {row.question} {row.answer.capitalize()}: {_told(row)}" for row in facts.rows]
    found += [f"AWS's words: AccessDeniedException, {facts.message}."] if facts.message else ["Allowed."]
    found += [f"Came near: {near}." for near in facts.near]
    if facts.change:
        found += [f"The smallest change that {_turns(facts)}: {facts.change.says}. {facts.change.then}"]
        found += [f"Or {other}." for other in facts.change.others]
    return found


def _turns(facts: Facts) -> str:
    return "denies it" if facts.allowed else "allows it"


# --- drawing --------------------------------------------------------------------------------------------------------


def _draw(facts: Facts, alt: str, canvas: int) -> str:
    name = "decision" if canvas == WIDE else "decision-narrow"
    d = Drawing(name, facts.title, alt, second=facts.second, width=canvas)
    y = drawn(d, facts.rows, ALLOWED if facts.allowed else DENIED, d.top)
    y = _outcome(d, facts, y + 22)
    y = _near(d, facts, y + 12)
    if facts.change:
        y = _change(d, facts, facts.change, y + 12)
    d.height = y + 18
    return d.svg()


def _outcome(d: Drawing, facts: Facts, y: float) -> float:
    """AWS's words, or that it goes on; gives the y of the box's foot."""
    if not facts.allowed:
        return scene.aws_words(d, d.left, y, d.room, "AccessDeniedException", facts.message, "Denied")
    words = wrap(f"Allowed: KMS goes on with {facts.action.removeprefix('kms:')}", d.room - 62, HEADING, bold=True)
    tall = 27 + 19 * len(words)
    d.rect(d.left, y, d.room, tall, 8, fill=WHITE, stroke=ALLOWED.mark, thick=1.75)
    d.use("allowed", d.left + 28, y + 23)
    d.text(d.left + 48, y + 28, words, HEADING, weight=700, fill=ALLOWED.text, step=19)
    return y + tall


def _near(d: Drawing, facts: Facts, y: float) -> float:
    if not facts.near:
        return y - 12
    y = d.text(d.left, y + 14, "What came near", weight=700)
    for near in facts.near:
        y = d.text(d.left, y, near, NOTE, fill=SECOND, room=d.room, step=16) + 2
    return y - 10


def _change(d: Drawing, facts: Facts, change: Change, y: float) -> float:
    """The smallest change that turns it round, tried and counted; gives the y of the box's foot."""
    opens, left, inner = not facts.allowed, d.left + 16, d.room - 32
    tone, mark = (ALLOWED, 32) if opens else (DENIED, 0)  # an opening is good news, and bears the tick
    heads = wrap(f"The smallest change that {_turns(facts)}: {change.says}", d.room - 66, HEADING, bold=True)
    code = [
        f"{line[0] if first == 0 else ' '} {part}"
        for line in change.diff
        for first, part in enumerate(wrap(line[2:], inner - 24 - 2 * 0.61 * NOTE, NOTE, mono=True))
    ]
    then = wrap(change.then, inner)
    others = [part for other in change.others for part in wrap(f"Or: {other}.", inner, NOTE)]
    tall = 24 + 19 * len(heads) + (16 * len(code) + 14 if code else 4) + STEP * len(then)
    tall += 16 * len(others) + (4 if others else 0)
    fill, edge, thick = (WHITE, tone.mark, 1.75) if opens else (CARD, RULE, 1.5)
    d.rect(d.left, y, d.room, tall, 8, fill=fill, stroke=edge, thick=thick)
    if opens:
        d.use("allowed", d.left + 28, y + 24)
    below = d.text(left + mark, y + 29, heads, HEADING, weight=700, fill=tone.text if opens else INK, step=19)
    if code:
        d.rect(left - 4, below - 8, inner + 8, 16 * len(code) + 6, 3, fill=tone.wash)
        for n, line in enumerate(code):
            d.text(left + 4, below + 7 + 16 * n, line, NOTE, mono=True)
        below += 16 * len(code) + 10
    below = d.text(left, below + 6, then, step=STEP)
    d.text(left, below, others, NOTE, fill=SECOND, step=16)
    return y + tall
