"""The way of a call to the key material: its stations, where it stopped, and what came back."""

from msgspec.structs import replace

from kms_teach.chapters.watching.key_stores import NAMES, Chain
from kms_teach.drawing.answers import outcome, refusal
from kms_teach.drawing.layout import Column, Middle, Part, Row, Scene, Text, card, render
from kms_teach.drawing.look import HEADING, INK, KMS, LAB, LINE, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

HIGH = 500  # px, beside a lab's controls
STATION = 112  # px: height of a card, where they stand beside each other
LINK = 30  # px of width between two of those
DOWN = {LAB: 19, NARROW: 26}  # px of height between two that stand below each other
NAME = 140  # px of width, of a station's name beside what it is
OURS = "The sentence that comes with it at AWS names the trouble more closely."
SECOND_LINE = "From your program to the key material: how far the last call came"


def store_chain(facts: Chain, *, canvas: int = WIDE) -> Picture:
    """Draw the stations in a row; on a phone one below the other."""
    title, alt = _title(facts), _alt(facts)
    wide, narrow = (
        render(
            Drawing(f"chain-{width}", title, alt, second=SECOND_LINE, width=width),
            _laid(facts, width), least=HIGH if width == LAB else 0,
        )
        for width in (canvas, NARROW)
    )  # fmt: skip
    came = [
        (name, told, "reached" if at < facts.reached else "not reached")
        for at, (name, told) in enumerate(facts.stations)
    ]
    line = f"Key material in {NAMES[facts.kind]}: {facts.operation} {facts.code or 'worked'}, key {facts.state}"
    line += f", key store {facts.connection}" if facts.connection else ""
    data = table(("station", "what it is", "the last call"), came)
    return Picture(title, alt, wide, narrow, data, line + (f" ({facts.failure})" if facts.failure else ""))


def _title(facts: Chain) -> str:
    if facts.broken:
        return f"{facts.operation} stops before the {facts.broken}"
    if facts.code:
        return f"KMS refuses {facts.operation}: {facts.code}"
    if facts.reached < len(facts.stations):
        return f"{facts.operation} needs no key material, and works"
    return f"{facts.operation} came to the {facts.stations[-1][0]}, and back"


def _alt(facts: Chain) -> str:
    way = ", then ".join(name for name, _ in facts.stations)
    stop = f"It stops before the {facts.broken}" if facts.broken else "It worked" if not facts.code else "It is refused"
    state = f"The key is {facts.state}" + (f", its key store {facts.connection}" if facts.connection else "")
    return f"The way: {way}. {stop}{f', with {facts.code}' if facts.code else ''}. {state}."


def _laid(facts: Chain, canvas: int) -> Part:
    state = Text(f"The KMS key is {facts.state}." + _connection(facts), fill=SECOND)
    return Column([_way(facts, canvas), state, _answer(facts)], 14)


def _connection(facts: Chain) -> str:
    why = f" ({facts.failure})" if facts.failure else ""
    return f" Its key store is {facts.connection}{why}." if facts.connection else ""


def _way(facts: Chain, canvas: int) -> Part:
    """The stations with a link before each but the first: beside each other on a page, else below each other."""
    cells: list[Part] = []
    for at in range(len(facts.stations)):
        cells += [_link(facts, at, canvas), _station(facts, at, canvas)] if at else [_station(facts, at, canvas)]
    if canvas != WIDE:
        return Column(cells, 2)
    return Row(cells, [LINK if at % 2 else None for at in range(len(cells))], 4)


def _station(facts: Chain, at: int, canvas: int) -> Part:
    name, told = facts.stations[at]
    reached, last = at < facts.reached, at == len(facts.stations) - 1
    head, words = Text(name, HEADING, 700, INK if reached else SECOND), Text(told, NOTE, fill=SECOND)
    tone = KMS if last and reached else None
    if canvas == LAB:
        return card(Row([head, Middle(words)], [NAME, None], 8), tone, sides=12, above=6, below=6)
    part = card(Column([head, words], 4), tone, sides=10, above=10, below=10)
    return replace(part, least=STATION) if canvas == WIDE else part


def _link(facts: Chain, at: int, canvas: int) -> Part:
    """The line to a station: passed, broken, or not come to."""
    passed, broken = at < facts.reached, at == facts.reached and bool(facts.code)
    tall = DOWN.get(canvas, STATION)

    def draw(d: Drawing, x: float, y: float, width: float) -> None:
        middle = y + tall / 2
        ends = (x + 1, middle, x + width - 1, middle) if canvas == WIDE else (x + 30, y + 2, x + 30, y + tall - 2)
        if passed:
            d.arrow(*ends)
        else:
            d.line(*ends, stroke=LINE, thick=1.5)
        if broken:
            d.use("denied", (ends[0] + ends[2]) / 2, (ends[1] + ends[3]) / 2)

    return Scene(tall, draw)


def _answer(facts: Chain) -> Part:
    head = Text(f"{facts.who} calls {facts.operation}.", HEADING, 700)
    if not facts.code:
        return Column([head, outcome(True, "It worked")], 8)
    if facts.message:
        return Column([head, refusal(facts.code, facts.message)], 8)
    return Column([head, outcome(False, facts.code), Text(OURS, NOTE, fill=SECOND)], 6)
