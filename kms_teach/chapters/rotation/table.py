"""Who rotates a KMS key, and how often: a table that is also a timeline, because its sentences have dates."""

from collections.abc import Collection, Sequence
from functools import partial

from kms_teach.chapters.rotation.sheet import (
    CHOICE_OF_MANY,
    FALSE,
    OLD_SHEET,
    TRUE,
    RotationClaim,
    footnotes,
    verdict,
    verdict_in,
)
from kms_teach.chapters.rotation.table_facts import NOW, Facts, alt, data, line, said, second, title, yes
from kms_teach.chapters.rotation.years import PAST, Axis, Bars, Years
from kms_teach.drawing.layout import (
    BELOW_MIDDLE,
    Box,
    Column,
    Fitted,
    Middle,
    Part,
    Row,
    Scene,
    Text,
    mark,
    render,
    rule,
)
from kms_teach.drawing.lettering import wrap
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, INK, KMS, LAB, LINE, NARROW, NOTE, SECOND, WIDE
from kms_teach.drawing.markup import escaped, number
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.rows import heads
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.ownership import LAUNCH, READ_ON, Kind, Rotation

PAPER = "#F7F3E8"
SERIF = "Georgia, 'Times New Roman', 'Noto Serif', serif"
SOURCES = f"Sources: KMS Developer Guide and AWS API changes of 12 Apr 2024, read in {NOW}."
MARKS = {TRUE: ("allowed", ALLOWED.text, 650), FALSE: ("denied", DENIED.text, 700), CHOICE_OF_MANY: ("", INK, 400)}
HEADER, COLUMNS = (
    ("kind of KMS key", "you see it", "you manage it", "used only for your account", "who rotates it"),
    (178, 76, 96, 182, None),
)  # px of width
MARK, SCALE = 18, 0.85  # px of width, and the size of a mark in it
HIGH = 497  # px: beside a lab's controls, in every year
STEP = 16  # px from line to line
SHEET, APART = (386, None), 24  # px: the old sheet's width, from it to what became of its lines
CLAIM, EDGE, KIND, TEAR = (
    32,
    6,
    138,
    4,
)  # px: a line's height on the old sheet, above the first, its first words, its torn edge
SWATCH = 12  # px


def rotation_table(
    kinds: Sequence[Kind], year: int | None = None, *, canvas: int = WIDE, covered: Collection[str] = ()
) -> Picture:
    """Draw who rotates the kinds of KMS key and how often, 2014 to today; `year` sets off what was true then.

    Of the kinds that are `covered` it does not tell how often; a lab uncovers them.
    Raises ValueError for a year without KMS, or one that has not been.
    """
    if year is not None and not LAUNCH.year <= year <= READ_ON.year:
        raise ValueError(f"choose a year from {LAUNCH.year} to {READ_ON.year}, not {year}")
    names = {k.name for k in kinds}
    facts = Facts(tuple(kinds), year, tuple(claim for claim in OLD_SHEET if claim.kind in names), frozenset(covered))
    short = f"Rotation, {year or NOW}: {' '.join(said(facts))}"
    wide = Drawing("rtable", title(facts), alt(facts), second=second(facts, brief=canvas == LAB), width=canvas)
    narrow = Drawing("rtable-narrow", title(facts), alt(facts), second=second(facts), width=NARROW)
    svg, small = (
        render(wide, _close(facts) if canvas == LAB else _wide(facts), least=HIGH if canvas == LAB else 0),
        render(narrow, _narrow(facts)),
    )
    return Picture(title(facts), alt(facts), svg, small, data(facts), short)


def _wide(facts: Facts) -> Column:
    dated = "Date it" if facts.year is None else f"In {facts.year}"
    told = Row([_heading("On an old exam sheet you read"), _heading(dated)], SHEET, APART)
    became = [Box(Middle(_verdict(facts, claim)), 0, 0, 0, least=CLAIM) for claim in facts.claims]
    verdicts = Box(Column(became, gap=1), 0, EDGE, EDGE)  # 1: as the rules between the lines of the sheet
    return Column(
        [
            Column([Row(heads(HEADER), COLUMNS), rule()], gap=4),
            Column([_kind(facts, kind) for kind in facts.kinds], gap=16),
            Axis(facts),
            Column([told, Row([_paper(facts), verdicts], SHEET, APART)], gap=4),
            _footnotes(facts),
        ],
        gap=16,
    )


def _close(facts: Facts) -> Column:
    """The same beside a lab's controls: the claims are among those."""
    return Column([*(_kind_close(facts, kind) for kind in facts.kinds), Years(facts)], gap=6)


def _kind_close(facts: Facts, kind: Kind) -> Column:
    answers = (("see it", kind.you_see), ("manage it", kind.you_manage), ("only yours", kind.yours_alone))
    cells: list[Part] = [_told(words, value) for words, value in answers]
    first = Row([Text(kind.name, weight=700, leading=20), *cells], [146, 88, 114, None], gap=8)
    who = Text(f"Who rotates it: {kind.who_rotates}.", NOTE, fill=SECOND)
    return Column([first, who, Bars(facts, kind, worded=True, low=True)], gap=2)


def _told(words: str, value: bool) -> Row:
    shown = mark("allowed" if value else "denied", SCALE, tall=20)
    return Row([shown, Text(f"{words}: {yes(value)}", NOTE, leading=20)], [MARK, None], gap=4)


