"""The gates of a call in a row, and who is suspected when AWS refuses.

gates(Gates.of(sim.authorization(sim.trail[-1]), unread=["service control policy"])) draws the newest call.
"""

from collections.abc import Sequence

from kms_teach.access.reasons import Stage
from kms_teach.chapters.accounts.gate_facts import Gate, Gates, State
from kms_teach.chapters.accounts.road import BADGE, FOLLOWS, SAYS, Road, Upright
from kms_teach.drawing import scene
from kms_teach.drawing.answers import framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Middle, Part, Row, Text, grid, render, rule, sketch
from kms_teach.drawing.look import (
    ALLOWED,
    DENIED,
    HEADING,
    INK,
    LAB,
    LABEL,
    NARROW,
    NOTE,
    RULE,
    SECOND,
    WHITE,
    WIDE,
)
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.excerpt import known

HIGH = 500  # px: beside a lab's controls, whatever came of the call
CODE = "AccessDeniedException"
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven")
RANKS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
WAYS = {0: "it cannot close", 1: "it can close in one way", 2: "it can close in two ways: a Deny, or no Allow"}
ONLY_DENY = "it can close in one way: a Deny"
NOTHING: dict[Stage, str] = {  # what is read where nothing is attached
    Stage.RCP: "no Deny about this call",
    Stage.SCP: "none over the account",
    Stage.ENDPOINT: "none: it came through no endpoint that has one",
    Stage.BOUNDARY: "none is set",
    Stage.SESSION: "none was passed",
}
RULE_OF_RANK = "First whom AWS names, then what was read as closed, then by the ways in which a gate can close."
RULE_ABROAD = "First what was read as closed, then what AWS does not tell another account, then by the ways to close."
MOST_IN_A_LAB = 2  # suspects; more than these are counted
SHORT_WAYS = {0: "cannot close", 1: "one way to close", 2: "two ways to close"}


def gates(facts: Gates, *, canvas: int = WIDE) -> Picture:
    """Draw the gates, what each said, and the suspects of a denial."""
    title, second = (
        _title(facts),
        f"{facts.caller} calls {facts.operation}: a gate for each kind of policy, in AWS's order",
    )
    rows = [
        (str(at), gate.stage.value, _state(gate), _read(gate), _effect(facts, gate))
        for at, gate in enumerate(facts.gates, 1)
    ]
    told = " ".join(f"{at}, {gate.stage.value}: {_said(gate)}." for at, gate in enumerate(facts.gates, 1))
    ranked = " ".join(f"Suspect {at}: {gate.stage.value}, {_why(gate)}." for at, gate in enumerate(facts.suspects, 1))
    alt = " ".join(filter(None, [f"{second}.", told, ranked, known(facts.message)]))
    wide, narrow = (_draw(facts, title, second, alt, width) for width in (canvas, NARROW))
    line = ", ".join(f"{gate.stage.value} {_state(gate)}" for gate in facts.gates)
    ended = "allowed" if facts.allowed else "refused"
    whom = ", ".join(gate.stage.value for gate in facts.suspects)
    data = table(("gate", "kind of policy", "state", "read", "changed alone"), rows)
    return Picture(title, alt, wide, narrow, data, f"Gates: {line}: {ended}" + (f"; suspects: {whom}" if whom else ""))


# --- the words ------------------------------------------------------------------------------------------------------


def _title(facts: Gates) -> str:
    closed, unread, round_ = map(facts.of_state, (State.CLOSED, State.UNREAD, State.ROUND))
    if facts.allowed:
        if unread:
            return f"It went through, so what nobody has read is open: {called(unread)}"
        if round_:
            return f"The way leads round {called(round_)}: {'a grant' if facts.lent else 'the key policy'} is enough"
        return "Every gate is open, and the call goes through"
    if len(closed) > 1:
        words = f"{COUNTS[len(closed)].capitalize()} gates are closed, and AWS "
        return words + (f"names one of them: {called([facts.named])}" if facts.named else "names none of them")
    if closed:
        return f"One gate is closed, {called(closed)}, and that is enough"
    if any(gate.follows is State.CLOSED for gate in unread):
        return f"All that was read is open, so {called([g for g in unread if g.follows])} is closed"
    count = len(facts.gates) - len(unread)
    return f"{COUNTS[count].capitalize()} gates are open; suspect the {COUNTS[len(unread)]} that nobody has read"


