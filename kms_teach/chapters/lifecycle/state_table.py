"""Every operation in every state, drawn from the table that KMS's answers here come from."""

from collections.abc import Sequence

from kms_teach.drawing.layout import Box, Column, Middle, Part, Text, grid, mark, render
from kms_teach.drawing.look import INK, KMS, LABEL, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.states import ERRORS, LIFECYCLE, STATES

SHOWN = ("Enabled", "Disabled", "PendingImport", "PendingDeletion", "Unavailable", "Creating", "Updating")
OPERATION, CELL = 186, 74  # px of width
NAMED = 3  # operations of a row that are named; the table has all
ORDER = (
    "Encrypt", "Decrypt", "Sign", "CreateGrant", "EnableKey", "DisableKey", "CreateAlias", "UpdateAlias", "TagResource",
    "DescribeKey", "GetKeyPolicy", "DeleteAlias", "ScheduleKeyDeletion", "CancelKeyDeletion",
)  # fmt: skip
TITLE = "A key that waits for its deletion does no work, and can still be saved"
SECOND_LINE = "What KMS answers, going by the key's state alone: a tick for done, a cross for refused."

Cells = tuple[bool, ...]


def rows() -> list[tuple[tuple[str, ...], Cells]]:
    """The operations that are answered alike in every state, and in which of the states they are done."""
    alike: dict[Cells, list[str]] = {}
    for operation in sorted(LIFECYCLE, key=lambda each: ORDER.index(each) if each in ORDER else len(ORDER)):
        alike.setdefault(tuple(done(operation, state) for state in SHOWN), []).append(operation)
    return [(tuple(names), cells) for cells, names in alike.items()]


def done(operation: str, state: str) -> bool:
    return LIFECYCLE[operation][state] not in ERRORS


def state_table(here: str = "") -> Picture:
    """Draw operation by state; `here` is the state whose column is set off."""
    told = [f"{_names(names)}: done in {_and(cells)}." for names, cells in rows()]
    codes = sorted({error.__name__ for error, _ in ERRORS.values()})
    said = f"A refusal is {codes[0]} where the key is disabled, {codes[1]} in every other state."
    alt = " ".join([*told, said])
    wide, narrow = (
        Drawing(name, TITLE, alt, second=SECOND_LINE, width=canvas)
        for name, canvas in (("states", WIDE), ("states-narrow", NARROW))
    )
    below = Text(said, NOTE, fill=SECOND)
    data = table(
        ("operations", *SHOWN),
        [(", ".join(names), *("done" if cell else "refused" for cell in cells)) for names, cells in rows()],
    )
    set_off = f"; {here} set off" if here else ""
    count = sum(sum(cells) * len(names) for names, cells in rows())
    of = sum(len(cells) * len(names) for names, cells in rows())
    return Picture(
        TITLE, alt, render(wide, Column([_wide(here), below], gap=14)),
        render(narrow, Column([_narrow(), below], gap=14)), data,
        f"Operation by state: {len(SHOWN)} states, {count} of {of} combinations done{set_off}",
    )  # fmt: skip


def _wide(here: str) -> Part:
    heads: list[Part] = [Text("", NOTE), *(_head(state, here=state == here) for state in SHOWN)]
    body: list[list[Part]] = [
        [
            Text(_names(names), NOTE, leading=16),
            *(_cell(cell, here=state == here) for state, cell in zip(SHOWN, cells, strict=True)),
        ]
        for names, cells in rows()
    ]
    return grid([heads, *body], [OPERATION, *(CELL for _ in SHOWN)], gap=0, apart=5, ruled=True)


def _head(state: str, *, here: bool) -> Part:
    return Text(state, NOTE, fill=KMS.text if here else INK, anchor="middle", leading=15)


def _cell(cell: bool, *, here: bool) -> Part:
    part = Middle(mark("allowed" if cell else "denied", 0.8, tall=18))
    return Box(part, 0, 0, 0, fill=KMS.wash if here else "none", r=4)


def _narrow() -> Part:
    """One below the other: the operations, where they are done, where not."""
    pairs: list[Part] = []
    for names, cells in rows():
        lines = [Text(_names(names), LABEL, 700, leading=18)]
        for name, want in (("allowed", True), ("denied", False)):
            states = [state for state, cell in zip(SHOWN, cells, strict=True) if cell is want]
            if states:
                words = Text("every state" if len(states) == len(SHOWN) else ", ".join(states), NOTE, leading=16)
                lines.append(grid([[mark(name, 0.75, tall=16), words]], [18, None], gap=6))  # type: ignore[arg-type]
        pairs.append(Column(lines, gap=3))
    return Column(pairs, gap=12)


def _names(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _and(cells: Cells) -> str:
    states = [state for state, cell in zip(SHOWN, cells, strict=True) if cell]
    return "every state" if len(states) == len(SHOWN) else ", ".join(states)


MISSING = tuple(state for state in STATES if state not in SHOWN)  # answered as PendingDeletion in every row