def _kind(facts: Facts, kind: Kind) -> Column:
    cells: list[Part] = [
        _heading(kind.name),
        _answer(kind.you_see),
        _answer(kind.you_manage),
        _answer(kind.yours_alone),
        Text(kind.who_rotates, leading=20),
    ]
    return Column([Row(cells, COLUMNS), Bars(facts, kind, worded=True)])


def _narrow(facts: Facts) -> Column:
    """The same on a phone: under each kind its bar, and under the bar its words."""
    parts: list[Part] = []
    for kind in facts.kinds:
        seen = Row([_answer(kind.you_see, "you see it"), _answer(kind.you_manage, "you manage it")])
        told = [] if kind.name in facts.covered else [_period(facts, kind, r) for r in kind.rotations]
        bars: list[Part] = [Bars(facts, kind, worded=False), *told]
        alone = _answer(kind.yours_alone, "used only for your account")
        who = Text(f"Who rotates it: {kind.who_rotates}.")
        parts += [rule(), Column([_heading(kind.name), seen, alone, who, Column(bars, gap=4)], gap=6)]
    if facts.covered:
        return Column([*parts, Axis(facts)], gap=16)
    read: list[Part] = [_heading("On an old exam sheet you read")]
    for claim in facts.claims:
        words = Column([_serif(claim.kind, 700), _serif(line(claim), 400)])
        read += [Column([words, _verdict(facts, claim)], gap=4), rule()]
    return Column([*parts, Axis(facts), Column(read, gap=8), _footnotes(facts)], gap=16)


def _period(facts: Facts, kind: Kind, r: Rotation) -> Row:
    """One way a kind was rotated, beside its bar's colour."""
    loud = r in facts.held(kind)
    fill, edge = (KMS.wash, KMS.mark) if loud else (PAST, LINE)
    when = f"until {kind.ended(r)}" if r.until else f"since {r.since_words}" if r.since_words else "always"
    swatch = Scene(STEP, lambda d, x, y, w: d.rect(x, y + (STEP - w) / 2, w, w, 2, fill=fill, stroke=edge))
    words = _steady(f"{when}: {r.words}", 650 if loud else 400, INK if loud else SECOND)
    return Row([swatch, words], [SWATCH, None], gap=8)


def _heading(words: str) -> Text:
    return Text(words, HEADING, 700, leading=20)


def _answer(value: bool, question: str = "") -> Row:
    words = Text(f"{question}: {yes(value)}" if question else yes(value), leading=20)
    return Row([mark("allowed" if value else "denied", SCALE, tall=20), words], [MARK, None], gap=6)


def _steady(words: str, weight: int, fill: str) -> Fitted:
    """Words that are broken as if they were bold, so that a year in which they are moves nothing."""
    return Fitted(lambda width: Text(wrap(words, width, bold=True), weight=weight, fill=fill, leading=STEP))


def _footnotes(facts: Facts) -> Text:
    return Text([" ".join(footnotes(facts.year)), SOURCES], NOTE, fill=SECOND)


def _verdict(facts: Facts, claim: RotationClaim) -> Row:
    """Mark and words of what became of a claim, with room for the longest words that any year gives."""
    name, color, weight = MARKS[facts.outcome(claim)]
    every = [verdict(claim), *(verdict_in(claim, year) for year in range(LAUNCH.year, READ_ON.year + 1))]
    words = _steady(facts.dated(claim), weight, color)

    def fitted(width: float) -> Box:
        return Box(Middle(words), 0, 0, 0, least=max(_steady(other, weight, color).height(width) for other in every))

    shown = mark(name, SCALE, tall=STEP) if name else Scene(STEP, _clock)
    return Row([Middle(shown), Fitted(fitted)], [MARK, None], gap=8)


def _clock(d: Drawing, x: float, y: float, width: float) -> None:
    x, y, r = x + width / 2, y + STEP / 2, 7.6
    d.circle(x, y, r, stroke=SECOND, thick=2)
    d.path("M", x, y - 0.6 * r, "V", y, "H", x + r / 2, stroke=SECOND, thick=2)


def _paper(facts: Facts) -> Box:
    """The old sheet's lines on torn paper."""
    rows: list[Part] = []
    for claim in facts.claims:
        words = Row([_serif(claim.kind, 700), _serif(line(claim), 400)], [KIND, None])
        rows += [rule(), Box(Middle(words), 0, 0, 0, least=CLAIM)]
    return Box(Column(rows[1:]), 12, EDGE, EDGE, frame=partial(_torn, len(facts.claims)))


def _torn(lines: int, d: Drawing, x: float, y: float, w: float, h: float) -> None:
    edge: list[str | float] = ["M", x, y, "H", x + w]
    for at in range(1, 2 * lines + 1):
        edge += ["L", x + w - (TEAR if at % 2 else 0), y + h * at / (2 * lines)]
    d.path(*edge, "H", x, "Z", fill=PAPER, stroke=LINE, thick=1.25)


def _serif(words: str, weight: int) -> Scene:
    def draw(d: Drawing, x: float, y: float, _: float) -> None:
        place = f'x="{number(x)}" y="{number(y + STEP / 2 + BELOW_MIDDLE)}" font-size="{NOTE}"'
        face = f'font-weight="{weight}" font-family="{escaped(SERIF)}"'
        d.add(f"<text {place} {face}>{escaped(words)}</text>")

    return Scene(STEP, draw)