def called(gates: Sequence[Gate]) -> str:
    """Gates as they are called in a sentence."""
    return " and ".join(f"the {_name(gate)}" for gate in gates)


def _name(gate: Gate) -> str:
    name = gate.stage.value
    return {"resource control policy": "RCP", "service control policy": "SCP"}.get(name, name).replace(
        "resource-based policy", "key policy"
    ).replace("identity-based", "IAM")  # fmt: skip


def _state(gate: Gate) -> str:
    return " ".join(SAYS[gate.state]) + (f", {FOLLOWS[gate.follows]}" if gate.follows else "")


def _said(gate: Gate) -> str:
    """A gate's state and, where it was read, what was read."""
    return ": ".join(filter(None, [_state(gate), _read(gate)]))


def _read(gate: Gate) -> str:
    if gate.state is State.UNREAD:
        return ""
    if gate.step is None:
        return NOTHING.get(gate.stage, "")
    read = gate.step.read.removeprefix(gate.step.kind).lstrip(" ,")  # the gate is called by its kind already
    return known(f"{read} (line {gate.step.line})" if gate.step.line else read)


def _why(gate: Gate) -> str:
    if gate.named or gate.state is State.CLOSED:
        return ": ".join(filter(None, ["AWS names it" if gate.named else "", _read(gate)]))
    return ONLY_DENY if gate.stage is Stage.RCP else WAYS[gate.ways]


def _effect(facts: Gates, gate: Gate) -> str:
    """What would come of the call if this gate alone were changed."""
    if facts.allowed:
        return f"closed alone: {'allowed' if gate.if_closed else 'refused'}"
    return f"opened alone: {'allowed' if gate.if_open else 'still refused'}" if gate.suspect else ""


# --- the drawing ----------------------------------------------------------------------------------------------------


def _draw(facts: Gates, title: str, second: str, alt: str, canvas: int) -> str:
    brief = f"{facts.caller} calls {facts.operation}. Gates in AWS's order"
    d = Drawing(
        {WIDE: "gates", LAB: "gates-lab", NARROW: "gates-narrow"}[canvas], title, alt,
        second=second if canvas == WIDE else brief, width=canvas, lines=2 if canvas == LAB else 1,
    )  # fmt: skip
    if canvas == NARROW:
        return render(d, Column([_upright(facts), _answer(facts)], gap=16))
    if canvas == LAB:
        return render(d, Column([Road(facts, LAB), _brief(facts), _answer(facts)], gap=6), above=2, least=HIGH)
    parts: list[Part] = [Road(facts, WIDE), rule(), *_suspects(facts), *_cleared(facts), _answer(facts)]
    return render(d, Column(parts, gap=12), above=8)


def _answer(facts: Gates) -> Box:
    if facts.allowed:
        return framed(outcome(True, f"Allowed: KMS goes on with {facts.operation}"), ALLOWED)
    return refusal(CODE, known(facts.message), "Denied")


def _badge(number: int, fill: str) -> Middle:
    def draw(d: Drawing, x: float, y: float) -> None:
        scene.badge(d, x, y, str(number), fill=fill, r=BADGE)

    return Middle(sketch(2 * BADGE, draw))


def _number(facts: Gates, gate: Gate) -> int:
    return facts.gates.index(gate) + 1


