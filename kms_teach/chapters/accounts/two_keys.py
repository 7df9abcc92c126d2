"""This is two keys to one door: a call into another account, which both accounts must let through."""

from kms_teach.drawing import scene
from kms_teach.drawing.look import (
    ALLOWED,
    CARD,
    DENIED,
    HEADING,
    LINE,
    NARROW,
    NOTE,
    SECOND,
    WASH,
    WHITE,
    material,
    size,
)
from kms_teach.drawing.picture import Picture, table
from kms_teach.drawing.svg import Drawing
from kms_teach.inspect.cross_account import ADMITS, Attempt, TwoKeys

HEADER = ("the key's policy", "the neighbour's IAM policy", "answer", "what decided", "in the trail of")
NOT_TRIED = "not tried yet"


def two_keys(facts: TwoKeys, *, lines: int = 1) -> Picture:
    """Draw the last call at its two gates, and what was tried. `lines` as in Drawing: for a title that changes."""
    last, tried = facts.last, facts.tried
    title, second = (
        _title(facts),
        f"{last.who} of account {last.account} calls {last.operation} on a key of account {facts.owner}",
    )
    told = " ".join(_sentence(found) for found in tried)
    alt = f"{second}. {_sentence(last)} {'Tried so far: ' + told if len(tried) > 1 else ''}".strip()
    wide = _wide(Drawing("two-keys", title, alt, second=second, lines=lines), facts)
    narrow = _narrow(Drawing("two-keys-narrow", title, alt, second=second, width=NARROW, lines=lines), facts)
    rows = [
        (found.key_policy, found.iam_policy, found.code or "allowed", found.why, " and ".join(found.logged))
        for found in tried
    ]  # fmt: skip
    line = "; ".join(f"{found.admits} + {'IAM' if found.iam else 'no IAM'}: {found.outcome}" for found in tried)
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


def _wide(d: Drawing, facts: TwoKeys) -> str:
    last, y = facts.last, d.top + 20
    high, w = 190, 304
    scene.account(d, d.left, y, w, high, f"account {last.account}")
    scene.account(d, d.right - w, y, w, high, f"account {facts.owner}")
    way = y + 74
    _caller(d, last, d.left + 18, way - 24)
    scene.tagged_card(d, d.right - 142, way - 36, 124, 74, "KMS key")
    scene.plate(d, d.right - 110, way - 16, 60, 44)
    d.use("key", d.right - 88, way + 6, 1.1, fill=material(1).fill)
    gates = ((d.left + w, last.iam), (d.right - w, last.admits != "nobody"))
    _path(d, d.left + 124, d.right - 154, way, gates)
    _side(d, d.left + 20, y, f"{last.who}'s IAM policy", last.iam, last.iam_policy)
    _side(d, d.right - w + 20, y, "the key's policy", last.admits != "nobody", last.key_policy)
    y = _table(d, facts, y + high + 30)
    return _answer(d, last, y + 8)


def _narrow(d: Drawing, facts: TwoKeys) -> str:
    last, y = facts.last, d.top + 18
    x = d.left + 250
    scene.account(d, d.left, y, d.room, 116, f"account {last.account}")
    _caller(d, last, d.left + 200, y + 20)
    d.text(d.left + 18, y + 44, f"{last.who}'s IAM policy", weight=700)
    scene.outcome(d, d.left + 28, y + 66, last.iam, last.iam_policy, 13)
    below = y + 152
    scene.account(d, d.left, below, d.room, 196, f"account {facts.owner}")
    d.text(d.left + 18, below + 44, "the key's policy", weight=700)
    scene.outcome(d, d.left + 28, below + 66, last.admits != "nobody", last.key_policy, 13)
    scene.tagged_card(d, x - 62, below + 110, 124, 70, "KMS key")
    scene.plate(d, x - 30, below + 128, 60, 44)
    d.use("key", x - 8, below + 150, 1.1, fill=material(1).fill)
    _path_down(d, x, y + 78, below + 88, ((y + 116, last.iam), (below, last.admits != "nobody")))
    y = _stacked(d, facts, below + 226)
    return _answer(d, last, y + 8)


def _side(d: Drawing, x: float, y: float, name: str, opens: bool, words: str) -> None:
    d.text(x, y + 138, name, weight=700)
    scene.outcome(d, x + 9, y + 162, opens, words, 13)


def _caller(d: Drawing, last: Attempt, x: float, y: float) -> None:
    scene.laptop(d, x + 10, y, 84, 46, "")
    d.text(x + 52, y + 28, last.who, HEADING, weight=700, anchor="middle")


def _path(d: Drawing, start: float, end: float, y: float, gates: tuple[tuple[float, bool], ...]) -> None:
    """The call's way through the gates, as far as it comes."""
    shut = next((x for x, opens in gates if not opens), None)
    for x, opens in gates:
        _gate(d, x, y, opens, upright=True)
    d.path("M", start, y, "L", end if shut is None else shut - 16, y, thick=2.5, head="arrow-ink")


