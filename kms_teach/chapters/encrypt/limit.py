"""This is one message against the limit of Encrypt, to the byte, and AWS's answer to it."""

from dataclasses import dataclass

from kms_teach.drawing import look, scene
from kms_teach.drawing.lettering import width
from kms_teach.drawing.look import ALLOWED, CARD, DENIED, HEADING, INK, LABEL, NOTE, RULE, SECOND, SUBTITLE, WASH
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.specs import ENCRYPT_MAX, SYMMETRIC
from kms_teach.trail import Record

SHEET = "#DCE3E9"  # the plaintext sheet's fill
REACH = 1.375  # the scale ends at this many limits, whatever the message: 5,632 bytes for 4,096


@dataclass(frozen=True, slots=True)
class LimitFacts:
    """One Encrypt call and what came of it, and one GenerateDataKey call beside it. All sizes are bytes."""

    size: int  # what was sent
    spec: str
    algorithm: str
    blob: int | None  # the CiphertextBlob that came back; None: refused
    code: str = ""
    message: str = ""  # in AWS's words
    data_sent: int = 0  # of the message, to GenerateDataKey
    data_key: int = 0
    wrapped_key: int = 0

    @classmethod
    def of(cls, encrypt: Record, data_key: Record, spec: str = SYMMETRIC, algorithm: str = SYMMETRIC) -> "LimitFacts":
        """Read the facts off two records of the trail; the trail does not name the key's spec."""
        return cls(
            size=encrypt.sent.get("Plaintext", 0),
            spec=spec,
            algorithm=algorithm,
            blob=encrypt.returned.get("CiphertextBlob"),
            code=encrypt.event.get("errorCode", ""),
            message=encrypt.event.get("errorMessage", ""),
            data_sent=sum(data_key.sent.values()),
            data_key=data_key.returned["Plaintext"],
            wrapped_key=data_key.returned["CiphertextBlob"],
        )

    @property
    def limit(self) -> int:
        """The most that this spec and algorithm take."""
        return ENCRYPT_MAX[self.spec, self.algorithm]

    @property
    def title(self) -> str:
        """The message of the picture."""
        over, spare = self.size - self.limit, self.limit - self.size
        if self.size == 0:
            return "Nothing to encrypt, so KMS encrypts nothing"
        if self.blob is None:
            if over <= 0:
                return f"KMS refused {look.size(self.size)}, but not for their size"
            if over >= self.limit:
                return f"{look.size(self.size)} is {self.size // self.limit:,} times the limit: KMS encrypts nothing"
            return f"{'One byte' if over == 1 else look.size(over)} too many, and KMS encrypts nothing"
        if spare == 0:
            return f"{look.size(self.size)} fit, and not one more would"
        return f"{look.size(self.size)} fit{'s' if self.size == 1 else ''}, with {spare:,} to spare"

    @property
    def second(self) -> str:
        """What is drawn."""
        named = self.spec if self.algorithm == self.spec else f"{self.spec}, {self.algorithm}"
        return f"Encrypt with a KMS key of spec {named}, drawn to scale"

    @property
    def verdict(self) -> str:
        """What stands at the limit."""
        over = self.size - self.limit
        if over > 0:
            return "one too many" if over == 1 else f"{over:,} too many"
        if self.size == 0:
            return "there is no byte to encrypt"
        return "all of it fits" if self.blob is not None else "refused, but not for its size"

    @property
    def outcome(self) -> str:
        """What came back, in a sentence."""
        if self.blob is None:
            return f"Refused, {self.code}: {self.message or 'no message'}."
        return (
            f"Encrypted: {look.size(self.size)} went to KMS, a CiphertextBlob of {look.size(self.blob)} came back, "
            f"{self.blob - self.size:,} more."
        )

    @property
    def instead(self) -> str:
        """What works for any size, in a sentence."""
        return (
            f"What works for any size: GenerateDataKey. It was sent {look.size(self.data_sent)} of the message, gave "
            f"a data key of {look.size(self.data_key)}, and the same key encrypted, {look.size(self.wrapped_key)}; "
            "the message is encrypted with the data key on your own side."
        )


