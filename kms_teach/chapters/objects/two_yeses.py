"""A GET of an encrypted object: the two yeses it needs, who was asked for them, and what came back."""

from functools import partial

from kms_teach.chapters.objects.facts import IAM_POLICY, OF_KMS, OF_S3, Gate, Get
from kms_teach.drawing import scene
from kms_teach.drawing.answers import framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Middle, Part, Row, Scene, Text, grid, render
from kms_teach.drawing.look import (
    ALLOWED,
    DENIED,
    HEADING,
    INK,
    LAB,
    LINE,
    MATERIALS,
    NARROW,
    NOTE,
    SECOND,
    WASH,
    WHITE,
    WIDE,
    size,
)
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing

HIGH = 532  # px: beside a lab's controls, in every state
FLOW = 122  # px of height: who asks, S3, KMS
WIDTHS = {WIDE: (118, 92, 210, 92, None), LAB: (76, 72, 158, 62, None)}  # px: alice, an arrow, S3, an arrow, KMS
NAMES = {WIDE: (180, 110, None), LAB: (110, 124, None), NARROW: (132, None)}  # px: a document, what it says, where
ANSWER = {WIDE: 68, LAB: 104, NARROW: 150}  # px of height, for every answer
APART, PADDING = {LAB: 8}, {LAB: 6}  # px between the parts, and above and below their words, where it is tight
SHORT = 9  # letters of a name that the smallest place takes
ASKED, ANSWERED = 42, 94  # px from the flow's top: what goes to the right, what comes back
STEP = 9  # px, radius of a step's number
DOOR = 15  # px from an arrow's end to the door it knocks at
NOT_ASKED = "S3 sent KMS no call for this GET"


def two_yeses(facts: Get, *, canvas: int = WIDE) -> Picture:
    """Draw one GET with its two gates, and the documents that were read at each."""
    second = f"One GET of {facts.key}, and what was asked for it"
    alt = " ".join([
        f"{facts.who} of account {facts.account} asks S3 for {facts.key} of the bucket {facts.bucket}.",
        _sentence("S3", facts.s3), _sentence("KMS", facts.kms) if facts.kms else f"{NOT_ASKED}.",
        f"KMS is told: the caller is {facts.who}, through S3; {facts.context}." if facts.kms else "",
        f"Answer: {facts.code}. {facts.message}" if facts.code else f"Answer: {size(facts.count)}, readable.",
    ])  # fmt: skip
    wide, narrow = (
        render(
            Drawing(f"get-{width}", facts.title, alt, second=second, width=width, lines=2 if width == NARROW else 1),
            _laid(facts, width), least=HIGH if width == LAB else 0,
        )
        for width in (canvas, NARROW)
    )  # fmt: skip
    rows = [
        (gate.action, read.document, read.says, read.where)
        for gate in (facts.s3, facts.kms) if gate for read in gate.documents
    ]  # fmt: skip
    asked = "KMS not asked" if facts.kms is None else f"KMS {_word(facts.kms)}"
    line = f"GET {facts.key} by {facts.who}: S3 {_word(facts.s3)}, {asked}, {facts.code or size(facts.count)}"
    return Picture(facts.title, alt, wide, narrow, table(("action", "document", "says", "where"), rows), line)


def _word(gate: Gate) -> str:
    return "yes" if gate.allowed else "no"


def _sentence(whose: str, gate: Gate) -> str:
    read = "; ".join(f"{each.document} {each.says} {each.where}".strip() for each in gate.documents)
    return f"{whose} says {_word(gate)} to {gate.action}: {read}."


def _laid(facts: Get, canvas: int) -> Column:
    flow = _stacked(facts) if canvas == NARROW else _flow(facts, canvas)
    return Column(
        [flow, _gate("first", OF_S3, facts.s3, "", canvas), _second(facts, canvas), _answer(facts, canvas)],
        APART.get(canvas, 12),
    )


def _second(facts: Get, canvas: int) -> Box:
    told = f"told: {facts.short}, through S3; context {facts.context}"
    return _gate("second", OF_KMS, facts.kms, told, canvas)


def _flow(facts: Get, canvas: int) -> Row:
    """The call as a loop: numbered from who asks to KMS and back, with a yes or a no at each of the two doors."""
    read, through = not facts.code, facts.kms is not None
    gets = "plaintext" if read else "403" if "Denied" in facts.code else "error"
    cells = [
        Scene(FLOW, partial(_asker, facts.who, read)),
        Scene(FLOW, partial(_loop, (1, "GetObject"), (4 if through else 2, gets), "sheet" if read else "")),
        Scene(FLOW, partial(_s3, facts)),
        Scene(FLOW, partial(_kms_call, facts)),
        Scene(FLOW, partial(_kms, facts.kms)),
    ]  # fmt: skip
    return Row(cells, WIDTHS[canvas], 0)


def _stacked(facts: Get) -> Column:
    """S3 and KMS, one above the other."""
    return Column([Scene(FLOW, partial(_s3, facts)), Scene(FLOW, partial(_kms, facts.kms))], 12)


def _asker(name: str, read: bool, d: Drawing, x: float, y: float, width: float) -> None:
    scene.laptop(d, x + 10, y + 8, width - 20, FLOW - 26, "")
    d.text(x + width / 2, y + 32, name if len(name) <= SHORT else "root", weight=700, anchor="middle")
    scene.centred(d, x + width / 2, y + 70, "sheet" if read else "denied", 1 if read else 1.4)


