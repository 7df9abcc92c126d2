"""Who may do what with a key: each permission for each principal, with what decided in its cell.

who_may(sim.who_may("alias/lab")) draws it as it stands; with `before=`, what an edit changed: the cells that opened or
closed are loud, the others pale.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kms_teach.access.matrix import Cell, Matrix, changed
from kms_teach.access.reasons import Check
from kms_teach.drawing.lettering import shorten, wrap
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, INK, LABEL, LINE, NARROW, NOTE, RULE, SECOND
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

MOST = 6  # principals side by side; more are named below
REASONS = {  # what decided, and whether it allowed: the words in the cell
    (Check.NAMED, True): "key policy", (Check.NAMED, False): "not in key policy",
    (Check.DELEGATED, True): "key policy", (Check.DELEGATED, False): "not in key policy",
    (Check.IAM, True): "IAM policy", (Check.IAM, False): "no IAM policy",
    (Check.GRANT, True): "grant", (Check.GRANT, False): "no grant",
    (Check.RETIREMENT, True): "grant", (Check.RETIREMENT, False): "no grant",
    (Check.DENY, False): "a Deny", (Check.REACH, False): "other account",
    (Check.ENDPOINT, False): "VPC endpoint", (Check.SCP, False): "SCP",
    (Check.BOUNDARY, False): "boundary", (Check.SESSION, False): "session",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """One cell. `was` is what it was before the edit, None when it did not change."""

    allowed: bool
    reason: str
    full: str
    was: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The matrix as drawn: a column for each principal, a row for each permission; `edited` when it is a difference."""

    people: tuple[tuple[str, str], ...]  # name, and the account or kind in a few words
    actions: tuple[str, ...]
    cells: tuple[tuple[Seen, ...], ...]  # a row for each action
    edited: bool
    left_out: tuple[str, ...]

    @property
    def opened(self) -> list[tuple[str, str]]:
        return self._turned(to=True)

    @property
    def closed(self) -> list[tuple[str, str]]:
        return self._turned(to=False)

    def _turned(self, *, to: bool) -> list[tuple[str, str]]:
        return [
            (name, action)
            for action, row in zip(self.actions, self.cells, strict=True)
            for (name, _), cell in zip(self.people, row, strict=True)
            if cell.was is not None and cell.allowed is to
        ]

    def may(self, action: str) -> list[str]:
        """The names of those who may do it."""
        row = self.cells[self.actions.index(action)]
        return [name for (name, _), cell in zip(self.people, row, strict=True) if cell.allowed]


def read(matrix: Matrix, before: Matrix | None = None) -> Facts:
    """Read a matrix, and what changed since another of the same rows and columns."""
    turned = {(c.principal, c.action): c.before.allowed for c in changed(before, matrix)} if before else {}
    loud = [arn for arn in matrix.rows if any(place[0] == arn for place in turned)]
    shown = (
        [arn for arn in matrix.rows if arn in [*loud, *matrix.rows][:MOST]] if len(matrix.rows) > MOST else matrix.rows
    )
    shown = list(shown)[:MOST]
    home = matrix.rows[0].split(":")[4] if matrix.rows else ""  # the key's root user comes first
    return Facts(
        people=tuple(_person(arn, home) for arn in shown),
        actions=matrix.columns,
        cells=tuple(
            tuple(_seen(matrix.cells[arn, action], turned.get((arn, action))) for arn in shown)
            for action in matrix.columns
        ),
        edited=before is not None,
        left_out=tuple(_person(arn, home)[0] for arn in matrix.rows if arn not in shown),
    )


def _seen(cell: Cell, was: bool | None) -> Seen:
    return Seen(cell.allowed, REASONS[cell.check, cell.allowed], cell.reason, was)


def _person(arn: str, home: str) -> tuple[str, str]:
    """The name, and what it is: in the key's own account the kind, else the account."""
    account, what = arn.split(":")[4:6]
    kind, _, name = what.partition("/")
    named = {"root": "root user", "assumed-role": name.partition("/")[0]}.get(kind, name.rpartition("/")[2])
    said = {"root": account, "assumed-role": "role", "user": "user"}.get(kind, kind)
    return named, said if account == home else account


def who_may(matrix: Matrix, before: Matrix | None = None) -> Picture:
    """Draw who may do what, or what an edit changed."""
    facts = read(matrix, before)
    message, second = _title(facts), _second(facts)
    rows = [
        (action, *(_words(cell, full=True) for cell in row))
        for action, row in zip(facts.actions, facts.cells, strict=True)
    ]
    alt = " ".join([second, *_sentences(facts)])
    wide = _wide(Drawing("who", message, alt, second=second), facts)
    narrow = _narrow(Drawing("who-narrow", message, alt, second=second, width=NARROW), facts)
    data = table(("permission", *(f"{name} ({where})" for name, where in facts.people)), rows)
    line = "; ".join(f"{action}: {_and(facts.may(action)) or 'nobody'}" for action in facts.actions)
    return Picture(message, alt, wide, narrow, data, f"{message}. {line}")


