"""One message against the limit of Encrypt, to the byte, and AWS's answer to it."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from kms_teach.chapters.encrypt.ruler import Lens, Ruler
from kms_teach.drawing import look, scene
from kms_teach.drawing.answers import framed, outcome, refusal
from kms_teach.drawing.layout import Box, Column, Gap, Middle, Part, Row, Text, render, sketch
from kms_teach.drawing.look import ALLOWED, HEADING, LABEL, NOTE
from kms_teach.drawing.marks import EXTENTS
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.keys.specs import ENCRYPT_MAX, SYMMETRIC
from kms_teach.trail import Record

REACH = 5632  # bytes: the scale's end, whatever the message, and for every limit
LENSES = {
    look.WIDE: Lens(before=5, after=5, cell=54, high=44, size=LABEL, line=18),
    look.LAB: Lens(before=4, after=4, cell=54, high=36, size=LABEL, line=14, away=34),
    look.NARROW: Lens(before=4, after=3, cell=48, high=38, size=NOTE, line=8),
}
ANSWER = {look.WIDE: 84, look.LAB: 94, look.NARROW: 146}  # px of height, for every answer
INSTEAD = {look.WIDE: 43, look.LAB: 42, look.NARROW: 152}  # and for what to do instead


class LimitFacts(Struct, frozen=True):
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
    no_data_key: str = ""  # the error's code, when the key gives no data key

    @classmethod
    def of(cls, encrypt: Record, data_key: Record, spec: str = SYMMETRIC, algorithm: str = SYMMETRIC) -> "LimitFacts":
        """Read the facts off two records of the trail; the trail does not name the key's spec."""
        return cls(
            size=encrypt.sent.get("Plaintext", 0),
            spec=spec,
            algorithm=algorithm,
            blob=encrypt.returned.get("CiphertextBlob"),
            code=encrypt.error,
            message=encrypt.event.get("errorMessage", ""),
            data_sent=sum(data_key.sent.values()),
            data_key=data_key.returned.get("Plaintext", 0),
            wrapped_key=data_key.returned.get("CiphertextBlob", 0),
            no_data_key=data_key.error,
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
        return f"Encrypt with a key of spec {self.named}; to scale"

    @property
    def named(self) -> str:
        """Spec and algorithm, once when they are the same."""
        return self.spec if self.algorithm == self.spec else f"{self.spec}, {self.algorithm}"

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
        if self.no_data_key:
            return (
                f"GenerateDataKey with this key: refused, {self.no_data_key}. What works for any size is a data key, "
                f"and only a key of spec {SYMMETRIC} gives one."
            )
        return (
            f"What works for any size: GenerateDataKey. It was sent {look.size(self.data_sent)} of the message, gave "
            f"a data key of {look.size(self.data_key)}, and the same key encrypted, {look.size(self.wrapped_key)}; "
            "the message is encrypted with the data key on your own side."
        )


def limit(facts: LimitFacts, *, canvas: int = look.WIDE) -> Picture:
    """Draw a message against the limit, with a lens on its last bytes, and AWS's answer."""
    alt = (
        f"{facts.second[0].upper()}{facts.second[1:]}. It takes at most {look.size(facts.limit)}. The message has "
        f"{look.size(facts.size)}: {facts.verdict}. {facts.outcome} {facts.instead}"
    )
    ending = "encrypted" if facts.blob is not None else f"refused ({facts.code})"
    line = f"Limit: {facts.size:,} of {facts.limit:,} bytes with {facts.spec}, {ending}"
    drawings = [
        Drawing(name, facts.title, alt, second=facts.second, width=width, lines=1 if width == look.WIDE else 2)
        for name, width in (("limit", canvas), ("limit-narrow", look.NARROW))
    ]
    svg, small = (render(drawing, _laid(facts, drawing.width)) for drawing in drawings)
    return Picture(facts.title, alt, svg, small, facts=line)


def _laid(facts: LimitFacts, canvas: int) -> Column:
    return Column(
        [Column(_held(facts, canvas), 4), _answer(facts, canvas), _instead(facts, canvas)],
        gap=12 if canvas == look.LAB else 16,
    )


def _held(facts: LimitFacts, canvas: int) -> list[Part]:
    """The message held against the limit, and what stands there."""
    size = look.size(facts.size)
    message, last = f"your message: {size}", f"byte {facts.limit:,} is the last that fits"
    verdict = outcome(facts.blob is not None, facts.verdict, LABEL)
    if canvas != look.NARROW:
        broken = ("the bar is broken:", f"it has {size}")
        ruler = Ruler(facts.size, facts.limit, REACH, LENSES[canvas], words=message, broken=broken)
        # The limit's line ends between them, for the lens shows as many bytes before it as after it.
        return [ruler, Row([Text(last, anchor="end", leading=20), verdict], gap=24)]
    ruler = Ruler(facts.size, facts.limit, REACH, LENSES[canvas], every=2)
    message += " (bar broken)" if facts.size > REACH else ""
    return [Text(message, weight=600), ruler, Gap(4), Text(last), verdict]


def _answer(facts: LimitFacts, canvas: int) -> Box:
    """What came back, in a place of the same height for every answer."""
    least, wide = ANSWER[canvas], canvas != look.NARROW
    if facts.blob is None:
        return refusal(facts.code, facts.message, least=least)
    words = [
        f"A CiphertextBlob of {look.size(facts.blob)} came back:",
        f"{facts.size:,} of yours, and {facts.blob - facts.size:,} around them",
    ]
    told = Column([outcome(True, "Encrypted"), Text(words, leading=17)], gap=4)
    drawn = sketch(scene.OPERATION.height, partial(scene.operation, name="Encrypt", taken="sheet", given="cipher"))
    beside = Row([told, Middle(drawn)], [None, scene.OPERATION.width]) if wide else Column([told, drawn], gap=12)
    return framed(beside, ALLOWED, least=least)


def _instead(facts: LimitFacts, canvas: int) -> Column:
    """What works for any size, or that this key gives no data key, in the same room."""
    heading = Text("For any size: GenerateDataKey", HEADING, 700)
    if facts.no_data_key:
        refused = outcome(False, f"with this key: {facts.no_data_key}", LABEL)
        other = f"Only a key of spec {SYMMETRIC} gives a data key."
        return Column([heading, Box(Column([refused, Text(other)], gap=4), 0, 0, 0, least=INSTEAD[canvas])], gap=12)
    wide = canvas != look.NARROW
    sent, key, wrapped = map(look.size, (facts.data_sent, facts.data_key, facts.wrapped_key))
    words = [
        [f"{sent} of your message", "went to KMS"],
        [f"a data key of {key}", "encrypts it on your side"],
        ["the same, encrypted:", f"{wrapped}, to keep"],
    ]
    if canvas == look.LAB:
        words = [[f"{sent} of it", "went to KMS"], ["a data key", key], ["encrypted", wrapped]]
    marks = (("sheet", 0.8), ("data-key", 1.25), ("envelope", 0.85))
    items = [_item(name, scale, said, wide=wide) for (name, scale), said in zip(marks, words, strict=True)]
    shown = Row(items, gap=12) if wide else Column(items, gap=12)
    return Column([heading, Box(shown, 0, 0, 0, least=INSTEAD[canvas])], gap=12)


def _item(name: str, scale: float, words: Sequence[str], *, wide: bool) -> Row:
    room = EXTENTS["key" if name == "data-key" else name]
    drawn = sketch(room.height * scale, partial(scene.centred, mark=name, scale=scale))
    across = room.width * scale if wide else EXTENTS["envelope"].width
    return Row([Middle(drawn), Middle(Text(words))], [across, None], gap=12)