def _path_down(d: Drawing, x: float, top: float, end: float, gates: tuple[tuple[float, bool], ...]) -> None:
    shut = next((y for y, opens in gates if not opens), None)
    for y, opens in gates:
        _gate(d, x, y, opens, upright=False)
    d.path("M", x, top, "L", x, end if shut is None else shut - 16, thick=2.5, head="arrow-ink")


def _gate(d: Drawing, x: float, y: float, opens: bool, *, upright: bool) -> None:
    """A gap in an account's frame: two posts, and a bar across it when it is shut."""
    tone = ALLOWED if opens else DENIED
    span, post = 24, 9
    if upright:
        d.rect(x - 5, y - span, 10, 2 * span, fill=CARD)
        for edge in (y - span, y + span):
            d.rect(x - 7, edge - 3, 14, 6, 2, fill=tone.text)
        if not opens:
            d.rect(x - 4, y - span, 8, 2 * span, 2, fill=tone.mark)
            d.use("denied", x, y, 1.2)
        else:
            d.use("allowed", x, y - span - post - 6)
    else:
        d.rect(x - span, y - 5, 2 * span, 10, fill=CARD)
        for edge in (x - span, x + span):
            d.rect(edge - 3, y - 7, 6, 14, 2, fill=tone.text)
        if not opens:
            d.rect(x - span, y - 4, 2 * span, 8, 2, fill=tone.mark)
            d.use("denied", x, y, 1.2)
        else:
            d.use("allowed", x + span + post + 6, y)


def _table(d: Drawing, facts: TwoKeys, y: float) -> float:
    """What was tried: a row for each thing the key's policy can say, a column for each of IAM."""
    first, w = d.left + 250, 218
    d.text(first + w / 2, y, "IAM policy is silent", weight=700, anchor="middle")
    d.text(first + w * 1.5 + 18, y, "IAM policy allows it", weight=700, anchor="middle")
    y += 14
    for admits, words in ADMITS.items():
        d.text(d.left, y + 27, f"Key policy {words.format(facts.last.who)}", weight=700, room=236, step=16)
        for at, iam in enumerate((False, True)):
            _cell(d, facts, facts.newest(admits, iam=iam), first + at * (w + 18), y, w)
        y += 52
    return y


def _stacked(d: Drawing, facts: TwoKeys, y: float) -> float:
    w = (d.room - 12) / 2
    for admits, words in ADMITS.items():
        y = d.text(d.left, y, f"Key policy {words.format(facts.last.who)}", weight=700, room=d.room, step=17)
        for at, iam in enumerate((False, True)):
            x = d.left + at * (w + 12)
            d.text(x, y + 2, "IAM allows it" if iam else "IAM is silent", NOTE, fill=SECOND)
            _cell(d, facts, facts.newest(admits, iam=iam), x, y + 10, w)
        y += 78
    return y - 10


def _cell(d: Drawing, facts: TwoKeys, found: Attempt | None, x: float, y: float, w: float) -> None:
    """One combination: its answer, set off when it is the last one tried."""
    here = found is not None and found is facts.last
    tone = None if found is None else ALLOWED if found.allowed else DENIED
    d.rect(x, y, w, 42, 8, fill=tone.wash if here and tone else WHITE if tone else WASH,
           stroke=tone.mark if here and tone else LINE, thick=2 if here else 1)  # fmt: skip
    if found is None:
        d.text(x + w / 2, y + 26, NOT_TRIED, NOTE, fill=SECOND, anchor="middle")
    else:
        scene.outcome(d, x + 22, y + 21, found.allowed, "opens" if found.allowed else "denied")


def _answer(d: Drawing, last: Attempt, y: float) -> str:
    """What came back, in a place of the same height for every answer, and whose trail tells of it; ends the drawing."""
    high = 94 if d.width > NARROW else 178
    if last.allowed:
        d.rect(d.left, y, d.room, high, 8, fill=WHITE, stroke=ALLOWED.mark, thick=1.75)
        scene.outcome(d, d.left + 28, y + 24, True)
        back = "; ".join(f"{member}, {size(count)}" for member, count in last.returned) or "an answer without bytes"
        said = [f"Came back: {back}.", f"Account {last.account} called, so it pays for the request."]
        d.text(d.left + 16, y + 54, said, room=d.room - 32, step=18)
    else:
        scene.aws_words(d, d.left, y, d.room, last.code, last.message, "Denied")
    trail = f"The call stands in the trail of account {' and of account '.join(last.logged)}."
    d.use("sees", d.left + 14, y + high + 22)
    d.height = d.text(d.left + 38, y + high + 26.5, trail, room=d.room - 38, step=17) + 4
    return d.svg()
