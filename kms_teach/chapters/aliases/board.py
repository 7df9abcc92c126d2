"""The alias board: which name names which key of a Region, which it named before, and what each key encrypted."""

from kms_teach.chapters.aliases.facts import GONE, Board, KeyFacts, Tried, listed
from kms_teach.chapters.aliases.pieces import PLATE, SMALL, TAG, arrow, file, gone_card, key_card, plate, tag
from kms_teach.chapters.aliases.words import state
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Text, render
from kms_teach.drawing.look import HEADING, KMS, LAB, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

KEYS, FILES = 4, {WIDE: 3, LAB: 2, NARROW: 3}  # in the drawing, the newest; the table has all
COLUMNS = {WIDE: (190, 40, 250, None), LAB: (128, 26, 184, None)}  # px: names, arrow, key, files
BETWEEN = 6  # px: between two tags
GAP, HIGH = 12, {WIDE: 76, LAB: 98, NARROW: 60}  # px: between columns; of a key's row
FULL = 430  # px: of the picture beside a lab's controls, whatever happened
HEADER = ("key", "kind", "state", "named by", "named before by", "encrypted")


def alias_board(facts: Board, *, lines: int = 1, canvas: int = WIDE) -> Picture:
    """Draw the names of a Region and their keys. `lines` as in Drawing: for a title that changes."""
    message = title(facts)
    told = " ".join(sentence(facts, key) for key in facts.keys) or "There is no key."
    second = f"{facts.region}: names, the keys they name now, and what each key encrypted"
    drawings = [
        Drawing(name, message, told, second=second if width != LAB else "", width=width, lines=lines)
        for name, width in (("board", canvas), ("board-narrow", NARROW))
    ]
    wide, narrow = (render(d, _laid(facts, d.width), above=14, least=FULL if d.width == LAB else 0) for d in drawings)
    data = [
        (key.letter, _kind(key), state(key), ", ".join(key.named), ", ".join(key.former),
         ", ".join(f"{each.name} ({words(each)})" for each in facts.files_of(key)))
        for key in facts.keys
    ]  # fmt: skip
    line = "; ".join(f"{key.letter} {state(key)}, {_names(key) or 'no name'}" for key in facts.keys)
    files = "; ".join(f"{each.name} by {each.letter} {words(each)}" for each in facts.files) or "no files"
    return Picture(message, told, wide, narrow, table(HEADER, data), f"Aliases in {facts.region}: {line}; {files}")


def title(facts: Board) -> str:
    """The message: the first of these that is so."""
    waiting = [key for key in facts.keys if key.named and key.state == "PendingDeletion"]
    if waiting:
        return f"{waiting[-1].named[0]} still names a key that is pending deletion"
    moves = list(facts.moves())
    for name, before, _ in reversed(moves):
        files = facts.files_of(before)
        if files and all(each.allowed for each in files):
            return f"{name} moved on, and the old file still opens"
        if files:
            return (
                f"{name} moved on, and {next(each.name for each in files if not each.allowed)} is closed with its key"
            )
    if moves:
        return f"{moves[-1][0]} names another key now"
    named = [(name, key) for key in facts.keys for name in key.named]
    if not named:
        return "No alias here names a key"
    name, key = named[0]
    if len(key.named) > 1:
        return f"Key {key.letter} has {len(key.named)} names, and each names this key alone"
    return f"{name} names key {key.letter}, and no other"


def words(tried: Tried) -> str:
    """Whether a file opens; why it does not, its key's card tells."""
    return "opens" if tried.allowed else "closed"


def sentence(facts: Board, key: KeyFacts) -> str:
    files = [f"{each.name} ({words(each)})" for each in facts.files_of(key)]
    made = f" It encrypted {listed(files)}." if files else ""
    return f"Key {key.letter}, {_kind(key)}, {state(key)}: {_names(key) or 'no name'}.{made}"


def _names(key: KeyFacts) -> str:
    now = f"named by {listed(key.named)}" if key.named else ""
    past = f"named before by {listed(key.former)}" if key.former else ""
    return "; ".join(filter(None, (now, past)))


def _kind(key: KeyFacts) -> str:
    return "symmetric" if key.spec == "SYMMETRIC_DEFAULT" else key.spec or "-"


def _laid(facts: Board, canvas: int) -> Column:
    shown = facts.keys[-KEYS:]
    rows: list[Part] = [_row(facts, key, canvas) for key in shown]
    hidden = len(facts.keys) - len(shown)
    if hidden:
        rows.insert(0, Text(f"and {hidden} older {'key' if hidden == 1 else 'keys'}", NOTE, fill=SECOND))
    return Column(rows, gap=14 if canvas == LAB else 20)


def _row(facts: Board, key: KeyFacts, canvas: int) -> Part:
    beside = canvas != NARROW
    tags = [tag(name, right=beside) for name in key.named]
    past = [tag(name, gone=True, right=beside) for name in key.former]
    files = facts.files_of(key)
    told: list[Part] = [file(f.name, f.letter, key.number, f.allowed, words(f)) for f in files[-FILES[canvas] :]]
    if (more := len(files) - FILES[canvas]) > 0:
        told.append(Text(f"and {more} more", NOTE, fill=SECOND))
    card = _card(key, canvas)
    names = Column([*tags, *past], gap=BETWEEN)
    if not beside:
        return Column([names, card, Box(Column(told, gap=8), 14, 0, 8)], gap=8)
    # the arrow starts beside the tags that count, which stand above those that do not
    points = arrow(_tall(len(tags))) if tags else Gap(0)
    way = Column([points, Gap(_tall(len(past)) if tags else 0)], gap=BETWEEN)
    return Row([Middle(names), Middle(way), card, Middle(Column(told, gap=6))], COLUMNS[canvas], GAP)


def _tall(tags: int) -> float:
    return max(TAG * tags + BETWEEN * (tags - 1), 0)


def _card(key: KeyFacts, canvas: int) -> Part:
    if key.state == GONE:
        return gone_card(f"key {key.letter}: deleted", least=HIGH[canvas])
    size = SMALL if canvas == LAB else PLATE
    tone = KMS.text
    told = Column(
        [
            Text(f"Key {key.letter}", HEADING, 700, tone, leading=20),
            Text(_kind(key), NOTE, fill=SECOND, leading=16),
            Text(state(key), NOTE, 400 if key.state == "Enabled" else 700, leading=16),
        ]
    )
    return key_card(Row([Middle(plate(key.letter, key.number, size)), Middle(told)], [size[0], None], gap=12),
                    least=HIGH[canvas], sides=12)  # fmt: skip
