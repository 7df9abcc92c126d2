"""A condition held against a call: what a statement asks for, and what the call carries."""

from msgspec import Struct

from kms_teach.access.authorization import Authorization
from kms_teach.access.documents import every
from kms_teach.access.evidence import match_context
from kms_teach.access.statement import Document, MatchContext, Statement
from kms_teach.drawing import layout
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Text, card, grid, mark, render, rule
from kms_teach.drawing.look import (
    ALLOWED,
    DENIED,
    HEADING,
    KMS,
    LAB,
    LABEL,
    LINE,
    NARROW,
    NOTE,
    SECOND,
    WASH,
    WHITE,
    WIDE,
)
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

TOLD = ("kms:EncryptionContext:", "kms:ViaService", "aws:SourceIp", "aws:SourceArn", "aws:SourceAccount")
SECOND_LINE = "What the statement asks for, held against what the call carries"
NOTHING = "nothing"
BETWEEN, ANSWER, INDENT = 72, 126, 90  # px: between asked and carried, of the answer, before "fits"
SHORT = 60  # characters of two values together that a title has room for


class Row(Struct, frozen=True):
    """One condition: its operator and key, the values it needs, those that the call carries."""

    operator: str
    key: str
    needed: str
    had: str  # "" when the call does not carry the key
    holds: bool

    @property
    def miss(self) -> str:
        inside = "in " if self.operator.startswith("IpAddress") else ""
        return f"{self.key} must be {inside}{self.needed}, and the call carries {self.had or NOTHING}"


class Held(Struct, frozen=True):
    """The facts: who called what, the statement's conditions in order, what else the call carries, the answer."""

    who: str
    operation: str
    where: str
    rows: tuple[Row, ...]
    carries: tuple[tuple[str, str], ...]
    allowed: bool
    why: str

    @classmethod
    def of(cls, authorization: Authorization) -> "Held":
        """Read them off an authorization. Raises ValueError when no statement that was read has a condition."""
        context = match_context(authorization.request, authorization.documents)
        about = [
            (sum(not row.holds for row in _rows(statement, context)), document, statement)
            for document in every(authorization.documents)
            for statement in document.statements
            if statement.conditions and statement.about(context) and statement.covers(context)
        ]
        if not about:
            raise ValueError("no statement about this caller and this action has a condition: choose another call")
        _, document, statement = min(about, key=lambda each: each[0])
        return cls._of(authorization, document, statement, context)

    @classmethod
    def _of(
        cls, authorization: Authorization, document: Document, statement: Statement, context: MatchContext
    ) -> "Held":
        rows, decision = _rows(statement, context), authorization.decision
        known = {row.key.lower() for row in rows}
        carries = tuple(
            (name, " and ".join(values))
            for name, values in sorted(authorization.request.context.items())
            if name.startswith(TOLD) and name.lower() not in known
        )
        operation = authorization.request.action.removeprefix("kms:")
        where = f"{document.label}, {statement.label}"
        return cls(
            authorization.request.caller.label,
            operation,
            where,
            rows,
            carries,
            decision.allowed,
            decision.decisive.read,
        )

    @property
    def missed(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.holds)


def _rows(statement: Statement, context: MatchContext) -> tuple[Row, ...]:
    return tuple(
        Row(c.name, c.key, " or ".join(c.sources), " and ".join(context.keys.get(c.lowered, ())), c.holds(context.keys))
        for c in statement.conditions
    )


