"""This is how a call opened is drawn: the scene, the path of the decision, what the trail tells.

Every part is a function from a place to the y below it, so that the wide and the narrow card are made of the same.
"""

from kms_teach.access.decision import Decision, Step
from kms_teach.drawing import scene
from kms_teach.drawing.lettering import width, wrap
from kms_teach.drawing.look import ALLOWED, DENIED, HEADING, INK, LINE, NARROW, NOTE, SECOND, WASH, WIDE, Tone, size
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.opened_facts import IDLE, MEANING, Bytes, KeyInCall, Opened, asks, path

PLAIN = Tone(LINE, INK, WASH)
ITEM = 42  # height of one member that travels
NO_MESSAGE = "(AWS sends no message with it)"
NO_KEY = "no KMS key took part"
PLATE = 84  # height of one plate with its words


def draw(facts: Opened, title: str, alt: str, *, wide: bool) -> str:
    """Draw the card, on the canvas of 760 or of 380."""
    prefix = "opened" if wide else "opened-narrow"
    d = Drawing(prefix, title, alt, second=facts.second, width=WIDE if wide else NARROW)
    y = _wide_scene(d, facts, d.top + 14) if wide else _narrow_scene(d, facts, d.top + 10)
    for decision in facts.decisions:
        y = _decision(d, facts, decision, y + 30)
    if facts.code:
        word = "Denied" if facts.denied else "Refused"
        y = scene.aws_words(d, d.left, y + 14, d.room, facts.code, facts.message or NO_MESSAGE, word)
    d.height = _trail(d, facts, y + 24) + 20
    return d.svg()


def _wide_scene(d: Drawing, facts: Opened, y: float) -> float:
    if not facts.caller:
        return _kms(d, facts, d.left, y, d.room, 0)
    left, right = d.left + 10, d.right - 222
    middle = left + 178, right - 10
    screen = max(_travel_height(facts), _caller_height(facts, 142))
    tall = max(screen + 16, _kms_height(facts))
    scene.laptop(d, left, y, 168, screen, "")
    _caller(d, facts, left + 14, y + 28, 142)
    _kms(d, facts, right, y, 222, tall)
    below = _travel(d, facts.operation, facts.sent, middle, y + 18, to_kms=True)
    _travel(d, facts.code or "answer", facts.returned, middle, below + 18, to_kms=False)
    return y + tall


def _narrow_scene(d: Drawing, facts: Opened, y: float) -> float:
    if facts.caller:
        screen = _caller_height(facts, d.room - 48)
        scene.laptop(d, d.left + 10, y, d.room - 20, screen, "")
        _caller(d, facts, d.left + 24, y + 26, d.room - 48)
        y = _travel(d, facts.operation, facts.sent, (d.left, d.right), y + screen + 42, to_kms=True)
    y = _kms(d, facts, d.left, y + 16, d.room, 0)
    if facts.caller:
        y = _travel(d, facts.code or "answer", facts.returned, (d.left, d.right), y + 32, to_kms=False)
    return y


def _caller_height(facts: Opened, room: float) -> float:
    names, arns = wrap(facts.person, room, HEADING, bold=True), wrap(facts.arn, room, NOTE, mono=True)
    return 24 + 20 * len(names) + 16 * len(arns)


def _caller(d: Drawing, facts: Opened, x: float, y: float, room: float) -> float:
    y = d.text(x, y, facts.person, HEADING, weight=700, room=room)
    return d.text(x, y + 2, facts.arn, NOTE, mono=True, fill=SECOND, room=room)


def _travel_height(facts: Opened) -> float:
    return sum(44 + ITEM * max(1, len(items)) for items in (facts.sent, facts.returned))


def _travel(
    d: Drawing, words: str, items: tuple[Bytes, ...], ends: tuple[float, float], y: float, *, to_kms: bool
) -> float:
    """An arrow with what travels along it; gives the y below."""
    x1, x2 = ends
    d.arrow(*((x1, y, x2, y) if to_kms else (x2, y, x1, y)), above=words)
    if not items:
        d.text((x1 + x2) / 2, y + 20, "no bytes", NOTE, fill=SECOND, anchor="middle")
    for at, item in enumerate(items):
        _item(d, item, x1 + 14, y + 10 + ITEM * at)
    return y + 12 + ITEM * max(1, len(items))


def _item(d: Drawing, item: Bytes, x: float, y: float) -> None:
    match item.mark:
        case "key":
            scene.data_key(d, x + 9, y + 17, 1.05)
        case "envelope":
            d.use("envelope", x - 2, y + 4, 0.66)
        case mark:
            d.use(mark, x + 5, y, 0.74)
    d.text(x + 48, y + 14, item.member, weight=650)
    d.text(x + 48, y + 30, f"{size(item.count)}, {MEANING[item.mark]}", NOTE, fill=SECOND)