def limit(facts: LimitFacts) -> Picture:
    """Draw a message against the limit, with a lens on its last bytes, and AWS's answer."""
    alt = (
        f"{facts.second[0].upper()}{facts.second[1:]}. It takes at most {look.size(facts.limit)}. The message has "
        f"{look.size(facts.size)}: {facts.verdict}. {facts.outcome} {facts.instead}"
    )
    said = "encrypted" if facts.blob is not None else f"refused ({facts.code})"
    line = f"Limit: {facts.size:,} of {facts.limit:,} bytes with {facts.spec}, {said}"
    wide = _draw(Drawing("limit", facts.title, alt, second=facts.second), facts)
    narrow = _draw(Drawing("limit-narrow", facts.title, alt, second=facts.second, width=look.NARROW, lines=2), facts)
    return Picture(facts.title, alt, wide, narrow, facts=line)


def _draw(d: Drawing, facts: LimitFacts) -> str:
    small = d.width == look.NARROW
    axis = d.top + (46 if small else 32)
    scale = d.room / (facts.limit * REACH)
    _axis(d, facts, axis, scale)
    _bar(d, facts, axis + 10, scale, small)
    below = _lens(d, facts, d.left + facts.limit * scale, axis, small)
    below = _answer(d, facts, below + 24, small)
    d.height = _instead(d, facts, below + 36, small)
    return d.svg()


def _axis(d: Drawing, facts: LimitFacts, y: float, scale: float) -> None:
    at_limit, words = d.left + facts.limit * scale, f"limit {facts.limit:,}"
    taken = width(words, NOTE, bold=True) / 2 + 30
    d.line(d.left, y, d.right, y, stroke=SECOND, thick=1.25)
    for count in range(0, int(facts.limit * REACH), _step(facts.limit) * (2 if d.width == look.NARROW else 1)):
        x = d.left + count * scale
        if abs(x - at_limit) > taken and x < d.right - 48:
            d.line(x, y - 7, x, y, stroke=SECOND, thick=1.25)
            d.text(x, y - 13, f"{count:,}", NOTE, fill=SECOND, anchor="middle" if count else "start")
    d.line(at_limit, y - 7, at_limit, y, thick=2)
    d.text(at_limit, y - 13, words, NOTE, weight=700, anchor="middle")
    d.text(d.right, y - 13, "bytes", NOTE, fill=SECOND, anchor="end")


def _step(limit: int) -> int:
    """Give the distance of the marks on the scale: four or five up to the limit."""
    if limit % 1024 == 0:
        return limit // 4
    return next(step for step in (10, 20, 25, 50, 100, 200) if limit / step < 5)


def _bar(d: Drawing, facts: LimitFacts, y: float, scale: float, small: bool) -> None:
    end = facts.limit * REACH
    at_limit, fits = d.left + facts.limit * scale, min(facts.size, facts.limit) * scale
    over = (min(facts.size, end) - facts.limit) * scale
    if over > 3:
        d.rect(at_limit, y, over, 40, fill=DENIED.wash, stroke=DENIED.mark)
    elif over > 0:
        d.rect(at_limit, y, max(over, 1.6), 40, fill=DENIED.mark)
    if fits:
        d.rect(d.left, y, max(fits, 1.6), 40, fill=SHEET, stroke=INK)
    if facts.size > end:
        for x in (d.right - 24, d.right - 14):
            d.path("M", x - 4, y + 44, "L", x + 4, y - 4, stroke=CARD, thick=5)
        if not small:
            broken = ["the bar is broken:", f"it has {look.size(facts.size)}"]
            d.text(at_limit + 14, y + 17, broken, NOTE, fill=DENIED.text, step=15)
    d.line(at_limit, y - 10, at_limit, y + 44, thick=2)
    words = f"your message: {look.size(facts.size)}"
    inside = fits > width(words, SUBTITLE, bold=True) + 28
    if small:
        d.text(d.left, d.top + 14, words + (" (bar broken)" if facts.size > end else ""), weight=600)
    else:
        d.text(d.left + (14 if inside else fits + 12), y + 25, words, SUBTITLE, weight=600)