def condition(facts: Held, *, lines: int = 1, canvas: int = WIDE, least: float = 0) -> Picture:
    """Draw a statement's conditions beside the call.

    `lines` and `least` as in Drawing and render: for a title, and a height, that change.
    """
    title = _title(facts)
    told = " ".join(f"{row.operator}: {row.miss}; {'met' if row.holds else 'not met'}." for row in facts.rows)
    also = f" The call also carries {_pairs(facts.carries)}." if facts.carries else ""
    alt = f"{facts.who} calls {facts.operation}. {facts.where} allows it on a condition. {told}{also} {_outcome(facts)}"
    calls = f"{facts.who} calls {facts.operation}"
    wide = Drawing("condition", title, alt, second=calls if canvas == LAB else SECOND_LINE, width=canvas, lines=lines)
    narrow = Drawing("condition-narrow", title, alt, second=SECOND_LINE, width=NARROW, lines=lines)
    rows = [(row.key, row.operator, row.needed, row.had or NOTHING, "yes" if row.holds else "no") for row in facts.rows]
    line = "; ".join(f"{row.key} {row.needed} / {row.had or NOTHING}" for row in facts.rows)
    header = ("condition key", "operator", "needed", "carried", "met")
    return Picture(
        title,
        alt,
        render(wide, _laid(facts, canvas), least=least),
        render(narrow, _laid(facts, NARROW)),
        table(header, rows),
        f"Condition: {line}: {'allowed' if facts.allowed else 'denied'}",
    )


def _title(facts: Held) -> str:
    if not facts.missed:
        return (
            "The call carries what the statement asks for"
            if facts.allowed
            else "The condition is met, and it is denied all the same"
        )
    row, more = facts.missed[0], f", and {len(facts.missed) - 1} more" if len(facts.missed) > 1 else ""
    if facts.allowed:
        return f"Allowed, though not by this statement: {row.key} differs{more}"
    if not row.had:
        return f"Denied: the call carries no {row.key}{more}"
    if len(row.had + row.needed) > SHORT:
        return f"Denied: {row.key} is not what the statement asks for{more}"
    return f"Denied: {row.key} is {row.had}, not {row.needed}{more}"


def _outcome(facts: Held) -> str:
    return f"Allowed: {facts.why}." if facts.allowed else f"Denied: {facts.why}."


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in pairs)


def _laid(facts: Held, canvas: int) -> Column:
    wide = canvas != NARROW
    where, carries = _note(facts.where), _note("the call carries")
    held: list[Part] = [where, *(part for row in facts.rows for part in _below(row, carries))]
    if wide:
        widths = [None, BETWEEN, None]
        pairs = grid([_beside(row) for row in facts.rows], widths, gap=0, apart=12)
        held = [Column([layout.Row([where, Gap(), carries], widths), pairs], gap=4)]
    others = f"The call also carries {_pairs(facts.carries)}: nobody asks for it." if facts.carries else ""
    words = f"What decided: {facts.why}."
    if facts.missed and not facts.allowed:
        words = f"One condition short: {facts.missed[0].miss}." if len(facts.missed) == 1 else "Nothing else allows it."
    last: list[Part] = [outcome(facts.allowed), Text(words, leading=20)]
    if wide:
        last = [layout.Row(last, [ANSWER, None])]
    head = Text(f"{facts.who} calls {facts.operation}", HEADING, 700)
    return Column([*([] if canvas == LAB else [head]), *held, _note(others), rule(), *last], gap=10)


def _note(words: str) -> Text:
    return Text(words, NOTE, fill=SECOND)


def _beside(row: Row) -> list[Part]:
    return [_needed(row), Middle(mark("allowed" if row.holds else "denied", 1.5)), _carried(row)]


def _below(row: Row, carries: Text) -> list[Part]:
    fits = outcome(row.holds, "fits" if row.holds else "does not fit", LABEL)
    return [_needed(row), layout.Row([Gap(), fits], [INDENT, None]), carries, _carried(row)]


def _needed(row: Row) -> Box:
    words = [Text(row.key, weight=700, fill=KMS.text), Text(row.needed, mono=True), _note(row.operator)]
    return card(Column(words, gap=4), KMS)


def _carried(row: Row) -> Box:
    tone = ALLOWED if row.holds else DENIED
    words = [Text(row.key, weight=700), Text(row.had or NOTHING, mono=bool(row.had), fill=tone.text)]
    edge = tone.mark if row.had or not row.holds else LINE
    return Box(Column(words, gap=4), fill=WHITE if row.had else WASH, stroke=edge, thick=1.75)