def _kms_height(facts: Opened) -> float:
    return 22 + sum(_card_height(key) + 26 for key in facts.keys) if facts.keys else 60


def _kms(d: Drawing, facts: Opened, x: float, y: float, w: float, tall: float) -> float:
    """The Region with the keys of the call in it; gives the y below."""
    tall = max(tall, _kms_height(facts))
    scene.region(d, x, y, w, tall, f"AWS KMS, {facts.region}")
    if not facts.keys:
        d.text(
            x + w / 2,
            y + tall / 2 + 5,
            NO_KEY if not facts.code else "no KMS key was reached",
            fill=SECOND,
            anchor="middle",
        )
    at = y + 36
    for key in facts.keys:
        _key(d, key, x + 12, at, w - 24)
        at += _card_height(key) + 26
    return y + tall


def _card_height(key: KeyInCall) -> float:
    return 26 + PLATE * max(1, len(key.works)) + (18 if key.account else 0)


def _key(d: Drawing, key: KeyInCall, x: float, y: float, w: float) -> None:
    scene.tagged_card(d, x, y, w, _card_height(key), key.name)
    middle, at = x + w / 2, y + 22
    for work in key.works or (None,):
        scene.plate(d, middle - 70, at, 140, 52)
        if work:
            scene.material_key(d, middle - 4, at + 26, work.number)
        d.text(middle, at + 70, work.words if work else IDLE, NOTE, anchor="middle")
        at += PLATE
    if key.account:
        d.text(middle, at + 4, f"of account {key.account}", NOTE, fill=SECOND, anchor="middle")


def _decision(d: Drawing, facts: Opened, decision: Decision, y: float) -> float:
    """The steps up to the one that decided, as a path; gives the y below."""
    d.rule(y - 20)
    tone = DENIED if not decision.allowed else PLAIN if facts.code else ALLOWED  # one accent: where it went wrong
    heading = wrap(asks(facts, decision), d.room - 120, HEADING, bold=True)
    scene.outcome(d, d.right - 92, y + 2, decision.allowed)
    y = d.text(d.left, y + 6, heading, HEADING, weight=700) + 8
    badges: list[tuple[float, int, Step]] = []
    for number, step in path(decision):
        badges.append((y + 10, number, step))
        y = _step(d, step, y, tone)
    solid = [at for at, _, step in badges if step.counts]
    d.line(d.left + 20, solid[0], d.left + 20, solid[-1], thick=2.5)
    for at, number, step in badges:
        if not step.counts:
            scene.passed_by(d, d.left + 34, at, str(number))
        else:
            scene.badge(d, d.left + 20, at, str(number), fill=tone.text if step.decided else INK)
    return y


def _step(d: Drawing, step: Step, y: float, tone: Tone) -> float:
    """One question with its answer and what was read; gives the y below."""
    wide = d.width == WIDE
    x = d.left + (46 if step.counts else 60)
    asked = wrap(step.question, 264 if wide else d.right - 48 - x, bold=True)
    found = wrap(f"{step.read}{'' if step.counts else '; it does not count here'}", 318 if wide else d.right - x, NOTE)
    decided = step.decided
    lines = max(len(asked), len(found) + decided) if wide else len(asked) + len(found) + decided
    tall = 18 * lines + 12
    if decided:
        d.rect(d.left, y - 8, d.room, tall + 4, 8, fill=tone.wash, stroke=tone.mark)
    below = d.text(x, y + 14, asked, weight=650 if step.counts else 400, fill=INK if step.counts else SECOND, step=18)
    answer, fill = "yes" if step.answer else "no", tone.text if decided else INK if step.counts else SECOND
    across = d.left + 344 if wide else d.right - 12
    d.text(across, y + 14, answer, weight=700, fill=fill, anchor="end")
    x, below = (d.left + 368, y + 14) if wide else (x, below)
    below = d.text(x, below, found, NOTE, fill=SECOND, step=18)
    if decided:
        d.text(x, below, "This step decided.", NOTE, weight=700, fill=tone.text)
    return y + tall + 4


def _trail(d: Drawing, facts: Opened, y: float) -> float:
    """What the trail tells beside what it does not; gives the y below."""
    d.rule(y - 8)
    wide = d.width == WIDE
    room = 420 if wide else d.room
    scene.eye(d, d.left + 14, y + 20, True, "What the trail says")
    below = y + 46
    column = max(width(name, NOTE) for name, _ in facts.says) + 12
    for name, value in facts.says:
        d.text(d.left, below, name, NOTE, fill=SECOND)
        below = d.text(d.left + column, below, value, NOTE, mono=True, room=room - column, step=16) + 2
    x, top = (d.left + room + 24, y) if wide else (d.left, below + 6)
    scene.eye(d, x + 14, top + 20, False, "What it never says")
    silent = top + 46
    for words in facts.silent:
        silent = d.text(x, silent, words, NOTE, room=d.right - x, step=16) + 2
    return max(below, silent) - 12
