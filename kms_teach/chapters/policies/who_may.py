"""Who may do what with a key: each permission for each principal, with what decided in its cell.

who_may(sim.who_may("alias/lab")) draws it as it stands; with `before=`, what an edit changed: the cells that opened or
closed are loud, the others pale.
"""

from collections.abc import Sequence

from msgspec import Struct

from kms_teach.access.matrix import Cell, Matrix, changed
from kms_teach.access.reasons import Check
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Scene, Text, mark, render, rule, sketch
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, INK, LAB, LINE, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

ROOT = "root user"
MOST = 6  # principals side by side; more are named below
REASONS = {  # what decided, and whether it allowed: the words in the cell
    (Check.NAMED, True): "key policy", (Check.NAMED, False): "not in key policy",
    (Check.DELEGATED, True): "key policy", (Check.DELEGATED, False): "not in key policy",
    (Check.IAM, True): "IAM policy", (Check.IAM, False): "no IAM policy",
    (Check.SHARED, True): "shared", (Check.SHARED, False): "not shared",
    (Check.GRANT, True): "grant", (Check.GRANT, False): "no grant",
    (Check.RETIREMENT, True): "grant", (Check.RETIREMENT, False): "no grant",
    (Check.DENY, False): "a Deny", (Check.REACH, False): "other account",
    (Check.ENDPOINT, False): "VPC endpoint", (Check.SCP, False): "SCP",
    (Check.BOUNDARY, False): "boundary", (Check.SESSION, False): "session",
}  # fmt: skip


class Seen(Struct, frozen=True):
    """One cell. `was` is what it was before the edit, None when it did not change."""

    allowed: bool
    reason: str
    full: str
    was: bool | None = None


class Facts(Struct, frozen=True):
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

    @property
    def folded(self) -> list[tuple[tuple[str, ...], tuple[Seen, ...]]]:
        """Each kind of row once, with all permissions that have it, in their order; the full reasons may differ."""
        kinds: dict[tuple[tuple[bool, str, bool | None], ...], list[int]] = {}
        for at, row in enumerate(self.cells):
            kinds.setdefault(tuple((cell.allowed, cell.reason, cell.was) for cell in row), []).append(at)
        return [(tuple(self.actions[at] for at in places), self.cells[places[0]]) for places in kinds.values()]

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
    named = {"root": ROOT, "assumed-role": name.partition("/")[0]}.get(kind, name.rpartition("/")[2])
    label = {"root": account, "assumed-role": "role", "user": "user"}.get(kind, kind)
    return named, label if account == home else account


def who_may(matrix: Matrix, before: Matrix | None = None, *, canvas: int = WIDE, least: float = 0) -> Picture:
    """Draw who may do what, or what an edit changed; permissions whose rows are alike share one."""
    facts = read(matrix, before)
    message, second = _title(facts), _second(facts)
    rows = [
        (action, *(_words(cell, full=True) for cell in row))
        for action, row in zip(facts.actions, facts.cells, strict=True)
    ]
    alt = " ".join([second, *_sentences(facts)])
    lines = 2 if canvas == LAB else 1
    drawn = Drawing("who", message, alt, second=second, width=canvas, lines=lines)
    wide = render(drawn, _wide(facts, canvas), above=8, below=12, least=least)
    narrow = render(Drawing("who-narrow", message, alt, second=second, width=NARROW), _narrow(facts), above=4, below=12)
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
    answer = f"{'yes' if cell.allowed else 'no'}, {cell.full if full else cell.reason}"
    return answer if cell.was is None else f"{answer} (was {'yes' if cell.was else 'no'})"


def _sentences(facts: Facts) -> list[str]:
    sentences = []
    for at, (name, _) in enumerate(facts.people):
        told = ", ".join(
            f"{action} {'yes' if row[at].allowed else 'no'}" + ("" if row[at].was is None else " (changed)")
            for action, row in zip(facts.actions, facts.cells, strict=True)
        )
        sentences.append(f"{name}: {told}.")
    return sentences + ([f"Not drawn: {_and(facts.left_out)}."] if facts.left_out else [])


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


# --- drawing --------------------------------------------------------------------------------------------------------

