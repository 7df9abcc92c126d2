"""Two keys to one door: a call into another account, which both accounts must let through."""

from kms_teach.chapters.accounts.door import Door
from kms_teach.drawing.answers import EYE, framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Text, grid, mark, render
from kms_teach.drawing.look import ALLOWED, DENIED, LINE, NARROW, NOTE, SECOND, WASH, WHITE, size
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.cross_account import ADMITS, Attempt, TwoKeys

HEADER = ("the key's policy", "the neighbour's IAM policy", "answer", "what decided", "in the trail of")
NOT_TRIED = "not tried yet"
SAYS, LINE_STEP = 236, 17  # px: width of what the key's policy says; from line to line
ROOM = {"wide": (94, 17), "narrow": (178, 51)}  # px of height for every answer, and for whose trail tells of it


def two_keys(facts: TwoKeys, *, lines: int = 1) -> Picture:
    """Draw the last call at its two gates, and what was tried. `lines` as in Drawing: for a title that changes."""
    last, tried = facts.last, facts.tried
    title, second = (
        _title(facts),
        f"{last.who} of account {last.account} calls {last.operation} on a key of account {facts.owner}",
    )
    told = " ".join(_sentence(attempt) for attempt in tried)
    alt = f"{second}. {_sentence(last)} {'Tried so far: ' + told if len(tried) > 1 else ''}".strip()
    wide = render(Drawing("two-keys", title, alt, second=second, lines=lines), _laid(facts, wide=True), above=20)
    small = Drawing("two-keys-narrow", title, alt, second=second, width=NARROW, lines=lines)
    narrow = render(small, _laid(facts, wide=False), above=16)
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


def _laid(facts: TwoKeys, *, wide: bool) -> Column:
    """The door, what was tried, what came back, and whose trail tells of it."""
    last, (answer, trail) = facts.last, ROOM["wide" if wide else "narrow"]
    told = Text(f"The call stands in the trail of account {' and of account '.join(last.logged)}.", leading=LINE_STEP)
    seen = Box(Row([mark("sees", tall=LINE_STEP), told], [EYE, None], gap=12), 0, 0, 0, least=trail)
    ended = Column([_answer(last, answer), seen], gap=12)
    return Column([Door(facts, wide), _rows(facts) if wide else _stacked(facts), ended], gap=16)


def _rows(facts: TwoKeys) -> Column:
    """What was tried: a row for each thing the key's policy can say, a column for each of IAM."""
    silent, allows = (
        Text(words, weight=700, anchor="middle") for words in ("IAM policy is silent", "IAM policy allows it")
    )
    rows: list[list[Part]] = [[Gap(), silent, allows]]
    rows += [[Middle(_says(facts, admits)), *_cells(facts, admits)] for admits in ADMITS]
    return grid(rows, [SAYS, None, None])


def _stacked(facts: TwoKeys) -> Column:
    heads = Row([Text(words, NOTE, fill=SECOND) for words in ("IAM is silent", "IAM allows it")], gap=12)
    blocks = [Column([_says(facts, admits), heads, Row(_cells(facts, admits), gap=12)], gap=4) for admits in ADMITS]
    return Column(blocks, gap=16)


def _says(facts: TwoKeys, admits: str) -> Text:
    return Text(f"Key policy {ADMITS[admits].format(facts.last.who)}", weight=700)


def _cells(facts: TwoKeys, admits: str) -> list[Box]:
    return [_cell(facts.newest(admits, iam=iam), facts.last) for iam in (False, True)]


def _cell(tried: Attempt | None, last: Attempt) -> Box:
    """One combination: its answer, set off when it is the last one tried."""
    if tried is None:
        return _boxed(Text(NOT_TRIED, NOTE, fill=SECOND, anchor="middle", leading=20), WASH)
    answer, tone = outcome(tried.allowed, tried.outcome), ALLOWED if tried.allowed else DENIED
    return _boxed(answer, tone.wash, tone.mark, thick=2) if tried is last else _boxed(answer, WHITE)


def _boxed(part: Part, fill: str, stroke: str = LINE, *, thick: float = 1) -> Box:
    return Box(part, 12, above=10, below=10, fill=fill, stroke=stroke, thick=thick)


def _answer(last: Attempt, least: float) -> Box:
    """What came back, in a place of the same height for every answer."""
    if not last.allowed:
        return refusal(last.code, last.message, "Denied", least=least)
    back = "; ".join(f"{member}, {size(count)}" for member, count in last.returned) or "an answer without bytes"
    said = Text([f"Came back: {back}.", f"Account {last.account} called, so it pays for the request."], leading=18)
    return framed(Column([outcome(True), said], gap=8), ALLOWED, least=least)
