"""A decision on its way: the checks in their order, the line that decided, AWS's words, the smallest change.

decision(sim.authorization(sim.trail[-1])) draws the newest call.
"""

from kms_teach.access.authorization import Authorization
from kms_teach.drawing.answers import framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Part, Row, Text, render
from kms_teach.drawing.look import ALLOWED, CARD, DENIED, HEADING, LAB, NARROW, NOTE, RULE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect import decision_facts
from kms_teach.inspect.decision_facts import Change, Facts, read
from kms_teach.inspect.decision_path import LETTER, Path

HIGH = 500  # px: beside a lab's controls, whatever was decided


def decision(authorization: Authorization, *, canvas: int = WIDE) -> Picture:
    """Draw why a call was allowed or denied; beside a lab's controls without the change, which they offer."""
    facts = read(authorization)
    rows = [(str(row.number), row.question, row.answer, _told(row)) for row in facts.rows]
    alt = " ".join(_sentences(facts))
    wide, narrow = (_draw(facts, alt, canvas) for canvas in (canvas, NARROW))
    line = f"{facts.caller}, {facts.action}: {facts.title}"
    change = f"; {facts.change.says}" if facts.change else ""
    return Picture(facts.title, alt, wide, narrow, table(("step", "question", "answer", "read"), rows), line + change)


def _told(row: decision_facts.Row) -> str:
    shown = " ".join(f"{line.number}: {line.text.strip()}" for line in row.lines)
    return " ".join(
        part for part in (f"{row.read}.", f"{row.where}: {shown}" if row.where else "", row.verdict) if part
    )


def _sentences(facts: Facts) -> list[str]:
    found = [facts.second]
    found += [f"{row.number}, {row.question} {row.answer.capitalize()}: {_told(row)}" for row in facts.rows]
    found += [f"AWS's words: {facts.code}, {facts.message}."] if facts.message else ["Allowed."]
    found += [f"Came near: {near}." for near in facts.near]
    if facts.change:
        found += [f"The smallest change that {_turns(facts)}: {facts.change.says}. {facts.change.then}"]
        found += [f"Or {other}." for other in facts.change.others]
    return found


def _turns(facts: Facts) -> str:
    return "denies it" if facts.allowed else "allows it"


def _draw(facts: Facts, alt: str, canvas: int) -> str:
    name = "decision-narrow" if canvas == NARROW else "decision"
    tone = ALLOWED if facts.allowed else DENIED
    parts: list[Part] = [Path(facts.rows, tone, canvas), _answer(facts)]
    parts += [_near(facts)] if facts.near and canvas != LAB else []
    parts += [_change(facts, facts.change)] if facts.change and canvas != LAB else []
    second = facts.asks if canvas == LAB else facts.second
    d = Drawing(name, facts.title, alt, second=second, width=canvas, lines=2 if canvas == LAB else 1)
    return render(d, Column(parts, gap=12), above=8, least=HIGH if canvas == LAB else 0)


def _answer(facts: Facts) -> Box:
    """AWS's words, or that it goes on."""
    if not facts.allowed:
        return refusal(facts.code, facts.message, "Denied")
    return framed(outcome(True, f"Allowed: KMS goes on with {facts.action.removeprefix('kms:')}"), ALLOWED)


def _near(facts: Facts) -> Column:
    near = [Text(near, NOTE, fill=SECOND) for near in facts.near]
    return Column([Text("What came near", weight=700), *near], gap=2)


def _change(facts: Facts, change: Change) -> Box:
    """The smallest change that turns it round, tried and counted."""
    heading = f"The smallest change that {_turns(facts)}: {change.says}"
    code = Column([_line(line) for line in change.diff])
    tone = DENIED if facts.allowed else ALLOWED
    told: list[Part] = [Box(code, 6, 4, 4, fill=tone.wash, r=3)] if change.diff else []
    told += [Text(change.then, leading=18)]
    told += [Column([Text(f"Or: {other}.", NOTE, fill=SECOND) for other in change.others])]
    if facts.allowed:
        return Box(Column([Text(heading, HEADING, 700), *told], gap=8), fill=CARD, stroke=RULE)
    return framed(Column([outcome(True, heading), *told], gap=8), tone)  # an opening is good news, and bears the tick


def _line(line: str) -> Row:
    """One line of a difference, its sign before it."""
    sign, text = (Text(words, NOTE, mono=True) for words in (line[0], line[2:]))
    return Row([sign, text], [2 * LETTER, None])