def _loop(
    asks: tuple[int, str], gets: tuple[int, str], carried: str, d: Drawing, x: float, y: float, width: float
) -> None:
    """One call with its answer: its number where it sets out, its name above it, the answer's below."""
    (first, operation), (last, answer) = asks, gets
    middle = x + width / 2
    scene.badge(d, x + STEP + 3, y + ASKED, str(first), r=STEP)
    d.arrow(x + 2 * STEP + 6, y + ASKED, x + width - DOOR, y + ASKED)
    d.text(middle, y + ASKED - 16, operation, NOTE, fill=SECOND, anchor="middle")
    if carried:
        scene.centred(d, middle, y + (ASKED + ANSWERED) / 2, carried, 0.5 if carried == "envelope" else 0.55)
    scene.badge(d, x + width - STEP - 3, y + ANSWERED, str(last), r=STEP)
    d.arrow(x + width - 2 * STEP - 6, y + ANSWERED, x + 6, y + ANSWERED)
    d.text(middle, y + ANSWERED + 22, answer, NOTE, fill=SECOND, anchor="middle")


def _door(gate: Gate | None, d: Drawing, x: float, y: float) -> None:
    if gate is not None:
        d.use("allowed" if gate.allowed else "denied", x, y + ASKED, 1.15)


def _s3(facts: Get, d: Drawing, x: float, y: float, width: float) -> None:
    d.rect(x, y, width, FLOW, 10, fill=WASH)
    d.text(x + 14, y + 23, "S3", HEADING, weight=700)
    d.rect(x + 16, y + 34, width - 26, FLOW - 44, 6, fill=WHITE, stroke=LINE)
    left, right = x + width * 0.32, x + width * 0.71
    scene.centred(d, left, y + 66, "cipher", 0.9)
    scene.centred(d, right, y + 66, "envelope", 0.85)
    d.text(left, y + 104, facts.key if len(facts.key) <= SHORT else "object", NOTE, anchor="middle")
    d.text(right, y + 104, "data key", NOTE, anchor="middle")
    _door(facts.s3, d, x, y)


def _kms_call(facts: Get, d: Drawing, x: float, y: float, width: float) -> None:
    if facts.kms is None:
        d.text(x + width / 2, y + (ASKED + ANSWERED) / 2, "no call", NOTE, fill=SECOND, anchor="middle")
        return
    worked = facts.kms.allowed and not facts.code
    _loop((2, "Decrypt"), (3, "data key" if worked else "error"), "" if worked else "envelope", d, x, y, width)
    if worked:  # there and back: encrypted, and in plaintext
        scene.centred(d, x + width / 2 - 13, y + (ASKED + ANSWERED) / 2, "envelope", 0.42)
        scene.data_key(d, x + width / 2 + 9, y + (ASKED + ANSWERED) / 2, 0.7)


def _kms(gate: Gate | None, d: Drawing, x: float, y: float, width: float) -> None:
    d.rect(x, y, width, FLOW, 10, fill=WASH)
    d.text(x + 14, y + 23, "KMS", HEADING, weight=700)
    scene.plate(d, x + 16, y + 36, width - 28, FLOW - 50, "the KMS key", key=MATERIALS[0].fill)
    _door(gate, d, x, y)


def _gate(which: str, action: str, gate: Gate | None, told: str, canvas: int) -> Box:
    """A yes or a no, and the documents it came from."""
    if gate is None:
        head = Row([Text(f"{which} yes: not asked for", weight=700), Text(action, NOTE, mono=True, anchor="end")])
        return Box(
            Column([head, Text(NOT_ASKED, fill=SECOND)], 4), sides=14, above=10, below=10, fill=WHITE, stroke=LINE
        )
    head = Row([outcome(gate.allowed, f"{which} {_word(gate)}", 13),
                Text(action, NOTE, mono=True, anchor="end", leading=20)], [None, 110])  # fmt: skip
    rows: list[list[Part]] = []
    for read in gate.documents:
        says = Text(
            read.says, NOTE, 650, fill=DENIED.text if not gate.allowed and read.says != "lets IAM decide" else INK
        )
        if canvas == NARROW:
            rows.append([Text(_short(read.document), NOTE), Column([says, Text(read.where, NOTE, fill=SECOND)])])
        else:
            rows.append([Text(_short(read.document) if canvas == LAB else read.document, NOTE), says,
                         Text(read.where, NOTE, fill=SECOND)])  # fmt: skip
    carried = [Text(told, NOTE, fill=SECOND, cut=canvas != NARROW)] if told else []
    tone = ALLOWED if gate.allowed else DENIED
    body = Column([head, grid(rows, NAMES[canvas], gap=8, apart=3), *carried], 4)
    padding = PADDING.get(canvas, 8)
    return Box(body, sides=14, above=padding, below=padding, fill=tone.wash, stroke=tone.mark)


def _short(document: str) -> str:
    return IAM_POLICY if document.startswith(IAM_POLICY) else document


def _answer(facts: Get, canvas: int) -> Part:
    """What came back, in a place of the same height for every answer."""
    if facts.code:
        return refusal(facts.code, facts.message, least=ANSWER[canvas])
    words = Middle(outcome(True, f"{facts.key}, {size(facts.count)}, readable", 13))
    return framed(words, ALLOWED, least=ANSWER[canvas] if canvas == LAB else 0)
