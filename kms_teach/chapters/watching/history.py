"""The event history as a detective's table: a row for each event, and one of them opened below."""

from functools import partial

from kms_teach.chapters.watching.looked_up import ANYTHING, LookedUp, Seen
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Box, Column, Fitted, Part, Row, Text, card, grid, render
from kms_teach.drawing.look import DENIED, KMS, LAB, MONTHS, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.rows import heads, washed
from kms_teach.drawing.svg import Drawing

HIGH = 500  # px, beside a lab's controls
COLUMNS = {  # px of width: when, what, who, from where, with which context, how it went
    WIDE: (96, 140, 66, 106, None, 64),
    LAB: (92, 150, 66, None, 64),
    NARROW: (92, None, 66),
}
HEADS = {
    WIDE: ("time", "event", "caller", "from", "encryption context", ""),
    LAB: ("time", "event", "caller", "from", ""),
    NARROW: ("time", "event", "caller"),
}
TERM = 104  # px: what a field is called
STEP = 18  # px, of a row's line
NONE, OPEN = "none", "Open the event"
CLICK = "Click a row to open it, or choose it beside."


def history(facts: LookedUp, *, canvas: int = WIDE, lines: int = 1, rows: int = 0) -> Picture:
    """Draw a page of the history. `rows`: how many have room, so that the opened one keeps its place."""
    title, alt = _title(facts), _alt(facts)
    second = "Event history, the newest first. Times are UTC" + (f". Page {facts.page}" if facts.page > 1 else "")
    wide, narrow = (
        render(
            Drawing(f"history-{width}", title, alt, second=second, width=width, lines=lines),
            _laid(facts, width, rows), above=8, least=HIGH if width == LAB else 0,
        )
        for width in (canvas, NARROW)
    )  # fmt: skip
    data = [
        (when(r), r.operation, r.who, r.source, r.key or NONE, r.pairs or NONE, r.error or NONE) for r in facts.rows
    ]
    header = ("time", "event", "caller", "from", "key", "encryption context", "error")
    line = f"History{_asked(facts)}: {len(facts.rows)} events" + (", and more" if facts.more else "")
    line += f"; opened: {_told(facts.row)}" if facts.row else ""
    return Picture(title, alt, wide, narrow, table(header, data) if data else None, line)


def when(row: Seen) -> str:
    """A moment as rows have it: 17 Jun 02:04."""
    return f"{row.at.day} {MONTHS[row.at.month - 1]} {row.at:%H:%M}"


def _title(facts: LookedUp) -> str:
    if row := facts.row:
        if row.error:
            return f"{row.who} was refused: {row.error}"
        what = f" with {row.pairs}" if row.pairs else ""
        return f"{row.who} called {row.operation}{what}"
    if not facts.rows:
        return "No event is found"
    count = f"{len(facts.rows)} event{'' if len(facts.rows) == 1 else 's'}"
    return f"{count}, and more on the next page" if facts.more else f"{count}, and that is all"


def _asked(facts: LookedUp) -> str:
    return "" if facts.attribute == ANYTHING else f" where {facts.attribute[0]} is {_short(facts.attribute[1])}"


def _short(value: str) -> str:
    """An id that is new in every run has no place in the line by which notebooks are compared."""
    return "…" if value.startswith(("arn:", "AKIA", "ASIA")) else value


def _told(row: Seen) -> str:
    pairs = f", {row.pairs}" if row.pairs else ""
    key = f" on {row.key}" if row.key and "…" not in row.key else ""
    return f"{when(row)} {row.who} {row.operation}{key}{pairs}" + (f", {row.error}" if row.error else "")


def _alt(facts: LookedUp) -> str:
    listed = "; ".join(f"{when(r)}, {r.who} from {r.source}, {r.operation}, {r.error or 'worked'}" for r in facts.rows)
    return f"Looked up{_asked(facts) or ' without an attribute'}. {listed or 'Nothing was found'}."


def _laid(facts: LookedUp, canvas: int, room: int) -> Part:
    listed: list[Part] = [Row(heads(HEADS[canvas]), COLUMNS[canvas], 8)]
    listed += [_row(row, canvas, at, at == facts.opened) for at, row in enumerate(facts.rows)]
    missing = max(room - len(facts.rows), 0)
    listed += [washed(Text(" ", NOTE, leading=STEP), None, around=2) for _ in range(missing)]
    hint = Text(CLICK if canvas == LAB and facts.rows else "", NOTE, fill=SECOND)
    return Column([Column(listed, 2), _opened(facts.row, canvas) if facts.row else hint], 10)


def _row(row: Seen, canvas: int, at: int, opened: bool) -> Part:
    weight = 700 if opened else 400
    went = Text("refused" if row.error else "", NOTE, 700, DENIED.text, leading=STEP)
    whole = [when(row), row.operation, row.who, row.source]
    cells: list[Part] = [Text(words, NOTE, weight, leading=STEP, cut=True) for words in whole]
    if canvas == WIDE:
        cells.append(Text(row.pairs, NOTE, weight, leading=STEP))
    if canvas == NARROW:
        lines = [row.operation, row.source, *filter(None, (row.pairs, "refused" if row.error else ""))]
        cells = [Text(words, NOTE, weight, leading=STEP) for words in (when(row), lines, row.who)]
    else:
        cells.append(went)
    tone = (DENIED if row.error else KMS) if opened else None
    line = washed(Row(cells, COLUMNS[canvas], 8), tone, around=2)
    return Box(line, 0, 0, 0, frame=partial(_points, at)) if canvas == LAB else line


def _points(at: int, d: Drawing, x: float, y: float, w: float, h: float) -> None:
    d.points(x, y, w, h, OPEN, at + 1)  # 0 is that none is open


def _opened(row: Seen, canvas: int) -> Part:
    """The event's members, as many as a question needs."""
    fields = [
        ("who", f"{row.who}, {row.access_key[:4]}… from {row.source}" if row.access_key else row.who),
        ("key", row.key or NONE),
        ("context", row.pairs or NONE),
        ("sent by", row.service or "the caller"),
        ("not in it", "the plaintext, the ciphertext"),
    ]
    terms = [[Text(name, NOTE, fill=SECOND), Text(words, NOTE)] for name, words in fields]
    went = outcome(not row.error, row.error or "worked", 13)
    name = Text(f"{row.operation}, {when(row)}", weight=700, leading=20)
    head: Part = Column([name, went], 2) if canvas == NARROW else Row([name, went], [None, 240], 8)
    body = Fitted(lambda width: grid(terms, [min(TERM, width * 0.24), None], gap=8, apart=2))
    return card(Column([head, body], 6), DENIED if row.error else KMS, above=8, below=8)
