"""The anatomy of a CiphertextBlob: its fields to scale, who can read them, and what one changed bit does."""

from functools import partial

from kms_teach.chapters.encrypt.blob_bar import STRING, Bar, contexts
from kms_teach.chapters.encrypt.blob_facts import BlobFacts, difference, words
from kms_teach.drawing import look, scene
from kms_teach.drawing.answers import eye, framed, outcome, refusal
from kms_teach.drawing.layout import Anchor, Box, Column, Middle, Part, Row, Text, render, rule, sketch
from kms_teach.drawing.look import ALLOWED, DENIED, INK, NOTE, SECOND
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.rows import heads, washed
from kms_teach.drawing.svg import Drawing

HERE = "Here / at AWS: AWS publishes no layout and may change its own. This one is the simulator's."
TOP = 127  # px: below two lines of title and two of what is drawn, on the narrow canvas
HEADER = ("field", "bytes", "in clear", "what it is for", "change one bit, and")
ANCHORS: tuple[Anchor, ...] = ("start", "end", "start", "start", "start")
COLUMNS = (118, 40, 84, 216, None)  # px of width
LINE = 18  # px: the height of a cell, so that words of two sizes stand on one line
NUMBER, READABLE = 18, 122  # px of width: before a field of three lines, of its eye
BRIEFLY = (112, 30, 122, None)  # and beside a lab's controls
ANSWER = {look.WIDE: 102, look.LAB: 110, look.NARROW: 192}  # px of height, for every answer


def blob(facts: BlobFacts, *, canvas: int = look.WIDE) -> Picture:
    """Draw a blob; with a try to open it, the context that was brought, the flipped bit, and AWS's answer."""
    rows = [(name, f"{size:,}", "yes" if clear else "no", use, then) for name, size, clear, use, then in facts.rows]
    listed = " ".join(
        f"{name}, {look.size(size)}, {'in clear' if clear else 'unreadable'}: {use}."
        for name, size, clear, use, _ in facts.rows
    )
    brought = "" if facts.brought is None else f" Decrypt brought: {words(facts.brought)}."
    alt = (
        f"{facts.second}. In order: {listed} All of it is authenticated: change one bit, and nothing opens. "
        f"The encryption context ({words(facts.sealed)}) is authenticated too, but not inside: Decrypt must bring it."
        f"{brought} {facts.outcome} {HERE}"
    )
    line = f"Blob of {facts.size:,} bytes: {', '.join(f'{name} {size}' for name, size in facts.fields)}"
    if facts.brought is not None:
        line += f"; context: {difference(facts.sealed, facts.brought)}; flipped: {facts.hit or 'none'}. {facts.outcome}"
    wide = Drawing("blob", facts.title, alt, second=facts.second, width=canvas)
    narrow = Drawing("blob-narrow", facts.title, alt, second=facts.second, width=look.NARROW, lines=2)
    svg = render(wide, _laid(facts, canvas))
    small = render(narrow, _laid(facts, look.NARROW), above=max(TOP - narrow.top, 0) + 12)
    return Picture(facts.title, " ".join(alt.split()), svg, small, table(HEADER, rows), line)


def _laid(facts: BlobFacts, canvas: int) -> Column:
    lab, narrow = canvas == look.LAB, canvas == look.NARROW
    parts: list[Part] = [Column([Bar(facts, not narrow), contexts(facts, canvas)], gap=STRING)]
    parts += [_stacked(facts) if narrow else _brief(facts) if lab else _rows(facts)]
    parts += [] if facts.brought is None else [_answer(facts, canvas)]
    parts += [] if lab else [Text(HERE, NOTE, fill=SECOND)]  # there the chapter has said it, on its page
    return Column(parts, gap=10 if lab else 16)


def _brief(facts: BlobFacts) -> Column:
    """The fields beside a lab's controls: what a changed bit does stands in the field that was hit."""
    rows = []
    for name, size, clear, use, then in facts.rows:
        hit = name == facts.hit
        told = Text(then if hit else use, NOTE, 700 if hit else 400, DENIED.text if hit else INK, leading=LINE)
        cells: list[Part] = [
            Text(name, weight=700, leading=LINE),
            Text(f"{size:,}", anchor="end", leading=LINE),
            eye(clear, "in clear" if clear else "unreadable"),
            told,
        ]
        rows.append(washed(Row(cells, BRIEFLY, gap=12), DENIED if hit else None, around=1))
    return Column(rows)


def _rows(facts: BlobFacts) -> Column:
    """The fields as a table, one line for each."""
    head = Row(heads(HEADER, ANCHORS), COLUMNS, gap=16)
    return Column([head, rule(), Column([_field(facts, *row) for row in facts.rows])], gap=4)


def _field(facts: BlobFacts, name: str, size: int, clear: bool, use: str, then: str) -> Box:
    hit = name == facts.hit
    cells: list[Part] = [
        Text(name, weight=700, leading=LINE),
        Text(f"{size:,}", anchor="end", leading=LINE),
        eye(clear),
        Text(use, NOTE, leading=LINE),
        Text(then, NOTE, 700 if hit else 400, DENIED.text if hit else INK, leading=LINE),
    ]
    return washed(Row(cells, COLUMNS, gap=16), DENIED if hit else None)


def _stacked(facts: BlobFacts) -> Column:
    """The fields one under the other, numbered as in the bar."""
    blocks: list[Part] = []
    for at, (name, size, clear, use, then) in enumerate(facts.rows, 1):
        named = Text(f"{name}, {look.size(size)}", weight=700, leading=LINE)
        first = Row([named, eye(clear, "in clear" if clear else "unreadable")], [None, READABLE])
        told = Column([first, Text(use, NOTE), Text(f"change one bit: {then}", NOTE, fill=SECOND)])
        row = Row([Text(str(at), weight=700, leading=LINE), told], [NUMBER, None])
        blocks += [rule(), washed(row, DENIED if name == facts.hit else None)]
    return Column(blocks, gap=4)


def _answer(facts: BlobFacts, canvas: int) -> Box:
    """What Decrypt answered, in a place of the same height for every answer."""
    least, wide = ANSWER[canvas], canvas != look.NARROW
    if facts.message:
        word = "Denied" if facts.code.startswith("AccessDenied") else "Refused"
        return refusal(facts.code, facts.message, word, least=least)
    if facts.opened is None:
        meaning = ["AWS sends this code and no message.", "It does not say whether a byte or the context is wrong."]
        told = Column([outcome(False, f"Refused: {facts.code}"), Text(meaning, leading=LINE)], gap=6)
        return framed(told, DENIED, least=least)
    told = Column([outcome(True, "Decrypted"), Text(f"{look.size(facts.opened)} of plaintext came back.")], gap=6)
    drawn = sketch(scene.OPERATION.height, partial(scene.operation, name="Decrypt", taken="cipher", given="sheet"))
    beside = Row([told, Middle(drawn)], [None, scene.OPERATION.width]) if wide else Column([told, drawn], gap=12)
    return framed(beside, ALLOWED, least=least)