def _lens(d: Drawing, facts: LimitFacts, at_limit: float, axis: float, small: bool) -> float:
    before, after, cell, height = (4, 3, 48, 38) if small else (5, 5, 54, 44)
    x, y = d.left + (d.room - (before + after) * cell) / 2, axis + 106
    edge, first = x + before * cell, facts.limit - before + 1
    d.path("M", at_limit - 8, axis + 54, "L", x, y, "H", x + (before + after) * cell, "L", at_limit + 8, axis + 54, "Z",
           stroke=None, fill=WASH)  # fmt: skip
    d.rect(at_limit - 8, axis + 6, 16, 48, 3, stroke=SECOND)
    for number in reversed(range(first, first + before + after)):
        held, over = number <= facts.size, number > facts.limit
        fill, stroke, ink = (
            (CARD, RULE, SECOND) if not held else (DENIED.wash, DENIED.mark, DENIED.text) if over else (SHEET, INK, INK)
        )
        place = x + (number - first) * cell
        d.rect(place, y, cell, height, fill=fill, stroke=stroke, thick=1.75 if held and over else 1.25)
        weight = 700 if held and number == facts.limit + 1 else 400
        d.text(place + cell / 2, y + height / 2 + 5, f"{number:,}", NOTE if small else LABEL, weight=weight, fill=ink,
               anchor="middle")  # fmt: skip
    foot = y + height
    d.line(edge, y - 14, edge, foot + (8 if small else 18), thick=2.5)
    note = f"byte {facts.limit:,} is the last one KMS takes"
    if small:
        d.text(d.left, foot + 26, note)
        scene.outcome(d, d.left + 9, foot + 46, facts.blob is not None, facts.verdict, LABEL)
        return foot + 56
    d.text(edge - 8, foot + 18, note, anchor="end")
    scene.outcome(d, edge + 27, foot + 14, facts.blob is not None, facts.verdict, LABEL)
    return foot + 24


def _answer(d: Drawing, facts: LimitFacts, y: float, small: bool) -> float:
    """Draw what came back, in a place of the same height for every answer."""
    high = 146 if small else 78
    if facts.blob is None:
        scene.aws_words(d, d.left, y, d.room, facts.code, facts.message)
        return y + high
    d.rect(d.left, y, d.room, high, 8, fill=look.WHITE, stroke=ALLOWED.mark, thick=1.75)
    scene.outcome(d, d.left + 28, y + 24, True, "Encrypted")
    words = [
        f"A CiphertextBlob of {look.size(facts.blob)} came back:",
        f"{facts.size:,} of yours, and {facts.blob - facts.size:,} around them",
    ]
    d.text(d.left + 16, y + 52 - (0 if small else 2), words, step=17, room=d.room - 32)
    x, top = (d.left + 70, y + 92) if small else (d.right - 230, y + 16)
    d.use("sheet", x, top)
    d.arrow(x + 44, top + 26, x + 146, top + 26, above="Encrypt")
    d.use("cipher", x + 156, top)
    return y + high


def _instead(d: Drawing, facts: LimitFacts, y: float, small: bool) -> float:
    d.text(d.left, y, "For any size: GenerateDataKey", HEADING, weight=700)
    sent = [f"{look.size(facts.data_sent)} of your message", "went to KMS"]
    key = [f"a data key of {look.size(facts.data_key)}", "encrypts it on your side"]
    envelope = ["the same, encrypted:", f"{look.size(facts.wrapped_key)}, to keep"]
    if small:
        d.use("sheet", d.left + 12, y + 18, 0.8)
        d.text(d.left + 72, y + 34, sent, step=17)
        scene.data_key(d, d.left + 14, y + 86, 1.25)
        d.text(d.left + 72, y + 82, key, step=17)
        d.use("envelope", d.left + 2, y + 116, 0.85)
        d.text(d.left + 72, y + 130, envelope, step=17)
        return y + 168
    d.use("sheet", d.left + 4, y + 16, 0.8)
    d.text(d.left + 44, y + 32, sent, step=17)
    scene.data_key(d, d.left + 246, y + 36, 1.25)
    d.text(d.left + 290, y + 32, key, step=17)
    d.use("envelope", d.left + 470, y + 18, 0.85)
    d.text(d.left + 530, y + 32, envelope, step=17)
    return y + 74