def _title(facts: Facts) -> str:
    if facts.edited:
        opened, closed = facts.opened, facts.closed
        if not opened and not closed:
            return "The edit changes nothing about who may do what"
        parts = [_turned(cells, verb) for cells, verb in ((opened, "opens"), (closed, "closes")) if cells]
        return f"The edit {', and '.join(parts)}"
    action = "Decrypt" if "Decrypt" in facts.actions else facts.actions[0]
    may = facts.may(action)
    if len(may) == len(facts.people) and not facts.left_out:
        return f"Everybody here may {action}"
    return f"Only {_and(may).replace('root user', 'the root user')} may {action}" if may else f"Nobody may {action}"


def _turned(cells: Sequence[tuple[str, str]], verb: str) -> str:
    who = _and(list(dict.fromkeys(name for name, _ in cells))).replace("root user", "the root user")
    return f"{verb} {len(cells)} permission{'s' if len(cells) > 1 else ''} {'for' if verb == 'opens' else 'of'} {who}"


def _second(facts: Facts) -> str:
    if facts.edited:
        return "Framed is what the edit turned round; all the rest is as before."
    return "Each cell says what decided it."


def _words(cell: Seen, *, full: bool = False) -> str:
    said = f"{'yes' if cell.allowed else 'no'}, {cell.full if full else cell.reason}"
    return said if cell.was is None else f"{said} (was {'yes' if cell.was else 'no'})"


def _sentences(facts: Facts) -> list[str]:
    found = []
    for at, (name, _) in enumerate(facts.people):
        told = ", ".join(
            f"{action} {'yes' if row[at].allowed else 'no'}" + ("" if row[at].was is None else " (changed)")
            for action, row in zip(facts.actions, facts.cells, strict=True)
        )
        found.append(f"{name}: {told}.")
    return found + ([f"Not drawn: {_and(facts.left_out)}."] if facts.left_out else [])


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


# --- drawing --------------------------------------------------------------------------------------------------------

NAMES = 172  # px for the permissions' names
ROW = 46


def _wide(d: Drawing, facts: Facts) -> str:
    column = (d.room - NAMES) / max(len(facts.people), 1)
    y = d.top + 18
    for at, (name, where) in enumerate(facts.people):
        x = d.left + NAMES + column * at + 8
        d.text(x, y, shorten(name, column - 12, bold=True), weight=700)
        d.text(x, y + 17, shorten(where, column - 12, NOTE), NOTE, fill=SECOND)
    y += 30
    for action, row in zip(facts.actions, facts.cells, strict=True):
        d.rule(y)
        d.text(d.left, y + 28, shorten(action, NAMES - 10, bold=True), weight=650)
        for at, cell in enumerate(row):
            _cell(d, facts, cell, d.left + NAMES + column * at, y, column)
        y += ROW
    y = _left_out(d, facts, y)
    d.height = y + 10
    return d.svg()


def _cell(d: Drawing, facts: Facts, cell: Seen, x: float, y: float, w: float) -> None:
    tone = ALLOWED if cell.allowed else DENIED
    if cell.was is not None:
        d.rect(x + 2, y + 3, w - 6, ROW - 6, 6, fill=tone.wash, stroke=tone.mark, thick=2)
    words = wrap(cell.reason, w - 38, NOTE)[:2]
    _mark(d, cell.allowed, x + 18, y + ROW / 2, pale=facts.edited and cell.was is None)
    loud = cell.was is not None
    d.text(x + 32, y + ROW / 2 + 4.5 - 7.5 * (len(words) - 1), words, NOTE,
           fill=tone.text if loud else SECOND if facts.edited or not cell.allowed else INK, step=15)  # fmt: skip


def _mark(d: Drawing, allowed: bool, x: float, y: float, *, pale: bool) -> None:
    if not pale:
        d.use("allowed" if allowed else "denied", x, y)
    elif allowed:
        d.path("M", x - 5, y, "L", x - 1, y + 4, "L", x + 6, y - 5, stroke=LINE, thick=2)
    else:
        d.path("M", x - 4, y - 4, "L", x + 4, y + 4, "M", x + 4, y - 4, "L", x - 4, y + 4, stroke=LINE, thick=2)


def _narrow(d: Drawing, facts: Facts) -> str:
    y = d.top + 18
    for at, (name, where) in enumerate(facts.people):
        d.rule(y - 20)
        d.text(d.left, y, shorten(name, 180, HEADING, bold=True), HEADING, weight=700)
        d.text(d.right, y, where, NOTE, fill=SECOND, anchor="end")
        y += 12
        for action, row in zip(facts.actions, facts.cells, strict=True):
            cell, tone = row[at], ALLOWED if row[at].allowed else DENIED
            loud = cell.was is not None
            if loud:
                d.rect(d.left, y, d.room, 24, 5, fill=tone.wash, stroke=tone.mark)
            _mark(d, cell.allowed, d.left + 14, y + 12, pale=facts.edited and not loud)
            d.text(d.left + 32, y + 16.5, shorten(action, 160), LABEL, weight=650 if loud else 400)
            d.text(d.right - 6, y + 16.5, cell.reason, NOTE, fill=tone.text if loud else SECOND, anchor="end")
            y += 27
        y += 30
    y = _left_out(d, facts, y - 22)
    d.height = y + 8
    return d.svg()


def _left_out(d: Drawing, facts: Facts, y: float) -> float:
    d.line(d.left, y, d.right, y, stroke=RULE, thick=1)
    if not facts.left_out:
        return y + 8
    words = f"and {len(facts.left_out)} more: {_and(facts.left_out)}"
    return d.text(d.left, y + 20, words, NOTE, fill=SECOND, room=d.room)