def _suspects(facts: Gates) -> list[Part]:
    cards: list[Part] = []
    for at, gate in enumerate(facts.suspects):
        loud = at == 0
        rank = Middle(Text(RANKS[at], HEADING, 700, DENIED.text if loud else INK))
        name = Column([Text(_name(gate), 14, 700), Text(_state(gate), NOTE, fill=SECOND)], gap=2)
        why = Column(
            [Text(_why(gate), LABEL, 700 if loud else 400), Text(_effect(facts, gate), NOTE, fill=SECOND)], gap=2
        )
        line = Row([rank, _badge(_number(facts, gate), DENIED.text), name, why], [70, 2 * BADGE, 150, None], gap=16)
        edge = DENIED.mark if loud else RULE
        cards.append(Box(line, 16, 8, 8, fill=DENIED.wash if loud else WHITE, stroke=edge, thick=1.75 if loud else 1.5))
    if not cards:
        return []
    ranked = RULE_OF_RANK if facts.at_home or facts.named else RULE_ABROAD
    heading = Column([Text("Suspects", HEADING, 700), Text(ranked, NOTE, fill=SECOND)], gap=2)
    return [heading, Column(cards, gap=8)]


def _cleared(facts: Gates) -> list[Part]:
    gates = [gate for gate in facts.gates if gate not in facts.suspects]
    if not gates:
        return []
    rows = [
        [_badge(_number(facts, gate), INK), Middle(Text(_name(gate))), Middle(Text(_said(gate), NOTE, fill=SECOND))]
        for gate in gates
    ]  # fmt: skip
    words = "What each gate said" if facts.allowed else "Cleared, for this call"
    return [Text(words, HEADING, 700), grid(rows, [2 * BADGE, 160, None], gap=12, apart=4)]


def _brief(facts: Gates) -> Column:
    """The suspects, in lines of a lab's picture."""
    if facts.allowed:
        said = [
            [_badge(at, INK), Middle(Text(f"{_name(gate)}: {_said(gate)}", NOTE, fill=SECOND, cut=True))]
            for at, gate in enumerate(facts.gates, 1)
        ]
        return grid(said, [2 * BADGE, None], gap=8, apart=0)
    rows = [
        [_badge(_number(facts, gate), DENIED.text), Middle(Text(_name(gate), LABEL, 700)),
         Middle(Text(f"{_clue(gate)}; {_effect(facts, gate)}", NOTE, fill=SECOND, cut=True))]
        for gate in facts.suspects[:MOST_IN_A_LAB]
    ]  # fmt: skip
    more = len(facts.suspects) - MOST_IN_A_LAB
    heading = "Suspects" + (f", and {COUNTS[more]} more" if more > 0 else "")
    return Column([Text(heading, HEADING, 700), grid(rows, [2 * BADGE, 166, None], gap=8, apart=1)], gap=2)


def _clue(gate: Gate) -> str:
    if gate.named:
        return "AWS names it"
    return "read, and closed" if gate.state is State.CLOSED else SHORT_WAYS[gate.ways]


def _upright(facts: Gates) -> Column:
    """The road from top to bottom, with what each gate said beside it."""
    shut = next((at for at, gate in enumerate(facts.gates) if gate.stops), len(facts.gates))
    rows: list[Part] = []
    for at, gate in enumerate(facts.gates):
        suspect = gate in facts.suspects
        head = Row(
            [_badge(at + 1, DENIED.text if suspect else INK), Middle(Text(_name(gate), LABEL, 700))],
            [2 * BADGE, None],
            8,
        )
        said: list[Part] = [head, Text(_said(gate), NOTE, fill=SECOND)]
        if suspect:
            rank = facts.suspects.index(gate)
            said.append(Text(f"suspect {rank + 1}: {_why(gate)}; {_effect(facts, gate)}", NOTE, 700, DENIED.text))
        rows.append(Upright(gate, Box(Column(said, gap=3), 0, 8, 8), at <= shut, at < shut))
    return Column(rows)