NAMES = {WIDE: 172, LAB: 146}  # px of width: the permissions' names
BETWEEN = 6  # px of width: between two cells, and from a frame to its mark
CELL, LOW = 38, 23  # px of height: a cell at least, and where its reason has one line
MARK, PERMISSION = 18, 160  # px of width: a mark; a permission's name on the narrow canvas
PALE = {True: "m-5 0l4 4 7-9", False: "m-4-4l8 8m0-8l-8 8"}  # tick and cross of what is as before, about the middle


def _wide(facts: Facts, canvas: int) -> Column:
    widths = [NAMES[canvas], *[None] * len(facts.people)]
    heads: list[Part] = [Gap(), *(_head(*person, canvas) for person in facts.people)]
    body: list[Part] = [rule()]
    for actions, row in facts.folded:
        cells = [_cell(facts, cell, canvas) for cell in row]
        names = Column([Text(action, weight=650, cut=True) for action in actions])
        body += [Row([Middle(names), *map(Middle, cells)], widths, BETWEEN), rule()]
    return Column([Row(heads, widths, BETWEEN), Column(body, gap=4), _left_out(facts)], gap=8)


def _head(name: str, where: str, canvas: int) -> Row:
    name = "root" if canvas == LAB and name == ROOT else name
    words = Column([Text(name, weight=700, cut=True), Text(where, NOTE, fill=SECOND, cut=True)])
    return Row([Gap(), words], [BETWEEN, None])


def _cell(facts: Facts, cell: Seen, canvas: int) -> Box:
    reason = Text(cell.reason, NOTE, fill=_ink(facts, cell), leading=15)
    if canvas == LAB:  # too little room for words beside the mark
        below = Text(cell.reason, NOTE, fill=_ink(facts, cell), anchor="middle", leading=15)
        return _framed(Column([Gap(3), _mark(facts, cell), below, Gap(3)], 2), cell, CELL, r=6, thick=2)
    words = Row([Middle(_mark(facts, cell)), Middle(reason)], [MARK, None], gap=4)
    return _framed(Middle(words), cell, CELL, r=6, thick=2)


def _framed(part: Part, cell: Seen, least: float, *, r: float, thick: float = 1.5) -> Box:
    """A frame of the same size around every cell, seen around one that turned."""
    tone = ALLOWED if cell.allowed else DENIED
    fill, stroke = ("none", None) if cell.was is None else (tone.wash, tone.mark)
    return Box(part, BETWEEN, 0, 0, least=least, fill=fill, stroke=stroke, thick=thick, r=r)


def _ink(facts: Facts, cell: Seen) -> str:
    if cell.was is not None:
        return (ALLOWED if cell.allowed else DENIED).text
    return SECOND if facts.edited or not cell.allowed else INK


def _mark(facts: Facts, cell: Seen) -> Scene:
    if facts.edited and cell.was is None:
        return sketch(MARK, lambda d, x, y: d.path("M", x, y, PALE[cell.allowed], stroke=LINE, thick=2))
    return mark("allowed" if cell.allowed else "denied")


def _narrow(facts: Facts) -> Column:
    people = [_all_of(facts, at) for at in range(len(facts.people))]
    return Column([*people, Column([rule(), _left_out(facts)], gap=8)], gap=12)


def _all_of(facts: Facts, at: int) -> Column:
    """One principal, with a line for each permission."""
    lines = [_line(facts, actions, row[at]) for actions, row in facts.folded]
    return Column([rule(), _named(*facts.people[at]), Column(lines, gap=4)], gap=6)


def _named(name: str, where: str) -> Row:
    return Row([Text(name, HEADING, 700, cut=True), Text(where, NOTE, fill=SECOND, anchor="end", leading=20)], gap=12)


def _line(facts: Facts, actions: Sequence[str], cell: Seen) -> Box:
    """Permissions with their mark before them and the reason at the right."""
    turned = cell.was is not None
    permission = Text(actions, weight=650 if turned else 400, leading=LOW, cut=True)
    fill = _ink(facts, cell) if turned else SECOND
    reason = Text(cell.reason, NOTE, fill=fill, anchor="end", leading=LOW)
    words = Row([Middle(_mark(facts, cell)), permission, reason], [MARK, PERMISSION, None], gap=8)
    return _framed(words, cell, LOW, r=5)


def _left_out(facts: Facts) -> Text:
    hidden = facts.left_out
    return Text(f"and {len(hidden)} more: {_and(hidden)}" if hidden else "", NOTE, fill=SECOND)
