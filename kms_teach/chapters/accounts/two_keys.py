"""Two keys to one door: a call into another account, which both accounts must let through."""

from kms_teach.chapters.accounts.door import Door
from kms_teach.drawing.answers import EYE, framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Middle, Part, Row, Text, grid, mark, render
from kms_teach.drawing.look import ALLOWED, DENIED, LAB, LINE, NARROW, NOTE, SECOND, WASH, WHITE, WIDE, size
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.cross_account import ADMITS, Attempt, TwoKeys

HEADER = ("the key's policy", "the neighbour's IAM policy", "answer", "what decided", "in the trail of")
NOT_TRIED = "not tried yet"
LINE_STEP = 17  # px from line to line
SAYS = {WIDE: 236, LAB: 184}  # px: width of what the key's policy says
ROOM = {WIDE: (94, 17), LAB: (110, 0), NARROW: (178, 51)}  # px of height: any answer, whose trail tells
GAPS = {WIDE: (20, 16, 10, 8), LAB: (12, 8, 3, 4), NARROW: (16, 16, 10, 8)}  # px above, between, in a cell, of rows


def two_keys(facts: TwoKeys, *, lines: int = 1, canvas: int = WIDE) -> Picture:
    """Draw the last call at its two gates, and what was tried. `lines` as in Drawing: for a title that changes."""
    last, tried = facts.last, facts.tried
    title, second = (
        _title(facts),
        f"{last.who} of account {last.account} calls {last.operation} on a key of account {facts.owner}",
    )
    brief = f"{last.who} calls {last.operation} on a key of another account"
    told = " ".join(_sentence(attempt) for attempt in tried)
    alt = f"{second}. {_sentence(last)} {'Tried so far: ' + told if len(tried) > 1 else ''}".strip()
    drawings = [
        Drawing(name, title, alt, second=brief if width == LAB else second, width=width, lines=lines)
        for name, width in (("two-keys", canvas), ("two-keys-narrow", NARROW))
    ]
    wide, narrow = (render(d, _laid(facts, d.width), above=GAPS[d.width][0]) for d in drawings)
    rows = [
        (attempt.key_policy, attempt.iam_policy, attempt.code or "allowed", attempt.why, " and ".join(attempt.logged))
        for attempt in tried
    ]  # fmt: skip
    line = "; ".join(f"{attempt.admits} + {'IAM' if attempt.iam else 'no IAM'}: {attempt.outcome}" for attempt in tried)
    return Picture(title, alt, wide, narrow, table(HEADER, rows), f"Calls into another account: {line}")


def _title(facts: TwoKeys) -> str:
    last = facts.last
    if last.allowed:
        return "Both accounts said yes, and the door opens"
    if not last.iam and last.admits == "nobody":
        return "Neither account said yes: denied"
    return "Only the neighbour's account said yes: denied" if last.iam else "Only the key's account said yes: denied"


def _sentence(found: Attempt) -> str:
    return (
        f"The key's policy {found.key_policy}, {found.who}'s IAM policy {found.iam_policy}: "
        f"{'allowed' if found.allowed else found.code}, {found.why}."
    )


def _laid(facts: TwoKeys, canvas: int) -> Column:
    """The door, what was tried, what came back, and whose trail tells of it."""
    last, (answer, trail), (_, gap, _, _) = facts.last, ROOM[canvas], GAPS[canvas]
    told = Text(f"The call stands in the trail of account {' and of account '.join(last.logged)}.", leading=LINE_STEP)
    seen = Box(Row([mark("sees", tall=LINE_STEP), told], [EYE, None], gap=12), 0, 0, 0, least=trail)
    ended = Column([_answer(last, answer), *([seen] if trail else [])], gap=12)
    return Column([Door(facts, canvas), _stacked(facts) if canvas == NARROW else _rows(facts, canvas), ended], gap=gap)


def _rows(facts: TwoKeys, canvas: int) -> Column:
    """What was tried: a row for each thing the key's policy can say, a column for each of IAM."""
    silent, allows = (
        Text(words, weight=700, anchor="middle") for words in ("IAM policy is silent", "IAM policy allows it")
    )
    corner, before = ("Key policy", "") if canvas == LAB else ("", "Key policy ")
    rows: list[list[Part]] = [[Text(corner, NOTE, fill=SECOND), silent, allows]]
    rows += [[Middle(_says(facts, admits, before)), *_cells(facts, admits, canvas)] for admits in ADMITS]
    return grid(rows, [SAYS[canvas], None, None], gap=8 if canvas == LAB else 16, apart=GAPS[canvas][3])


def _stacked(facts: TwoKeys) -> Column:
    heads = Row([Text(words, NOTE, fill=SECOND) for words in ("IAM is silent", "IAM allows it")], gap=12)
    blocks = [
        Column([_says(facts, admits), heads, Row(_cells(facts, admits, NARROW), gap=12)], gap=4) for admits in ADMITS
    ]
    return Column(blocks, gap=16)


def _says(facts: TwoKeys, admits: str, before: str = "Key policy ") -> Text:
    return Text(f"{before}{ADMITS[admits].format(facts.last.who)}", weight=700)


def _cells(facts: TwoKeys, admits: str, canvas: int) -> list[Box]:
    return [_cell(facts.newest(admits, iam=iam), facts.last, GAPS[canvas][2]) for iam in (False, True)]


def _cell(tried: Attempt | None, last: Attempt, around: float) -> Box:
    """One combination: its answer, set off when it is the last one tried."""
    if tried is None:
        words = Text(NOT_TRIED, NOTE, fill=SECOND, anchor="middle", leading=20)
        return Box(words, 12, around, around, fill=WASH, stroke=LINE, thick=1)
    answer, tone = outcome(tried.allowed, tried.outcome), ALLOWED if tried.allowed else DENIED
    fill, stroke, thick = (tone.wash, tone.mark, 2) if tried is last else (WHITE, LINE, 1)
    return Box(answer, 12, around, around, fill=fill, stroke=stroke, thick=thick)


def _answer(last: Attempt, least: float) -> Box:
    """What came back, in a place of the same height for every answer."""
    if not last.allowed:
        return refusal(last.code, last.message, "Denied", least=least)
    back = "; ".join(f"{member}, {size(count)}" for member, count in last.returned) or "an answer without bytes"
    said = Text([f"Came back: {back}.", f"Account {last.account} called, so it pays for the request."], leading=18)
    return framed(Column([outcome(True), said], gap=8), ALLOWED, least=least)
