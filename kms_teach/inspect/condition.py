"""A condition held against a call: what a statement asks for, and what the call carries."""

from dataclasses import dataclass

from kms_teach.access.authorization import Authorization
from kms_teach.access.documents import every
from kms_teach.access.evidence import match_context
from kms_teach.access.statement import Document, MatchContext, Statement
from kms_teach.drawing import scene
from kms_teach.drawing.lettering import wrap
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, KMS, LABEL, LINE, NARROW, NOTE, SECOND, WASH, WHITE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

TOLD = ("kms:EncryptionContext:", "kms:ViaService", "aws:SourceIp", "aws:SourceArn", "aws:SourceAccount")
SECOND_LINE = "What the statement asks for, held against what the call carries"
NOTHING = "nothing"
SHORT = 60  # characters of two values together that a title has room for


@dataclass(frozen=True, slots=True)
class Row:
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


@dataclass(frozen=True, slots=True)
class Held:
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


def condition(facts: Held, *, lines: int = 1) -> Picture:
    """Draw a statement's conditions beside the call. `lines` as in Drawing: for a title that changes."""
    title = _title(facts)
    told = " ".join(f"{row.operator}: {row.miss}; {'met' if row.holds else 'not met'}." for row in facts.rows)
    also = f" The call also carries {_pairs(facts.carries)}." if facts.carries else ""
    alt = f"{facts.who} calls {facts.operation}. {facts.where} allows it on a condition. {told}{also} {_outcome(facts)}"
    wide = _draw(Drawing("condition", title, alt, second=SECOND_LINE, lines=lines), facts)
    narrow = _draw(Drawing("condition-narrow", title, alt, second=SECOND_LINE, width=NARROW, lines=lines), facts)
    rows = [(row.key, row.operator, row.needed, row.had or NOTHING, "yes" if row.holds else "no") for row in facts.rows]
    line = "; ".join(f"{row.key} {row.needed} / {row.had or NOTHING}" for row in facts.rows)
    header = ("condition key", "operator", "needed", "carried", "met")
    return Picture(
        title, alt, wide, narrow, table(header, rows), f"Condition: {line}: {'allowed' if facts.allowed else 'denied'}"
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


def _draw(d: Drawing, facts: Held) -> str:
    wide = d.width > NARROW
    w = (d.room - 72) / 2 if wide else d.room
    y = d.text(d.left, d.top + 22, f"{facts.who} calls {facts.operation}", HEADING, weight=700, room=d.room)
    d.text(d.left, y + 12, facts.where, NOTE, fill=SECOND, room=w, step=16)
    if wide:
        d.text(d.right - w, y + 12, "the call carries", NOTE, fill=SECOND)
        y += 20
    else:
        y += 12 + 16 * len(wrap(facts.where, w, NOTE))
    for row in facts.rows:
        y = (_beside if wide else _below)(d, row, y, w) + 12
    others = f"The call also carries {_pairs(facts.carries)}: nobody asks for it." if facts.carries else ""
    y = d.text(d.left, y + 14, others, NOTE, fill=SECOND, room=d.room, step=16) if others else y
    d.rule(y + 2)
    scene.outcome(d, d.left + 10, y + 26, facts.allowed)
    x, top = (d.left + 118, y + 30) if wide else (d.left, y + 54)
    words = f"What decided: {facts.why}."
    if facts.missed and not facts.allowed:
        words = f"One condition short: {facts.missed[0].miss}." if len(facts.missed) == 1 else "Nothing else allows it."
    d.height = d.text(x, top, words, room=d.right - x, step=18) + 8
    return d.svg()


def _height(row: Row, w: float) -> float:
    lines = max(
        len(wrap(row.needed, w - 28, LABEL, mono=True)), len(wrap(row.had or NOTHING, w - 28, LABEL, mono=True))
    )
    return 54 + 18 * lines


def _beside(d: Drawing, row: Row, y: float, w: float) -> float:
    high = _height(row, w)
    _needed(d, row, d.left, y, w, high)
    _carried(d, row, d.right - w, y, w, high)
    d.use("allowed" if row.holds else "denied", d.left + w + 36, y + high / 2, 1.5)
    return y + high


def _below(d: Drawing, row: Row, y: float, w: float) -> float:
    high = _height(row, w)
    _needed(d, row, d.left, y, w, high)
    scene.outcome(d, d.left + w / 2 - 60, y + high + 20, row.holds, "fits" if row.holds else "does not fit", LABEL)
    d.text(d.left, y + high + 58, "the call carries", NOTE, fill=SECOND)
    _carried(d, row, d.left, y + high + 66, w, high)
    return y + 2 * high + 66


def _needed(d: Drawing, row: Row, x: float, y: float, w: float, high: float) -> None:
    d.rect(x, y, w, high, 8, fill=KMS.wash, stroke=KMS.mark)
    d.text(x + 14, y + 24, row.key, weight=700, fill=KMS.text)
    d.text(x + 14, y + 44, row.needed, mono=True, room=w - 28, step=18)
    d.text(x + 14, y + high - 10, row.operator, NOTE, fill=SECOND)


def _carried(d: Drawing, row: Row, x: float, y: float, w: float, high: float) -> None:
    tone = ALLOWED if row.holds else DENIED
    d.rect(
        x,
        y,
        w,
        high,
        8,
        fill=WHITE if row.had else WASH,
        stroke=tone.mark if row.had or not row.holds else LINE,
        thick=1.75,
    )
    d.text(x + 14, y + 24, row.key, weight=700)
    if row.had:
        d.text(x + 14, y + 44, row.had, mono=True, fill=tone.text, room=w - 28, step=18)
    else:
        d.text(x + 14, y + 44, NOTHING, fill=tone.text)
